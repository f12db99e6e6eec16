/**
 * The review's list and the clip on the screen; the next one is fetched ahead. Pictures live in this window's
 * memory only, as long as they are shown or next.
 */

import { api, ApiError, type ClipState, type ReviewClip, type ReviewRow } from "../../api";
import { session } from "../session.svelte";

export interface Shown {
  readonly clip: ReviewClip;
  /** Addresses of the pictures in this window's memory; null once they were dropped on the server. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A decision that the server refused: which clip, and its sentence. */
export interface Refused {
  readonly code: string;
  readonly detail: string;
}

export const LISTS: Readonly<Record<string, readonly ClipState[]>> = {
  waiting: ["quarantined", "written", "gated"],
  approved: ["approved"],
  rejected: ["rejected"],
};

const FETCH_MORE_AT = 20;

export class ReviewDesk {
  rows = $state.raw<readonly ReviewRow[] | null>(null);
  counts = $state.raw<Readonly<Record<string, number>>>({});
  list = $state("waiting");
  code = $state<string | null>(null);
  shown = $state.raw<Shown | null>(null);
  problem = $state("");
  refused = $state.raw<readonly Refused[]>([]);
  /** Decisions on their way to the server. */
  sending = $state(0);
  /** Decisions of this window that are not refused: their clips are on no list any more. */
  private readonly decided = new Set<string>();
  private readonly ahead = new Map<string, Promise<Shown>>();
  private total = 0;

  get place(): number {
    return this.rows?.findIndex((row) => row.code === this.code) ?? -1;
  }

  get waits(): number {
    return LISTS["waiting"]!.reduce((sum, state) => sum + (this.counts[state] ?? 0), 0);
  }

  /** Read the list; a clip of the address is opened even if it is on no list. */
  async load(): Promise<void> {
    try {
      const got = await api.reviewList(LISTS[this.list] ?? []);
      this.rows = got.clips.filter((row) => !this.decided.has(row.code) || this.list !== "waiting");
      this.counts = got.counts;
      this.total = got.total;
      this.problem = "";
    } catch (error) {
      this.problem = session.tell(error);
    }
  }

  async open(code: string): Promise<void> {
    this.code = code;
    this.problem = "";
    const before = this.shown;
    try {
      const got = await this.fetched(code);
      if (this.code !== code) return;
      this.shown = got;
      this.ahead.delete(code);
      if (before && before !== got) release(before);
      this.prefetch();
    } catch (error) {
      this.ahead.delete(code);
      if (this.code !== code) return;
      this.shown = null;
      this.problem = session.tell(error);
    }
  }

  /** The clip a step down or up the list; null at its end. */
  neighbour(by: 1 | -1): string | null {
    const rows = this.rows ?? [];
    if (this.place < 0) return rows[0]?.code ?? null;
    return rows[this.place + by]?.code ?? null;
  }

  /** Send a decision and leave the clip at once; a refusal comes back as a line with a way to the clip. */
  decide(clip: ReviewClip, send: () => Promise<unknown>): string | null {
    const code = clip.clip.code;
    const next = this.neighbour(1) ?? this.neighbour(-1);
    this.decided.add(code);
    this.rows = (this.rows ?? []).filter((row) => row.code !== code);
    if (this.rows.length < FETCH_MORE_AT && this.total > this.rows.length + 1) void this.load();
    this.refused = this.refused.filter((r) => r.code !== code);
    this.sending += 1;
    void send()
      .catch((error: unknown) => {
        this.decided.delete(code);
        this.refused = [...this.refused, { code, detail: session.tell(error) }];
      })
      .finally(() => {
        this.sending -= 1;
        if (this.sending === 0) void this.load();
      });
    return next;
  }

  /** Apply a drawn mask, and show the clip as it stands then. */
  async redraw(clip: ReviewClip, polygons: readonly (readonly [number, number][])[]): Promise<string> {
    const code = clip.clip.code;
    try {
      await api.redraw(code, clip.mask_version, polygons);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) return session.tell(error);
      this.refused = [...this.refused, { code, detail: session.tell(error) }];
    }
    this.ahead.delete(code);
    await Promise.all([this.load(), this.code === code ? this.open(code) : null]);
    return "";
  }

  close(): void {
    if (this.shown) release(this.shown);
    for (const one of this.ahead.values()) void one.then(release, () => undefined);
    this.ahead.clear();
    this.shown = null;
  }

  private prefetch(): void {
    const next = this.neighbour(1);
    for (const [code, one] of this.ahead) {
      if (code === next) continue;
      this.ahead.delete(code);
      void one.then(release, () => undefined);
    }
    if (next !== null) void this.fetched(next).catch(() => this.ahead.delete(next));
  }

  private fetched(code: string): Promise<Shown> {
    let one = this.ahead.get(code);
    if (!one) this.ahead.set(code, (one = fetchShown(code)));
    return one;
  }
}

async function fetchShown(code: string): Promise<Shown> {
  const clip = await api.reviewClip(code);
  const picture = (what: "before" | "after") => (clip.has_evidence ? api.reviewPicture(code, what) : null);
  const [before, after] = await Promise.all([picture("before"), picture("after")]);
  return { clip, before: before && URL.createObjectURL(before), after: after && URL.createObjectURL(after) };
}

function release(shown: Shown): void {
  for (const url of [shown.before, shown.after]) if (url) URL.revokeObjectURL(url);
}
