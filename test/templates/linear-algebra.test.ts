// Determinants by Leibniz' formula, solutions by putting them in, and singular matrices.

import { describe, expect, test } from "vitest";
import { det, inv, logdet, solve } from "../../templates/linear-algebra.ts";
import { expectClose, indicesOf, randomArray } from "./arrays.ts";

/** Expansion along the first row. */
function determinant(A: readonly (readonly number[])[]): number {
  if (A.length === 0) return 1;
  return A[0]!.reduce((total, value, j) => {
    const minor = A.slice(1).map((row) => row.filter((_, column) => column !== j));
    return total + (j % 2 === 0 ? 1 : -1) * value * determinant(minor);
  }, 0);
}

function times(A: Float64Array, X: Float64Array, n: number, m: number): number[] {
  return indicesOf([n, m]).map(([i, c]) =>
    Array.from({ length: n }, (_, j) => A[i! * n + j]! * X[j * m + c!]!).reduce((total, value) => total + value, 0),
  );
}

describe.each([1, 2, 3, 5, 7])("%d by %d", (n) => {
  const A = randomArray(n * n, n);
  const rows = Array.from({ length: n }, (_, i) => Array.from(A.subarray(i * n, (i + 1) * n)));

  test("det and logdet", () => {
    const expected = determinant(rows);
    expectClose([det(A, n)], [expected]);
    expectClose([logdet(A, n)], [Math.log(Math.abs(expected))], 1e-12);
  });

  test("inv", () => {
    const identity = indicesOf([n, n]).map(([i, j]) => (i === j ? 1 : 0));
    expectClose(times(A, inv(A, n), n, n), identity, 1e-12);
  });

  test.each([1, 2, 5])("solve with %d columns", (m) => {
    const B = randomArray(n * m, 9);
    expectClose(times(A, solve(A, B, n, m), n, m), B, 1e-12);
    if (m === 1) expect(solve(A, B, n)).toEqual(solve(A, B, n, 1));
  });
});

test("arguments stay as they are", () => {
  const [A, B] = [randomArray(9), randomArray(3, 2)];
  solve(A, B, 3);
  det(A, 3);
  expect([A, B]).toEqual([randomArray(9), randomArray(3, 2)]);
});

test("rows change places where the pivot is zero or small", () => {
  expect(det(Float64Array.of(0, 1, 1, 0), 2)).toBe(-1);
  expect(inv(Float64Array.of(0, 2, 4, 0), 2)).toEqual(Float64Array.of(0, 0.25, 0.5, 0));
  expectClose(solve(Float64Array.of(1e-20, 1, 1, 1), Float64Array.of(1, 2), 2), [1, 1]);
  const smallSecond = Float64Array.of(4, 0, 0, 0, 0, 1e-20, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1);
  expectClose(solve(smallSecond, Float64Array.of(4, 1, 2, 1), 4), [1, 1, 1, 1]);
});

test.each([
  ["zeros", Float64Array.of(0, 0, 0, 0)],
  ["equal rows", Float64Array.of(1, 2, 1, 2)],
  ["a zero column", Float64Array.of(0, 1, 0, 2)],
])("a singular matrix does not throw: %s", (_, A) => {
  expect(det(A, 2) + 0).toBe(0);
  expect(logdet(A, 2)).toBe(-Infinity);
  expect(inv(A, 2).some((value) => !Number.isFinite(value))).toBe(true);
  expect(solve(A, Float64Array.of(1, 3), 2).some((value) => !Number.isFinite(value))).toBe(true);
});

test("NaN flows", () => {
  const A = Float64Array.of(1, 2, NaN, 4);
  expect([det(A, 2), logdet(A, 2)]).toEqual([NaN, NaN]);
});

test("logdet does not overflow", () => {
  const A = Float64Array.from(indicesOf([3, 3]), ([i, j]) => (i === j ? 1e200 : 0));
  expectClose([logdet(A, 3)], [3 * Math.log(1e200)]);
});
