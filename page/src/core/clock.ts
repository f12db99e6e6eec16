/** Time: the frame that is due, and the seconds of real work; pure. */

/** Played when a recording does not say its times. */
export const DEFAULT_FRAME_S = 1 / 30;
/** A pause longer than this is not work. */
export const IDLE_S = 60;

/** Start of each frame and the end of the last, s; shape (n_frames + 1). */
export function frameStarts(nFrames: number, times: readonly number[] | null): number[] {
  if (!times || times.length !== nFrames || nFrames === 0) {
    return Array.from({ length: nFrames + 1 }, (_, i) => i * DEFAULT_FRAME_S);
  }
  const first = times[0] as number;
  const starts = times.map((t) => t - first);
  const last = starts.at(-1) as number;
  const typical = nFrames > 1 ? last / (nFrames - 1) : DEFAULT_FRAME_S;
  return [...starts, last + (typical > 0 ? typical : DEFAULT_FRAME_S)];
}

/** The frame that is on at `time_s`, looping. */
export function frameAt(starts: readonly number[], time_s: number): number {
  const n = starts.length - 1;
  if (n <= 1) return 0;
  const total = starts[n] as number;
  const rest = time_s % total;
  const t = rest < 0 ? rest + total : rest; // adding to a time that is not negative would round it off its frame
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The frame that is on at `time_s`; the last one stays on. */
export function frameHeld(starts: readonly number[], time_s: number): number {
  return frameAt(starts, Math.min(Math.max(time_s, 0), starts.at(-2) ?? 0));
}

/** So much later than a frame's start a step ends, s: rounding must not leave it on the frame before. */
const WITHIN_S = 1e-6;

/** One step of a clock on or back, looping at the ends; a time between two steps goes to the next of them. */
export function stepTime(time_s: number, by: 1 | -1, step_s: number, length_s: number): number {
  const n = Math.round(length_s / step_s);
  const at = Math.floor((time_s + WITHIN_S) / step_s);
  return stepped(at, by, n) * step_s + WITHIN_S;
}

/** Step a frame index, looping at the ends. */
export function stepped(frame: number, by: number, nFrames: number): number {
  return nFrames <= 0 ? 0 : (((frame + by) % nFrames) + nFrames) % nFrames;
}

/** The seconds of work in one item: input by input, pauses over `IDLE_S` left out. */
export interface Work {
  readonly active_s: number;
  readonly last_s: number | null;
}

export const NO_WORK: Work = { active_s: 0, last_s: null };

/** Add an input at `now_s` (any clock that only rises). */
export function worked(work: Work, now_s: number): Work {
  const gap = work.last_s === null ? 0 : Math.max(0, now_s - work.last_s);
  return { active_s: work.active_s + (gap <= IDLE_S ? gap : 0), last_s: now_s };
}
