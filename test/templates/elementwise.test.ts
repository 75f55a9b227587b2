// Maps, broadcasting and filling against formulas of the index.

import { describe, expect, test } from "vitest";
import {
  addTo,
  broadcast,
  filled,
  map,
  zip,
  zip3,
  zip4,
  zipBroadcast,
  zipColumns,
  zipRows,
} from "../../templates/elementwise.ts";
import { expectClose, indicesOf, positionOf, randomArray, sizeOfShape } from "./arrays.ts";

const [a, b, c, d] = [1, 2, 3, 4].map((seed) => randomArray(7, seed)) as [Float64Array, Float64Array, Float64Array, Float64Array];

test("map, zip, zip3 and zip4 apply a function at each index", () => {
  expect(map(a, (x) => x + 1)).toEqual(a.map((x) => x + 1));
  expect(zip(a, b, (x, y) => x - y)).toEqual(a.map((x, i) => x - b[i]!));
  expect(zip3(a, b, c, (x, y, z) => x - y / z)).toEqual(a.map((x, i) => x - b[i]! / c[i]!));
  expect(zip4(a, b, c, d, (x, y, z, u) => x - y / z + u)).toEqual(a.map((x, i) => x - b[i]! / c[i]! + d[i]!));
});

test("integers are operands too", () => {
  expect(zip(a, Int32Array.of(0, 1, 0, 1, 1, 0, 0), (x, choice) => (choice ? x : 0))).toEqual(
    Float64Array.of(0, a[1]!, 0, a[3]!, a[4]!, 0, 0),
  );
});

test.each([
  [1, 1],
  [1, 5],
  [5, 1],
  [3, 7],
])("zipRows and zipColumns meet %d rows of %d", (rows, width) => {
  const x = randomArray(rows * width);
  const row = randomArray(width, 2);
  const column = randomArray(rows, 3);
  expect(zipRows(x, row, (p, q) => p - 2 * q)).toEqual(x.map((value, i) => value - 2 * row[i % width]!));
  expect(zipColumns(x, column, (p, q) => p - 2 * q)).toEqual(x.map((value, i) => value - 2 * column[Math.floor(i / width)]!));
});

const stretches: readonly (readonly [shape: readonly number[], operands: readonly (readonly number[])[]])[] = [
  [[], [[], []]],
  [[5], [[5], [1]]],
  [[5], [[], [5]]],
  [
    [3, 1],
    [[3, 1], []],
  ],
  [
    [3, 5],
    [[3, 1], [5]],
  ],
  [
    [2, 3, 5],
    [[3, 1], [2, 1, 1], [5]],
  ],
  [
    [2, 3, 5],
    [
      [2, 3, 5],
      [1, 3, 5],
      [2, 1, 5],
      [2, 3, 1],
    ],
  ],
  [
    [2, 1, 3, 2],
    [[1, 3, 1], [2, 1, 1, 2], [1], [], [2, 1, 3, 2]],
  ],
  [[2, 2], [[2, 1]]],
];

test.each(stretches)("zipBroadcast to %j from %j", (shape, from) => {
  const operands = from.map((own, k) => [randomArray(sizeOfShape(own), k + 1), own] as const);
  const weigh = (...values: number[]): number => values.reduce((total, value, k) => total + (k + 1) * value, 0);
  const expected = indicesOf(shape).map((index) => weigh(...operands.map(([x, own]) => x[positionOf(index, own)]!)));
  expectClose(zipBroadcast(shape, operands, weigh), expected);
});

describe("broadcast", () => {
  test.each(stretches.flatMap(([shape, from]) => from.map((own) => [own, shape] as const)))("%j to %j", (from, to) => {
    const x = randomArray(sizeOfShape(from));
    expectClose(
      broadcast(x, from, to),
      indicesOf(to).map((index) => x[positionOf(index, from)]!),
    );
  });
});

test("a function gets no more arguments than there are operands", () => {
  expect(
    zipBroadcast(
      [1],
      [
        [Float64Array.of(2), [1]],
        [Float64Array.of(3), []],
      ],
      (...all) => all.length,
    ),
  ).toEqual(Float64Array.of(2));
});

test("addTo adds in place and answers where", () => {
  const out = Float64Array.of(1, 2);
  expect(addTo(out, [10, 20])).toBe(out);
  expect(out).toEqual(Float64Array.of(11, 22));
});

test("filled", () => expect(filled(3, -2.5)).toEqual(Float64Array.of(-2.5, -2.5, -2.5)));
