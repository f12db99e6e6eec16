/** My own order of items: what is next, what is missing; pure. */

import { labelOf } from "./types";
import type { Labels, Question } from "./types";

export interface Place {
  readonly item: string;
  readonly state: "open" | "started" | "look-again" | "done" | "unusable";
}

/** The next item that is not finished, looked for behind `item` and then from the start; null when all are. */
export function nextOpen(queue: readonly Place[], item: string, finished: ReadonlySet<string>): string | null {
  const i = queue.findIndex((entry) => entry.item === item);
  const around = [...queue.slice(i + 1), ...queue.slice(0, Math.max(0, i))];
  const isOpen = (entry: Place): boolean =>
    entry.state !== "done" && entry.state !== "unusable" && !finished.has(entry.item);
  return around.find(isOpen)?.item ?? null;
}

/** The items before and behind one. */
export function neighbours(queue: readonly Place[], item: string): { previous: string | null; next: string | null } {
  const i = queue.findIndex((entry) => entry.item === item);
  if (i < 0) return { previous: null, next: null };
  return { previous: queue[i - 1]?.item ?? null, next: queue[i + 1]?.item ?? null };
}

/** The next question without an answer, behind `from` and then from the start; `by` -1 looks the other way. */
export function nextMissing(
  questions: readonly Question[],
  isAnswered: (question: Question) => boolean,
  from: string | null,
  by: 1 | -1 = 1,
): Question | null {
  const n = questions.length;
  const at = questions.findIndex((q) => q.key === from);
  const begin = at < 0 && by === -1 ? 0 : at;
  for (let k = 1; k <= n; k++) {
    const question = questions[(((begin + by * k) % n) + n) % n] as Question;
    if (!isAnswered(question)) return question;
  }
  return null;
}

/** The required questions that have no answer yet. */
export function missing(
  questions: readonly Question[],
  labels: Labels,
  isWhole: (question: Question) => boolean,
): Question[] {
  return questions.filter((q) => q.required && (labelOf(labels, q.key).visibility === "unasked" || !isWhole(q)));
}
