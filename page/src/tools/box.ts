/**
 * A box: drag from corner to corner, or click two opposite corners; drag a corner or a side to better it; tap a corner,
 * then tap its new place.
 */

import { distance, nearestOnSegment } from "../core/geometry";
import { ring } from "../core/ring";
import { countOption, isBox, seen } from "../core/types";
import type { Box, Label, Pt, Question } from "../core/types";
import { carried, finished, isMoved, number, record, unfinished } from "./base";
import type { Drawing, Edited, Grip, Spot, Target, Tool, ToolEvent, Work } from "./base";

type Press = Extract<ToolEvent, { kind: "press" }>;

const BODY_SHARE = 0.7;
const CORNERS = ["upper left", "upper right", "lower right", "lower left"] as const;
const SIDES = ["x0", "y0", "x1", "y1"] as const;

function boxesOf(label: Label): Box[] {
  return label.instances.filter(isBox);
}

/** The corners in the order of `CORNERS` while `x0 < x1` and `y0 < y1`. */
export function cornersOf({ x0, y0, x1, y1 }: Box): readonly [Pt, Pt, Pt, Pt] {
  return [{ x: x0, y: y0 }, { x: x1, y: y0 }, { x: x1, y: y1 }, { x: x0, y: y1 }];
}

/** The box with one corner elsewhere; its sides go along, the opposite corner stays. */
export function withCorner(box: Box, node: number, at: Pt): Box {
  const isLeft = node === 0 || node === 3;
  const isUpper = node < 2;
  return { ...box, [isLeft ? "x0" : "x1"]: at.x, [isUpper ? "y0" : "y1"]: at.y };
}

/** The same box with its upper left corner first. */
export function upright({ x0, y0, x1, y1 }: Box): Box {
  return { x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1: Math.max(x0, x1), y1: Math.max(y0, y1) };
}

function hasArea({ x0, y0, x1, y1 }: Box): boolean {
  return x0 !== x1 && y0 !== y1;
}

function withBox(label: Label, i: number, box: Box): Label {
  return seen(boxesOf(label).with(i, box));
}

/** After a gesture the corners have their names again; the chosen one may be another now. */
function settled(work: Work, gesture: string, most: number, isNew: boolean): Edited {
  const i = work.hand.grip?.spot.instance ?? work.hand.chosen?.instance ?? 0;
  const box = boxesOf(work.label)[i];
  if (!box) return unfinished(work, work.label, { grip: null });
  const held = cornersOf(box)[work.hand.chosen?.node ?? 0] as Pt;
  const tidy = upright(box);
  const node = cornersOf(tidy).findIndex((c) => c.x === held.x && c.y === held.y);
  const isWhole = isNew && boxesOf(work.label).length >= most;
  const hand = { chosen: { instance: i, node: Math.max(0, node) }, armed: false, drawing: null };
  return finished(work, gesture, withBox(work.label, i, tidy), hand, isWhole);
}

function edit(work: Work, event: ToolEvent, question: Question): Edited {
  const most = countOption(question, "instances", 1);
  switch (event.kind) {
    case "press":
      return press(work, event, most);
    case "drag":
      return drag(work, event.at);
    case "release":
      return release(work, most);
    case "erase":
      return erase(work);
    case "nudge":
      return nudge(work, event.dx, event.dy, most);
    default:
      return unfinished(work, work.label, {});
  }
}

function press(work: Work, event: Press, most: number): Edited {
  const { drawing, armed, chosen } = work.hand;
  const boxes = boxesOf(work.label);
  const open = drawing === null ? undefined : boxes[drawing];
  if (open && drawing !== null) {
    return hold(work, withBox(work.label, drawing, withCorner(open, 2, event.at)), { instance: drawing, node: 2 }, "new", event);
  }
  if (event.target?.kind === "handle") {
    const { spot } = event.target;
    return event.remove ? remove(work, spot.instance) : hold(work, work.label, spot, "handle", event);
  }
  if (event.remove) return unfinished(work, work.label, { grip: null });
  if (event.target?.kind === "body") return hold(work, work.label, { instance: event.target.instance, node: 0 }, "body", event);
  const tapped = armed && chosen ? boxes[chosen.instance] : undefined;
  if (tapped && chosen) {
    const moved = withBox(work.label, chosen.instance, withCorner(tapped, chosen.node, event.at));
    return hold(work, moved, chosen, "handle", { ...event, slop: -1 });
  }
  if (boxes.length >= most) return unfinished(work, work.label, { chosen: null, armed: false, grip: null });
  const { x, y } = event.at;
  const begun = unfinished(work, seen([...boxes, { x0: x, y0: y, x1: x, y1: y }]), { drawing: boxes.length });
  return hold(begun.work, begun.work.label, { instance: boxes.length, node: 2 }, "new", event);
}

function hold(work: Work, label: Label, spot: Spot, kind: Grip["kind"], event: Press): Edited {
  const box = boxesOf(label)[spot.instance];
  const start = (box && cornersOf(box)[spot.node]) ?? event.at;
  const grip: Grip = { kind, spot, from: event.at, start, slop: event.slop, moved: event.slop < 0, place: null };
  return unfinished(work, label, { chosen: spot, armed: false, grip });
}

function drag(work: Work, at: Pt): Edited {
  const grip = work.hand.grip;
  const box = grip ? boxesOf(work.label)[grip.spot.instance] : undefined;
  if (!grip || !box || !isMoved(grip, at)) return unfinished(work, work.label, {});
  const { spot } = grip;
  if (grip.kind !== "body") {
    const moved = withCorner(box, spot.node, carried(grip, at));
    return unfinished(work, withBox(work.label, spot.instance, moved), { grip: { ...grip, moved: true } });
  }
  const to = carried(grip, at);
  const moved = { x0: to.x, y0: to.y, x1: to.x + box.x1 - box.x0, y1: to.y + box.y1 - box.y0 };
  return unfinished(work, withBox(work.label, spot.instance, moved), { grip: { ...grip, moved: true } });
}

function release(work: Work, most: number): Edited {
  const { grip } = work.hand;
  const box = grip ? boxesOf(work.label)[grip.spot.instance] : undefined;
  if (!grip || !box) return unfinished(work, work.label, {});
  if (grip.kind === "new") {
    // One click sets the first corner: the second click, or the end of a drag, sets the opposite one.
    return hasArea(box) ? settled(work, "draw-box", most, true) : finished(work, "add-corner", work.label, { armed: false });
  }
  if (!grip.moved) return unfinished(work, work.label, { armed: grip.kind === "handle", grip: null });
  return settled(work, grip.kind === "body" ? "move-box" : "move-corner", most, false);
}

function remove(work: Work, instance: number): Edited {
  const rest = boxesOf(work.label).filter((_, i) => i !== instance);
  return finished(work, "delete-box", seen(rest), { chosen: null, armed: false, drawing: null });
}

function erase(work: Work): Edited {
  const last = boxesOf(work.label).length - 1;
  if (last < 0) return unfinished(work, work.label, { drawing: null, chosen: null });
  return remove(work, work.hand.drawing ?? work.hand.chosen?.instance ?? last);
}

function nudge(work: Work, dx: number, dy: number, most: number): Edited {
  const spot = work.hand.chosen;
  const box = spot ? boxesOf(work.label)[spot.instance] : undefined;
  if (!spot || !box || work.hand.drawing !== null) return unfinished(work, work.label, {});
  const at = cornersOf(box)[spot.node] as Pt;
  const moved = withCorner(box, spot.node, { x: at.x + dx, y: at.y + dy });
  if (!hasArea(moved)) return unfinished(work, work.label, {});
  return settled({ ...work, label: withBox(work.label, spot.instance, moved) }, "nudge", most, false);
}

function hit(label: Label, at: Pt, reach: number): Target | null {
  const boxes = boxesOf(label);
  const handles = boxes.flatMap((box, instance) =>
    cornersOf(box).map((corner, node) => ({ kind: "handle" as const, spot: { instance, node }, distance: distance(corner, at) })),
  );
  const bodies = boxes.flatMap((box, instance) =>
    cornersOf(box).map((a, node, all) => {
      const { at: on, t: share } = nearestOnSegment(a, all[(node + 1) % 4] as Pt, at);
      const far = distance(on, at);
      return { kind: "body" as const, instance, place: { at: on, distance: far, node, share }, distance: far };
    }),
  );
  const near = <T extends Target>(all: readonly T[], within: number): T | undefined =>
    all.filter((t) => t.distance <= within).toSorted((a, b) => a.distance - b.distance)[0];
  return near(handles, reach) ?? near(bodies, reach * BODY_SHARE) ?? null;
}

function draw(work: Work, question: Question): Drawing {
  const { chosen, armed, drawing } = work.hand;
  const boxes = boxesOf(work.label);
  const handles = boxes.flatMap((box, instance) =>
    cornersOf(box).flatMap((at, node) => {
      if (drawing === instance && node !== 2) return [];
      const isChosen = chosen?.instance === instance && chosen.node === node;
      const which = boxes.length > 1 ? ` ${instance + 1}` : "";
      return {
        spot: { instance, node },
        at,
        normal: { x: Math.SQRT1_2, y: node % 2 === 0 ? Math.SQRT1_2 : -Math.SQRT1_2 },
        name: `${question.title}${which}, ${CORNERS[node]}`,
        kind: "node" as const,
        tied: null,
        chosen: isChosen,
        armed: armed && isChosen,
      };
    }),
  );
  return { lines: boxes.map((box) => ({ points: ring(cornersOf(box)), kind: "line" })), handles };
}

function hint(work: Work, question: Question): string {
  const { visibility } = work.label;
  if (visibility === "blurred" || visibility === "off") return "";
  if (work.hand.drawing !== null) return "Click the opposite corner";
  if (work.hand.armed) return "Tap its new place, or drag it; Backspace deletes the box";
  const n = boxesOf(work.label).length;
  if (n === 0) return "Drag from corner to corner, or click two opposite corners";
  const more = n < countOption(question, "instances", 1) ? "; drag elsewhere for another one" : "";
  return `Drag a corner, or a side to move the box${more}`;
}

export const TOOL: Tool = {
  name: "box",
  hint,
  draw,
  hit,
  edit,
  isWhole: (label) => label.visibility !== "seen" || (label.instances.length > 0 && boxesOf(label).every(hasArea)),
  toLabel: (label) => ({ visibility: label.visibility, instances: boxesOf(label).map((box) => ({ ...upright(box) })) }),
  readInstance(raw) {
    const given = record(raw);
    const [x0, y0, x1, y1] = SIDES.map((side) => number(given?.[side]));
    if (typeof x0 !== "number" || typeof y0 !== "number" || typeof x1 !== "number" || typeof y1 !== "number") return null;
    return { x0, y0, x1, y1 };
  },
  openInstance(label) {
    const last = boxesOf(label).at(-1);
    return last && !hasArea(last) ? label.instances.length - 1 : null;
  },
};
