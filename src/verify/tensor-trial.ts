// The bench on which a function over tensors is tried, its sizes fixed: its tape, its kinks, and numerical derivatives at a place. Knows
// nothing of emitted code.

import type { FunctionInput } from "../frontends/source.ts";
import type { Sizes } from "../ir/dims.ts";
import type { InputNode, Node } from "../ir/graph.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { countOf } from "../ops/tensor/reference/indices.ts";
import { differentiateLine, differentiatePlane, type Estimate } from "./differences.ts";
import type { Random } from "./prng.ts";
import { isInside } from "./sample.ts";
import { compileTensorTape, evaluateShape, type TensorTape } from "./tensor-evaluate.ts";
import { compileTensorKinks, type TensorKinks, type TensorPiece } from "./tensor-kinks.ts";
import type { Direction, Point } from "./tensor-verification.ts";

/** What a derivative is taken of: the sum of all elements of the outputs, each times its weight. */
export type Weights = readonly Tensor[];

/** A point where the function is real, and what is known of the function there. */
export interface TensorPlace {
  readonly trial: TensorTrial;
  readonly point: Point;
  readonly values: readonly Tensor[];
  /** The values again, with their roundings thrown the other way. */
  readonly perturbed: readonly (readonly Tensor[])[];
  readonly piece: TensorPiece;
  /** The typical size of each input: what a step is measured by. */
  readonly sizes: Float64Array;
}

export interface TensorMeasureOptions {
  /** Shrinks the first step. */
  readonly factor?: number;
  readonly sweeps?: number;
}

/** What is left to spend, in about nanoseconds of evaluation. */
export interface Purse {
  readonly total: number;
  spend(cost: number): void;
  left(): number;
}

export interface TensorTrial {
  readonly sizes: Sizes;
  readonly inputs: readonly FunctionInput[];
  readonly tape: TensorTape;
  readonly kinks: TensorKinks;
  readonly random: Random;
  readonly purse: Purse;
  /** The inputs that differences may move. */
  readonly moving: ReadonlySet<Node>;
  /** How many elements an input has. */
  sizeOf(node: InputNode): number;
  /** Undefined where the function is not real, or too large or small for a gradient to be. */
  placeAt(point: Point): TensorPlace | undefined;
  /** The same place with its noise looked at more closely; undefined where rounding may leave the real numbers. */
  lookCloser(place: TensorPlace): TensorPlace | undefined;
  /** Whether a point close by is in the same piece, and real. */
  isInPiece(place: TensorPlace, point: Point): boolean;
  /** Derivatives along a direction, one for each of the weights. */
  measureAlong(place: TensorPlace, direction: Direction, weights: readonly Weights[], options?: TensorMeasureOptions): Estimate[];
  /** The second derivative along two directions. */
  measureAcross(place: TensorPlace, u: Direction, v: Direction, weights: Weights, options?: TensorMeasureOptions): Estimate;
  /** Whether along the direction several arguments of a max or min stay equal while they change. */
  keepsTies(place: TensorPlace, direction: Direction): boolean;
}

export const STEP = 0.1;
const PERTURBED_RUNS = 3;
const MANY_PERTURBED_RUNS = 12;
/** Beyond these, a square on the way of a correct gradient overflows or vanishes. */
const HUGE = 1e120;
/** To move an element, as far as a tape does not count it. */
const MOVE_COST = 3;
const SWEEPS = 4;
const FEW_EVALUATIONS = 100;

export function createTensorTrial(
  inputs: readonly FunctionInput[],
  wrt: readonly number[],
  outputs: readonly Node[],
  sizes: Sizes,
  random: Random,
  purse: Purse,
): TensorTrial {
  const tape = compileTensorTape(outputs, sizes);
  const moving = new Set<Node>(wrt.map((index) => inputs[index]!.node));
  const kinks = compileTensorKinks(tape, outputs, moving, sizes);
  const known = new Map<InputNode, Tensor>();
  const isLarge = purse.total < FEW_EVALUATIONS * tape.cost;
  let learned = Infinity; // the step that a difference could be started with, as a part of the usual one

  const trial: TensorTrial = {
    sizes,
    inputs,
    tape,
    kinks,
    random,
    purse,
    moving,
    sizeOf: (node) => countOf(evaluateShape(node.type.shape, sizes)),
    placeAt(point) {
      const values = evaluate(point);
      if (!isReal(values) || isExtreme()) return undefined;
      const piece = kinks.capture();
      // The more kinks there are, the nearer is the next one.
      if (learned === Infinity) learned = 10 / piece.reduce((count, codes) => count + codes.length, 10);
      const perturbed = runPerturbed(point, isLarge ? 1 : PERTURBED_RUNS);
      return { trial, point, values, perturbed, piece, sizes: sizesOf(point) };
    },
    lookCloser(place) {
      const perturbed = runPerturbed(place.point, isLarge ? PERTURBED_RUNS : MANY_PERTURBED_RUNS);
      return perturbed.every(isReal) ? { ...place, perturbed } : undefined;
    },
    isInPiece: (place, point) => look(place, point) !== undefined,
    measureAlong(place, direction, weights, options = {}) {
      if (!reaches(direction)) return weights.map(() => ({ value: 0, error: 0 }));
      const line = (t: number): Float64Array | undefined => {
        const values = look(place, movedBy(place.point, t, direction));
        return values && Float64Array.from(weights, (each) => weigh(values, each));
      };
      return differentiateLine(line, stepOptions(place, weights, options));
    },
    measureAcross(place, u, v, weights, options = {}) {
      if (!reaches(u) || !reaches(v)) return { value: 0, error: 0 };
      const plane = (s: number, t: number): number[] | undefined => {
        const values = look(place, movedBy(movedBy(place.point, s, u), t, v));
        return values && [weigh(values, weights)];
      };
      return differentiatePlane(plane, stepOptions(place, [weights], options))[0]!;
    },
    keepsTies(place, direction) {
      evaluate(place.point);
      const before = kinks.readTies(place.piece);
      for (let step = STEP; step > 1e-10; step /= 8) {
        if (look(place, movedBy(place.point, step, direction)) === undefined) continue;
        return kinks.readTies(place.piece).some((value, i) => value !== before[i]);
      }
      return false;
    },
  };
  return trial;

  /** Runs again only what depends on inputs that are not the same tensors as last time. */
  function evaluate(point: Point): Tensor[] {
    const changed = new Set<Node>();
    inputs.forEach(({ node }, i) => {
      if (known.get(node) !== point[i]) changed.add(node);
      known.set(node, point[i]!);
    });
    const before = tape.spent();
    const values = tape.run(known, changed);
    purse.spend(tape.spent() - before);
    return values;
  }

  function runPerturbed(point: Point, runs: number): Tensor[][] {
    purse.spend(2 * runs * tape.cost);
    const all = new Map(inputs.map(({ node }, i) => [node, point[i]!]));
    return Array.from({ length: runs }, () => tape.runPerturbed(all, random));
  }

  /** The values at a point; undefined where that is outside, not real, or in another piece than `place`. */
  function look(place: TensorPlace, point: Point): readonly Tensor[] | undefined {
    for (let i = 0; i < inputs.length; i++) {
      if (point[i] === place.point[i]) continue;
      const { domain } = inputs[i]!;
      if (domain !== undefined && !point[i]!.data.every((x) => isInside(x, domain))) return undefined;
      purse.spend(MOVE_COST * point[i]!.data.length);
    }
    const values = evaluate(point);
    return isReal(values) && kinks.isIn(place.piece) ? values : undefined;
  }

  function reaches(direction: Direction): boolean {
    return inputs.some(({ node }, i) => direction[i] !== undefined && tape.positionOf.has(node));
  }

  function isExtreme(): boolean {
    return tape.values.some(({ data }) => data.some((x) => Math.abs(x) > HUGE && Math.abs(x) !== Infinity));
  }

  /** Later differences start not far above the step that earlier ones ended up with. */
  function stepOptions(place: TensorPlace, weights: readonly Weights[], options: TensorMeasureOptions) {
    const learns = options.factor === undefined && kinks.slots.length > 0;
    return {
      step: STEP * (options.factor ?? Math.min(1, learned * 16)),
      noise: weights.map((each) => noiseOf(place, each)),
      sweeps: options.sweeps ?? SWEEPS,
      ...(learns && { onStart: (started: number) => void (learned = Math.max(1e-5, started / STEP)) }),
    };
  }
}

/** Σ weight · value. A weight of 0 silences even NaN. */
export function weigh(values: readonly Tensor[], weights: Weights): number {
  let sum = 0;
  weights.forEach(({ data }, output) => {
    const own = values[output]?.data;
    for (let i = 0; i < data.length; i++) if (data[i] !== 0) sum += data[i]! * (own?.[i] ?? NaN);
  });
  return sum;
}

/** How far rounding may throw the weighted sum. */
export function noiseOf({ values, perturbed }: TensorPlace, weights: Weights): number {
  const value = weigh(values, weights);
  const caution = perturbed.length < PERTURBED_RUNS ? 6 : 2;
  let noise = 0;
  for (const other of perturbed) {
    const gap = caution * Math.abs(weigh(other, weights) - value);
    if (!(gap <= noise)) noise = Number.isNaN(gap) ? Infinity : gap;
  }
  return noise;
}

/** A point and a direction t times; inputs that stay are the same tensors. */
export function movedBy(point: Point, t: number, direction: Direction): Point {
  return point.map((x, i) => {
    const way = direction[i];
    if (way === undefined) return x;
    const data = new Float64Array(way.length);
    for (let at = 0; at < way.length; at++) data[at] = x.data[at]! + t * way[at]!;
    return { shape: x.shape, data };
  });
}

function isReal(values: readonly Tensor[]): boolean {
  return values.every(({ data }) => data.every(Number.isFinite));
}

const SMALLEST_SIZE = 0.05;

/** The root mean square of each input; zero has a size too. */
function sizesOf(point: Point): Float64Array {
  return Float64Array.from(point, ({ data }) => {
    const squares = data.reduce((sum, x) => sum + x * x, 0);
    return Math.max(Math.sqrt(squares / Math.max(1, data.length)), SMALLEST_SIZE);
  });
}
