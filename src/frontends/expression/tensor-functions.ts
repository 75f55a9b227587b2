// What functions and operators mean where an argument is a tensor, and which take nothing else. All others act on each element.

import type { Value } from "./convert.ts";
import * as arrange from "./arrangements.ts";
import { einsum } from "./einsum.ts";
import type { Application } from "./operand.ts";
import * as products from "./products.ts";
import * as reduce from "./reductions.ts";

export interface TensorFunction {
  readonly minimum: number;
  readonly maximum: number;
  readonly build: (application: Application) => Value;
  /** Its arguments may all be numbers, sizes for one. */
  readonly takesNumbers?: boolean;
}

const softmax = entry(1, 2, reduce.along("softmax"));
const logSoftmax = entry(1, 2, reduce.along("logSoftmax"));
const crossEntropy = entry(2, 2, arrange.crossEntropy);
const variance = entry(1, 2, reduce.reducer(reduce.variance));
const identity = sizes(arrange.identity);
const transpose = entry(1, 1, products.transpose);

export const tensorFunctions: ReadonlyMap<string, TensorFunction> = new Map(
  Object.entries<TensorFunction>({
    multiply: entry(2, Infinity, products.multiply),
    divide: entry(2, 2, products.divide),
    pow: entry(2, 2, products.power),
    ctranspose: transpose,
    transpose,
    dot: entry(2, 2, products.dot),
    outer: entry(2, 2, products.outer),
    sum: entry(1, 2, reduce.reducer(reduce.reduceBy("sum"))),
    prod: entry(1, 2, reduce.reducer(reduce.reduceBy("prod"))),
    mean: entry(1, 2, reduce.reducer(reduce.mean)),
    var: variance,
    variance,
    std: entry(1, 2, reduce.reducer(reduce.deviation)),
    max: entry(1, Infinity, reduce.extreme("reduceMax", "max")),
    min: entry(1, Infinity, reduce.extreme("reduceMin", "min")),
    norm: entry(1, 2, reduce.norm),
    hypot: entry(1, Infinity, reduce.hypotenuse),
    logsumexp: entry(1, Infinity, reduce.logSumExpOf),
    softmax,
    logSoftmax,
    log_softmax: logSoftmax,
    logsoftmax: logSoftmax,
    reshape: entry(2, 2, arrange.reshape),
    flatten: entry(1, 1, arrange.flatten),
    squeeze: entry(1, 1, arrange.squeeze),
    concat: entry(1, Infinity, arrange.concat),
    diag: entry(1, 1, arrange.diag),
    trace: entry(1, 1, arrange.trace),
    det: entry(1, 1, arrange.ofSquare("det")),
    logdet: entry(1, 1, arrange.ofSquare("logdet")),
    inv: entry(1, 1, arrange.ofSquare("inv")),
    solve: entry(2, 2, arrange.solve),
    lusolve: entry(2, 2, arrange.solve),
    einsum: { ...entry(2, Infinity, einsum), takesNumbers: true },
    pick: entry(2, 2, arrange.pick),
    crossEntropy,
    cross_entropy: crossEntropy,
    softmaxCrossEntropy: crossEntropy,
    softmax_cross_entropy: crossEntropy,
    zeros: sizes(arrange.filled(0)),
    ones: sizes(arrange.filled(1)),
    identity,
    eye: identity,
  }),
);

function entry(minimum: number, maximum: number, build: TensorFunction["build"]): TensorFunction {
  return { minimum, maximum, build };
}

function sizes(build: TensorFunction["build"]): TensorFunction {
  return { ...entry(1, Infinity, build), takesNumbers: true };
}
