/**
 * Words of the page: what a label is made of. Coordinates are px of the stored frame, (0, 0) the centre of the
 * top-left pixel, floats that are never rounded; frames from 0; seconds.
 */

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

export interface Choice {
  readonly key: string;
}

export type Instance = Pt | Curve | Choice;

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
}

export const UNASKED: Label = { visibility: "unasked", instances: [] };

export function isCurve(instance: Instance | undefined): instance is Curve {
  return instance !== undefined && "nodes" in instance;
}

export function isPoint(instance: Instance | undefined): instance is Pt {
  return instance !== undefined && "x" in instance && "y" in instance;
}

export function isChoice(instance: Instance | undefined): instance is Choice {
  return instance !== undefined && "key" in instance && !("x" in instance);
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
