/**
 * Sends what waits, in order, and tells how it stands. A save is on this device's disk before it is sent and leaves
 * it only when the server's answer was checked.
 */

import { api, ApiError } from "./api";
import { canonical, sha256 } from "./core/canonical";
import { counts, nextToSend, outcomeOf, parked, pauseMs, removed, unparked } from "./core/outbox";
import type { Entry, Outcome } from "./core/outbox";
import { Keep } from "./keep";

/** An answer that the server stored; the label is as it was sent. */
export interface Landed {
  readonly id: string;
  readonly question: string;
  readonly label: unknown;
  readonly seq: number;
}

const POLL_MS = 15_000;
const NOT_THE_SAME = "The server stored something else than was drawn; it is kept here.";

export class Saver {
  entries = $state.raw<readonly Entry[]>([]);
  savedAt = $state.raw<Date | null>(null);
  offline = $state(false);
  needsSignIn = $state(false);
  kept = $state(true);
  /** The last save met one of another window: both are kept, the last one stands. */
  forked = $state(false);
  /** What the server stored of this window, by item and question: an item asked for before would else hide it. */
  private readonly stored = new Map<string, Map<string, Landed>>();
  private readonly keep = new Keep();
  private owner = "";
  private isRunning = false;
  private isAsked = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastOrder = 0;

  constructor(private readonly onstored: (item: string) => void) {
    window.addEventListener("online", () => this.retryNow());
    window.addEventListener("offline", () => (this.offline = true));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.retryNow());
    setInterval(() => this.offline && this.retryNow(), POLL_MS);
  }

  /** How many saves wait, and how many were refused; counted anew each time, so never behind. */
  get counts(): { waiting: number; parked: number } {
    return counts(this.entries);
  }

  /** Take up what this person left on this device. */
  async open(owner: string): Promise<void> {
    if (this.owner !== owner) {
      this.owner = owner;
      this.stored.clear();
      await this.keep.open();
      this.entries = await this.keep.all(owner);
      this.lastOrder = this.entries.reduce((most, e) => Math.max(most, e.order), 0);
    }
    this.kept = this.keep.kept;
    this.needsSignIn = false;
    this.retryNow();
  }

  /** Keep a save and send it as soon as may be. */
  add(save: Omit<Entry, "order" | "owner" | "state" | "problem">): void {
    this.lastOrder = Math.max(Date.now(), this.lastOrder + 1);
    const entry: Entry = { ...save, order: this.lastOrder, owner: this.owner, state: "waiting", problem: "" };
    this.entries = [...this.entries, entry];
    const send = (): void => {
      this.kept = this.keep.kept;
      void this.run();
    };
    this.keep.put(entry).then(send, send);
  }

  /** The answers to an item that this window sent and the server stored. */
  landed(item: string): readonly Landed[] {
    return [...(this.stored.get(item)?.values() ?? [])];
  }

  retryNow(): void {
    this.failures = 0;
    void this.run();
  }

  retryParked(id: string): void {
    this.replace(unparked(this.entries, id));
    this.retryNow();
  }

  discard(id: string): void {
    this.entries = removed(this.entries, id);
    void this.keep.remove(id);
  }

  private async run(): Promise<void> {
    this.isAsked = true; // a save that comes in while the last answer is awaited is not overlooked
    if (this.isRunning || !this.owner) return;
    this.isRunning = true;
    clearTimeout(this.timer);
    try {
      do this.isAsked = false;
      while ((await this.sendNext()) || this.isAsked);
    } finally {
      this.isRunning = false;
    }
  }

  /** Whether to go on at once. */
  private async sendNext(): Promise<boolean> {
    const entry = nextToSend(this.entries);
    if (this.needsSignIn) return false;
    if (!entry) {
      if (this.offline) await this.knock();
      return false;
    }
    const outcome = await this.attempt(entry);
    this.offline = outcome.kind === "again";
    switch (outcome.kind) {
      case "saved":
        this.failures = 0;
        this.savedAt = new Date();
        this.discard(entry.id);
        this.onstored(entry.item);
        return true;
      case "never":
        this.replace(parked(this.entries, entry.id, outcome.why));
        return true;
      case "sign-in":
        this.needsSignIn = true;
        return false;
      case "again":
        this.failures += 1;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.run(), pauseMs(this.failures));
        return false;
    }
  }

  private async attempt(entry: Entry): Promise<Outcome> {
    try {
      if (entry.kind === "submission") await api.saveSubmission(entry.id, entry.body);
      else if (entry.kind === "review") await api.saveReview(entry.id, entry.body);
      else if (entry.kind === "note") await api.saveNote(entry.id, entry.body);
      else {
        const saved = await api.saveAnswer(entry.id, entry.body);
        const mine = await sha256(canonical(entry.body["label"]));
        const isSame = saved.id === entry.id && (mine === null || mine === saved.label_sha256);
        if (!isSame) return { kind: "never", why: NOT_THE_SAME };
        this.forked = saved.forked;
        this.land(entry, saved.seq);
      }
      return { kind: "saved" };
    } catch (error) {
      if (error instanceof ApiError) return outcomeOf(error.status, error.message);
      throw error;
    }
  }

  /** Noted before the save leaves the outbox, so that there is no moment at which neither has it. */
  private land({ id, item, question, body }: Entry, seq: number): void {
    if (question === null) return;
    const answers = this.stored.get(item) ?? new Map<string, Landed>();
    answers.set(question, { id, question, label: body["label"], seq });
    this.stored.set(item, answers);
  }

  private async knock(): Promise<void> {
    try {
      await api.site();
      this.offline = false;
    } catch (error) {
      this.offline = !(error instanceof ApiError && error.status > 0);
    }
  }

  private replace(entries: readonly Entry[]): void {
    const old = new Set(this.entries);
    this.entries = entries;
    for (const entry of entries) if (!old.has(entry)) void this.keep.put(entry);
  }
}
