import { expect, test } from "vitest";

import { REVIEW_SHEET, reviewCommand } from "./reviewkeys";

test("every letter of the sheet that decides does, once for a press", () => {
  expect(reviewCommand("A", true, false)).toBe("approve");
  expect(reviewCommand("a", true, true)).toBeNull();
  expect(reviewCommand("r", true, true)).toBeNull();
  expect(reviewCommand("f", true, false)).toBe("remask");
  expect(reviewCommand("f", true, true)).toBeNull();
  expect(reviewCommand("c", true, true)).toBeNull();
  expect(reviewCommand("j", true, true)).toBe("next");
});

test("letters can be off, the rest stays", () => {
  expect(reviewCommand("a", false, false)).toBeNull();
  expect(reviewCommand("Escape", false, false)).toBe("escape");
  expect(reviewCommand(" ", false, false)).toBe("play");
});

test("the sheet names no key that does nothing", () => {
  const shown = REVIEW_SHEET.slice(0, 3).flatMap(([, rows]) => rows.flatMap(([keys]) => keys.split(" ")));
  const real: Record<string, string> = { Space: " ", "←": "ArrowLeft", "→": "ArrowRight", "−": "-" };
  for (const key of shown) expect(reviewCommand(real[key] ?? key, true, false), key).not.toBeNull();
});
