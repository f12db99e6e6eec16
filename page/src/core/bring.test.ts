import { describe, expect, it } from "vitest";

import { placesOf, size } from "./bring";

describe("what the server is told of a file", () => {
  it("says nothing of its name", () => {
    const told = JSON.stringify(placesOf(["DOE^JANE/1957/scan of Jane.dcm", "DOE^JANE/readme"]));
    expect(told).not.toMatch(/DOE|JANE|Jane|1957|scan|readme/);
    expect(placesOf(["a.dcm", "b"])).toEqual([
      { group: 0, number: "", ending: "dcm" },
      { group: 1, number: "", ending: "" },
    ]);
  });

  it("keeps the numbered images of one folder together, and no others", () => {
    const paths = ["l/f-001.png", "x/a.dcm", "l/f-000.png", "m/f-000.png", "l/g-000.png", "l/f-0000.png", "l/002.png", "l/v2.png"];
    const found = placesOf(paths);
    expect(found.map((p) => p.group)).toEqual([0, 1, 0, 2, 3, 4, 5, 6]);
    expect(found.map((p) => p.number)).toEqual(["001", "", "000", "000", "000", "0000", "002", ""]);
  });

  it("does not take an ending for what is none", () => {
    expect(placesOf(["a.tar.gz", "Doe.Jane Maria", "x.longerthan8"]).map((p) => p.ending)).toEqual(["gz", "", ""]);
  });
});

describe("sizes", () => {
  it("are short", () => {
    expect([0, 999, 1500, 12_400_000, 3_000_000_000].map(size)).toEqual(["0 B", "999 B", "1.5 kB", "12 MB", "3 GB"]);
  });
});
