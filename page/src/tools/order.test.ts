import { describe, expect, it } from "vitest";
import { begun, inOrder, type Arrange, type Order } from "../core/ordering";
import { UNASKED, type Label, type Question } from "../core/types";
import { FREE_HAND, type Work } from "./base";
import { orderOf, TOOL } from "./order";

const SHOWN = ["a", "b", "c", "d", "e", "f"];
const question = { key: "clear", tool: "order", options: {}, visibilities: [] } as unknown as Question;
const start: Work = { label: UNASKED, hand: FREE_HAND };

function after(acts: readonly Arrange[], from: Work = start): Label {
  return acts.reduce<Work>((work, act) => TOOL.edit(work, { kind: "arrange", shown: SHOWN, act }, question).work, from).label;
}

function groups(acts: readonly Arrange[]): string {
  return (orderOf(after(acts))?.groups ?? []).map((group) => group.join("=")).join(" ");
}

describe("an order", () => {
  it("is the same by drag, by keys and by taps", () => {
    const want = "f a b c d e";
    expect(groups([{ do: "gap", member: "f", gap: 0 }])).toBe(want);
    expect(groups(Array.from({ length: 5 }, () => ({ do: "nudge", member: "f", by: -1 }) as const))).toBe(want);
    expect(groups([{ do: "onto", member: "f", other: "a" }])).toBe(want);
  });

  it("counts gaps as they were before the card was taken out", () => {
    expect(groups([{ do: "gap", member: "a", gap: 3 }])).toBe("b c a d e f");
    expect(groups([{ do: "gap", member: "a", gap: 6 }])).toBe("b c d e f a");
    expect(groups([{ do: "gap", member: "e", gap: 1 }])).toBe("a e b c d f");
  });

  it("takes a tap on a card's place from either side", () => {
    expect(groups([{ do: "onto", member: "a", other: "c" }])).toBe("b c a d e f");
    expect(groups([{ do: "onto", member: "c", other: "a" }])).toBe("c a b d e f");
  });

  it("ties with the neighbour before, and unties", () => {
    expect(groups([{ do: "tie", member: "b" }])).toBe("a=b c d e f");
    expect(groups([{ do: "tie", member: "a" }])).toBe("b=a c d e f");
    expect(groups([{ do: "tie", member: "b" }, { do: "tie", member: "b" }])).toBe("a b c d e f");
    expect(groups([{ do: "tie-with", member: "f", other: "b" }])).toBe("a b=f c d e");
  });

  it("moves out of a level group before it passes the neighbour", () => {
    expect(groups([{ do: "tie", member: "b" }, { do: "nudge", member: "a", by: 1 }])).toBe("b a c d e f");
    expect(groups([{ do: "tie", member: "b" }, { do: "nudge", member: "b", by: -1 }])).toBe("b a c d e f");
    expect(groups([{ do: "tie", member: "b" }, { do: "nudge", member: "b", by: 1 }])).toBe("a b c d e f");
  });

  it("stops at its ends, and a move that changes nothing is no answer", () => {
    expect(after([{ do: "nudge", member: "a", by: -1 }])).toBe(UNASKED);
    expect(after([{ do: "nudge", member: "f", by: 1 }])).toBe(UNASKED);
    expect(after([{ do: "gap", member: "b", gap: 1 }])).toBe(UNASKED);
    expect(after([{ do: "gap", member: "b", gap: 2 }])).toBe(UNASKED);
  });

  it("says no visible difference, and takes it back", () => {
    expect(groups([{ do: "level" }])).toBe("a=b=c=d=e=f");
    expect(after([{ do: "level" }, { do: "level" }])).toBe(UNASKED);
  });

  it("is right as it stands only when that is said", () => {
    expect(groups([{ do: "keep" }])).toBe("a b c d e f");
  });

  it("sets aside what cannot be judged, and keeps two", () => {
    const aside = SHOWN.map((member) => ({ do: "aside", member }) as const);
    const order = orderOf(after(aside)) as Order;
    expect(order.aside).toEqual(["a", "b", "c", "d"]);
    expect(order.groups).toEqual([["e"], ["f"]]);
    expect(inOrder(order)).toEqual(["e", "f", "a", "b", "c", "d"]);
    expect(groups([...aside, { do: "aside", member: "b" }])).toBe("e f b");
    expect(groups([...aside, { do: "onto", member: "a", other: "e" }])).toBe("a e f");
  });

  it("holds every member once, whatever is done", () => {
    let seed = 7;
    const any = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
    let work = start;
    for (let i = 0; i < 500; i++) {
      const [member, other] = [SHOWN[any(6)] as string, SHOWN[any(6)] as string];
      const act = [
        { do: "gap", member, gap: any(7) }, { do: "onto", member, other }, { do: "nudge", member, by: any(2) ? 1 : -1 },
        { do: "tie", member }, { do: "tie-with", member, other }, { do: "aside", member }, { do: "level" },
      ][any(7)] as Arrange;
      work = TOOL.edit(work, { kind: "arrange", shown: SHOWN, act }, question).work;
      const order = orderOf(work.label) ?? begun(SHOWN);
      expect(inOrder(order).toSorted()).toEqual(SHOWN);
      expect(order.groups.every((group) => group.length > 0)).toBe(true);
      expect(order.groups.flat().length).toBeGreaterThanOrEqual(2);
    }
  });

  it("of two puts the chosen one first", () => {
    const pair = ["a", "b"];
    const act: Arrange = { do: "first", member: "b" };
    const { work, gesture } = TOOL.edit(start, { kind: "arrange", shown: pair, act }, question);
    expect(orderOf(work.label)?.groups).toEqual([["b"], ["a"]]);
    expect(gesture).toBe("choose-first");
    const left = TOOL.edit(start, { kind: "arrange", shown: pair, act: { do: "first", member: "a" } }, question).work;
    expect(orderOf(left.label)?.groups).toEqual([["a"], ["b"]]);
  });

  it("comes back from the wire as it went", () => {
    const label = after([{ do: "tie", member: "b" }, { do: "aside", member: "c" }]);
    const raw = TOOL.toLabel(label);
    expect(raw.instances).toEqual([{ groups: [["a", "b"], ["d"], ["e"], ["f"]], aside: ["c"], shown: SHOWN }]);
    expect(TOOL.readInstance(raw.instances[0])).toEqual(label.instances[0]);
    expect(TOOL.readInstance({ groups: [[1]], aside: [], shown: [] })).toBeNull();
    expect(TOOL.readInstance({ key: "a" })).toBeNull();
    expect(TOOL.toLabel(UNASKED)).toEqual({ visibility: "unasked", instances: [] });
  });
});
