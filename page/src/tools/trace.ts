/**
 * A curve: click adds, click on it inserts, drag moves a node or bends the line, Enter ends it. Freehand draws it in
 * one stroke.
 */

import { normalAt } from "../core/geometry";
import { thinned } from "../core/ring";
import { render } from "../core/spline";
import { tiesOf } from "../core/ties";
import { countOption, isCurve } from "../core/types";
import type { Curve, Label, Node, Question, SplineKind, Step } from "../core/types";
import { isPerBeat } from "../core/waves";
import { number, record, unfinished } from "./base";
import type { Drawing, Edited, Handle, Line, Tool, ToolEvent, Work } from "./base";
import { drag, erase, finish, hit, nudge, press, release, setStep } from "./trace/gestures";
import { close, isClosed, reverse } from "./trace/whole";

const KINDS: readonly string[] = ["natural-cubic/chord", "natural-cubic/uniform", "polyline"];
const STEPS: readonly string[] = ["bend", "straight", "gap"];

function edit(work: Work, event: ToolEvent, question: Question): Edited {
  const isLast = (label: Label): boolean =>
    isPerBeat(question) || label.instances.length >= countOption(question, "instances", 1);
  switch (event.kind) {
    case "press":
      return press(work, event, countOption(question, "instances", 1));
    case "drag":
      return drag(work, event.at, event.trail);
    case "release":
      return release(work, isLast);
    case "erase":
      return erase(work);
    case "nudge":
      return nudge(work, event.dx, event.dy);
    case "finish":
      return finish(work, minNodes(question), isLast);
    case "reverse":
      return reverse(work);
    case "close":
      return close(work, minNodes(question), hasTiedEnds(question), isLast(work.label));
    case "step":
      return setStep(work, event.step);
    default:
      return unfinished(work, work.label, {});
  }
}

/** Whether a curve of this question ends at landmarks, so that it cannot be closed. */
export function hasTiedEnds(question: Question): boolean {
  const { start, end } = tiesOf(question);
  return start !== undefined || end !== undefined;
}

/** How many nodes make a curve of this question. */
export function minNodes(question: Question): number {
  return countOption(question, "min_nodes", 3);
}

function curvesOf(label: Label): Curve[] {
  return label.instances.filter(isCurve);
}

function draw(work: Work, question: Question): Drawing {
  const lines: Line[] = [];
  const handles: Handle[] = [];
  curvesOf(work.label).forEach((curve, instance) => {
    lines.push(...linesOf(curve, work, instance));
    handles.push(...handlesOf(curve, work, question, instance));
  });
  return { lines, handles };
}

function linesOf(curve: Curve, work: Work, instance: number): Line[] {
  const strokes = render(curve.nodes, curve.spline);
  // A trace is kept whole; only the line on the screen is thinner.
  const out: Line[] = strokes.map(({ points }) => ({ points: curve.freehand ? thinned(points) : points, kind: "line" }));
  curve.nodes.forEach((node, i) => {
    const next = curve.nodes[i + 1];
    if (node.step === "gap" && next) out.push({ points: [node, next], kind: "gap" });
  });
  const spot = work.hand.chosen;
  if (!spot || spot.instance !== instance || curve.freehand || work.hand.grip) return out;
  const segment = segmentOf(curve, spot.node, work.hand.drawing === instance);
  for (const { points, from } of strokes) {
    const on = points.filter((_, k) => from[k] === segment || from[k + 1] === segment);
    if (on.length > 1) out.push({ points: on, kind: "chosen" });
  }
  return out;
}

/** The segment that a chosen node stands for: the one behind it, for the last node the one before. */
export function segmentOf(curve: Curve, node: number, isDrawing: boolean): number {
  return node === curve.nodes.length - 1 && !isDrawing ? node - 1 : node;
}

/** How the chosen segment goes on; null when none is chosen. */
export function chosenStep(work: Work): Step | null {
  const spot = work.hand.chosen;
  const curve = spot ? work.label.instances[spot.instance] : undefined;
  if (!spot || !isCurve(curve)) return null;
  return curve.nodes[segmentOf(curve, spot.node, work.hand.drawing === spot.instance)]?.step ?? "bend";
}

function handlesOf(curve: Curve, work: Work, question: Question, instance: number): Handle[] {
  const { chosen, armed } = work.hand;
  const last = curve.nodes.length - 1;
  // A freehand trace has hundreds of nodes: only its ends and named nodes are shown as handles.
  const shown = (node: Node, i: number): boolean => !curve.freehand || i === 0 || i === last || node.key !== undefined;
  return curve.nodes.flatMap((node, i) => {
    if (!shown(node, i) || (i === last && isClosed(curve.nodes))) return [];
    const isChosen = chosen?.instance === instance && chosen.node === i;
    return {
      spot: { instance, node: i },
      at: { x: node.x, y: node.y },
      normal: normalAt(curve.nodes, i),
      name: `${question.title}, node ${i + 1} of ${curve.nodes.length}`,
      kind: "node",
      tied: node.key ?? null,
      chosen: isChosen,
      armed: armed && isChosen,
    };
  });
}

function hint(work: Work, question: Question): string {
  const { drawing, freehand, armed, chosen } = work.hand;
  if (work.label.visibility === "blurred" || work.label.visibility === "off") return "";
  const n = drawing === null ? 0 : (curvesOf(work.label)[drawing]?.nodes.length ?? 0);
  if (freehand) return "Draw the border in one stroke";
  if (drawing !== null && n < minNodes(question)) return `Click along the border: ${n} of at least ${minNodes(question)}`;
  if (drawing !== null) return "Click on, or end it with Enter or a double click";
  if (armed) return "Tap its new place, or drag it; Backspace deletes it";
  if (work.label.instances.length === 0) return "Click along the border, or draw it freehand";
  const isMore = work.label.instances.length < countOption(question, "instances", 1);
  if (isMore && !chosen) return "Click along the next one, or press Enter when none is left";
  if (curvesOf(work.label).some((c) => c.freehand)) return "Drag the line to better it, or draw it anew with freehand";
  return chosen ? "D straight, G gap, Backspace deletes" : "Drag the line to bend it, click on it to put a node in";
}

function readNode(raw: unknown): Node | null {
  const given = record(raw);
  const x = number(given?.["x"]);
  const y = number(given?.["y"]);
  if (!given || x === null || y === null) return null;
  const step = given["step"];
  const key = given["key"];
  return {
    x,
    y,
    ...(typeof step === "string" && STEPS.includes(step) && step !== "bend" ? { step: step as Step } : {}),
    ...(typeof key === "string" ? { key } : {}),
  };
}

function dumpNode({ x, y, step, key }: Node): Record<string, unknown> {
  return { x, y, ...(step && step !== "bend" ? { step } : {}), ...(key === undefined ? {} : { key }) };
}

export const TOOL: Tool = {
  name: "trace",
  hint,
  draw,
  hit,
  edit,
  isWhole(label: Label, question: Question): boolean {
    if (label.visibility !== "seen") return true;
    return label.instances.length > 0 && curvesOf(label).every((c) => c.nodes.length >= minNodes(question));
  },
  toLabel: (label) => ({
    visibility: label.visibility,
    instances: curvesOf(label).map(({ nodes, spline, freehand }) => ({ nodes: nodes.map(dumpNode), spline, freehand })),
  }),
  readInstance(raw) {
    const given = record(raw);
    const rows = given?.["nodes"];
    const spline = given?.["spline"];
    if (!given || !Array.isArray(rows) || !KINDS.includes(spline as string)) return null;
    const nodes = rows.map(readNode);
    if (nodes.length === 0 || nodes.some((n) => n === null)) return null;
    return { nodes: nodes as Node[], spline: spline as SplineKind, freehand: given["freehand"] === true };
  },
};

