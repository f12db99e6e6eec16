/** Distances and places on polylines; pure. */

import type { Stroke } from "./spline";
import type { Pt } from "./types";

export function distance(a: Pt, b: Pt): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function middle(a: Pt, b: Pt): Pt {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Where on a drawn curve a point is nearest to: the place, the node before it, and how far along that segment. */
export interface Place {
  readonly at: Pt;
  readonly distance: number;
  readonly node: number;
  /** 0 at the node before, 1 at the node behind. */
  readonly share: number;
}

/** The nearest place on a segment, and how far along it (0..1). */
export function nearestOnSegment(a: Pt, b: Pt, p: Pt): { at: Pt; t: number } {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  const raw = square === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
  const t = Math.min(1, Math.max(0, raw));
  return { at: { x: a.x + t * dx, y: a.y + t * dy }, t };
}

/** The nearest place on a rendered curve; null when it has no line yet. */
export function nearestPlace(strokes: readonly Stroke[], p: Pt): Place | null {
  let best: Place | null = null;
  for (const stroke of strokes) {
    for (let i = 1; i < stroke.points.length; i++) {
      const { at, t } = nearestOnSegment(stroke.points[i - 1] as Pt, stroke.points[i] as Pt, p);
      const far = distance(at, p);
      if (best && far >= best.distance) continue;
      const node = stroke.from[i] as number;
      best = { at, distance: far, node, share: shareOf(stroke, i, t, node) };
    }
  }
  return best;
}

function shareOf(stroke: Stroke, i: number, t: number, node: number): number {
  const first = stroke.from.indexOf(node, 1);
  const last = stroke.from.lastIndexOf(node);
  return (i - first + t) / (last - first + 1);
}

/** Unit normal of a polyline of nodes at index i, from its neighbours; horizontal for a single node. */
export function normalAt(nodes: readonly Pt[], i: number): Pt {
  const a = nodes[Math.max(0, i - 1)] as Pt;
  const b = nodes[Math.min(nodes.length - 1, i + 1)] as Pt;
  const far = distance(a, b);
  return far === 0 ? { x: 1, y: 0 } : { x: -(b.y - a.y) / far, y: (b.x - a.x) / far };
}

/** Length of a polyline. */
export function lengthOf(points: readonly Pt[]): number {
  return points.slice(1).reduce((sum, p, i) => sum + distance(p, points[i] as Pt), 0);
}

/** An SVG path through points. */
export function pathData(points: readonly Pt[], close = false): string {
  if (points.length === 0) return "";
  const body = points.map((p) => `${p.x.toFixed(2)} ${p.y.toFixed(2)}`).join("L");
  return `M${body}${close ? "Z" : ""}`;
}
