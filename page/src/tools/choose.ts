/** A choice: one of the question's categories. */

import { isChoice, seen } from "../core/types";
import type { Category, Label, Question } from "../core/types";
import { finished, record, unfinished } from "./base";
import type { Tool } from "./base";

/** The categories of a choice question in the order of their buttons: the label type on the server says them. */
export function categoriesOf(question: Question): readonly Category[] {
  return question.categories;
}

/** The key of the category that was chosen, or null. */
export function chosenOf(label: Label): string | null {
  const first = label.instances[0];
  return isChoice(first) ? first.key : null;
}

export const TOOL: Tool = {
  name: "choose",
  hint: () => "",
  draw: () => ({ lines: [], handles: [] }),
  hit: () => null,
  edit(work, event, question) {
    if (event.kind === "erase") return finished(work, "clear", { visibility: "unasked", instances: [] }, {});
    const isLegal = event.kind === "pick" && categoriesOf(question).some((c) => c.key === event.key);
    if (event.kind !== "pick" || !isLegal) return unfinished(work, work.label, {});
    return finished(work, "choose", seen([{ key: event.key }]), {}, true);
  },
  isWhole: (label) => label.visibility !== "seen" || chosenOf(label) !== null,
  toLabel: (label) => ({
    visibility: label.visibility,
    instances: label.instances.filter(isChoice).map(({ key }) => ({ key })),
  }),
  readInstance(raw) {
    const key = record(raw)?.["key"];
    return typeof key === "string" ? { key } : null;
  },
};
