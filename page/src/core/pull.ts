/** Pulling a freehand trace: what lies near the grip goes with the pointer, less the farther it is; pure. */

import { distance } from "./geometry";
import type { Pt } from "./types";

/** How far a pull reaches, in slops of the pointer. */
const PULL_SLOPS = 12;

interface Pull {
  readonly from: Pt;
  readonly start: Pt;
  readonly slop: number;
}

/** The points after a pull to `at`; named ones stay. */
export function pulled<P extends Pt & { readonly key?: string }>(points: readonly P[], grip: Pull, at: Pt): P[] {
  const by = { x: at.x - grip.from.x, y: at.y - grip.from.y };
  const reach = Math.max(1, grip.slop * PULL_SLOPS);
  return points.map((p) => {
    const far = distance(p, grip.start);
    if (far >= reach || p.key !== undefined) return p;
    const share = (1 + Math.cos((Math.PI * far) / reach)) / 2;
    return { ...p, x: p.x + by.x * share, y: p.y + by.y * share };
  });
}
