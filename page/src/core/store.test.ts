import { describe, expect, it } from "vitest";

import { changed, emptyStore, reduce } from "./store";
import type { Store } from "./store";
import type { Label, Labels } from "./types";

const point = (x: number): Label => ({ visibility: "seen", instances: [{ x, y: 0 }] });
const OFF: Label = { visibility: "off", instances: [] };
const commit = (store: Store, labels: Labels): Store => reduce(store, { kind: "commit", labels });

describe("the store", () => {
  it("takes back and brings again every gesture, visibility and deletes included", () => {
    const steps: Labels[] = [{ a: point(1) }, { a: point(1), b: OFF }, { b: OFF }, { b: point(4) }];
    let store = steps.reduce(commit, emptyStore());
    const seen = [store.labels];
    while (store.past.length > 0) {
      store = reduce(store, { kind: "undo" });
      seen.push(store.labels);
    }
    expect(seen).toEqual([...steps.toReversed(), {}]);
    expect(store.undoCount).toBe(4);
    for (const step of steps) {
      store = reduce(store, { kind: "redo" });
      expect(store.labels).toEqual(step);
    }
    expect(reduce(store, { kind: "redo" })).toBe(store);
  });

  it("forgets the future at a new gesture", () => {
    let store = commit(commit(emptyStore(), { a: point(1) }), { a: point(2) });
    store = commit(reduce(store, { kind: "undo" }), { a: point(9) });
    expect(store.future).toEqual([]);
    expect(reduce(store, { kind: "undo" }).labels).toEqual({ a: point(1) });
  });

  it("does not count a drag in its middle: one gesture is one step back", () => {
    let store = commit(emptyStore(), { a: point(1) });
    for (const x of [2, 3, 4]) store = reduce(store, { kind: "preview", labels: { a: point(x) } });
    store = commit(store, { a: point(5) });
    expect(reduce(store, { kind: "undo" }).labels).toEqual({ a: point(1) });
  });

  it("goes back to what stood when a gesture is broken off", () => {
    const store = commit(emptyStore(), { a: point(1) });
    const dragged = reduce(store, { kind: "preview", labels: { a: point(7) } });
    expect(reduce(dragged, { kind: "revert" })).toEqual(store);
    expect(reduce(store, { kind: "revert" })).toBe(store);
  });

  it("makes no step of a gesture that changed nothing", () => {
    const store = commit(emptyStore(), { a: point(1) });
    expect(commit(store, { a: point(1) }).past).toHaveLength(1);
    expect(reduce(emptyStore(), { kind: "undo" }).undoCount).toBe(0);
  });

  it("begins anew with another item", () => {
    const store = commit(emptyStore(), { a: point(1) });
    expect(reduce(store, { kind: "load", labels: { b: OFF } })).toEqual(emptyStore({ b: OFF }));
  });
});

describe("changed", () => {
  it("names what differs, and takes unasked and absent for the same", () => {
    expect(changed({ a: point(1), b: OFF }, { a: point(2), b: OFF })).toEqual(["a"]);
    expect(changed({}, { a: { visibility: "unasked", instances: [] } })).toEqual([]);
    expect(changed({ a: OFF }, {})).toEqual(["a"]);
  });
});
