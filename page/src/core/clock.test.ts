import { describe, expect, it } from "vitest";
import { frameHeld, frameStarts, stepTime } from "./clock";

describe("recordings in step", () => {
  it("hold the last frame of a shorter one", () => {
    const starts = frameStarts(3, [0, 0.1, 0.2]);
    expect([0, 0.05, 0.1, 0.25, 0.9, 12].map((t) => frameHeld(starts, t))).toEqual([0, 0, 1, 2, 2, 2]);
    expect(frameHeld(frameStarts(1, null), 4)).toBe(0);
  });

  it("step by one frame, whatever rounding says, and round the ends", () => {
    for (const n of [4, 6, 7, 61]) {
      const starts = frameStarts(n, Array.from({ length: n }, (_, i) => 0.05 * i));
      const length_s = starts.at(-1) as number;
      let time_s = 0;
      for (let i = 1; i <= n; i++) {
        time_s = stepTime(time_s, 1, length_s / n, length_s);
        expect(frameHeld(starts, time_s)).toBe(i % n);
      }
      for (let i = n - 1; i >= 0; i--) {
        time_s = stepTime(time_s, -1, length_s / n, length_s);
        expect(frameHeld(starts, time_s)).toBe(i);
      }
    }
  });
});
