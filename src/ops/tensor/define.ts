// What a tensor op is: shape rule, reference meaning, pullback and pushforward as nodes. Elementwise ops are in the tables above this folder;
// they broadcast. Code for tensor ops is in emit/typescript/kernels.ts.

import type { Attrs, CallNode, Node } from "../../ir/graph.ts";
import type { TensorType } from "../../ir/shape.ts";

/** A concrete tensor, row-major; a scalar has shape []. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Makes typed nodes. */
export type Call = (op: string, args: readonly Node[], attrs?: Attrs) => Node;

/** One step of a sweep through a node. */
export interface Step {
  readonly node: CallNode;
  readonly args: readonly Node[];
  readonly attrs: Attrs;
  readonly call: Call;
  readonly constant: (value: number) => Node;
}

/** The adjoint of an argument, made when asked for; null: the result does not depend on it smoothly. */
export type ArgumentAdjoint = (() => Node) | null;

export interface TensorOpSpec {
  /** The type of the result, or what is wrong with the arguments, in words. */
  readonly infer: (args: readonly TensorType[], attrs: Attrs) => TensorType | string;
  /** The numeric meaning, written for clarity: what everything else is checked against. Dimensions in `attrs` are numbers by then. */
  readonly evaluate: (args: readonly Tensor[], attrs: Attrs) => Tensor;
  /** Arguments the result is linear in, the others held: its tangent is the op with a tangent in that place. */
  readonly linearIn?: readonly number[] | "all";
  readonly pullback?: (step: Step, adjoint: Node) => readonly ArgumentAdjoint[];
  /** Where it is not linear: the tangent from those of the arguments (undefined: zero). */
  readonly pushforward?: (step: Step, tangents: readonly (Node | undefined)[]) => Node | undefined;
  /** The same in terms of other ops: what is differentiated where an op has no pullback of its own. */
  readonly expand?: (step: Step) => Node;
  /** Shapes to try it on: of the arguments, with integers below `below`; and attrs. */
  readonly samples: readonly Sample[];
  /** Name of a stage, as for scalar ops: `{x}` is the operand's word. */
  readonly stageName: string;
  readonly latex: string;
  readonly doc: string;
  /** The derivative, where it has a well-known form. */
  readonly identity?: string;
  /** Only made by the compiler: in backward passes, or from other notations. */
  readonly internal?: boolean;
}

export interface Sample {
  readonly shapes: readonly (readonly number[])[];
  readonly attrs?: Attrs;
  /** Arguments that are indices, with the number they stay below. */
  readonly indices?: Readonly<Record<number, number>>;
  /** Arguments that are sampled positive, or as well-conditioned matrices. */
  readonly domain?: "positive" | "matrix";
}

export interface TensorOpDefinition extends TensorOpSpec {
  readonly name: string;
  readonly params: readonly string[];
}

export function tensorOp(params: readonly string[], spec: TensorOpSpec): Omit<TensorOpDefinition, "name"> {
  return { ...spec, params };
}

/** An attribute that is a list of numbers. */
export function numbers(attrs: Attrs, name: string): readonly number[] {
  return attrs[name] as readonly number[]; // as whoever made the node wrote it
}
