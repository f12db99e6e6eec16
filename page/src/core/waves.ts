/** Structures that come once a beat, such as E and A: what is next, and which belong to one beat; pure. */

import { isCurve, isPoint, labelOf } from "./types";
import type { Labels, Pt, Question } from "./types";

export function isPerBeat(question: Question): boolean {
  return question.options["per_beat"] === true;
}

/** Whether a question's places are read out in cm/s and ms. */
export function isVelocity(question: Question): boolean {
  return question.options["axis"] === "velocity";
}

/** The questions whose velocities are listed beat by beat; an envelope is listed by its points. */
export function wavesAsked(questions: readonly Question[]): Question[] {
  const hasTies = (q: Question): boolean => Object.keys(q.options["ties"] ?? {}).length > 0;
  return questions.filter((q) => isPerBeat(q) && isVelocity(q) && !hasTies(q));
}

/** One structure of one beat: where it stands, and which instance of its question it is. */
export interface Wave {
  readonly key: string;
  readonly instance: number;
  readonly at: Pt;
}

/** The point questions that an envelope sets by itself. */
function tiedKeys(questions: readonly Question[]): ReadonlySet<unknown> {
  return new Set(questions.flatMap((q) => (isPerBeat(q) ? Object.values(q.options["ties"] ?? {}) : [])));
}

/** The question of the beat that follows, and round again; what an envelope sets is not asked. Null when all is. */
export function nextOfBeat(questions: readonly Question[], active: string | null, takesMore: (q: Question) => boolean): Question | null {
  const tied = tiedKeys(questions);
  const asked = questions.filter((q) => isPerBeat(q) && !tied.has(q.key));
  const from = asked.findIndex((q) => q.key === active);
  if (from < 0) return null;
  const around = [...asked.slice(from + 1), ...asked.slice(0, from + 1)];
  return around.find(takesMore) ?? null;
}

/**
 * The beats in the order of time. A beat takes the questions in their order, each once at most: a structure whose
 * question is not behind the last one's opens the next beat, so that a missing wave leaves its place empty.
 */
export function beatsOf(questions: readonly Question[], labels: Labels): Wave[][] {
  const asked = wavesAsked(questions);
  const rank = new Map(asked.map((q, i) => [q.key, i]));
  const waves = asked.flatMap((q) => wavesOf(q.key, labels)).toSorted((a, b) => a.at.x - b.at.x);
  const beats: Wave[][] = [];
  let last = Infinity;
  for (const wave of waves) {
    const now = rank.get(wave.key) ?? 0;
    if (now <= last) beats.push([]);
    beats.at(-1)?.push(wave);
    last = now;
  }
  return beats;
}

function wavesOf(key: string, labels: Labels): Wave[] {
  return labelOf(labels, key).instances.flatMap((instance, i) => {
    const at = isCurve(instance) ? peakOf(instance.nodes) : isPoint(instance) ? instance : null;
    return at ? [{ key, instance: i, at }] : [];
  });
}

/** The node of an envelope that is farthest from the line between its ends. */
function peakOf(nodes: readonly Pt[]): Pt | null {
  const first = nodes[0];
  const last = nodes.at(-1);
  if (!first || !last) return null;
  const base = (first.y + last.y) / 2;
  return nodes.reduce((best, n) => (Math.abs(n.y - base) > Math.abs(best.y - base) ? n : best), first);
}
