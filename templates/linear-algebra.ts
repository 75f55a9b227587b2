// Determinants, inverses and linear systems, which generated files carry along: by LU decomposition
// with partial pivoting (Golub and Van Loan, "Matrix Computations", 3.4). A singular matrix gives
// Infinity or NaN, never an error.

/** P A = L U: both triangles in one array [n, n], without the ones on the diagonal of L. */
interface LuDecomposition {
  readonly factors: Float64Array;
  /** Which row of A each row came from. */
  readonly order: Int32Array;
  /** The determinant of P. */
  readonly sign: number;
}

/** The determinant of A [n, n]. */
export function det(A: Float64Array, n: number): number {
  const { factors, sign } = luDecompose(A, n);
  let value = sign;
  for (let i = 0; i < n; i++) value *= factors[i * n + i]!;
  return value;
}

/** ln |det A| of A [n, n], −Infinity if it is singular. */
export function logdet(A: Float64Array, n: number): number {
  const { factors } = luDecompose(A, n);
  let value = 0;
  for (let i = 0; i < n; i++) value += Math.log(Math.abs(factors[i * n + i]!));
  return value;
}

/** The inverse of A [n, n]. */
export function inv(
  A: Float64Array,
  n: number,
  out: Float64Array = new Float64Array(n * n),
): Float64Array {
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  return solve(A, identity, n, n, out);
}

/** X with A X = B: A [n, n], B [n, m]. */
export function solve(
  A: Float64Array,
  B: Float64Array,
  n: number,
  m: number = 1,
  out: Float64Array = new Float64Array(n * m),
): Float64Array {
  const { factors, order } = luDecompose(A, n);
  const X = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < m; c++) X[i * m + c] = B[order[i]! * m + c]!;
    for (let j = 0; j < i; j++) subtractRow(X, i * m, X, j * m, factors[i * n + j]!, m);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) subtractRow(X, i * m, X, j * m, factors[i * n + j]!, m);
    for (let c = 0; c < m; c++) {
      X[i * m + c]! /= factors[i * n + i]!;
      out[i * m + c]! += X[i * m + c]!;
    }
  }
  return out;
}

/** The decomposition of A [n, n]; the pivot is the largest value left in its column. */
function luDecompose(A: Float64Array, n: number): LuDecomposition {
  const factors = A.slice();
  const order = new Int32Array(n).map((_, row) => row);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    const pivotRow = pivotRowOf(factors, n, k);
    if (pivotRow !== k) {
      swapRows(factors, n, k, pivotRow);
      swapRows(order, 1, k, pivotRow);
      sign = -sign;
    }
    const pivot = factors[k * n + k]!;
    if (pivot === 0) continue; // so is all below
    for (let i = k + 1; i < n; i++) {
      const factor = factors[i * n + k]! / pivot;
      factors[i * n + k] = factor;
      subtractRow(factors, i * n + k + 1, factors, k * n + k + 1, factor, n - k - 1);
    }
  }
  return { factors, order, sign };
}

function pivotRowOf(factors: Float64Array, n: number, k: number): number {
  let best = k;
  for (let i = k + 1; i < n; i++) {
    if (Math.abs(factors[i * n + k]!) > Math.abs(factors[best * n + k]!)) best = i;
  }
  return best;
}

function swapRows(x: Float64Array | Int32Array, width: number, a: number, b: number): void {
  for (let j = 0; j < width; j++) {
    const value = x[a * width + j]!;
    x[a * width + j] = x[b * width + j]!;
    x[b * width + j] = value;
  }
}

/** `count` values of `to` less `factor` times those of `from`. */
function subtractRow(
  to: Float64Array,
  atTo: number,
  from: Float64Array,
  atFrom: number,
  factor: number,
  count: number,
): void {
  for (let j = 0; j < count; j++) to[atTo + j] = to[atTo + j]! - factor * from[atFrom + j]!;
}
