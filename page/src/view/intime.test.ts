import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { beatsOf, eventsOf } from "../core/beats";
import { ecgOf, isBlank } from "../core/ecg";
import { momentsOf, startOf, stripOf, within } from "../core/moments";
import { UNASKED } from "../core/types";
import type { Mark, Question, Span } from "../core/types";
import { lanesOf, tagsAt } from "./lanes";
import { nextStop, settersOf, stopsOf } from "./stops";
import { FREE_HAND } from "../tools/base";
import type { Edited, ToolEvent, Work } from "../tools/base";
import { fromLabel, toLabel, toolOf } from "../tools/index";
import { doubtOf, marksOf } from "../tools/mark";
import { END, spansOf, START } from "../tools/span";

interface Case {
  name: string;
  order: string[];
  marks: [string, number][];
  beats: Record<string, number>[];
}

const cases = JSON.parse(readFileSync(new URL("../../../tests/reference/beats.json", import.meta.url), "utf8")) as Case[];
const base = { title: "T", hotkey: "1", hue: 0, help: "", categories: [], visibilities: ["blurred", "off"] as const, required: true };
const events = [{ key: "ed", title: "ED", hotkey: "e" }, { key: "es", title: "ES", hotkey: "S" }];
const PHASE = { ...base, key: "phase", label: "event", tool: "mark", options: { events, per_beat: true, tolerance_ms: 50 } } as unknown as Question;
const VISIBLE = { ...base, key: "seen", label: "interval", tool: "span", options: {} } as unknown as Question;
const MOMENTS = momentsOf(60, Array.from({ length: 60 }, (_, i) => 5 + i * 0.02));
const FRESH: Work = { label: UNASKED, hand: FREE_HAND };

function act(question: Question, work: Work, ...list: ToolEvent[]): Edited {
  const start: Edited = { work, gesture: null, whole: false };
  return list.reduce((before, event) => toolOf(question).edit(before.work, event, question), start);
}

const mark = (key: string, frame: number): ToolEvent => ({ kind: "mark", key, frame, moments: MOMENTS });
const shift = (frame: number): ToolEvent => ({ kind: "shift", frame, moments: MOMENTS });
const ERASE: ToolEvent = { kind: "erase" };
const took = (work: Work, instance: number, node = 0): Work => ({ ...work, hand: { ...work.hand, chosen: { instance, node }, armed: true } });
const frames = (work: Work): string => marksOf(work.label).map((m) => `${m.event}${m.frame}`).join(" ");
const spans = (work: Work): number[][] => spansOf(work.label).map((s) => [s.first_frame, s.last_frame]);

describe("beats", () => {
  it.each(cases)("are the server's: $name", ({ order, marks, beats }) => {
    const list: Mark[] = marks.map(([event, frame]) => ({ event, frame }));
    const found = beatsOf(list, order).map((b) => Object.fromEntries(Object.entries(b.marks).map(([k, v]) => [k, v.mark.frame])));
    expect(found).toEqual(beats);
    for (const beat of beatsOf(list, order)) for (const { mark: m, instance } of Object.values(beat.marks)) expect(list[instance]).toBe(m);
  });

  it("reads the protocol's events, the letters small", () => {
    expect(eventsOf(PHASE).map((e) => e.hotkey)).toEqual(["e", "s"]);
    expect(settersOf(PHASE).map((s) => s.key)).toEqual(["ed", "es"]);
  });
});

describe("moments", () => {
  it("begin at 0 s, and are not made up", () => {
    expect(startOf(MOMENTS, 10)).toBeCloseTo(0.2, 12);
    expect(startOf(momentsOf(4, null), 2)).toBeNull();
    expect(startOf(momentsOf(4, [0, 1]), 1)).toBeNull();
    expect([within(MOMENTS, -3), within(MOMENTS, 99), within(MOMENTS, 4.4)]).toEqual([0, 59, 4]);
  });
  it("a strip has three frames on either side and none beyond the ends", () => {
    expect(stripOf(10, 60)).toEqual([7, 8, 9, 10, 11, 12, 13]);
    expect(stripOf(1, 3)).toEqual([null, null, 0, 1, 2, null, null]);
  });
});

describe("mark", () => {
  const { work, gesture } = act(PHASE, FRESH, mark("es", 14), mark("ed", 2), mark("ed", 30));

  it("sets marks in the order of time, with their seconds", () => {
    expect(gesture).toBe("mark");
    expect(frames(work)).toBe("ed2 es14 ed30");
    expect(marksOf(work.label)[1]?.start_s).toBeCloseTo(0.28, 12);
    expect(act(PHASE, FRESH, { ...mark("ed", 1), moments: momentsOf(60, null) } as ToolEvent).work.label.instances).toEqual([{ event: "ed", frame: 1 }]);
  });
  it("the arrows stay with the recording after a mark was set", () => expect(work.hand.armed).toBe(false));
  it("sets nothing twice on one frame, nothing unknown and no more than there may be", () => {
    expect(act(PHASE, work, mark("ed", 30)).gesture).toBeNull();
    expect(act(PHASE, work, mark("lv", 31)).gesture).toBeNull();
    const few = { ...PHASE, options: { ...PHASE.options, instances: 3 } };
    expect(act(few, work, mark("es", 44)).gesture).toBeNull();
  });
  it("moves the chosen one, past another too, and keeps it in hand", () => {
    const moved = act(PHASE, took(work, 1), shift(40));
    expect(frames(moved.work)).toBe("ed2 ed30 es40");
    expect(moved.work.hand).toMatchObject({ chosen: { instance: 2, node: 0 }, armed: true });
    expect(marksOf(moved.work.label)[2]?.start_s).toBeCloseTo(0.8, 12);
    expect(frames(act(PHASE, took(work, 0), shift(-4)).work)).toBe("ed0 es14 ed30");
    expect(act(PHASE, took(work, 0), shift(30)).gesture).toBeNull();
  });
  it("deletes the chosen one, else the one that was set last; with none left it is unasked", () => {
    expect(frames(act(PHASE, took(work, 1), ERASE).work)).toBe("ed2 ed30");
    expect(frames(act(PHASE, act(PHASE, work, mark("es", 20)).work, ERASE).work)).toBe("ed2 es14 ed30");
    expect(act(PHASE, work, ERASE, ERASE, ERASE).work.label).toEqual(UNASKED);
    expect(act(PHASE, FRESH, ERASE).gesture).toBeNull();
  });
  it("doubts a beat in the middle that lacks something, and two marks within the tolerance", () => {
    const full = act(PHASE, work, mark("ed", 50)).work;
    expect(doubtOf(full.label, PHASE)).toBe("Beat 2 has no ES");
    expect(doubtOf(work.label, PHASE)).toBe("");
    expect(doubtOf(act(PHASE, work, mark("ed", 32)).work.label, PHASE)).toMatch(/^ED is marked twice/);
  });
  it("goes over the wire and comes back", () => {
    const raw = JSON.parse(JSON.stringify(toLabel(PHASE, work.label))) as unknown;
    expect(fromLabel(PHASE, raw)).toEqual(work.label);
    expect(fromLabel(PHASE, { visibility: "seen", instances: [{ x: 1, y: 2 }] })).toBeNull();
  });
  it("is shown beat by beat, with what lies between", () => {
    const lanes = lanesOf(PHASE, work.label);
    expect(lanes.map((l) => [l.title, l.note, l.pegs.map((p) => p.short).join()])).toEqual([["Beat 1", "240 ms", "ED,ES"], ["Beat 2", "", "ED"]]);
    expect(lanes[0]?.pegs[1]?.name).toBe("ES, beat 1, frame 14, 280 ms");
    expect(lanesOf(PHASE, UNASKED)).toHaveLength(1);
    expect(tagsAt([PHASE, VISIBLE], () => work.label, 14)).toBe("ES");
  });
});

describe("span", () => {
  const one = act(VISIBLE, FRESH, mark(START, 10)).work;
  const two = act(VISIBLE, one, mark(END, 20), mark(START, 30), mark(END, 40)).work;

  it("starts an interval up to the end, which E then ends", () => {
    expect(spans(one)).toEqual([[10, 59]]);
    expect(spans(two)).toEqual([[10, 20], [30, 40]]);
    expect((two.label.instances[1] as Span).last_s).toBeCloseTo(0.8, 12);
  });
  it("E alone ends one that began with the recording", () => expect(spans(act(VISIBLE, FRESH, mark(END, 7)).work)).toEqual([[0, 7]]));
  it("a start before one there is stops short of it", () => expect(spans(act(VISIBLE, two, mark(START, 5)).work)).toEqual([[5, 9], [10, 20], [30, 40]]));
  it("E behind one lengthens it, S within one shortens it", () => {
    expect(spans(act(VISIBLE, two, mark(END, 25), mark(START, 33)).work)).toEqual([[10, 25], [33, 40]]);
  });
  it("edges stop at one another and at their neighbours", () => {
    expect(spans(act(VISIBLE, took(two, 0, 1), shift(50)).work)).toEqual([[10, 29], [30, 40]]);
    expect(spans(act(VISIBLE, took(two, 1, 0), shift(2)).work)).toEqual([[10, 20], [21, 40]]);
    expect(spans(act(VISIBLE, took(two, 1, 0), shift(55)).work)).toEqual([[10, 20], [40, 40]]);
    expect(spans(act(VISIBLE, took(two, 1, 1), shift(99)).work)).toEqual([[10, 20], [30, 59]]);
  });
  it("S and E set the edge that is in hand when nothing lies over the frame", () => {
    expect(spans(act(VISIBLE, took(two, 1, 0), mark(START, 25)).work)).toEqual([[10, 20], [25, 40]]);
    expect(spans(act(VISIBLE, took(two, 0, 1), mark(END, 50)).work)).toEqual([[10, 29], [30, 40]]);
  });
  it("deletes the chosen or the last, and sets no more than there may be", () => {
    expect(spans(act(VISIBLE, took(two, 0), ERASE).work)).toEqual([[30, 40]]);
    const full = { ...VISIBLE, options: { instances: 2 } };
    expect(act(full, two, mark(START, 50)).gesture).toBeNull();
  });
  it("goes over the wire and comes back", () => {
    const raw = JSON.parse(JSON.stringify(toLabel(VISIBLE, two.label))) as unknown;
    expect(fromLabel(VISIBLE, raw)).toEqual(two.label);
    expect(fromLabel(VISIBLE, { visibility: "seen", instances: [{ first_frame: 1 }] })).toBeNull();
  });
  it("is one lane with a bar and two edges each", () => {
    const [lane] = lanesOf(VISIBLE, two.label);
    expect([lane?.note, lane?.bars.length, lane?.pegs.length]).toEqual(["22 frames", 2, 4]);
    expect(lane?.bars[0]?.name).toBe("T 1, frame 10, 200 ms to frame 20, 400 ms");
  });
});

describe("choosing by key", () => {
  const { label } = act(PHASE, FRESH, mark("ed", 2), mark("es", 14), mark("ed", 30)).work;
  const stops = stopsOf(PHASE, label);

  it("begins beside the playhead and stops at the ends", () => {
    expect(nextStop(stops, null, 10, 1)?.frame).toBe(14);
    expect(nextStop(stops, null, 10, -1)?.frame).toBe(2);
    expect(nextStop(stops, null, 50, 1)?.frame).toBe(30);
    expect(nextStop(stops, { instance: 1, node: 0 }, 0, 1)?.frame).toBe(30);
    expect(nextStop(stops, { instance: 2, node: 0 }, 0, 1)?.frame).toBe(30);
    expect(nextStop([], null, 0, 1)).toBeNull();
  });
});

describe("the ECG in the frame", () => {
  const box = { x0: 0, y0: 10, x1: 9, y1: 12, kind: "waveform" };
  it("is the widest waveform box, bounds inclusive", () => {
    expect(ecgOf([{ ...box, kind: "2d" }, { ...box, x1: 4 }, box])).toEqual({ x0: 0, y0: 10, width: 10, height: 3 });
    expect(ecgOf([{ ...box, kind: "2d" }])).toBeNull();
    expect(ecgOf([{ ...box, x1: 0 }])).toBeNull();
  });
  it("is not shown when a mask took it away", () => {
    expect(isBlank([0, 0, 0, 255, 9, 9, 9, 255])).toBe(true);
    expect(isBlank([0, 0, 0, 255, 20, 230, 20, 255])).toBe(false);
  });
});
