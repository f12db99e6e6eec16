import { describe, expect, it } from "vitest";

import { fit, held, pan, pinch, toImage, toScreen, zoomAt } from "./viewport";

const FRAME = { width: 640, height: 480 };
const STAGE = { width: 1000, height: 700 };

describe("viewport", () => {
  const view = fit(FRAME, STAGE, 0);

  it("fits the whole frame in the middle", () => {
    expect(view.scale).toBeCloseTo(700 / 480);
    expect(toScreen(view, { x: -0.5, y: -0.5 }).y).toBeCloseTo(0);
    expect(toScreen(view, { x: 639.5, y: 479.5 }).y).toBeCloseTo(700);
    expect(view.left).toBeCloseTo((1000 - 640 * view.scale) / 2);
  });

  it("puts the centre of the top-left pixel at (0, 0)", () => {
    expect(toScreen({ scale: 10, left: 0, top: 0 }, { x: 0, y: 0 })).toEqual({ x: 5, y: 5 });
  });

  it("comes back from the screen to the same place", () => {
    const p = { x: 123.456, y: 78.9 };
    const back = toImage(view, toScreen(view, p));
    expect(back.x).toBeCloseTo(p.x, 10);
    expect(back.y).toBeCloseTo(p.y, 10);
  });

  it("keeps what is under the pointer when it zooms", () => {
    const at = { x: 333, y: 222 };
    const before = toImage(view, at);
    const after = toImage(zoomAt(view, at, 3.7), at);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });

  it("does not zoom without end, and still keeps the place", () => {
    const near = zoomAt(view, { x: 10, y: 10 }, 1e9);
    expect(near.scale).toBe(64);
    expect(toImage(near, { x: 10, y: 10 }).x).toBeCloseTo(toImage(view, { x: 10, y: 10 }).x, 9);
    expect(zoomAt(view, { x: 0, y: 0 }, 1e-9).scale).toBe(0.05);
  });

  it("follows two fingers", () => {
    const before = [{ x: 100, y: 100 }, { x: 200, y: 100 }] as const;
    const now = [{ x: 150, y: 150 }, { x: 350, y: 150 }] as const;
    const next = pinch(view, before, now);
    before.forEach((finger, i) => {
      const place = toImage(view, finger);
      expect(toScreen(next, place).x).toBeCloseTo(now[i]!.x, 6);
      expect(toScreen(next, place).y).toBeCloseTo(now[i]!.y, 6);
    });
  });

  it("cannot lose the frame", () => {
    const far = held(pan(view, 1e5, -1e5), FRAME, STAGE);
    expect(far.left).toBe(STAGE.width - 48);
    expect(far.top).toBeCloseTo(48 - 480 * view.scale);
  });
});
