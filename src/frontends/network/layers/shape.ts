// Layers that move elements: flatten, reshape, permute.

import * as z from "zod";
import { dimText, divideDims, multiplyDims, shapeText, sizeOfShape } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";
import { size } from "./options.ts";

const permute = defineLayer({
  doc: "the axes in another order",
  main: "perm",
  options: z.strictObject({
    perm: z.array(z.int().min(0)).min(1).describe("for each axis of the result, which it was; the batch is 0"),
  }),
  build: (context, [x], { perm }) => context.stage("T", "shape", context.call("transpose", [x!], { perm }), true),
});

export const shape: Readonly<Record<string, LayerDefinition>> = {
  flatten: defineLayer({
    doc: "all axes but the batch as one",
    options: z.strictObject({}),
    build: (context, [x]) => {
      const [batch, rest] = batchAndRest(context, x!);
      return context.stage("F", "shape", context.call("reshape", [x!], { shape: [batch, multiplyDims(...rest)] }), true);
    },
  }),
  reshape: defineLayer({
    doc: "the same elements in another shape; the batch stays",
    main: "shape",
    options: z.strictObject({
      shape: z
        .array(z.union([size, z.literal(-1), z.string()]))
        .min(1)
        .describe("sizes of the axes after the batch; one may be -1"),
    }),
    build: (context, [x], options) => {
      const [batch, rest] = batchAndRest(context, x!);
      const wanted = fillIn(context, options.shape, rest);
      return context.stage("F", "shape", context.call("reshape", [x!], { shape: [batch, ...wanted] }), true);
    },
  }),
  permute,
  transpose: permute,
};

function batchAndRest(context: LayerContext, x: Node): readonly [batch: Dim, rest: readonly Dim[]] {
  const [batch, ...rest] = x.type.shape;
  return [batch ?? context.stop("it takes [batch, ...], and a number arrives"), rest];
}

/** The shape with -1 worked out. */
function fillIn(context: LayerContext, wanted: readonly Dim[], from: readonly Dim[]): Dim[] {
  const open = wanted.filter((dim) => dim === -1).length;
  if (open > 1) context.stop("only one size can be -1");
  if (open === 0) return [...wanted];
  const known = sizeOfShape(wanted.filter((dim) => dim !== -1));
  const left = divideDims(sizeOfShape(from), known);
  if (left === undefined)
    context.stop(`${shapeText(from)} has ${dimText(sizeOfShape(from))} elements, which ${dimText(known)} does not divide`);
  return wanted.map((dim) => (dim === -1 ? left! : dim));
}
