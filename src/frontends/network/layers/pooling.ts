// Pooling over images [batch, channels, height, width] and sequences [batch, channels, length].

import * as z from "zod";
import { multiplyDims, shapeText } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";
import { asImage, fromImage, perAxis, spatial } from "./convolution.ts";

const window = {
  size: perAxis(1).default(2).describe("size of a window, one number or one per axis"),
  stride: perAxis(1).optional().describe("step between windows; default their size"),
  padding: perAxis(0).default(0).describe("elements added on each side"),
};

export const pooling: Readonly<Record<string, LayerDefinition>> = {
  maxPool: defineLayer({
    doc: "largest of each window",
    main: "size",
    options: z.strictObject(window),
    build: (context, [x], options) => pool(context, x!, "maxPool2d", options, {}),
  }),
  averagePool: defineLayer({
    doc: "mean of each window",
    main: "size",
    options: z.strictObject({
      ...window,
      countPadding: z.boolean().default(true).describe("whether the padding counts in the mean"),
    }),
    build: (context, [x], options) => pool(context, x!, "averagePool2d", options, { countPadding: options.countPadding ? 1 : 0 }),
  }),
  globalAveragePool: defineLayer({
    doc: "mean of each channel",
    options: z.strictObject({}),
    build: (context, [x]) => {
      const axes = spatialAxes(context, x!);
      const count = context.size(multiplyDims(...axes.map((axis) => x!.type.shape[axis]!)));
      return context.stage("G", "pooling", context.call("div", [context.call("sum", [x!], { axes }), count]), true);
    },
  }),
  globalMaxPool: defineLayer({
    doc: "largest of each channel",
    options: z.strictObject({}),
    build: (context, [x]) =>
      context.stage("G", "pooling", context.call("reduceMax", [x!], { axes: spatialAxes(context, x!) }), true),
  }),
};

interface Window {
  readonly size: number | readonly number[];
  readonly stride?: number | readonly number[] | undefined;
  readonly padding: number | readonly number[];
}

function pool(context: LayerContext, x: Node, op: string, options: Window, extra: Readonly<Record<string, number>>): Node {
  const rank = x.type.shape.length - 2;
  const kernel = spatial(context, rank, options.size, 1);
  const stride = spatial(context, rank, options.stride ?? options.size, 1);
  const padding = spatial(context, rank, options.padding, 0);
  if (padding.some((amount, axis) => 2 * amount > kernel[axis]!)) context.stop("its padding must be at most half its size");
  const pooled = context.call(op, [asImage(context, x)], { kernel, stride, padding, ...extra });
  return context.stage("P", "pooling", fromImage(context, pooled, rank), true);
}

function spatialAxes(context: LayerContext, x: Node): number[] {
  const shape: readonly Dim[] = x.type.shape;
  if (shape.length < 3) context.stop(`it takes [batch, channels, ...], not ${shapeText(shape)}`);
  return shape.map((_, axis) => axis).slice(2);
}
