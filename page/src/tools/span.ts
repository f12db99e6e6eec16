/** Intervals of a clip: S starts one at the frame on the screen, E ends it; edges are moved frame by frame or dragged. */

import { startOf, within, type Moments } from "../core/moments";
import { countOption, isSpan, seen } from "../core/types";
import type { Label, Question, Span } from "../core/types";
import { finished, IN_TIME, number, record, unfinished } from "./base";
import type { Edited, Tool, ToolEvent, Work } from "./base";

/** What `mark` events of this tool may set, and the nodes of an interval. */
export const START = "start";
export const END = "end";
const WORDS = {
  first: "Step to the first frame that shows it and press S; E on the last",
  armed: "← → move the edge by a frame, Esc lets go",
  full: "All intervals are set: delete one to set another",
};
const MOST_SPANS = 20;

export function spansOf(label: Label): Span[] {
  return label.instances.filter(isSpan);
}

function spanOf(first_frame: number, last_frame: number, moments: Moments): Span {
  const first_s = startOf(moments, first_frame);
  const last_s = startOf(moments, last_frame);
  return first_s === null || last_s === null ? { first_frame, last_frame } : { first_frame, last_frame, first_s, last_s };
}

function edit(work: Work, event: ToolEvent, question: Question): Edited {
  switch (event.kind) {
    case "mark": {
      const frame = within(event.moments, event.frame);
      if (event.key === START) return start(work, question, frame, event.moments);
      return event.key === END ? end(work, question, frame, event.moments) : unfinished(work, work.label, {});
    }
    case "shift":
      return shift(work, within(event.moments, event.frame), event.moments);
    case "erase":
      return erase(work);
    default:
      return unfinished(work, work.label, {});
  }
}

/** The work with one interval replaced or, at the end of the list, added; intervals stay in the order of time. */
function put(work: Work, i: number, span: Span, node: 0 | 1, gesture: string, armed = false): Edited {
  const spans = spansOf(work.label);
  const next = (i < spans.length ? spans.with(i, span) : [...spans, span]).toSorted((a, b) => a.first_frame - b.first_frame);
  return finished(work, gesture, seen(next), { chosen: { instance: next.indexOf(span), node }, armed });
}

/** An interval starts here: the one that lies over this frame, or a new one up to the next or to the end. */
function start(work: Work, question: Question, frame: number, moments: Moments): Edited {
  const spans = spansOf(work.label);
  const chosen = work.hand.armed ? work.hand.chosen?.instance : undefined;
  const over = spans.findIndex((s) => s.first_frame <= frame && frame <= s.last_frame);
  if (over >= 0) return reach(work, over, 0, frame, moments, "start-interval");
  if (chosen !== undefined) return reach(work, chosen, 0, frame, moments, "start-interval", true);
  if (isFull(work.label, question)) return unfinished(work, work.label, {});
  const next = spans.find((s) => s.first_frame > frame);
  return put(work, spans.length, spanOf(frame, next ? next.first_frame - 1 : moments.nFrames - 1, moments), 0, "start-interval");
}

/** An interval ends here: the one that lies over this frame, else the one before it, else one from the first frame. */
function end(work: Work, question: Question, frame: number, moments: Moments): Edited {
  const spans = spansOf(work.label);
  const chosen = work.hand.armed ? work.hand.chosen?.instance : undefined;
  const over = spans.findIndex((s) => s.first_frame <= frame && frame <= s.last_frame);
  if (over >= 0) return reach(work, over, 1, frame, moments, "end-interval");
  if (chosen !== undefined) return reach(work, chosen, 1, frame, moments, "end-interval", true);
  const before = spans.findLastIndex((s) => s.last_frame < frame);
  if (before >= 0) return reach(work, before, 1, frame, moments, "end-interval");
  if (isFull(work.label, question)) return unfinished(work, work.label, {});
  return put(work, spans.length, spanOf(0, frame, moments), 1, "end-interval");
}

/** Bring an edge to a frame; it stops at the other edge and at its neighbours. */
function reach(
  work: Work, i: number, node: 0 | 1, frame: number, moments: Moments, gesture: string, armed = work.hand.armed,
): Edited {
  const spans = spansOf(work.label);
  const span = spans[i];
  if (!span) return unfinished(work, work.label, {});
  const low = node === 0 ? (spans[i - 1]?.last_frame ?? -1) + 1 : span.first_frame;
  const high = node === 0 ? span.last_frame : (spans[i + 1]?.first_frame ?? moments.nFrames) - 1;
  const to = Math.min(Math.max(frame, low), high);
  const chosen = { chosen: { instance: i, node }, armed };
  if (to === (node === 0 ? span.first_frame : span.last_frame)) return unfinished(work, work.label, chosen);
  const moved = node === 0 ? spanOf(to, span.last_frame, moments) : spanOf(span.first_frame, to, moments);
  return put(work, i, moved, node, gesture, armed);
}

function shift(work: Work, frame: number, moments: Moments): Edited {
  const chosen = work.hand.chosen;
  if (!chosen) return unfinished(work, work.label, {});
  return reach(work, chosen.instance, chosen.node === 0 ? 0 : 1, frame, moments, "move-edge");
}

/** Delete the chosen interval, or the last. */
function erase(work: Work): Edited {
  const spans = spansOf(work.label);
  const i = work.hand.chosen?.instance ?? spans.length - 1;
  if (!spans[i]) return unfinished(work, work.label, {});
  return finished(work, "delete-interval", seen(spans.toSpliced(i, 1)), { chosen: null, armed: false });
}

function isFull(label: Label, question: Question): boolean {
  return label.instances.length >= countOption(question, "instances", MOST_SPANS);
}

function hint(work: Work, question: Question): string {
  if (work.label.visibility === "blurred" || work.label.visibility === "off") return "";
  if (work.hand.armed) return WORDS.armed;
  if (isFull(work.label, question)) return WORDS.full;
  return work.label.instances.length > 0 ? "" : WORDS.first;
}

export const TOOL: Tool = {
  name: "span",
  ...IN_TIME,
  hint,
  edit,
  toLabel: (label) => ({ visibility: label.visibility, instances: spansOf(label).map((span) => ({ ...span })) }),
  readInstance(raw) {
    const given = record(raw);
    const [first_frame, last_frame] = [number(given?.["first_frame"]), number(given?.["last_frame"])];
    const [first_s, last_s] = [number(given?.["first_s"]), number(given?.["last_s"])];
    if (first_frame === null || last_frame === null) return null;
    return first_s === null || last_s === null ? { first_frame, last_frame } : { first_frame, last_frame, first_s, last_s };
  },
};
