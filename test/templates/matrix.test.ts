// Products of matrices and tensors against sums over all indices.

import { describe, expect, test } from "vitest";
import { diagonal, diagonalEmbed, dot, einsum, matmul, matmulAt, matmulBt, outer, transpose } from "../../templates/matrix.ts";
import { expectClose, indicesOf, innerProduct, positionOf, randomArray, sizeOfShape } from "./arrays.ts";

/** Einstein summation, one product at a time. */
function contractNaively(
  spec: string,
  a: Float64Array,
  shapeA: readonly number[],
  b: Float64Array,
  shapeB: readonly number[],
): number[] {
  const [left, right, result] = spec.split(/,|->/).map((letters) => [...letters]) as [string[], string[], string[]];
  const sizes = new Map([...left.map((x, i) => [x, shapeA[i]!] as const), ...right.map((x, i) => [x, shapeB[i]!] as const)]);
  const letters = [...sizes.keys()];
  const shape = result.map((letter) => sizes.get(letter)!);
  const out = Array.from({ length: sizeOfShape(shape) }, () => 0);
  for (const index of indicesOf([...sizes.values()])) {
    const of = (own: readonly string[]): number[] => own.map((letter) => index[letters.indexOf(letter)]!);
    out[positionOf(of(result), shape)]! += a[positionOf(of(left), shapeA)]! * b[positionOf(of(right), shapeB)]!;
  }
  return out;
}

const sizes = [1, 2, 3, 4, 5, 7, 9];

describe.each(sizes)("products with %d rows", (m) => {
  test.each(sizes.flatMap((k) => sizes.map((n) => [k, n] as const)))("of %d products in %d columns", (k, n) => {
    const a = randomArray(m * k);
    const b = randomArray(k * n, 2);
    const expected = contractNaively("ij,jk->ik", a, [m, k], b, [k, n]);
    expectClose(matmul(a, b, m, k, n), expected);
    expectClose(matmulAt(transpose(a, [m, k], [1, 0]), b, k, m, n), expected);
    expectClose(matmulBt(a, transpose(b, [k, n], [1, 0]), m, k, n), expected);
  });
});

test("dot and outer", () => {
  const [a, b] = [randomArray(7), randomArray(7, 2)];
  expect(dot(a, b)).toBeCloseTo(innerProduct(a, b), 14);
  expectClose(outer(a, b.subarray(0, 3)), contractNaively("i,j->ij", a, [7], b.subarray(0, 3), [3]));
});

const contractions: readonly (readonly [spec: string, shapeA: readonly number[], shapeB: readonly number[]])[] = [
  ["i,i->", [5], [5]],
  ["i,j->ij", [3], [5]],
  ["i,j->ji", [3], [5]],
  ["i,->i", [3], []],
  [",->", [], []],
  ["i,i->i", [7], [7]],
  ["ij,ij->", [3, 5], [3, 5]],
  ["ij,ji->", [3, 5], [5, 3]],
  ["ij,ij->ij", [3, 5], [3, 5]],
  ["ij,ji->ij", [3, 5], [5, 3]],
  ["ij,ij->i", [3, 5], [3, 5]],
  ["ij,ij->j", [3, 5], [3, 5]],
  ["i,ij->ij", [3], [3, 5]],
  ["j,ij->ij", [5], [3, 5]],
  ["ij,j->i", [7, 5], [5]],
  ["i,ij->j", [7], [7, 5]],
  ["ij,jk->ik", [5, 7], [7, 6]],
  ["ij,jk->ki", [5, 7], [7, 6]],
  ["ji,kj->ik", [7, 5], [6, 7]],
  ["bij,bjk->bik", [2, 5, 3], [2, 3, 7]],
  ["bij,bkj->bik", [3, 5, 2], [3, 5, 2]],
  ["bij,jk->bik", [3, 5, 2], [2, 7]],
  ["bij,bik->jk", [3, 5, 2], [3, 5, 7]],
  ["bqhd,bkhd->bhqk", [2, 3, 2, 5], [2, 7, 2, 5]],
  ["bhqk,bkhd->bqhd", [2, 2, 3, 7], [2, 7, 2, 5]],
  ["bhqk,bqhd->bkhd", [2, 2, 3, 7], [2, 3, 2, 5]],
  ["btd,dhe->bthe", [2, 3, 4], [4, 2, 5]],
  ["bthe,dhe->btd", [2, 3, 2, 5], [4, 2, 5]],
  ["abcd,cdef->abef", [2, 3, 2, 3], [2, 3, 3, 2]],
  ["abcd,dcef->feab", [2, 3, 2, 3], [3, 2, 3, 2]],
  ["ij,jk->ik", [1, 1], [1, 1]],
  ["ij,jk->ik", [1, 5], [5, 1]],
];

test.each(contractions)("einsum %s of %j and %j", (spec, shapeA, shapeB) => {
  const a = randomArray(sizeOfShape(shapeA));
  const b = randomArray(sizeOfShape(shapeB), 2);
  expectClose(einsum(spec, a, shapeA, b, shapeB), contractNaively(spec, a, shapeA, b, shapeB));
});

test("zero times Infinity is NaN", () => {
  expectClose(matmul(Float64Array.of(0, 1), Float64Array.of(Infinity, 2), 1, 2, 1), [NaN]);
  expectClose(matmul(Float64Array.of(0, NaN), Float64Array.of(1, 2, 3, 4), 1, 2, 2), [NaN, NaN]);
});

test.each([
  [[7], [0]],
  [
    [3, 5],
    [1, 0],
  ],
  [
    [2, 3, 5],
    [2, 0, 1],
  ],
  [
    [2, 3, 5],
    [0, 1, 2],
  ],
  [
    [2, 3, 2, 5],
    [0, 2, 1, 3],
  ],
  [
    [2, 1, 3],
    [1, 2, 0],
  ],
])("transpose %j by %j", (shape, perm) => {
  const x = randomArray(sizeOfShape(shape));
  const expected = new Float64Array(x.length);
  const turned = perm.map((axis) => shape[axis]!);
  for (const index of indicesOf(shape))
    expected[
      positionOf(
        perm.map((axis) => index[axis]!),
        turned,
      )
    ] = x[positionOf(index, shape)]!;
  expect(transpose(x, shape, perm)).toEqual(expected);
});

test("transpose of a scalar", () => expect(transpose(Float64Array.of(3), [], [])).toEqual(Float64Array.of(3)));

test.each([
  [1, 1],
  [1, 3],
  [5, 2],
])("%d diagonals of %d", (batch, n) => {
  const x = randomArray(batch * n * n);
  const expected = indicesOf([batch, n]).map(([b, i]) => x[positionOf([b!, i!, i!], [batch, n, n])]!);
  expectClose(diagonal(x, n), expected);
  const embedded = diagonalEmbed(Float64Array.from(expected), n);
  expectClose(
    embedded,
    indicesOf([batch, n, n]).map(([b, i, j]) => (i === j ? expected[b! * n + i!]! : 0)),
  );
});
