// Sums, extremes, norms and the softmax family against the textbook formulas, and where those would overflow.

import { describe, expect, test } from "vitest";
import * as reduction from "../../templates/reduction.ts";
import { expectClose, randomArray, randomIndices } from "./arrays.ts";

const total = (line: readonly number[]): number => line.reduce((sum, value) => sum + value, 0);
const shares = (line: readonly number[]): number[] => line.map((value) => Math.exp(value) / total(line.map(Math.exp)));

/** The lines of x [outer, n, inner] in the order of [outer, inner]. */
function linesOf(x: Float64Array, n: number, inner: number): number[][] {
  return Array.from({ length: x.length / n }, (_, i) => {
    const start = Math.floor(i / inner) * n * inner + (i % inner);
    return Array.from({ length: n }, (_, j) => x[start + j * inner]!);
  });
}

/** The inverse of `linesOf`. */
function fromLines(lines: readonly (readonly number[])[], inner: number): number[] {
  const n = lines[0]!.length;
  return Array.from({ length: lines.length * n }, (_, at) => {
    const outer = Math.floor(at / (n * inner));
    return lines[outer * inner + (at % inner)]![Math.floor(at / inner) % n]!;
  });
}

const shapes: readonly (readonly [outer: number, n: number, inner: number])[] = [
  [1, 1, 1],
  [1, 5, 1],
  [3, 1, 2],
  [2, 3, 1],
  [1, 7, 3],
  [3, 5, 7],
];

const reducers: readonly (readonly [
  name: string,
  kernel: (x: Float64Array, n: number, inner?: number) => Float64Array,
  formula: (line: readonly number[]) => number,
])[] = [
  ["sumAxis", reduction.sumAxis, total],
  ["largestAxis", reduction.largestAxis, (line) => Math.max(...line)],
  ["smallestAxis", reduction.smallestAxis, (line) => Math.min(...line)],
  ["productAxis", reduction.productAxis, (line) => line.reduce((product, value) => product * value, 1)],
  ["normAxis", reduction.normAxis, (line) => Math.hypot(...line)],
  ["logSumExp", reduction.logSumExp, (line) => Math.log(total(line.map(Math.exp)))],
];

describe.each(reducers)("%s", (_, kernel, formula) => {
  test.each(shapes)("of [%d, %d, %d]", (outer, n, inner) => {
    const x = randomArray(outer * n * inner);
    expectClose(kernel(x, n, inner), linesOf(x, n, inner).map(formula));
    if (inner === 1) expect(kernel(x, n)).toEqual(kernel(x, n, 1));
  });
});

test("one number of all values", () => {
  const x = randomArray(7);
  expect(reduction.sum(x)).toBeCloseTo(total([...x]), 14);
  expect(reduction.largest(x)).toBe(Math.max(...x));
  expect(reduction.smallest(x)).toBe(Math.min(...x));
  expect(reduction.product(x)).toBeCloseTo(
    x.reduce((product, value) => product * value, 1),
    14,
  );
  expect(reduction.norm(x)).toBeCloseTo(Math.hypot(...x), 14);
  expectClose(reduction.sumRows(randomArray(15), 3), reduction.sumAxis(randomArray(15), 5, 3));
});

const maps: readonly (readonly [
  name: string,
  kernel: (x: Float64Array, n: number, inner?: number) => Float64Array,
  formula: (line: readonly number[]) => readonly number[],
])[] = [
  ["softmax", reduction.softmax, shares],
  ["logSoftmax", reduction.logSoftmax, (line) => shares(line).map(Math.log)],
];

describe.each(maps)("%s", (_, kernel, formula) => {
  test.each(shapes)("of [%d, %d, %d]", (outer, n, inner) => {
    const x = randomArray(outer * n * inner);
    expectClose(kernel(x, n, inner), fromLines(linesOf(x, n, inner).map(formula), inner));
  });
});

/** d(Σ dy f(x)) by central differences. */
function slope(x: Float64Array, dy: Float64Array, f: (x: Float64Array) => Float64Array): number[] {
  const weighted = (moved: Float64Array): number => f(moved).reduce((sum, value, i) => sum + value * dy[i]!, 0);
  return Array.from(x, (value, i) => {
    const [up, down] = [x.slice(), x.slice()];
    up[i] = value + 1e-5;
    down[i] = value - 1e-5;
    return (weighted(up) - weighted(down)) / 2e-5;
  });
}

describe("backward is the slope of forward", () => {
  test.each(shapes)("softmax and logSoftmax of [%d, %d, %d]", (outer, n, inner) => {
    const x = randomArray(outer * n * inner);
    const d = randomArray(x.length, 2);
    const p = reduction.softmax(x, n, inner);
    const l = reduction.logSoftmax(x, n, inner);
    expectClose(
      reduction.softmaxBackward(d, p, n, inner),
      slope(x, d, (moved) => reduction.softmax(moved, n, inner)),
      1e-8,
    );
    expectClose(
      reduction.logSoftmaxBackward(d, l, n, inner),
      slope(x, d, (moved) => reduction.logSoftmax(moved, n, inner)),
      1e-8,
    );
  });

  test.each([
    [1, 1],
    [1, 5],
    [3, 2],
    [5, 7],
  ])("cross entropies of %d rows of %d", (rows, n) => {
    const z = randomArray(rows * n);
    const d = randomArray(rows, 2);
    const classes = randomIndices(rows, n);
    const targets = randomArray(rows * n, 3);
    expectClose(
      reduction.crossEntropyBackward(d, z, classes, n),
      slope(z, d, (moved) => reduction.crossEntropy(moved, classes, n)),
      1e-8,
    );
    expectClose(
      reduction.softmaxCrossEntropyBackward(d, z, targets, n),
      slope(z, d, (moved) => reduction.softmaxCrossEntropy(moved, targets, n)),
      1e-8,
    );
  });
});

test.each([
  [1, 1],
  [3, 2],
  [5, 7],
])("crossEntropy and softmaxCrossEntropy of %d rows of %d", (rows, n) => {
  const z = randomArray(rows * n);
  const classes = randomIndices(rows, n);
  const targets = randomArray(rows * n, 3);
  const logs = linesOf(z, n, 1).map((line) => shares(line).map(Math.log));
  expectClose(
    reduction.crossEntropy(z, classes, n),
    logs.map((line, r) => -line[classes[r]!]!),
  );
  expectClose(
    reduction.softmaxCrossEntropy(z, targets, n),
    logs.map((line, r) => -total(line.map((log, j) => log * targets[r * n + j]!))),
  );
});

const far = -Infinity;
const edges: readonly (readonly [call: string, value: ArrayLike<number> | number, expected: ArrayLike<number> | number])[] = [
  ["norm of huge values", reduction.norm(Float64Array.of(3e200, -4e200)), 5e200],
  ["norm of tiny values", reduction.norm(Float64Array.of(3e-200, -4e-200)), 5e-200],
  ["norm of zeros", reduction.norm(new Float64Array(3)), 0],
  ["norm of Infinity", reduction.norm(Float64Array.of(1, far)), Infinity],
  ["norm of NaN", reduction.norm(Float64Array.of(1, NaN, 2)), NaN],
  ["norm of NaN and huge values", reduction.norm(Float64Array.of(1e300, NaN, 2)), NaN],
  ["largest with NaN", reduction.largest(Float64Array.of(1, NaN, 2)), NaN],
  ["smallest with NaN", reduction.smallest(Float64Array.of(1, NaN, -2)), NaN],
  ["largest of −Infinity", reduction.largest(Float64Array.of(far, far)), far],
  ["sum of nothing", reduction.sum(new Float64Array()), 0],
  ["product of nothing", reduction.product(new Float64Array()), 1],
  ["logSumExp of large values", reduction.logSumExp(Float64Array.of(1000, 1000), 2), [1000 + Math.LN2]],
  ["logSumExp of small values", reduction.logSumExp(Float64Array.of(-1000, -1000), 2), [Math.LN2 - 1000]],
  ["logSumExp of −Infinity", reduction.logSumExp(Float64Array.of(far, far), 2), [far]],
  ["logSumExp with −Infinity", reduction.logSumExp(Float64Array.of(far, 3), 2), [3]],
  ["logSumExp with Infinity", reduction.logSumExp(Float64Array.of(Infinity, 3), 2), [Infinity]],
  ["logSumExp with NaN", reduction.logSumExp(Float64Array.of(NaN, 3, 4, 5), 2), [NaN, Math.log(1 + Math.exp(-1)) + 5]],
  ["softmax of large values", reduction.softmax(Float64Array.of(1000, 1000), 2), [0.5, 0.5]],
  ["softmax with −Infinity", reduction.softmax(Float64Array.of(far, 3, far), 3), [0, 1, 0]],
  ["softmax of −Infinity", reduction.softmax(Float64Array.of(far, far, 1, 1), 2), [NaN, NaN, 0.5, 0.5]],
  ["softmax with NaN", reduction.softmax(Float64Array.of(1, NaN), 2), [NaN, NaN]],
  ["logSoftmax of far values", reduction.logSoftmax(Float64Array.of(0, 1000), 2), [-1000, 0]],
  ["logSoftmax with −Infinity", reduction.logSoftmax(Float64Array.of(far, 3), 2), [far, 0]],
  ["logSoftmax at 1e15", reduction.logSoftmax(Float64Array.of(1e15, 1e15), 2), [-Math.LN2, -Math.LN2]],
  ["logSoftmaxBackward with −Infinity", reduction.logSoftmaxBackward(Float64Array.of(0, 1), Float64Array.of(far, 0), 2), [0, 0]],
  ["crossEntropy of far values", reduction.crossEntropy(Float64Array.of(0, 1000), Int32Array.of(0), 2), [1000]],
  ["crossEntropy at 1e15", reduction.crossEntropy(Float64Array.of(1e15, 1e15), Int32Array.of(0), 2), [Math.LN2]],
  ["crossEntropy with −Infinity", reduction.crossEntropy(Float64Array.of(far, 2), Int32Array.of(0), 2), [Infinity]],
  [
    "softmaxCrossEntropy with −Infinity where the target is 0",
    reduction.softmaxCrossEntropy(Float64Array.of(far, 2), Float64Array.of(0, 1), 2),
    [0],
  ],
  ["softmaxCrossEntropy with NaN", reduction.softmaxCrossEntropy(Float64Array.of(NaN, 2), Float64Array.of(0, 1), 2), [NaN]],
];

test.each(edges)("%s", (_, value, expected) => {
  if (typeof value === "number") expectClose([value], [expected as number]);
  else expectClose(value, expected as ArrayLike<number>);
});
