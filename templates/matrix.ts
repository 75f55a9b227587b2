// Products of matrices and of tensors, which generated files carry along. All of them end in one
// kernel for strided matrices that keeps four by four results in registers.

import { addStrided, sizeOf, stridesOf } from "./strides.ts";

/** out += A B: A [m, k], B [k, n]. */
export function matmul(
  A: Float64Array,
  B: Float64Array,
  m: number,
  k: number,
  n: number,
  out: Float64Array = new Float64Array(m * n),
): Float64Array {
  const a = { across: k, depth: 1 };
  const b = { across: 1, depth: n };
  addProduct(A, 0, B, 0, out, 0, {
    rows: m,
    columns: n,
    depth: k,
    a,
    b,
    out: { row: n, column: 1 },
  });
  return out;
}

/** out += Aᵀ B: A [k, m], B [k, n]. */
export function matmulAt(
  A: Float64Array,
  B: Float64Array,
  k: number,
  m: number,
  n: number,
  out: Float64Array = new Float64Array(m * n),
): Float64Array {
  const a = { across: 1, depth: m };
  const b = { across: 1, depth: n };
  addProduct(A, 0, B, 0, out, 0, {
    rows: m,
    columns: n,
    depth: k,
    a,
    b,
    out: { row: n, column: 1 },
  });
  return out;
}

/** out += A Bᵀ: A [m, k], B [n, k]. */
export function matmulBt(
  A: Float64Array,
  B: Float64Array,
  m: number,
  k: number,
  n: number,
  out: Float64Array = new Float64Array(m * n),
): Float64Array {
  const a = { across: k, depth: 1 };
  const b = { across: k, depth: 1 };
  addProduct(A, 0, B, 0, out, 0, {
    rows: m,
    columns: n,
    depth: k,
    a,
    b,
    out: { row: n, column: 1 },
  });
  return out;
}

/** Σ a[i] b[i]. */
export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/** out[i, j] += a[i] b[j]: a [m], b [n]. */
export function outer(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array = new Float64Array(a.length * b.length),
): Float64Array {
  const n = b.length;
  for (let i = 0; i < a.length; i++) {
    const value = a[i]!;
    for (let j = 0; j < n; j++) out[i * n + j] = out[i * n + j]! + value * b[j]!;
  }
  return out;
}

/** Steps in memory of a matrix in a product: along what is summed over, and across it. */
export interface OperandSteps {
  readonly across: number;
  readonly depth: number;
}

/** Sizes and steps in memory of A [rows, depth], B [depth, columns] and the result [rows, columns]. */
export interface StridedProduct {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly a: OperandSteps;
  readonly b: OperandSteps;
  readonly out: { readonly row: number; readonly column: number };
}

/** out += A B, each starting at an offset: tiles of four by four, then what they leave at the edges. */
export function addProduct(
  A: Float64Array,
  atA: number,
  B: Float64Array,
  atB: number,
  out: Float64Array,
  to: number,
  product: StridedProduct,
): void {
  const { rows, columns, depth, a, b, out: step } = product;
  const lastRows = rows - (rows % 4);
  const lastColumns = columns - (columns % 4);
  for (let j = 0; j < lastColumns; j += 4) {
    const q = atB + j * b.across;
    const r = to + j * step.column;
    for (let i = 0; i < lastRows; i += 4)
      addTile(A, atA + i * a.across, B, q, out, r + i * step.row, product);
    for (let i = lastRows; i < rows; i++)
      addStrip(A, atA + i * a.across, a.depth, B, q, b, depth, out, r + i * step.row, step.column);
  }
  for (let j = lastColumns; j < columns; j++) {
    const q = atB + j * b.across;
    const r = to + j * step.column;
    for (let i = 0; i < lastRows; i += 4)
      addStrip(B, q, b.depth, A, atA + i * a.across, a, depth, out, r + i * step.row, step.row);
    for (let i = lastRows; i < rows; i++)
      out[r + i * step.row]! += dotLines(A, atA + i * a.across, a.depth, B, q, b.depth, depth);
  }
}

/** Four rows by four columns of a product: their sums stay in registers. */
function addTile(
  A: Float64Array,
  atA: number,
  B: Float64Array,
  atB: number,
  out: Float64Array,
  to: number,
  { depth, a, b, out: step }: StridedProduct,
): void {
  // Written out: an array for the sums would live in memory.
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  const aDepth = a.depth;
  const bDepth = b.depth;
  const row1 = a.across;
  const row2 = 2 * a.across;
  const row3 = 3 * a.across;
  const column1 = b.across;
  const column2 = 2 * b.across;
  const column3 = 3 * b.across;
  for (let l = 0, p = atA, q = atB; l < depth; l++, p += aDepth, q += bDepth) {
    const x0 = A[p]!;
    const x1 = A[p + row1]!;
    const x2 = A[p + row2]!;
    const x3 = A[p + row3]!;
    const y0 = B[q]!;
    s00 += x0 * y0;
    s10 += x1 * y0;
    s20 += x2 * y0;
    s30 += x3 * y0;
    const y1 = B[q + column1]!;
    s01 += x0 * y1;
    s11 += x1 * y1;
    s21 += x2 * y1;
    s31 += x3 * y1;
    const y2 = B[q + column2]!;
    s02 += x0 * y2;
    s12 += x1 * y2;
    s22 += x2 * y2;
    s32 += x3 * y2;
    const y3 = B[q + column3]!;
    s03 += x0 * y3;
    s13 += x1 * y3;
    s23 += x2 * y3;
    s33 += x3 * y3;
  }
  addFour(out, to, step.column, s00, s01, s02, s03);
  addFour(out, to + step.row, step.column, s10, s11, s12, s13);
  addFour(out, to + 2 * step.row, step.column, s20, s21, s22, s23);
  addFour(out, to + 3 * step.row, step.column, s30, s31, s32, s33);
}

/** One row of A and four columns of B, or, with the two exchanged, one column of B and four rows of A. */
function addStrip(
  single: Float64Array,
  atSingle: number,
  step: number,
  quad: Float64Array,
  atQuad: number,
  { across, depth: quadStep }: OperandSteps,
  depth: number,
  out: Float64Array,
  to: number,
  outStep: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const second = across;
  const third = 2 * across;
  const fourth = 3 * across;
  for (let l = 0, p = atSingle, q = atQuad; l < depth; l++, p += step, q += quadStep) {
    const x = single[p]!;
    s0 += x * quad[q]!;
    s1 += x * quad[q + second]!;
    s2 += x * quad[q + third]!;
    s3 += x * quad[q + fourth]!;
  }
  addFour(out, to, outStep, s0, s1, s2, s3);
}

/** out += four values, a step apart. */
function addFour(
  out: Float64Array,
  to: number,
  step: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  out[to]! += a;
  out[to + step]! += b;
  out[to + 2 * step]! += c;
  out[to + 3 * step]! += d;
}

/** Σ of products along two lines of `count` values. */
function dotLines(
  a: Float64Array,
  atA: number,
  stepA: number,
  b: Float64Array,
  atB: number,
  stepB: number,
  count: number,
): number {
  let total = 0;
  for (let l = 0, p = atA, q = atB; l < count; l++, p += stepA, q += stepB) total += a[p]! * b[q]!;
  return total;
}

/** An index of a contraction: its size and its steps in memory, 0 where it does not occur. */
interface ContractionAxis {
  readonly size: number;
  readonly a: number;
  readonly b: number;
  readonly out: number;
}

/**
 * Einstein summation of two operands, "ij,jk->ik". The letters of an operand are distinct, and each
 * letter occurs in at least two of the three places.
 */
export function einsum(
  spec: string,
  a: Float64Array,
  shapeA: readonly number[],
  b: Float64Array,
  shapeB: readonly number[],
  out: Float64Array = new Float64Array(contractionSize(spec, shapeA, shapeB)),
): Float64Array {
  const axes = mergeAxes(contractionAxes(spec, shapeA, shapeB));
  const row = longestAxis(axes.filter((axis) => axis.b === 0));
  const column = longestAxis(axes.filter((axis) => axis.a === 0));
  const depth = longestAxis(axes.filter((axis) => axis.out === 0));
  const rest = axes.filter((axis) => axis !== row && axis !== column && axis !== depth);
  addContraction(a, 0, b, 0, out, 0, rest, {
    rows: row.size,
    columns: column.size,
    depth: depth.size,
    a: { across: row.a, depth: depth.a },
    b: { across: column.b, depth: depth.b },
    out: { row: row.out, column: column.out },
  });
  return out;
}

/** Matrix products for all values of the other axes. */
function addContraction(
  a: Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  out: Float64Array,
  to: number,
  rest: readonly ContractionAxis[],
  inner: StridedProduct,
  level: number = 0,
): void {
  const axis = rest[level];
  if (axis === undefined) return addProduct(a, atA, b, atB, out, to, inner);
  for (let i = 0; i < axis.size; i++) {
    const [p, q, r] = [atA + i * axis.a, atB + i * axis.b, to + i * axis.out];
    addContraction(a, p, b, q, out, r, rest, inner, level + 1);
  }
}

/** How many values the result of a contraction has. */
function contractionSize(
  spec: string,
  shapeA: readonly number[],
  shapeB: readonly number[],
): number {
  const axes = contractionAxes(spec, shapeA, shapeB);
  return sizeOf(axes.filter((axis) => axis.out !== 0).map((axis) => axis.size));
}

/** The letters of "ij,jk->ik" as axes. */
function contractionAxes(
  spec: string,
  shapeA: readonly number[],
  shapeB: readonly number[],
): ContractionAxis[] {
  const [left = "", right = "", result = ""] = spec.split(/,|->/);
  const sizeOfLetter = (letter: string): number =>
    shapeA[left.indexOf(letter)] ?? shapeB[right.indexOf(letter)] ?? 1;
  const strides = [left, right, result].map((letters) => stridesOf([...letters].map(sizeOfLetter)));
  return [...new Set(left + right)].map((letter) => ({
    size: sizeOfLetter(letter),
    a: strides[0]![left.indexOf(letter)] ?? 0,
    b: strides[1]![right.indexOf(letter)] ?? 0,
    out: strides[2]![result.indexOf(letter)] ?? 0,
  }));
}

/** Axes that lie behind each other in memory everywhere become one, and those of size 1 are dropped. */
function mergeAxes(axes: readonly ContractionAxis[]): ContractionAxis[] {
  const merged: ContractionAxis[] = [];
  for (const axis of axes) {
    const previous = merged.at(-1);
    if (axis.size === 1) continue;
    if (previous === undefined || !liesBehind(previous, axis)) merged.push(axis);
    else merged[merged.length - 1] = { ...axis, size: previous.size * axis.size };
  }
  return merged;
}

function liesBehind(slow: ContractionAxis, fast: ContractionAxis): boolean {
  return (
    slow.a === fast.a * fast.size &&
    slow.b === fast.b * fast.size &&
    slow.out === fast.out * fast.size
  );
}

/** Of none: one that stays in place. */
function longestAxis(axes: readonly ContractionAxis[]): ContractionAxis {
  let longest: ContractionAxis = { size: 1, a: 0, b: 0, out: 0 };
  for (const axis of axes) if (axis.size > longest.size) longest = axis;
  return longest;
}

/** x with its axes permuted: axis i of the result is axis perm[i] of x. */
export function transpose(
  x: Float64Array,
  shape: readonly number[],
  perm: readonly number[],
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  const strides = stridesOf(shape);
  const sizes = perm.map((axis) => shape[axis]!);
  const steps = perm.map((axis) => strides[axis]!);
  addStrided(sizes, x, 0, steps, out, 0, stridesOf(sizes));
  return out;
}

/** The diagonals of square matrices: x [..., n, n] to [..., n]. */
export function diagonal(
  x: Float64Array,
  n: number,
  out: Float64Array = new Float64Array(x.length / n),
): Float64Array {
  addStrided([x.length / (n * n), n], x, 0, [n * n, n + 1], out, 0, [n, 1]);
  return out;
}

/** Square matrices with these diagonals and zeros beside them: x [..., n] to [..., n, n]. */
export function diagonalEmbed(
  x: Float64Array,
  n: number,
  out: Float64Array = new Float64Array(x.length * n),
): Float64Array {
  addStrided([x.length / n, n], x, 0, [n, 1], out, 0, [n * n, n + 1]);
  return out;
}
