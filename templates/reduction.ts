// Sums, extremes, norms and the softmax family along one axis, which generated files carry along.
// An axis of n values with `inner` values behind each makes x [outer, n, inner]; a line of it starts
// at `start` and takes every step-th value. NaN flows through all of them.

/** The sum of all values. */
export function sum(x: Float64Array): number {
  return sumLine(x, 0, x.length, 1);
}

/** The largest value, NaN if one is NaN. */
export function largest(x: Float64Array): number {
  return largestLine(x, 0, x.length, 1);
}

/** The smallest value, NaN if one is NaN. */
export function smallest(x: Float64Array): number {
  return smallestLine(x, 0, x.length, 1);
}

/** The product of all values. */
export function product(x: Float64Array): number {
  return productLine(x, 0, x.length, 1);
}

/** The Euclidean norm, which overflows or underflows only if the result does. */
export function norm(x: Float64Array): number {
  return normLine(x, 0, x.length, 1);
}

/** Sums along an axis: x [outer, n, inner] to [outer, inner]. */
export function sumAxis(
  x: Float64Array,
  n: number,
  inner: number = 1,
  out: Float64Array = new Float64Array(x.length / n),
): Float64Array {
  if (inner === 1) return reduceLines(x, n, 1, sumLine, out);
  for (let start = 0, to = 0; start < x.length; to += inner) {
    for (let i = 0; i < n; i++, start += inner) {
      for (let j = 0; j < inner; j++) out[to + j] = out[to + j]! + x[start + j]!;
    }
  }
  return out;
}

/** Sums over the first axis: x [rows, n] to [n]. */
export function sumRows(
  x: Float64Array,
  n: number,
  out: Float64Array = new Float64Array(n),
): Float64Array {
  return sumAxis(x, x.length / n, n, out);
}

/** The largest along an axis: x [outer, n, inner] to [outer, inner]. */
export function largestAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
  return reduceLines(x, n, inner, largestLine);
}

/** The smallest along an axis: x [outer, n, inner] to [outer, inner]. */
export function smallestAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
  return reduceLines(x, n, inner, smallestLine);
}

/** Products along an axis: x [outer, n, inner] to [outer, inner]. */
export function productAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
  return reduceLines(x, n, inner, productLine);
}

/** Euclidean norms along an axis: x [outer, n, inner] to [outer, inner]. */
export function normAxis(x: Float64Array, n: number, inner: number = 1): Float64Array {
  return reduceLines(x, n, inner, normLine);
}

/** ln Σ exp along an axis: x [outer, n, inner] to [outer, inner]. */
export function logSumExp(x: Float64Array, n: number, inner: number = 1): Float64Array {
  return reduceLines(x, n, inner, logSumExpLine);
}

/** What `reduce` makes of each line: x [outer, n, inner] to [outer, inner]. */
function reduceLines(
  x: Float64Array,
  n: number,
  inner: number,
  reduce: (x: Float64Array, start: number, n: number, step: number) => number,
  out: Float64Array = new Float64Array(x.length / n),
): Float64Array {
  for (let i = 0; i < out.length; i++)
    out[i] = out[i]! + reduce(x, lineStart(i, n, inner), n, inner);
  return out;
}

/** Where line i of x [outer, n, inner] starts. */
function lineStart(i: number, n: number, inner: number): number {
  const outer = Math.floor(i / inner);
  return outer * n * inner + (i - outer * inner);
}

function sumLine(x: Float64Array, start: number, n: number, step: number): number {
  let total = 0;
  for (let i = 0, at = start; i < n; i++, at += step) total += x[at]!;
  return total;
}

function largestLine(x: Float64Array, start: number, n: number, step: number): number {
  let best = -Infinity;
  for (let i = 0, at = start; i < n; i++, at += step) {
    const value = x[at]!;
    if (value > best || value !== value) best = value;
  }
  return best;
}

function smallestLine(x: Float64Array, start: number, n: number, step: number): number {
  let best = Infinity;
  for (let i = 0, at = start; i < n; i++, at += step) {
    const value = x[at]!;
    if (value < best || value !== value) best = value;
  }
  return best;
}

function productLine(x: Float64Array, start: number, n: number, step: number): number {
  let total = 1;
  for (let i = 0, at = start; i < n; i++, at += step) total *= x[at]!;
  return total;
}

/** The squares are summed as they are, and scaled only when that leaves the range of numbers. */
function normLine(x: Float64Array, start: number, n: number, step: number): number {
  let total = 0;
  for (let i = 0, at = start; i < n; i++, at += step) total += x[at]! * x[at]!;
  if (total > 1e-280 && total < Infinity) return Math.sqrt(total);
  const scale = largestSizeInLine(x, start, n, step);
  if (scale === 0 || !(scale < Infinity)) return scale;
  total = 0;
  for (let i = 0, at = start; i < n; i++, at += step) total += (x[at]! / scale) ** 2;
  return scale * Math.sqrt(total);
}

function largestSizeInLine(x: Float64Array, start: number, n: number, step: number): number {
  return Math.max(largestLine(x, start, n, step), -smallestLine(x, start, n, step));
}

/** −Infinity if all are, Infinity if one is. */
function logSumExpLine(x: Float64Array, start: number, n: number, step: number): number {
  const top = largestLine(x, start, n, step);
  const shift = Math.abs(top) === Infinity ? 0 : top;
  return shift + logOfShiftedSum(x, start, n, step, shift);
}

/** ln Σ exp(x − shift). */
function logOfShiftedSum(
  x: Float64Array,
  start: number,
  n: number,
  step: number,
  shift: number,
): number {
  let total = 0;
  for (let i = 0, at = start; i < n; i++, at += step) total += Math.exp(x[at]! - shift);
  return Math.log(total);
}

/** exp(x) / Σ exp(x) along an axis: x [outer, n, inner]. NaN where a whole line is −Infinity. */
export function softmax(
  x: Float64Array,
  n: number,
  inner: number = 1,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  const line = new Float64Array(n);
  for (let i = 0; i < x.length / n; i++) {
    const start = lineStart(i, n, inner);
    softmaxLine(x, start, n, inner, line);
    for (let j = 0, at = start; j < n; j++, at += inner) out[at] = out[at]! + line[j]!;
  }
  return out;
}

/** Writes the softmax of a line into `line` [n]. */
function softmaxLine(
  x: Float64Array,
  start: number,
  n: number,
  step: number,
  line: Float64Array,
): void {
  const shift = largestLine(x, start, n, step);
  let total = 0;
  for (let j = 0, at = start; j < n; j++, at += step) {
    const value = Math.exp(x[at]! - shift);
    line[j] = value;
    total += value;
  }
  for (let j = 0; j < n; j++) line[j] = line[j]! / total;
}

/** x − ln Σ exp(x) along an axis: x [outer, n, inner]. */
export function logSoftmax(
  x: Float64Array,
  n: number,
  inner: number = 1,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  for (let i = 0; i < x.length / n; i++) {
    const start = lineStart(i, n, inner);
    const shift = largestLine(x, start, n, inner);
    const logSum = logOfShiftedSum(x, start, n, inner, shift);
    for (let j = 0, at = start; j < n; j++, at += inner)
      out[at] = out[at]! + (x[at]! - shift - logSum);
  }
  return out;
}

/** The adjoint of softmax, p (dp − Σ dp p) along the axis, from p = softmax(x) [outer, n, inner]. */
export function softmaxBackward(
  dp: Float64Array,
  p: Float64Array,
  n: number,
  inner: number = 1,
  out: Float64Array = new Float64Array(p.length),
): Float64Array {
  for (let i = 0; i < p.length / n; i++) {
    const start = lineStart(i, n, inner);
    let total = 0;
    for (let j = 0, at = start; j < n; j++, at += inner) total += dp[at]! * p[at]!;
    for (let j = 0, at = start; j < n; j++, at += inner)
      out[at] = out[at]! + p[at]! * (dp[at]! - total);
  }
  return out;
}

/** The adjoint of logSoftmax, dl − exp(l) Σ dl along the axis, from l = logSoftmax(x) [outer, n, inner]. */
export function logSoftmaxBackward(
  dl: Float64Array,
  l: Float64Array,
  n: number,
  inner: number = 1,
  out: Float64Array = new Float64Array(l.length),
): Float64Array {
  for (let i = 0; i < l.length / n; i++) {
    const start = lineStart(i, n, inner);
    const total = sumLine(dl, start, n, inner);
    for (let j = 0, at = start; j < n; j++, at += inner)
      out[at] = out[at]! + (dl[at]! - Math.exp(l[at]!) * total);
  }
  return out;
}

/** −ln softmax(z)[class] of each row: z [rows, n], classes [rows] to [rows]. */
export function crossEntropy(
  z: Float64Array,
  classes: Int32Array,
  n: number,
  out: Float64Array = new Float64Array(classes.length),
): Float64Array {
  for (let r = 0; r < classes.length; r++) {
    const shift = largestLine(z, r * n, n, 1);
    const picked = z[r * n + classes[r]!]!;
    out[r] = out[r]! + (logOfShiftedSum(z, r * n, n, 1, shift) + (shift - picked));
  }
  return out;
}

/** The adjoint of crossEntropy, (softmax(z) − 1 at the class) d[row]: d [rows], z [rows, n]. */
export function crossEntropyBackward(
  d: Float64Array,
  z: Float64Array,
  classes: Int32Array,
  n: number,
  out: Float64Array = new Float64Array(z.length),
): Float64Array {
  const line = new Float64Array(n);
  for (let r = 0; r < classes.length; r++) {
    softmaxLine(z, r * n, n, 1, line);
    line[classes[r]!]! -= 1;
    const factor = d[r]!;
    for (let j = 0, at = r * n; j < n; j++, at++) out[at] = out[at]! + line[j]! * factor;
  }
  return out;
}

/**
 * −Σ target ln softmax(z) of each row: z, targets [rows, n] to [rows]. A target of 0 counts nothing,
 * even where softmax(z) is 0.
 */
export function softmaxCrossEntropy(
  z: Float64Array,
  targets: Float64Array,
  n: number,
  out: Float64Array = new Float64Array(z.length / n),
): Float64Array {
  for (let r = 0; r < out.length; r++) {
    const shift = largestLine(z, r * n, n, 1);
    const logSum = logOfShiftedSum(z, r * n, n, 1, shift);
    let total = 0;
    for (let at = r * n; at < (r + 1) * n; at++) {
      if (targets[at]! !== 0) total += targets[at]! * (logSum + (shift - z[at]!));
    }
    out[r] = out[r]! + total;
  }
  return out;
}

/** The adjoint of softmaxCrossEntropy in z, (softmax(z) Σ targets − targets) d[row]: d [rows]. */
export function softmaxCrossEntropyBackward(
  d: Float64Array,
  z: Float64Array,
  targets: Float64Array,
  n: number,
  out: Float64Array = new Float64Array(z.length),
): Float64Array {
  const line = new Float64Array(n);
  for (let r = 0; r < d.length; r++) {
    softmaxLine(z, r * n, n, 1, line);
    const total = sumLine(targets, r * n, n, 1);
    const factor = d[r]!;
    for (let j = 0, at = r * n; j < n; j++, at++)
      out[at] = out[at]! + (line[j]! * total - targets[at]!) * factor;
  }
  return out;
}
