// What a loss is: a table entry that builds the loss from the network's output and its targets.

import type { z } from "zod";
import type { Node } from "../../ir/graph.ts";
import type { Dim, TensorType } from "../../ir/shape.ts";
import type { LayerContext } from "./layer.ts";

/** How the output came about: decides whether cross-entropy gets logits, probabilities or log-probabilities. */
export type OutputKind = "values" | "probabilities" | "log-probabilities";

export interface LossDefinition {
  readonly doc: string;
  /** Options beside `type` and `reduction`. */
  readonly options: z.ZodType<Readonly<Record<string, unknown>>>;
  /** The type of the targets `y`, given that of the output; or what is wrong with the output. */
  readonly targets: (output: TensorType, options: never) => TargetType | string;
  /** One loss per element or row; the reduction is applied outside. */
  readonly build: (context: LossContext, output: Node, targets: Node, options: never) => Node;
  /** What `mean` divides by, where it is not the number of entries: class weights. */
  readonly weight?: (context: LossContext, output: Node, targets: Node, options: never) => Node | undefined;
}

export interface TargetType extends TensorType {
  /** Class indices stay below this. */
  readonly below?: Dim;
  /** Where verification samples real targets: `probability` in [0, 1], `distribution` rows that sum to 1, `sign` is ±1. */
  readonly sample?: "probability" | "distribution" | "sign" | "any";
}

export interface LossContext extends Pick<LayerContext, "graph" | "call" | "constant" | "size" | "stop"> {
  readonly outputKind: OutputKind;
}
