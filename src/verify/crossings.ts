// Finds points just to the two sides of a kink: bisection between two points in different pieces, after a search for the second one
// where all the samples lie on one side.

import type { Place, Trial } from "./trial.ts";
import { sizeOf } from "./trial.ts";
import { isInside } from "./sample.ts";

/** How far from the kink to look, relative to the size of the inputs. */
export const DISTANCES = [1e-3, 1e-6];

const BISECTIONS = 60;
const PAIRS = 4;
const SEARCH_STEPS = 6;
const SEARCH_INPUTS = 24;

/** Places on both sides of the kink of a slot, at each of the distances; empty where the kink was not met. */
export function placesBeside(trial: Trial, slot: number, places: readonly Place[]): Place[] {
  for (const [p, q] of pairsAcross(trial, slot, places)) {
    const bracket = bisect(trial, slot, p, q);
    if (bracket === undefined) continue;
    const [a, b] = bracket;
    const found = DISTANCES.flatMap((distance) => [
      stepAside(trial, slot, a, p, distance),
      stepAside(trial, slot, b, q, distance),
    ]);
    return found.filter((place) => place !== undefined);
  }
  return [];
}

type Point = Float64Array;

function pairsAcross(trial: Trial, slot: number, places: readonly Place[]): [Point, Point][] {
  const groups = [-1, 0, 1].map((sign) => places.filter((place) => place.piece.signs[slot] === sign));
  const [first, second] = groups.filter((group) => group.length > 0).sort((a, b) => b.length - a.length);
  if (first === undefined) return [];
  if (second === undefined) {
    const found = searchAcross(trial, slot, first);
    return found ? [found] : [];
  }
  return Array.from({ length: PAIRS }, (_, i) => [first[i % first.length]!.point, second[(i + (i >> 1)) % second.length]!.point]);
}

/** Points next to each other, the first in the piece of `p`, the second not; undefined where the sign changes without a kink. */
function bisect(trial: Trial, slot: number, p: Point, q: Point): [Point, Point] | undefined {
  const atP = signAt(trial, slot, p);
  const sizeBefore = Math.abs(trial.kinks.slots[slot]!.read());
  let [a, b] = [p, q];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = between(a, b, 0.5);
    if (middle.every((x, at) => x === a[at] || x === b[at])) break;
    if (signAt(trial, slot, middle) === atP) a = middle;
    else b = middle;
  }
  return isKink(trial, slot, [a, b], sizeBefore) ? [a, b] : undefined;
}

/** A formula that jumps over zero where the op's result does not, as `x - round(x)` at one half, has no kink there. */
function isKink(trial: Trial, slot: number, [a, b]: [Point, Point], sizeBefore: number): boolean {
  const { position, read } = trial.kinks.slots[slot]!;
  const [sizeA, resultA] = (trial.tape.run(a), [Math.abs(read()), trial.tape.values[position]!]);
  const [sizeB, resultB] = (trial.tape.run(b), [Math.abs(read()), trial.tape.values[position]!]);
  const nothing = 1e-6 * Math.max(sizeBefore, 1e-3);
  return sizeA <= nothing || sizeB <= nothing || Math.abs(resultA - resultB) > 1e-6 * Math.max(1, Math.abs(resultA));
}

/** From the edge of a kink back towards `target`, but only a little. */
function stepAside(trial: Trial, slot: number, edge: Point, target: Point, distance: number): Place | undefined {
  const sign = signAt(trial, slot, target);
  let length = 0;
  for (let i = 0; i < edge.length; i++) length = Math.max(length, Math.abs(target[i]! - edge[i]!) / sizeOf(edge[i]!));
  if (length < distance) return undefined;
  const point = between(edge, target, distance / length);
  return signAt(trial, slot, point) === sign ? trial.placeAt(point, 8 * distance) : undefined;
}

function signAt(trial: Trial, slot: number, point: Point): number {
  trial.tape.run(point);
  return trial.kinks.signOf(slot);
}

function between(a: Point, b: Point, t: number): Point {
  return a.map((x, i) => x + (b[i]! - x) * t);
}

/** From the place nearest the kink, Newton's way towards it and as far again. */
function searchAcross(trial: Trial, slot: number, places: readonly Place[]): [Point, Point] | undefined {
  const { read } = trial.kinks.slots[slot]!;
  const formula = (point: Point): number => (trial.tape.run(point), read());
  let from = places[0]!.point;
  for (const place of places) if (Math.abs(formula(place.point)) < Math.abs(formula(from))) from = place.point;
  const sign = Math.sign(formula(from));
  for (let i = 0; i < SEARCH_STEPS && trial.left() > 0; i++) {
    const value = formula(from);
    const slopes = slopesOf(formula, from);
    const steepness = slopes.reduce((sum, slope, at) => sum + (slope * sizeOf(from[at]!)) ** 2, 0);
    if (!(steepness > 0)) return undefined;
    const to = from.map((x, at) => {
      const moved = x - (2 * value * slopes[at]! * sizeOf(x) ** 2) / steepness;
      return isInside(moved, trial.source.inputs[at]!.domain) ? moved : x;
    });
    const reached = formula(to);
    if (Math.sign(reached) === -sign && trial.placeAt(to)) return [from, to];
    if (!(Math.abs(reached) < Math.abs(value))) return undefined;
    from = to;
  }
  return undefined;
}

function slopesOf(formula: (point: Point) => number, point: Point): Float64Array {
  const slopes = new Float64Array(point.length);
  const base = formula(point);
  const stride = Math.max(1, Math.ceil(point.length / SEARCH_INPUTS));
  for (let i = 0; i < point.length; i += stride) {
    const moved = Float64Array.from(point);
    moved[i]! += 1e-5 * sizeOf(point[i]!);
    const slope = (formula(moved) - base) / (moved[i]! - point[i]!);
    if (Number.isFinite(slope)) slopes[i] = slope;
  }
  return slopes;
}
