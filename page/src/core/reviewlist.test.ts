import { expect, test } from "vitest";

import { appended, placeOf, refreshed, type Row } from "./reviewlist";

const rows = (...codes: string[]): Row[] => codes.map((code) => ({ code, state: "gated" }));
const codes = (list: readonly Row[]): string => list.map((row) => row.code).join("");

test("a page begins behind the last row, in the state in which it was listed", () => {
  expect(placeOf([])).toBe("");
  expect(placeOf(rows("a", "b"))).toBe("gated:b");
});

test("a row that comes twice stands once", () => {
  expect(codes(appended(rows("a", "b"), rows("b", "c")))).toBe("abc");
  expect(codes(appended([], rows("a")))).toBe("a");
});

test("what is behind the first page stays when that is read afresh", () => {
  // b was decided on, x came in, the page reaches to d now.
  expect(codes(refreshed(rows(..."abcdef"), rows(..."xacd"), false))).toBe("xacdef");
  // The first page reaches to the old border and further.
  expect(codes(refreshed(rows(..."abcd"), rows(..."cdef"), false))).toBe("cdef");
});

test("a first page that is the whole list, or another one, is all there is", () => {
  expect(codes(refreshed(rows(..."abcdef"), rows("a"), true))).toBe("a");
  expect(codes(refreshed(rows(..."abc"), rows(..."xyz"), false))).toBe("xyz");
});
