/**
 * Ties of curves that come once a beat: each envelope's first node, peak and last node are points of the same beat.
 * Which point belongs to which node is told by their place: tied ones lie exactly on one another. Pure.
 */

import { isCurve, isPoint, labelOf, seen } from "./types";
import type { Curve, Labels, Node, Pt, Question } from "./types";

export interface BeatTies {
  readonly start?: string;
  readonly middle?: string;
  readonly end?: string;
}

/** A point that was set before its envelope is taken up when it lies within the envelope's time, and this share beyond. */
const BEYOND_SHARE = 0.25;

/** Name the nodes of every envelope that has no names yet; points that are missing are set from it. */
export function tieUpBeats(labels: Labels, question: Question, ties: BeatTies): Labels {
  return curvesOf(labels, question.key).reduce((out, curve, k) => {
    const isTied = curve.nodes.some((n) => n.key !== undefined);
    return isTied || curve.nodes.length < 2 ? out : tieUpOne(out, question.key, k, curve, ties);
  }, labels);
}

function tieUpOne(labels: Labels, key: string, k: number, curve: Curve, ties: BeatTies): Labels {
  const places: [number, string | undefined][] = [
    [0, ties.start],
    [curve.nodes.length - 1, ties.end],
    [peakNode(curve.nodes), ties.middle],
  ];
  let out = labels;
  let nodes: readonly Node[] = curve.nodes;
  for (const [i, name] of places) {
    const node = nodes[i];
    if (name === undefined || !node || node.key !== undefined || isUnseen(out, name)) continue;
    const points = pointsOf(out, name);
    const taken = curvesOf(out, key).flatMap((c) => c.nodes.filter((n) => n.key === name));
    const near = points.find((p) => isWithin(p, curve.nodes) && indexAt(taken, p) < 0);
    nodes = nodes.with(i, { ...node, ...(near ?? {}), key: name });
    if (!near) out = { ...out, [name]: seen([...points, { x: node.x, y: node.y }]) };
  }
  return withNodes(out, key, k, nodes);
}

/** The inner node farthest from the line between the ends; -1 when there is none. */
export function peakNode(nodes: readonly Pt[]): number {
  const a = nodes[0];
  const b = nodes.at(-1);
  if (!a || !b) return -1;
  const high = (p: Pt): number => Math.abs((p.x - a.x) * (b.y - a.y) - (p.y - a.y) * (b.x - a.x));
  const inner = nodes.map((_, i) => i).slice(1, -1);
  return inner.reduce((best, i) => (best < 0 || high(nodes[i] as Pt) > high(nodes[best] as Pt) ? i : best), -1);
}

/** After one gesture: a node that moved takes its point along, a point its node; a point that is gone lets go. */
export function followBeats(before: Labels, after: Labels, question: Question): Labels {
  const old = curvesOf(before, question.key);
  return curvesOf(after, question.key).reduce((labels, curve, k) => {
    // The same object was not touched, wherever it stands now.
    const was = old.includes(curve) ? curve : old[k];
    return was ? followOne(before, labels, question.key, k, was) : labels;
  }, after);
}

function followOne(before: Labels, after: Labels, key: string, k: number, was: Curve): Labels {
  let labels = after;
  let nodes = curvesOf(after, key)[k]?.nodes ?? [];
  nodes.forEach((node, i) => {
    const from = node.key === undefined ? undefined : was.nodes.find((n) => n.key === node.key);
    if (node.key === undefined || !from) return;
    const had = pointsOf(before, node.key);
    const points = pointsOf(labels, node.key);
    const at = points.length < had.length ? indexAt(points, from) : indexAt(had, from);
    const point = points[at];
    if (indexAt(had, from) >= 0 && !point) nodes = nodes.with(i, bare(node));
    if (!point) return;
    if (point.x !== from.x || point.y !== from.y) nodes = nodes.with(i, { ...node, x: point.x, y: point.y });
    else if (node.x !== point.x || node.y !== point.y) {
      labels = { ...labels, [node.key]: seen(points.with(at, { x: node.x, y: node.y })) };
    }
  });
  return withNodes(labels, key, k, nodes);
}

function curvesOf(labels: Labels, key: string): Curve[] {
  return labelOf(labels, key).instances.filter(isCurve);
}

function pointsOf(labels: Labels, key: string): Pt[] {
  return labelOf(labels, key).instances.filter(isPoint);
}

function indexAt(points: readonly Pt[], at: Pt): number {
  return points.findIndex((p) => p.x === at.x && p.y === at.y);
}

function isUnseen(labels: Labels, key: string): boolean {
  const { visibility } = labelOf(labels, key);
  return visibility === "blurred" || visibility === "off";
}

function isWithin(p: Pt, nodes: readonly Pt[]): boolean {
  const xs = nodes.map((n) => n.x);
  const low = Math.min(...xs);
  const high = Math.max(...xs);
  const more = BEYOND_SHARE * (high - low);
  return p.x >= low - more && p.x <= high + more;
}

function withNodes(labels: Labels, key: string, k: number, nodes: readonly Node[]): Labels {
  const curves = curvesOf(labels, key);
  const curve = curves[k];
  return !curve || curve.nodes === nodes ? labels : { ...labels, [key]: seen(curves.with(k, { ...curve, nodes })) };
}

function bare({ key: _key, ...rest }: Node): Node {
  return rest;
}
