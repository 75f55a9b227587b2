// At one place: second derivatives against second differences of the reference, and their symmetry.

import type { Estimate } from "./differences.ts";
import type { Coordinate, TensorProbe } from "./tensor-confirm.ts";
import { directionOf, directionOver, examineProbe, type Station, type TensorCheck } from "./tensor-first-order.ts";
import { secondWays, type SecondWay } from "./tensor-readings.ts";
import { noiseOf, STEP, weigh } from "./tensor-trial.ts";
import type { Direction } from "./tensor-verification.ts";

/** Directions over all inputs, each input against all, and these pairs of elements. Stops where nothing is left to spend. */
export function checkSecond(check: TensorCheck, station: Station, pairs: readonly (readonly [Coordinate, Coordinate])[]): void {
  const { place } = station;
  const { purse } = place.trial;
  const over = (inputs: readonly number[]): Direction => directionOver(place, inputs);
  for (const way of secondWays(check.emitted, station.layout)) {
    checkPair(check, station, way, over(check.wrt), over(check.wrt));
    checkSymmetry(check, station, way);
    for (const input of check.wrt) if (purse.left() > 0) checkPair(check, station, way, over([input]), over(check.wrt));
    for (const [first, second] of pairs) {
      if (purse.left() > 0) checkPair(check, station, way, directionOf(place, first), directionOf(place, second));
    }
  }
}

function checkPair({ record }: TensorCheck, { place, weights }: Station, way: SecondWay, u: Direction, v: Direction): void {
  const probe: TensorProbe = {
    analytic: (point) => way.across(point, u, v).value,
    estimate: (other, options): Estimate => other.trial.measureAcross(other, u, v, weights, options),
    scale: (other) => ({
      zero: (1e-10 * Math.abs(weigh(other.values, weights))) / (STEP * STEP),
      terms: way.across(other.point, u, v).terms,
    }),
  };
  record.note(
    place,
    examineProbe(place, probe, weights, "second", () => v),
  );
}

/** uᵀ H v = vᵀ H u. */
function checkSymmetry({ record, wrt }: TensorCheck, { place, weights }: Station, way: SecondWay): void {
  const [u, v] = [directionOver(place, wrt), directionOver(place, wrt)];
  const left = way.across(place.point, u, v);
  const right = way.across(place.point, v, u);
  const size = Math.abs(left.value) + Math.abs(right.value) + left.terms + right.terms;
  const noise = 1e-10 * Math.abs(weigh(place.values, weights)) + 100 * noiseOf(place, weights);
  if (Number.isFinite(size) && Math.abs(left.value - right.value) > 1e-6 * size + noise) {
    record.fail(place, "symmetry", left.value, right.value);
  }
}
