import { describe, expect, it } from "vitest";

import { follow, reversed, tieUp } from "./ties";
import { isCurve, isPoint, labelOf } from "./types";
import type { Curve, Label, Labels, Node, Pt, Question } from "./types";

const question = (key: string, label: string, options: Record<string, unknown> = {}): Question => ({
  key, title: key, label, tool: label === "curve" ? "trace" : "place", hotkey: "1", hue: 0, help: "", categories: [], options,
  visibilities: ["blurred", "off"], required: true,
});
const BORDER = question("border", "curve", { ties: { start: "sep", middle: "apex", end: "lat" } });
const ALL = [BORDER, question("apex", "point"), question("sep", "point"), question("lat", "point")];
const NODES: Node[] = [{ x: 0, y: 100 }, { x: 0, y: 40 }, { x: 30, y: 0 }, { x: 60, y: 40 }, { x: 60, y: 100 }];

const drawn = (nodes: readonly Node[]): Label => ({
  visibility: "seen",
  instances: [{ nodes, spline: "natural-cubic/chord", freehand: false } satisfies Curve],
});
const point = (x: number, y: number): Label => ({ visibility: "seen", instances: [{ x, y }] });
const nodesOf = (labels: Labels): readonly Node[] => {
  const first = labelOf(labels, "border").instances[0];
  return isCurve(first) ? first.nodes : [];
};
const at = (labels: Labels, key: string): Pt | null => {
  const first = labelOf(labels, key).instances[0];
  return isPoint(first) ? { x: first.x, y: first.y } : null;
};
const keys = (labels: Labels): (string | undefined)[] => nodesOf(labels).map((n) => n.key);
const moved = (labels: Labels, i: number, to: Partial<Node>): Labels => ({
  ...labels,
  border: drawn(nodesOf(labels).with(i, { ...nodesOf(labels)[i]!, ...to })),
});
const TIED = tieUp({ border: drawn(NODES) }, BORDER);

describe("when the curve is finished", () => {
  it("sets the hinges from its ends and the apex from the node farthest from their midpoint", () => {
    expect(keys(TIED)).toEqual(["sep", undefined, "apex", undefined, "lat"]);
    expect([at(TIED, "sep"), at(TIED, "apex"), at(TIED, "lat")]).toEqual([
      { x: 0, y: 100 }, { x: 30, y: 0 }, { x: 60, y: 100 },
    ]);
  });

  it("leaves what was said before: can't see and not there stay, and the node has no name then", () => {
    const labels = { border: drawn(NODES), apex: { visibility: "blurred", instances: [] } as Label };
    const tied = tieUp(labels, BORDER);
    expect(labelOf(tied, "apex").visibility).toBe("blurred");
    expect(keys(tied)).toEqual(["sep", undefined, undefined, undefined, "lat"]);
  });

  it("takes its ends to points that were set before", () => {
    const tied = tieUp({ border: drawn(NODES), sep: point(2, 97) }, BORDER);
    expect(at(tied, "sep")).toEqual({ x: 2, y: 97 });
    expect(nodesOf(tied)[0]).toEqual({ x: 2, y: 97, key: "sep" });
  });

  it("turns a curve round that was drawn from the other end", () => {
    const labels = { border: drawn(reversed(NODES)), sep: point(0, 99), lat: point(60, 99) };
    const tied = tieUp(labels, BORDER);
    expect(nodesOf(tied)[0]).toMatchObject({ x: 0, y: 99, key: "sep" });
    expect(nodesOf(tied)[1]).toMatchObject({ x: 0, y: 40 });
  });

  it("gives an apex that was set before to the node beside it, and to none when all are far", () => {
    const near = tieUp({ border: drawn(NODES), apex: point(33, 2) }, BORDER);
    expect(nodesOf(near)[2]).toEqual({ x: 33, y: 2, key: "apex" });
    const far = tieUp({ border: drawn(NODES), apex: point(30, 60) }, BORDER);
    expect(keys(far)).toEqual(["sep", undefined, undefined, undefined, "lat"]);
    expect(at(far, "apex")).toEqual({ x: 30, y: 60 });
  });

  it("is the same when done twice", () => expect(tieUp(TIED, BORDER)).toEqual(TIED));

  it("does nothing to a curve of one node or of another question", () => {
    const labels = { border: drawn(NODES.slice(0, 1)) };
    expect(tieUp(labels, BORDER)).toBe(labels);
    const plain = { border: drawn(NODES) };
    expect(keys(tieUp(plain, question("border", "curve")))).toEqual(NODES.map(() => undefined));
  });
});

describe("afterwards", () => {
  it("moves the point with its node", () => {
    const next = follow(TIED, moved(TIED, 4, { x: 70, y: 90 }), ALL);
    expect(at(next, "lat")).toEqual({ x: 70, y: 90 });
    expect(at(next, "sep")).toEqual({ x: 0, y: 100 });
  });

  it("moves the node with its point", () => {
    const next = follow(TIED, { ...TIED, apex: point(31, -4) }, ALL);
    expect(nodesOf(next)[2]).toEqual({ x: 31, y: -4, key: "apex" });
  });

  it("lets go of the node when the point is taken away, and takes it up when it is set again", () => {
    const gone = follow(TIED, { ...TIED, sep: { visibility: "blurred", instances: [] } }, ALL);
    expect(nodesOf(gone)[0]).toEqual({ x: 0, y: 100 });
    const again = follow(gone, { ...gone, sep: point(3, 103) }, ALL);
    expect(nodesOf(again)[0]).toEqual({ x: 3, y: 103, key: "sep" });
  });

  it("takes a new apex up where it is set beside an inner node", () => {
    const gone = follow(TIED, { ...TIED, apex: { visibility: "unasked", instances: [] } }, ALL);
    expect(keys(gone)[2]).toBeUndefined();
    const again = follow(gone, { ...gone, apex: point(32, 3) }, ALL);
    expect(nodesOf(again)[2]).toEqual({ x: 32, y: 3, key: "apex" });
  });

  it("makes a new end the hinge when the last node is deleted", () => {
    const next = follow(TIED, { ...TIED, border: drawn(nodesOf(TIED).slice(0, -1)) }, ALL);
    expect(keys(next)).toEqual(["sep", undefined, "apex", "lat"]);
    expect(at(next, "lat")).toEqual({ x: 60, y: 40 });
  });

  it("keeps the apex point when its node is deleted", () => {
    const next = follow(TIED, { ...TIED, border: drawn(nodesOf(TIED).toSpliced(2, 1)) }, ALL);
    expect(keys(next)).toEqual(["sep", undefined, undefined, "lat"]);
    expect(at(next, "apex")).toEqual({ x: 30, y: 0 });
  });

  it("leaves a curve alone that is still being drawn", () => {
    const before = { border: drawn(NODES.slice(0, 3)) };
    const after = { border: drawn(NODES.slice(0, 4)), sep: point(1, 1) };
    expect(follow(before, after, ALL)).toBe(after);
  });

  it("keeps the points when the curve is cleared", () => {
    const next = follow(TIED, { ...TIED, border: { visibility: "unasked", instances: [] } }, ALL);
    expect(at(next, "apex")).toEqual({ x: 30, y: 0 });
  });
});

describe("reversed", () => {
  it("takes each step with its segment", () => {
    const nodes: Node[] = [{ x: 0, y: 0, step: "straight" }, { x: 1, y: 0 }, { x: 2, y: 0, step: "gap" }, { x: 3, y: 0 }];
    expect(reversed(nodes)).toEqual([
      { x: 3, y: 0, step: "gap" }, { x: 2, y: 0 }, { x: 1, y: 0, step: "straight" }, { x: 0, y: 0 },
    ]);
    expect(reversed(reversed(nodes))).toEqual(nodes);
  });
});
