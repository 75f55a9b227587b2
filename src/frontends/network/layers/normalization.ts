// Normalisations: subtract a mean, divide by a deviation, scale and shift by learned gains.

import * as z from "zod";
import { multiplyDims, shapeText } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";
import { epsilon, size } from "./options.ts";

const FAMILY = "normalization";
const affine = z.boolean().default(true).describe("whether a learned gain and shift follow");

export const normalization: Readonly<Record<string, LayerDefinition>> = {
  layerNorm: defineLayer({
    doc: "normalises the last axis (Ba, Kiros and Hinton 2016)",
    options: z.strictObject({ epsilon: epsilon.default(1e-5).describe("added before the square root"), affine }),
    build: (context, [x], options) => {
      const { shape } = x!.type;
      const width = knownWidth(context, shape);
      const normal = normalise(context, x!, [shape.length - 1], options.epsilon).normal;
      return context.stage("N", FAMILY, options.affine ? scaleAndShift(context, normal, [width], [width]) : normal, true);
    },
  }),
  rmsNorm: defineLayer({
    doc: "divides the last axis by its root mean square, times a learned gain (Zhang and Sennrich 2019)",
    options: z.strictObject({ epsilon: epsilon.default(1e-6).describe("added before the square root") }),
    build: (context, [x], options) => {
      const { shape } = x!.type;
      const width = knownWidth(context, shape);
      const square = mean(context, context.call("square", [x!]), [shape.length - 1]);
      const inverse = inverseDeviation(context, square, options.epsilon);
      const gain = context.parameter("gamma", FAMILY, [width], { kind: "ones" }, false);
      return context.stage("N", FAMILY, context.call("mul", [context.call("mul", [x!, inverse]), gain]), true);
    },
  }),
  groupNorm: defineLayer({
    doc: "normalises groups of channels of [batch, channels, ...] (Wu and He 2018)",
    main: "groups",
    options: z.strictObject({
      groups: size.describe("number of groups; it divides the channels"),
      epsilon: epsilon.default(1e-5).describe("added before the square root"),
      affine,
    }),
    build: (context, [x], options) => {
      const { shape } = x!.type;
      const channels = knownChannels(context, shape);
      if (channels % options.groups !== 0)
        context.stop(`${channels} channels cannot be shared out over ${options.groups} groups`);
      const grouped = [shape[0]!, options.groups, multiplyDims(channels / options.groups, ...shape.slice(2))];
      const { normal } = normalise(context, context.call("reshape", [x!], { shape: grouped }), [2], options.epsilon);
      const back = context.call("reshape", [normal], { shape });
      const spread = [channels, ...shape.slice(2).map(() => 1)];
      return context.stage("N", FAMILY, options.affine ? scaleAndShift(context, back, [channels], spread) : back, true);
    },
  }),
  batchNorm: defineLayer({
    doc: "normalises each feature or channel over the batch; running statistics when predicting (Ioffe and Szegedy 2015)",
    options: z.strictObject({
      epsilon: epsilon.default(1e-5).describe("added before the square root"),
      momentum: z.number().min(0).max(1).default(0.1).describe("weight of the batch in the running statistics"),
      affine,
    }),
    build: (context, [x], options) => {
      const { shape } = x!.type;
      const channels = knownChannels(context, shape);
      const spread = [channels, ...shape.slice(2).map(() => 1)];
      const runningMean = context.state("mean", FAMILY, [channels], 0);
      const runningVariance = context.state("variance", FAMILY, [channels], 1);
      const normal = context.training
        ? normaliseBatch(context, x!, { ...options, runningMean, runningVariance })
        : normaliseWith(context, x!, runningMean, runningVariance, spread, options.epsilon);
      return context.stage("N", FAMILY, options.affine ? scaleAndShift(context, normal, [channels], spread) : normal, true);
    },
  }),
};

function knownWidth(context: LayerContext, shape: readonly Dim[]): number {
  const width = shape.at(-1);
  return typeof width === "number" ? width : context.stop(`it needs a known width: ${shapeText(shape)} has none`);
}

function knownChannels(context: LayerContext, shape: readonly Dim[]): number {
  const channels = shape[1];
  return typeof channels === "number"
    ? channels
    : context.stop(`it takes [batch, channels, ...] with known channels, not ${shapeText(shape)}`);
}

/** Mean over axes, the axes kept as 1. */
function mean(context: LayerContext, x: Node, axes: readonly number[]): Node {
  const { shape } = x.type;
  const count = context.size(multiplyDims(...axes.map((axis) => shape[axis]!)));
  const average = context.call("div", [context.call("sum", [x], { axes }), count]);
  return context.call("reshape", [average], { shape: shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)) });
}

/** 1 / √(variance + ε). */
function inverseDeviation(context: LayerContext, variance: Node, small: number): Node {
  const deviation = context.call("sqrt", [context.call("add", [variance, context.constant(small)])]);
  return context.stage("invSigma", FAMILY, context.call("recip", [context.stage("sigma", FAMILY, deviation)]));
}

interface Normalised {
  readonly normal: Node;
  readonly average: Node;
  readonly variance: Node;
}

function normalise(context: LayerContext, x: Node, axes: readonly number[], small: number): Normalised {
  const average = context.stage("mu", FAMILY, mean(context, x, axes));
  const centred = context.stage("centred", FAMILY, context.call("sub", [x, average]));
  const variance = mean(context, context.call("square", [centred]), axes);
  context.stage("sigmaSq", FAMILY, variance);
  const normal = context.stage("xHat", FAMILY, context.call("mul", [centred, inverseDeviation(context, variance, small)]));
  return { normal, average, variance };
}

function scaleAndShift(context: LayerContext, normal: Node, shape: readonly number[], spread: readonly Dim[]): Node {
  const gamma = context.parameter("gamma", FAMILY, shape, { kind: "ones" }, false);
  const beta = context.parameter("beta", FAMILY, shape, { kind: "zeros" }, false);
  const wide = (node: Node): Node => context.call("reshape", [node], { shape: spread });
  return context.call("add", [context.call("mul", [normal, wide(gamma)]), wide(beta)]);
}

interface BatchOptions {
  readonly epsilon: number;
  readonly momentum: number;
  readonly runningMean: Node;
  readonly runningVariance: Node;
}

/** Over all axes but the channels. The running variance takes the unbiased one, as PyTorch's does. */
function normaliseBatch(context: LayerContext, x: Node, options: BatchOptions): Node {
  const { shape } = x.type;
  const axes = shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const { normal, average, variance } = normalise(context, x, axes, options.epsilon);
  const flat = (node: Node): Node => context.call("reshape", [node], { shape: [shape[1]!] });
  const count = context.size(multiplyDims(...axes.map((axis) => shape[axis]!)));
  const unbiased = context.call("mul", [
    flat(variance),
    context.call("div", [count, context.call("sub", [count, context.constant(1)])]),
  ]);
  const blend = (old: Node, fresh: Node): Node =>
    context.call("add", [
      context.call("mul", [context.constant(1 - options.momentum), old]),
      context.call("mul", [context.constant(options.momentum), fresh]),
    ]);
  context.update(options.runningMean, blend(options.runningMean, flat(average)));
  context.update(options.runningVariance, blend(options.runningVariance, unbiased));
  return normal;
}

function normaliseWith(
  context: LayerContext,
  x: Node,
  average: Node,
  variance: Node,
  spread: readonly Dim[],
  small: number,
): Node {
  const wide = (node: Node): Node => context.call("reshape", [node], { shape: spread });
  return context.call("mul", [context.call("sub", [x, wide(average)]), wide(inverseDeviation(context, variance, small))]);
}
