// Reads emitted code over tensors: every way it has to a derivative, as the derivative of a weighted sum of its outputs along a direction.
// Code that throws or answers too little reads as NaN.

import type { Tensor } from "../ops/tensor/define.ts";
import { weigh, type Weights } from "./tensor-trial.ts";
import type { Direction, EmittedTensors, Point } from "./tensor-verification.ts";
import type { FailureKind } from "./verification.ts";

/** What the readings need to know of the function at a place. */
export interface Layout {
  /** Indices into the inputs. */
  readonly wrt: readonly number[];
  readonly inputs: number;
  /** Elements of each input. */
  readonly lengths: readonly number[];
  /** Elements of each output. */
  readonly outputs: readonly number[];
}

/** One way to first derivatives. */
export interface Way {
  readonly what: FailureKind;
  readonly weights: Weights;
  /** `terms`: the root of the sum of squares of what the derivative is a sum of; 0 where that is not known. */
  along(point: Point, direction: Direction): { readonly value: number; readonly terms: number };
  /** The gradient of the weighted sum by all inputs of `wrt`, where the way has it. */
  gradients?(point: Point): readonly Float64Array[];
}

/** One way to second derivatives of a scalar output. */
export interface SecondWay {
  across(point: Point, u: Direction, v: Direction): { readonly value: number; readonly terms: number };
}

const orElse = <T>(read: () => T, fallback: T): T => {
  try {
    return read();
  } catch {
    return fallback; // emitted code that throws is as wrong as code that answers NaN
  }
};

/** The elements of a result, NaN throughout where there are too few or too many. */
function elements(tensor: Tensor | undefined, length: number): Float64Array {
  return tensor?.data.length === length ? tensor.data : new Float64Array(length).fill(NaN);
}

/** The values as every emitted function gives them. */
export function readValues(emitted: EmittedTensors, layout: Layout, point: Point): readonly Float64Array[][] {
  const rest = layout.wrt.map((index): Tensor => ({
    shape: point[index]!.shape,
    data: new Float64Array(layout.lengths[index]!),
  }));
  const ways = [
    emitted.value && (() => emitted.value!(point)),
    emitted.gradient && (() => emitted.gradient!(point).value),
    emitted.jvp && (() => emitted.jvp!(point, rest).value),
    emitted.jacobian && (() => emitted.jacobian!(point).value),
    emitted.hvp && (() => emitted.hvp!(point, rest).value),
    emitted.hessian && (() => emitted.hessian!(point).value),
  ];
  return ways.flatMap((way) => {
    if (way === undefined) return [];
    const values = orElse<readonly Tensor[]>(way, []);
    return [layout.outputs.map((length, k) => elements(values[k], length))];
  });
}

/**
 * `unit`: the weights of a scalar output itself, undefined where there are several numbers; `weights`: others. `towards` is a direction
 * for those who need one to give a gradient.
 */
export function firstWays(
  emitted: EmittedTensors,
  layout: Layout,
  unit: Weights | undefined,
  weights: Weights,
  towards: Direction,
): Way[] {
  const ways: Way[] = [];
  const { gradient, backward, jvp, jacobian, hvp, hessian } = emitted;
  if (gradient && unit) ways.push(reverseWay(layout, "gradient", unit, (point) => gradient.call(emitted, point).gradients));
  if (backward)
    ways.push(reverseWay(layout, unit ? "seed" : "gradient", weights, (point) => backward.call(emitted, point, weights)));
  if (jacobian)
    ways.push(reverseWay(layout, "gradient", weights, (point) => weighRows(layout, jacobian.call(emitted, point).J, weights)));
  if (hessian && unit) ways.push(reverseWay(layout, "gradient", unit, (point) => hessian.call(emitted, point).gradients));
  if (hvp && unit) {
    const read = (point: Point) => hvp.call(emitted, point, asTensors(layout, point, towards)).gradients;
    ways.push(reverseWay(layout, "gradient", unit, read));
  }
  if (jvp) {
    ways.push({
      what: "tangent",
      weights,
      along: (point, direction) => {
        const tangents = orElse<readonly Tensor[]>(
          () => jvp.call(emitted, point, asTensors(layout, point, direction)).tangents,
          [],
        );
        return { value: weigh(fitted(layout, tangents), weights), terms: 0 };
      },
    });
  }
  return ways;
}

export function secondWays(emitted: EmittedTensors, layout: Layout): SecondWay[] {
  const { hvp, hessian } = emitted;
  const ways: SecondWay[] = [];
  if (hvp) {
    const read = remembering((point: Point, v: Direction) => {
      const products = orElse<readonly Tensor[]>(() => hvp.call(emitted, point, asTensors(layout, point, v)).products, []);
      return layout.wrt.map((index, k) => elements(products[k], layout.lengths[index]!));
    });
    ways.push({ across: (point, u, v) => dotWith(layout, read(point, v), u) });
  }
  if (hessian) {
    const read = remembering((point: Point) => orElse(() => hessian.call(emitted, point).H, undefined));
    ways.push({
      across: (point, u, v) => {
        const left = flatten(layout, u);
        const right = flatten(layout, v);
        const H = elements(read(point, undefined), left.length * right.length);
        return dotWith(layout, split(layout, multiply(H, right, left)), u);
      },
    });
  }
  return ways;
}

function reverseWay(layout: Layout, what: FailureKind, weights: Weights, read: (point: Point) => readonly Tensor[]): Way {
  const remembered = remembering((point: Point) => {
    const found = orElse(() => read(point), []);
    return layout.wrt.map((index, k) => elements(found[k], layout.lengths[index]!));
  });
  const gradients = (point: Point): Float64Array[] => remembered(point, undefined);
  return { what, weights, gradients, along: (point, direction) => dotWith(layout, gradients(point), direction) };
}

/** Calls again only when asked about another point or direction than last time. */
function remembering<D, T>(read: (point: Point, direction: D) => T): (point: Point, direction: D) => T {
  let last: { readonly point: Point; readonly direction: D; readonly result: T } | undefined;
  return (point, direction) => {
    if (last?.point !== point || last.direction !== direction) last = { point, direction, result: read(point, direction) };
    return last.result;
  };
}

/** A tensor for each input of `wrt`; zeros where the direction stays. */
export function asTensors({ wrt, lengths }: Layout, point: Point, direction: Direction): Tensor[] {
  return wrt.map((index) => ({
    shape: point[index]!.shape,
    data: direction[index]?.slice() ?? new Float64Array(lengths[index]!),
  }));
}

function dotWith({ wrt }: Layout, gradients: readonly Float64Array[], direction: Direction) {
  let value = 0;
  let squares = 0;
  wrt.forEach((index, k) => {
    const way = direction[index];
    if (way === undefined) return;
    const gradient = gradients[k]!;
    for (let i = 0; i < way.length; i++) {
      if (way[i] === 0) continue;
      const term = gradient[i]! * way[i]!;
      value += term;
      squares += term * term;
    }
  });
  const terms = Math.sqrt(squares);
  return { value, terms: Number.isFinite(terms) ? terms : 0 };
}

function fitted({ outputs }: Layout, tangents: readonly Tensor[]): Tensor[] {
  return outputs.map((length, k) => ({ shape: [length], data: elements(tangents[k], length) }));
}

/** The rows of a Jacobian, each times its weight, added up. */
function weighRows(layout: Layout, J: Tensor, weights: Weights): Tensor[] {
  const factors = Float64Array.from(weights.flatMap(({ data }) => [...data]));
  const width = layout.wrt.reduce((sum, index) => sum + layout.lengths[index]!, 0);
  const rows = elements(J, factors.length * width);
  const sums = new Float64Array(width);
  factors.forEach((factor, row) => {
    for (let i = 0; i < width; i++) sums[i]! += factor * rows[row * width + i]!;
  });
  return split(layout, sums).map((data) => ({ shape: [data.length], data }));
}

/** Matrix times vector, only in the rows where `wanted` is not 0. */
function multiply(matrix: Float64Array, vector: Float64Array, wanted: Float64Array): Float64Array {
  return wanted.map((want, row) => {
    if (want === 0) return 0;
    let sum = 0;
    for (let i = 0; i < vector.length; i++) if (vector[i] !== 0) sum += matrix[row * vector.length + i]! * vector[i]!;
    return sum;
  });
}

/** All coordinates of `wrt` in a row. */
function flatten({ wrt, lengths }: Layout, direction: Direction): Float64Array {
  return Float64Array.from(wrt.flatMap((index) => [...(direction[index] ?? new Float64Array(lengths[index]!))]));
}

function split({ wrt, lengths }: Layout, flat: Float64Array): Float64Array[] {
  let at = 0;
  return wrt.map((index) => flat.slice(at, (at += lengths[index]!)));
}
