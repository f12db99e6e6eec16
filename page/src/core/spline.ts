/**
 * Curves through clicked nodes: the same formula and the same steps as `unisono.labels.spline`.
 * `tests/reference/spline_vectors.json` pins both to 1e-6 px.
 *
 * Source: C. de Boor, A Practical Guide to Splines (1978), chapter IV, natural end conditions.
 */

import type { Node, Pt, SplineKind } from "./types";

/** Straight steps that render one spline segment; the server uses the same number. */
export const STEPS = 32;
/** Neighbouring nodes closer than this count once: a zero chord has no spline. */
const SAME_NODE_PX = 1e-9;

/** One stroke: dense points, and for each the node (index into the curve's nodes) whose segment led to it. */
export interface Stroke {
  readonly points: readonly Pt[];
  readonly from: readonly number[];
}

interface Kept extends Node {
  readonly index: number;
}

/** The curve as dense polylines, one a stroke; a gap starts a new stroke, which may be a single node. */
export function render(nodes: readonly Node[], kind: SplineKind): Stroke[] {
  const kept = withoutRepeats(nodes);
  const strokes: Stroke[] = [];
  let start = 0;
  kept.forEach((node, i) => {
    if (i === kept.length - 1 || node.step === "gap") {
      strokes.push(stroke(kept.slice(start, i + 1), kind));
      start = i + 1;
    }
  });
  return strokes;
}

/** `n` points at equal arc length along the drawn curve, gaps left out. */
export function sample(nodes: readonly Node[], kind: SplineKind, n: number): Pt[] {
  const whole = kind === "polyline" && nodes.length === n && !nodes.slice(0, -1).some((v) => v.step === "gap");
  if (whole) return nodes.map(({ x, y }) => ({ x, y }));
  return resample(
    render(nodes, kind).map((s) => s.points),
    n,
  );
}

/** `n` points at equal arc length along polylines; the jumps between them have no length. */
export function resample(strokes: readonly (readonly Pt[])[], n: number): Pt[] {
  if (n < 2) throw new RangeError(`a curve is sampled at 2 points or more; got ${n}`);
  const points: Pt[] = [];
  const along: number[] = [];
  for (const stroke of strokes) {
    stroke.forEach((p, i) => {
      const before = along.at(-1) ?? 0;
      const previous = stroke[i - 1];
      along.push(previous ? before + Math.hypot(p.x - previous.x, p.y - previous.y) : before);
      points.push(p);
    });
  }
  const total = along.at(-1) ?? 0;
  return Array.from({ length: n }, (_, i) => at(points, along, i === n - 1 ? total : (total * i) / (n - 1)));
}

function at(points: readonly Pt[], along: readonly number[], wanted: number): Pt {
  let low = 0;
  let high = along.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((along[middle] as number) <= wanted) low = middle;
    else high = middle - 1;
  }
  const a = points[low] as Pt;
  const b = points[low + 1];
  const width = b ? (along[low + 1] as number) - (along[low] as number) : 0;
  if (!b || width === 0) return { x: a.x, y: a.y };
  const t = (wanted - (along[low] as number)) / width;
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

function withoutRepeats(nodes: readonly Node[]): Kept[] {
  return nodes
    .map((node, index) => ({ ...node, index }))
    .filter((node, i) => {
      const next = nodes[i + 1];
      return !next || Math.hypot(next.x - node.x, next.y - node.y) > SAME_NODE_PX; // of a repeat the last stays
    });
}

function stroke(nodes: readonly Kept[], kind: SplineKind): Stroke {
  const points: Pt[] = [];
  const from: number[] = [];
  const add = (part: readonly Pt[], first: number, perSegment: number): void => {
    part.forEach((p, i) => {
      points.push(p);
      from.push((nodes[first + Math.floor(i / perSegment)] as Kept).index);
    });
  };
  const first = nodes[0] as Kept;
  add([{ x: first.x, y: first.y }], 0, 1);
  const bent = (start: number, end: number): void => {
    const piece = nodes.slice(start, end + 1);
    add(bend(piece, kind), start, piece.length < 3 ? 1 : STEPS);
  };
  let start = 0;
  for (let i = 0; i < nodes.length - 1; i++) {
    if ((nodes[i] as Kept).step === "straight" || kind === "polyline") {
      bent(start, i);
      const next = nodes[i + 1] as Kept;
      add([{ x: next.x, y: next.y }], i, 1);
      start = i + 1;
    }
  }
  bent(start, nodes.length - 1);
  return { points, from };
}

/** The points of one piece behind its first node: a natural spline, or a line for two nodes. */
function bend(nodes: readonly Pt[], kind: SplineKind): Pt[] {
  if (nodes.length < 3) return nodes.slice(1).map(({ x, y }) => ({ x, y }));
  const xs = nodes.map((p) => p.x);
  const ys = nodes.map((p) => p.y);
  const width = nodes
    .slice(1)
    .map((p, i) => (kind === "natural-cubic/uniform" ? 1 : Math.hypot(p.x - (xs[i] as number), p.y - (ys[i] as number))));
  const mx = secondDerivatives(xs, width);
  const my = secondDerivatives(ys, width);
  const out: Pt[] = [];
  width.forEach((h, i) => {
    for (let k = 1; k <= STEPS; k++) {
      const b = k / STEPS;
      const a = 1 - b;
      const ca = ((a ** 3 - a) * h * h) / 6;
      const cb = ((b ** 3 - b) * h * h) / 6;
      const mixed = (v: readonly number[], m: readonly number[]): number =>
        a * (v[i] as number) + b * (v[i + 1] as number) + ca * (m[i] as number) + cb * (m[i + 1] as number);
      out.push({ x: mixed(xs, mx), y: mixed(ys, my) });
    }
  });
  return out;
}

/** Solve the natural spline's tridiagonal system by Thomas' sweep. */
function secondDerivatives(values: readonly number[], width: readonly number[]): number[] {
  const n = values.length;
  const w = (i: number): number => width[i] as number;
  const slope = width.map((h, i) => ((values[i + 1] as number) - (values[i] as number)) / h);
  const diagonal = Array.from({ length: n - 2 }, (_, i) => 2 * (w(i) + w(i + 1)));
  const right = Array.from({ length: n - 2 }, (_, i) => 6 * ((slope[i + 1] as number) - (slope[i] as number)));
  for (let i = 1; i < n - 2; i++) {
    const factor = w(i) / (diagonal[i - 1] as number);
    diagonal[i] = (diagonal[i] as number) - factor * w(i);
    right[i] = (right[i] as number) - factor * (right[i - 1] as number);
  }
  const out = new Array<number>(n).fill(0);
  for (let i = n - 3; i >= 0; i--) {
    const known = i < n - 3 ? w(i + 1) * (out[i + 2] as number) : 0;
    out[i + 1] = ((right[i] as number) - known) / (diagonal[i] as number);
  }
  return out;
}
