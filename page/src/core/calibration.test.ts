import { describe, expect, it } from "vitest";

import { knownOf, readingAt, roundValues, said, stripAt, stripsOf, timeAt, timeTicks, velocityAt, velocityTicks, velocityWord } from "./calibration";
import type { Region } from "./calibration";

/** 0.5 cm/s and 4 ms a pixel; up is positive; the baseline is row 180. */
const STRIP: Region = {
  x0: 20, y0: 100, x1: 299, y1: 219, kind: "spectral", unit_x: "s", unit_y: "cm/s",
  delta_x: 0.004, delta_y: -0.5, zero_x: 20, zero_y: 180,
};
const TISSUE: Region = { ...STRIP, kind: "2d", unit_x: "cm", unit_y: "cm", y0: 0, y1: 99 };

describe("a place on a calibrated strip", () => {
  it("has the velocity and the time that a ruler gives", () => {
    // 60 rows above the baseline at 0.5 cm/s a row; 100 columns from the edge at 4 ms a column.
    expect(readingAt([STRIP], { x: 120, y: 120 })).toEqual({ velocity_cm_s: 30, time_ms: 400 });
    expect(readingAt([STRIP], { x: 20, y: 180 })).toEqual({ velocity_cm_s: -0, time_ms: 0 });
    expect(velocityAt(STRIP, 200)).toBe(-10);
    expect(velocityAt({ ...STRIP, delta_y: 0.5 }, 200)).toBe(10);
  });
  it("between pixels has a value between", () => {
    expect(velocityAt(STRIP, 179.5)).toBe(0.25);
    expect(timeAt(STRIP, 20.25)).toBeCloseTo(1, 12);
  });
  it("counts its time from the left edge when the axis says no zero", () => {
    expect(timeAt({ ...STRIP, zero_x: null }, 45)).toBeCloseTo(100, 12);
    expect(timeAt({ ...STRIP, zero_x: 45 }, 45)).toBe(0);
  });
  it("has no velocity without a baseline, but a time", () => {
    const { zero_y: _zero, ...rest } = STRIP;
    expect(readingAt([rest], { x: 120, y: 120 })).toEqual({ velocity_cm_s: null, time_ms: 400 });
    expect(knownOf([rest])).toBe("no-baseline");
    expect(velocityTicks(rest, 5)).toEqual([]);
  });
  it("of no strip has nothing, and says so plainly", () => {
    expect(readingAt([TISSUE], { x: 5, y: 5 })).toEqual({ velocity_cm_s: null, time_ms: null });
    expect([knownOf([]), knownOf([TISSUE]), knownOf([{ ...STRIP, delta_y: 0 }]), knownOf([TISSUE, STRIP])]).toEqual([
      "uncalibrated", "uncalibrated", "uncalibrated", "calibrated",
    ]);
    expect(said({ velocity_cm_s: null, time_ms: null })).toBe("");
  });
});

describe("of several strips", () => {
  const small: Region = { ...STRIP, x0: 320, x1: 360 };
  it("the one that holds the place counts, else the largest", () => {
    expect(stripsOf([small, TISSUE, STRIP])).toEqual([STRIP, small]);
    expect(stripAt([small, STRIP], { x: 330, y: 150 })).toBe(small);
    expect(stripAt([small, STRIP], { x: 0, y: 0 })).toBe(STRIP);
    expect(stripAt([], { x: 0, y: 0 })).toBeNull();
  });
});

describe("what is written", () => {
  it("has tenths for tissue and whole cm/s for blood", () => {
    expect([7.25, -12.04, 82.4, -131.6, -0.01, 0].map(velocityWord)).toEqual(["7.3", "-12.0", "82", "-132", "0.0", "0.0"]);
    expect(said({ velocity_cm_s: 82.4, time_ms: 310.4 })).toBe("82 cm/s, 310 ms");
    expect(said({ velocity_cm_s: null, time_ms: 99.6 })).toBe("100 ms");
  });
  it("stands at round values in steps of 1, 2 or 5", () => {
    expect(roundValues(-20, 40, 6)).toEqual([-20, -10, 0, 10, 20, 30, 40]);
    expect(roundValues(0, 1116, 5)).toEqual([0, 500, 1000]);
    expect(roundValues(0.13, 0.9, 4).map((v) => v.toFixed(1))).toEqual(["0.2", "0.4", "0.6", "0.8"]);
    expect(roundValues(3, 3, 4)).toEqual([]);
  });
  it("stands where its value is read", () => {
    const ticks = velocityTicks(STRIP, 6);
    expect(ticks.map((t) => t.value)).toEqual([-10, 0, 10, 20, 30, 40].filter((v) => v >= -19.5));
    for (const { value, at } of ticks) expect(velocityAt(STRIP, at)).toBeCloseTo(value, 9);
    for (const { value, at } of timeTicks(STRIP, 5)) expect(timeAt(STRIP, at)).toBeCloseTo(value, 9);
    expect(timeTicks(STRIP, 5).map((t) => t.value)).toEqual([0, 500, 1000]);
  });
});
