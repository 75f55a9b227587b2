// Reads the emitted code: every mode as a linear map from directions to tangents. Code that throws or answers too little reads as NaN.

import type { EmittedFunction } from "./verification.ts";

/** The derivative at one point, as the emitted code has it. */
export interface Reading {
  /** The values that came along with the derivatives, of every function that was called. */
  readonly values: readonly (readonly number[])[];
  /** One row per output; undefined where the code answers only along directions. */
  readonly rows: readonly (readonly number[])[] | undefined;
  /** The derivative of output `k` along a direction over `wrt`. */
  along(k: number, direction: ArrayLike<number>): number;
  /** The root of the sum of squares of the terms of `along`; 0 where that is not known. */
  termsAlong(k: number, direction: ArrayLike<number>): number;
}

const orNaN = <T>(read: () => T, fallback: T): T => {
  try {
    return read();
  } catch {
    return fallback; // emitted code that throws is as wrong as code that answers NaN
  }
};

export function readValue(emitted: EmittedFunction, point: ArrayLike<number>): readonly number[] {
  return orNaN(() => emitted.value(Array.from(point)), []);
}

/** Undefined where the emitted code has no first derivative to offer. */
export function readFirst(emitted: EmittedFunction, point: ArrayLike<number>, count: number): Reading | undefined {
  const at = Array.from(point);
  const value = readValue(emitted, at);
  const fromRows = (other: readonly number[], rows: readonly (readonly number[])[]): Reading => ({
    values: [value, other],
    rows,
    along: (k, direction) => dot(rows[k] ?? [], direction),
    termsAlong: (k, direction) => rootOfSquares(rows[k] ?? [], direction),
  });
  if (emitted.gradient) {
    const read = orNaN(() => emitted.gradient!(at), { value: [], rows: [] });
    return fromRows(read.value, read.rows);
  }
  if (emitted.backward) return fromRows(value, [orNaN(() => emitted.backward!(at, 1), [])]);
  if (emitted.jvp) return readTangents(emitted, at, value, count);
  if (emitted.hessian) {
    const read = orNaN(() => emitted.hessian!(at), { value: NaN, gradient: [], rows: [] });
    return fromRows([read.value], [read.gradient]);
  }
  if (emitted.hvp) {
    const direction = new Array<number>(count).fill(1);
    const read = orNaN(() => emitted.hvp!(at, direction), { value: NaN, gradient: [], product: [] });
    return fromRows([read.value], [read.gradient]);
  }
  return undefined;
}

function readTangents(emitted: EmittedFunction, at: number[], value: readonly number[], count: number): Reading {
  const read = (direction: ArrayLike<number>) => orNaN(() => emitted.jvp!(at, Array.from(direction)), { value: [], tangent: [] });
  let last: ArrayLike<number> | undefined;
  let tangent: readonly number[] = [];
  return {
    values: [value, read(new Array<number>(count).fill(0)).value],
    rows: undefined,
    termsAlong: () => 0,
    along(k, direction) {
      if (direction !== last) tangent = read(direction).tangent;
      last = direction;
      return tangent[k] ?? NaN;
    },
  };
}

/** uᵀ H v at a point; undefined where the emitted code has no second derivative. */
export function readSecond(
  emitted: EmittedFunction,
  point: ArrayLike<number>,
): ((u: ArrayLike<number>, v: ArrayLike<number>) => number) | undefined {
  const at = Array.from(point);
  if (emitted.hessian) {
    const { rows } = orNaN(() => emitted.hessian!(at), { value: NaN, gradient: [], rows: [] });
    return (u, v) => {
      let sum = 0;
      for (let i = 0; i < u.length; i++) if (u[i] !== 0) sum += u[i]! * dot(rows[i] ?? [], v);
      return sum;
    };
  }
  if (emitted.hvp) {
    const read = (v: ArrayLike<number>): readonly number[] =>
      orNaN(() => emitted.hvp!(at, Array.from(v)), { value: NaN, gradient: [], product: [] }).product;
    return (u, v) => dot(read(v), u);
  }
  return undefined;
}

/** Σ row · direction; a zero of the direction silences even NaN. */
export function dot(row: ArrayLike<number>, direction: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < direction.length; i++) if (direction[i] !== 0) sum += (row[i] ?? NaN) * direction[i]!;
  return sum;
}

function rootOfSquares(row: ArrayLike<number>, direction: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < direction.length; i++) if (direction[i] !== 0) size = Math.hypot(size, (row[i] ?? NaN) * direction[i]!);
  return Number.isFinite(size) ? size : 0;
}
