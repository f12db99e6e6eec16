import { describe, expect, it } from "vitest";
import { SEGMENTS, segmentOf } from "./segments";

describe("the segment map", () => {
  it("has the seven segments, each once", () => {
    expect(new Set(SEGMENTS.map((segment) => segment.key)).size).toBe(7);
  });

  it("finds a segment by its protocol", () => {
    expect(segmentOf("rank-a4c-segment-apex")?.title).toBe("apex");
    expect(segmentOf("rank-a4c-segment-none")).toBeNull();
    expect(segmentOf("a4c-lv-border")).toBeNull();
  });

  it("puts each name inside of the outline's bounds", () => {
    for (const { outline, at } of SEGMENTS) {
      const numbers = (outline.match(/-?\d+/g) ?? []).map(Number);
      const xs = numbers.filter((_, i) => i % 2 === 0);
      const ys = numbers.filter((_, i) => i % 2 === 1);
      expect(at.x).toBeGreaterThan(Math.min(...xs));
      expect(at.x).toBeLessThan(Math.max(...xs));
      expect(at.y).toBeGreaterThan(Math.min(...ys));
      expect(at.y).toBeLessThan(Math.max(...ys));
    }
  });
});
