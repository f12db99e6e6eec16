/** When the frames of a recording start, as tools of time need it. */

export interface Moments {
  readonly nFrames: number;
  /** Start of each frame, s; null when the recording does not say. */
  readonly starts_s: readonly number[] | null;
}

export function momentsOf(nFrames: number, times_s: readonly number[] | null): Moments {
  const isKnown = times_s !== null && times_s.length === nFrames;
  const first = isKnown ? (times_s[0] ?? 0) : 0;
  return { nFrames, starts_s: isKnown ? times_s.map((t) => t - first) : null };
}

/** When a frame starts, s; null when that is not known. */
export function startOf(moments: Moments, frame: number): number | null {
  return moments.starts_s?.[frame] ?? null;
}

/** The nearest frame that there is. */
export function within(moments: Moments, frame: number): number {
  return Math.min(Math.max(0, Math.round(frame)), Math.max(0, moments.nFrames - 1));
}

/** How many frames a filmstrip shows on either side. */
export const BESIDE = 3;

/** The frames of a filmstrip around one; null beyond the ends of the recording. */
export function stripOf(frame: number, nFrames: number): (number | null)[] {
  return Array.from({ length: 2 * BESIDE + 1 }, (_, k) => {
    const i = frame - BESIDE + k;
    return i >= 0 && i < nFrames ? i : null;
  });
}
