// Element by element: what generated files carry along for maps over tensors and for broadcasting.
// Tensors are flat row-major arrays; each kernel adds into `out`, by default fresh zeros.

import { addStrided, broadcastStrides, offsetOf, sizeOf, stridesOf } from "./strides.ts";

/** out[i] += f(x[i]). */
export function map(
  x: ArrayLike<number>,
  f: (x: number) => number,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  const n = x.length;
  for (let i = 0; i < n; i++) out[i] = out[i]! + f(x[i]!);
  return out;
}

/** out[i] += f(a[i], b[i]). */
export function zip(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  f: (a: number, b: number) => number,
  out: Float64Array = new Float64Array(a.length),
): Float64Array {
  const n = a.length;
  for (let i = 0; i < n; i++) out[i] = out[i]! + f(a[i]!, b[i]!);
  return out;
}

/** out[i] += f(a[i], b[i], c[i]). */
export function zip3(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: ArrayLike<number>,
  f: (a: number, b: number, c: number) => number,
  out: Float64Array = new Float64Array(a.length),
): Float64Array {
  const n = a.length;
  for (let i = 0; i < n; i++) out[i] = out[i]! + f(a[i]!, b[i]!, c[i]!);
  return out;
}

/** out[i] += f(a[i], b[i], c[i], d[i]). */
export function zip4(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: ArrayLike<number>,
  d: ArrayLike<number>,
  f: (a: number, b: number, c: number, d: number) => number,
  out: Float64Array = new Float64Array(a.length),
): Float64Array {
  const n = a.length;
  for (let i = 0; i < n; i++) out[i] = out[i]! + f(a[i]!, b[i]!, c[i]!, d[i]!);
  return out;
}

/** out[r, c] += f(a[r, c], b[c]): b has the last axes of a and meets each of its rows. */
export function zipRows(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  f: (a: number, b: number) => number,
  out: Float64Array = new Float64Array(a.length),
): Float64Array {
  const n = a.length;
  const width = b.length;
  for (let start = 0; start < n; start += width) {
    for (let j = 0; j < width; j++) out[start + j] = out[start + j]! + f(a[start + j]!, b[j]!);
  }
  return out;
}

/** out[r, c] += f(a[r, c], b[r]): b has the first axes of a and meets each of its columns. */
export function zipColumns(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  f: (a: number, b: number) => number,
  out: Float64Array = new Float64Array(a.length),
): Float64Array {
  const rows = b.length;
  const width = a.length / rows;
  for (let r = 0; r < rows; r++) {
    const value = b[r]!;
    const end = (r + 1) * width;
    for (let i = r * width; i < end; i++) out[i] = out[i]! + f(a[i]!, value);
  }
  return out;
}

/** out[i] += f(x[i], y[i], ...) over an index i of `shape`, to which operands are stretched (NumPy). */
export function zipBroadcast(
  shape: readonly number[],
  operands: readonly (readonly [x: ArrayLike<number>, shape: readonly number[]])[],
  f: (...values: number[]) => number,
  out: Float64Array = new Float64Array(sizeOf(shape)),
): Float64Array {
  const last = shape.length - 1;
  const width = shape[last] ?? 1;
  const strides = operands.map(([, from]) => broadcastStrides(from, shape));
  const lines = operands.map(([x], k) => ({ x, at: 0, step: strides[k]![last] ?? 0 }));
  const index = shape.map(() => 0);
  for (let to = 0; to < out.length; to += width) {
    zipLines(lines, f, out, to, width);
    let axis = last - 1;
    while (axis >= 0 && index[axis] === shape[axis]! - 1) index[axis--] = 0;
    if (axis >= 0) index[axis]! += 1;
    lines.forEach((line, k) => (line.at = offsetOf(index, strides[k]!)));
  }
  return out;
}

/** Where a broadcast operand is read along the last axis. */
interface BroadcastLine {
  readonly x: ArrayLike<number>;
  at: number;
  readonly step: number;
}

/** The innermost axis of `zipBroadcast`, the usual numbers of operands written out. */
function zipLines(
  lines: readonly BroadcastLine[],
  f: (...values: number[]) => number,
  out: Float64Array,
  to: number,
  width: number,
): void {
  const values = lines.map(() => 0);
  const [a, b, c, d] = lines;
  for (let i = 0; i < width; i++) {
    if (lines.length === 2) out[to + i]! += f(valueAt(a!, i), valueAt(b!, i));
    else if (lines.length === 3) out[to + i]! += f(valueAt(a!, i), valueAt(b!, i), valueAt(c!, i));
    else if (lines.length === 4)
      out[to + i]! += f(valueAt(a!, i), valueAt(b!, i), valueAt(c!, i), valueAt(d!, i));
    else {
      for (let k = 0; k < lines.length; k++) values[k] = valueAt(lines[k]!, i);
      out[to + i]! += f(...values);
    }
  }
}

function valueAt({ x, at, step }: BroadcastLine, i: number): number {
  return x[at + i * step]!;
}

/** out += x, of the same size. */
export function addTo(out: Float64Array, x: ArrayLike<number>): Float64Array {
  const n = x.length;
  for (let i = 0; i < n; i++) out[i] = out[i]! + x[i]!;
  return out;
}

/** n times the value, as a fresh array. */
export function filled(n: number, value: number): Float64Array {
  return new Float64Array(n).fill(value);
}

/** x of shape `from` stretched to the shape `to` (NumPy broadcasting). */
export function broadcast(
  x: Float64Array,
  from: readonly number[],
  to: readonly number[],
  out: Float64Array = new Float64Array(sizeOf(to)),
): Float64Array {
  addStrided(to, x, 0, broadcastStrides(from, to), out, 0, stridesOf(to));
  return out;
}

/**
 * out[o, c, j] += f(a[o, c, j], b[c]) for b of c channels and j below inner: b runs along a middle axis.
 */
export function zipChannels(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  inner: number,
  f: (a: number, b: number) => number,
  out: Float64Array = new Float64Array(a.length),
): Float64Array {
  const n = a.length;
  let c = 0;
  for (let i = 0; i < n;) {
    const v = b[c]!;
    for (const end = i + inner; i < end; i++) out[i] = out[i]! + f(a[i]!, v);
    c = c + 1 === b.length ? 0 : c + 1;
  }
  return out;
}
