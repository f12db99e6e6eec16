import { expect, test } from "vitest";

import { addCorner, area, choose, chosenPlace, close, cornerAt, EMPTY, inside, insertAt, move, OPEN, problemOf, remove, sketchOf, toWire, type Sketch } from "./sketch";

const FRAME = { width: 100, height: 80 };
const SQUARE = [[10, 10], [50, 10], [50, 40], [10, 40]];

function drawn(...places: [number, number][]): Sketch {
  return places.reduce((sketch, [x, y]) => addCorner(sketch, { x, y }), EMPTY);
}

test("corners follow one another and close at the third", () => {
  const two = drawn([10, 10], [50, 10]);
  expect(close(two)).toBe(two);
  const three = close(addCorner(two, { x: 50, y: 40 }));
  expect(three.closed).toHaveLength(1);
  expect(three.open).toEqual([]);
  expect(toWire(three)).toEqual([[[10, 10], [50, 10], [50, 40]]]);
});

test("what is open is sent closed", () => {
  expect(toWire(drawn([10, 10], [50, 10], [50, 40]))).toHaveLength(1);
});

test("a corner is moved, and only that one", () => {
  const moved = move(sketchOf([SQUARE]), { polygon: 0, corner: 2 }, { x: 60, y: 50 });
  expect(toWire(moved)).toEqual([[[10, 10], [50, 10], [60, 50], [10, 40]]]);
  expect(chosenPlace(moved)).toEqual({ x: 60, y: 50 });
});

test("the nearest corner within reach is found", () => {
  const sketch = addCorner(sketchOf([SQUARE]), { x: 52, y: 12 });
  expect(cornerAt(sketch, { x: 51.5, y: 11.5 }, 5)).toEqual({ polygon: OPEN, corner: 0 });
  expect(cornerAt(sketch, { x: 49, y: 9 }, 5)).toEqual({ polygon: 0, corner: 1 });
  expect(cornerAt(sketch, { x: 30, y: 25 }, 5)).toBeNull();
});

test("an edge takes a new corner where it is clicked, the last edge too", () => {
  expect(toWire(insertAt(sketchOf([SQUARE]), { x: 30, y: 11 }, 2))[0]?.[1]).toEqual([30, 11]);
  expect(toWire(insertAt(sketchOf([SQUARE]), { x: 10, y: 25 }, 2))[0]?.[4]).toEqual([10, 25]);
  const sketch = sketchOf([SQUARE]);
  expect(insertAt(sketch, { x: 30, y: 25 }, 2)).toBe(sketch);
});

test("the chosen corner goes, else the last; two corners are no polygon", () => {
  const triangle = remove(choose(sketchOf([SQUARE]), 1));
  expect(toWire(triangle)).toEqual([[[50, 10], [50, 40], [10, 40]]]);
  expect(remove(choose(triangle, 1)).closed).toEqual([]);
  expect(remove({ ...drawn([1, 1], [2, 2]), chosen: null }).open).toEqual([{ x: 1, y: 1 }]);
  expect(remove(EMPTY)).toEqual(EMPTY);
});

test("choosing goes round through all corners, both ways", () => {
  let sketch = addCorner(sketchOf([SQUARE]), { x: 1, y: 1 });
  sketch = choose({ ...sketch, chosen: null }, 1);
  const places = Array.from({ length: 5 }, () => {
    const at = chosenPlace(sketch);
    sketch = choose(sketch, 1);
    return at;
  });
  expect(places.map((p) => [p?.x, p?.y])).toEqual([...SQUARE, [1, 1]]);
  expect(chosenPlace(sketch)).toEqual({ x: 10, y: 10 });
  expect(chosenPlace(choose(sketch, -1))).toEqual({ x: 1, y: 1 });
});

test("what cannot be a mask says why", () => {
  expect(problemOf(EMPTY, FRAME)).toMatch(/Draw/);
  expect(problemOf(drawn([1, 1], [2, 2]), FRAME)).toMatch(/three corners/);
  expect(problemOf(drawn([10, 10], [50, 50], [70, 70]), FRAME)).toMatch(/next to nothing/);
  expect(problemOf(sketchOf(Array.from({ length: 21 }, () => SQUARE)), FRAME)).toMatch(/20/);
  expect(problemOf(sketchOf([SQUARE]), FRAME)).toBe("");
  expect(problemOf(drawn([10, 10], [50, 10], [50, 40]), FRAME)).toBe("");
});

test("areas and the edge of the frame", () => {
  expect(area([{ x: 0, y: 0 }, { x: 4, y: 0 }, { x: 4, y: 3 }])).toBe(6);
  expect(inside({ x: -3, y: 200 }, FRAME)).toEqual({ x: 0, y: 79 });
});
