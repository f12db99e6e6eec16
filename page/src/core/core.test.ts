import { describe, expect, it } from "vitest";

import { canonical, newId, sha256 } from "./canonical";
import { frameAt, frameStarts, IDLE_S, NO_WORK, stepped, worked } from "./clock";
import { nearestOnSegment, nearestPlace, normalAt, pathData } from "./geometry";
import { commandOf, SHEET } from "./keys";
import { imageType, PackReader } from "./pack";
import { parseProse } from "./prose";
import { missing, neighbours, nextMissing, nextOpen } from "./queue";
import { address, parseRoute } from "./route";
import type { Route } from "./route";
import { UNASKED } from "./types";
import type { Question } from "./types";
import { answersOf, duration, measure, plural, savedLine } from "./words";

describe("canonical JSON", () => {
  it("is one text for one value", () => {
    const value = { b: [1, 0.1, 1e-7, 0.00001], a: { y: -0, x: 1e21 }, u: undefined, t: "é\n" };
    expect(canonical(value)).toBe('{"a":{"x":1e+21,"y":0},"b":[1,0.1,1e-7,0.00001],"t":"é\\n"}');
  });

  it("has the hash that the server has", async () => {
    // sha256 of the text {"instances":[{"x":1,"y":2.5}],"visibility":"seen"}, by another program
    const text = canonical({ visibility: "seen", instances: [{ y: 2.5, x: 1.0 }] });
    expect(text).toBe('{"instances":[{"x":1,"y":2.5}],"visibility":"seen"}');
    expect(await sha256(text)).toBe("77c5fe8502cfef94b95b43ae5b841c6eb6e4ac3d49849316e434195c0bcfcc81");
  });

  it("makes ids of the right form", () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(newId()).not.toBe(newId());
  });
});

describe("frames in time", () => {
  it("plays uneven times as they are and loops", () => {
    const starts = frameStarts(3, [5, 5.1, 5.4]);
    expect(starts.map((s) => Number(s.toFixed(6)))).toEqual([0, 0.1, 0.4, 0.6]);
    expect([0, 0.0999, 0.11, 0.39, 0.41, 0.59, 0.61].map((t) => frameAt(starts, t))).toEqual([0, 0, 1, 1, 2, 2, 0]);
  });

  it("plays 30 a second when the times are unknown or do not fit", () => {
    expect(frameAt(frameStarts(60, null), 1.0001)).toBe(30);
    expect(frameStarts(2, [0])).toHaveLength(3);
  });

  it("shows every frame at its own start", () => {
    const starts = frameStarts(40, Array.from({ length: 40 }, (_, i) => i * 0.0333));
    expect(starts.slice(0, -1).map((s) => frameAt(starts, s))).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("stands still with one frame, and steps round the ends", () => {
    expect(frameAt(frameStarts(1, [0]), 7)).toBe(0);
    expect([stepped(0, -1, 10), stepped(9, 1, 10), stepped(5, -10, 10)]).toEqual([9, 0, 5]);
    expect(stepped(3, 1, 0)).toBe(0);
  });
});

describe("seconds of work", () => {
  it("leave out a pause of more than a minute", () => {
    const times = [10, 20, 70, 70 + IDLE_S + 1, 135];
    expect(times.reduce(worked, NO_WORK).active_s).toBeCloseTo(10 + 50 + 4);
  });
});

describe("a pack", () => {
  const files = [[0xff, 0xd8, 1, 2, 3], [0x89, 0x50, 4], []].map((b) => new Uint8Array(b));
  const bytes = new Uint8Array(4 + 4 * files.length + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, files.length, true);
  files.forEach((f, i) => view.setUint32(4 + 4 * i, f.length, true));
  bytes.set([...files.flatMap((f) => [...f])], 16);

  it.each([1, 2, 5, 7, 24])("comes out the same in chunks of %i", (size) => {
    const reader = new PackReader();
    const out = [];
    for (let i = 0; i < bytes.length; i += size) out.push(...reader.push(bytes.slice(i, i + size)));
    expect(out.map((p) => p.index)).toEqual([0, 1, 2]);
    expect(out.map((p) => [...p.bytes])).toEqual(files.map((f) => [...f]));
    expect(out.map((p) => p.type)).toEqual(["image/jpeg", "image/png", "application/octet-stream"]);
    expect(reader.done).toBe(true);
  });

  it("gives the first picture before the rest is there, and says that it is not done", () => {
    const reader = new PackReader();
    expect(reader.count).toBeNull();
    expect(reader.push(bytes.slice(0, 21)).map((p) => p.index)).toEqual([0]);
    expect(reader.count).toBe(3);
    expect(reader.done).toBe(false);
  });

  it("knows WebP", () => {
    expect(imageType(new TextEncoder().encode("RIFF1234WEBPVP8 "))).toBe("image/webp");
  });
});

describe("addresses", () => {
  const routes: Route[] = [
    { view: "work" },
    { view: "link", token: "a/b c" },
    { view: "label", project: "a4c", item: "x y" },
    { view: "lead", project: "a4c" },
    { view: "consensus", project: "a4c", item: "1" },
  ];
  it.each(routes)("$view goes there and back", (route) => expect(parseRoute(address(route))).toEqual(route));
  it.each(["", "#", "#/"])("%s is my work", (hash) => {
    expect(parseRoute(hash).view).toBe("work");
  });

  it.each(["#/nowhere", "#/p", "#/p/a", "#/p/a/progress", "#/p/a/lead/x", "#/link", "#/%E0%A4%A"])("%s is no page", (hash) => {
    expect(parseRoute(hash).view).toBe("unknown");
  });
});

const q = (key: string, required = true): Question => ({
  key, title: key, label: "point", tool: "place", hotkey: "1", hue: 0, help: "", categories: [], options: {}, visibilities: [], required,
});

describe("the queue", () => {
  const queue = (["done", "open", "started", "unusable", "open"] as const).map((state, i) => ({ item: `${i}`, state }));

  it("goes on behind the item and then from the start", () => {
    expect(nextOpen(queue, "2", new Set())).toBe("4");
    expect(nextOpen(queue, "4", new Set(["4"]))).toBe("1");
    expect(nextOpen(queue, "4", new Set(["1", "2"]))).toBeNull();
  });

  it("knows its neighbours", () => {
    expect(neighbours(queue, "0")).toEqual({ previous: null, next: "1" });
    expect(neighbours(queue, "nobody")).toEqual({ previous: null, next: null });
  });

  it("finds the next without an answer both ways", () => {
    const questions = ["a", "b", "c"].map((k) => q(k));
    const answered = (x: Question): boolean => x.key === "b";
    expect(nextMissing(questions, answered, "a")?.key).toBe("c");
    expect(nextMissing(questions, answered, "c")?.key).toBe("a");
    expect(nextMissing(questions, answered, "a", -1)?.key).toBe("c");
    expect(nextMissing(questions, answered, null)?.key).toBe("a");
    expect(nextMissing(questions, () => true, "a")).toBeNull();
  });

  it("asks for what is required and no more", () => {
    const labels = { a: { visibility: "off", instances: [] } as const, b: UNASKED, c: UNASKED };
    expect(missing([q("a"), q("b"), q("c", false)], labels, () => true).map((x) => x.key)).toEqual(["b"]);
    expect(missing([q("a")], labels, () => false).map((x) => x.key)).toEqual(["a"]);
  });
});

describe("keys", () => {
  const plain = { shift: false, control: false, alt: false };
  it("are commands", () => {
    expect(commandOf({ ...plain, key: " " }, true)).toBe("play");
    expect(commandOf({ ...plain, key: "B" }, true)).toBe("blurred");
    expect(commandOf({ ...plain, key: "z" }, true)).toBe("fit");
    expect(commandOf({ ...plain, key: "z", control: true }, true)).toBe("undo");
    expect(commandOf({ ...plain, key: "Z", control: true, shift: true }, true)).toBe("redo");
    expect(commandOf({ ...plain, key: "N", shift: true }, true)).toBe("previous-missing");
    expect(commandOf({ ...plain, key: "s", control: true }, true)).toBeNull();
    expect(commandOf({ ...plain, key: "b", alt: true }, true)).toBeNull();
  });
  it("lose their letters when these are switched off, and nothing else", () => {
    expect(commandOf({ ...plain, key: "b" }, false)).toBeNull();
    expect(commandOf({ ...plain, key: "Backspace" }, false)).toBe("erase");
    expect(commandOf({ ...plain, key: "z", control: true }, false)).toBe("undo");
  });
  it("are all on the sheet", () => expect(SHEET.flatMap(([, rows]) => rows).length).toBeGreaterThan(20));
});

describe("geometry", () => {
  it("finds the nearest place and never leaves the segment", () => {
    expect(nearestOnSegment({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 12, y: 3 })).toEqual({ at: { x: 10, y: 0 }, t: 1 });
    expect(nearestOnSegment({ x: 1, y: 1 }, { x: 1, y: 1 }, { x: 4, y: 5 }).t).toBe(0);
    expect(nearestPlace([{ points: [{ x: 0, y: 0 }], from: [0] }], { x: 1, y: 1 })).toBeNull();
  });
  it("stands across the line", () => {
    expect(normalAt([{ x: 0, y: 0 }, { x: 5, y: 0 }], 0)).toEqual({ x: -0, y: 1 });
    expect(normalAt([{ x: 0, y: 0 }], 0)).toEqual({ x: 1, y: 0 });
  });
  it("writes paths", () => {
    expect(pathData([{ x: 1, y: 2 }, { x: 3.456, y: 4 }], true)).toBe("M1.00 2.00L3.46 4.00Z");
    expect(pathData([])).toBe("");
  });
});

describe("words", () => {
  const calm = { waiting: 0, parked: 0, offline: false, savedAt: null, kept: true };
  it("say whether the work is safe", () => {
    const savedAt = new Date(2026, 0, 1, 12, 3, 7);
    expect(savedLine({ ...calm, savedAt })).toBe("saved 12:03:07, 0 waiting");
    expect(savedLine({ ...calm, offline: true, waiting: 3 })).toBe("offline, 3 waiting, kept on this device");
    expect(savedLine({ ...calm, offline: true, waiting: 3, kept: false })).toContain("this window only");
    expect(savedLine({ ...calm, parked: 1 })).toContain("1 refused");
  });
  it("count and measure", () => {
    expect([plural(1, "item"), plural(2, "item")]).toEqual(["1 item", "2 items"]);
    expect([answersOf(3, 11), answersOf(11, 11), answersOf(12, 11)]).toEqual(["3 of 11 answers", "11 of 11 answers", "12 answers, 11 wanted"]);
    expect([answersOf(0, 1), answersOf(2, 1)]).toEqual(["0 of 1 answer", "2 answers, 1 wanted"]);
    expect([measure(null, "mm"), measure(1.25, "mm", 2)]).toEqual(["–", "1.25 mm"]);
    expect([duration(0), duration(20), duration(12 * 60), duration(200 * 60)]).toEqual([
      "0 min", "under a minute", "12 min", "3 h 20 min",
    ]);
  });
});

describe("instructions", () => {
  it("are paragraphs and lists with bold and emphasis, and nothing else is markup", () => {
    const [first, list] = parseProse("Trace the **inner\nborder**, <b>not</b>.\n\n- one *gap*\n- two\n  lines");
    expect(first).toEqual({
      kind: "paragraph",
      rows: [[
        { text: "Trace the ", style: "plain" }, { text: "inner border", style: "strong" },
        { text: ", <b>not</b>.", style: "plain" },
      ]],
    });
    expect(list?.kind).toBe("list");
    expect(list?.rows.map((r) => r.map((s) => s.text).join(""))).toEqual(["one gap", "two lines"]);
  });
});
