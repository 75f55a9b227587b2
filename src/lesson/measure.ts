// What is told of a value: a number as it is, of a tensor its size and its elements where they are few.

import type { Tensor } from "../ops/tensor/define.ts";
import type { Measure } from "./types.ts";

const MOST_ELEMENTS = 64;

export function measure({ shape, data }: Tensor): Measure {
  if (shape.length === 0) return data[0]!;
  let [sum, squares, min, max] = [0, 0, Infinity, -Infinity];
  for (const value of data) {
    sum += value;
    squares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return {
    shape,
    norm: Math.sqrt(squares),
    mean: sum / data.length,
    min,
    max,
    elements: Array.from(data.subarray(0, MOST_ELEMENTS)),
  };
}

export function subtract(a: Tensor, b: Tensor): Tensor {
  return { shape: a.shape, data: a.data.map((value, i) => value - b.data[i]!) };
}

export function onesOf(shape: readonly number[]): Tensor {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)).fill(1) };
}
