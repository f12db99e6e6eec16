/** A choice: one of the question's categories, several of them, or a grade. */

import { isSeveral, mostOf, picked } from "../core/choosing";
import { isChoice, seen } from "../core/types";
import type { Label } from "../core/types";
import { finished, record, unfinished } from "./base";
import type { Tool } from "./base";

/** The keys that were chosen. */
export function chosenOf(label: Label): readonly string[] {
  return label.instances.filter(isChoice).map((choice) => choice.key);
}

export const TOOL: Tool = {
  name: "choose",
  hint({ label }, question) {
    if (!isSeveral(question)) return "";
    const n = chosenOf(label).length;
    if (n >= mostOf(question) && n > 1) return `At most ${mostOf(question)}: take one out to choose another`;
    return n > 0 ? "Choose all that hold; Enter goes on" : "Choose all that hold";
  },
  draw: () => ({ lines: [], handles: [] }),
  hit: () => null,
  edit(work, event, question) {
    if (event.kind === "erase") return finished(work, "clear", { visibility: "unasked", instances: [] }, {});
    if (event.kind !== "pick") return unfinished(work, work.label, {});
    const before = chosenOf(work.label);
    const after = picked(question, before, event.key);
    if (after === before) return unfinished(work, work.label, {});
    return finished(work, "choose", seen(after.map((key) => ({ key }))), {}, !isSeveral(question));
  },
  isWhole: (label) => label.visibility !== "seen" || chosenOf(label).length > 0,
  toLabel: (label) => ({ visibility: label.visibility, instances: chosenOf(label).map((key) => ({ key })) }),
  readInstance(raw) {
    const key = record(raw)?.["key"];
    return typeof key === "string" ? { key } : null;
  },
};
