/** The buttons of a choice: tabs by family, a key for each button, search; pure. */

import type { Category, Question } from "./types";

/** The key of "none of these" where the question's option gives it words. */
export const NONE = "none";
/** So many buttons want a search field. */
export const LONG_LIST = 20;
/** The most buttons that stand beside the picture without tabs, each with a key of its own. */
export const ONE_PAGE = 20;

const DIGITS = "123456789";
/** Letters that the screen does not use for itself. */
const LETTERS = "ajklmpqrtuvy";

/** Whether more than one may be chosen. */
export function isSeveral(question: Question): boolean {
  return question.options["several"] === true;
}

/** Whether the categories are grades, the lowest first. */
export function isOrdered(question: Question): boolean {
  return question.options["ordered"] === true;
}

/** How many may be chosen. */
export function mostOf(question: Question): number {
  if (!isSeveral(question)) return 1;
  const most = question.options["max"];
  return typeof most === "number" ? most : question.categories.length;
}

/** The category that stands alone, "none of these"; null when the question has none. */
export function noneOf(question: Question): Category | null {
  if (typeof question.options["none"] !== "string") return null;
  return question.categories.find((c) => c.key === NONE) ?? null;
}

/** The categories without "none of these". */
export function listed(question: Question): readonly Category[] {
  const none = noneOf(question);
  return none ? question.categories.filter((c) => c !== none) : question.categories;
}

/** The families in order. */
export function familiesOf(categories: readonly Category[]): readonly string[] {
  return [...new Set(categories.map((c) => c.family))];
}

/** The families that are tabs; none when the list is short enough to stand there at once. */
export function tabsOf(question: Question): readonly string[] {
  const families = familiesOf(listed(question));
  return families.length > 1 && listed(question).length > ONE_PAGE ? families : [];
}

/** What stands under a tab; everything when there are no tabs. */
export function underTab(question: Question, tab: number): readonly Category[] {
  const tabs = tabsOf(question);
  return tabs.length === 0 ? listed(question) : listed(question).filter((c) => c.family === tabs[tab]);
}

/** The tab under which a category stands, 0 when there are none. */
export function tabOf(question: Question, key: string | null): number {
  const family = question.categories.find((c) => c.key === key)?.family;
  return Math.max(0, tabsOf(question).indexOf(family ?? ""));
}

/** The key of each of `n` buttons: the digits, then letters that no question has for itself; then none. */
export function keysOf(n: number, questions: readonly Question[]): string[] {
  const taken = new Set(questions.map((q) => q.hotkey));
  const keys = [...DIGITS, ...[...LETTERS].filter((letter) => !taken.has(letter))];
  return Array.from({ length: n }, (_, i) => keys[i] ?? "");
}

/** The categories whose words, key or family hold every word of the search, in order. */
export function found(question: Question, search: string): readonly Category[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return listed(question).filter((c) => {
    const text = `${c.title} ${c.key} ${c.family}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The keys that stand chosen after one was picked: it is put in or taken out; "none" and the rest exclude each other. */
export function picked(question: Question, chosen: readonly string[], key: string): readonly string[] {
  if (!question.categories.some((c) => c.key === key)) return chosen;
  if (!isSeveral(question)) return [key];
  if (chosen.includes(key)) return chosen.filter((k) => k !== key);
  const alone = noneOf(question)?.key;
  if (key === alone) return [key];
  const rest = chosen.filter((k) => k !== alone);
  if (rest.length >= mostOf(question)) return chosen;
  return question.categories.map((c) => c.key).filter((k) => k === key || rest.includes(k));
}

/** What a press of a key on the screen of a choice does. */
export type Pressed =
  | { readonly kind: "pick"; readonly key: string }
  | { readonly kind: "tab"; readonly tab: number }
  | { readonly kind: "search" };

/**
 * Read a key: a button's own, 0 for "none of these", / for the search, Shift and a digit for a tab. On keyboards
 * where the digits themselves want Shift, the bare key is the tab.
 */
export function pressed(
  press: { readonly key: string; readonly code: string },
  question: Question,
  tab: number,
  questions: readonly Question[],
): Pressed | null {
  const key = press.key.toLowerCase();
  const digit = /^Digit([1-9])$/.exec(press.code)?.[1];
  if (digit !== undefined && !/^\d$/.test(key)) {
    const wanted = Number(digit) - 1;
    return wanted < tabsOf(question).length ? { kind: "tab", tab: wanted } : null;
  }
  if (key === "0") {
    const none = noneOf(question);
    return none ? { kind: "pick", key: none.key } : null;
  }
  if (key === "/") return listed(question).length > LONG_LIST ? { kind: "search" } : null;
  const shown = underTab(question, tab);
  const at = key === "" ? -1 : keysOf(shown.length, questions).indexOf(key);
  const category = shown[at];
  return category ? { kind: "pick", key: category.key } : null;
}
