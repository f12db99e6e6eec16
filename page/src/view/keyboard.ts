/** Keys of the labelling screen: each is a command, and each command is also a button somewhere. */

import { commandOf } from "../core/keys";
import type { Command } from "../core/keys";
import { chosenOf } from "../tools/choose";
import type { Cine } from "./cine.svelte";
import type { Desk } from "./desk.svelte";
import { isInTime, type InTime } from "./intime";

interface Screen {
  readonly desk: Desk;
  readonly cine: Cine;
  readonly itemFrame: number | null;
  readonly letters: () => boolean;
  readonly scale: () => number;
  readonly done: () => void;
  readonly picture: () => { fitToStage(): void; zoom(factor: number): void } | undefined;
  readonly hide: (value: boolean) => void;
  readonly sheet: () => void;
  readonly closeSheet: () => void;
  readonly windowKey: (value: boolean) => void;
  readonly resetTone: () => void;
  /** Whether the tone was changed since W went down. */
  readonly toneMoved: () => boolean;
  readonly byKey: () => void;
  /** The cross-hair that stands in for the pointer. */
  readonly cursor: CrossHair;
  /** Marks in time. */
  readonly inTime: InTime;
}

export interface CrossHair {
  isOn(): boolean;
  toggle(): void;
  move(dx: number, dy: number): void;
  click(): void;
}

interface Keys {
  readonly down: (event: KeyboardEvent) => void;
  readonly up: (event: KeyboardEvent) => void;
  readonly blur: () => void;
}

const ZOOM_STEP = 1.25;
/** A shorter press of W resets; a longer one was for dragging. */
const TAP_MS = 250;
/** How far a key moves the cross-hair, px of the screen. */
const STRIDE_PX = 12;

export function deskKeys(screen: Screen): Keys {
  const { desk, cine } = screen;
  let windowSince = 0;

  const nudge = (dx: number, dy: number, shift: boolean): boolean => {
    if (screen.cursor.isOn()) {
      const stride = shift ? 1 : STRIDE_PX;
      screen.cursor.move(dx * stride, dy * stride);
      return true;
    }
    const question = desk.question;
    if (isInTime(question)) return screen.inTime.arrow(dx, dy, shift);
    if (!question || cine.playing || !desk.work(question).hand.chosen) return false;
    const px = (shift ? 10 : 1) / screen.scale();
    desk.event({ kind: "nudge", dx: dx * px, dy: dy * px }, false);
    return true;
  };

  const commands: Record<Command, (shift: boolean) => void> = {
    play: () => (screen.cursor.isOn() ? screen.cursor.click() : cine.toggle()),
    cursor: () => screen.cursor.toggle(),
    back: (shift) => void (nudge(-1, 0, shift) || cine.step(shift ? -10 : -1)),
    ahead: (shift) => void (nudge(1, 0, shift) || cine.step(shift ? 10 : 1)),
    "nudge-up": (shift) => void nudge(0, -1, shift),
    "nudge-down": (shift) => void nudge(0, 1, shift),
    first: () => cine.seek(0),
    last: () => cine.seek(cine.n - 1),
    "to-item-frame": () => screen.itemFrame !== null && cine.seek(screen.itemFrame),
    slower: () => cine.faster(-1),
    faster: () => cine.faster(1),
    "zoom-in": () => screen.picture()?.zoom(ZOOM_STEP),
    "zoom-out": () => screen.picture()?.zoom(1 / ZOOM_STEP),
    fit: () => screen.picture()?.fitToStage(),
    "reset-picture": () => screen.resetTone(),
    "next-missing": () => desk.nextMissing(1),
    "previous-missing": () => desk.nextMissing(-1),
    blurred: () => desk.setVisibility("blurred"),
    off: () => desk.setVisibility("off"),
    clear: () => desk.clear(),
    freehand: () => desk.toggleFreehand(),
    straight: () => desk.event({ kind: "step", step: "straight" }),
    gap: () => desk.event({ kind: "step", step: "gap" }),
    reverse: () => desk.event({ kind: "reverse" }),
    close: () => desk.event({ kind: "close" }),
    erase: () => desk.event({ kind: "erase" }),
    enter: () => {
      if (!desk.finish() && !desk.goOn()) screen.done();
    },
    undo: () => desk.undo(),
    redo: () => desk.redo(),
    help: () => screen.sheet(),
    examples: () => void (desk.tabs.examples = !desk.tabs.examples),
    escape: () => {
      screen.closeSheet();
      desk.tabs.examples = false;
      if (screen.cursor.isOn()) screen.cursor.toggle();
      desk.letGo();
    },
  };

  /** The keys of the choice that is open come first, then the question that has the key. */
  const chooseByKey = (event: KeyboardEvent): boolean => {
    const key = event.key.toLowerCase();
    const open = desk.question;
    if (open?.tool === "choose") {
      const did = desk.tabs.key(event, open, chosenOf(desk.label(open.key))[0] ?? null, desk.questions);
      if (typeof did === "string") desk.event({ kind: "pick", key: did });
      if (did !== false) return true;
    }
    if (screen.inTime.letter(key)) return true;
    const question = desk.asked.find((q) => q.hotkey === key);
    if (question) desk.activate(question.key);
    return question !== undefined;
  };

  const hold = (event: KeyboardEvent, value: boolean): boolean => {
    if (!screen.letters() || event.ctrlKey || event.metaKey) return false;
    const key = event.key.toLowerCase();
    if (key === "h") screen.hide(value);
    if (key === "w") {
      screen.windowKey(value);
      if (value && !event.repeat) windowSince = event.timeStamp;
      if (!value && event.timeStamp - windowSince < TAP_MS && !screen.toneMoved()) screen.resetTone();
    }
    return key === "h" || key === "w";
  };

  return {
    down(event) {
      if (isTyping(event)) return;
      screen.byKey();
      desk.touch();
      const control = event.ctrlKey || event.metaKey;
      const plain = !control && !event.altKey;
      if (plain && hold(event, true)) return;
      if (plain && event.key.length === 1 && screen.letters() && chooseByKey(event)) {
        event.preventDefault();
        return;
      }
      const press = { key: event.key, shift: event.shiftKey, control, alt: event.altKey };
      const command = commandOf(press, screen.letters());
      if (!command || (event.repeat && !REPEATS.has(command))) return;
      event.preventDefault();
      commands[command](event.shiftKey);
    },
    up(event) {
      hold(event, false);
      if (event.key.startsWith("Arrow")) desk.settle("nudge");
    },
    blur() {
      screen.hide(false);
      screen.windowKey(false);
      desk.settle("nudge");
    },
  };
}

const REPEATS: ReadonlySet<Command> = new Set([
  "back", "ahead", "nudge-up", "nudge-down", "undo", "redo", "zoom-in", "zoom-out", "erase",
] as const);

/** Keys belong to a field that is being typed in, and Enter and Space to a button that has the focus. */
function isTyping(event: KeyboardEvent): boolean {
  const on = event.target;
  if (!(on instanceof Element)) return false;
  if (on.closest("input[type=text], input[type=password], textarea, select")) return true;
  if (on.closest("input[type=range]")) return event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
  return (event.key === "Enter" || event.key === " ") && on.closest("button, a, summary") !== null;
}
