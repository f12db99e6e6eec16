import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { nearestPlace } from "./geometry";
import { render, resample, sample } from "./spline";
import type { Node, SplineKind } from "./types";

interface Case {
  name: string;
  kind: SplineKind;
  nodes: Node[];
  n: number;
  points: [number, number][];
}

const file = new URL("../../../tests/reference/spline_vectors.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as Case[];
const TOLERANCE_PX = 1e-6;

describe("the curve is the server's curve", () => {
  it("has enough cases", () => expect(cases.length).toBeGreaterThanOrEqual(24));

  it.each(cases)("$name", ({ kind, nodes, n, points }) => {
    const got = sample(nodes, kind, n);
    expect(got).toHaveLength(points.length);
    const worst = Math.max(...got.map((p, i) => Math.hypot(p.x - points[i]![0], p.y - points[i]![1])));
    expect(worst).toBeLessThan(TOLERANCE_PX);
  });
});

describe("render", () => {
  const bent: Node[] = [{ x: 0, y: 0 }, { x: 10, y: 10 }, { x: 20, y: 0 }, { x: 30, y: 10 }];

  it("goes through every node", () => {
    const [stroke] = render(bent, "natural-cubic/chord");
    for (const node of bent) {
      expect(Math.min(...stroke!.points.map((p) => Math.hypot(p.x - node.x, p.y - node.y)))).toBeLessThan(1e-9);
    }
  });

  it("knows which node each piece belongs to, past straight steps, gaps and repeats", () => {
    const nodes: Node[] = [
      { x: 0, y: 0 },
      { x: 0, y: 0, step: "straight" },
      { x: 10, y: 0 },
      { x: 20, y: 5, step: "gap" },
      { x: 40, y: 0 },
      { x: 50, y: 0 },
    ];
    const strokes = render(nodes, "natural-cubic/chord");
    expect(strokes).toHaveLength(2);
    expect(nearestPlace(strokes, { x: 5, y: 1 })).toMatchObject({ node: 1 });
    expect(nearestPlace(strokes, { x: 15, y: 2.5 })).toMatchObject({ node: 2 });
    const last = nearestPlace(strokes, { x: 45, y: 3 })!;
    expect(last.node).toBe(4);
    expect(last.share).toBeCloseTo(0.5);
    expect(last.distance).toBeCloseTo(3);
  });

  it("draws a gap's lonely node as one point", () => {
    const strokes = render([{ x: 1, y: 2, step: "gap" }, { x: 5, y: 5 }, { x: 6, y: 5 }], "natural-cubic/chord");
    expect(strokes.map((s) => s.points.length)).toEqual([1, 2]);
  });

  it("refuses to sample fewer than two points", () => {
    expect(() => resample([bent], 1)).toThrow(RangeError);
  });
});
