import { describe, expect, it } from "vitest";

import { crossesItself, ring, thinned } from "../core/ring";
import { UNASKED } from "../core/types";
import type { Label, Outline, Pt, Question } from "../core/types";
import { FREE_HAND } from "./base";
import type { Edited, ToolEvent, Work } from "./base";
import { fromLabel, halfDrawn, toLabel } from "./index";
import { TOOL } from "./outline";

const KIDNEY: Question = {
  title: "Capsule", hotkey: "1", hue: 0, help: "", categories: [], visibilities: ["blurred", "off"], required: true,
  key: "kidney-capsule", label: "polygon", tool: "outline", options: {},
};
const CYSTS: Question = { ...KIDNEY, options: { instances: 2 } };
const FRESH: Work = { label: UNASKED, hand: FREE_HAND };
const RELEASE: ToolEvent = { kind: "release" };
const SQUARE: readonly Pt[] = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 100, y: 80 }, { x: 0, y: 80 }];

function act(question: Question, work: Work, ...events: ToolEvent[]): Edited {
  const start: Edited = { work, gesture: null, whole: false };
  return events.reduce((before, event) => TOOL.edit(before.work, event, question), start);
}
const press = (work: Work, at: Pt, remove = false): ToolEvent => ({ kind: "press", at, target: TOOL.hit(work.label, at, 6), remove, slop: 1 });
const drag = (at: Pt, trail: readonly Pt[] = []): ToolEvent => ({ kind: "drag", at, trail });
const click = (question: Question, work: Work, at: Pt): Edited => act(question, work, press(work, at), RELEASE);
const clicks = (question: Question, work: Work, places: readonly Pt[]): Edited =>
  places.reduce((before, at) => click(question, before.work, at), { work, gesture: null, whole: false } as Edited);
const closed = (question: Question, work: Work, places: readonly Pt[]): Edited => act(question, clicks(question, work, places).work, { kind: "finish" });
const outline = (edited: Edited, i = 0): Outline => edited.work.label.instances[i] as Outline;

describe("outline", () => {
  const drawn = closed(KIDNEY, FRESH, SQUARE);

  it("is clicked corner by corner, and closed by Enter", () => {
    const open = clicks(KIDNEY, FRESH, SQUARE);
    expect(open.work.hand.drawing).toBe(0);
    expect(TOOL.draw(open.work, KIDNEY).lines[0]?.points).toHaveLength(4);
    expect(drawn).toMatchObject({ gesture: "close-outline", whole: true, work: { hand: { drawing: null } } });
    expect(outline(drawn).corners).toEqual(SQUARE);
    expect(TOOL.draw(drawn.work, KIDNEY).lines[0]?.points).toHaveLength(5);
  });

  it("is closed by a click on its first corner, which adds none", () => {
    const open = clicks(KIDNEY, FRESH, SQUARE).work;
    const back = act(KIDNEY, open, press(open, { x: 2, y: 1 }));
    expect(back).toMatchObject({ gesture: "close-outline", whole: true });
    expect(outline(back).corners).toEqual(SQUARE);
  });

  it("of two corners stays open", () => {
    const two = closed(KIDNEY, FRESH, SQUARE.slice(0, 2));
    expect(two.gesture).toBeNull();
    expect(two.work.hand.drawing).toBe(0);
    expect(TOOL.isWhole(two.work.label, KIDNEY)).toBe(false);
    expect(halfDrawn(KIDNEY, { [KIDNEY.key]: two.work.label })).toBe(0);
    expect(halfDrawn(KIDNEY, { [KIDNEY.key]: drawn.work.label })).toBeNull();
  });

  it("has a corner moved by a drag, by two taps and by an arrow, each alike", () => {
    const to = { x: 120, y: 90 };
    const dragged = act(KIDNEY, drawn.work, press(drawn.work, { x: 100, y: 80 }), drag(to), RELEASE);
    const tapped = click(KIDNEY, click(KIDNEY, drawn.work, { x: 100, y: 80 }).work, to);
    const chosen: Work = { ...drawn.work, hand: { ...FREE_HAND, chosen: { instance: 0, node: 2 } } };
    const nudged = act(KIDNEY, chosen, { kind: "nudge", dx: 20, dy: 10 });
    for (const one of [dragged, tapped, nudged]) expect(outline(one).corners).toEqual(SQUARE.with(2, to));
    expect([dragged.gesture, tapped.gesture, nudged.gesture]).toEqual(["move-corner", "move-corner", "nudge"]);
  });

  it("takes a corner in where the line is clicked, the closing line too", () => {
    const on = click(KIDNEY, drawn.work, { x: 1, y: 40 });
    expect(outline(on).corners).toEqual([...SQUARE, { x: 0, y: 40 }]);
    const bent = act(KIDNEY, drawn.work, press(drawn.work, { x: 50, y: 0 }), drag({ x: 50, y: -20 }), RELEASE);
    expect(outline(bent).corners[1]).toEqual({ x: 50, y: -20 });
    expect(outline(bent).corners).toHaveLength(5);
  });

  it("loses a corner, and is gone with the third last", () => {
    const three = act(KIDNEY, drawn.work, press(drawn.work, { x: 0, y: 80 }, true));
    expect(outline(three).corners).toEqual(SQUARE.slice(0, 3));
    expect(act(KIDNEY, three.work, press(three.work, { x: 0, y: 0 }, true)).work.label).toEqual(UNASKED);
  });

  it("takes back its last corner while it is drawn", () => {
    const open = clicks(KIDNEY, FRESH, SQUARE.slice(0, 2));
    const one = act(KIDNEY, open.work, { kind: "erase" });
    expect(outline(one).corners).toEqual(SQUARE.slice(0, 1));
    expect(act(KIDNEY, one.work, { kind: "erase" }).work).toMatchObject({ label: UNASKED, hand: { drawing: null } });
  });

  it("is several where several are asked, and whole with the last", () => {
    const first = closed(CYSTS, FRESH, SQUARE);
    expect(first.whole).toBe(false);
    const far = SQUARE.map(({ x, y }) => ({ x: x + 300, y }));
    const second = closed(CYSTS, first.work, far);
    expect(second.whole).toBe(true);
    expect(outline(second, 1).corners).toEqual(far);
    expect(click(CYSTS, second.work, { x: 700, y: 700 }).work.label).toEqual(second.work.label);
  });

  it("is drawn in one stroke, kept whole, and shown thinner", () => {
    const circle = Array.from({ length: 400 }, (_, i) => ({ x: 60 * Math.cos(i / 64), y: 60 * Math.sin(i / 64) }));
    const hand = { ...FREE_HAND, freehand: true };
    const work: Work = { label: UNASKED, hand };
    const traced = act(KIDNEY, work, { kind: "press", at: circle[0]!, target: null, remove: false, slop: 1 }, drag(circle[399]!, circle), RELEASE);
    expect(traced).toMatchObject({ gesture: "freehand", whole: true });
    expect(outline(traced).corners).toHaveLength(400);
    const shown = TOOL.draw(traced.work, KIDNEY);
    expect(shown.lines[0]!.points.length).toBeLessThan(320);
    expect(shown.handles).toHaveLength(1);
    const pulled = act(KIDNEY, traced.work, press(traced.work, { x: -60, y: 0 }), drag({ x: -66, y: 0 }), RELEASE);
    expect(Math.min(...outline(pulled).corners.map((c) => c.x))).toBeCloseTo(-66, 0);
    expect(outline(pulled).corners[0]).toEqual(circle[0]);
  });

  it("says when it crosses itself", () => {
    const eight = closed(KIDNEY, FRESH, [SQUARE[0]!, SQUARE[1]!, SQUARE[3]!, SQUARE[2]!]);
    expect(TOOL.hint(eight.work, KIDNEY)).toContain("crosses itself");
    expect(TOOL.hint(drawn.work, KIDNEY)).not.toContain("crosses");
  });

  it("is read back the same", () => {
    const raw = { visibility: "seen", instances: [{ corners: [{ x: 0, y: 0 }, { x: 9.5, y: 0 }, { x: 3, y: 4.25 }], freehand: false }] };
    expect(toLabel(KIDNEY, fromLabel(KIDNEY, raw) as Label)).toEqual(raw);
    expect(fromLabel(KIDNEY, { visibility: "seen", instances: [{ corners: [{ x: 0 }] }] })).toBeNull();
  });
});

describe("rings", () => {
  it("are closed from three corners on", () => {
    expect(ring(SQUARE)).toHaveLength(5);
    expect(ring(SQUARE.slice(0, 2))).toHaveLength(2);
  });
  it("thinned keep their ends and leave nothing out that is farther than the step", () => {
    const line = Array.from({ length: 101 }, (_, i) => ({ x: i / 10, y: 0 }));
    const thin = thinned(line, 1);
    expect([thin[0], thin.at(-1)]).toEqual([line[0], line[100]]);
    for (const p of line) expect(Math.min(...thin.map((t) => Math.abs(t.x - p.x)))).toBeLessThanOrEqual(1);
    expect(thin.length).toBeLessThan(13);
  });
  it("that share a corner do not cross", () => expect(crossesItself(SQUARE.slice(0, 3))).toBe(false));
});
