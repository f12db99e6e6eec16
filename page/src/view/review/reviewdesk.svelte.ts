/**
 * The review's list and the clip on the screen; the next one is fetched ahead. Pictures live in this window's
 * memory only, as long as they are shown or next.
 */

import { api, ApiError, type ClipState, type ReviewClip, type ReviewList, type ReviewRow } from "../../api";
import { appended, PAGE, placeOf, refreshed } from "../../core/reviewlist";
import { session } from "../session.svelte";

export interface Shown {
  readonly clip: ReviewClip;
  /** Addresses of the pictures in this window's memory; null once they were dropped on the server. */
  readonly before: string | null;
  readonly after: string | null;
  /** The darkest of all frames, before and after; null for a still, and where they were not kept. */
  readonly dark: { readonly before: string | null; readonly after: string } | null;
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
  /** Clips on the list, read or not. */
  total = $state(0);
  /** Every row of the list is read. */
  private isWhole = $state(false);
  private reading: Promise<void> | null = null;

  get place(): number {
    return this.rows?.findIndex((row) => row.code === this.code) ?? -1;
  }

  get waits(): number {
    return LISTS["waiting"]!.reduce((sum, state) => sum + (this.counts[state] ?? 0), 0);
  }

  /** Nothing comes behind the clip on the screen, read or not. */
  get isLast(): boolean {
    return this.isWhole && this.neighbour(1) === null;
  }

  /** Show another list from its beginning. */
  async choose(list: string): Promise<void> {
    [this.list, this.rows] = [list, null];
    await this.load();
  }

  /** Read the list's first page, afresh where it was read; a clip of the address is opened even if it is on no list. */
  async load(): Promise<void> {
    const list = this.list;
    try {
      const got = await api.reviewList(LISTS[list] ?? [], PAGE);
      if (list !== this.list) return;
      const isWhole = got.clips.length < PAGE;
      this.rows = this.undecided(refreshed(this.rows ?? [], got.clips, isWhole));
      this.isWhole = isWhole || (this.isWhole && this.rows.length >= got.total - this.sending);
      this.count(got);
      this.problem = "";
    } catch (error) {
      this.problem = session.tell(error);
    }
  }

  /** Read the next page of the list; who asks meanwhile waits for the same one. */
  more(): Promise<void> {
    if (this.isWhole || this.rows === null) return Promise.resolve();
    this.reading ??= this.readMore().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readMore(): Promise<void> {
    const list = this.list;
    try {
      const got = await api.reviewList(LISTS[list] ?? [], PAGE, placeOf(this.rows ?? []));
      if (list !== this.list) return;
      this.rows = this.undecided(appended(this.rows ?? [], got.clips));
      this.isWhole = got.clips.length < PAGE;
      this.count(got);
    } catch (error) {
      this.problem = session.tell(error);
    }
  }

  /** A clip of the address may stand far down the list: read on to its place. */
  private async find(clip: ReviewClip): Promise<void> {
    if (!(LISTS[this.list] ?? []).includes(clip.state)) return;
    while (this.code === clip.clip.code && this.place < 0 && !this.isWhole && !this.problem) await this.more();
  }

  private count(got: ReviewList): void {
    this.counts = got.counts;
    this.total = got.total - (this.list === "waiting" ? this.sending : 0);
  }

  private undecided(rows: readonly ReviewRow[]): readonly ReviewRow[] {
    return this.list === "waiting" ? rows.filter((row) => !this.decided.has(row.code)) : rows;
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
      void this.find(got.clip);
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
    if (this.rows?.some((row) => row.code === code)) this.total -= 1;
    this.rows = (this.rows ?? []).filter((row) => row.code !== code);
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

  /** Let a clip be read again, and show it as it stands then; the sentence of a refusal that leaves it as it was. */
  async readAgain(clip: ReviewClip, send: () => Promise<unknown>): Promise<string> {
    const code = clip.clip.code;
    try {
      await send();
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
    if ((this.rows?.length ?? 0) - this.place < FETCH_MORE_AT) void this.more();
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
  const isLoop = clip.clip.n_frames > 1;
  const picture = (what: Parameters<typeof api.reviewPicture>[1], is: boolean) => (is && clip.has_evidence ? api.reviewPicture(code, what) : null);
  const [before, after, darkBefore, darkAfter] = await Promise.all([
    picture("before", true), picture("after", true), picture("dark-before", isLoop), picture("dark-after", isLoop),
  ]);
  return {
    clip,
    before: before && URL.createObjectURL(before),
    after: after && URL.createObjectURL(after),
    dark: darkAfter && { before: darkBefore && URL.createObjectURL(darkBefore), after: URL.createObjectURL(darkAfter) },
  };
}

function release(shown: Shown): void {
  for (const url of [shown.before, shown.after, shown.dark?.before, shown.dark?.after]) if (url) URL.revokeObjectURL(url);
}
