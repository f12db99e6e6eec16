/**
 * Words of the page: what a label is made of. Coordinates are px of the stored frame, (0, 0) the centre of the
 * top-left pixel, floats that are never rounded; frames from 0; seconds.
 */

import type { Order } from "./ordering";

export interface Pt {
  readonly x: number;
  readonly y: number;
}

export type Visibility = "seen" | "blurred" | "off" | "unasked";
export type Step = "bend" | "straight" | "gap";
export type SplineKind = "natural-cubic/chord" | "natural-cubic/uniform" | "polyline";

/** One click of a curve: where, how it goes on to the next, and the point question it shares, if any. */
export interface Node extends Pt {
  readonly step?: Step;
  readonly key?: string;
}

export interface Curve {
  readonly nodes: readonly Node[];
  readonly spline: SplineKind;
  readonly freehand: boolean;
}

/** A closed outline: the last corner is joined to the first. */
export interface Outline {
  readonly corners: readonly Pt[];
  readonly freehand: boolean;
}

/** An upright rectangle; `x0 < x1` and `y0 < y1` once it is finished. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface Choice {
  readonly key: string;
}

/** An event of a clip: which, on what frame, and when that starts where the recording says. */
export interface Mark {
  readonly event: string;
  readonly frame: number;
  readonly start_s?: number;
}

/** An interval of a clip, its first and last frame in it, and when each starts where the recording says. */
export interface Span {
  readonly first_frame: number;
  readonly last_frame: number;
  readonly first_s?: number;
  readonly last_s?: number;
}

export type Instance = Pt | Curve | Choice | Mark | Span | Outline | Box | Order;

/** What one expert says to one question: instances exactly when it is seen. */
export interface Label {
  readonly visibility: Visibility;
  readonly instances: readonly Instance[];
}

/** All labels of one item by question key; a question that is not in it is unasked. */
export type Labels = Readonly<Record<string, Label>>;

/** A question of the protocol, as the core and the tools need it. */
/** One answer that can be chosen. */
export interface Category {
  readonly key: string;
  readonly title: string;
  readonly family: string;
}

/** A picture to compare with. */
export interface Example {
  readonly kind: "good" | "borderline" | "wrong";
  readonly picture: string;
  readonly text: string;
}

export interface Question {
  readonly key: string;
  readonly title: string;
  readonly label: string;
  readonly tool: string;
  readonly hotkey: string;
  readonly hue: number;
  readonly help: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly categories: readonly Category[];
  readonly visibilities: readonly Visibility[];
  readonly required: boolean;
  /** Earlier questions, and the keys of which one must be chosen there for this one to be asked. */
  readonly when?: Readonly<Record<string, readonly string[]>>;
  readonly examples?: readonly Example[];
}

export const UNASKED: Label = { visibility: "unasked", instances: [] };

export function isCurve(instance: Instance | undefined): instance is Curve {
  return instance !== undefined && "nodes" in instance;
}

export function isOutline(instance: Instance | undefined): instance is Outline {
  return instance !== undefined && "corners" in instance;
}

export function isBox(instance: Instance | undefined): instance is Box {
  return instance !== undefined && "x0" in instance;
}

export function isPoint(instance: Instance | undefined): instance is Pt {
  return instance !== undefined && "x" in instance && "y" in instance;
}

export function isChoice(instance: Instance | undefined): instance is Choice {
  return instance !== undefined && "key" in instance && !("x" in instance);
}

export function isMark(instance: Instance | undefined): instance is Mark {
  return instance !== undefined && "event" in instance;
}

export function isSpan(instance: Instance | undefined): instance is Span {
  return instance !== undefined && "first_frame" in instance;
}

export function isOrder(instance: Instance | undefined): instance is Order {
  return instance !== undefined && "groups" in instance;
}

export function labelOf(labels: Labels, key: string): Label {
  return labels[key] ?? UNASKED;
}

/** A label with these instances: seen when there are any, unasked when there are none. */
export function seen(instances: readonly Instance[]): Label {
  return instances.length > 0 ? { visibility: "seen", instances } : UNASKED;
}

/** A whole-number option of a question, with its default. */
export function countOption(question: Question, name: string, otherwise: number): number {
  const value = question.options[name];
  return typeof value === "number" && Number.isInteger(value) ? value : otherwise;
}
