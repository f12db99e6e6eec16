/** Points: press where it is, drag to better it; tap a handle, then tap its new place. */

import { distance } from "../core/geometry";
import { countOption, isPoint, seen } from "../core/types";
import type { Label, Pt, Question } from "../core/types";
import { isPerBeat } from "../core/waves";
import { carried, finished, isMoved, number, record, unfinished } from "./base";
import type { Drawing, Edited, Grip, Target, Tool, ToolEvent, Work } from "./base";

type Press = Extract<ToolEvent, { kind: "press" }>;

function pointsOf(label: Label): Pt[] {
  return label.instances.filter(isPoint);
}

function wanted(question: Question): number {
  return countOption(question, "instances", 1);
}

function edit(work: Work, event: ToolEvent, question: Question): Edited {
  switch (event.kind) {
    case "press":
      return press(work, event, question);
    case "drag":
      return drag(work, event.at);
    case "release":
      return release(work, question);
    case "erase":
      return erase(work);
    case "nudge":
      return nudge(work, event.dx, event.dy);
    default:
      return unfinished(work, work.label, {});
  }
}

function press(work: Work, event: Press, question: Question): Edited {
  const points = pointsOf(work.label);
  const { chosen, armed } = work.hand;
  if (event.target?.kind === "handle") {
    const i = event.target.spot.instance;
    if (event.remove) return remove(work, i);
    return held(work, points, i, { kind: "handle", from: event.at, start: points[i] ?? event.at, slop: event.slop });
  }
  if (armed && chosen && points[chosen.instance]) {
    const moved = points.with(chosen.instance, event.at);
    return held(work, moved, chosen.instance, { kind: "new", from: event.at, start: event.at, slop: 0 });
  }
  if (points.length < wanted(question)) {
    const kind = "new";
    return held(work, [...points, event.at], points.length, { kind, from: event.at, start: event.at, slop: 0 });
  }
  return unfinished(work, work.label, { chosen: null, armed: false, grip: null });
}

type Start = Pick<Grip, "kind" | "from" | "start" | "slop">;

function held(work: Work, points: readonly Pt[], i: number, start: Start): Edited {
  const spot = { instance: i, node: 0 };
  const grip: Grip = { ...start, spot, moved: false, place: null };
  return unfinished(work, seen(points), { chosen: spot, armed: false, grip });
}

function drag(work: Work, at: Pt): Edited {
  const grip = work.hand.grip;
  if (!grip || !isMoved(grip, at)) return unfinished(work, work.label, {});
  const points = pointsOf(work.label).with(grip.spot.instance, carried(grip, at));
  return unfinished(work, seen(points), { grip: { ...grip, moved: true } });
}

function release(work: Work, question: Question): Edited {
  const grip = work.hand.grip;
  if (!grip) return unfinished(work, work.label, {});
  if (grip.kind === "new") {
    const whole = isPerBeat(question) || work.label.instances.length >= wanted(question);
    return finished(work, "place-point", work.label, { armed: false }, whole);
  }
  if (grip.moved) return finished(work, "move-point", work.label, { armed: false });
  return unfinished(work, work.label, { armed: true, grip: null });
}

function remove(work: Work, i: number): Edited {
  const points = pointsOf(work.label).filter((_, k) => k !== i);
  return finished(work, "delete-point", seen(points), { chosen: null, armed: false });
}

function erase(work: Work): Edited {
  const last = work.label.instances.length - 1;
  return last < 0 ? unfinished(work, work.label, {}) : remove(work, work.hand.chosen?.instance ?? last);
}

function nudge(work: Work, dx: number, dy: number): Edited {
  const points = pointsOf(work.label);
  const i = work.hand.chosen?.instance ?? 0;
  const point = points[i];
  if (!point) return unfinished(work, work.label, {});
  const moved = points.with(i, { x: point.x + dx, y: point.y + dy });
  return finished(work, "nudge", seen(moved), { chosen: { instance: i, node: 0 } });
}

function hit(label: Label, at: Pt, reach: number): Target | null {
  const near = pointsOf(label)
    .map((p, i) => ({ i, far: distance(p, at) }))
    .filter(({ far }) => far <= reach)
    .toSorted((a, b) => a.far - b.far)[0];
  return near ? { kind: "handle", spot: { instance: near.i, node: 0 }, distance: near.far } : null;
}

function draw(work: Work, question: Question): Drawing {
  const points = pointsOf(work.label);
  const { chosen, armed } = work.hand;
  const handles = points.map((at, i) => ({
    spot: { instance: i, node: 0 },
    at,
    normal: { x: 1, y: 0 },
    name: points.length > 1 ? `${question.title} ${i + 1}` : question.title,
    kind: "point" as const,
    tied: null,
    chosen: chosen?.instance === i,
    armed: armed && chosen?.instance === i,
  }));
  return { lines: [], handles };
}

function hint(work: Work, question: Question): string {
  if (work.hand.armed) return "Tap its new place, or drag it";
  if (work.label.visibility === "blurred" || work.label.visibility === "off") return "";
  const n = work.label.instances.length;
  const all = wanted(question);
  if (n >= all) return "Drag it, or nudge it with the arrow keys";
  if (isPerBeat(question)) return `Click ${question.title}: ${n} set; Enter when no beat is left`;
  return all > 1 ? `Click ${question.title}: ${n} of up to ${all} set` : `Click where it is: ${question.title}`;
}

export const TOOL: Tool = {
  name: "place",
  hint,
  draw,
  hit,
  edit,
  isWhole: (label) => label.visibility !== "seen" || label.instances.length > 0,
  toLabel: (label) => ({
    visibility: label.visibility,
    instances: pointsOf(label).map(({ x, y }) => ({ x, y })),
  }),
  readInstance(raw) {
    const given = record(raw);
    const x = number(given?.["x"]);
    const y = number(given?.["y"]);
    return x === null || y === null ? null : { x, y };
  },
};
