// Verifies one emitted function: chooses the places, spends the budget, and lets nothing pass that was not seen. Shares no code with
// what it checks.

import { createRecord } from "./record.ts";
import { placesBeside } from "./crossings.ts";
import {
  checkCoordinate,
  checkDotProduct,
  checkRandomDirection,
  checkSeed,
  checkValues,
  suspectsAt,
  type Check,
} from "./first-order.ts";
import { seedOf } from "./prng.ts";
import { createSampler, type Sampler } from "./sample.ts";
import { checkSecond } from "./second-order.ts";
import { createTrial, type Place, type Trial } from "./trial.ts";
import type { Verification, VerifySpec } from "./verification.ts";

export const NO_REAL_POINT = "found no point where the function is real; declare a domain";

/** How much to look at. */
interface Plan {
  readonly points: number;
  readonly coordinates: number;
  readonly directions: number;
  readonly tries: number;
  readonly kinks: number;
  /** So many are enough to stop. */
  readonly failures: number;
}

const MOST_COORDINATES = 24;
const DEEPER_ROUNDS = 12;
const CONVINCING = 2;
/** What a derivative costs, in evaluations. */
const PER_DERIVATIVE = 10;

export function verifyFunction(spec: VerifySpec): Verification {
  const { source, emitted, origins } = spec;
  const trial = createTrial(source, spec.seed ?? seedOf(source.name), spec.thoroughness ?? 1);
  const wrt = spec.wrt.map((index) => source.inputs[index]!);
  const record = createRecord(trial, wrt, origins);
  const check: Check = { trial, record, emitted, wrt: spec.wrt };
  const plan = makePlan(trial, wrt.length);
  const sampler = createSampler(trial.tape, source.inputs, trial.random);

  const places = drawPlaces(trial, sampler, plan);
  if (places.length === 0) return { ...record.conclude(), status: "failed", notes: [NO_REAL_POINT], noRealPoint: true };
  const isOver = (): boolean => record.failureCount() >= plan.failures;
  const rotation = createRotation(wrt.length);
  for (const place of places) if (!isOver()) checkPlace(check, place, plan, rotation);
  if (!isOver() && plan.coordinates === wrt.length) lookDeeper(check, sampler, plan, places);
  if (!isOver()) checkKinks(check, plan, places, rotation);
  remarkOnScope(check, places.length);
  return record.conclude();
}

function makePlan(trial: Trial, inputs: number): Plan {
  const { evaluations } = trial;
  const points = clamp(evaluations / 45, 3, 12);
  const perPoint = (0.6 * evaluations) / points / PER_DERIVATIVE;
  const isSmall = inputs <= MOST_COORDINATES && perPoint >= inputs;
  return {
    points,
    coordinates: isSmall ? inputs : Math.min(inputs, clamp(perPoint / 2, 1, 8)),
    directions: isSmall ? 1 : clamp(perPoint / 3, 1, 4),
    tries: clamp(evaluations / 25, 4, 300),
    kinks: clamp(evaluations / 600, 0, 24),
    failures: clamp(evaluations / 300, 2, 5),
  };
}

const clamp = (value: number, low: number, high: number): number => Math.floor(Math.min(high, Math.max(low, value)));

/** Ordinary places first; those at the edge of the number range only where there is nothing else. */
function drawPlaces(trial: Trial, sampler: Sampler, plan: Plan): Place[] {
  const good: Place[] = [];
  const extreme: Place[] = [];
  for (let round = 0; round < 2 * plan.points && good.length < plan.points; round++) {
    const point = sampler.draw(round, plan.tries);
    const place = point && trial.placeAt(point);
    if (place) (place.isExtreme ? extreme : good).push(place);
    else if (good.length === 0 && round >= plan.points) break;
  }
  return good.length >= 3 ? good : [...good, ...extreme].slice(0, plan.points);
}

/** Hands out the coordinates in turn, so that a sample at each place covers many. */
function createRotation(count: number): (howMany: number) => number[] {
  let next = 0;
  const stride = strideOver(count);
  return (howMany) => Array.from({ length: howMany }, () => (stride * next++) % count);
}

/** A step that visits all of `count` before it comes back, near the golden section so that a few are spread. */
function strideOver(count: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b));
  let stride = Math.max(1, Math.round(count * 0.618));
  while (divides(stride, count) > 1) stride++;
  return stride;
}

function checkPlace(check: Check, place: Place, plan: Plan, rotation: (howMany: number) => number[]): void {
  const { record, trial } = check;
  const failuresBefore = record.failureCount();
  checkValues(check, place);
  if (check.wrt.length === 0) {
    if (record.failureCount() === failuresBefore) record.note(place, { kind: "agree", relative: 0 });
    return;
  }
  for (let i = 0; i < plan.directions; i++) checkRandomDirection(check, place);
  const chosen = new Set(rotation(plan.coordinates));
  for (const suspect of suspectsAt(check, place).slice(0, 3)) chosen.add(suspect);
  for (const index of chosen) if (trial.left() > 0) checkCoordinate(check, place, index);
  checkSeed(check, place);
  checkDotProduct(check, place);
  if (check.emitted.mode === "hessian" || check.emitted.mode === "hvp") checkSecond(check, place);
}

/** Functions that saturate are flat at most points: looks for those that show a derivative, near zero and near its constants. */
function lookDeeper(check: Check, sampler: Sampler, plan: Plan, places: Place[]): void {
  const { trial, record, wrt } = check;
  const lacking = (): number[] =>
    wrt.flatMap((input, i) =>
      record.agreements(i) < CONVINCING && trial.tape.positionOf.has(trial.source.inputs[input]!.node) ? [i] : [],
    );
  for (let round = 0; round < DEEPER_ROUNDS && trial.left() > 0.3 * trial.evaluations; round++) {
    const missing = lacking();
    if (missing.length === 0 || record.failureCount() >= plan.failures) return;
    const point = sampler.drawDeeper(round, plan.tries);
    const place = point && trial.placeAt(point);
    if (!place || place.isExtreme) continue;
    places.push(place);
    for (const index of missing) checkCoordinate(check, place, index);
  }
}

/** Looks from both sides of each kink, of a sample of them where there are many. */
function checkKinks(check: Check, plan: Plan, places: readonly Place[], rotation: (howMany: number) => number[]): void {
  const { trial, record } = check;
  const { slots } = trial.kinks;
  const chosen = Math.min(slots.length, plan.kinks);
  for (let i = 0; i < chosen; i++) {
    if (trial.left() <= 0 || record.failureCount() >= plan.failures) return;
    const slot = Math.floor(((i + 0.5) * slots.length) / chosen);
    for (const beside of placesBeside(trial, slot, places)) {
      if (trial.left() > 0) checkPlace(check, beside, plan, rotation);
    }
  }
  if (chosen < slots.length) record.remark(`looked beside ${chosen} of ${slots.length} kinks`);
}

function remarkOnScope({ trial, record }: Check, places: number): void {
  if (trial.left() <= 0) record.remark("the function is large: the check stopped at its budget");
  if (places < 3) record.remark(`found only ${places} points where the function is real`, true);
}
