// What the fused losses mean, row by row.

import type { Tensor } from "../define.ts";
import { zeros, type Evaluate } from "./indices.ts";
import { logSumExpOf, softmaxOf, total } from "./reduction.ts";

export const crossEntropy: Evaluate = ([z, classes]) => {
  const losses = rowsOf(z!).map((row, i) => logSumExpOf(row) - row[classes!.data[i]!]!);
  return { shape: classes!.shape, data: Float64Array.from(losses) };
};

export const crossEntropyBackward: Evaluate = ([d, z, classes]) =>
  mapRows(z!, (row, i) => softmaxOf(row).map((p, j) => (p - (j === classes!.data[i] ? 1 : 0)) * d!.data[i]!));

/** A target of 0 counts nothing, even where the softmax is 0. */
export const softmaxCrossEntropy: Evaluate = ([z, targets]) => {
  const expected = rowsOf(targets!);
  const losses = rowsOf(z!).map((row, i) => {
    const all = logSumExpOf(row);
    return total(row.map((logit, j) => (expected[i]![j] === 0 ? 0 : expected[i]![j]! * (all - logit))));
  });
  return { shape: z!.shape.slice(0, -1), data: Float64Array.from(losses) };
};

export const softmaxCrossEntropyBackward: Evaluate = ([d, z, targets]) => {
  const expected = rowsOf(targets!);
  return mapRows(z!, (row, i) => {
    const weight = total(expected[i]!);
    return softmaxOf(row).map((p, j) => (p * weight - expected[i]![j]!) * d!.data[i]!);
  });
};

function rowsOf({ shape, data }: Tensor): Float64Array[] {
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) => data.slice(row * width, (row + 1) * width));
}

function mapRows(x: Tensor, map: (row: Float64Array, i: number) => Float64Array): Tensor {
  const result = zeros(x.shape);
  rowsOf(x).forEach((row, i) => result.data.set(map(row, i), i * row.length));
  return result;
}
