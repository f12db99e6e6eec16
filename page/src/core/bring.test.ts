import { describe, expect, it } from "vitest";

import { placesOf, size } from "./bring";

describe("what the server is told of a file", () => {
  it("says nothing of its name, its number and its ending", () => {
    const told = JSON.stringify(placesOf(["DOE^JANE/1957/scan of Jane.dcm", "DOE^JANE/readme", "a/Doe-19570312.PNG", "x.JaneDoe", "p/4711_00.png"]));
    expect(told).not.toMatch(/DOE|JANE|Jane|1957|4711|scan|readme|png|PNG|dcm/);
    expect(placesOf(["a.dcm", "b"])).toEqual([
      { group: 0, frame: null },
      { group: 1, frame: null },
    ]);
  });

  it("keeps the numbered images of one folder together, and no others", () => {
    const paths = ["l/f-001.png", "x/a.dcm", "l/f-000.png", "m/f-000.png", "l/g-000.png", "l/f-0000.png", "l/002.png", "l/v2.png", "l/f-002.png"];
    const found = placesOf(paths);
    expect(found.map((p) => p.group)).toEqual([0, 1, 0, 2, 3, 4, 5, 6, 0]);
    expect(found.map((p) => p.frame)).toEqual([1, null, 0, null, null, null, null, null, 2]);
  });

  it("tells of a frame its place in the loop, never the number in its name", () => {
    expect(placesOf(["a/7_002.png", "a/7_001.png"]).map((p) => p.frame)).toEqual([1, 0]);
    const apart = { frames: [null, null], groups: [0, 1] };
    for (const paths of [["a/20240102.png", "a/20240103.png"], ["a/00.png", "a/02.png"], ["a/01.png", "a/01.png"]]) {
      const found = placesOf(paths);
      expect({ frames: found.map((p) => p.frame), groups: found.map((p) => p.group) }).toEqual(apart);
    }
  });
});

describe("sizes", () => {
  it("are short", () => {
    expect([0, 999, 1500, 12_400_000, 3_000_000_000].map(size)).toEqual(["0 B", "999 B", "1.5 kB", "12 MB", "3 GB"]);
  });
});
