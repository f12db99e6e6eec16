/** Which family's tab is open, and what is searched for, question by question. */

import { pressed, tabOf } from "../core/choosing";
import type { Question } from "../core/types";

export class Tabs {
  search = $state("");
  /** Whether the examples of the open question are shown. */
  examples = $state(false);
  private open = $state.raw<Readonly<Record<string, number>>>({});
  /** The search field of the question that is open, while it is on the screen. */
  field: HTMLInputElement | null = null;

  /** The open tab of a question: as the person left it, else where the chosen category stands. */
  of(question: Question, chosen: string | null): number {
    return this.open[question.key] ?? tabOf(question, chosen);
  }

  show(question: Question, tab: number): void {
    this.open = { ...this.open, [question.key]: tab };
    this.search = "";
  }

  /** What a key does to a choice: the key of the category to pick, true when it did something else, false if nothing. */
  key(event: KeyboardEvent, question: Question, chosen: string | null, questions: readonly Question[]): string | boolean {
    const act = pressed(event, question, this.of(question, chosen), questions);
    if (act === null) return false;
    if (act.kind === "pick") return act.key;
    if (act.kind === "tab") this.show(question, act.tab);
    else this.field?.focus();
    return true;
  }
}
