import { describe, expect, it } from "vitest";

import type { Curve, Node, Question } from "../../core/types";
import { FREE_HAND } from "../base";
import type { Edited, ToolEvent, Work } from "../base";
import { TOOL } from "../trace";
import { moved } from "./whole";

const FLOW: Question = {
  title: "Flow", hotkey: "1", hue: 0, help: "", categories: [], visibilities: [], required: true,
  key: "curve-flow", label: "curve", tool: "trace", options: { instances: 2 },
};
const TIED: Question = { ...FLOW, options: { ties: { start: "a", end: "b" } } };
const NODES: readonly Node[] = [{ x: 0, y: 0 }, { x: 50, y: 40, step: "straight" }, { x: 100, y: 0 }, { x: 50, y: -30 }];

const work = (nodes: readonly Node[], hand = {}): Work => ({
  label: { visibility: "seen", instances: [{ nodes, spline: "natural-cubic/chord", freehand: false }] },
  hand: { ...FREE_HAND, ...hand },
});
const act = (question: Question, before: Work, event: ToolEvent): Edited => TOOL.edit(before, event, question);
const nodesOf = (edited: Edited): readonly Node[] => (edited.work.label.instances[0] as Curve).nodes;

describe("a curve", () => {
  it("is turned round: a straight step stays with its segment, the chosen node in hand", () => {
    const turned = act(FLOW, work(NODES, { chosen: { instance: 0, node: 0 } }), { kind: "reverse" });
    expect(turned.gesture).toBe("reverse");
    expect(nodesOf(turned)).toEqual([{ x: 50, y: -30 }, { x: 100, y: 0, step: "straight" }, { x: 50, y: 40 }, { x: 0, y: 0 }]);
    expect(turned.work.hand.chosen).toEqual({ instance: 0, node: 3 });
    expect(nodesOf(act(FLOW, turned.work, { kind: "reverse" }))).toEqual(NODES);
    expect(act(FLOW, work(NODES, { drawing: 0 }), { kind: "reverse" }).gesture).toBeNull();
  });

  it("is closed, which ends it, and opened again", () => {
    const closed = act(FLOW, work(NODES, { drawing: 0 }), { kind: "close" });
    expect(closed).toMatchObject({ gesture: "close-curve", work: { hand: { drawing: null } } });
    expect(nodesOf(closed)).toEqual([...NODES, { x: 0, y: 0 }]);
    expect(TOOL.draw(closed.work, FLOW).handles).toHaveLength(4);
    const open = act(FLOW, closed.work, { kind: "close" });
    expect([open.gesture, nodesOf(open)]).toEqual(["open-curve", NODES]);
  });

  it("of two nodes, or with landmarks at its ends, is not closed", () => {
    expect(act(FLOW, work(NODES.slice(0, 2)), { kind: "close" }).gesture).toBeNull();
    expect(act(TIED, work(NODES), { kind: "close" }).gesture).toBeNull();
  });

  it("that is closed keeps its two ends together", () => {
    const ring = [...NODES, { x: 0, y: 0 }];
    const at = { x: -9, y: 3 };
    expect(moved(ring, 0, at)).toEqual([at, ...NODES.slice(1), at]);
    expect(moved(NODES, 0, at)[3]).toEqual(NODES[3]);
    const nudged = act(FLOW, work(ring, { chosen: { instance: 0, node: 0 } }), { kind: "nudge", dx: -9, dy: 3 });
    expect(nodesOf(nudged).at(-1)).toEqual(at);
  });

  it("of several ends without leaving its question; the last one leaves it", () => {
    const one = work(NODES, { drawing: 0 });
    expect(act(FLOW, one, { kind: "finish" }).whole).toBe(false);
    const second: Work = {
      label: { visibility: "seen", instances: [...one.label.instances, ...one.label.instances] },
      hand: { ...FREE_HAND, drawing: 1 },
    };
    expect(act(FLOW, second, { kind: "finish" }).whole).toBe(true);
    expect(act({ ...FLOW, options: { instances: 9, per_beat: true } }, one, { kind: "finish" }).whole).toBe(true);
  });
});
