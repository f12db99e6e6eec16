import { describe, expect, it } from "vitest";

import type { Label, Question } from "./types";
import { beatsOf, nextOfBeat, wavesAsked } from "./waves";

const base = { title: "", label: "point", tool: "place", hotkey: "1", hue: 0, help: "", categories: [], visibilities: [], required: true };
const ask = (key: string): Question => ({ ...base, key, options: { instances: 9, axis: "velocity", per_beat: true } });
const E = ask("e-peak");
const A = ask("a-peak");
const PLAIN: Question = { ...base, key: "plain", options: {} };
const at = (...xs: number[]): Label => ({ visibility: "seen", instances: xs.map((x) => ({ x, y: 9 })) });
const keys = (labels: Record<string, Label>): string[] => beatsOf([E, A, PLAIN], labels).map((b) => b.map((w) => w.key[0]).join(""));

describe("beats", () => {
  it("hold E and A in the order of time, whatever the order of clicking", () => {
    const beats = beatsOf([E, A], { "e-peak": at(300, 10), "a-peak": at(60, 350) });
    expect(beats.map((b) => b.map((w) => w.at.x))).toEqual([[10, 60], [300, 350]]);
    expect(beats[0]?.map((w) => w.instance)).toEqual([1, 0]);
  });
  it("leave the place of a missing wave empty", () => {
    expect(keys({ "e-peak": at(10, 100, 200), "a-peak": at(60, 260) })).toEqual(["ea", "e", "ea"]);
    expect(keys({ "e-peak": at(10), "a-peak": at(60, 160) })).toEqual(["ea", "a"]);
    expect(keys({ "a-peak": at(5), "e-peak": at(100) })).toEqual(["a", "e"]);
  });
  it("are none of what is not asked beat by beat", () => expect(keys({ plain: at(1, 2) })).toEqual([]));
  it("take a curve without points of its own by its peak", () => {
    const curve = { nodes: [{ x: 0, y: 100 }, { x: 20, y: 30 }, { x: 40, y: 100 }], spline: "natural-cubic/chord", freehand: false } as const;
    expect(beatsOf([E], { "e-peak": { visibility: "seen", instances: [curve] } })[0]?.[0]?.at).toMatchObject({ x: 20, y: 30 });
  });
});

describe("what is next in a beat", () => {
  const all = (): boolean => true;
  it("goes round", () => {
    expect(nextOfBeat([PLAIN, E, A], "e-peak", all)).toBe(A);
    expect(nextOfBeat([PLAIN, E, A], "a-peak", all)).toBe(E);
  });
  it("passes by what takes no more, and stays when it is alone", () => {
    expect(nextOfBeat([E, A], "e-peak", (q) => q === E)).toBe(E);
    expect(nextOfBeat([E, A], "e-peak", () => false)).toBeNull();
    expect(nextOfBeat([E, A, PLAIN], "plain", all)).toBeNull();
  });
  it("passes by what an envelope sets by itself", () => {
    const jet: Question = { ...E, key: "jet", label: "curve", tool: "trace", options: { ...E.options, ties: { start: "e-peak", end: "a-peak" } } };
    expect(nextOfBeat([jet, E, A], "jet", all)).toBe(jet);
    expect(wavesAsked([jet, E, A])).toEqual([E, A]);
  });
});
