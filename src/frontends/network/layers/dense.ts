// The fully connected layer.

import * as z from "zod";
import type { Node } from "../../../ir/graph.ts";
import { defineLayer, type LayerContext, type LayerDefinition } from "../layer.ts";
import { activate, activationName } from "./activation.ts";
import { inputOfRank, knownSize } from "./inputs.ts";
import { penaliseWeights, size, weightOptions, type Penalties } from "./options.ts";

const FAMILY = "dense";
/** Letters for the axes in front of the features, where they are not the rows of a matrix. */
const LEADING = "abcdefgh";

export const dense: Readonly<Record<string, LayerDefinition>> = {
  dense: defineLayer({
    doc: "fully connected: X W + b over the last axis",
    main: "units",
    options: z.strictObject({
      units: size.describe("number of outputs"),
      bias: z.boolean().default(true).describe("whether a bias per unit is added"),
      activation: activationName.optional(),
      transposed: z.boolean().default(false).describe("whether W is [units, features]: for weights tied with `share`"),
      ...weightOptions,
    }),
    build: (context, inputs, options) => {
      const x = inputOfRank(context, inputs, "rows of features, as [batch, features]", 1, LEADING.length + 1);
      const product = timesWeights(context, x, options);
      const z = options.bias ? context.call("add", [product, biasOf(context, options.units)]) : product;
      return activate(context, options.activation, context.stage("Z", FAMILY, z, options.activation === undefined));
    },
  }),
};

interface Weights extends Penalties {
  readonly units: number;
  readonly transposed: boolean;
}

function timesWeights(context: LayerContext, x: Node, options: Weights): Node {
  const { units, transposed } = options;
  const rank = x.type.shape.length;
  const features = knownSize(context, x, rank - 1, "features");
  const init = context.init({ kind: "he", fanIn: features, fanOut: units });
  const weights = context.parameter("W", FAMILY, transposed ? [units, features] : [features, units], init);
  penaliseWeights(context, weights, options);
  const rows = rank === 2 ? "i" : LEADING.slice(0, rank - 1);
  return context.call("contract", [x, weights], { spec: `${rows}j,${transposed ? "kj" : "jk"}->${rows}k` });
}

function biasOf(context: LayerContext, units: number): Node {
  return context.parameter("b", FAMILY, [units], { kind: "zeros" }, false);
}
