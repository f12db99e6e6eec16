/** The labels of one item with their past and future; a pure reducer. */

import { canonical } from "./canonical";
import { labelOf } from "./types";
import type { Labels } from "./types";

/** `labels` is what is shown; `kept` is how it stood at the last finished gesture. */
export interface Store {
  readonly labels: Labels;
  readonly kept: Labels;
  readonly past: readonly Labels[];
  readonly future: readonly Labels[];
  readonly undoCount: number;
}

export type Act =
  | { readonly kind: "load"; readonly labels: Labels }
  | { readonly kind: "preview"; readonly labels: Labels }
  | { readonly kind: "commit"; readonly labels: Labels }
  | { readonly kind: "revert" }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" };

export function emptyStore(labels: Labels = {}): Store {
  return { labels, kept: labels, past: [], future: [], undoCount: 0 };
}

/** What the store is after an act; the same object when nothing happened. */
export function reduce(store: Store, act: Act): Store {
  switch (act.kind) {
    case "load":
      return emptyStore(act.labels);
    case "preview":
      return { ...store, labels: act.labels };
    case "revert":
      return store.labels === store.kept ? store : { ...store, labels: store.kept };
    case "commit":
      return commit(store, act.labels);
    case "undo":
      return back(store);
    case "redo":
      return forth(store);
  }
}

function commit(store: Store, labels: Labels): Store {
  if (changed(store.kept, labels).length === 0) return { ...store, labels: store.kept };
  return { ...store, labels, kept: labels, past: [...store.past, store.kept], future: [] };
}

function back(store: Store): Store {
  const labels = store.past.at(-1);
  if (!labels) return store;
  const past = store.past.slice(0, -1);
  return { labels, kept: labels, past, future: [store.kept, ...store.future], undoCount: store.undoCount + 1 };
}

function forth(store: Store): Store {
  const [labels, ...future] = store.future;
  if (!labels) return store;
  return { ...store, labels, kept: labels, past: [...store.past, store.kept], future };
}

/** The questions whose labels differ. */
export function changed(before: Labels, after: Labels): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => {
    const a = labelOf(before, key);
    const b = labelOf(after, key);
    return a !== b && canonical(a) !== canonical(b);
  });
}
