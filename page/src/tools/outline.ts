/**
 * A closed outline: click corner after corner, Enter or a click on the first one closes it; drag a corner to move it,
 * the line to put a new corner in. Freehand draws it in one stroke.
 */

import { normalAt } from "../core/geometry";
import { crossesItself, ring, thinned } from "../core/ring";
import { countOption, isOutline } from "../core/types";
import type { Label, Outline, Pt, Question } from "../core/types";
import { number, record, unfinished } from "./base";
import type { Drawing, Edited, Handle, Line, Tool, ToolEvent, Work } from "./base";
import { drag, erase, finish, FEWEST, hit, nudge, outlinesOf, press, release } from "./outline/gestures";

function edit(work: Work, event: ToolEvent, question: Question): Edited {
  const most = countOption(question, "instances", 1);
  switch (event.kind) {
    case "press":
      return press(work, event, most);
    case "drag":
      return drag(work, event.at, event.trail);
    case "release":
      return release(work, most);
    case "erase":
      return erase(work);
    case "nudge":
      return nudge(work, event.dx, event.dy);
    case "finish":
      return finish(work, most);
    default:
      return unfinished(work, work.label, {});
  }
}

function draw(work: Work, question: Question): Drawing {
  const lines: Line[] = [];
  const handles: Handle[] = [];
  outlinesOf(work.label).forEach((outline, instance) => {
    const isOpen = work.hand.drawing === instance;
    const shown = outline.freehand ? thinned(outline.corners) : outline.corners;
    lines.push({ points: isOpen ? shown : ring(shown), kind: "line" });
    handles.push(...handlesOf(outline, work, question, instance));
  });
  return { lines, handles };
}

function handlesOf(outline: Outline, work: Work, question: Question, instance: number): Handle[] {
  const { chosen, armed } = work.hand;
  const n = outline.corners.length;
  const which = outlinesOf(work.label).length > 1 ? ` ${instance + 1}` : "";
  return outline.corners.flatMap((at, i) => {
    // A trace has hundreds of corners: its line is dragged instead.
    if (outline.freehand && i > 0) return [];
    const isChosen = chosen?.instance === instance && chosen.node === i;
    return {
      spot: { instance, node: i },
      at,
      normal: normalAt([...outline.corners.slice(-1), ...outline.corners, ...outline.corners.slice(0, 1)], i + 1),
      name: `${question.title}${which}, corner ${i + 1} of ${n}`,
      kind: "node" as const,
      tied: null,
      chosen: isChosen,
      armed: armed && isChosen,
    };
  });
}

function hint(work: Work, question: Question): string {
  const { drawing, freehand, armed } = work.hand;
  const { visibility } = work.label;
  if (visibility === "blurred" || visibility === "off") return "";
  const outlines = outlinesOf(work.label);
  if (freehand) return "Draw the outline in one stroke; it closes by itself";
  if (drawing !== null) {
    const n = outlines[drawing]?.corners.length ?? 0;
    return n < FEWEST ? `Click the corners: ${n} of at least ${FEWEST}` : "Click on; Enter or a click on the first corner closes it";
  }
  if (armed) return "Tap its new place, or drag it; Backspace deletes it";
  if (outlines.length === 0) return "Click the corners of the outline, or draw it freehand";
  if (outlines.some((o) => !o.freehand && crossesItself(o.corners))) return "The outline crosses itself: what it winds round twice is outside";
  const more = outlines.length < countOption(question, "instances", 1) ? "; click elsewhere for another one" : "";
  return `Drag a corner, click on the line to put one in${more}`;
}

function readCorner(raw: unknown): Pt | null {
  const given = record(raw);
  const x = number(given?.["x"]);
  const y = number(given?.["y"]);
  return x === null || y === null ? null : { x, y };
}

export const TOOL: Tool = {
  name: "outline",
  hint,
  draw,
  hit,
  edit,
  isWhole: (label: Label) =>
    label.visibility !== "seen" || (label.instances.length > 0 && outlinesOf(label).every((o) => o.corners.length >= FEWEST)),
  toLabel: (label) => ({
    visibility: label.visibility,
    instances: outlinesOf(label).map(({ corners, freehand }) => ({ corners: corners.map(({ x, y }) => ({ x, y })), freehand })),
  }),
  readInstance(raw) {
    const given = record(raw);
    const rows = given?.["corners"];
    if (!given || !Array.isArray(rows) || rows.length === 0) return null;
    const corners = rows.map(readCorner);
    if (corners.some((c) => c === null)) return null;
    return { corners: corners as Pt[], freehand: given["freehand"] === true };
  },
  openInstance(label) {
    const last = label.instances.at(-1);
    return isOutline(last) && last.corners.length < FEWEST ? label.instances.length - 1 : null;
  },
};
