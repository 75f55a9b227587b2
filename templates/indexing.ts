// Parts of tensors and what puts them back, which generated files carry along. Indices are taken as
// they are: whoever lets numbers in checks them.

import { addStrided, offsetOf, sizeOf, stridesOf } from "./strides.ts";

/** Every steps-th value from `starts`, `counts` of them along each axis of x [shape]. */
export function slice(
  x: Float64Array,
  shape: readonly number[],
  starts: readonly number[],
  steps: readonly number[],
  counts: readonly number[],
  out: Float64Array = new Float64Array(sizeOf(counts)),
): Float64Array {
  const strides = stridesOf(shape);
  addStrided(
    counts,
    x,
    offsetOf(starts, strides),
    times(steps, strides),
    out,
    0,
    stridesOf(counts),
  );
  return out;
}

/** The adjoint of slice: d [counts] put back into zeros of `shape`. */
export function unslice(
  d: Float64Array,
  shape: readonly number[],
  starts: readonly number[],
  steps: readonly number[],
  counts: readonly number[],
  out: Float64Array = new Float64Array(sizeOf(shape)),
): Float64Array {
  const strides = stridesOf(shape);
  addStrided(
    counts,
    d,
    0,
    stridesOf(counts),
    out,
    offsetOf(starts, strides),
    times(steps, strides),
  );
  return out;
}

function times(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value * b[i]!);
}

/** Tensors [outer, width of each] side by side. */
export function concat(parts: readonly Float64Array[], outer: number): Float64Array {
  const total = parts.reduce((length, part) => length + part.length, 0);
  const out = new Float64Array(total);
  let to = 0;
  for (let row = 0; row < outer; row++) {
    for (const part of parts) {
      const width = part.length / outer;
      for (let at = row * width; at < (row + 1) * width; at++) out[to++] = part[at]!;
    }
  }
  return out;
}

/** Rows of a table: table [rows, width], out [indices, width]. */
export function gather(
  table: Float64Array,
  indices: Int32Array,
  width: number,
  out: Float64Array = new Float64Array(indices.length * width),
): Float64Array {
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * width;
    const to = i * width;
    for (let j = 0; j < width; j++) out[to + j] = out[to + j]! + table[from + j]!;
  }
  return out;
}

/** The adjoint of gather: d [indices, width] summed into the rows of a table [rows, width]. */
export function scatterAdd(
  d: Float64Array,
  indices: Int32Array,
  rows: number,
  width: number,
  out: Float64Array = new Float64Array(rows * width),
): Float64Array {
  for (let i = 0; i < indices.length; i++) {
    const to = indices[i]! * width;
    const from = i * width;
    for (let j = 0; j < width; j++) out[to + j] = out[to + j]! + d[from + j]!;
  }
  return out;
}

/** One value of each row: x [rows, n], indices [rows] to [rows]. */
export function pick(
  x: Float64Array,
  indices: Int32Array,
  n: number,
  out: Float64Array = new Float64Array(indices.length),
): Float64Array {
  for (let i = 0; i < indices.length; i++) out[i] = out[i]! + x[i * n + indices[i]!]!;
  return out;
}

/** The adjoint of pick: d [rows] put at its index in rows of n zeros. */
export function unpick(
  d: Float64Array,
  indices: Int32Array,
  n: number,
  out: Float64Array = new Float64Array(indices.length * n),
): Float64Array {
  for (let i = 0; i < indices.length; i++) out[i * n + indices[i]!]! += d[i]!;
  return out;
}

/** x [..., t, t] where the column is not beyond the row, `fill` elsewhere. */
export function maskCausal(
  x: Float64Array,
  t: number,
  fill: number,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  for (let start = 0; start < x.length; start += t) {
    const row = (start / t) % t;
    for (let j = 0; j < t; j++)
      out[start + j] = out[start + j]! + (j <= row ? x[start + j]! : fill);
  }
  return out;
}
