// Slices, rows of tables, picked values and masks against formulas of the index.

import { describe, expect, test } from "vitest";
import { concat, gather, maskCausal, pick, scatterAdd, slice, unpick, unslice } from "../../templates/indexing.ts";
import { expectClose, indicesOf, positionOf, randomArray, randomIndices, sizeOfShape } from "./arrays.ts";

const slices: readonly (readonly [
  shape: readonly number[],
  starts: readonly number[],
  steps: readonly number[],
  counts: readonly number[],
])[] = [
  [[], [], [], []],
  [[7], [0], [1], [7]],
  [[7], [2], [1], [3]],
  [[7], [1], [2], [3]],
  [[7], [6], [-1], [7]],
  [[7], [5], [-2], [3]],
  [
    [3, 5],
    [0, 1],
    [1, 1],
    [3, 2],
  ],
  [
    [3, 5],
    [2, 4],
    [-1, -2],
    [3, 3],
  ],
  [
    [2, 3, 5],
    [1, 0, 2],
    [1, 2, -1],
    [1, 2, 3],
  ],
];

describe.each(slices)("of shape %j from %j by %j, %j values", (shape, starts, steps, counts) => {
  const places = indicesOf(counts).map((index) =>
    positionOf(
      index.map((i, axis) => starts[axis]! + i * steps[axis]!),
      shape,
    ),
  );

  test("slice", () => {
    const x = randomArray(sizeOfShape(shape));
    expectClose(
      slice(x, shape, starts, steps, counts),
      places.map((place) => x[place]!),
    );
  });

  test("unslice", () => {
    const d = randomArray(sizeOfShape(counts));
    const expected = new Float64Array(sizeOfShape(shape));
    places.forEach((place, i) => (expected[place] = d[i]!));
    expect(unslice(d, shape, starts, steps, counts)).toEqual(expected);
  });
});

test("concat puts parts side by side in each row", () => {
  expect(concat([Float64Array.of(1, 2), Float64Array.of(3, 4, 5, 6)], 2)).toEqual(Float64Array.of(1, 3, 4, 2, 5, 6));
  expect(concat([Float64Array.of(1, 2), Float64Array.of(3)], 1)).toEqual(Float64Array.of(1, 2, 3));
  expect(concat([Float64Array.of(7)], 1)).toEqual(Float64Array.of(7));
});

test.each([
  [1, 1, 1],
  [3, 5, 1],
  [7, 3, 2],
  [5, 2, 7],
])("gather and scatterAdd: %d indices into %d rows of %d", (count, rows, width) => {
  const table = randomArray(rows * width);
  const indices = randomIndices(count, rows);
  expectClose(
    gather(table, indices, width),
    indicesOf([count, width]).map(([i, j]) => table[indices[i!]! * width + j!]!),
  );
  const d = randomArray(count * width, 2);
  const expected = new Float64Array(rows * width);
  for (const [i, j] of indicesOf([count, width])) expected[indices[i!]! * width + j!]! += d[i! * width + j!]!;
  expectClose(scatterAdd(d, indices, rows, width), expected);
});

test("an index that occurs twice gets both", () => {
  expect(scatterAdd(Float64Array.of(1, 2, 4), Int32Array.of(1, 0, 1), 3, 1)).toEqual(Float64Array.of(2, 5, 0));
});

test.each([
  [1, 1],
  [3, 5],
  [7, 2],
])("pick and unpick in %d rows of %d", (rows, n) => {
  const x = randomArray(rows * n);
  const indices = randomIndices(rows, n);
  const picked = pick(x, indices, n);
  expect(picked).toEqual(Float64Array.from(indices, (index, r) => x[r * n + index]!));
  expectClose(
    unpick(picked, indices, n),
    indicesOf([rows, n]).map(([r, j]) => (j === indices[r!]! ? x[r! * n + j!]! : 0)),
  );
});

test.each([
  [1, 1, -Infinity],
  [1, 3, -Infinity],
  [3, 5, 0],
  [2, 2, 7],
])("maskCausal of %d squares of %d with %d", (batch, t, fill) => {
  const x = randomArray(batch * t * t);
  expectClose(
    maskCausal(x, t, fill),
    indicesOf([batch, t, t]).map(([b, row, column]) => (column! <= row! ? x[(b! * t + row!) * t + column!]! : fill)),
  );
});
