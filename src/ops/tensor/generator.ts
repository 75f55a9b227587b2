// Tensors that come from nowhere: literals, sizes, position tables, dropout masks. They have no gradient.

import type { Dim } from "../../ir/shape.ts";
import { tensorOp } from "./define.ts";
import * as reference from "./reference/generator.ts";

export const generator = {
  literal: tensorOp([], {
    infer: (_, attrs) => ({ dtype: "real", shape: attrs["shape"] as readonly Dim[] }),
    evaluate: reference.literal,
    linearIn: "all",
    pullback: () => [],
    samples: [{ shapes: [], attrs: { shape: [2, 2], values: [1, 2, 3, 4] } }],
    stageName: "table",
    latex: "\\text{table}",
    doc: "numbers written in the source",
    internal: true,
  }),
  size: tensorOp([], {
    infer: () => ({ dtype: "real", shape: [] }),
    evaluate: reference.size,
    linearIn: "all",
    pullback: () => [],
    samples: [{ shapes: [], attrs: { dim: 5 } }],
    stageName: "size",
    latex: "n",
    doc: "a symbolic dimension as a number",
    internal: true,
  }),
  positionalEncoding: tensorOp([], {
    infer: (_, attrs) => ({ dtype: "real", shape: [attrs["length"] as Dim, attrs["width"] as Dim] }),
    evaluate: reference.positionalEncoding,
    linearIn: "all",
    pullback: () => [],
    samples: [{ shapes: [], attrs: { length: 3, width: 4 } }],
    stageName: "positions",
    latex: "\\text{positions}",
    doc: "sines and cosines of the position (Vaswani et al. 2017, section 3.5)",
    internal: true,
  }),
  dropoutMask: tensorOp(["seed"], {
    infer: (_, attrs) => ({ dtype: "real", shape: attrs["shape"] as readonly Dim[] }),
    evaluate: reference.dropoutMask,
    linearIn: "all",
    pullback: () => [null],
    samples: [],
    stageName: "mask",
    latex: "\\text{mask}",
    doc: "inverted dropout: 0, or 1 / (1 − rate), from a seed",
    internal: true,
  }),
};
