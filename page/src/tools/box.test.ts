import { describe, expect, it } from "vitest";

import { UNASKED } from "../core/types";
import type { Label, Pt, Question } from "../core/types";
import { FREE_HAND } from "./base";
import type { Edited, ToolEvent, Work } from "./base";
import { cornersOf, TOOL, upright, withCorner } from "./box";
import { fromLabel, halfDrawn, toLabel } from "./index";

const LESION: Question = {
  title: "Lesion", hotkey: "1", hue: 0, help: "", categories: [], visibilities: ["blurred", "off"], required: true,
  key: "lesion", label: "box", tool: "box", options: { instances: 2 },
};
const ONE: Question = { ...LESION, options: {} };
const FRESH: Work = { label: UNASKED, hand: FREE_HAND };
const RELEASE: ToolEvent = { kind: "release" };
const BOX = { x0: 10, y0: 20, x1: 110, y1: 80 };

function act(question: Question, work: Work, ...events: ToolEvent[]): Edited {
  const start: Edited = { work, gesture: null, whole: false };
  return events.reduce((before, event) => TOOL.edit(before.work, event, question), start);
}
const press = (work: Work, at: Pt, remove = false): ToolEvent => ({ kind: "press", at, target: TOOL.hit(work.label, at, 6), remove, slop: 1 });
const drag = (at: Pt): ToolEvent => ({ kind: "drag", at, trail: [] });
const dragged = (question: Question, work: Work, from: Pt, to: Pt): Edited => act(question, work, press(work, from), drag(to), RELEASE);
const click = (question: Question, work: Work, at: Pt): Edited => act(question, work, press(work, at), RELEASE);

describe("box", () => {
  const drawn = dragged(ONE, FRESH, { x: 10, y: 20 }, { x: 110, y: 80 });

  it("is dragged from corner to corner, from any to any", () => {
    expect(drawn).toMatchObject({ gesture: "draw-box", whole: true });
    expect(drawn.work.label.instances).toEqual([BOX]);
    expect(dragged(ONE, FRESH, { x: 110, y: 20 }, { x: 10, y: 80 }).work.label.instances).toEqual([BOX]);
    expect(dragged(ONE, FRESH, { x: 110, y: 80 }, { x: 10, y: 20 }).work.label.instances).toEqual([BOX]);
  });

  it("is made by two clicks, and is no answer after one", () => {
    const one = click(ONE, FRESH, { x: 110, y: 80 });
    expect(one).toMatchObject({ gesture: "add-corner", whole: false });
    expect(TOOL.isWhole(one.work.label, ONE)).toBe(false);
    expect(halfDrawn(ONE, { lesion: one.work.label })).toBe(0);
    const two = click(ONE, one.work, { x: 10, y: 20 });
    expect(two.whole).toBe(true);
    expect(two.work.label.instances).toEqual([BOX]);
    expect(two.work.hand.drawing).toBeNull();
  });

  it("has a corner moved by a drag, by two taps and by arrows", () => {
    const to = { x: 130, y: 100 };
    const moved = { ...BOX, x1: 130, y1: 100 };
    expect(dragged(ONE, drawn.work, { x: 110, y: 80 }, to).work.label.instances).toEqual([moved]);
    const tapped = click(ONE, click(ONE, drawn.work, { x: 110, y: 80 }).work, to);
    expect(tapped.work.label.instances).toEqual([moved]);
    const chosen: Work = { ...drawn.work, hand: { ...FREE_HAND, chosen: { instance: 0, node: 2 } } };
    expect(act(ONE, chosen, { kind: "nudge", dx: 20, dy: 20 }).work.label.instances).toEqual([moved]);
  });

  it("stays upright when a corner is dragged past the opposite one, and keeps it in hand", () => {
    const over = dragged(ONE, drawn.work, { x: 110, y: 80 }, { x: 0, y: 5 });
    expect(over.work.label.instances).toEqual([{ x0: 0, y0: 5, x1: 10, y1: 20 }]);
    expect(over.work.hand.chosen).toEqual({ instance: 0, node: 0 });
  });

  it("is moved whole by a side", () => {
    const moved = dragged(ONE, drawn.work, { x: 60, y: 20 }, { x: 65, y: 27 });
    expect(moved.gesture).toBe("move-box");
    expect(moved.work.label.instances).toEqual([{ x0: 15, y0: 27, x1: 115, y1: 87 }]);
  });

  it("never loses its area to an arrow", () => {
    const thin: Work = { label: { visibility: "seen", instances: [{ x0: 0, y0: 0, x1: 1, y1: 9 }] }, hand: { ...FREE_HAND, chosen: { instance: 0, node: 2 } } };
    expect(act(ONE, thin, { kind: "nudge", dx: -1, dy: 0 }).gesture).toBeNull();
  });

  it("is several where several are asked; one is deleted alone", () => {
    const first = dragged(LESION, FRESH, { x: 10, y: 20 }, { x: 110, y: 80 });
    expect(first.whole).toBe(false);
    const second = dragged(LESION, first.work, { x: 200, y: 20 }, { x: 240, y: 60 });
    expect(second.whole).toBe(true);
    expect(dragged(LESION, second.work, { x: 400, y: 20 }, { x: 440, y: 60 }).work.label.instances).toHaveLength(2);
    const gone = act(LESION, second.work, press(second.work, { x: 10, y: 20 }, true));
    expect(gone.work.label.instances).toEqual([{ x0: 200, y0: 20, x1: 240, y1: 60 }]);
    expect(act(ONE, drawn.work, { kind: "erase" }).work.label).toEqual(UNASKED);
  });

  it("names its corners for who does not see them", () => {
    expect(TOOL.draw(drawn.work, ONE).handles.map((h) => h.name)).toEqual([
      "Lesion, upper left", "Lesion, upper right", "Lesion, lower right", "Lesion, lower left",
    ]);
    expect(TOOL.draw(drawn.work, ONE).lines[0]?.points).toHaveLength(5);
  });

  it("is read back the same", () => {
    const raw = { visibility: "seen", instances: [{ x0: -0.5, y0: 1, x1: 3.25, y1: 2 }] };
    expect(toLabel(ONE, fromLabel(ONE, raw) as Label)).toEqual(raw);
    expect(fromLabel(ONE, { visibility: "seen", instances: [{ x0: 1, y0: 2, x1: 3 }] })).toBeNull();
  });

  it("keeps the opposite corner", () => {
    [0, 1, 2, 3].forEach((node) => {
      const moved = withCorner(BOX, node, { x: 50, y: 50 });
      expect(cornersOf(moved)[node]).toEqual({ x: 50, y: 50 });
      expect(cornersOf(moved)[(node + 2) % 4]).toEqual(cornersOf(BOX)[(node + 2) % 4]);
    });
    expect(upright({ x0: 9, y0: 9, x1: 1, y1: 2 })).toEqual({ x0: 1, y0: 2, x1: 9, y1: 9 });
  });
});
