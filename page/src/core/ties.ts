/**
 * Nodes that are points: the first and last node of a border are the valve's hinges, and one between is the apex.
 * A node that bears the key of a point question shares its place; pure functions keep the two together.
 */

import { followBeats, tieUpBeats } from "./beatties";
import { distance, lengthOf, middle } from "./geometry";
import { isCurve, isPoint, labelOf, seen } from "./types";
import type { Curve, Labels, Node, Pt, Question } from "./types";
import { isPerBeat } from "./waves";

export interface Ties {
  readonly start?: string;
  readonly middle?: string;
  readonly end?: string;
}

/** A named point that lies on no node is taken up by one that is nearer than this share of the curve. */
const NEAR_SHARE = 0.05;

/** Which point questions a curve question is tied to. */
export function tiesOf(question: Question): Ties {
  const raw = question.options["ties"];
  return question.label === "curve" && typeof raw === "object" && raw !== null ? (raw as Ties) : {};
}

/** When a curve is finished: its ends and its middle take their names, and points still unset are set from it. */
export function tieUp(labels: Labels, question: Question): Labels {
  const ties = tiesOf(question);
  if (isPerBeat(question)) return tieUpBeats(labels, question, ties);
  const curve = curveOf(labels, question.key);
  if (!curve || curve.nodes.length < 2) return labels;
  const turned = orient(labels, curve, ties);
  let nodes = turned.nodes.map(bare);
  nodes = named(labels, nodes, 0, ties.start);
  nodes = named(labels, nodes, nodes.length - 1, ties.end);
  if (ties.middle !== undefined) nodes = named(labels, nodes, middleNode(labels, nodes, ties.middle), ties.middle);
  return withPoints(withCurve(labels, question.key, { ...turned, nodes }), nodes);
}

/** After one gesture: what was moved takes its twin along; a point that is gone lets go of its node. */
export function follow(before: Labels, after: Labels, questions: readonly Question[]): Labels {
  return questions.reduce((labels, question) => followOne(before, labels, question), after);
}

function followOne(before: Labels, after: Labels, question: Question): Labels {
  const ties = tiesOf(question);
  if (isPerBeat(question)) return followBeats(before, after, question);
  const curve = curveOf(after, question.key);
  if (!curve || !Object.values(ties).some(Boolean)) return after;
  const wasTied = curveOf(before, question.key)?.nodes.some((n) => n.key) ?? false;
  if (!wasTied && !curve.nodes.some((n) => n.key)) return after;
  const byEnds = endsKeepTheirNames(after, curve, ties);
  const { nodes, labels } = byEnds.reduce(
    (state, _, i) => moveTwin(before, state.labels, state.nodes, i),
    { nodes: byEnds as readonly Node[], labels: after },
  );
  const taken = ties.middle === undefined ? nodes : takeUp(before, labels, nodes, ties.middle);
  return withCurve(labels, question.key, { ...curve, nodes: taken });
}

/** A new last node is the hinge now; an end without a name takes it up when its point is seen. */
function endsKeepTheirNames(labels: Labels, curve: Curve, ties: Ties): Node[] {
  const last = curve.nodes.length - 1;
  return curve.nodes.map((node, i) => {
    const wanted = i === 0 ? ties.start : i === last ? ties.end : undefined;
    if (wanted !== undefined) return pointOf(labels, wanted) ? { ...bare(node), key: wanted } : bare(node);
    const isEndName = node.key !== undefined && (node.key === ties.start || node.key === ties.end);
    return isEndName ? bare(node) : node;
  });
}

function moveTwin(
  before: Labels,
  labels: Labels,
  nodes: readonly Node[],
  i: number,
): { nodes: readonly Node[]; labels: Labels } {
  const node = nodes[i] as Node;
  if (node.key === undefined) return { nodes, labels };
  const point = pointOf(labels, node.key);
  if (!point) return { nodes: nodes.with(i, bare(node)), labels };
  const old = pointOf(before, node.key);
  const pointMoved = !old || old.x !== point.x || old.y !== point.y;
  if (pointMoved) return { nodes: nodes.with(i, { ...node, x: point.x, y: point.y }), labels };
  if (node.x === point.x && node.y === point.y) return { nodes, labels };
  return { nodes, labels: withPoint(labels, node.key, node) };
}

/** A point that was just set by hand beside an inner node takes that node along. */
function takeUp(before: Labels, labels: Labels, nodes: readonly Node[], key: string): readonly Node[] {
  const point = pointOf(labels, key);
  if (!point || pointOf(before, key) || nodes.some((n) => n.key === key)) return nodes;
  const i = nearInner(nodes, point);
  return i < 0 ? nodes : nodes.with(i, { ...(nodes[i] as Node), x: point.x, y: point.y, key });
}

/** A curve that was drawn from the other end is turned round, when both its ends are known points. */
function orient(labels: Labels, curve: Curve, ties: Ties): Curve {
  const start = ties.start === undefined ? null : pointOf(labels, ties.start);
  const end = ties.end === undefined ? null : pointOf(labels, ties.end);
  const first = curve.nodes[0] as Node;
  const last = curve.nodes.at(-1) as Node;
  if (!start || !end) return curve;
  const asIs = distance(first, start) + distance(last, end);
  const turned = distance(first, end) + distance(last, start);
  return turned < asIs ? { ...curve, nodes: reversed(curve.nodes) } : curve;
}

/** The nodes the other way round; a step belongs to the segment, so it moves to the node that now begins it. */
export function reversed(nodes: readonly Node[]): Node[] {
  return nodes.map((_, i) => {
    const { step: _step, ...node } = nodes[nodes.length - 1 - i] as Node;
    const step = nodes[nodes.length - 2 - i]?.step;
    return step ? { ...node, step } : node;
  });
}

function named(labels: Labels, nodes: Node[], i: number, key: string | undefined): Node[] {
  const node = nodes[i];
  if (key === undefined || !node || node.key !== undefined) return nodes;
  const label = labelOf(labels, key);
  if (label.visibility === "blurred" || label.visibility === "off") return nodes;
  const point = pointOf(labels, key);
  return nodes.with(i, point ? { ...node, x: point.x, y: point.y, key } : { ...node, key });
}

/** The node that is the apex: beside the point when that is set, else the farthest from the hinges' midpoint. */
function middleNode(labels: Labels, nodes: readonly Node[], key: string): number {
  const point = pointOf(labels, key);
  if (point) return nearInner(nodes, point);
  const base = middle(nodes[0] as Node, nodes.at(-1) as Node);
  return inner(nodes).reduce((best, i) => (best < 0 || far(nodes, i, base) > far(nodes, best, base) ? i : best), -1);
}

function nearInner(nodes: readonly Node[], point: Pt): number {
  const reach = NEAR_SHARE * lengthOf(nodes);
  const near = inner(nodes).filter((i) => far(nodes, i, point) <= reach);
  return near.reduce((best, i) => (best < 0 || far(nodes, i, point) < far(nodes, best, point) ? i : best), -1);
}

function inner(nodes: readonly Node[]): number[] {
  return nodes.map((_, i) => i).slice(1, -1);
}

function far(nodes: readonly Node[], i: number, from: Pt): number {
  return distance(nodes[i] as Node, from);
}

function bare(node: Node): Node {
  const { key: _key, ...rest } = node;
  return rest;
}

function curveOf(labels: Labels, key: string): Curve | null {
  const first = labelOf(labels, key).instances[0];
  return isCurve(first) ? first : null;
}

function pointOf(labels: Labels, key: string): Pt | null {
  const first = labelOf(labels, key).instances[0];
  return isPoint(first) ? first : null;
}

function withCurve(labels: Labels, key: string, curve: Curve): Labels {
  const old = labelOf(labels, key).instances;
  if (isCurve(old[0]) && sameNodes(old[0].nodes, curve.nodes)) return labels;
  return { ...labels, [key]: seen([curve, ...old.slice(1)]) };
}

function withPoints(labels: Labels, nodes: readonly Node[]): Labels {
  return nodes.reduce((out, n) => (n.key === undefined ? out : withPoint(out, n.key, n)), labels);
}

function withPoint(labels: Labels, key: string, at: Pt): Labels {
  const old = labelOf(labels, key).instances;
  const first = old[0];
  if (isPoint(first) && first.x === at.x && first.y === at.y) return labels;
  return { ...labels, [key]: seen([{ x: at.x, y: at.y }, ...old.slice(1)]) };
}

function sameNodes(a: readonly Node[], b: readonly Node[]): boolean {
  const same = (m: Node, n: Node | undefined): boolean =>
    n !== undefined && m.x === n.x && m.y === n.y && m.key === n.key && m.step === n.step;
  return a.length === b.length && a.every((n, i) => same(n, b[i]));
}
