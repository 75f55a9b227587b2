// Positions in row-major tensors, for the reference meanings beside this file.

import type { Attrs } from "../../../ir/graph.ts";
import { numbers, type Tensor } from "../define.ts";

export type Evaluate = (args: readonly Tensor[], attrs: Attrs) => Tensor;

export function countOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

export function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float64Array(countOf(shape)) };
}

/** How far apart neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => countOf(shape.slice(axis + 1)));
}

/** The position of every element of `shape`, in row-major order, in a tensor with these strides. */
export function positionsOf(shape: readonly number[], strides: readonly number[], first = 0): Int32Array {
  let positions = Int32Array.of(first);
  shape.forEach((size, axis) => {
    const longer = new Int32Array(positions.length * size);
    for (let before = 0; before < positions.length; before++) {
      for (let i = 0; i < size; i++) longer[before * size + i] = positions[before]! + i * strides[axis]!;
    }
    positions = longer;
  });
  return positions;
}

/** For every element of `shape`, the element of a tensor of shape `from` that NumPy's broadcasting puts there. */
export function broadcastPositions(from: readonly number[], shape: readonly number[]): Int32Array {
  const own = stridesOf(from);
  const missing = shape.length - from.length;
  const strides = shape.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!));
  return positionsOf(shape, strides);
}

/** A tensor whose elements are those of `x` at these positions. */
export function takeAt(x: Tensor, shape: readonly number[], positions: Int32Array): Tensor {
  const result = zeros(shape);
  positions.forEach((position, i) => (result.data[i] = x.data[position]!));
  return result;
}

/** The axes that attrs name, as `axes` or as `axis`. */
export function axesNamed(attrs: Attrs): readonly number[] {
  return attrs["axes"] === undefined ? [attrs["axis"] as number] : numbers(attrs, "axes");
}

/** A tensor as lines along some axes: position `starts[line] + steps[i]` is element i of a line. */
export interface Lines {
  /** Shape of what is left when every line becomes one number. */
  readonly shape: readonly number[];
  readonly starts: Int32Array;
  readonly steps: Int32Array;
}

export function linesAlong(shape: readonly number[], axes: readonly number[]): Lines {
  const strides = stridesOf(shape);
  const kept = [...shape.keys()].filter((axis) => !axes.includes(axis));
  const reduced = [...shape.keys()].filter((axis) => axes.includes(axis));
  const positions = (chosen: readonly number[]): Int32Array =>
    positionsOf(
      chosen.map((axis) => shape[axis]!),
      chosen.map((axis) => strides[axis]!),
    );
  return { shape: kept.map((axis) => shape[axis]!), starts: positions(kept), steps: positions(reduced) };
}

/** One number for each line along the axes of `attrs`. */
export function reduceLines(x: Tensor, attrs: Attrs, reduce: (line: Float64Array) => number): Tensor {
  const { shape, starts, steps } = linesAlong(x.shape, axesNamed(attrs));
  const data = Float64Array.from(starts, (start) => reduce(lineAt(x, start, steps)));
  return { shape, data };
}

/** Each line along the axes of `attrs` replaced by one of the same length, made from it and the same lines of `others`. */
export function mapLines(
  x: Tensor,
  attrs: Attrs,
  map: (line: Float64Array, ...others: Float64Array[]) => ArrayLike<number>,
  ...others: readonly Tensor[]
): Tensor {
  const { starts, steps } = linesAlong(x.shape, axesNamed(attrs));
  const result = zeros(x.shape);
  for (const start of starts) {
    const line = map(lineAt(x, start, steps), ...others.map((other) => lineAt(other, start, steps)));
    steps.forEach((step, i) => (result.data[start + step] = line[i]!));
  }
  return result;
}

function lineAt(x: Tensor, start: number, steps: Int32Array): Float64Array {
  return Float64Array.from(steps, (step) => x.data[start + step]!);
}
