// Second thoughts: before a difference is called a mistake of the emitted code, it must hold at other steps and at points close by, and
// be larger than the code's own rounding. A wrong formula is wrong on open sets; corners and noise are not.

import { judge, relativeError, type Scale, type Verdict } from "./compare.ts";
import type { Estimate } from "./differences.ts";
import { sizeOf, type MeasureOptions, type Place, type Trial } from "./trial.ts";
import { PASSES_BELOW } from "./verification.ts";

/** One number of the emitted code and the way to measure it. */
export interface Probe {
  analytic(point: ArrayLike<number>): number;
  estimate(place: Place, options?: MeasureOptions): Estimate;
  scale(place: Place): Scale;
}

const STEP_FACTORS = [0.3, 0.1, 0.03, 0.01, 3e-3, 3e-4, 3e-5, 3e-6, 3e-7, 3e-8];
const STEP_FACTORS_OF_LARGE = [0.3, 3e-3, 3e-5, 3e-7];
/** `Scale.zero` is this part of the function's size over the usual step; a step changed by its inverse is the usual one. */
const ZERO_SCALE = 1e-7;
const FEW_EVALUATIONS = 2000;
/** Steps below this part of the usual one drown in noise where the usual one does not. */
const FINE = 1e-3;
/** A relative nudge of a few units in the last place. */
export const ULPS = 2 ** -51;

/** Whether the emitted code is really wrong at `place`, where its number is `analytic` and `first` was measured. */
export function isConfirmed(trial: Trial, probe: Probe, place: Place, analytic: number, first: Estimate): boolean {
  const closer = trial.lookCloser(place);
  if (closer === undefined || judge(analytic, probe.estimate(closer), probe.scale(closer)).kind !== "differ") {
    return false;
  }
  if (Number.isFinite(analytic)) {
    if (Math.abs(analytic - first.value) <= 20 * spreadOf(trial, probe, place, analytic)) return false;
    if (!holdsAtOtherSteps(trial, probe, place, analytic, first)) return false;
  }
  return holdsNearby(trial, probe, place);
}

/** How much the emitted number jitters when the point moves by units in the last place. */
function spreadOf(trial: Trial, probe: Probe, place: Place, analytic: number): number {
  let spread = 0;
  for (let i = 0; i < 5; i++) {
    const gap = Math.abs(probe.analytic(nudge(trial, place.point, ULPS)) - analytic);
    if (gap > spread) spread = gap;
  }
  return spread;
}

function holdsAtOtherSteps(trial: Trial, probe: Probe, place: Place, analytic: number, first: Estimate): boolean {
  let against = 0;
  const factors = trial.evaluations < FEW_EVALUATIONS ? STEP_FACTORS_OF_LARGE : STEP_FACTORS;
  const suiting = factorSuiting(probe, place, analytic);
  for (const factor of [...factors, suiting]) {
    const other = probe.estimate(place, { factor, sweeps: 1 });
    const gap = Math.abs(analytic - other.value);
    // Under noise a fast oscillation looks flat at large steps: differences that contradict each other prove nothing.
    if (factor >= FINE && Math.abs(other.value - first.value) > 1.2 * (other.error + first.error) && gap <= 3 * other.error)
      return false;
    // A steep slope shows only at small steps; where those cannot tell, large ones have no say.
    if (factor === suiting && suiting < 0.1 && Number.isFinite(other.error) && gap <= 10 * other.error) return false;
    if (gap <= 10 * other.error && other.error < 0.05 * Math.abs(analytic - first.value)) return false;
    if (gap > 10 * other.error && relativeError(analytic, other.value) > PASSES_BELOW) against++;
  }
  return against >= 2;
}

/** Were the emitted number right, the function would change by about a hundredth of itself over a step of this size. */
function factorSuiting(probe: Probe, place: Place, analytic: number): number {
  const change = probe.scale(place).zero / ZERO_SCALE / Math.abs(analytic);
  return Math.min(1, Math.max(1e-25, change / place.reach));
}

function holdsNearby(trial: Trial, probe: Probe, place: Place): boolean {
  let seen = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    const other = placeNearby(trial, place);
    if (other === undefined) continue;
    const verdict = judgeProbe(probe, other).verdict;
    if (verdict.kind === "agree" || verdict.kind === "zero") return false;
    if (verdict.kind === "differ" && ++seen === 2) return true;
  }
  return seen > 0;
}

export function judgeProbe(probe: Probe, place: Place): { analytic: number; numeric: Estimate; verdict: Verdict } {
  const analytic = probe.analytic(place.point);
  const numeric = probe.estimate(place);
  return { analytic, numeric, verdict: judge(analytic, numeric, probe.scale(place)) };
}

/** A place in the same piece, as far away as that allows. */
export function placeNearby(trial: Trial, place: Place): Place | undefined {
  for (let size = 1e-3 * Math.min(1, place.reach); size >= 1e-9; size /= 10) {
    const other = trial.placeAt(nudge(trial, place.point, size), place.reach);
    if (other === undefined || other.isExtreme !== place.isExtreme) continue;
    trial.tape.run(other.point);
    if (trial.kinks.isIn(place.piece)) return other;
  }
  return undefined;
}

export function nudge(trial: Trial, point: ArrayLike<number>, size: number): Float64Array {
  return Float64Array.from(point, (x) => {
    const moved = size < 1e-12 ? Math.abs(x) : sizeOf(x);
    return x + moved * size * trial.random.sign() * trial.random.between(0.5, 1);
  });
}
