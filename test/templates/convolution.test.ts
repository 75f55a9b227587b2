// Convolution and pooling against sums over all indices with a test at each.

import { describe, expect, test } from "vitest";
import * as kernels from "../../templates/convolution.ts";
import type { ConvolutionGeometry, PoolingWindow } from "../../templates/convolution.ts";
import { expectClose, indicesOf, positionOf, randomArray, sizeOfShape } from "./arrays.ts";

const plain: ConvolutionGeometry = {
  channels: [1, 1],
  size: [5, 5],
  kernel: [3, 3],
  stride: [1, 1],
  padding: [0, 0],
  dilation: [1, 1],
  groups: 1,
};

const geometries: readonly (readonly [name: string, batch: number, geometry: ConvolutionGeometry])[] = [
  ["plain", 1, plain],
  ["one by one", 3, { ...plain, channels: [2, 3], kernel: [1, 1] }],
  ["oblong", 2, { ...plain, channels: [3, 2], size: [5, 7], kernel: [2, 3] }],
  ["padded", 2, { ...plain, channels: [2, 5], padding: [1, 2] }],
  ["padded beyond the kernel", 1, { ...plain, padding: [4, 5] }],
  ["strided", 2, { ...plain, channels: [2, 2], size: [7, 5], stride: [2, 3] }],
  ["strided with a rest", 1, { ...plain, size: [6, 8], stride: [2, 3], padding: [1, 1] }],
  ["strided and padded to the last column", 2, { ...plain, channels: [2, 3], size: [7, 9], stride: [2, 2], padding: [1, 1] }],
  ["dilated", 2, { ...plain, channels: [1, 3], size: [7, 9], dilation: [2, 3] }],
  ["dilated beyond the image", 1, { ...plain, size: [2, 2], padding: [3, 3], dilation: [3, 3] }],
  ["in groups", 3, { ...plain, channels: [4, 6], groups: 2 }],
  ["one group per channel", 2, { ...plain, channels: [3, 3], groups: 3, padding: [1, 1] }],
  ["a line", 2, { ...plain, channels: [2, 3], size: [1, 9], kernel: [1, 3], padding: [0, 1] }],
  [
    "everything",
    2,
    { channels: [4, 6], size: [9, 11], kernel: [3, 2], stride: [2, 3], padding: [2, 1], dilation: [1, 2], groups: 2 },
  ],
  ["more than a band", 1, { ...plain, channels: [8, 2], size: [41, 43], kernel: [5, 3], padding: [2, 1] }],
];

const windowsAcross = (size: number, spread: number, stride: number, padding: number): number =>
  Math.floor((size + 2 * padding - spread) / stride) + 1;

/** Calls `visit` for every product of a convolution with where its factors and its result lie. */
function forEachProduct(batch: number, g: ConvolutionGeometry, visit: (x: number, w: number, y: number) => void): number[] {
  const outer = [0, 1].map((axis) =>
    windowsAcross(g.size[axis]!, (g.kernel[axis]! - 1) * g.dilation[axis]! + 1, g.stride[axis]!, g.padding[axis]!),
  ) as [number, number];
  const inputs = g.channels[0] / g.groups;
  const shapeW = [g.channels[1], inputs, ...g.kernel];
  for (const [n, y, z] of indicesOf([batch, ...outer]) as [number, number, number][]) {
    for (const tap of indicesOf(shapeW) as [number, number, number, number][]) {
      const [o, c, p, q] = tap;
      const row = y * g.stride[0] - g.padding[0] + p * g.dilation[0];
      const column = z * g.stride[1] - g.padding[1] + q * g.dilation[1];
      if (row < 0 || row >= g.size[0] || column < 0 || column >= g.size[1]) continue;
      const channel = Math.floor(o / (g.channels[1] / g.groups)) * inputs + c;
      visit(
        positionOf([n, channel, row, column], [batch, g.channels[0], ...g.size]),
        positionOf(tap, shapeW),
        positionOf([n, o, y, z], [batch, g.channels[1], ...outer]),
      );
    }
  }
  return [batch, g.channels[1], ...outer];
}

describe.each(geometries)("convolution, %s", (_, batch, geometry) => {
  const x = randomArray(batch * geometry.channels[0] * sizeOfShape(geometry.size));
  const w = randomArray(geometry.channels[1] * (geometry.channels[0] / geometry.groups) * sizeOfShape(geometry.kernel), 2);
  const shape = forEachProduct(batch, geometry, () => {});
  const dy = randomArray(sizeOfShape(shape), 3);

  test("conv2d", () => {
    const expected = new Float64Array(dy.length);
    forEachProduct(batch, geometry, (i, j, k) => (expected[k]! += x[i]! * w[j]!));
    expectClose(kernels.conv2d(x, w, geometry), expected);
  });

  test("conv2dInput", () => {
    const expected = new Float64Array(x.length);
    forEachProduct(batch, geometry, (i, j, k) => (expected[i]! += dy[k]! * w[j]!));
    expectClose(kernels.conv2dInput(dy, w, geometry), expected);
  });

  test("conv2dKernel", () => {
    const expected = new Float64Array(w.length);
    forEachProduct(batch, geometry, (i, j, k) => (expected[j]! += x[i]! * dy[k]!));
    expectClose(kernels.conv2dKernel(x, dy, geometry), expected, 1e-12);
  });
});

const square: PoolingWindow = { size: [4, 4], kernel: [2, 2], stride: [2, 2], padding: [0, 0] };

const windows: readonly (readonly [name: string, images: number, window: PoolingWindow])[] = [
  ["plain", 3, square],
  ["whole image", 2, { ...square, kernel: [4, 4] }],
  ["overlapping", 2, { ...square, size: [5, 7], kernel: [3, 2], stride: [1, 1] }],
  ["with a rest", 1, { ...square, size: [5, 7], stride: [2, 3] }],
  ["padded", 2, { ...square, size: [5, 3], kernel: [3, 3], stride: [2, 1], padding: [1, 1] }],
  ["padding counted", 2, { ...square, size: [5, 3], kernel: [3, 2], stride: [2, 1], padding: [1, 1], countPadding: true }],
  ["padded in one direction", 2, { ...square, size: [5, 3], kernel: [2, 3], padding: [0, 1] }],
  ["apart", 1, { ...square, size: [7, 7], stride: [3, 4] }],
];

/** For each window the places of x it covers, in row-major order. */
function windowPlaces(images: number, { size, kernel, stride, padding }: PoolingWindow): number[][] {
  const outer = [0, 1].map((axis) => windowsAcross(size[axis]!, kernel[axis]!, stride[axis]!, padding[axis]!));
  return indicesOf([images, ...outer]).map(([image, y, z]) =>
    indicesOf(kernel).flatMap(([p, q]) => {
      const row = y! * stride[0] - padding[0] + p!;
      const column = z! * stride[1] - padding[1] + q!;
      const inside = row >= 0 && row < size[0] && column >= 0 && column < size[1];
      return inside ? [positionOf([image!, row, column], [images, ...size])] : [];
    }),
  );
}

describe.each(windows)("pooling, %s", (_, images, window) => {
  // Few different values, so that windows have ties.
  const x = randomArray(images * sizeOfShape(window.size)).map((value) => Math.round(value * 2));
  const places = windowPlaces(images, window);
  const best = places.map((own) => own.reduce((first, at) => (x[at]! > x[first]! ? at : first)));
  const dy = randomArray(places.length, 2);
  const v = randomArray(x.length, 3);

  test("maxPool2d", () => expect(kernels.maxPool2d(x, window)).toEqual(Float64Array.from(best, (at) => x[at]!)));

  test("maxPool2dPick", () => expect(kernels.maxPool2dPick(v, x, window)).toEqual(Float64Array.from(best, (at) => v[at]!)));

  test("maxPool2dBackward", () => {
    const expected = new Float64Array(x.length);
    best.forEach((at, i) => (expected[at]! += dy[i]!));
    expectClose(kernels.maxPool2dBackward(dy, x, window), expected);
  });

  const counts = places.map((own) => (window.countPadding ? sizeOfShape(window.kernel) : own.length));

  test("averagePool2d", () => {
    expectClose(
      kernels.averagePool2d(v, window),
      places.map((own, i) => own.reduce((total, at) => total + v[at]!, 0) / counts[i]!),
    );
  });

  test("averagePool2dBackward", () => {
    const expected = new Float64Array(x.length);
    places.forEach((own, i) => own.forEach((at) => (expected[at]! += dy[i]! / counts[i]!)));
    expectClose(kernels.averagePool2dBackward(dy, window), expected);
  });
});

test("ties go to the first, NaN wins, as in PyTorch 1.13", () => {
  const x = Float64Array.of(1, 3, 3, 2, 3, 0, 5, 5, 2, 2, 5, 1, NaN, 2, 0, 0);
  const window: PoolingWindow = { size: [4, 4], kernel: [2, 2], stride: [1, 1], padding: [0, 0] };
  expectClose(kernels.maxPool2d(x, window), [3, 5, 5, 3, 5, 5, NaN, 5, 5]);
  expectClose(
    kernels.maxPool2dBackward(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), x, window),
    [0, 1, 0, 0, 4, 0, 16, 0, 0, 0, 17, 0, 7, 0, 0, 0],
  );
});

test("where all is −Infinity the first place still gets the gradient", () => {
  const x = new Float64Array(4).fill(-Infinity);
  const window: PoolingWindow = { size: [2, 2], kernel: [3, 3], stride: [1, 1], padding: [1, 1] };
  expectClose(kernels.maxPool2d(x, window), [-Infinity, -Infinity, -Infinity, -Infinity]);
  expectClose(kernels.maxPool2dBackward(Float64Array.of(1, 2, 3, 4), x, window), [10, 0, 0, 0]);
});

test("windows wholly beyond the edge hold −Infinity and pass no gradient", () => {
  const window: PoolingWindow = { size: [1, 1], kernel: [1, 1], stride: [1, 1], padding: [1, 1] };
  const rim = -Infinity;
  expectClose(kernels.maxPool2d(Float64Array.of(5), window), [rim, rim, rim, rim, 5, rim, rim, rim, rim]);
  expectClose(kernels.maxPool2dPick(Float64Array.of(7), Float64Array.of(5), window), [0, 0, 0, 0, 7, 0, 0, 0, 0]);
  expectClose(kernels.maxPool2dBackward(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), Float64Array.of(5), window), [5]);
});
