import { describe, expect, it } from "vitest";
import { asked, pruned } from "./asked";
import { found, keysOf, noneOf, picked, pressed, tabOf, tabsOf, underTab } from "./choosing";
import type { Labels, Question } from "./types";

const BASE = {
  label: "choice", tool: "choose", hotkey: "1", hue: 0, help: "", visibilities: ["blurred"], required: true, when: {}, examples: [],
} as const;

function choice(key: string, keys: readonly string[], more: Partial<Question> = {}): Question {
  return { ...BASE, key, title: key, options: {}, categories: keys.map((k) => ({ key: k, title: k, family: "" })), ...more };
}

const FAMILIES = ["apical", "parasternal", "Doppler"];
const LONG = choice("view", [], {
  options: { none: "None of these" },
  categories: [
    ...Array.from({ length: 30 }, (_, i) => ({ key: `v${i}`, title: `View ${i}`, family: FAMILIES[i % 3] ?? "" })),
    { key: "none", title: "None of these", family: "" },
  ],
});
const press = (key: string, code = ""): { key: string; code: string } => ({ key, code });

describe("the buttons of a choice", () => {
  it("has tabs only when the list is long, and none of these in none of them", () => {
    expect(tabsOf(LONG)).toEqual(FAMILIES);
    expect(underTab(LONG, 1).map((c) => c.key)).toEqual(["v1", "v4", "v7", "v10", "v13", "v16", "v19", "v22", "v25", "v28"]);
    expect(tabOf(LONG, "v2")).toBe(2);
    expect(tabsOf(choice("q", ["a", "b"]))).toEqual([]);
  });

  it("gives digits first, then letters that nobody else has", () => {
    expect(keysOf(11, [{ ...LONG, hotkey: "j" }])).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "k"]);
    expect(keysOf(30, []).at(-1)).toBe("");
  });

  it("reads a key as a button, a tab, none of these or the search", () => {
    expect(pressed(press("2", "Digit2"), LONG, 1, [])).toEqual({ kind: "pick", key: "v4" });
    expect(pressed(press("A"), LONG, 1, [])).toEqual({ kind: "pick", key: "v28" });
    expect(pressed(press('"', "Digit2"), LONG, 0, [])).toEqual({ kind: "tab", tab: 1 });
    expect(pressed(press("$", "Digit4"), LONG, 0, [])).toBeNull();
    expect(pressed(press("0", "Digit0"), LONG, 0, [])).toEqual({ kind: "pick", key: "none" });
    expect(pressed(press("/"), LONG, 0, [])).toEqual({ kind: "search" });
    expect(pressed(press("/"), choice("q", ["a", "b"]), 0, [])).toBeNull();
    expect(pressed(press("b"), LONG, 0, [])).toBeNull();
  });

  it("finds by every word, in words, keys and families", () => {
    expect(found(LONG, "dopp view 2").map((c) => c.key)).toEqual(["v2", "v20", "v23", "v26", "v29"]);
    expect(found(LONG, "  ")).toEqual([]);
    expect(found(LONG, "none of")).toEqual([]);
  });

  it("keeps to the most that may be chosen, and has none only where it is an option", () => {
    const two = choice("q", ["a", "b", "c"], { options: { several: true, max: 2 } });
    expect(picked(two, ["a", "b"], "c")).toEqual(["a", "b"]);
    expect(picked(two, ["c"], "a")).toEqual(["a", "c"]);
    expect(picked(two, ["a"], "x")).toEqual(["a"]);
    expect(noneOf(choice("old", ["a", "none"]))).toBeNull();
  });
});

describe("questions asked after others", () => {
  const valuable = choice("valuable", ["yes", "no"]);
  const findings = choice("findings", ["cyst"], { when: { valuable: ["yes"] } });
  const size = choice("size", ["big"], { when: { findings: ["cyst"] } });
  const all = [valuable, findings, size];
  const say = (key: string): Labels[string] => ({ visibility: "seen", instances: [{ key }] });

  it("are asked only while what they hang on is asked and chosen", () => {
    expect(asked(all, {})).toEqual([valuable]);
    expect(asked(all, { valuable: say("yes") })).toEqual([valuable, findings]);
    expect(asked(all, { valuable: say("no"), findings: say("cyst") })).toEqual([valuable]);
    expect(asked(all, { valuable: { visibility: "blurred", instances: [] } })).toEqual([valuable]);
  });

  it("lose their answers with what they hang on", () => {
    const labels = { valuable: say("yes"), findings: say("cyst"), size: say("big") };
    expect(pruned(labels, all)).toBe(labels);
    const after = pruned({ ...labels, valuable: say("no") }, all);
    expect([after["findings"]?.visibility, after["size"]?.visibility]).toEqual(["unasked", "unasked"]);
  });
});
