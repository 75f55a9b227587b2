// Layers that only training has: dropout.

import * as z from "zod";
import { defineLayer, type LayerDefinition } from "../layer.ts";

export const regularization: Readonly<Record<string, LayerDefinition>> = {
  dropout: defineLayer({
    doc: "in training, sets a share of the elements to 0 and scales the others up; nothing when predicting (Srivastava et al. 2014)",
    main: "rate",
    options: z.strictObject({ rate: z.number().min(0).lt(1).describe("the share that is dropped") }),
    build: (context, [x], { rate }) => {
      if (!context.training || rate === 0) return x!;
      const { seed, stream } = context.dropoutSeed();
      const mask = context.stage("mask", "dropout", context.call("dropoutMask", [seed], { rate, stream, shape: x!.type.shape }));
      return context.stage("D", "dropout", context.call("mul", [x!, mask]), true);
    },
  }),
};
