// What it means to move elements: where each element of the result comes from, or where each element of the argument goes.

import type { Attrs } from "../../../ir/graph.ts";
import { numbers, type Tensor } from "../define.ts";
import { broadcastPositions, countOf, positionsOf, stridesOf, takeAt, zeros, type Evaluate } from "./indices.ts";

export const broadcast: Evaluate = ([x], attrs) => {
  const shape = numbers(attrs, "shape");
  return takeAt(x!, shape, broadcastPositions(x!.shape, shape));
};

export const reshape: Evaluate = ([x], attrs) => ({ shape: numbers(attrs, "shape"), data: x!.data });

export const transpose: Evaluate = ([x], attrs) => {
  const perm = numbers(attrs, "perm");
  const strides = stridesOf(x!.shape);
  const shape = perm.map((axis) => x!.shape[axis]!);
  return takeAt(
    x!,
    shape,
    positionsOf(
      shape,
      perm.map((axis) => strides[axis]!),
    ),
  );
};

export const slice: Evaluate = ([x], attrs) => {
  const counts = numbers(attrs, "counts");
  return takeAt(x!, counts, slicePositions(x!.shape, counts, attrs));
};

export const unslice: Evaluate = ([d], attrs) => {
  const result = zeros(numbers(attrs, "shape"));
  slicePositions(result.shape, d!.shape, attrs).forEach((position, i) => (result.data[position] = d!.data[i]!));
  return result;
};

export const concat: Evaluate = (args, attrs) => {
  const axis = attrs["axis"] as number;
  const along = args.reduce((length, { shape }) => length + shape[axis]!, 0);
  const result = zeros(args[0]!.shape.map((size, at) => (at === axis ? along : size)));
  const strides = stridesOf(result.shape);
  let before = 0;
  for (const { shape, data } of args) {
    positionsOf(shape, strides, before * strides[axis]!).forEach((position, i) => (result.data[position] = data[i]!));
    before += shape[axis]!;
  }
  return result;
};

export const gather: Evaluate = ([table, indices]) => {
  const width = countOf(table!.shape.slice(1));
  const result = zeros([...indices!.shape, ...table!.shape.slice(1)]);
  indices!.data.forEach((index, i) => {
    for (let j = 0; j < width; j++) result.data[i * width + j] = table!.data[index * width + j]!;
  });
  return result;
};

export const scatterAdd: Evaluate = ([d, indices], attrs) => {
  const rest = d!.shape.slice(indices!.shape.length);
  const width = countOf(rest);
  const result = zeros([attrs["rows"] as number, ...rest]);
  indices!.data.forEach((index, i) => {
    for (let j = 0; j < width; j++) result.data[index * width + j]! += d!.data[i * width + j]!;
  });
  return result;
};

export const pick: Evaluate = ([x, indices]) => {
  const length = x!.shape.at(-1)!;
  return { shape: indices!.shape, data: indices!.data.map((index, row) => x!.data[row * length + index]!) };
};

export const unpick: Evaluate = ([d, indices], attrs) => {
  const length = attrs["count"] as number;
  const result = zeros([...d!.shape, length]);
  indices!.data.forEach((index, row) => (result.data[row * length + index] = d!.data[row]!));
  return result;
};

export const maskCausal: Evaluate = ([x], attrs) => {
  const size = x!.shape.at(-1)!;
  const fill = attrs["fill"] as number;
  const isSeen = (position: number): boolean => position % size <= Math.floor(position / size) % size;
  return { shape: x!.shape, data: x!.data.map((value, position) => (isSeen(position) ? value : fill)) };
};

export const diagonal: Evaluate = ([x]) => {
  const size = x!.shape.at(-1)!;
  const shape = x!.shape.slice(0, -1);
  return takeAt(
    x!,
    shape,
    Int32Array.from({ length: countOf(shape) }, (_, row) => row * size + (row % size)),
  );
};

export const diagonalEmbed: Evaluate = ([x]) => {
  const size = x!.shape.at(-1)!;
  const result = zeros([...x!.shape, size]);
  x!.data.forEach((value, row) => (result.data[row * size + (row % size)] = value));
  return result;
};

/** Where in `whole` the part lies. */
function slicePositions(whole: Tensor["shape"], part: Tensor["shape"], attrs: Attrs): Int32Array {
  const strides = stridesOf(whole);
  const starts = numbers(attrs, "starts");
  const first = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
  return positionsOf(
    part,
    numbers(attrs, "steps").map((step, axis) => step * strides[axis]!),
    first,
  );
}
