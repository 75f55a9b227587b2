// Layers of several inputs: add, multiply, concatenate.

import * as z from "zod";
import type { Node } from "../../../ir/graph.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";

export const merge: Readonly<Record<string, LayerDefinition>> = {
  add: elementwise("add", "S", "sum of layers, element by element"),
  multiply: elementwise("mul", "M", "product of layers, element by element"),
  concatenate: defineLayer({
    doc: "layers joined along an axis",
    joins: true,
    options: z.strictObject({ axis: z.int().default(-1).describe("counted from 0, or from the end; default the last") }),
    build: (context, inputs, { axis }) => {
      requireSeveral(context, inputs);
      const rank = inputs[0]!.type.shape.length;
      const at = axis < 0 ? rank + axis : axis;
      return context.stage("C", "merge", context.call("concat", inputs, { axis: at }), true);
    },
  }),
};

function elementwise(op: string, letter: string, doc: string): LayerDefinition {
  return defineLayer({
    doc,
    joins: true,
    options: z.strictObject({}),
    build: (context, inputs) => {
      requireSeveral(context, inputs);
      const [first, ...others] = inputs;
      return context.stage(
        letter,
        "merge",
        others.reduce((left, right) => context.call(op, [left, right]), first!),
        true,
      );
    },
  });
}

function requireSeveral(context: LayerContext, inputs: readonly Node[]): void {
  if (inputs.length < 2) context.stop("it takes two layers or more: [first, second]");
}
