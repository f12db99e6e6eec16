/** A choice: one of the question's categories. */

import { isChoice, seen } from "../core/types";
import type { Label, Question } from "../core/types";
import { finished, record, unfinished } from "./base";
import type { Tool } from "./base";

export interface Category {
  readonly key: string;
  readonly title: string;
  readonly family: string;
}

/** The categories of a choice question, in the protocol's order. */
export function categoriesOf(question: Question): Category[] {
  const raw = question.options["categories"];
  if (!Array.isArray(raw)) return [];
  return raw.map((row: unknown) => {
    if (typeof row === "string") return { key: row, title: row, family: "" };
    const given = record(row) ?? {};
    const key = String(given["key"] ?? "");
    return { key, title: String(given["title"] ?? key), family: String(given["family"] ?? "") };
  });
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
