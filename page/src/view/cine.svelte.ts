/**
 * A recording that plays: the pack's pictures stay as files, a ring of decoded bitmaps follows the playhead, and
 * the frame that is told is always the one that is on the screen.
 */

import { api } from "../api";
import type { ClipView } from "../api";
import { frameAt, frameStarts, stepped } from "../core/clock";
import { PackReader } from "../core/pack";

const AT_ONCE = 3;

/** How much of a recording is kept decoded, and how large. */
export interface Look {
  readonly ahead: number;
  readonly behind: number;
  /** Wider pictures are made this wide, px; null for as they are. */
  readonly widest: number | null;
}

const WHOLE: Look = { ahead: 24, behind: 8, widest: null };

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2] as const;

export class Cine {
  /** The frame on the screen; -1 before the first is there. */
  frame = $state(-1);
  playing = $state(false);
  speed = $state(1);
  arrived = $state(0);
  problem = $state("");
  readonly clip: ClipView;
  readonly starts: readonly number[];
  /** The picture on the screen. */
  bitmap: ImageBitmap | null = null;
  /** Called whenever another picture is to be drawn. */
  readonly watchers = new Set<() => void>();

  private readonly files: Blob[] = [];
  private readonly ring = new Map<number, ImageBitmap>();
  private readonly busy = new Set<number>();
  private readonly stop = new AbortController();
  private wanted = 0;
  private time_s = 0;
  private last_ms: number | null = null;
  private raf = 0;
  private isClosed = false;

  constructor(clip: ClipView, private readonly look: Look = WHOLE) {
    this.clip = clip;
    this.starts = frameStarts(clip.n_frames, clip.frame_times_s);
  }

  get n(): number {
    return this.clip.n_frames;
  }

  get timingKnown(): boolean {
    return this.clip.frame_times_s !== null;
  }

  /** Load all files; safe to call again after a failure. */
  async load(): Promise<void> {
    if (this.arrived === this.n && this.n > 0) return;
    this.problem = "";
    const reader = new PackReader();
    try {
      for await (const chunk of api.pack(this.clip.pack_url, this.stop.signal)) {
        for (const { index, bytes, type } of reader.push(chunk)) this.files[index] = new Blob([bytes], { type });
        this.arrived = Math.max(this.arrived, this.files.length);
        this.pump();
      }
      if (!reader.done) this.problem = "The recording broke off.";
    } catch (error) {
      if (!this.stop.signal.aborted) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Run while it is on the screen. */
  start(): void {
    const tick = (now: number): void => {
      this.raf = requestAnimationFrame(tick);
      this.tick(now);
    };
    this.last_ms = null;
    this.raf = requestAnimationFrame(tick);
    this.pump();
  }

  pause(): void {
    cancelAnimationFrame(this.raf);
  }

  toggle(): void {
    if (this.playing) this.playing = false;
    else this.play();
  }

  play(): void {
    this.time_s = this.starts[Math.max(0, this.frame)] ?? 0;
    this.last_ms = null;
    this.playing = this.n > 1;
  }

  seek(frame: number): void {
    this.playing = false;
    this.wanted = Math.min(this.n - 1, Math.max(0, frame));
    this.time_s = this.starts[this.wanted] ?? 0;
    this.pump();
    this.show();
  }

  step(by: number): void {
    this.seek(stepped(this.playing ? Math.max(0, this.frame) : this.wanted, by, this.n));
  }

  faster(by: 1 | -1): void {
    const at = SPEEDS.findIndex((s) => s === this.speed);
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + by))] ?? 1;
  }

  /** A frame's picture, decoded apart from what plays; null while it is not here. The caller closes it. */
  async picture(frame: number): Promise<ImageBitmap | null> {
    const file = this.files[frame];
    return file && !this.isClosed ? createImageBitmap(file).catch(() => null) : null;
  }

  close(): void {
    this.isClosed = true;
    this.pause();
    this.stop.abort();
    for (const bitmap of this.ring.values()) bitmap.close();
    this.ring.clear();
    this.bitmap = null;
    this.watchers.clear();
  }

  private tick(now: number): void {
    if (this.playing) {
      const passed_s = this.last_ms === null ? 0 : Math.min(0.25, (now - this.last_ms) / 1000);
      const due = frameAt(this.starts, this.time_s + passed_s * this.speed);
      // Before it has all arrived, playing waits for the frame that is due.
      if (due < this.arrived || this.arrived === this.n) {
        this.time_s += passed_s * this.speed;
        this.wanted = due;
        this.pump();
      }
    }
    this.last_ms = now;
    this.show();
  }

  private show(): void {
    const bitmap = this.ring.get(this.wanted);
    if (!bitmap || (bitmap === this.bitmap && this.frame === this.wanted)) return;
    this.bitmap = bitmap;
    this.frame = this.wanted;
    for (const watch of this.watchers) watch();
  }

  private pump(): void {
    if (this.isClosed) return;
    const ahead = Math.min(this.look.ahead, this.n);
    for (let k = 0; k < ahead && this.busy.size < AT_ONCE; k++) {
      const i = (this.wanted + k) % this.n;
      const file = this.files[i];
      if (file && !this.ring.has(i) && !this.busy.has(i)) void this.decode(i, file);
    }
  }

  private async decode(i: number, file: Blob): Promise<void> {
    this.busy.add(i);
    try {
      const { widest } = this.look;
      const isWide = widest !== null && this.clip.columns > widest;
      const bitmap = await createImageBitmap(file, isWide ? { resizeWidth: widest, resizeQuality: "medium" } : {});
      if (this.isClosed) return bitmap.close();
      this.ring.set(i, bitmap);
      this.forget();
      if (i === this.wanted) this.show();
    } catch {
      this.problem = `Frame ${i} cannot be decoded.`;
      delete this.files[i];
    } finally {
      this.busy.delete(i);
    }
    this.pump();
  }

  private forget(): void {
    for (const [i, bitmap] of this.ring) {
      const ahead = (i - this.wanted + this.n) % this.n;
      const isNear = ahead <= this.look.ahead || ahead >= this.n - this.look.behind;
      if (isNear || bitmap === this.bitmap) continue;
      bitmap.close();
      this.ring.delete(i);
    }
  }
}
