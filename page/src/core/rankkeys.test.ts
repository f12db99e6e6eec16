import { describe, expect, it } from "vitest";
import { PAIR_SHEET, RANK_SHEET, rankCommand } from "./rankkeys";

const press = (key: string, more: Partial<{ shift: boolean; control: boolean; alt: boolean }> = {}) => ({
  key, shift: false, control: false, alt: false, ...more,
});

describe("keys of ranking", () => {
  it("choose with arrows and move with Shift", () => {
    expect(rankCommand(press("ArrowLeft"), true)).toEqual({ do: "choose", by: -1 });
    expect(rankCommand(press("ArrowDown"), true)).toEqual({ do: "row", by: 1 });
    expect(rankCommand(press("ArrowRight", { shift: true }), true)).toEqual({ do: "move", by: 1 });
    expect(rankCommand(press("ArrowRight", { control: true }), true)).toBeNull();
  });

  it("share what is the same on every screen", () => {
    expect(rankCommand(press(" "), true)).toEqual({ do: "play" });
    expect(rankCommand(press("Enter"), true)).toEqual({ do: "done" });
    expect(rankCommand(press("z", { control: true }), true)).toEqual({ do: "undo" });
    expect(rankCommand(press("z", { control: true, shift: true }), true)).toEqual({ do: "redo" });
    expect(rankCommand(press(","), true)).toEqual({ do: "speed", by: -1 });
    expect(rankCommand(press("x"), true)).toEqual({ do: "clear" });
    expect(rankCommand(press("f"), true)).toBeNull();
  });

  it("leave single letters and digits out when they are switched off", () => {
    for (const key of ["t", "b", "3", "0", "=", "z", "x", "["]) expect(rankCommand(press(key), false)).toBeNull();
    expect(rankCommand(press("3"), true)).toEqual({ do: "number", n: 3 });
    expect(rankCommand(press("9"), true)).toBeNull();
    expect(rankCommand(press("ArrowLeft"), false)).toEqual({ do: "choose", by: -1 });
  });

  it("stand on their sheets once each", () => {
    for (const sheet of [RANK_SHEET, PAIR_SHEET]) {
      const keys = sheet.flatMap(([, rows]) => rows.map((row) => row.keys));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
