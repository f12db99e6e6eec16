import { describe, expect, it } from "vitest";

import { isCurve, UNASKED } from "../core/types";
import type { Curve, Label, Node, Pt, Question } from "../core/types";
import { FREE_HAND } from "./base";
import type { Edited, Target, ToolEvent, Work } from "./base";
import { fromLabel, toLabel } from "./index";
import { chosenStep, TOOL } from "./trace";

const QUESTION: Question = {
  key: "border", title: "Border", label: "curve", tool: "trace", hotkey: "1", hue: 0, help: "", categories: [], options: { min_nodes: 3 },
  visibilities: ["blurred", "off"], required: true,
};
const TWO: Question = { ...QUESTION, options: { instances: 2, min_nodes: 2 } };
const REACH = 4;
const SLOP = 1;
const ARCH: Pt[] = [{ x: 0, y: 100 }, { x: 10, y: 40 }, { x: 50, y: 0 }, { x: 90, y: 40 }, { x: 100, y: 100 }];
const FRESH: Work = { label: UNASKED, hand: FREE_HAND };

/** A pen in the hand of one person: what they do, and what it comes to. */
class Pen {
  gestures: string[] = [];
  whole = false;
  constructor(
    public work: Work = FRESH,
    readonly question = QUESTION,
  ) {}
  do(event: ToolEvent): this {
    const edited: Edited = TOOL.edit(this.work, event, this.question);
    this.work = edited.work;
    if (edited.gesture) this.gestures.push(edited.gesture);
    this.whole = edited.whole;
    return this;
  }
  press(at: Pt, remove = false): this {
    const target: Target | null = this.work.hand.freehand ? null : TOOL.hit(this.work.label, at, REACH);
    return this.do({ kind: "press", at, target, remove, slop: SLOP });
  }
  click(at: Pt): this {
    return this.press(at).do({ kind: "release" });
  }
  drag(from: Pt, ...to: Pt[]): this {
    this.press(from);
    for (const at of to) this.do({ kind: "drag", at, trail: [at] });
    return this.do({ kind: "release" });
  }
  get curves(): Curve[] {
    return this.work.label.instances.filter(isCurve);
  }
  get nodes(): readonly Node[] {
    return this.curves[0]?.nodes ?? [];
  }
}

const drawing = (): Pen => ARCH.reduce((pen, p) => pen.click(p), new Pen());
const drawn = (): Pen => {
  const pen = drawing().do({ kind: "finish" });
  pen.gestures = [];
  return pen;
};
/** A place on the line between two nodes, found on the drawn curve. */
const onLine = (pen: Pen, from: number, share: number): Pt => {
  const line = TOOL.draw({ ...pen.work, hand: FREE_HAND }, QUESTION).lines[0]!.points;
  return line[from * 32 + Math.round(share * 32)]!;
};

describe("clicking", () => {
  it("adds nodes in order; each is a gesture of its own", () => {
    const pen = drawing();
    expect(pen.nodes).toEqual(ARCH);
    expect(pen.gestures).toEqual(ARCH.map(() => "add-node"));
    expect(pen.curves[0]).toMatchObject({ spline: "natural-cubic/chord", freehand: false });
    expect(pen.work.hand.drawing).toBe(0);
  });

  it("lets a new node be bettered before the button is let go", () => {
    const pen = new Pen().drag({ x: 0, y: 0 }, { x: 3, y: 1 }, { x: 7, y: 2 });
    expect(pen.nodes).toEqual([{ x: 7, y: 2 }]);
    expect(pen.gestures).toEqual(["add-node"]);
  });

  it("on the curve puts a node in", () => {
    const pen = drawn();
    const at = onLine(pen, 1, 0.5);
    pen.click(at);
    expect(pen.nodes).toHaveLength(6);
    expect(pen.nodes[2]!.x).toBeCloseTo(at.x, 6);
    expect(pen.gestures).toEqual(["insert-node"]);
    expect(pen.work.hand.chosen).toEqual({ instance: 0, node: 2 });
  });

  it("beside a finished curve does nothing but let go", () => {
    const pen = drawn().click({ x: 50, y: 60 });
    expect(pen.nodes).toEqual(ARCH);
    expect(pen.gestures).toEqual([]);
    expect(pen.work.hand.chosen).toBeNull();
  });

  it("on a node arms it, and the next click on an empty place puts it there", () => {
    const pen = drawn().click(ARCH[1]!);
    expect(pen.work.hand.armed).toBe(true);
    pen.click({ x: 20, y: 60 });
    expect(pen.nodes[1]).toEqual({ x: 20, y: 60 });
    expect(pen.gestures).toEqual(["move-node"]);
    expect(pen.work.hand.armed).toBe(false);
  });

  it("begins a second curve where two are asked", () => {
    const pen = [ARCH[0]!, ARCH[1]!].reduce((p, at) => p.click(at), new Pen(FRESH, TWO)).do({ kind: "finish" });
    pen.click({ x: 300, y: 0 }).click({ x: 300, y: 50 }).do({ kind: "finish" }).click({ x: 600, y: 0 });
    expect(pen.curves.map((c) => c.nodes.length)).toEqual([2, 2]);
  });
});

describe("finishing", () => {
  it("takes three nodes, and says that it is whole", () => {
    const pen = new Pen().click(ARCH[0]!).click(ARCH[1]!).do({ kind: "finish" });
    expect(pen.whole).toBe(false);
    expect(pen.work.hand.drawing).toBe(0);
    expect(TOOL.isWhole(pen.work.label, QUESTION)).toBe(false);
    pen.click(ARCH[2]!).do({ kind: "finish" });
    expect(pen.whole).toBe(true);
    expect(pen.work.hand.drawing).toBeNull();
    expect(TOOL.isWhole(pen.work.label, QUESTION)).toBe(true);
  });
});

describe("dragging", () => {
  it("moves a node by as much as the pointer moves, wherever it was held", () => {
    const pen = drawn().drag({ x: 12, y: 41 }, { x: 20, y: 41 }, { x: 30, y: 51 });
    expect(pen.nodes[1]).toEqual({ x: 28, y: 50 });
    expect(pen.gestures).toEqual(["move-node"]);
  });

  it("does not begin before the slop", () => {
    const pen = drawn().drag(ARCH[1]!, { x: 10.5, y: 40.5 });
    expect(pen.nodes).toEqual(ARCH);
    expect(pen.gestures).toEqual([]);
  });

  it("of the line far from nodes bends it: a new node goes with the pointer", () => {
    const pen = drawn();
    const at = onLine(pen, 1, 0.5);
    pen.drag(at, { x: at.x - 3, y: at.y - 3 }, { x: at.x - 8, y: at.y - 6 });
    expect(pen.nodes).toHaveLength(6);
    expect(pen.nodes[2]!.x).toBeCloseTo(at.x - 8, 6);
    expect(pen.nodes[2]!.y).toBeCloseTo(at.y - 6, 6);
    expect(pen.gestures).toEqual(["bend"]);
  });

  it("of the line near a free node moves that node", () => {
    const pen = drawn();
    const at = onLine(pen, 2, 0.15);
    pen.drag(at, { x: at.x + 2, y: at.y - 9 });
    expect(pen.nodes).toHaveLength(5);
    expect(pen.nodes[2]!.y).toBeCloseTo(-9, 6);
    expect(pen.gestures).toEqual(["bend"]);
  });

  it("keeps the name and the step of a node", () => {
    const nodes = ARCH.map((p, i): Node => (i === 2 ? { ...p, key: "apex", step: "gap" } : p));
    const label: Label = { visibility: "seen", instances: [{ nodes, spline: "natural-cubic/chord", freehand: false }] };
    const pen = new Pen({ label, hand: FREE_HAND }).drag(ARCH[2]!, { x: 55, y: 5 });
    expect(pen.nodes[2]).toEqual({ x: 55, y: 5, key: "apex", step: "gap" });
  });
});

describe("taking back", () => {
  it("removes the last node while drawing, and leaves the tool clean at none", () => {
    const pen = new Pen().click(ARCH[0]!).click(ARCH[1]!);
    pen.do({ kind: "erase" });
    expect(pen.nodes).toEqual([ARCH[0]]);
    pen.click(ARCH[2]!).do({ kind: "erase" }).do({ kind: "erase" });
    expect(pen.work.label).toEqual(UNASKED);
    expect(pen.work.hand.drawing).toBeNull();
    pen.do({ kind: "erase" });
    expect(pen.work.label).toEqual(UNASKED);
    pen.click(ARCH[0]!);
    expect(pen.nodes).toEqual([ARCH[0]]);
  });

  it("removes the chosen node of a finished curve, else its last", () => {
    expect(drawn().click(ARCH[1]!).do({ kind: "erase" }).nodes).toEqual(ARCH.toSpliced(1, 1));
    expect(drawn().do({ kind: "erase" }).nodes).toEqual(ARCH.slice(0, -1));
  });

  it("by Alt and click removes the node under the pointer, and no other", () => {
    const pen = drawn().press(ARCH[3]!, true);
    expect(pen.nodes).toEqual(ARCH.toSpliced(3, 1));
    expect(pen.gestures).toEqual(["delete-node"]);
    expect(drawn().press({ x: 50, y: 60 }, true).nodes).toEqual(ARCH);
  });
});

describe("segments", () => {
  it("turn straight, into a gap and bendy again", () => {
    const pen = drawn().click(ARCH[1]!).do({ kind: "step", step: "straight" });
    expect(pen.nodes[1]!.step).toBe("straight");
    expect(chosenStep(pen.work)).toBe("straight");
    pen.do({ kind: "step", step: "gap" });
    expect(pen.nodes[1]!.step).toBe("gap");
    expect(TOOL.draw(pen.work, QUESTION).lines.map((l) => l.kind)).toContain("gap");
    pen.do({ kind: "step", step: "gap" });
    expect(pen.nodes[1]).toEqual(ARCH[1]);
    expect(pen.gestures).toEqual(["set-step", "set-step", "set-step"]);
  });

  it("of the last node are the one before it, but while drawing the one to come", () => {
    expect(drawn().click(ARCH[4]!).do({ kind: "step", step: "gap" }).nodes[3]!.step).toBe("gap");
    const pen = new Pen().click(ARCH[0]!).do({ kind: "step", step: "gap" }).click(ARCH[1]!);
    expect(pen.nodes[0]!.step).toBe("gap");
  });

  it("that are straight stay so when a node is put in", () => {
    const pen = drawn().click(ARCH[1]!).do({ kind: "step", step: "straight" }).click({ x: 30, y: 20 });
    expect(pen.nodes.map((n) => n.step)).toEqual([undefined, "straight", "straight", undefined, undefined, undefined]);
  });

  it("need a chosen node", () => {
    const pen = drawn().do({ kind: "step", step: "gap" });
    expect(pen.nodes).toEqual(ARCH);
    expect(pen.gestures).toEqual([]);
  });
});

describe("nudging", () => {
  it("moves the chosen node", () => {
    expect(drawn().click(ARCH[0]!).do({ kind: "nudge", dx: 0.5, dy: -1 }).nodes[0]).toEqual({ x: 0.5, y: 99 });
    expect(drawn().do({ kind: "nudge", dx: 1, dy: 1 }).nodes).toEqual(ARCH);
  });
});

describe("freehand", () => {
  const trace = Array.from({ length: 120 }, (_, i) => ({ x: i, y: 50 + 20 * Math.sin(i / 15) }));
  const stroke = (): Pen =>
    new Pen({ label: UNASKED, hand: { ...FREE_HAND, freehand: true } }).drag(trace[0]!, ...trace.slice(1));

  it("is one stroke, whole at its end, with the trace itself as nodes", () => {
    const pen = stroke();
    expect(pen.curves[0]).toEqual({ nodes: trace, spline: "polyline", freehand: true });
    expect(pen.gestures).toEqual(["freehand"]);
    expect(pen.whole).toBe(true);
    expect(pen.work.hand).toMatchObject({ freehand: false, drawing: null });
  });

  it("shows only its ends as handles", () => {
    expect(TOOL.draw(stroke().work, QUESTION).handles.map((h) => h.spot.node)).toEqual([0, 119]);
  });

  it("is pulled softly where it is held, and keeps its ends", () => {
    const pen = stroke();
    pen.drag(trace[60]!, { x: 60, y: trace[60]!.y + 5 });
    expect(pen.nodes[60]!.y).toBeCloseTo(trace[60]!.y + 5, 6);
    expect(pen.nodes[55]!.y).toBeGreaterThan(trace[55]!.y);
    expect(pen.nodes[30]).toEqual(trace[30]);
    expect(pen.gestures.at(-1)).toBe("bend");
  });

  it("that is only a dot leaves nothing", () => {
    const pen = new Pen({ label: UNASKED, hand: { ...FREE_HAND, freehand: true } }).click({ x: 1, y: 1 });
    expect(pen.work.label).toEqual(UNASKED);
    expect(pen.work.hand.drawing).toBeNull();
  });

  it("replaces the one curve that may be there", () => {
    const pen = drawn();
    pen.work = { ...pen.work, hand: { ...pen.work.hand, freehand: true } };
    pen.drag(trace[0]!, ...trace.slice(1));
    expect(pen.curves).toHaveLength(1);
    expect(pen.curves[0]!.freehand).toBe(true);
  });
});

describe("what is saved", () => {
  it("is read back the same, defaults left out", () => {
    const raw = {
      visibility: "seen",
      instances: [{
        nodes: [{ x: 1.5, y: 2 }, { x: 3, y: 4, step: "gap" }, { x: 5, y: 6, key: "apex" }],
        spline: "natural-cubic/uniform",
        freehand: false,
      }],
    };
    const label = fromLabel(QUESTION, raw)!;
    expect(toLabel(QUESTION, label)).toEqual(raw);
    expect(toLabel(QUESTION, fromLabel(QUESTION, { visibility: "off", instances: [] })!)).toEqual({
      visibility: "off", instances: [],
    });
  });

  it.each([
    null, {}, { visibility: "maybe", instances: [] }, { visibility: "seen", instances: [{ x: 1, y: 2 }] },
    { visibility: "seen", instances: [{ nodes: [{ x: "1", y: 2 }], spline: "polyline" }] },
    { visibility: "seen", instances: [{ nodes: [{ x: 1, y: 2 }], spline: "bezier" }] },
    { visibility: "seen", instances: [{ nodes: [], spline: "polyline" }] },
  ])("is not made out of %j", (raw) => expect(fromLabel(QUESTION, raw)).toBeNull());
});
