/** What is marked in time, in order, and which letters mark; pure. */

import { marksOf } from "../tools/mark";
import { END, spansOf, START } from "../tools/span";
import type { Spot } from "../tools/base";
import { eventsOf } from "../core/beats";
import type { Label, Question } from "../core/types";

/** One thing that can be set at a frame: its name for the tool, its words, its letter. */
export interface Setter {
  readonly key: string;
  readonly title: string;
  readonly hotkey: string;
}

/** One place in time that can be chosen and moved. */
export interface Stop {
  readonly spot: Spot;
  readonly frame: number;
}

const SPAN_SETTERS: readonly Setter[] = [
  { key: START, title: "Starts here", hotkey: "s" },
  { key: END, title: "Ends here", hotkey: "e" },
];

export function settersOf(question: Question): readonly Setter[] {
  return question.tool === "span" ? SPAN_SETTERS : eventsOf(question);
}

/** The places of a label that can be moved, in the order of time. */
export function stopsOf(question: Question, label: Label): Stop[] {
  if (question.tool === "span") {
    return spansOf(label).flatMap((s, instance) => [
      { spot: { instance, node: 0 }, frame: s.first_frame },
      { spot: { instance, node: 1 }, frame: s.last_frame },
    ]);
  }
  return marksOf(label).map((m, instance) => ({ spot: { instance, node: 0 }, frame: m.frame }));
}

export function isSame(a: Spot | null, b: Spot): boolean {
  return a !== null && a.instance === b.instance && a.node === b.node;
}

/** The stop that is chosen next: behind or before the chosen one, else the nearest on that side of a frame. */
export function nextStop(stops: readonly Stop[], chosen: Spot | null, frame: number, by: 1 | -1): Stop | null {
  const at = stops.findIndex((s) => isSame(chosen, s.spot));
  if (at >= 0) return stops[at + by] ?? stops[at] ?? null;
  const side = by === 1 ? stops.find((s) => s.frame >= frame) : stops.findLast((s) => s.frame <= frame);
  return side ?? stops.at(by === 1 ? -1 : 0) ?? null;
}
