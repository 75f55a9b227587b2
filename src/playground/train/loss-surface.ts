// The loss over a plane through the parameters: the two directions that span it, its values, and where training passed.
// After Li et al., "Visualizing the loss landscape of neural nets" (2018).

import { createRandom } from "../../verify/prng.ts";
import { normal } from "./data-sets.ts";
import type { Arrays } from "./gradient-flow.ts";
import type { ParameterFacts, PlaneRequest, Range, WeightPlace } from "./messages.ts";
import type { Trail } from "./trail.ts";

export interface Plane {
  readonly origin: Arrays;
  readonly first: Arrays;
  readonly second: Arrays;
  /** What the axes are, in words. */
  readonly axes: readonly [string, string];
}

export function makePlane(request: PlaneRequest, origin: Arrays, parameters: readonly ParameterFacts[], trail: Trail): Plane {
  switch (request.kind) {
    case "random":
      return randomPlane(origin, parameters, request.seed);
    case "weights":
      return weightPlane(origin, request.first, request.second);
    case "path":
      return pathPlane(origin, parameters, trail);
  }
}

/** The plane's loss, row by row, the first direction varying fastest; a row at a time, so that others get a turn. */
export function* surfaceRows(
  plane: Plane,
  bounds: readonly [Range, Range],
  side: number,
  lossAt: (params: Arrays) => number,
): Generator<Float64Array, void, void> {
  for (let row = 0; row < side; row++) {
    const b = alongRange(bounds[1], row, side);
    yield Float64Array.from({ length: side }, (_, column) => lossAt(placeOn(plane, alongRange(bounds[0], column, side), b)));
  }
}

/** The value that stands `index` of `count` along a range, ends included. */
export function alongRange([low, high]: Range, index: number, count: number): number {
  return count === 1 ? (low + high) / 2 : low + ((high - low) * index) / (count - 1);
}

/** origin + a first + b second. */
export function placeOn({ origin, first, second }: Plane, a: number, b: number): Arrays {
  return mapArrays(origin, (values, name) => values.map((value, at) => value + a * first[name]![at]! + b * second[name]![at]!));
}

/** The place on the plane that is nearest to some parameters: least squares over the two directions. */
export function project({ origin, first, second }: Plane, params: Arrays): readonly [number, number] {
  const moved = mapArrays(params, (values, name) => values.map((value, at) => value - origin[name]![at]!));
  const [ff, fs, ss] = [dot(first, first), dot(first, second), dot(second, second)];
  const [mf, ms] = [dot(moved, first), dot(moved, second)];
  const determinant = ff * ss - fs * fs;
  // Directions along one line, or none at all, as from a start that has not been left.
  if (determinant <= 1e-12 * ff * ss) return ff > 0 ? [mf / ff, 0] : [0, 0];
  return [(mf * ss - ms * fs) / determinant, (ms * ff - mf * fs) / determinant];
}

/** Ranges that hold `span` to each side of the origin and all of a path, with room to spare. */
export function boundsOf(span: number, path: readonly (readonly [number, number])[]): readonly [Range, Range] {
  const range = (axis: 0 | 1): Range => {
    const values = path.map((place) => place[axis]).filter(Number.isFinite);
    const low = values.reduce((least, value) => Math.min(least, value), 0);
    const high = values.reduce((most, value) => Math.max(most, value), 0);
    const room = 0.15 * (high - low);
    return [Math.min(-span, low - room), Math.max(span, high + room)];
  };
  return [range(0), range(1)];
}

/** Two random directions, each unit's weights scaled to the length of those they move, so that 1 means "as far as they are from zero". */
function randomPlane(origin: Arrays, parameters: readonly ParameterFacts[], seed: number): Plane {
  const random = createRandom(seed);
  const direction = (): Arrays =>
    mapArrays(origin, (values, name) => {
      const raw = values.map(() => normal(random));
      return scaleUnits(raw, values, unitsOf(parameters.find((parameter) => parameter.name === name)));
    });
  return {
    origin,
    first: withLength(direction()),
    second: withLength(direction()),
    axes: ["along a first random direction", "along a second random direction"],
  };
}

/** Columns of a matrix [inputs, units]; any other array is scaled whole. */
function unitsOf(parameter: ParameterFacts | undefined): number {
  return parameter?.isWeight === true && parameter.shape.length === 2 ? parameter.shape[1]! : 1;
}

function scaleUnits(direction: Float64Array, values: Float64Array, units: number): Float64Array {
  const wanted = new Float64Array(units);
  const found = new Float64Array(units);
  direction.forEach((value, at) => {
    found[at % units]! += value * value;
    wanted[at % units]! += values[at]! * values[at]!;
  });
  return direction.map((value, at) => value * Math.sqrt(wanted[at % units]! / found[at % units]!));
}

/** Parameters that are all zero have no length to scale by: the direction is then 1 everywhere. */
function withLength(direction: Arrays): Arrays {
  return dot(direction, direction) > 0 ? direction : mapArrays(direction, (values) => values.map(() => 1));
}

/** Along two single weights. */
function weightPlane(origin: Arrays, first: WeightPlace, second: WeightPlace): Plane {
  const along = ({ parameter, element }: WeightPlace): Arrays =>
    mapArrays(origin, (values, name) => values.map((_, at) => (name === parameter && at === element ? 1 : 0)));
  const label = ({ parameter, element }: WeightPlace): string => `change of ${parameter}[${element}]`;
  return { origin, first: along(first), second: along(second), axes: [label(first), label(second)] };
}

/** From here back to the start, and across that to where the path strays farthest; where it has no width, a random direction. */
function pathPlane(origin: Arrays, parameters: readonly ParameterFacts[], trail: Trail): Plane {
  const random = randomPlane(origin, parameters, 1);
  const moves = trail.places.map(({ params }) =>
    mapArrays(params, (values, name) => values.map((value, at) => value - origin[name]![at]!)),
  );
  const start = moves[0];
  const length = start === undefined ? 0 : dot(start, start);
  if (start === undefined || length === 0) return random;
  const across = moves.map((move) => addScaled(move, start, -dot(move, start) / length));
  const widest = across.reduce((best, candidate) => (dot(candidate, candidate) > dot(best, best) ? candidate : best));
  const second =
    dot(widest, widest) > 1e-12 * length ? widest : addScaled(random.first, start, -dot(random.first, start) / length);
  const scale = Math.sqrt(length / dot(second, second));
  return {
    origin,
    first: start,
    second: mapArrays(second, (values) => values.map((value) => scale * value)),
    axes: ["from here (0) back to the start (1)", "across, to where the path strayed farthest"],
  };
}

function addScaled(to: Arrays, what: Arrays, factor: number): Arrays {
  return mapArrays(to, (values, name) => values.map((value, at) => value + factor * what[name]![at]!));
}

function mapArrays(arrays: Arrays, change: (values: Float64Array, name: string) => Float64Array): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, change(values, name)]));
}

function dot(a: Arrays, b: Arrays): number {
  let sum = 0;
  for (const [name, values] of Object.entries(a)) for (let at = 0; at < values.length; at++) sum += values[at]! * b[name]![at]!;
  return sum;
}
