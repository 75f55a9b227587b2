// Convolutions over images [batch, channels, height, width] and sequences [batch, channels, length], which are images of height 1.

import * as z from "zod";
import { shapeText } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";
import { activate, activationName } from "./activation.ts";
import { penaliseWeights, size, weightOptions } from "./options.ts";

const FAMILY = "convolution";

/** One number for all axes, or one for each. */
export function perAxis(minimum: number) {
  const one = z
    .int()
    .min(minimum)
    .max(2 ** 20);
  return z.union([one, z.array(one).min(1).max(2)]);
}

const geometry = {
  kernel: perAxis(1).describe("size of the kernel, one number or one per axis"),
  stride: perAxis(1).default(1).describe("step between places"),
  dilation: perAxis(1).default(1).describe("distance between elements under the kernel"),
};
const padding = z
  .union([perAxis(0), z.enum(["same", "valid"])])
  .default(0)
  .describe("zeros added on each side; same: as many as keep the size (stride 1); valid: none");
const general = {
  ...geometry,
  padding,
  bias: z.boolean().default(true).describe("whether a bias per filter is added"),
  activation: activationName.optional(),
  ...weightOptions,
};
const groups = size.default(1).describe("groups of channels that do not mix");
const filters = size.describe("number of filters: channels of the result");

export const convolution: Readonly<Record<string, LayerDefinition>> = {
  conv1d: convolutionLayer(1),
  conv2d: convolutionLayer(2),
  depthwiseConv2d: defineLayer({
    doc: "each channel convolved by kernels of its own",
    main: "kernel",
    options: z.strictObject({ ...general, multiplier: size.default(1).describe("kernels per channel") }),
    build: (context, [x], options) => {
      const channels = channelsOf(context, x!, 2);
      return convolve(context, x!, 2, { ...options, filters: channels * options.multiplier, groups: channels });
    },
  }),
  convTranspose2d: defineLayer({
    doc: "transposed convolution: spreads each element over a window",
    main: "filters",
    options: z.strictObject({
      filters,
      ...geometry,
      padding: perAxis(0).default(0).describe("elements cut off on each side"),
      outputPadding: perAxis(0).default(0).describe("rows and columns added at the end"),
      groups,
      bias: z.boolean().default(true).describe("whether a bias per filter is added"),
      activation: activationName.optional(),
      ...weightOptions,
    }),
    build: (context, [x], options) => transposed(context, x!, options),
  }),
};

function convolutionLayer(rank: 1 | 2): LayerDefinition {
  return defineLayer({
    doc:
      rank === 1
        ? "convolution over a sequence [batch, channels, length]"
        : "convolution over images [batch, channels, height, width]",
    main: "filters",
    options: z.strictObject({ filters, ...general, groups }),
    build: (context, [x], options) => convolve(context, x!, rank, options),
  });
}

type Sizes = number | readonly number[];

interface Convolution {
  readonly filters: number;
  readonly kernel: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes | "same" | "valid";
  readonly dilation: Sizes;
  readonly groups: number;
  readonly bias: boolean;
  readonly activation?: string | undefined;
  readonly l1?: number | undefined;
  readonly l2?: number | undefined;
}

function convolve(context: LayerContext, x: Node, rank: number, options: Convolution): Node {
  const channels = channelsOf(context, x, rank);
  const perGroup = shareOut(context, channels, options.groups, "channels");
  shareOut(context, options.filters, options.groups, "filters");
  const kernel = spatial(context, rank, options.kernel, 1);
  const stride = spatial(context, rank, options.stride, 1);
  const dilation = spatial(context, rank, options.dilation, 1);
  const attrs = {
    stride,
    dilation,
    padding: paddingOf(context, rank, options.padding, { kernel, stride, dilation }),
    groups: options.groups,
  };
  const own = kernel.slice(2 - rank);
  const area = own.reduce((product, each) => product * each, 1);
  const init = context.init({ kind: "he", fanIn: perGroup * area, fanOut: (options.filters / options.groups) * area });
  const weights = context.parameter("K", FAMILY, [options.filters, perGroup, ...own], init);
  const wide = rank === 2 ? weights : context.call("reshape", [weights], { shape: [options.filters, perGroup, ...kernel] });
  penaliseWeights(context, weights, options);
  return finish(context, context.call("conv2d", [asImage(context, x), wide], attrs), rank, options);
}

interface Transposed extends Omit<Convolution, "padding"> {
  readonly padding: Sizes;
  readonly outputPadding: Sizes;
}

function transposed(context: LayerContext, x: Node, options: Transposed): Node {
  const channels = channelsOf(context, x, 2);
  shareOut(context, channels, options.groups, "channels");
  const perGroup = shareOut(context, options.filters, options.groups, "filters");
  const [kernel, stride, dilation] = [options.kernel, options.stride, options.dilation].map((sizes) =>
    spatial(context, 2, sizes, 1),
  ) as [number[], number[], number[]];
  const [cut, extra] = [spatial(context, 2, options.padding, 0), spatial(context, 2, options.outputPadding, 0)];
  const image = x.type.shape.slice(2);
  const grown = image.map((dim, axis) => {
    if (typeof dim === "string") return context.stop(`it needs known sizes of images, not ${shapeText(x.type.shape)}`);
    if (extra[axis]! >= stride[axis]!) context.stop("outputPadding must be smaller than the stride");
    return (dim - 1) * stride[axis]! - 2 * cut[axis]! + dilation[axis]! * (kernel[axis]! - 1) + extra[axis]! + 1;
  });
  if (grown.some((dim) => dim < 1)) context.stop(`its padding leaves nothing of ${shapeText(x.type.shape)}`);
  const area = kernel[0]! * kernel[1]!;
  const init = context.init({ kind: "he", fanIn: (channels / options.groups) * area, fanOut: perGroup * area });
  const weights = context.parameter("K", FAMILY, [channels, perGroup, ...kernel], init);
  penaliseWeights(context, weights, options);
  const attrs = { stride, dilation, padding: cut, groups: options.groups, size: grown };
  return finish(context, context.call("conv2dInput", [x, weights], attrs), 2, options);
}

function finish(
  context: LayerContext,
  image: Node,
  rank: number,
  options: Pick<Convolution, "bias" | "filters" | "activation">,
): Node {
  const result = fromImage(context, image, rank);
  const isResult = options.activation === undefined;
  if (!options.bias) return activate(context, options.activation, context.stage("Y", FAMILY, result, isResult));
  const shift = context.parameter("c", FAMILY, [options.filters], { kind: "zeros" }, false);
  const spread = context.call("reshape", [shift], { shape: [options.filters, ...Array<Dim>(rank).fill(1)] });
  return activate(context, options.activation, context.stage("Y", FAMILY, context.call("add", [result, spread]), isResult));
}

function channelsOf(context: LayerContext, x: Node, rank: number): number {
  const { shape } = x.type;
  const wanted = rank === 1 ? "[batch, channels, length]" : "[batch, channels, height, width]";
  const channels = shape[1];
  if (shape.length !== rank + 2 || typeof channels !== "number")
    return context.stop(`it takes ${wanted} with known channels, not ${shapeText(shape)}`);
  return channels;
}

function shareOut(context: LayerContext, count: number, groupCount: number, what: string): number {
  return count % groupCount === 0
    ? count / groupCount
    : context.stop(`${count} ${what} cannot be shared out over ${groupCount} groups`);
}

/** Two numbers, for height and width; a sequence has height 1, for which `single` stands. */
export function spatial(context: LayerContext, rank: number, sizes: Sizes, single: number): number[] {
  if (rank < 1 || rank > 2) return context.stop("it takes [batch, channels, length] or [batch, channels, height, width]");
  const each = typeof sizes === "number" ? Array<number>(rank).fill(sizes) : sizes;
  if (each.length !== rank) return context.stop(`it takes ${rank} sizes here, one per axis, not ${each.length}`);
  return rank === 1 ? [single, each[0]!] : [...each];
}

interface Extent {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

function paddingOf(
  context: LayerContext,
  rank: number,
  wanted: Convolution["padding"],
  { kernel, stride, dilation }: Extent,
): number[] {
  if (wanted === "valid") return [0, 0];
  if (wanted !== "same") return spatial(context, rank, wanted, 0);
  if (stride.some((step) => step !== 1)) context.stop("padding: same keeps the size, which a stride does not; give numbers");
  return kernel.map((extent, axis) => {
    const total = dilation[axis]! * (extent - 1);
    return total % 2 === 0
      ? total / 2
      : context.stop("padding: same needs a kernel of odd size, or the two sides would differ; give numbers");
  });
}

/** A sequence as an image of height 1. */
export function asImage(context: LayerContext, x: Node): Node {
  const { shape } = x.type;
  return shape.length === 3 ? context.call("reshape", [x], { shape: [shape[0]!, shape[1]!, 1, shape[2]!] }) : x;
}

export function fromImage(context: LayerContext, image: Node, rank: number): Node {
  const { shape } = image.type;
  return rank === 1 ? context.call("reshape", [image], { shape: [shape[0]!, shape[1]!, shape[3]!] }) : image;
}
