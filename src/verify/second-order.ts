// At one place: the second derivatives against second differences of the reference, and their symmetry.

import type { Probe } from "./confirm.ts";
import type { Estimate } from "./differences.ts";
import { examine } from "./examine.ts";
import { randomDirection, spread, type Check } from "./first-order.ts";
import { readSecond } from "./readings.ts";
import type { Place } from "./trial.ts";

const ALL_PAIRS_UP_TO = 6;
const SAMPLED_PAIRS = 12;

/** Coordinate pairs (all of a few, a sample of many) and two random directions. Says how many pairs it looked at. */
export function checkSecond(check: Check, place: Place): number {
  const count = check.wrt.length;
  const pairs = count <= ALL_PAIRS_UP_TO ? allPairs(count) : samplePairs(check);
  for (const [i, j] of pairs) {
    if (check.trial.left() <= 0) return pairs.length;
    checkPair(check, place, unit(count, i), unit(count, j));
  }
  checkPair(check, place, randomDirection(check, place), randomDirection(check, place));
  checkSymmetry(check, place);
  return pairs.length;
}

function allPairs(count: number): [number, number][] {
  return Array.from({ length: count * count }, (_, at) => [Math.floor(at / count), at % count]);
}

function samplePairs({ trial, wrt }: Check): [number, number][] {
  return Array.from({ length: SAMPLED_PAIRS }, (_, at) => {
    const i = trial.random.below(wrt.length);
    return [i, at % 3 === 0 ? i : trial.random.below(wrt.length)];
  });
}

function unit(length: number, at: number): Float64Array {
  const vector = new Float64Array(length);
  vector[at] = 1;
  return vector;
}

function checkPair(check: Check, place: Place, u: Float64Array, v: Float64Array): void {
  const { trial, record, emitted } = check;
  const [overU, overV] = [spread(check, u), spread(check, v)];
  const probe: Probe = {
    analytic: (point) => readSecond(emitted, point)?.(u, v) ?? NaN,
    estimate: (other, options): Estimate => trial.measureAcross(other, overU, overV, options)[0]!,
    scale: (other) => {
      const steps = trial.usualStep(other.point, overU) * trial.usualStep(other.point, overV);
      return { zero: (1e-10 * Math.abs(other.values[0]!)) / steps, terms: 0 };
    },
  };
  record.note(place, examine(trial, probe, place, "second"));
}

/** uᵀ H v = vᵀ H u. */
function checkSymmetry(check: Check, place: Place): void {
  const second = readSecond(check.emitted, place.point);
  if (second === undefined || place.isExtreme) return;
  const u = randomDirection(check, place);
  const v = randomDirection(check, place);
  const [left, right] = [second(u, v), second(v, u)];
  const size = Math.abs(second(u, u)) + Math.abs(second(v, v)) + Math.abs(left) + Math.abs(right);
  const noise = Math.abs(place.values[0]!) * 1e-10 + 100 * place.noise[0]!;
  if (Number.isFinite(size) && Math.abs(left - right) > 1e-6 * size + noise) check.record.fail(place, "symmetry", left, right);
}
