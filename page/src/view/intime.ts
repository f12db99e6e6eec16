/** What keys and buttons do to marks in time: set one at the frame on the screen, choose one, move it. */

import { isSame, nextStop, settersOf, stopsOf } from "./stops";
import { momentsOf, within, type Moments } from "../core/moments";
import type { Question } from "../core/types";
import type { Spot } from "../tools/base";
import { toolOf } from "../tools/index";
import type { Cine } from "./cine.svelte";
import type { Desk } from "./desk.svelte";

const WORDS = {
  none: "Nothing is marked yet",
  closed: (title: string) => `${title} is answered; clear it (X) to mark it after all`,
};

export function isInTime(question: Question | null): boolean {
  return question !== null && toolOf(question).inTime === true;
}

export class InTime {
  private readonly moments: Moments;

  constructor(
    private readonly desk: Desk,
    private readonly cine: Cine,
  ) {
    this.moments = momentsOf(cine.clip.n_frames, cine.clip.frame_times_s);
  }

  /** Set something of a question at the frame on the screen, and stop there. */
  set(question: Question, key: string): void {
    if (this.desk.active !== question.key) this.desk.activate(question.key);
    const { visibility } = this.desk.label(question.key);
    if (visibility === "blurred" || visibility === "off") return void (this.desk.message = WORDS.closed(question.title));
    const frame = Math.max(0, this.cine.frame);
    this.cine.seek(frame);
    this.desk.event({ kind: "mark", key, frame, moments: this.moments });
  }

  /** A letter that the active question marks with. Whether it was one. */
  letter(key: string): boolean {
    const question = this.desk.question;
    const setter = question && isInTime(question) ? settersOf(question).find((s) => s.hotkey === key) : undefined;
    if (question && setter) this.set(question, setter.key);
    return setter !== undefined;
  }

  /** An arrow: left and right move what is chosen, up and down choose. Whether that was for here. */
  arrow(dx: number, dy: number, shift: boolean): boolean {
    const question = this.desk.question;
    if (!question || !isInTime(question)) return false;
    if (dy !== 0) {
      this.choose(question, dy > 0 ? 1 : -1);
      return true;
    }
    if (!this.desk.work(question).hand.armed) return false;
    this.nudge(dx * (shift ? 10 : 1));
    return true;
  }

  /** Choose the next or the previous, and show its frame. */
  choose(question: Question, by: 1 | -1): void {
    const { label, hand } = this.desk.work(question);
    const stop = nextStop(stopsOf(question, label), hand.armed ? hand.chosen : null, Math.max(0, this.cine.frame), by);
    if (!stop) return void (this.desk.message = WORDS.none);
    this.take(question, stop.spot);
  }

  take(question: Question, spot: Spot): void {
    this.desk.settle("nudge");
    this.desk.take(question.key, spot);
    const frame = this.frameOf(question, spot);
    if (frame !== null) this.cine.seek(frame);
  }

  /** Move what is chosen by frames; the picture follows. It is saved when the key is let go. */
  nudge(by: number): void {
    const question = this.desk.question;
    const chosen = question && this.desk.work(question).hand.chosen;
    const from = chosen ? this.frameOf(question, chosen) : null;
    if (from !== null) this.drag(from + by);
  }

  /** Move what is chosen to a frame, not yet saved. */
  drag(frame: number): void {
    const question = this.desk.question;
    if (!question) return;
    this.desk.event({ kind: "shift", frame: within(this.moments, frame), moments: this.moments }, false);
    const chosen = this.desk.work(question).hand.chosen;
    const to = chosen ? this.frameOf(question, chosen) : null;
    if (to !== null) this.cine.seek(to);
  }

  private frameOf(question: Question, spot: Spot): number | null {
    return stopsOf(question, this.desk.label(question.key)).find((s) => isSame(spot, s.spot))?.frame ?? null;
  }
}
