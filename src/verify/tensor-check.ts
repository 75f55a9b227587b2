// Verifies emitted code over tensors: chooses sizes and places, spends the budget, and lets nothing pass that was not seen. Shares no code
// with what it checks.

import type { Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { NO_REAL_POINT } from "./check.ts";
import { createRandom, seedOf } from "./prng.ts";
import type { Coordinate } from "./tensor-confirm.ts";
import {
  checkCoordinate,
  checkDirection,
  checkDotProduct,
  checkValues,
  directionOver,
  stationAt,
  suspectsAt,
  type Station,
  type TensorCheck,
} from "./tensor-first-order.ts";
import { createTensorRecord } from "./tensor-record.ts";
import { chooseSizes, createTensorSampler, type TensorSampler } from "./tensor-sample.ts";
import { checkSecond } from "./tensor-second-order.ts";
import { createTensorTrial, type Purse, type TensorPlace, type TensorTrial } from "./tensor-trial.ts";
import type { EmittedTensors, TensorVerifySpec } from "./tensor-verification.ts";
import type { Verification } from "./verification.ts";

export type { EmittedTensors };

/** How much to look at. */
interface Plan {
  readonly places: number;
  /** Per place: directions over all inputs, over one input each, single elements. */
  readonly directions: number;
  readonly inputs: number;
  readonly coordinates: number;
}

const NO_SIZES = "found no sizes that all shapes allow";
const BUDGET = 1e9;
const SETTINGS = 3;
const SCALES = 9;
const FEW_COORDINATES = 64;
const MOST_COORDINATES = 160;
/** What a derivative costs, in evaluations. */
const PER_DERIVATIVE = 14;
const DEEPER_ROUNDS = 9;
const ENOUGH_FAILURES = 3;

/** One setting of the sizes: a trial and the points it is tried at. */
interface Bench {
  readonly trial: TensorTrial;
  readonly sampler: TensorSampler;
}

export function verifyTensors(spec: TensorVerifySpec): Verification {
  const purse = createPurse(BUDGET * (spec.thoroughness ?? 1));
  const benches = createBenches(spec, purse);
  const { record, lengths } = createMinutes(spec, benches);
  const [first] = benches;
  if (first === undefined) return { ...record.conclude(), status: "failed", notes: [NO_SIZES], noRealPoint: true };
  const plan = makePlan(purse.total / first.trial.tape.cost, lengths);
  const places = drawPlaces(benches, plan);
  if (places.length === 0) return { ...record.conclude(), status: "failed", notes: [NO_REAL_POINT], noRealPoint: true };

  const check: TensorCheck = { record, emitted: spec.emitted, wrt: spec.wrt };
  const rotation = createRotation(spec.wrt);
  for (const place of places) if (!isOver(check, purse)) checkPlace(check, place, plan, rotation);
  if (!isOver(check, purse)) lookDeeper(check, benches);
  if (purse.left() <= 0) record.remark("the function is large: the check stopped at its budget");
  const verdict = record.conclude();
  const sizes = benches.map(({ trial }) => Object.fromEntries(trial.sizes));
  return first.trial.sizes.size === 0 ? verdict : { ...verdict, sizes };
}

/** One for each setting of the sizes; all draw on one purse and one source of random numbers. */
function createBenches({ name, inputs, wrt, outputs, sizes: given, seed }: TensorVerifySpec, purse: Purse): Bench[] {
  const random = createRandom(seed ?? seedOf(name));
  const nodes = [...inputs.map(({ node }) => node), ...postOrder(outputs)];
  return chooseSizes(nodes, given ?? new Map(), SETTINGS).map((sizes) => ({
    trial: createTensorTrial(inputs, wrt, outputs, sizes, random, purse),
    sampler: createTensorSampler(inputs, outputs, sizes, random),
  }));
}

/** The record, and how many elements each input of `wrt` has where it has most. */
function createMinutes({ inputs, wrt, outputs, origins }: TensorVerifySpec, benches: readonly Bench[]) {
  const needed = new Set<Node>(postOrder(outputs));
  const lengths = wrt.map((index) => Math.max(0, ...benches.map(({ trial }) => trial.sizeOf(inputs[index]!.node))));
  const record = createTensorRecord({
    inputs,
    wrt,
    uses: ({ node }) => needed.has(node),
    slots: benches[0]?.trial.kinks.slots ?? [],
    coordinates: lengths.reduce((sum, length) => sum + length, 0),
    origins,
  });
  return { record, lengths };
}

function isOver({ record }: TensorCheck, purse: Purse): boolean {
  const failures = record.failureCount();
  if (failures > 0 && purse.left() < purse.total / 2) return true;
  return failures >= ENOUGH_FAILURES || (purse.left() <= 0 && record.isTold());
}

function createPurse(total: number): Purse {
  let left = total;
  return { total, spend: (cost) => void (left -= cost), left: () => left };
}

function makePlan(evaluations: number, lengths: readonly number[]): Plan {
  const inputs = lengths.length;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const derivatives = (0.7 * evaluations) / PER_DERIVATIVE;
  const places = inputs === 0 ? clamp(evaluations / 6, 1, 9) : clamp(derivatives / 12, 1, 6);
  const perPlace = derivatives / places - 1;
  return {
    places,
    directions: perPlace > 60 ? 2 : 1,
    inputs: Math.min(inputs, clamp(perPlace / 2, 0, 100)),
    coordinates: clamp(perPlace / 2, 0, total <= FEW_COORDINATES ? total : MOST_COORDINATES / places),
  };
}

const clamp = (value: number, low: number, high: number): number => Math.floor(Math.min(high, Math.max(low, value)));

/** Each setting of the sizes in turn, each place at another scale; scales at which the function is not real are passed over. */
function drawPlaces(benches: readonly Bench[], plan: Plan): TensorPlace[] {
  const places: TensorPlace[] = [];
  for (let round = 0; round < plan.places + 3 * SCALES && places.length < plan.places; round++) {
    const { trial, sampler } = benches[places.length % benches.length]!;
    if (trial.purse.left() <= 0 && round >= SCALES) break;
    const place = trial.placeAt(sampler.draw(round));
    if (place) places.push(place);
  }
  return places;
}

interface Rotation {
  inputs(howMany: number): number[];
  coordinates(place: TensorPlace, howMany: number): Coordinate[];
}

/** Hands out inputs, and elements of each of them, in turn, so that a sample at each place covers many. */
function createRotation(wrt: readonly number[]): Rotation {
  const visits = new Map(wrt.map((input) => [input, 0]));
  let nextInput = 0;
  let nextCoordinate = 0;
  return {
    inputs: (howMany) => Array.from({ length: howMany }, () => wrt[nextInput++ % wrt.length]!),
    coordinates(place, howMany) {
      const found = new Map<string, Coordinate>();
      for (let tried = 0; tried < 4 * howMany * wrt.length && found.size < howMany; tried++) {
        const input = wrt[nextCoordinate++ % wrt.length]!;
        const count = place.point[input]!.data.length;
        const visit = visits.get(input)!;
        if (count === 0) continue;
        visits.set(input, visit + 1);
        const index = (count - 1 + strideOver(count) * visit) % count;
        found.set(`${input}:${index}`, { input, index });
      }
      return [...found.values()];
    },
  };
}

/** A step that visits all of `count` before it comes back, near the golden section so that a few are spread. */
function strideOver(count: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b));
  let stride = Math.max(1, Math.round(count * 0.618));
  while (divides(stride, count) > 1) stride++;
  return stride;
}

function checkPlace(check: TensorCheck, place: TensorPlace, plan: Plan, rotation: Rotation): void {
  const { record, wrt } = check;
  const { purse } = place.trial;
  const station = stationAt(check, place);
  const failuresBefore = record.failureCount();
  checkValues(check, station);
  if (station.ways.length === 0 || wrt.length === 0) {
    if (record.failureCount() === failuresBefore) record.note(place, { kind: "agree", relative: 0 });
    return;
  }
  for (const suspect of suspectsAt(check, station).slice(0, 3)) checkCoordinate(check, station, suspect);
  for (let i = 0; i < plan.directions; i++) checkDirection(check, station, directionOver(place, wrt));
  checkDotProduct(check, station);
  for (const input of rotation.inputs(plan.inputs)) if (purse.left() > 0) checkInput(check, station, input);
  const coordinates = rotation.coordinates(place, plan.coordinates);
  if (check.emitted.hvp || check.emitted.hessian) checkSecond(check, station, pairsOf(coordinates));
  for (const coordinate of coordinates) {
    if (!isOver(check, purse)) checkCoordinate(check, station, coordinate);
  }
}

/** An input of one element is that element. */
function checkInput(check: TensorCheck, station: Station, input: number): void {
  if (station.layout.lengths[input] === 1) checkCoordinate(check, station, { input, index: 0 });
  else checkDirection(check, station, directionOver(station.place, [input]), { input });
}

/** Each with itself and with the next but one. */
function pairsOf(coordinates: readonly Coordinate[]): [Coordinate, Coordinate][] {
  const some = coordinates.slice(0, 8);
  return some.flatMap((coordinate, i): [Coordinate, Coordinate][] => [
    [coordinate, coordinate],
    [coordinate, some[(i + 2) % some.length]!],
  ]);
}

/** Functions that saturate are flat at many points, and some sides of kinks are rare: looks for more at other scales. */
function lookDeeper(check: TensorCheck, benches: readonly Bench[]): void {
  const { record, wrt } = check;
  for (let round = 0; round < DEEPER_ROUNDS; round++) {
    const { trial, sampler } = benches[round % benches.length]!;
    if (trial.purse.left() < 0.1 * trial.purse.total || isOver(check, trial.purse)) return;
    const lacking = wrt.filter((input) => record.agreements(input) === 0);
    const place = trial.placeAt(sampler.draw(round));
    if (place === undefined || (lacking.length === 0 && !record.isNewSide(place))) continue;
    const station = stationAt(check, place);
    checkValues(check, station);
    if (station.ways.length === 0) continue;
    checkDirection(check, station, directionOver(place, wrt));
    for (const input of lacking) if (trial.purse.left() > 0) checkInput(check, station, input);
  }
}
