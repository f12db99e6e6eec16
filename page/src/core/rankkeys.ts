/** What each key does where cards are put in order; pure. Letters can be switched off, the rest cannot. */

import { commandOf, type Press } from "./keys";

export type RankCommand =
  | { readonly do: "choose"; readonly by: number }
  | { readonly do: "row"; readonly by: 1 | -1 }
  | { readonly do: "move"; readonly by: 1 | -1 }
  | { readonly do: "number"; readonly n: number }
  | { readonly do: "step"; readonly by: 1 | -1 }
  | { readonly do: "speed"; readonly by: 1 | -1 }
  | { readonly do: "tie" | "aside" | "level" | "enlarge" | "clear" | "play" | "done" | "escape" | "undo" | "redo" | "help" };

const NAMED: Readonly<Record<string, RankCommand>> = {
  ArrowLeft: { do: "choose", by: -1 },
  ArrowRight: { do: "choose", by: 1 },
  ArrowUp: { do: "row", by: -1 },
  ArrowDown: { do: "row", by: 1 },
};

const SINGLE: Readonly<Record<string, RankCommand>> = {
  t: { do: "tie" },
  b: { do: "aside" },
  "=": { do: "level" },
  "0": { do: "level" },
  z: { do: "enlarge" },
  "[": { do: "step", by: -1 },
  "]": { do: "step", by: 1 },
};

const SHARED = { play: "play", enter: "done", escape: "escape", undo: "undo", redo: "redo", help: "help", clear: "clear" } as const;

/** The command of a key press; null when it has none. */
export function rankCommand(press: Press, letters: boolean): RankCommand | null {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const isPlain = !press.control && !press.alt;
  if (isPlain && press.shift && (key === "ArrowLeft" || key === "ArrowRight")) return { do: "move", by: key === "ArrowLeft" ? -1 : 1 };
  if (isPlain && NAMED[key]) return NAMED[key];
  if (isPlain && letters && /^[1-8]$/.test(key)) return { do: "number", n: Number(key) };
  if (isPlain && letters && SINGLE[key]) return SINGLE[key];
  const shared = commandOf(press, letters);
  if (shared === "slower" || shared === "faster") return { do: "speed", by: shared === "faster" ? 1 : -1 };
  return shared !== null && shared in SHARED ? { do: SHARED[shared as keyof typeof SHARED] } : null;
}

type Group = readonly [string, readonly { readonly keys: string; readonly says: string }[]];

const PLAYING: Group = [
  "Loops",
  [
    { keys: "Space", says: "play, pause: all together" },
    { keys: "[ ]", says: "one frame back, on" },
    { keys: ", .", says: "slower, faster" },
    { keys: "Z", says: "the chosen one large, and back" },
  ],
];
const WORK: Group = [
  "Work",
  [
    { keys: "X", says: "clear: as it was shown" },
    { keys: "Ctrl Z, Ctrl Shift Z", says: "undo, redo: everything" },
    { keys: "Enter", says: "done, next item" },
    { keys: "Esc", says: "let go" },
    { keys: "?", says: "this list" },
  ],
];

/** The key sheet of cards on an axis. */
export const RANK_SHEET: readonly Group[] = [
  [
    "Order",
    [
      { keys: "← → ↑ ↓", says: "choose a card" },
      { keys: "Shift ← →", says: "move the chosen card" },
      { keys: "1–8, 1–8", says: "take the card on this place, put it on that place" },
      { keys: "T", says: "level with the one before, or not any more" },
      { keys: "= or 0", says: "no visible difference at all" },
      { keys: "B", says: "cannot be judged: set aside, or take back" },
      { keys: "click, click", says: "take a card, put it on the place of another" },
      { keys: "drag", says: "put it between two, or onto one that is level" },
    ],
  ],
  PLAYING,
  WORK,
];

/** The key sheet of two side by side. */
export const PAIR_SHEET: readonly Group[] = [
  [
    "Which",
    [
      { keys: "← or 1", says: "the left one" },
      { keys: "→ or 2", says: "the right one" },
      { keys: "= or 0", says: "no visible difference" },
    ],
  ],
  PLAYING,
  WORK,
];
