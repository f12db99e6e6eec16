/**
 * What waits to be sent, in order; pure. Nothing leaves the outbox before the server has answered that it is on
 * disk, or before a person has seen why it cannot be.
 */

import type { Label, Labels } from "./types";

export type Kind = "answer" | "submission" | "review" | "note";

/** One save. `order` rises with time on this device; `owner` is who made it and nobody else sends it. */
export interface Entry {
  readonly id: string;
  readonly order: number;
  readonly owner: string;
  readonly kind: Kind;
  readonly project: string;
  readonly item: string;
  readonly question: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly state: "waiting" | "parked";
  /** Why it is parked. */
  readonly problem: string;
}

/** What came back of one attempt. */
export type Outcome =
  | { readonly kind: "saved" }
  | { readonly kind: "again"; readonly why: string }
  | { readonly kind: "sign-in" }
  | { readonly kind: "never"; readonly why: string };

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** The next save to send: the oldest that waits. */
export function nextToSend(entries: readonly Entry[]): Entry | null {
  return entries
    .filter((e) => e.state === "waiting")
    .reduce<Entry | null>((best, e) => (best && best.order <= e.order ? best : e), null);
}

/** What an HTTP status means for a save; 0 is no network. */
export function outcomeOf(status: number, detail: string): Outcome {
  if (status >= 200 && status < 300) return { kind: "saved" };
  if (status === 401) return { kind: "sign-in" };
  const passing = status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
  return passing ? { kind: "again", why: detail } : { kind: "never", why: detail };
}

/** How long to wait after the n-th failure in a row (n from 1), in ms. */
export function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
}

export function removed(entries: readonly Entry[], id: string): Entry[] {
  return entries.filter((e) => e.id !== id);
}

/**
 * Set a save aside with its reason. Later answers that were made from it are told to supersede what it
 * superseded: the server never heard of it.
 */
export function parked(entries: readonly Entry[], id: string, problem: string): Entry[] {
  const stuck = entries.find((e) => e.id === id);
  const before = stuck?.body["supersedes"] ?? null;
  return entries.map((e) => {
    if (e.id === id) return { ...e, state: "parked", problem };
    return e.body["supersedes"] === id ? { ...e, body: { ...e.body, supersedes: before } } : e;
  });
}

/** Try a parked save once more, behind everything else that waits. */
export function unparked(entries: readonly Entry[], id: string): Entry[] {
  return entries.map((e) => (e.id === id ? { ...e, state: "waiting", problem: "" } : e));
}

export function counts(entries: readonly Entry[]): { waiting: number; parked: number } {
  const waiting = entries.filter((e) => e.state === "waiting").length;
  return { waiting, parked: entries.length - waiting };
}

/** An answer that the server has, as far as the overlay needs it; `seq` is the server's own count of saves. */
export interface Known {
  readonly id: string;
  readonly question: string;
  readonly label: Label;
  readonly seq: number;
}

/**
 * The server's answers as they were read, with those of this window that it has stored since: a read may have crossed
 * a save. The server's count decides; the clocks of devices differ.
 */
export function latest(read: readonly Known[], landed: readonly Known[]): Known[] {
  const best = new Map<string, Known>();
  for (const answer of [...read, ...landed]) {
    const other = best.get(answer.question);
    if (!other || answer.seq > other.seq) best.set(answer.question, answer);
  }
  return [...best.values()];
}

/** My labels of an item: the server's answers with everything that still waits laid over them. */
export function overlay(
  known: readonly Known[],
  entries: readonly Entry[],
  item: string,
  read: (question: string, raw: unknown) => Label | null,
): { labels: Labels; ids: Readonly<Record<string, string>> } {
  const labels: Record<string, Label> = {};
  const ids: Record<string, string> = {};
  for (const answer of known) {
    labels[answer.question] = answer.label;
    ids[answer.question] = answer.id;
  }
  const mine = entries.filter((e) => e.kind === "answer" && e.item === item);
  for (const entry of mine.toSorted((a, b) => a.order - b.order)) {
    const label = entry.question === null ? null : read(entry.question, entry.body["label"]);
    if (entry.question === null || label === null) continue;
    labels[entry.question] = label;
    if (entry.state === "waiting") ids[entry.question] = entry.id;
  }
  return { labels, ids };
}
