// Seeded points for functions over tensors: sizes for symbolic dimensions that differ, so that mixed-up axes show, and values inside their
// domains, parameters small enough that sums of many stay near one.

import type { FunctionInput } from "../frontends/source.ts";
import { dimSymbols, type Sizes } from "../ir/dims.ts";
import type { Node } from "../ir/graph.ts";
import { dependents, postOrder } from "../ir/walk.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { countOf } from "../ops/tensor/reference/indices.ts";
import type { Random } from "./prng.ts";
import { drawInside } from "./sample.ts";
import { evaluateShape } from "./tensor-evaluate.ts";
import type { Point } from "./tensor-verification.ts";

/** How the elements of a tensor are drawn that is a sum's worth of `fanIn` others. */
type Draw = (random: Random, fanIn: number) => number;

const symmetric =
  (scale: number): Draw =>
  (random, fanIn) =>
    random.between(-scale, scale) / Math.sqrt(fanIn);
const positive =
  (low: number, high: number): Draw =>
  (random, fanIn) =>
    random.between(low, high) / fanIn;

interface Scale {
  readonly data: Draw;
  readonly parameters: Draw;
}

/** One for each round; those with positive parameters come into their own where the function is real only there. */
const SCALES: readonly Scale[] = [
  { data: symmetric(1), parameters: symmetric(1.8) },
  { data: positive(0.25, 2), parameters: symmetric(1.2) },
  { data: symmetric(3), parameters: symmetric(2.4) },
  { data: positive(0.25, 2), parameters: positive(0.3, 2) },
  { data: symmetric(0.2), parameters: symmetric(3) },
  { data: positive(0.02, 0.98), parameters: positive(0.05, 0.95) },
  { data: symmetric(1.5), parameters: positive(0.1, 1) },
  { data: symmetric(0.9), parameters: symmetric(0.3) },
  { data: positive(1.1, 4), parameters: positive(1.1, 4) },
];

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
const MOST_INDICES = 1000;

/** Settings of the symbolic dimensions, all different numbers where nothing else is asked for; none where no size fits. */
export function chooseSizes(nodes: readonly Node[], given: Sizes, count: number): Sizes[] {
  const symbols = [...new Set(nodes.flatMap((node) => node.type.shape.flatMap(dimSymbols)))].sort();
  const free = symbols.filter((symbol) => !given.has(symbol));
  const settings: Sizes[] = [];
  for (let first = 0; first + free.length <= PRIMES.length && settings.length < (free.length === 0 ? 1 : count); first++) {
    // Turned round each time, so that no dimension is always the smaller one.
    const primes = PRIMES.slice(first, first + free.length).toSorted((a, b) => (first % 2 === 0 ? b - a : a - b));
    const sizes = new Map([...given, ...free.map((symbol, i) => [symbol, primes[i]!] as const)]);
    if (nodes.every((node) => evaluateShape(node.type.shape, sizes).every((size) => size >= 1))) settings.push(sizes);
  }
  return settings;
}

export interface TensorSampler {
  /** A point; `round` chooses the scale. */
  draw(round: number): Point;
}

export function createTensorSampler(
  inputs: readonly FunctionInput[],
  outputs: readonly Node[],
  sizes: Sizes,
  random: Random,
): TensorSampler {
  const shapes = inputs.map(({ node }) => evaluateShape(node.type.shape, sizes));
  const limits = inputs.map((input) => (input.node.type.dtype === "integer" ? limitOf(input) : 0));

  return {
    draw: (round) => inputs.map((input, i) => drawTensor(input, shapes[i]!, limits[i]!, SCALES[round % SCALES.length]!)),
  };

  /** What an integer input must stay below. */
  function limitOf(input: FunctionInput): number {
    if (input.below !== undefined) return evaluateShape([input.below], sizes)[0]!;
    return Math.min(MOST_INDICES, ...lengthsIndexed(input, outputs, sizes));
  }

  function drawTensor(input: FunctionInput, shape: readonly number[], limit: number, scale: Scale): Tensor {
    const result: Tensor = { shape, data: new Float64Array(countOf(shape)) };
    const { data } = result;
    if (input.node.type.dtype === "integer") return { shape, data: data.map(() => random.below(limit)) };
    if (input.node.type.dtype === "boolean") return drawTruth(result);
    if (input.sample === "sign") return { shape, data: data.map(() => random.sign()) };
    if (input.sample === "distribution") return drawDistributions(result);
    const draw = input.role === "param" ? scale.parameters : scale.data;
    const fanIn = input.role === "param" ? fanInOf(shape) : 1;
    return { shape, data: data.map(() => drawInside(input.domain, (source) => draw(source, fanIn), random)) };
  }

  /** At least one true in each row: what is masked throughout is nobody's business. */
  function drawTruth({ shape, data }: Tensor): Tensor {
    const width = shape.at(-1) ?? 1;
    for (let row = 0; row < data.length; row += width) {
      for (let i = 0; i < width; i++) data[row + i] = random.next() < 0.6 ? 1 : 0;
      data[row + random.below(width)] = 1;
    }
    return { shape, data };
  }

  function drawDistributions({ shape, data }: Tensor): Tensor {
    const width = shape.at(-1) ?? 1;
    for (let row = 0; row < data.length; row += width) {
      const weights = Array.from({ length: width }, () => random.between(0.1, 1));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      weights.forEach((weight, i) => (data[row + i] = weight / total));
    }
    return { shape, data };
  }
}

/** How many elements of a parameter go into one sum: of a matrix [in, out] the rows, of convolution weights all but the first axis. */
function fanInOf(shape: readonly number[]): number {
  if (shape.length < 2) return 1;
  return Math.max(1, shape.length === 2 ? shape[0]! : countOf(shape.slice(1)));
}

/** Lengths of the axes that an integer input picks from. */
function lengthsIndexed(input: FunctionInput, outputs: readonly Node[], sizes: Sizes): number[] {
  const depends = dependents(outputs, new Set([input.node]));
  return postOrder(outputs).flatMap((node) => {
    if (node.kind !== "call" || !node.args.some(depends)) return [];
    const [first, second] = node.args;
    if (second === undefined || second.type.dtype !== "integer" || !depends(second)) return [];
    if (node.op === "gather") return evaluateShape([first!.type.shape[0]!], sizes);
    if (node.op === "pick" || node.op === "crossEntropy") return evaluateShape([first!.type.shape.at(-1)!], sizes);
    return [];
  });
}
