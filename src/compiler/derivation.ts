// What a staged gradient is told from: the plan its lines were printed from. Internal to this package; lessons are its public form.

import type { FunctionInput } from "../frontends/source.ts";
import type { Graph } from "../ir/graph.ts";
import type { StagedPlan } from "../passes/plan.ts";
import type { TensorPlan } from "../passes/tensor-plan.ts";

interface Told {
  readonly graph: Graph;
  /** In the order of the arguments, of a network its parameters first, then running statistics, then data. */
  readonly inputs: readonly ToldInput[];
  /** The functions that hold the forward and the backward lines; often the same. */
  readonly forward: string;
  readonly backward: string;
  readonly seedName: string;
  /** Names of stages that a person gave. */
  readonly given: ReadonlySet<string>;
}

export type Derivation =
  | (Told & { readonly kind: "numbers"; readonly plan: StagedPlan })
  | (Told & {
      readonly kind: "tensors";
      readonly plan: TensorPlan;
      readonly isNetwork: boolean;
    });

export interface ToldInput {
  readonly input: FunctionInput;
  /** What the code calls it. */
  readonly variable: string;
  readonly part: "parameter" | "state" | "data";
  readonly wrt: boolean;
  /** Of a parameter of a network, the layer it belongs to. */
  readonly layer?: string;
}
