// What a layer is: one table entry that checks its options and builds graph nodes out of ops, so that its gradient comes for free.

import type { z } from "zod";
import type { Attrs, Graph, InputNode, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";

/** How a parameter starts. `fanIn` and `fanOut` are what He and Xavier scale by. */
export interface Initialiser {
  readonly kind: "he" | "he-uniform" | "xavier" | "xavier-uniform" | "uniform" | "normal" | "zeros" | "ones";
  readonly fanIn?: number;
  readonly fanOut?: number;
  /** Half-width of `uniform`, standard deviation of `normal`. */
  readonly scale?: number;
}

export interface Parameter {
  /** As in the generated `Params`: `W1`, `outW`. */
  readonly name: string;
  readonly node: InputNode;
  readonly shape: readonly number[];
  readonly init: Initialiser;
  /** Weights are decayed and penalised; biases, gains and shifts are not. */
  readonly isWeight: boolean;
  /** The layer it belongs to, for the doc comment: `dense 1`. */
  readonly layer: string;
}

/** What training carries along without a gradient: running statistics. */
export interface State {
  readonly name: string;
  readonly node: InputNode;
  readonly shape: readonly number[];
  readonly initial: number;
  /** Its value after a training step. */
  readonly next: Node;
}

/** What a layer builds with. One context serves one layer in one pass (training or predicting). */
export interface LayerContext {
  readonly graph: Graph;
  /** Whether dropout drops and batch norm uses the batch; off in predict. */
  readonly training: boolean;
  /** The layer's own name where the spec gives one. */
  readonly name: string | undefined;
  /** An op on nodes; where the shapes do not fit, a diagnostic at the layer, and the build goes no further (see `stop`). */
  call(op: string, args: readonly Node[], attrs?: Attrs): Node;
  constant(value: number): Node;
  /** A symbolic or known dimension as a number. */
  size(dim: Dim): Node;
  /**
   * A trained parameter of the layer: `parameter("W", "dense", [784, 128], { kind: "he", fanIn: 784 })` is `W1`, numbered over all layers
   * of the `family`, or `outW` in a layer named `out`. The training and the predicting pass, and layers that share, get the same node.
   */
  parameter(letter: string, family: string, shape: readonly Dim[], init: Initialiser, isWeight?: boolean): Node;
  /** The initialiser that the layer or the spec asks for, else `usual`. */
  init(usual: Initialiser): Initialiser;
  /** Running statistics; `next` is given by `update` in the training pass. */
  state(letter: string, family: string, shape: readonly Dim[], initial: number): Node;
  update(state: Node, next: Node): void;
  /** A scalar integer input that seeds dropout; `stream` differs from call to call. */
  dropoutSeed(): { readonly seed: Node; readonly stream: number };
  /** Another input or layer by name, for masks; a diagnostic where there is none. */
  named(name: string): Node;
  /** Gives a node a textbook name: `stage("Z", "dense", node)` is `Z1`, or the layer's own name where `isResult`. Returns the node. */
  stage(letter: string, family: string, node: Node, isResult?: boolean): Node;
  /** Builds another layer inside this one, as a transformer block does; its options go through the table's schema. */
  layer(layer: string, options: Readonly<Record<string, unknown>>, inputs: readonly Node[]): Node;
  /** Adds to the loss: `l2 * sum(W^2)`. */
  penalise(term: Node): void;
  /** Reports what is wrong with the layer, in words, and ends its build. */
  stop(problem: string): never;
}

export interface LayerDefinition {
  readonly doc: string;
  /** Checks and completes the long form. Every option has a `.describe(...)`. */
  readonly options: z.ZodType<Readonly<Record<string, unknown>>>;
  /** The option that the short form gives: `dense: 128` is `dense: { units: 128 }`. */
  readonly main?: string;
  /** Layers of several inputs (add, concatenate, scaledDotProductAttention). */
  readonly joins?: boolean;
  readonly build: (context: LayerContext, inputs: readonly Node[], options: never) => Node;
}

/** Keeps the type of the options together with the function that reads them. */
export function defineLayer<Options extends Readonly<Record<string, unknown>>>(definition: {
  readonly doc: string;
  readonly options: z.ZodType<Options>;
  readonly main?: string;
  readonly joins?: boolean;
  readonly build: (context: LayerContext, inputs: readonly Node[], options: Options) => Node;
}): LayerDefinition {
  return definition as unknown as LayerDefinition; // `build` is only ever called with what `options` returned
}
