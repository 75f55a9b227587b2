// What values tensor ops can give, from those of their arguments: one interval for all elements. A table; what it leaves out may be anything.

import type { CallNode } from "../ir/graph.ts";
import { ANYTHING, closed, isFinite, product, union, type Bounds } from "./intervals.ts";

type BoundsOf = (args: readonly Bounds[], node: CallNode) => Bounds;

const ZERO = closed(0, 0);
const NONNEGATIVE: Bounds = { ...closed(0, Infinity), highOpen: true };
const NONPOSITIVE: Bounds = { ...closed(-Infinity, 0), lowOpen: true };

const first: BoundsOf = ([x]) => x!;
const firstOrZero: BoundsOf = ([x]) => union(x!, ZERO);
const anyArgument: BoundsOf = (args) => args.reduce(union);

const TABLE: Readonly<Record<string, BoundsOf>> = {
  // movement
  broadcast: first,
  reshape: first,
  transpose: first,
  slice: first,
  gather: first,
  pick: first,
  diagonal: first,
  concat: anyArgument,
  unslice: firstOrZero,
  unpick: firstOrZero,
  diagonalEmbed: firstOrZero,
  maskCausal: ([x], { attrs }) => union(x!, closed(attrs["fill"] as number, attrs["fill"] as number)),
  // extremes and means
  reduceMax: first,
  reduceMin: first,
  maxPool2d: first,
  maxPool2dPick: first,
  averagePool2d: firstOrZero,
  // sums of any length
  sum: ([x], { args: [arg], attrs }) => summed(x!, isNeverEmpty(arg!, attrs["axes"] as readonly number[])),
  prod: ([x]) => (x!.low >= 0 ? { ...NONNEGATIVE, highOpen: isFinite(x!), mayBeNaN: x!.mayBeNaN || !isFinite(x!) } : anyOf(x!)),
  norm: ([x]) => ({ ...NONNEGATIVE, highOpen: isFinite(x!), mayBeNaN: x!.mayBeNaN }),
  scatterAdd: ([x]) => summed(x!, false),
  maxPool2dBackward: ([x]) => summed(x!, false),
  contract: ([a, b]) => summed(product(a!, b!), false),
  conv2d: ([a, b]) => summed(product(a!, b!), false),
  // along an axis
  logSumExp: ([x]) => anyOf(x!),
  softmax: ([x]) => ({ ...closed(0, 1), lowOpen: isFinite(x!), mayBeNaN: !isFinite(x!) }),
  logSoftmax: ([x]) => ({ ...NONPOSITIVE, lowOpen: isFinite(x!), mayBeNaN: !isFinite(x!) }),
  crossEntropy: ([z]) => ({ ...NONNEGATIVE, highOpen: isFinite(z!), mayBeNaN: !isFinite(z!) }),
  softmaxCrossEntropy: ([z, targets]) =>
    targets!.low >= 0 ? { ...NONNEGATIVE, highOpen: isFinite(z!), mayBeNaN: true } : anyOf(z!, targets!),
  // from nowhere
  literal: (_, { attrs }) => literalBounds(attrs["values"] as readonly number[]),
  size: () => NONNEGATIVE,
  positionalEncoding: () => closed(-1, 1),
  dropoutMask: (_, { attrs }) => closed(0, 1 / (1 - (attrs["rate"] as number))),
};

export function tensorBounds(node: CallNode, args: readonly Bounds[]): Bounds {
  return Object.hasOwn(TABLE, node.op) ? TABLE[node.op]!(args, node) : ANYTHING;
}

/** Only the sign and the finiteness: how many terms there are is not known, and unless `isNeverEmpty` there may be none. */
function summed(term: Bounds, isNeverEmpty: boolean): Bounds {
  const { low, high, lowOpen, highOpen, mayBeNaN } = term;
  const finite = isFinite(term);
  const mayClash = !finite && low < 0 && high > 0;
  return {
    low: low >= 0 ? 0 : -Infinity,
    high: high <= 0 ? 0 : Infinity,
    lowOpen: low >= 0 ? isNeverEmpty && (low > 0 || lowOpen) : finite,
    highOpen: high <= 0 ? isNeverEmpty && (high < 0 || highOpen) : finite,
    mayBeNaN: mayBeNaN || mayClash,
  };
}

/** Finite where the arguments are; nothing else is known. */
function anyOf(...args: readonly Bounds[]): Bounds {
  const finite = args.every(isFinite);
  return { low: -Infinity, high: Infinity, lowOpen: finite, highOpen: finite, mayBeNaN: !finite };
}

/** A symbolic size may be 0. */
function isNeverEmpty(arg: CallNode["args"][number], axes: readonly number[]): boolean {
  return axes.every((axis) => typeof arg.type.shape[axis] === "number" && arg.type.shape[axis] !== 0);
}

function literalBounds(values: readonly number[]): Bounds {
  if (values.length === 0 || values.some(Number.isNaN)) return ANYTHING;
  return closed(
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  );
}
