/**
 * The recordings of a set, played in step: one clock for all, every one at its own speed. They begin together, a
 * shorter one waits on its last frame, and they begin again together.
 */

import type { ItemView } from "../api";
import { frameHeld, stepTime } from "../core/clock";
import { Cine, SPEEDS, type Look } from "./cine.svelte";

type Member = ItemView["members"][number];

/** Decoded pictures of a whole set may take this much, bytes. */
const BUDGET = 64_000_000;
const BYTES_PER_PX = 4;
const BEHIND = 2;
const WIDEST_OF_TWO = 960;
const WIDEST = 560;

/** How a set of so many is decoded: smaller and fewer the more there are. */
export function lookOf(members: readonly Member[], member: Member): Look {
  const widest = members.length > 2 ? WIDEST : WIDEST_OF_TWO;
  const { rows, columns } = member.clip;
  const width = Math.min(widest, columns);
  const bytes = BYTES_PER_PX * width * Math.max(1, Math.round((rows * width) / Math.max(1, columns)));
  const fits = Math.floor(BUDGET / members.length / bytes) - BEHIND - 1;
  return { widest, behind: BEHIND, ahead: Math.min(24, Math.max(3, fits)) };
}

export class Chorus {
  playing = $state(false);
  speed = $state(1);
  /** Where all of them are, s. */
  time_s = $state(0);
  /** One a member; a still picture has none. */
  readonly cines: readonly (Cine | null)[];
  /** One of them as large as it is, in step with the others. */
  large = $state.raw<Cine | null>(null);
  readonly length_s: number;
  readonly step_s: number;
  private last_ms: number | null = null;
  private raf = 0;

  constructor(members: readonly Member[]) {
    this.cines = members.map((m) => (m.frame === null ? new Cine(m.clip, lookOf(members, m)) : null));
    const moving = this.moving();
    this.length_s = Math.max(0, ...moving.map((cine) => cine.starts.at(-1) ?? 0));
    this.step_s = Math.min(...moving.map((cine) => (cine.starts.at(-1) ?? 0) / Math.max(1, cine.n)));
    for (const cine of moving) void cine.load();
  }

  private moving(): Cine[] {
    return this.cines.filter((cine) => cine !== null);
  }

  get isStill(): boolean {
    return this.moving().every((cine) => cine.n <= 1);
  }

  /** What did not load is loaded; safe to call at any time. */
  loadAgain(): void {
    for (const cine of this.moving()) if (cine.problem) void cine.load();
  }

  /** What went wrong with one of them; empty when nothing did. */
  get problem(): string {
    return this.moving().find((cine) => cine.problem)?.problem ?? "";
  }

  /** Run while it is on the screen. */
  start(): void {
    const tick = (now: number): void => {
      this.raf = requestAnimationFrame(tick);
      this.tick(now);
    };
    this.last_ms = null;
    this.raf = requestAnimationFrame(tick);
    this.playing = !this.isStill;
  }

  pause(): void {
    cancelAnimationFrame(this.raf);
  }

  toggle(): void {
    this.playing = !this.playing && !this.isStill;
    this.last_ms = null;
  }

  /** One frame of the fastest of them, all together. */
  step(by: 1 | -1): void {
    if (this.isStill) return;
    this.playing = false;
    this.seek(stepTime(this.time_s, by, this.step_s, this.length_s));
  }

  faster(by: 1 | -1): void {
    const at = SPEEDS.findIndex((s) => s === this.speed);
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + by))] ?? 1;
  }

  close(): void {
    this.pause();
    for (const cine of this.moving()) cine.close();
  }

  private seek(time_s: number): void {
    this.time_s = time_s;
    for (const cine of [...this.moving(), ...(this.large ? [this.large] : [])]) cine.seek(frameHeld(cine.starts, time_s));
  }

  private tick(now: number): void {
    const passed_s = this.last_ms === null ? 0 : Math.min(0.25, (now - this.last_ms) / 1000);
    this.last_ms = now;
    const after_s = this.time_s + (this.playing ? passed_s * this.speed : 0);
    // Nobody goes on before all have what is due.
    const isThere = this.moving().every((c) => c.problem || c.arrived === c.n || frameHeld(c.starts, after_s) < c.arrived);
    if (!isThere) return;
    this.seek(after_s >= this.length_s ? 0 : after_s);
  }
}
