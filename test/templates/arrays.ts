// Arrays for the tests of the kernels: data that look random and are the same every time, and comparisons.

import { expect } from "vitest";

/** n values in (−1, 1), different for each seed. */
export function randomArray(n: number, seed = 1): Float64Array {
  let state = seed * 7919 + 12345;
  return Float64Array.from({ length: n }, () => {
    state = (state * 16807) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

/** n whole numbers from 0 to below `below`. */
export function randomIndices(n: number, below: number, seed = 1): Int32Array {
  return Int32Array.from(randomArray(n, seed), (value) => Math.floor(((value + 1) / 2) * below));
}

/** Same length, same NaNs and infinities, all else within a relative (of 1 or more) error. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-13): void {
  const near = Array.from(actual, (value, i) => {
    const truth = expected[i]!;
    return Math.abs(value - truth) <= tolerance * Math.max(1, Math.abs(truth)) ? truth : value;
  });
  expect(near).toEqual(Array.from(expected));
}

export function innerProduct(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((total, value, i) => total + value * b[i]!, 0);
}

export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((size, count) => size * count, 1);
}

/** All indices of a shape in row-major order. */
export function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (indices, count) => indices.flatMap((index) => Array.from({ length: count }, (_, i) => [...index, i])),
    [[]],
  );
}

/** Where an index lies in a row-major array of this shape; axes missing in front and axes of size 1 are stretched. */
export function positionOf(index: readonly number[], shape: readonly number[]): number {
  const own = index.slice(index.length - shape.length);
  return own.reduce((position, value, axis) => position * shape[axis]! + (shape[axis] === 1 ? 0 : value), 0);
}
