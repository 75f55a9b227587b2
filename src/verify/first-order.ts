// At one place: the value, the first derivatives along coordinates and random directions, the seed, forward against reverse.

import type { Estimate } from "./differences.ts";
import { nudge, placeNearby, ULPS, type Probe } from "./confirm.ts";
import { examine } from "./examine.ts";
import { dot, readFirst, readValue, type Reading } from "./readings.ts";
import type { Record } from "./record.ts";
import { sizeOf, type Place, type Trial } from "./trial.ts";
import type { EmittedFunction } from "./verification.ts";

export interface Check {
  readonly trial: Trial;
  readonly record: Record;
  readonly emitted: EmittedFunction;
  /** Indices into the source's inputs. */
  readonly wrt: readonly number[];
}

const VALUE_TOLERANCE = 1e-9;
const SEED = 2.5;

/** Compares the values with the reference. Several ways to the same value are checked each. */
export function checkValues(check: Check, place: Place): void {
  const ways = valuesAt(check, place.point);
  for (let way = 0; way < ways.length; way++) {
    for (let k = 0; k < place.values.length; k++) {
      const got = ways[way]![k] ?? NaN;
      if (isSameValue(place, k, got) || !isValueWrong(check, place, k, way)) continue;
      check.record.fail(place, Number.isFinite(got) ? "value" : "nonfinite", place.values[k]!, got);
      return;
    }
  }
}

/** The values as every emitted function gives them. */
function valuesAt({ emitted, wrt }: Check, point: ArrayLike<number>): (readonly number[])[] {
  return [readValue(emitted, point), ...(readFirst(emitted, point, wrt.length)?.values ?? [])];
}

function isSameValue(place: Place, k: number, got: number): boolean {
  const expected = place.values[k]!;
  const allowed = VALUE_TOLERANCE * Math.max(Math.abs(expected), Math.abs(got)) + 50 * place.noise[k]! + 1e-300;
  return Math.abs(got - expected) <= allowed;
}

/** A value that jitters with the last place of its inputs, or is off only at this very point, is not wrong. */
function isValueWrong(check: Check, place: Place, k: number, way: number): boolean {
  const { trial } = check;
  const read = (point: ArrayLike<number>): number => valuesAt(check, point)[way]?.[k] ?? NaN;
  const got = read(place.point);
  if (place.isExtreme && !Number.isFinite(got)) return false;
  const closer = trial.lookCloser(place);
  if (closer === undefined || isSameValue(closer, k, got)) return false;
  let spread = 0;
  for (let i = 0; i < 5; i++) {
    const gap = Math.abs(read(nudge(trial, place.point, ULPS)) - got);
    if (gap > spread) spread = gap;
  }
  if (Math.abs(got - place.values[k]!) <= 20 * spread) return false;
  const other = placeNearby(trial, place);
  return other === undefined || !isSameValue(other, k, read(other.point));
}

/** The derivative with respect to one input of `wrt`, for every output. */
export function checkCoordinate(check: Check, place: Place, index: number): void {
  const direction = new Float64Array(check.wrt.length);
  direction[index] = 1;
  checkDirection(check, place, direction, index);
}

export function checkRandomDirection(check: Check, place: Place): void {
  checkDirection(check, place, randomDirection(check, place));
}

export function randomDirection({ trial, wrt }: Check, place: Place): Float64Array {
  const { random } = trial;
  return Float64Array.from(wrt, (input) => random.sign() * random.between(0.3, 1) * sizeOf(place.point[input]!));
}

function checkDirection(check: Check, place: Place, direction: Float64Array, index?: number): void {
  const { trial, record, emitted, wrt } = check;
  const overAll = spread(check, direction);
  const outputs = place.values.length;
  const estimates = trial.measureAlong(place, overAll);
  const readingAt = rememberingReader(emitted, wrt.length);
  const what = emitted.mode === "jvp" ? "tangent" : "gradient";
  for (let k = 0; k < outputs; k++) {
    const probe: Probe = {
      analytic: (point) => readingAt(point)?.along(k, direction) ?? NaN,
      estimate: (other, options): Estimate =>
        other === place && options === undefined ? estimates[k]! : trial.measureAlong(other, overAll, options)[k]!,
      scale: (other) => ({
        zero: (1e-9 * Math.abs(other.values[k]!)) / trial.usualStep(other.point, overAll),
        terms: index === undefined ? (readingAt(other.point)?.termsAlong(k, direction) ?? 0) : 0,
      }),
    };
    record.note(place, examine(trial, probe, place, what), index);
  }
}

/** A direction over `wrt` as one over all inputs. */
export function spread({ trial, wrt }: Check, direction: ArrayLike<number>): Float64Array {
  const overAll = new Float64Array(trial.source.inputs.length);
  wrt.forEach((input, i) => (overAll[input] = direction[i]!));
  return overAll;
}

function rememberingReader(emitted: EmittedFunction, count: number): (point: ArrayLike<number>) => Reading | undefined {
  let last: { point: ArrayLike<number>; reading: Reading | undefined } | undefined;
  return (point) => {
    if (last?.point !== point) last = { point, reading: readFirst(emitted, point, count) };
    return last.reading;
  };
}

/** The inputs of `wrt` whose derivative is not finite somewhere in the emitted rows: they deserve a look of their own. */
export function suspectsAt(check: Check, place: Place): number[] {
  const rows = readFirst(check.emitted, place.point, check.wrt.length)?.rows ?? [];
  return check.wrt.flatMap((_, i) => (rows.some((row) => !Number.isFinite(row[i])) ? [i] : []));
}

/** The backward pass is linear in its seed. */
export function checkSeed(check: Check, place: Place): void {
  const { emitted, record } = check;
  if (emitted.backward === undefined || place.isExtreme) return;
  const rows = readFirst(emitted, place.point, check.wrt.length)?.rows?.[0];
  if (rows === undefined) return;
  let seeded: readonly number[];
  try {
    seeded = emitted.backward(Array.from(place.point), SEED);
  } catch {
    seeded = []; // reads as NaN below
  }
  const largest = Math.max(0, ...finiteSizes(rows));
  const value = readValue(emitted, place.point)[0] ?? 0;
  for (let i = 0; i < check.wrt.length; i++) {
    const expected = SEED * (rows[i] ?? NaN);
    if (!Number.isFinite(expected)) continue;
    const got = seeded[i] ?? NaN;
    const noise = (1e-13 * Math.abs(value)) / Math.max(1, Math.abs(place.point[check.wrt[i]!] ?? 0)); // what cancellation leaves
    const allowed = VALUE_TOLERANCE * Math.abs(expected) + 1e-12 * largest + noise + 1e-300;
    if (Math.abs(got - expected) <= allowed + 20 * SEED * gradientSpread(check, place, i, rows[i]!)) continue;
    record.fail(place, "seed", expected, got);
    return;
  }
}

/** How much a partial derivative jitters with the last place of the inputs: what is left of it after cancellation is noise. */
function gradientSpread({ trial, emitted, wrt }: Check, place: Place, index: number, there: number): number {
  let spread = 0;
  for (let attempt = 0; attempt < 5; attempt++) {
    const nudged = readFirst(emitted, nudge(trial, place.point, ULPS), wrt.length)?.rows?.[0]?.[index] ?? NaN;
    if (Math.abs(nudged - there) > spread) spread = Math.abs(nudged - there);
  }
  return spread;
}

function finiteSizes(row: readonly number[]): number[] {
  return row.filter(Number.isFinite).map(Math.abs);
}

/** ⟨J v, w⟩ = ⟨v, Jᵀ w⟩, where the emitted code has both sides. */
export function checkDotProduct(check: Check, place: Place): void {
  const { emitted, record, trial } = check;
  if (emitted.jvp === undefined || emitted.gradient === undefined || place.isExtreme) return;
  const rows = readFirst(emitted, place.point, check.wrt.length)!.rows!;
  const v = randomDirection(check, place);
  let tangent: readonly number[];
  try {
    tangent = emitted.jvp(Array.from(place.point), Array.from(v)).tangent;
  } catch {
    tangent = []; // reads as NaN below
  }
  let left = 0;
  let right = 0;
  let size = 0;
  place.values.forEach((_, k) => {
    const weight = trial.random.sign() * trial.random.between(0.3, 1);
    left += weight * (tangent[k] ?? NaN);
    right += weight * dot(rows[k] ?? [], v);
    size += Math.abs(weight) * dot((rows[k] ?? []).map(Math.abs), v.map(Math.abs));
  });
  // Rows that are not finite are the gradient check's business; a tangent that is not, beside rows that are, is wrong.
  if (!Number.isFinite(size) || Math.abs(left - right) <= 1e-6 * size) return;
  record.fail(place, "dot-product", right, left);
}
