// Options that layers share, as schemas, and the penalties of layers with weights. Descriptions are what the reference and the editor show.

import * as z from "zod";
import type { Node } from "../../../ir/graph.ts";
import { initialiser } from "../initialiser.ts";
import type { LayerContext } from "../layer.ts";

/** Far beyond what anyone trains: a slip of the keyboard stays a message instead of an array that does not fit. */
const LARGEST = 2 ** 30;

/** How many of something. */
export const size = z.int().min(1).max(LARGEST);
/** What keeps a square root away from zero. */
export const epsilon = z.number().min(0).max(1);

/** Options of layers with weights. */
export const weightOptions = {
  init: initialiser.optional().describe("how the weights start; default: as the network says, else he"),
  l1: z.number().min(0).optional().describe("this times the sum of the absolute weights is added to the loss"),
  l2: z.number().min(0).optional().describe("this times the sum of the squared weights is added to the loss"),
};

export interface Penalties {
  readonly l1?: number | undefined;
  readonly l2?: number | undefined;
}

/** Adds the layer's own penalties on its weights to the loss. */
export function penaliseWeights(context: LayerContext, weights: Node, { l1 = 0, l2 = 0 }: Penalties): void {
  if (l2 > 0) penalise(context, weights, l2, "square");
  if (l1 > 0) penalise(context, weights, l1, "abs");
}

function penalise({ call, constant, penalise: add }: LayerContext, weights: Node, rate: number, op: "square" | "abs"): void {
  const axes = weights.type.shape.map((_, axis) => axis);
  add(call("mul", [constant(rate), call("sum", [call(op, [weights])], { axes })]));
}
