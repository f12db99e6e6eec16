/** What the lanes under the cine bar show: a lane a beat, an event or a question; pure. */

import { beatsOf, between_ms, eventsOf, isPerBeat } from "../core/beats";
import type { Label, Mark, Question } from "../core/types";
import type { Spot } from "../tools/base";
import { marksOf } from "../tools/mark";
import { spansOf } from "../tools/span";

/** One handle on a lane. */
export interface Peg {
  readonly spot: Spot;
  readonly frame: number;
  /** What stands on it. */
  readonly short: string;
  readonly name: string;
  readonly hue: number;
  readonly id: string;
  /** An edge of a bar stands beside its frame, a mark on it. */
  readonly side: "on" | "before" | "behind";
}

export interface Bar {
  readonly instance: number;
  readonly first: number;
  readonly last: number;
  readonly name: string;
}

export interface Lane {
  readonly key: string;
  readonly title: string;
  readonly note: string;
  readonly pegs: readonly Peg[];
  readonly bars: readonly Bar[];
}

const WORDS = {
  beat: (n: number) => `Beat ${n}`,
  frame: (i: number, s: number | undefined) => `frame ${i}${s === undefined ? "" : `, ${Math.round(s * 1000)} ms`}`,
  ms: (ms: number | null) => (ms === null ? "" : `${ms} ms`),
  start: "start",
  end: "end",
  frames: (n: number) => (n === 1 ? "1 frame" : `${n} frames`),
};
const N_HUES = 10;

export function lanesOf(question: Question, label: Label): Lane[] {
  if (question.tool === "span") return [spanLane(question, label)];
  return isPerBeat(question) ? beatLanes(question, label) : eventLanes(question, label);
}

function peg(question: Question, mark: Mark, instance: number, of: string, nth: number): Peg {
  const events = eventsOf(question);
  const i = Math.max(0, events.findIndex((e) => e.key === mark.event));
  const short = events[i]?.title ?? mark.event;
  return {
    spot: { instance, node: 0 },
    frame: mark.frame,
    short,
    name: [short, of, WORDS.frame(mark.frame, mark.start_s)].filter(Boolean).join(", "),
    hue: (question.hue + i) % N_HUES,
    id: `mark-${mark.event}-${nth}`,
    side: "on",
  };
}

function beatLanes(question: Question, label: Label): Lane[] {
  const order = eventsOf(question).map((e) => e.key);
  const beats = beatsOf(marksOf(label), order);
  return (beats.length > 0 ? beats : [{ marks: {} }]).map((beat, nth) => {
    const title = WORDS.beat(nth + 1);
    const found = order.flatMap((key) => beat.marks[key] ?? []);
    const [first, last] = [found[0]?.mark, found.at(-1)?.mark];
    const lasts_ms = found.length > 1 ? between_ms(first?.start_s ?? null, last?.start_s ?? null) : null;
    return {
      key: `${question.key}-${nth}`,
      title,
      note: WORDS.ms(lasts_ms),
      pegs: found.map(({ mark, instance }) => peg(question, mark, instance, title.toLowerCase(), nth)),
      bars: [],
    };
  });
}

function eventLanes(question: Question, label: Label): Lane[] {
  const marks = marksOf(label).map((mark, instance) => ({ mark, instance }));
  return eventsOf(question).map((event) => {
    const own = marks.filter(({ mark }) => mark.event === event.key);
    const pegs = own.map(({ mark, instance }, nth) => peg(question, mark, instance, "", nth));
    return { key: `${question.key}-${event.key}`, title: event.title, note: own.length > 0 ? `${own.length}×` : "", pegs, bars: [] };
  });
}

function spanLane(question: Question, label: Label): Lane {
  const spans = spansOf(label);
  const edge = (instance: number, node: 0 | 1): Peg => {
    const span = spans[instance] as (typeof spans)[number];
    const [frame, s] = node === 0 ? [span.first_frame, span.first_s] : [span.last_frame, span.last_s];
    const which = node === 0 ? WORDS.start : WORDS.end;
    return {
      spot: { instance, node }, frame, short: node === 0 ? "[" : "]",
      name: `${question.title} ${instance + 1}, ${which}, ${WORDS.frame(frame, s)}`,
      hue: question.hue, id: `${which}-${question.key}-${instance}`, side: node === 0 ? "before" : "behind",
    };
  };
  const total = spans.reduce((sum, s) => sum + s.last_frame - s.first_frame + 1, 0);
  return {
    key: question.key,
    title: question.title,
    note: total > 0 ? WORDS.frames(total) : "",
    pegs: spans.flatMap((_, i) => [edge(i, 0), edge(i, 1)]),
    bars: spans.map((s, instance) => ({
      instance, first: s.first_frame, last: s.last_frame,
      name: `${question.title} ${instance + 1}, ${WORDS.frame(s.first_frame, s.first_s)} to ${WORDS.frame(s.last_frame, s.last_s)}`,
    })),
  };
}

/** What lies on a frame, in words; empty for nothing. */
export function tagsAt(questions: readonly Question[], labels: (key: string) => Label, frame: number): string {
  return questions
    .flatMap((q) => (q.tool === "mark" ? marksOf(labels(q.key)).filter((m) => m.frame === frame).map((m) => ({ q, m })) : []))
    .map(({ q, m }) => eventsOf(q).find((e) => e.key === m.event)?.title ?? m.event)
    .join(" ");
}
