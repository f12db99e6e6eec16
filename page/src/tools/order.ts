/** An order: cards along one axis, moved by drag, by keys, or by a tap on a card and a tap on its place. */

import { canonical } from "../core/canonical";
import { allLevel, begun, firstOfTwo, intoGap, isLevel, levelled, levelWith, nudged, ontoPlaceOf, setAside } from "../core/ordering";
import type { Arrange, Order } from "../core/ordering";
import { isOrder, seen, UNASKED } from "../core/types";
import type { Label } from "../core/types";
import { finished, record, unfinished } from "./base";
import type { Tool } from "./base";

/** The order that a label says; null before anything was said. */
export function orderOf(label: Label): Order | null {
  const first = label.instances[0];
  return isOrder(first) ? first : null;
}

const GESTURES: Readonly<Record<Arrange["do"], string>> = {
  gap: "place-card",
  onto: "place-card",
  nudge: "nudge-card",
  tie: "tie",
  "tie-with": "tie",
  level: "no-difference",
  aside: "set-aside",
  first: "choose-first",
  keep: "keep-order",
};

function arranged(order: Order, act: Arrange): Order {
  switch (act.do) {
    case "gap":
      return intoGap(order, act.member, act.gap);
    case "onto":
      return ontoPlaceOf(order, act.member, act.other);
    case "nudge":
      return nudged(order, act.member, act.by);
    case "tie":
      return levelled(order, act.member);
    case "tie-with":
      return levelWith(order, act.member, act.other);
    case "level":
      return allLevel(order);
    case "aside":
      return setAside(order, act.member);
    case "first":
      return firstOfTwo(order, act.member);
    case "keep":
      return order;
  }
}

function codes(raw: unknown): string[] | null {
  return Array.isArray(raw) && raw.every((code) => typeof code === "string") ? raw : null;
}

export const TOOL: Tool = {
  name: "order",
  hint: () => "",
  draw: () => ({ lines: [], handles: [] }),
  hit: () => null,
  edit(work, event) {
    if (event.kind === "erase") return finished(work, "clear", UNASKED, {});
    if (event.kind !== "arrange") return unfinished(work, work.label, {});
    const said = orderOf(work.label);
    const before = said ?? begun(event.shown);
    const act = event.act.do;
    if (act === "level" && said && isLevel(said)) return finished(work, "clear", UNASKED, {});
    const after = arranged(before, event.act);
    // A card that was put back where it stood says nothing; which of two, and that it is right so, do say something.
    const isSaid = act === "keep" || act === "first";
    if (!isSaid && canonical(after) === canonical(before)) return unfinished(work, work.label, {});
    return finished(work, GESTURES[act], seen([after]), {});
  },
  isWhole: (label) => label.visibility !== "seen" || orderOf(label) !== null,
  toLabel(label) {
    const order = orderOf(label);
    const instances = order
      ? [{ groups: order.groups.map((group) => [...group]), aside: [...order.aside], shown: [...order.shown] }]
      : [];
    return { visibility: label.visibility, instances };
  },
  readInstance(raw) {
    const given = record(raw);
    const rows = given?.["groups"];
    const groups = Array.isArray(rows) ? rows.map(codes) : [null];
    const [aside, shown] = [codes(given?.["aside"]), codes(given?.["shown"])];
    return aside && shown && groups.every((group) => group !== null) ? { groups, aside, shown } : null;
  },
};
