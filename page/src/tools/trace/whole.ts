/** What is done to a curve as a whole: turned round, closed, opened again. Pure. */

import { reversed } from "../../core/ties";
import { isCurve, seen } from "../../core/types";
import type { Curve, Node, Pt } from "../../core/types";
import { finished, unfinished } from "../base";
import type { Edited, Work } from "../base";

/** Whether a curve ends where it begins. */
export function isClosed(nodes: readonly Pt[]): boolean {
  const first = nodes[0];
  const last = nodes.at(-1);
  return nodes.length > 3 && first !== undefined && last !== undefined && first.x === last.x && first.y === last.y;
}

/** The nodes with one elsewhere; a closed curve's two ends go together. */
export function moved(nodes: readonly Node[], i: number, at: Pt): Node[] {
  const ends = [0, nodes.length - 1];
  const both = isClosed(nodes) && ends.includes(i);
  return nodes.map((n, k) => (k === i || (both && ends.includes(k)) ? { ...n, x: at.x, y: at.y } : n));
}

/** The curve in hand: the one being drawn, the chosen one, else the last. */
function inHand(work: Work): { readonly curves: Curve[]; readonly i: number } {
  const curves = work.label.instances.filter(isCurve);
  return { curves, i: work.hand.drawing ?? work.hand.chosen?.instance ?? curves.length - 1 };
}

/** Turn a finished curve round: its first node is its last; each step stays with its segment. */
export function reverse(work: Work): Edited {
  const { curves, i } = inHand(work);
  const curve = curves[i];
  if (!curve || work.hand.drawing === i) return unfinished(work, work.label, {});
  const { chosen } = work.hand;
  const mirrored = chosen && chosen.instance === i ? { ...chosen, node: curve.nodes.length - 1 - chosen.node } : chosen;
  const label = seen(curves.with(i, { ...curve, nodes: reversed(curve.nodes) }));
  return finished(work, "reverse", label, { chosen: mirrored });
}

/** Lead a curve back to its first node and end it; open one that is closed. Ends that are landmarks stay open. */
export function close(work: Work, fewest: number, areEndsTied: boolean, isLast: boolean): Edited {
  const { curves, i } = inHand(work);
  const curve = curves[i];
  const first = curve?.nodes[0];
  if (!curve || !first || areEndsTied) return unfinished(work, work.label, {});
  if (isClosed(curve.nodes)) {
    const label = seen(curves.with(i, { ...curve, nodes: curve.nodes.slice(0, -1) }));
    return finished(work, "open-curve", label, { chosen: null, armed: false });
  }
  if (curve.nodes.length < Math.max(3, fewest)) return unfinished(work, work.label, {});
  const nodes = [...curve.nodes, { x: first.x, y: first.y }];
  const wasDrawing = work.hand.drawing === i;
  const label = seen(curves.with(i, { ...curve, nodes }));
  return finished(work, "close-curve", label, { drawing: null, chosen: null, armed: false }, wasDrawing && isLast);
}
