import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isMostly, whenSeen } from "./seen";

const BOX = { width: 400, height: 300 };

describe("what was seen", () => {
  let visible = "visible";
  let tell: (part: { width: number; height: number }) => void;
  const listeners = new Set<() => void>();
  const observed = { disconnect: vi.fn(), observe: vi.fn() };

  beforeEach(() => {
    vi.useFakeTimers();
    visible = "visible";
    listeners.clear();
    vi.stubGlobal("window", { innerHeight: 800 });
    vi.stubGlobal("document", {
      get visibilityState() {
        return visible;
      },
      addEventListener: (_: string, act: () => void) => listeners.add(act),
      removeEventListener: (_: string, act: () => void) => listeners.delete(act),
    });
    vi.stubGlobal("IntersectionObserver", class {
      constructor(act: (entries: unknown[]) => void) {
        tell = (part) => act([{ intersectionRect: part, boundingClientRect: BOX }]);
      }
      observe = observed.observe;
      disconnect = observed.disconnect;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is what stood on the screen for the whole time", () => {
    const then = vi.fn();
    whenSeen({} as Element, 500, then);
    vi.advanceTimersByTime(5000);
    expect(then).not.toHaveBeenCalled();
    tell(BOX);
    vi.advanceTimersByTime(499);
    expect(then).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(then).toHaveBeenCalledOnce();
    expect(listeners.size).toBe(0);
  });

  it("begins again when the page was hidden or the picture scrolled away", () => {
    const then = vi.fn();
    whenSeen({} as Element, 500, then);
    tell(BOX);
    vi.advanceTimersByTime(400);
    visible = "hidden";
    for (const act of listeners) act();
    vi.advanceTimersByTime(5000);
    visible = "visible";
    for (const act of listeners) act();
    vi.advanceTimersByTime(400);
    tell({ width: 400, height: 20 });
    vi.advanceTimersByTime(5000);
    expect(then).not.toHaveBeenCalled();
    tell(BOX);
    vi.advanceTimersByTime(500);
    expect(then).toHaveBeenCalledOnce();
  });

  it("is nothing once nobody waits for it", () => {
    const then = vi.fn();
    const stop = whenSeen({} as Element, 500, then);
    tell(BOX);
    stop();
    vi.advanceTimersByTime(5000);
    expect(then).not.toHaveBeenCalled();
  });

  it("is most of the picture, or a screen full of a larger one", () => {
    expect(isMostly({ width: 400, height: 150 }, BOX, 800)).toBe(true);
    expect(isMostly({ width: 400, height: 149 }, BOX, 800)).toBe(false);
    expect(isMostly({ width: 199, height: 300 }, BOX, 800)).toBe(false);
    expect(isMostly({ width: 400, height: 400 }, { width: 400, height: 3000 }, 800)).toBe(true);
    expect(isMostly({ width: 0, height: 0 }, { width: 0, height: 0 }, 800)).toBe(false);
  });
});
