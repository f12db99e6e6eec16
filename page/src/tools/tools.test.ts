import { describe, expect, it } from "vitest";

import { UNASKED } from "../core/types";
import type { Label, Pt, Question } from "../core/types";
import { FREE_HAND } from "./base";
import type { Edited, ToolEvent, Work } from "./base";
import { chosenOf, TOOL as CHOOSE } from "./choose";
import { fromLabel, toLabel, toolOf, tools } from "./index";
import { TOOL as PLACE } from "./place";

const base = { title: "T", hotkey: "1", hue: 0, help: "", categories: [], visibilities: ["blurred", "off"] as const, required: true };
const POINT: Question = { ...base, key: "apex", label: "point", tool: "place", options: {} };
const WAVES: Question = { ...POINT, options: { instances: 3 } };
const VIEW: Question = {
  ...base, key: "view", label: "choice", tool: "choose",
  options: {},
  categories: [{ key: "a4c", title: "A4C", family: "apical" }, { key: "none", title: "none", family: "" }],
};
const FRESH: Work = { label: UNASKED, hand: FREE_HAND };

function act(question: Question, work: Work, ...events: ToolEvent[]): Edited {
  const start: Edited = { work, gesture: null, whole: false };
  return events.reduce((before, event) => toolOf(question).edit(before.work, event, question), start);
}

function press(work: Work, at: Pt, remove = false): ToolEvent {
  return { kind: "press", at, target: PLACE.hit(work.label, at, 4), remove, slop: 1 };
}

const RELEASE: ToolEvent = { kind: "release" };
const drag = (at: Pt): ToolEvent => ({ kind: "drag", at, trail: [] });
const click = (question: Question, work: Work, at: Pt): Edited => act(question, work, press(work, at), RELEASE);

describe("the folder of tools", () => {
  it("has one tool a file, by name", () => {
    expect([...tools.keys()]).toEqual(expect.arrayContaining(["box", "choose", "outline", "place", "trace"]));
    for (const [name, tool] of tools) expect(tool.name).toBe(name);
  });
  it("says which there are when one is missing", () => {
    expect(() => toolOf({ ...POINT, tool: "paint" })).toThrow(/no tool paint; there are: .*place/);
  });
});

describe("place", () => {
  const placed = click(POINT, FRESH, { x: 10.25, y: 20.5 });

  it("sets a point with one click and is whole then", () => {
    expect(placed).toMatchObject({ gesture: "place-point", whole: true });
    expect(placed.work.label).toEqual({ visibility: "seen", instances: [{ x: 10.25, y: 20.5 }] });
  });

  it("betters it before the button is let go", () => {
    const { work } = act(POINT, FRESH, press(FRESH, { x: 0, y: 0 }), drag({ x: 4, y: 3 }), RELEASE);
    expect(work.label.instances).toEqual([{ x: 4, y: 3 }]);
  });

  it("drags it by its handle, keeping the offset, and not within the slop", () => {
    const from = { x: 12, y: 21 };
    const far = act(POINT, placed.work, press(placed.work, from), drag({ x: 32, y: 41 }), RELEASE);
    expect(far.work.label.instances).toEqual([{ x: 30.25, y: 40.5 }]);
    expect(far.gesture).toBe("move-point");
    const near = act(POINT, placed.work, press(placed.work, from), drag({ x: 12.5, y: 21 }), RELEASE);
    expect(near.gesture).toBeNull();
    expect(near.work.hand.armed).toBe(true);
  });

  it("does not jump to a stray click, but goes to the next one once it was tapped", () => {
    const stray = click(POINT, placed.work, { x: 90, y: 90 });
    expect(stray.work.label).toEqual(placed.work.label);
    const tapped = click(POINT, placed.work, { x: 10, y: 20 });
    const there = click(POINT, tapped.work, { x: 90, y: 90 });
    expect(there.work.label.instances).toEqual([{ x: 90, y: 90 }]);
    expect(there.work.hand.armed).toBe(false);
  });

  it("sets as many as are asked, and is whole with the last", () => {
    const one = click(WAVES, FRESH, { x: 1, y: 1 });
    const two = click(WAVES, one.work, { x: 50, y: 1 });
    const three = click(WAVES, two.work, { x: 100, y: 1 });
    expect([one.whole, two.whole, three.whole]).toEqual([false, false, true]);
    expect(click(WAVES, three.work, { x: 150, y: 1 }).work.label.instances).toHaveLength(3);
    expect(act(WAVES, three.work, press(three.work, { x: 50, y: 1 }, true)).work.label.instances).toEqual([
      { x: 1, y: 1 }, { x: 100, y: 1 },
    ]);
  });

  it("is deleted and nudged", () => {
    expect(act(POINT, placed.work, { kind: "erase" }).work.label).toEqual(UNASKED);
    expect(act(POINT, FRESH, { kind: "erase" }).gesture).toBeNull();
    expect(act(POINT, placed.work, { kind: "nudge", dx: -0.25, dy: 0.5 }).work.label.instances).toEqual([
      { x: 10, y: 21 },
    ]);
    expect(act(POINT, FRESH, { kind: "nudge", dx: 1, dy: 0 }).gesture).toBeNull();
  });

  it("hits the nearest within reach", () => {
    const label: Label = { visibility: "seen", instances: [{ x: 0, y: 0 }, { x: 5, y: 0 }] };
    expect(PLACE.hit(label, { x: 3, y: 0 }, 4)).toMatchObject({ spot: { instance: 1 } });
    expect(PLACE.hit(label, { x: 20, y: 0 }, 4)).toBeNull();
  });

  it("is read back the same", () => {
    const raw = { visibility: "seen", instances: [{ x: -0.5, y: 7.75 }] };
    expect(toLabel(POINT, fromLabel(POINT, raw)!)).toEqual(raw);
    expect(fromLabel(POINT, { visibility: "seen", instances: [{ x: 1 }] })).toBeNull();
  });
});

describe("choose", () => {
  it("takes several, in the order of the protocol, and takes one out again", () => {
    const plax = { key: "plax", title: "PLAX", family: "" };
    const categories = [...VIEW.categories.slice(0, 1), plax, ...VIEW.categories.slice(1)];
    const findings = { ...VIEW, categories, options: { several: true, none: "None of these" } };
    const both = act(findings, act(findings, FRESH, { kind: "pick", key: "plax" }).work, { kind: "pick", key: "a4c" });
    expect(both).toMatchObject({ gesture: "choose", whole: false });
    expect(chosenOf(both.work.label)).toEqual(["a4c", "plax"]);
    expect(chosenOf(act(findings, both.work, { kind: "pick", key: "a4c" }).work.label)).toEqual(["plax"]);
    const none = act(findings, both.work, { kind: "pick", key: "none" });
    expect(chosenOf(none.work.label)).toEqual(["none"]);
    expect(act(findings, none.work, { kind: "pick", key: "none" }).work.label).toEqual(UNASKED);
  });

  it("takes one, changes it, and takes no other word", () => {
    const first = act(VIEW, FRESH, { kind: "pick", key: "a4c" });
    expect(first).toMatchObject({ gesture: "choose", whole: true });
    const second = act(VIEW, first.work, { kind: "pick", key: "none" });
    expect(chosenOf(second.work.label)).toEqual(["none"]);
    expect(act(VIEW, FRESH, { kind: "pick", key: "a2c" }).gesture).toBeNull();
    expect(act(VIEW, first.work, { kind: "erase" }).work.label).toEqual(UNASKED);
  });

  it("is read back the same", () => {
    const raw = { visibility: "seen", instances: [{ key: "none" }] };
    expect(toLabel(VIEW, fromLabel(VIEW, raw)!)).toEqual(raw);
    expect(CHOOSE.isWhole({ visibility: "seen", instances: [] }, VIEW)).toBe(false);
  });
});
