// At one place: values, first derivatives along directions by every way of the emitted code, forward against reverse.

import type { Tensor } from "../ops/tensor/define.ts";
import { countOf } from "../ops/tensor/reference/indices.ts";
import type { Estimate } from "./differences.ts";
import type { Outcome } from "./record.ts";
import { findCoordinate, isConfirmed, judgeProbe, placeNearby, type Coordinate, type TensorProbe } from "./tensor-confirm.ts";
import { firstWays, readValues, type Layout, type Way } from "./tensor-readings.ts";
import type { About, TensorRecord } from "./tensor-record.ts";
import { noiseOf, STEP, weigh, type TensorPlace, type Weights } from "./tensor-trial.ts";
import type { Direction, EmittedTensors } from "./tensor-verification.ts";
import { FAILS_ABOVE, type FailureKind } from "./verification.ts";

export interface TensorCheck {
  readonly record: TensorRecord;
  readonly emitted: EmittedTensors;
  /** Indices into the inputs. */
  readonly wrt: readonly number[];
}

/** The ways of the emitted code at a place, with the weights that were drawn for it. */
export interface Station {
  readonly place: TensorPlace;
  readonly layout: Layout;
  readonly ways: readonly Way[];
  /** The weights of a scalar output itself; else random ones. */
  readonly weights: Weights;
}

const VALUE_TOLERANCE = 1e-9;
/** A derivative this much smaller than the function is nothing but rounding. */
const NOTHING = 1e-11;

export function stationAt({ emitted, wrt }: TensorCheck, place: TensorPlace): Station {
  const outputs = place.values.map(({ data }) => data.length);
  const layout: Layout = { wrt, inputs: place.point.length, lengths: place.point.map(({ shape }) => countOf(shape)), outputs };
  const isScalar = outputs.length === 1 && outputs[0] === 1;
  const unit = isScalar ? [{ shape: [], data: Float64Array.of(1) }] : undefined;
  const random = randomWeights(place);
  return { place, layout, weights: unit ?? random, ways: firstWays(emitted, layout, unit, random, directionOver(place, wrt)) };
}

function randomWeights({ values, trial: { random } }: TensorPlace): Tensor[] {
  return values.map(({ shape, data }) => ({ shape, data: data.map(() => random.sign() * random.between(0.5, 2.5)) }));
}

/** Random in all elements of these inputs, each at the scale of its input. */
export function directionOver({ point, sizes, trial: { random } }: TensorPlace, inputs: readonly number[]): Direction {
  return point.map(({ data }, i) =>
    inputs.includes(i) ? data.map(() => random.sign() * random.between(0.3, 1) * sizes[i]!) : undefined,
  );
}

export function directionOf({ point, sizes }: TensorPlace, { input, index }: Coordinate): Direction {
  return point.map(({ data }, i) => {
    if (i !== input) return undefined;
    const direction = new Float64Array(data.length);
    direction[index] = sizes[i]!;
    return direction;
  });
}

/** Compares the values, all ways to them, with the reference. */
export function checkValues({ emitted, record }: TensorCheck, { place, layout }: Station): void {
  const ways = readValues(emitted, layout, place.point);
  for (let way = 0; way < ways.length; way++) {
    const wrong = findWrongValue(place, ways[way]!);
    if (wrong === undefined) continue;
    const closer = place.trial.lookCloser(place);
    if (closer === undefined || findWrongValue(closer, ways[way]!) === undefined) continue;
    const other = placeNearby(place);
    if (other && findWrongValue(other, readValues(emitted, layout, other.point)[way]!) === undefined) continue;
    record.fail(place, Number.isFinite(wrong.got) ? "value" : "nonfinite", wrong.expected, wrong.got);
    return;
  }
}

function findWrongValue(place: TensorPlace, got: readonly Float64Array[]) {
  for (let k = 0; k < place.values.length; k++) {
    const expected = place.values[k]!.data;
    for (let i = 0; i < expected.length; i++) {
      const allowed = VALUE_TOLERANCE * Math.max(Math.abs(expected[i]!), Math.abs(got[k]![i]!)) + 1e-300;
      const gap = Math.abs(got[k]![i]! - expected[i]!);
      if (!(gap <= allowed) && !(gap <= allowed + 50 * noiseAt(place, k, i))) return { expected: expected[i]!, got: got[k]![i]! };
    }
  }
  return undefined;
}

function noiseAt({ values, perturbed }: TensorPlace, output: number, i: number): number {
  const value = values[output]!.data[i]!;
  return perturbed.reduce((noise, other) => Math.max(noise, 2 * Math.abs(other[output]!.data[i]! - value)), 0);
}

/** Every way of the emitted code along one direction. */
export function checkDirection(check: TensorCheck, station: Station, direction: Direction, about: About = {}): void {
  const { place, ways } = station;
  if (ways.length === 0) return;
  const estimates = place.trial.measureAlong(
    place,
    direction,
    ways.map(({ weights }) => weights),
  );
  ways.forEach((way, i) => {
    const outcome = examine(station, way, direction, estimates[i]!);
    if (outcome.kind !== "fail" && outcome.kind !== "warn") check.record.note(place, outcome, about);
    else noteWrong(check, station, way, direction, outcome, about);
  });
}

export function checkCoordinate(check: TensorCheck, station: Station, coordinate: Coordinate): void {
  checkDirection(check, station, directionOf(station.place, coordinate), coordinate);
}

/** Elements whose gradient is not finite: they deserve a look of their own. */
export function suspectsAt({ wrt }: TensorCheck, { place, ways }: Station): Coordinate[] {
  const gradients = ways.flatMap((way) => (way.gradients ? [way.gradients(place.point)] : []));
  return wrt.flatMap((input, k) => {
    const index = gradients.map((each) => each[k]!.findIndex((x) => !Number.isFinite(x))).find((found) => found >= 0);
    return index === undefined ? [] : [{ input, index }];
  });
}

/** A direction that is wrong is traced to an element that is; what is small beside all of them may be large there. */
function noteWrong(
  { record }: TensorCheck,
  station: Station,
  way: Way,
  direction: Direction,
  outcome: Outcome,
  about: About,
): void {
  const { place } = station;
  if (about.index !== undefined) return record.note(place, outcome, about);
  const found = findCoordinate(place, direction, (along) => probeOf(way, along));
  const single = found && examine(station, way, directionOf(place, found));
  if (single?.kind === "fail") return record.note(place, single, found);
  record.note(place, outcome, about);
}

function probeOf(way: Way, direction: Direction): TensorProbe {
  return {
    analytic: (point) => way.along(point, direction).value,
    estimate: (place, options): Estimate => place.trial.measureAlong(place, direction, [way.weights], options)[0]!,
    scale: (place) => ({
      zero: (1e-9 * Math.abs(weigh(place.values, way.weights))) / STEP,
      terms: way.along(place.point, direction).terms,
    }),
  };
}

function examine(station: Station, way: Way, direction: Direction, known?: Estimate): Outcome {
  return examineProbe(station.place, probeOf(way, direction), way.weights, way.what, () => direction, known);
}

/** Takes one number of the emitted code, measures what it should be, and says what to make of the two. */
export function examineProbe(
  place: TensorPlace,
  probe: TensorProbe,
  weights: Weights,
  what: FailureKind,
  along: () => Direction,
  known?: Estimate,
): Outcome {
  const judged = judgeProbe(probe, place, known);
  const { analytic, numeric, verdict } = judged;
  const size = Math.abs(weigh(place.values, weights));
  if (verdict.kind === "zero") return { ...verdict, isNothing: Math.abs(analytic) <= NOTHING * size };
  if (verdict.kind !== "differ") return verdict;
  if (noiseOf(place, weights) > 1e-3 * size || !isConfirmed(probe, place, judged)) {
    const isNothing = Math.abs(analytic) <= NOTHING * size;
    return isNothing ? { kind: "zero", isExact: analytic === 0, isNothing } : { kind: "unclear" };
  }
  if (place.trial.keepsTies(place, along())) return { kind: "convention" };
  if (verdict.relative < FAILS_ABOVE) return { kind: "warn", relative: verdict.relative };
  return {
    kind: "fail",
    what: Number.isFinite(analytic) ? what : "nonfinite",
    expected: numeric.value,
    got: analytic,
    relative: verdict.relative,
  };
}

/** ⟨J v, w⟩ = ⟨v, Jᵀ w⟩, where the emitted code has both sides. */
export function checkDotProduct({ emitted, record, wrt }: TensorCheck, { place, layout, ways, weights }: Station): void {
  const reverse = ways.find((way) => way.gradients !== undefined && (way.weights === weights || way.what !== "seed"));
  if (emitted.jvp === undefined || reverse === undefined) return;
  const direction = directionOver(place, wrt);
  const right = reverse.along(place.point, direction);
  const forward = firstWays({ jvp: emitted.jvp }, layout, undefined, reverse.weights, direction)[0]!;
  const left = forward.along(place.point, direction).value;
  // Rows that are not finite are the gradient check's business; a tangent that is not, beside rows that are, is wrong.
  if (!Number.isFinite(right.value)) return;
  const size = Math.abs(right.value) + right.terms;
  if (Math.abs(left - right.value) <= 1e-6 * size + 100 * noiseOf(place, reverse.weights)) return;
  record.fail(place, "dot-product", right.value, left);
}
