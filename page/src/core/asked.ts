/** Questions that are asked only after a certain answer to an earlier one; pure. The server asks by the same rule. */

import { isChoice, labelOf, UNASKED } from "./types";
import type { Labels, Question } from "./types";

/** The keys that were chosen as the answer to a question. */
export function chosenKeys(labels: Labels, key: string): string[] {
  return labelOf(labels, key).instances.flatMap((i) => (isChoice(i) ? [i.key] : []));
}

/** The questions that are asked, given the answers as they stand. */
export function asked(questions: readonly Question[], labels: Labels): Question[] {
  const shown = new Set<string>();
  return questions.filter((question) => {
    const holds = ([key, keys]: readonly [string, readonly string[]]): boolean =>
      shown.has(key) && chosenKeys(labels, key).some((k) => keys.includes(k));
    const isAsked = Object.entries(question.when ?? {}).every(holds);
    if (isAsked) shown.add(question.key);
    return isAsked;
  });
}

/** The labels without answers to what is not asked any more; the same object when there are none. */
export function pruned(labels: Labels, questions: readonly Question[]): Labels {
  const shown = new Set(asked(questions, labels).map((q) => q.key));
  const loose = questions.filter((q) => !shown.has(q.key) && labelOf(labels, q.key).visibility !== "unasked");
  if (loose.length === 0) return labels;
  return { ...labels, ...Object.fromEntries(loose.map((q) => [q.key, UNASKED])) };
}
