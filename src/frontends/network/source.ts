// What the network front end hands on: the graphs of training and prediction, what is trained, and how.

import type { Span } from "../../core/span.ts";
import type { Graph, Node, NodeId } from "../../ir/graph.ts";
import type { FunctionInput } from "../source.ts";
import type { Parameter, State } from "./layer.ts";

export interface SourceNetwork {
  readonly name: string;
  readonly graph: Graph;
  /** Data in order: the inputs of the spec, then the targets, then the dropout seed (a scalar integer), as far as there are any. */
  readonly inputs: readonly FunctionInput[];
  /** Which of the inputs prediction needs. */
  readonly predictInputs: readonly FunctionInput[];
  readonly parameters: readonly Parameter[];
  readonly states: readonly State[];
  /** With dropout and batch statistics. `loss` has rank 0 unless the reduction is none; undefined where the spec has no loss. */
  readonly training: { readonly output: Node; readonly loss: Node | undefined };
  readonly predict: { readonly output: Node };
  /** Textbook names of stages, and names from the spec. */
  readonly stageNames: ReadonlyMap<Node, string>;
  readonly trainer: Trainer | undefined;
  /** Sizes to use for symbolic dimensions when the output is checked; small ones are chosen for those left out. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly origins: ReadonlyMap<NodeId, readonly Span[]>;
  readonly span: Span;
}

export interface Trainer {
  readonly optimizer: Optimizer;
  readonly schedule: Schedule | undefined;
  readonly warmup: number;
  readonly clip: { readonly kind: "norm" | "value"; readonly limit: number } | undefined;
  /** Gradients of so many calls make one step. */
  readonly accumulate: number;
}

export type Optimizer =
  | {
      readonly kind: "sgd";
      readonly rate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | {
      readonly kind: "adam" | "adamw";
      readonly rate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | {
      readonly kind: "rmsprop";
      readonly rate: number;
      readonly alpha: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    };

export type Schedule =
  | { readonly kind: "exponential"; readonly decay: number }
  | { readonly kind: "step"; readonly every: number; readonly factor: number }
  | { readonly kind: "cosine"; readonly steps: number; readonly minimum: number };
