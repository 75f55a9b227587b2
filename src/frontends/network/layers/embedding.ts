// Tables of vectors that integers look up.

import * as z from "zod";
import { shapeText } from "../../../ir/dims.ts";
import { defineLayer, type LayerDefinition } from "../layer.ts";
import { penaliseWeights, size, weightOptions } from "./options.ts";

export const embedding: Readonly<Record<string, LayerDefinition>> = {
  embedding: defineLayer({
    doc: "a learned vector for each of the integers 0, 1, ... rows - 1",
    options: z.strictObject({
      rows: size.describe("number of vectors: the integers stay below it"),
      width: size.describe("length of each vector"),
      ...weightOptions,
    }),
    build: (context, inputs, options) => {
      const [x, ...others] = inputs;
      if (x === undefined || others.length > 0) return context.stop(`it takes one input, not ${inputs.length}`);
      const { dtype, shape } = x.type;
      if (dtype !== "integer") context.stop(`it takes integers, and ${shapeText(shape)} is ${dtype}: declare the input integer`);
      const init = context.init({ kind: "normal", scale: 1 });
      const table = context.parameter("E", "embedding", [options.rows, options.width], init);
      penaliseWeights(context, table, options);
      return context.stage("X", "embedding", context.call("gather", [table, x]), true);
    },
  }),
};
