// What products of tensors mean: Einstein's sum, and elimination for determinants and linear systems.

import type { Tensor } from "../define.ts";
import { positionsOf, stridesOf, type Evaluate } from "./indices.ts";

export const contract: Evaluate = ([a, b], attrs) => {
  const [left, right, out] = (attrs["spec"] as string).split(/,|->/) as [string, string, string];
  const sizes = new Map([...left].map((letter, axis) => [letter, a!.shape[axis]!]));
  [...right].forEach((letter, axis) => sizes.set(letter, b!.shape[axis]!));
  const summed = [...sizes.keys()].filter((letter) => !out.includes(letter));
  const walk = (letters: string, x: Tensor) => ({
    outer: positionsOfLetters([...out], letters, x, sizes),
    inner: positionsOfLetters(summed, letters, x, sizes),
  });
  const [inA, inB] = [walk(left, a!), walk(right, b!)];
  const data = new Float64Array(inA.outer.length);
  for (let i = 0; i < data.length; i++) {
    const startA = inA.outer[i]!;
    const startB = inB.outer[i]!;
    let sum = 0;
    for (let s = 0; s < inA.inner.length; s++) sum += a!.data[startA + inA.inner[s]!]! * b!.data[startB + inB.inner[s]!]!;
    data[i] = sum;
  }
  return { shape: [...out].map((letter) => sizes.get(letter)!), data };
};

export const det: Evaluate = ([a]) => {
  const { pivots, sign } = eliminate(a!, identity(a!.shape[0]!));
  return scalar(pivots.reduce((product, pivot) => product * pivot, sign));
};

export const logdet: Evaluate = ([a]) => {
  const { pivots } = eliminate(a!, identity(a!.shape[0]!));
  return scalar(pivots.reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0));
};

export const inv: Evaluate = ([a]) => eliminate(a!, identity(a!.shape[0]!)).solution;

export const solve: Evaluate = ([a, b]) => eliminate(a!, b!).solution;

/** Positions in `x`, whose axes are `own`, while the indices named by `letters` run through all their values. */
function positionsOfLetters(letters: readonly string[], own: string, x: Tensor, sizes: ReadonlyMap<string, number>): Int32Array {
  const strides = stridesOf(x.shape);
  return positionsOf(
    letters.map((letter) => sizes.get(letter)!),
    letters.map((letter) => strides[own.indexOf(letter)] ?? 0),
  );
}

/** Gauss and Jordan, with the largest pivot of each column: `a` becomes the identity, `b` the solution. */
function eliminate(a: Tensor, b: Tensor): { readonly solution: Tensor; readonly pivots: number[]; readonly sign: number } {
  const left = rowsOf(a);
  const right = rowsOf(b);
  const pivots: number[] = [];
  let sign = 1;
  for (let column = 0; column < left.length; column++) {
    const best = rowOfPivot(left, column);
    if (best !== column) sign = -sign;
    for (const rows of [left, right]) [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivot = left[column]![column]!;
    pivots.push(pivot);
    for (const rows of [left, right]) rows[column] = rows[column]!.map((value) => value / pivot);
    for (let row = 0; row < left.length; row++) {
      if (row === column) continue;
      const factor = left[row]![column]!;
      for (const rows of [left, right]) rows[row] = rows[row]!.map((value, i) => value - factor * rows[column]![i]!);
    }
  }
  return { solution: { shape: b.shape, data: Float64Array.from(right.flatMap((row) => [...row])) }, pivots, sign };
}

function rowOfPivot(rows: readonly Float64Array[], column: number): number {
  let best = column;
  for (let row = column + 1; row < rows.length; row++) {
    if (Math.abs(rows[row]![column]!) > Math.abs(rows[best]![column]!)) best = row;
  }
  return best;
}

function rowsOf({ shape, data }: Tensor): Float64Array[] {
  const rows = shape[0]!;
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width));
}

function identity(size: number): Tensor {
  const data = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  return { shape: [size, size], data };
}

function scalar(value: number): Tensor {
  return { shape: [], data: Float64Array.of(value) };
}
