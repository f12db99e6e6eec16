/** Events of a clip: a key or a button marks one at the frame on the screen; a mark is moved frame by frame or dragged. */

import { beatsOf, eventsOf, isPerBeat } from "../core/beats";
import { startOf, within, type Moments } from "../core/moments";
import { countOption, isMark, seen } from "../core/types";
import type { Label, Mark, Question } from "../core/types";
import { finished, IN_TIME, number, record, unfinished } from "./base";
import type { Edited, Tool, ToolEvent, Work } from "./base";

const WORDS = {
  first: "Step to the frame, then press",
  armed: "← → move it by a frame, Esc lets go",
  full: "All marks are set: delete one to set another",
  twice: (title: string) => `${title} is marked twice within the tolerance: is one too many?`,
  lacks: (beat: number, titles: string) => `Beat ${beat} has no ${titles}`,
};
const MOST_MARKS = 60;

export function marksOf(label: Label): Mark[] {
  return label.instances.filter(isMark);
}

/** In the order of time, so that the same marks are always the same label. */
function sorted(marks: readonly Mark[], order: readonly string[]): Mark[] {
  return marks.toSorted((a, b) => a.frame - b.frame || order.indexOf(a.event) - order.indexOf(b.event));
}

function markAt(event: string, frame: number, moments: Moments): Mark {
  const start_s = startOf(moments, frame);
  return start_s === null ? { event, frame } : { event, frame, start_s };
}

function edit(work: Work, event: ToolEvent, question: Question): Edited {
  switch (event.kind) {
    case "mark":
      return set(work, question, event.key, within(event.moments, event.frame), event.moments);
    case "shift":
      return move(work, question, within(event.moments, event.frame), event.moments);
    case "erase":
      return erase(work);
    default:
      return unfinished(work, work.label, {});
  }
}

function chosenAs(marks: readonly Mark[], mark: Mark, armed: boolean): Partial<Work["hand"]> {
  return { chosen: { instance: marks.indexOf(mark), node: 0 }, armed };
}

/** Mark an event; where the same one is marked on that frame already, only choose it. */
function set(work: Work, question: Question, event: string, frame: number, moments: Moments): Edited {
  const marks = marksOf(work.label);
  const order = eventsOf(question).map((e) => e.key);
  if (!order.includes(event)) return unfinished(work, work.label, {});
  const same = marks.find((m) => m.event === event && m.frame === frame);
  if (same) return unfinished(work, work.label, chosenAs(marks, same, false));
  if (marks.length >= countOption(question, "instances", MOST_MARKS)) return unfinished(work, work.label, {});
  const mark = markAt(event, frame, moments);
  const next = sorted([...marks, mark], order);
  return finished(work, "mark", seen(next), chosenAs(next, mark, false));
}

/** Move the chosen mark to a frame, unless the same event is marked there. */
function move(work: Work, question: Question, frame: number, moments: Moments): Edited {
  const marks = marksOf(work.label);
  const i = work.hand.chosen?.instance ?? -1;
  const mark = marks[i];
  if (!mark || mark.frame === frame) return unfinished(work, work.label, {});
  if (marks.some((m) => m.event === mark.event && m.frame === frame)) return unfinished(work, work.label, {});
  const moved = markAt(mark.event, frame, moments);
  const next = sorted(marks.with(i, moved), eventsOf(question).map((e) => e.key));
  return finished(work, "move-mark", seen(next), chosenAs(next, moved, work.hand.armed));
}

/** Delete the chosen mark, or the last. */
function erase(work: Work): Edited {
  const marks = marksOf(work.label);
  const i = work.hand.chosen?.instance ?? marks.length - 1;
  if (!marks[i]) return unfinished(work, work.label, {});
  return finished(work, "delete-mark", seen(marks.toSpliced(i, 1)), { chosen: null, armed: false });
}

/** What may be wrong with the marks, in words; empty when nothing. Beats at the clip's ends may be cut. */
export function doubtOf(label: Label, question: Question): string {
  const marks = marksOf(label);
  const events = eventsOf(question);
  const tolerance_ms = question.options["tolerance_ms"];
  for (const { key, title } of events) {
    const times = marks.filter((m) => m.event === key).map((m) => m.start_s);
    const isTwice = times.some((t, i) => {
      const before = times[i - 1];
      return typeof tolerance_ms === "number" && t !== undefined && before !== undefined && (t - before) * 1000 <= tolerance_ms;
    });
    if (isTwice) return WORDS.twice(title);
  }
  if (!isPerBeat(question)) return "";
  const beats = beatsOf(marks, events.map((e) => e.key));
  for (const [i, beat] of beats.entries()) {
    const isEnd = i === 0 || i === beats.length - 1;
    const lacking = events.filter((e) => !(e.key in beat.marks));
    if (!isEnd && lacking.length > 0) return WORDS.lacks(i + 1, lacking.map((e) => e.title).join(", "));
  }
  return "";
}

function hint(work: Work, question: Question): string {
  if (work.label.visibility === "blurred" || work.label.visibility === "off") return "";
  if (work.hand.armed) return WORDS.armed;
  const doubt = doubtOf(work.label, question);
  if (doubt) return doubt;
  if (work.label.instances.length >= countOption(question, "instances", MOST_MARKS)) return WORDS.full;
  const keys = eventsOf(question).map((e) => `${e.hotkey.toUpperCase()} (${e.title})`);
  return work.label.instances.length > 0 ? "" : `${WORDS.first} ${keys.join(" or ")}`;
}

export const TOOL: Tool = {
  name: "mark",
  ...IN_TIME,
  hint,
  edit,
  toLabel: (label) => ({ visibility: label.visibility, instances: marksOf(label).map((mark) => ({ ...mark })) }),
  readInstance(raw) {
    const given = record(raw);
    const frame = number(given?.["frame"]);
    const event = given?.["event"];
    const start_s = number(given?.["start_s"]);
    if (frame === null || typeof event !== "string") return null;
    return start_s === null ? { event, frame } : { event, frame, start_s };
  },
};
