/** Closed outlines: the ring, whether it crosses itself, and a thinner line for the screen; pure. */

import { distance } from "./geometry";
import type { Pt } from "./types";

/** Neighbouring points of a trace nearer than this are not drawn both, px of the frame. */
const THIN_PX = 1;

/** The corners with the first one again at the end. */
export function ring<P extends Pt>(corners: readonly P[]): readonly P[] {
  const first = corners[0];
  return first && corners.length > 2 ? [...corners, first] : corners;
}

/** Fewer points of a long trace, for drawing only; its ends stay, and no point left out is farther than `step_px`. */
export function thinned(points: readonly Pt[], step_px = THIN_PX): readonly Pt[] {
  const kept: Pt[] = [];
  points.forEach((p, i) => {
    const last = kept.at(-1);
    if (!last || i === points.length - 1 || distance(last, p) >= step_px) kept.push(p);
  });
  return kept;
}

/** Whether two sides of a closed outline that are no neighbours cross. */
export function crossesItself(corners: readonly Pt[]): boolean {
  const n = corners.length;
  const side = (i: number): readonly [Pt, Pt] => [corners[i] as Pt, corners[(i + 1) % n] as Pt];
  for (let i = 0; i < n; i++) {
    for (let k = i + 2; k < n; k++) {
      const areNeighbours = i === 0 && k === n - 1;
      if (!areNeighbours && cross(side(i), side(k))) return true;
    }
  }
  return false;
}

function cross([a, b]: readonly [Pt, Pt], [c, d]: readonly [Pt, Pt]): boolean {
  const turn = (p: Pt, q: Pt, r: Pt): number => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}
