// Every kernel with an `out` adds into it and returns it, and those that are each other's adjoint are: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩.

import { describe, expect, test } from "vitest";
import * as convolution from "../../templates/convolution.ts";
import type { ConvolutionGeometry, PoolingWindow } from "../../templates/convolution.ts";
import * as elementwise from "../../templates/elementwise.ts";
import * as indexing from "../../templates/indexing.ts";
import * as linear from "../../templates/linear-algebra.ts";
import * as matrix from "../../templates/matrix.ts";
import * as reduction from "../../templates/reduction.ts";
import { expectClose, innerProduct, randomArray, randomIndices } from "./arrays.ts";

const x = randomArray(30);
const y = randomArray(30, 2);
const rows = randomArray(5, 3);
const columns = randomArray(6, 4);
const classes = randomIndices(5, 6);
const targets = randomArray(30, 5);
const shape = [2, 3, 5];
const starts = [1, 2, 0];
const steps = [-1, -2, 3];
const counts = [2, 2, 2];
const d = randomArray(8, 6);

const geometry: ConvolutionGeometry = {
  channels: [2, 4],
  size: [5, 3],
  kernel: [3, 2],
  stride: [2, 1],
  padding: [1, 1],
  dilation: [1, 2],
  groups: 2,
};
const w = randomArray(24, 7);
const dy = randomArray(4 * 3 * 3, 8);
const window: PoolingWindow = { size: [5, 3], kernel: [3, 2], stride: [2, 1], padding: [1, 1] };
const pooled = randomArray(24, 9);
const square = randomArray(9, 10);

const kernels: readonly (readonly [name: string, kernel: (out?: Float64Array) => Float64Array])[] = [
  ["map", (out) => elementwise.map(x, (a) => a + 1, out)],
  ["zip", (out) => elementwise.zip(x, y, (a, b) => a - b, out)],
  ["zip3", (out) => elementwise.zip3(x, y, x, (a, b, c) => a - b * c, out)],
  ["zip4", (out) => elementwise.zip4(x, y, x, y, (a, b, c, e) => a - b * c + e, out)],
  ["zipRows", (out) => elementwise.zipRows(x, rows, (a, b) => a - b, out)],
  ["zipColumns", (out) => elementwise.zipColumns(x, rows, (a, b) => a - b, out)],
  [
    "zipBroadcast of two",
    (out) =>
      elementwise.zipBroadcast(
        [5, 6],
        [
          [rows, [5, 1]],
          [columns, [6]],
        ],
        (a, b) => a! - b!,
        out,
      ),
  ],
  ["zipBroadcast of one", (out) => elementwise.zipBroadcast([5, 6], [[columns, [6]]], (a) => a! + 1, out)],
  ["broadcast", (out) => elementwise.broadcast(rows, [5, 1], [5, 6], out)],
  ["sumAxis", (out) => reduction.sumAxis(x, 5, 1, out)],
  ["sumAxis with inner", (out) => reduction.sumAxis(x, 5, 3, out)],
  ["sumRows", (out) => reduction.sumRows(x, 6, out)],
  ["softmax", (out) => reduction.softmax(x, 5, 3, out)],
  ["logSoftmax", (out) => reduction.logSoftmax(x, 5, 3, out)],
  ["softmaxBackward", (out) => reduction.softmaxBackward(y, reduction.softmax(x, 5, 3), 5, 3, out)],
  ["logSoftmaxBackward", (out) => reduction.logSoftmaxBackward(y, reduction.logSoftmax(x, 5, 3), 5, 3, out)],
  ["crossEntropy", (out) => reduction.crossEntropy(x, classes, 6, out)],
  ["crossEntropyBackward", (out) => reduction.crossEntropyBackward(rows, x, classes, 6, out)],
  ["softmaxCrossEntropy", (out) => reduction.softmaxCrossEntropy(x, targets, 6, out)],
  ["softmaxCrossEntropyBackward", (out) => reduction.softmaxCrossEntropyBackward(rows, x, targets, 6, out)],
  ["matmul", (out) => matrix.matmul(x, y, 5, 6, 5, out)],
  ["matmulAt", (out) => matrix.matmulAt(x, y, 5, 6, 6, out)],
  ["matmulBt", (out) => matrix.matmulBt(x, y, 5, 6, 5, out)],
  ["outer", (out) => matrix.outer(rows, columns, out)],
  ["einsum", (out) => matrix.einsum("abc,dca->bd", x, [2, 3, 5], y, [3, 5, 2], out)],
  ["transpose", (out) => matrix.transpose(x, shape, [2, 0, 1], out)],
  ["diagonal", (out) => matrix.diagonal(x.subarray(0, 18), 3, out)],
  ["diagonalEmbed", (out) => matrix.diagonalEmbed(x, 5, out)],
  ["slice", (out) => indexing.slice(x, shape, starts, steps, counts, out)],
  ["unslice", (out) => indexing.unslice(d, shape, starts, steps, counts, out)],
  ["gather", (out) => indexing.gather(x, classes, 5, out)],
  ["scatterAdd", (out) => indexing.scatterAdd(x, classes, 7, 6, out)],
  ["pick", (out) => indexing.pick(x, classes, 6, out)],
  ["unpick", (out) => indexing.unpick(rows, classes, 6, out)],
  ["maskCausal", (out) => indexing.maskCausal(x.subarray(0, 18), 3, 4, out)],
  ["conv2d", (out) => convolution.conv2d(x, w, geometry, out)],
  ["conv2dInput", (out) => convolution.conv2dInput(dy, w, geometry, out)],
  ["conv2dKernel", (out) => convolution.conv2dKernel(x, dy, geometry, out)],
  ["maxPool2dBackward", (out) => convolution.maxPool2dBackward(pooled, x, window, out)],
  ["maxPool2dPick", (out) => convolution.maxPool2dPick(y, x, window, out)],
  ["averagePool2d", (out) => convolution.averagePool2d(x, window, out)],
  ["averagePool2dBackward", (out) => convolution.averagePool2dBackward(pooled, window, out)],
  ["inv", (out) => linear.inv(square, 3, out)],
  ["solve", (out) => linear.solve(square, randomArray(6), 3, 2, out)],
];

test.each(kernels)("%s adds into out", (_, kernel) => {
  const fresh = kernel();
  const start = randomArray(fresh.length, 11);
  const out = start.slice();
  expect(kernel(out)).toBe(out);
  expectClose(
    out,
    fresh.map((value, i) => value + start[i]!),
  );
});

const softened = reduction.softmax(x, 5, 3);
const logs = reduction.logSoftmax(x, 5, 3);

/** Linear kernels with their adjoints, and the sizes of what they take. */
const adjoints: readonly (readonly [
  name: string,
  sizes: readonly [forward: number, backward: number],
  forward: (x: Float64Array) => Float64Array,
  backward: (y: Float64Array) => Float64Array,
])[] = [
  ["broadcast and sumAxis", [6, 30], (v) => elementwise.broadcast(v, [2, 1, 3], [2, 5, 3]), (v) => reduction.sumAxis(v, 5, 3)],
  ["broadcast and sumRows", [6, 30], (v) => elementwise.broadcast(v, [6], [5, 6]), (v) => reduction.sumRows(v, 6)],
  ["matmul and matmulAt", [30, 25], (v) => matrix.matmul(y, v, 5, 6, 5), (v) => matrix.matmulAt(y, v, 5, 6, 5)],
  ["matmul and matmulBt", [30, 25], (v) => matrix.matmul(v, y, 5, 6, 5), (v) => matrix.matmulBt(v, y, 5, 5, 6)],
  [
    "einsum and einsum",
    [30, 9],
    (v) => matrix.einsum("abc,dca->bd", v, shape, y, [3, 5, 2]),
    (v) => matrix.einsum("bd,dca->abc", v, [3, 3], y, [3, 5, 2]),
  ],
  [
    "transpose there and back",
    [30, 30],
    (v) => matrix.transpose(v, shape, [2, 0, 1]),
    (v) => matrix.transpose(v, [5, 2, 3], [1, 2, 0]),
  ],
  ["diagonal and diagonalEmbed", [18, 6], (v) => matrix.diagonal(v, 3), (v) => matrix.diagonalEmbed(v, 3)],
  [
    "slice and unslice",
    [30, 8],
    (v) => indexing.slice(v, shape, starts, steps, counts),
    (v) => indexing.unslice(v, shape, starts, steps, counts),
  ],
  ["gather and scatterAdd", [28, 20], (v) => indexing.gather(v, classes, 4), (v) => indexing.scatterAdd(v, classes, 7, 4)],
  ["pick and unpick", [30, 5], (v) => indexing.pick(v, classes, 6), (v) => indexing.unpick(v, classes, 6)],
  ["maskCausal with itself", [18, 18], (v) => indexing.maskCausal(v, 3, 0), (v) => indexing.maskCausal(v, 3, 0)],
  ["conv2d and conv2dInput", [30, 36], (v) => convolution.conv2d(v, w, geometry), (v) => convolution.conv2dInput(v, w, geometry)],
  [
    "conv2d and conv2dKernel",
    [24, 36],
    (v) => convolution.conv2d(x, v, geometry),
    (v) => convolution.conv2dKernel(x, v, geometry),
  ],
  [
    "maxPool2dPick and maxPool2dBackward",
    [30, 24],
    (v) => convolution.maxPool2dPick(v, x, window),
    (v) => convolution.maxPool2dBackward(v, x, window),
  ],
  [
    "averagePool2d and averagePool2dBackward",
    [30, 24],
    (v) => convolution.averagePool2d(v, window),
    (v) => convolution.averagePool2dBackward(v, window),
  ],
  [
    "softmaxBackward with itself",
    [30, 30],
    (v) => reduction.softmaxBackward(v, softened, 5, 3),
    (v) => reduction.softmaxBackward(v, softened, 5, 3),
  ],
  [
    "logSoftmaxBackward and its transpose",
    [30, 30],
    (v) => reduction.logSoftmaxBackward(v, logs, 5, 3),
    (v) =>
      v.map(
        (value, at) =>
          value -
          reduction.sumAxis(
            elementwise.zip(v, softened, (a, b) => a * b),
            5,
            3,
          )[Math.floor(at / 15) * 3 + (at % 3)]!,
      ),
  ],
];

describe("adjoints", () => {
  test.each(adjoints)("%s", (_, [from, to], forward, backward) => {
    const [u, v] = [randomArray(from, 21), randomArray(to, 22)];
    expectClose([innerProduct(forward(u), v)], [innerProduct(u, backward(v))]);
  });
});
