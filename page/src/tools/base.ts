/**
 * What a tool is: one gesture with its hand. A tool is pure; the screen tells it what happened in px of the frame
 * and shows what it draws. Each file beside this one offers one `TOOL`.
 */

import type { Place } from "../core/geometry";
import type { Moments } from "../core/moments";
import type { Arrange } from "../core/ordering";
import type { Label, Pt, Question, Step } from "../core/types";

/** One handle: which instance, and which of its nodes (0 for a point). */
export interface Spot {
  readonly instance: number;
  readonly node: number;
}

/** What is held while the pointer is down. `moved` turns true beyond the slop. */
export interface Grip {
  readonly kind: "handle" | "new" | "body" | "trace";
  readonly spot: Spot;
  readonly from: Pt;
  readonly start: Pt;
  readonly slop: number;
  readonly moved: boolean;
  readonly place: Place | null;
}

/** What the hand of one question is about, besides its label. */
export interface Hand {
  readonly chosen: Spot | null;
  /** Chosen by a tap: the next tap on an empty place puts it there. */
  readonly armed: boolean;
  /** The instance that is being drawn. */
  readonly drawing: number | null;
  readonly freehand: boolean;
  readonly grip: Grip | null;
}

export const FREE_HAND: Hand = { chosen: null, armed: false, drawing: null, freehand: false, grip: null };

export type ToolEvent =
  | {
      readonly kind: "press";
      readonly at: Pt;
      readonly target: Target | null;
      readonly remove: boolean;
      readonly slop: number;
    }
  | { readonly kind: "drag"; readonly at: Pt; readonly trail: readonly Pt[] }
  | { readonly kind: "release" }
  | { readonly kind: "erase" }
  | { readonly kind: "nudge"; readonly dx: number; readonly dy: number }
  | { readonly kind: "finish" }
  | { readonly kind: "reverse" }
  | { readonly kind: "close" }
  | { readonly kind: "step"; readonly step: Step }
  /** Set what `key` names at a frame, and move what is chosen to a frame: tools of time. */
  | { readonly kind: "mark"; readonly key: string; readonly frame: number; readonly moments: Moments }
  | { readonly kind: "shift"; readonly frame: number; readonly moments: Moments }
  /** Put the cards of a set in order; `shown` is how they stood first. */
  | { readonly kind: "arrange"; readonly shown: readonly string[]; readonly act: Arrange }
  | { readonly kind: "pick"; readonly key: string };

export type Target =
  | { readonly kind: "handle"; readonly spot: Spot; readonly distance: number }
  | { readonly kind: "body"; readonly instance: number; readonly place: Place; readonly distance: number };

export interface Work {
  readonly label: Label;
  readonly hand: Hand;
}

/** The work after an event; `gesture` names it when it is finished, `whole` says that the structure is too. */
export interface Edited {
  readonly work: Work;
  readonly gesture: string | null;
  readonly whole: boolean;
}

export interface Handle {
  readonly spot: Spot;
  readonly at: Pt;
  /** Unit vector along which the handle's two halves stand. */
  readonly normal: Pt;
  readonly name: string;
  readonly kind: "node" | "point";
  /** The point question that shares this node. */
  readonly tied: string | null;
  readonly chosen: boolean;
  readonly armed: boolean;
}

export interface Line {
  readonly points: readonly Pt[];
  readonly kind: "line" | "gap" | "chosen";
}

export interface Drawing {
  readonly lines: readonly Line[];
  readonly handles: readonly Handle[];
}

/** A label as it goes over the wire. */
export interface RawLabel {
  visibility: Label["visibility"];
  instances: Record<string, unknown>[];
}

export interface Tool {
  readonly name: string;
  /** It labels the time of a clip: nothing is drawn on the picture, its marks lie on lanes below. */
  readonly inTime?: boolean;
  /** What to do next, in a few words; empty when nothing is to be said. */
  hint(work: Work, question: Question): string;
  draw(work: Work, question: Question): Drawing;
  /** What lies under a place within `reach` px of the frame. */
  hit(label: Label, at: Pt, reach: number): Target | null;
  edit(work: Work, event: ToolEvent, question: Question): Edited;
  /** Whether the label can be an answer: nothing half-drawn. */
  isWhole(label: Label, question: Question): boolean;
  toLabel(label: Label): RawLabel;
  /** Read one instance; null when it is not of this tool. */
  readInstance(raw: unknown): Label["instances"][number] | null;
  /** Which instance of a label that came from elsewhere is still being drawn; null when none is. */
  openInstance?(label: Label): number | null;
}

/** What tools of time have in common: nothing to draw or to hit on the picture, and one instance is an answer. */
export const IN_TIME: Pick<Tool, "inTime" | "draw" | "hit" | "isWhole"> = {
  inTime: true,
  draw: () => ({ lines: [], handles: [] }),
  hit: () => null,
  isWhole: (label) => label.visibility !== "seen" || label.instances.length > 0,
};

/** Nothing but the hand changed. */
export function unfinished(work: Work, label: Label, hand: Partial<Hand>): Edited {
  return { work: { label, hand: { ...work.hand, ...hand } }, gesture: null, whole: false };
}

export function finished(work: Work, gesture: string, label: Label, hand: Partial<Hand>, whole = false): Edited {
  return { work: { label, hand: { ...work.hand, ...hand, grip: null } }, gesture, whole };
}

/** Whether the pointer went farther than the slop since the press. */
export function isMoved(grip: Grip, at: Pt): boolean {
  return grip.moved || Math.hypot(at.x - grip.from.x, at.y - grip.from.y) > grip.slop;
}

/** Where the held handle is: it keeps its offset from the pointer. */
export function carried(grip: Grip, at: Pt): Pt {
  return { x: grip.start.x + at.x - grip.from.x, y: grip.start.y + at.y - grip.from.y };
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function record(raw: unknown): Record<string, unknown> | null {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw) ? (raw as Record<string, unknown>) : null;
}
