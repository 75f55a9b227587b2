// Lists of numbers, one for each point: what a line gives, what it should give, and what stands between the two.

import { add, agree, largest, scale } from "./vectors.ts";

/** One list of numbers for each point; undefined where nothing is known there. */
export type PerPoint = readonly (readonly number[] | undefined)[];

export function agreeEverywhere(a: PerPoint, b: PerPoint): boolean {
  let seen = 0;
  for (const [point, first] of a.entries()) {
    const second = b[point];
    if (first === undefined || second === undefined) continue;
    if (!agree(first, second)) return false;
    seen++;
  }
  return seen > 0;
}

export function addAll(a: PerPoint, b: PerPoint): PerPoint {
  return b.map((each, point) => (each === undefined ? undefined : a[point] === undefined ? each : add(each, a[point])));
}

export function zeros(like: PerPoint): PerPoint {
  return like.map((each) => each && each.map(() => 0));
}

/** Per point, the number that `a` is of `b` throughout, as a list of one; undefined where there is no such number. */
export function factorBetween(a: PerPoint, b: PerPoint | undefined): PerPoint | undefined {
  if (b === undefined) return undefined;
  const factors = a.map((each, point) => {
    const other = b[point];
    if (each === undefined || other === undefined || each.length !== other.length) return undefined;
    const at = other.findIndex((value) => Math.abs(value) === largest(other));
    const factor = each[at]! / other[at]!;
    return Number.isFinite(factor) && factor !== 0 && agree(each, scale(other, factor)) ? [factor] : undefined;
  });
  const isMissing = factors.some(
    (each, point) =>
      each === undefined && a[point] !== undefined && b[point] !== undefined && (largest(a[point]) > 0 || largest(b[point]) > 0),
  );
  return isMissing || factors.every((each) => each === undefined) ? undefined : factors;
}

export function negate(values: PerPoint): PerPoint {
  return values.map((each) => each && scale(each, -1));
}

export function isNothing(values: PerPoint): boolean {
  return values.every((each) => each === undefined || largest(each) === 0);
}

export function isUnit(values: PerPoint): boolean {
  return values.every((each) => each === undefined || each.every((value) => close(value, 1)));
}

/** All elements of all points, side by side; undefined where lengths differ. */
export function flatten(...lists: readonly PerPoint[]): [number, number, number][] | undefined {
  const [a, b, c] = lists as [PerPoint, PerPoint, PerPoint];
  const all: [number, number, number][] = [];
  for (const [point, first] of a.entries()) {
    const [second, third] = [b[point], c[point]];
    if (first === undefined || second === undefined || third === undefined) continue;
    if (first.length !== second.length || second.length !== third.length) return undefined;
    first.forEach((value, at) => all.push([value, second[at]!, third[at]!]));
  }
  return all.length === 0 ? undefined : all;
}

export function product(a: PerPoint, b: PerPoint): PerPoint | undefined {
  const result = a.map((each, point) => {
    const other = b[point];
    if (each === undefined || other === undefined) return undefined;
    if (other.length === 1) return scale(each, other[0]!);
    return other.length === each.length ? each.map((value, at) => value * other[at]!) : undefined;
  });
  const isShort = result.some((each, point) => each === undefined && a[point] !== undefined && b[point] !== undefined);
  return isShort || result.every((each) => each === undefined) ? undefined : result;
}

/** Whether a · b is c, and not only because all is nothing. */
export function isProduct(a: PerPoint, b: PerPoint, c: PerPoint): boolean {
  const made = product(a, b);
  return (
    made !== undefined &&
    !isNothing(c) &&
    made.every((each) => each === undefined || each.every(Number.isFinite)) &&
    agreeEverywhere(made, c)
  );
}

export function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b)) + 1e-8;
}
