import { describe, expect, it } from "vitest";

import { follow, tieUp } from "./ties";
import { seen } from "./types";
import type { Curve, Labels, Pt, Question } from "./types";

const base = { title: "", hotkey: "1", hue: 0, help: "", categories: [], visibilities: [], required: true };
const ties = { start: "start", middle: "peak", end: "end" };
const JET: Question = { ...base, key: "jet", label: "curve", tool: "trace", options: { instances: 9, per_beat: true, axis: "velocity", ties } };
const dots = ["start", "peak", "end"].map((key): Question => ({ ...base, key, label: "point", tool: "place", options: { instances: 9, per_beat: true } }));
const ALL = [JET, ...dots];

const jet = (x: number): Curve => ({
  nodes: [{ x, y: 100 }, { x: x + 10, y: 40 }, { x: x + 20, y: 10 }, { x: x + 40, y: 100 }],
  spline: "natural-cubic/chord", freehand: false,
});
const places = (labels: Labels, key: string): Pt[] => (labels[key]?.instances ?? []) as Pt[];
const curve = (labels: Labels, k: number): Curve => labels["jet"]?.instances[k] as Curve;
const two = (): Labels => tieUp({ ...tieUp({ jet: seen([jet(0)]) }, JET), jet: seen([curve(tieUp({ jet: seen([jet(0)]) }, JET), 0), jet(200)]) }, JET);
const put = (labels: Labels, k: number, node: number, at: Pt): Labels => {
  const old = curve(labels, k);
  const nodes = old.nodes.with(node, { ...old.nodes[node]!, ...at });
  return { ...labels, jet: seen((labels["jet"]!.instances as Curve[]).with(k, { ...old, nodes })) };
};

describe("an envelope a beat", () => {
  it("sets start, peak and end of its own beat", () => {
    const labels = two();
    expect(places(labels, "start")).toEqual([{ x: 0, y: 100 }, { x: 200, y: 100 }]);
    expect(places(labels, "peak")).toEqual([{ x: 20, y: 10 }, { x: 220, y: 10 }]);
    expect(places(labels, "end")).toEqual([{ x: 40, y: 100 }, { x: 240, y: 100 }]);
    expect(curve(labels, 1).nodes.map((n) => n.key)).toEqual(["start", undefined, "peak", "end"]);
  });
  it("takes up a point that was set within its time, not one of another beat", () => {
    const labels = tieUp({ jet: seen([jet(0)]), peak: seen([{ x: 300, y: 5 }, { x: 22, y: 8 }]) }, JET);
    expect(curve(labels, 0).nodes[2]).toMatchObject({ x: 22, y: 8, key: "peak" });
    expect(places(labels, "peak")).toHaveLength(2);
  });
  it("takes its own beat's point along and no other's", () => {
    const before = two();
    const after = follow(before, put(before, 1, 2, { x: 222, y: 4 }), ALL);
    expect(places(after, "peak")).toEqual([{ x: 20, y: 10 }, { x: 222, y: 4 }]);
  });
  it("goes with a point that is moved", () => {
    const before = two();
    const after = follow(before, { ...before, start: seen([{ x: -3, y: 101 }, { x: 200, y: 100 }]) }, ALL);
    expect(curve(after, 0).nodes[0]).toMatchObject({ x: -3, y: 101, key: "start" });
    expect(curve(after, 1)).toBe(curve(before, 1));
  });
  it("stays with its points when the beat before it is deleted", () => {
    const before = two();
    const gone = follow(before, { ...before, jet: seen([curve(before, 1)]) }, ALL);
    const moved = follow(gone, put(gone, 0, 0, { x: 190, y: 99 }), ALL);
    expect(places(moved, "start")).toEqual([{ x: 0, y: 100 }, { x: 190, y: 99 }]);
  });
  it("lets go of a point that is deleted", () => {
    const before = two();
    const after = follow(before, { ...before, peak: seen([{ x: 220, y: 10 }]) }, ALL);
    expect(curve(after, 0).nodes[2]).toEqual({ x: 20, y: 10 });
    expect(curve(after, 1).nodes[2]?.key).toBe("peak");
  });
});
