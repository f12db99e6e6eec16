import { describe, expect, it } from "vitest";

import { counts, latest, nextToSend, outcomeOf, overlay, parked, pauseMs, removed, unparked } from "./outbox";
import type { Entry } from "./outbox";
import type { Label } from "./types";

const point = (x: number): Label => ({ visibility: "seen", instances: [{ x, y: 0 }] });
const entry = (id: string, order: number, more: Partial<Entry> = {}): Entry => ({
  id, order, owner: "me", kind: "answer", project: "p", item: "i", question: "q",
  body: { label: point(order), supersedes: null }, state: "waiting", problem: "", ...more,
});
const read = (_: string, raw: unknown): Label | null => (raw ? (raw as Label) : null);

describe("the outbox", () => {
  it("sends in the order in which it was made, whatever order it is kept in", () => {
    let box: readonly Entry[] = [entry("c", 3), entry("a", 1), entry("b", 2)];
    const sent: string[] = [];
    for (let next = nextToSend(box); next; next = nextToSend(box)) {
      sent.push(next.id);
      box = removed(box, next.id);
    }
    expect(sent).toEqual(["a", "b", "c"]);
  });

  it("parks what can never be stored, with its reason, and goes on with the rest", () => {
    const box = parked([entry("a", 1), entry("b", 2)], "a", "unknown question");
    expect(nextToSend(box)?.id).toBe("b");
    expect(counts(box)).toEqual({ waiting: 1, parked: 1 });
    expect(box[0]?.problem).toBe("unknown question");
    expect(nextToSend(unparked(box, "a"))?.id).toBe("a");
  });

  it("tells later answers to supersede what the parked one did", () => {
    const after = entry("b", 2, { body: { label: point(2), supersedes: "a" } });
    const box = parked([entry("a", 1, { body: { label: point(1), supersedes: "old" } }), after], "a", "no");
    expect(box[1]?.body["supersedes"]).toBe("old");
    expect(box[1]?.body["label"]).toEqual(point(2));
  });

  it.each([
    [200, "saved"], [201, "saved"], [0, "again"], [500, "again"], [503, "again"], [429, "again"], [408, "again"],
    [401, "sign-in"], [403, "never"], [404, "never"], [409, "never"], [422, "never"],
  ])("takes status %i for %s", (status, kind) => expect(outcomeOf(status, "why").kind).toBe(kind));

  it("waits longer after each failure, up to half a minute", () => {
    expect([1, 2, 3, 4].map(pauseMs)).toEqual([1000, 2000, 4000, 8000]);
    expect(pauseMs(50)).toBe(30_000);
  });
});

describe("what is shown after a reload", () => {
  const known = [
    { id: "s1", question: "q", label: point(100), seq: 7 },
    { id: "s2", question: "r", label: point(200), seq: 8 },
  ];

  it("is the server's answers with the waiting ones over them, the last one on top", () => {
    const box = [entry("b", 2), entry("a", 1), entry("z", 3, { item: "other" })];
    const { labels, ids } = overlay(known, box, "i", read);
    expect(labels).toEqual({ q: point(2), r: point(200) });
    expect(ids).toEqual({ q: "b", r: "s2" });
  });

  it("shows a parked answer too, but the next one does not supersede it", () => {
    const { labels, ids } = overlay(known, [entry("a", 1, { state: "parked" })], "i", read);
    expect(labels["q"]).toEqual(point(1));
    expect(ids["q"]).toBe("s1");
  });

  it("leaves out what it cannot read", () => {
    const box = [entry("a", 1, { body: {} }), entry("s", 2, { kind: "submission", question: null })];
    expect(overlay(known, box, "i", read).labels["q"]).toEqual(point(100));
  });
});

describe("what the server read out and what it stored of this window since", () => {
  const said = (id: string, question: string, seq: number) => ({ id, question, label: point(seq), seq });
  const idsOf = (answers: readonly { id: string; question: string }[]) =>
    Object.fromEntries(answers.map((a) => [a.question, a.id]));

  it("the later save stands, whichever window made it", () => {
    const read = [said("other", "q", 12), said("old", "r", 3)];
    const landed = [said("mine", "q", 11), said("new", "r", 13)];
    expect(idsOf(latest(read, landed))).toEqual({ q: "other", r: "new" });
  });

  it("a read that crossed a save does not hide it", () => {
    expect(idsOf(latest([], [said("mine", "q", 1)]))).toEqual({ q: "mine" });
  });

  it("the same save read back is the server's", () => {
    const server = { ...said("mine", "q", 4), label: point(99) };
    expect(latest([server], [said("mine", "q", 4)])).toEqual([server]);
  });
});
