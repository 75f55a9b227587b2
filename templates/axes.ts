// Reductions that the plain ones of reduction.ts do not cover: over axes that are not neighbours, to a number, of all but one.

import { stridesOf } from "./strides.ts";

/** Sums over the axes whose letters are missing after the arrow: "abc->b" of x [a, b, c] is [b]. */
export function sumTo(
  spec: string,
  x: Float64Array,
  shape: readonly number[],
  out: Float64Array = new Float64Array(keptSize(spec, shape)),
): Float64Array {
  const [letters, kept] = spec.split("->") as [string, string];
  const keptShape = [...kept].map((letter) => shape[letters.indexOf(letter)]!);
  const keptStrides = stridesOf(keptShape);
  const strides = [...letters].map((letter) => keptStrides[kept.indexOf(letter)] ?? 0);
  const position = new Int32Array(shape.length);
  let at = 0;
  for (let i = 0; i < x.length; i++) {
    out[at] = out[at]! + x[i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      position[axis] = position[axis]! + 1;
      if (position[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
  return out;
}

/** How many elements the axes after the arrow have. */
function keptSize(spec: string, shape: readonly number[]): number {
  const [letters, kept] = spec.split("->") as [string, string];
  return [...kept].reduce((size, letter) => size * shape[letters.indexOf(letter)]!, 1);
}

/** ln Σ exp of all elements, shifted by the largest so that nothing overflows. */
export function logSumExpOf(x: Float64Array): number {
  let top = -Infinity;
  for (let i = 0; i < x.length; i++) top = Math.max(top, x[i]!);
  if (!Number.isFinite(top)) return top;
  let total = 0;
  for (let i = 0; i < x.length; i++) total += Math.exp(x[i]! - top);
  return top + Math.log(total);
}

/** For each element of x [outer, n, inner], the product of the others along n. */
export function otherProduct(x: Float64Array, n: number, inner: number): Float64Array {
  const out = new Float64Array(x.length);
  const outer = x.length / (n * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * n * inner + j;
      let before = 1;
      for (let i = 0; i < n; i++) {
        out[start + i * inner] = before;
        before *= x[start + i * inner]!;
      }
      let after = 1;
      for (let i = n - 1; i >= 0; i--) {
        out[start + i * inner] = out[start + i * inner]! * after;
        after *= x[start + i * inner]!;
      }
    }
  }
  return out;
}
