/** What each key does on the labelling screen; pure. Letters can be switched off, the rest cannot. */

export type Command =
  | "play"
  | "back"
  | "ahead"
  | "first"
  | "last"
  | "to-item-frame"
  | "slower"
  | "faster"
  | "zoom-in"
  | "zoom-out"
  | "fit"
  | "reset-picture"
  | "next-missing"
  | "previous-missing"
  | "blurred"
  | "off"
  | "clear"
  | "freehand"
  | "straight"
  | "gap"
  | "reverse"
  | "close"
  | "erase"
  | "enter"
  | "undo"
  | "redo"
  | "help"
  | "escape"
  | "nudge-up"
  | "nudge-down"
  | "cursor"
  | "examples";

export interface Press {
  readonly key: string;
  readonly shift: boolean;
  readonly control: boolean;
  readonly alt: boolean;
}

interface Row {
  readonly keys: string;
  readonly says: string;
}

/** The key sheet, group by group. */
export const SHEET: readonly (readonly [string, readonly Row[]])[] = [
  [
    "Recording",
    [
      { keys: "Space", says: "play, pause" },
      { keys: "← →", says: "one frame (Shift: ten); with a chosen handle and playback paused: nudge it" },
      { keys: "Home End", says: "first, last frame" },
      { keys: "[", says: "to the frame that is asked" },
      { keys: ", .", says: "slower, faster" },
    ],
  ],
  [
    "Picture",
    [
      { keys: "wheel", says: "zoom at the pointer" },
      { keys: "+ −", says: "zoom" },
      { keys: "Z", says: "fit to the screen" },
      { keys: "right drag, two fingers", says: "move the picture" },
      { keys: "W hold + drag", says: "brightness and contrast" },
      { keys: "W", says: "brightness and contrast as they were" },
      { keys: "H hold", says: "hide all labels" },
    ],
  ],
  [
    "Structures",
    [
      { keys: "1–9", says: "choose a structure (its key is printed on it)" },
      { keys: "N, Shift N", says: "next, previous without an answer" },
      { keys: "B", says: "I can't see it: it may be there" },
      { keys: "O", says: "not there, for certain" },
      { keys: "X", says: "clear the structure" },
    ],
  ],
  [
    "Drawing",
    [
      { keys: "click", says: "add a node; on the curve: put one in" },
      { keys: "drag", says: "move a node, or bend the curve where you hold it" },
      { keys: "Enter, double click", says: "end the curve" },
      { keys: "F", says: "freehand: draw it in one stroke" },
      { keys: "D", says: "segment straight or bendy" },
      { keys: "G", says: "segment is a gap: border not visible" },
      { keys: "R", says: "turn a curve round" },
      { keys: "L", says: "close a curve that has no landmarks at its ends; open it again" },
      { keys: "Backspace", says: "take back the last or chosen node" },
      { keys: "Alt click, long press", says: "delete a node" },
      { keys: "arrows", says: "nudge the chosen handle (Shift: ten pixels)" },
      { keys: "C", says: "a cross-hair instead of the pointer: arrows move it (Shift: finely), Space clicks, C puts it away" },
    ],
  ],
  [
    "Moments of a clip",
    [
      { keys: "E, S", says: "mark the event with that letter at this frame (ED, ES); an interval: S starts it, E ends it" },
      { keys: "↑ ↓", says: "choose the mark before, the next mark" },
      { keys: "← → on a chosen mark", says: "move it by a frame (Shift: ten); Esc lets go" },
      { keys: "Backspace on a mark", says: "delete the chosen or the last mark" },
    ],
  ],
  [
    "Choices",
    [
      { keys: "1–9, letters", says: "choose what has the key printed on it" },
      { keys: "0", says: "none of these: you looked, and nothing on the list fits" },
      { keys: "B", says: "not sure: there may be something, and you cannot tell" },
      { keys: "Shift 1–9", says: "the family with that number, in a long list" },
      { keys: "/", says: "search a long list; ↑ ↓ and Enter choose" },
      { keys: "Enter", says: "from a choice of several on to the next question" },
    ],
  ],
  [
    "Work",
    [
      { keys: "Ctrl Z, Ctrl Shift Z", says: "undo, redo: everything" },
      { keys: "Enter", says: "done, next item" },
      { keys: "Esc", says: "let go" },
      { keys: "I", says: "examples of the question: good, borderline, wrong" },
      { keys: "?", says: "this list" },
    ],
  ],
];

const NAMED: Readonly<Record<string, Command>> = {
  " ": "play",
  ArrowLeft: "back",
  ArrowRight: "ahead",
  ArrowUp: "nudge-up",
  ArrowDown: "nudge-down",
  Home: "first",
  End: "last",
  Enter: "enter",
  Escape: "escape",
  Backspace: "erase",
  Delete: "erase",
};

const SINGLE: Readonly<Record<string, Command>> = {
  "[": "to-item-frame",
  "]": "to-item-frame",
  ",": "slower",
  ".": "faster",
  "+": "zoom-in",
  "=": "zoom-in",
  "-": "zoom-out",
  z: "fit",
  n: "next-missing",
  b: "blurred",
  o: "off",
  x: "clear",
  f: "freehand",
  d: "straight",
  g: "gap",
  l: "close",
  r: "reverse",
  c: "cursor",
  i: "examples",
  "?": "help",
};

/** The command of a key press; null when it has none. `letters` says whether single letters count. */
export function commandOf(press: Press, letters: boolean): Command | null {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.control) {
    if (key === "z") return press.shift ? "redo" : "undo";
    return key === "y" ? "redo" : null;
  }
  if (press.alt) return null;
  if (key === "n" && press.shift && letters) return "previous-missing";
  return NAMED[key] ?? (letters ? (SINGLE[key] ?? null) : null);
}
