/** Marks of a clip in time: which beat each belongs to, and what a moment is called. The server's rule, pinned by a shared file. */

import type { Mark, Question } from "./types";

/** One event that can be marked, as the protocol names it. */
export interface NamedEvent {
  readonly key: string;
  readonly title: string;
  readonly hotkey: string;
}

export interface Beat {
  /** The mark of each event, with its place in the list that came in. */
  readonly marks: Readonly<Record<string, { readonly mark: Mark; readonly instance: number }>>;
}

/** The events of a question in the order in which they follow one another. */
export function eventsOf(question: Question): readonly NamedEvent[] {
  const rows = question.options["events"];
  if (!Array.isArray(rows)) return [];
  return (rows as { key: string; title?: string; hotkey: string }[]).map(({ key, title, hotkey }) => ({
    key,
    title: title ?? key,
    hotkey: hotkey.toLowerCase(),
  }));
}

export function isPerBeat(question: Question): boolean {
  return question.options["per_beat"] === true;
}

/** A beat takes the events in their order, each once at most; a mark that comes no later opens the next beat. */
export function beatsOf(marks: readonly Mark[], order: readonly string[]): Beat[] {
  const place = new Map(order.map((key, i) => [key, i]));
  const rank = (mark: Mark): number => place.get(mark.event) ?? 0;
  const sorted = marks
    .map((mark, instance) => ({ mark, instance }))
    .toSorted((a, b) => a.mark.frame - b.mark.frame || rank(a.mark) - rank(b.mark));
  const found: Record<string, { mark: Mark; instance: number }>[] = [];
  let last = order.length;
  for (const entry of sorted) {
    if (rank(entry.mark) <= last) found.push({});
    (found.at(-1) as Record<string, typeof entry>)[entry.mark.event] = entry;
    last = rank(entry.mark);
  }
  return found.map((beat) => ({ marks: beat }));
}

/** Milliseconds between two frames, null where the recording does not say its times. */
export function between_ms(from_s: number | null, to_s: number | null): number | null {
  return from_s === null || to_s === null ? null : Math.round((to_s - from_s) * 1000);
}
