/**
 * A mask as it is drawn: closed polygons and one that is still open. Pure; every act gives a new sketch, so the
 * screen can keep the former ones for undo. Places are px of the frame.
 */

import { distance, nearestOnSegment } from "./geometry";
import type { Pt } from "./types";

/** Which corner is chosen: of a closed polygon, or of the open one (`polygon` -1). */
export interface Choice {
  readonly polygon: number;
  readonly corner: number;
}

export interface Sketch {
  readonly closed: readonly (readonly Pt[])[];
  readonly open: readonly Pt[];
  readonly chosen: Choice | null;
}

export const EMPTY: Sketch = { closed: [], open: [], chosen: null };
export const OPEN = -1;
/** As the server says it: less than this share of the frame is a slip of the hand. */
const SMALLEST_SHARE = 0.005;
const MOST_POLYGONS = 20;
const MOST_CORNERS = 200;

export function sketchOf(polygons: readonly (readonly (readonly number[])[])[]): Sketch {
  return { closed: polygons.map((p) => p.map(([x = 0, y = 0]) => ({ x, y }))), open: [], chosen: null };
}

function cornersOf(sketch: Sketch, polygon: number): readonly Pt[] {
  return polygon === OPEN ? sketch.open : (sketch.closed[polygon] ?? []);
}

function withCorners(sketch: Sketch, polygon: number, corners: readonly Pt[]): Sketch {
  if (polygon === OPEN) return { ...sketch, open: corners };
  return { ...sketch, closed: sketch.closed.map((old, i) => (i === polygon ? corners : old)) };
}

export function addCorner(sketch: Sketch, at: Pt): Sketch {
  return { ...sketch, open: [...sketch.open, at], chosen: { polygon: OPEN, corner: sketch.open.length } };
}

/** Close the open polygon; one of under three corners stays open. */
export function close(sketch: Sketch): Sketch {
  if (sketch.open.length < 3) return sketch;
  return { closed: [...sketch.closed, sketch.open], open: [], chosen: null };
}

export function move(sketch: Sketch, which: Choice, to: Pt): Sketch {
  const corners = cornersOf(sketch, which.polygon).map((old, i) => (i === which.corner ? to : old));
  return { ...withCorners(sketch, which.polygon, corners), chosen: which };
}

/** Take the chosen corner away, else the last one of the open polygon; a polygon left with two is gone. */
export function remove(sketch: Sketch): Sketch {
  const which = sketch.chosen ?? { polygon: OPEN, corner: sketch.open.length - 1 };
  const left = cornersOf(sketch, which.polygon).filter((_, i) => i !== which.corner);
  if (which.polygon !== OPEN && left.length < 3) {
    return { ...sketch, closed: sketch.closed.filter((_, i) => i !== which.polygon), chosen: null };
  }
  return { ...withCorners(sketch, which.polygon, left), chosen: null };
}

/** The corner nearest to a place, when one is within reach. */
export function cornerAt(sketch: Sketch, at: Pt, reach: number): Choice | null {
  let best: Choice | null = null;
  let near = reach;
  const look = (corners: readonly Pt[], polygon: number): void =>
    corners.forEach((corner, i) => {
      const far = distance(corner, at);
      if (far <= near) [near, best] = [far, { polygon, corner: i }];
    });
  sketch.closed.forEach(look);
  look(sketch.open, OPEN);
  return best;
}

/** Put a corner into the edge of a closed polygon that passes within reach; the same sketch when none does. */
export function insertAt(sketch: Sketch, at: Pt, reach: number): Sketch {
  for (const [polygon, corners] of sketch.closed.entries()) {
    for (const [i, a] of corners.entries()) {
      const b = corners[(i + 1) % corners.length] as Pt;
      if (distance(nearestOnSegment(a, b, at).at, at) > reach) continue;
      const more = [...corners.slice(0, i + 1), at, ...corners.slice(i + 1)];
      return { ...withCorners(sketch, polygon, more), chosen: { polygon, corner: i + 1 } };
    }
  }
  return sketch;
}

/** Choose the next corner, through all polygons and round again. */
export function choose(sketch: Sketch, by: 1 | -1): Sketch {
  const all = [
    ...sketch.closed.flatMap((corners, polygon) => corners.map((_, corner) => ({ polygon, corner }))),
    ...sketch.open.map((_, corner) => ({ polygon: OPEN, corner })),
  ];
  if (all.length === 0) return sketch;
  const now = all.findIndex((c) => c.polygon === sketch.chosen?.polygon && c.corner === sketch.chosen.corner);
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : (now + by + all.length) % all.length;
  return { ...sketch, chosen: all[next] ?? null };
}

/** Where the chosen corner is. */
export function chosenPlace(sketch: Sketch): Pt | null {
  return sketch.chosen ? (cornersOf(sketch, sketch.chosen.polygon)[sketch.chosen.corner] ?? null) : null;
}

export function area(corners: readonly Pt[]): number {
  const twice = corners.reduce((sum, a, i) => {
    const b = corners[(i + 1) % corners.length] as Pt;
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** What is wrong with a sketch as a mask; empty when it can be applied. An open polygon counts as closed. */
export function problemOf(sketch: Sketch, frame: { readonly width: number; readonly height: number }): string {
  const polygons = close(sketch);
  if (polygons.open.length > 0) return "The polygon needs three corners or more.";
  if (polygons.closed.length === 0) return "Draw what is to be kept.";
  if (polygons.closed.length > MOST_POLYGONS) return `At most ${MOST_POLYGONS} polygons.`;
  if (polygons.closed.some((p) => p.length > MOST_CORNERS)) return `At most ${MOST_CORNERS} corners a polygon.`;
  const least = SMALLEST_SHARE * frame.width * frame.height;
  return polygons.closed.some((p) => area(p) < least) ? "A polygon encloses next to nothing: move its corners or take it away." : "";
}

/** The polygons for the server. */
export function toWire(sketch: Sketch): [number, number][][] {
  return close(sketch).closed.map((corners) => corners.map(({ x, y }): [number, number] => [x, y]));
}

export function inside(at: Pt, frame: { readonly width: number; readonly height: number }): Pt {
  const held = (v: number, n: number): number => Math.min(n - 1, Math.max(0, v));
  return { x: held(at.x, frame.width), y: held(at.y, frame.height) };
}
