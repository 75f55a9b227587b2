// Second thoughts on a difference, for tensors: before it is called a mistake of the emitted code, it must hold at other steps and at points
// close by, and be larger than the code's own rounding. Then the element that is wrong is looked for.

import { judge, relativeError, type Scale, type Verdict } from "./compare.ts";
import type { Estimate } from "./differences.ts";
import { movedBy, type TensorMeasureOptions, type TensorPlace } from "./tensor-trial.ts";
import type { Direction, Point } from "./tensor-verification.ts";
import { PASSES_BELOW } from "./verification.ts";

/** One number of the emitted code and the way to measure it. */
export interface TensorProbe {
  analytic(point: Point): number;
  estimate(place: TensorPlace, options?: TensorMeasureOptions): Estimate;
  scale(place: TensorPlace): Scale;
}

export interface Judged {
  readonly analytic: number;
  readonly numeric: Estimate;
  readonly verdict: Verdict;
}

const STEP_FACTORS = [0.3, 0.03, 3e-3, 3e-4, 3e-5, 3e-6, 3e-7];
const FEW_STEP_FACTORS = [0.1, 1e-3, 1e-5];
/** With fewer evaluations than these to spend, second thoughts are fewer, or none at other steps. */
const FEW_EVALUATIONS = 500;
const VERY_FEW_EVALUATIONS = 100;
const NEARBY = [1e-2, 1e-4, 1e-6, 1e-8];
/** A relative nudge of a few units in the last place. */
const ULPS = 2 ** -51;

export function judgeProbe(probe: TensorProbe, place: TensorPlace, known?: Estimate): Judged {
  const analytic = probe.analytic(place.point);
  const numeric = known ?? probe.estimate(place);
  return { analytic, numeric, verdict: judge(analytic, numeric, probe.scale(place)) };
}

/** Whether the emitted code is really wrong at `place`, where `first` was found. */
export function isConfirmed(probe: TensorProbe, place: TensorPlace, first: Judged): boolean {
  const closer = place.trial.lookCloser(place);
  if (closer === undefined || judgeProbe(probe, closer).verdict.kind !== "differ") return false;
  if (Number.isFinite(first.analytic)) {
    if (Math.abs(first.analytic - first.numeric.value) <= 20 * spreadOf(probe, place, first.analytic)) return false;
    if (!canSpend(place, VERY_FEW_EVALUATIONS)) return holdsNearby(probe, place);
    if (!holdsAtOtherSteps(probe, closer, first)) return false;
  }
  return holdsNearby(probe, place);
}

/** How much the emitted number jitters when the point moves by units in the last place. */
function spreadOf(probe: TensorProbe, place: TensorPlace, analytic: number): number {
  let spread = 0;
  for (let i = 0; i < 3; i++) {
    const gap = Math.abs(probe.analytic(nudge(place, ULPS)) - analytic);
    if (gap > spread) spread = gap;
  }
  return spread;
}

function holdsAtOtherSteps(probe: TensorProbe, place: TensorPlace, { analytic, numeric }: Judged): boolean {
  let against = 0;
  for (const factor of canSpend(place, FEW_EVALUATIONS) ? STEP_FACTORS : FEW_STEP_FACTORS) {
    const other = probe.estimate(place, { factor, sweeps: 1 });
    const gap = Math.abs(analytic - other.value);
    if (gap <= 10 * other.error && other.error < 0.05 * Math.abs(analytic - numeric.value)) return false;
    if (gap > 10 * other.error && relativeError(analytic, other.value) > PASSES_BELOW) against++;
  }
  return against >= 1;
}

function holdsNearby(probe: TensorProbe, place: TensorPlace): boolean {
  const wanted = canSpend(place, FEW_EVALUATIONS) ? 2 : 1;
  let seen = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    const other = placeNearby(place);
    if (other === undefined) continue;
    const { kind } = judgeProbe(probe, other).verdict;
    if (kind === "agree" || kind === "zero") return false;
    if (kind === "differ" && ++seen === wanted) return true;
  }
  return seen > 0;
}

function canSpend({ trial }: TensorPlace, evaluations: number): boolean {
  return trial.purse.total >= evaluations * trial.tape.cost;
}

/** In the same piece, as far away as that allows. */
export function placeNearby(place: TensorPlace): TensorPlace | undefined {
  for (const size of NEARBY) {
    const point = nudge(place, size);
    if (place.trial.isInPiece(place, point)) return place.trial.placeAt(point);
  }
  return undefined;
}

function nudge({ trial, point, sizes }: TensorPlace, size: number): Point {
  const { random } = trial;
  const direction = trial.inputs.map(({ node }, i) => {
    if (!trial.moving.has(node)) return undefined;
    return point[i]!.data.map((x) => (size < 1e-12 ? Math.abs(x) : sizes[i]!) * random.sign() * random.between(0.5, 1));
  });
  return movedBy(point, size, direction);
}

/** An element of an input. */
export interface Coordinate {
  readonly input: number;
  readonly index: number;
}

/**
 * The element that a difference along a direction comes from, by halving; undefined where it gets lost in the noise, or where the search
 * would cost more than all the rest.
 */
export function findCoordinate(
  place: TensorPlace,
  direction: Direction,
  probeAlong: (direction: Direction) => TensorProbe,
): Coordinate | undefined {
  let support: Coordinate[] = direction.flatMap((way, input) =>
    way === undefined ? [] : [...way.keys()].flatMap((index) => (way[index] === 0 ? [] : [{ input, index }])),
  );
  const { purse } = place.trial;
  while (support.length > 1) {
    if (purse.left() < -purse.total) return undefined;
    const middle = Math.ceil(support.length / 2);
    const halves = [support.slice(0, middle), support.slice(middle)];
    const wrong = halves.find((half) => {
      const probe = probeAlong(restrict(direction, half));
      return judgeProbe(probe, place).verdict.kind === "differ";
    });
    if (wrong === undefined) return undefined;
    support = wrong;
  }
  return support[0];
}

/** The direction on some elements, 0 on the others. */
export function restrict(direction: Direction, support: readonly Coordinate[]): Direction {
  const result = direction.map((): Float64Array | undefined => undefined);
  for (const { input, index } of support) {
    result[input] ??= new Float64Array(direction[input]!.length);
    result[input][index] = direction[input]![index]!;
  }
  return result;
}
