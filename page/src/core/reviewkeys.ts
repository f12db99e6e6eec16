/** What each key does on the review screen; pure. */

export type ReviewCommand =
  | "approve" | "reject" | "redraw" | "remask" | "recheck" | "next" | "previous" | "outline" | "boxes" | "blink" | "darkest" | "play"
  | "larger" | "smaller" | "help" | "escape" | "back" | "ahead";

export const REVIEW_SHEET: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ["Decide", [["A", "approve"], ["R", "reject"], ["D", "draw the mask anew"], ["J K", "next, previous clip"]]],
  ["Read it again", [["F", "let the mask be found anew"], ["C", "let the text check look again"]]],
  ["Look", [
    ["M", "outline of the mask"],
    ["T", "where the text check saw something"],
    ["B", "blink: before in the place of after"],
    ["E", "darkest of all frames below the brightest: on, off"],
    ["Space P", "play the masked frames"],
    ["← →", "one frame"],
    ["+ −", "larger, smaller"],
  ]],
  ["Draw (after D)", [
    ["click", "set a corner; on an edge: put one in"],
    ["drag", "move a corner"],
    ["first corner, N", "close the polygon; go on with another"],
    ["arrows", "move the cross, or the chosen corner (Shift: ten pixels)"],
    ["Space", "set a corner at the cross"],
    ["[ ]", "choose the previous, next corner"],
    ["Backspace", "take a corner away"],
    ["X", "begin with nothing"],
    ["Ctrl Z", "undo"],
    ["Enter", "apply"],
    ["Esc", "leave it as it was"],
  ]],
];

const KEYS: Readonly<Record<string, ReviewCommand>> = {
  a: "approve", r: "reject", d: "redraw", f: "remask", c: "recheck", j: "next", k: "previous", m: "outline", t: "boxes", b: "blink", e: "darkest", p: "play",
  "+": "larger", "=": "larger", "-": "smaller", "?": "help",
};
const NAMED: Readonly<Record<string, ReviewCommand>> = {
  " ": "play", Escape: "escape", ArrowLeft: "back", ArrowRight: "ahead",
};

const ONCE: readonly ReviewCommand[] = ["approve", "reject", "redraw", "remask", "recheck"];

/** The command of a key; null when it has none. A decision held down is one decision. */
export function reviewCommand(key: string, letters: boolean, repeated: boolean): ReviewCommand | null {
  const named = NAMED[key];
  if (named) return named;
  const found = letters ? (KEYS[key.toLowerCase()] ?? null) : null;
  return found && ONCE.includes(found) && repeated ? null : found;
}

/** Why clips are rejected, most frequent first; the list of what was left out counts by these. */
export const REJECT_REASONS = [
  "name or number in the image",
  "face, hand or room in the image",
  "not ultrasound",
  "no usable image",
  "wrong patient or study",
] as const;

/** Why something that the text check saw names nobody. */
export const HARMLESS_REASONS = [
  "depth scale or probe mark",
  "no text: speckle or an edge",
  "measurement or view name",
] as const;
