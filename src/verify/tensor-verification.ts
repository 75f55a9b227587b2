// What goes into a verification of code over tensors; what comes out is in verification.ts. Directions over tensors are here too.

import type { FrontendResult, FunctionInput } from "../frontends/source.ts";
import type { Node } from "../ir/graph.ts";
import type { Tensor } from "../ops/tensor/define.ts";

/** A tensor for every input, in order. Integers and truth values are doubles too. */
export type Point = readonly Tensor[];

/** What each input moves by; undefined: it stays. */
export type Direction = readonly (Float64Array | undefined)[];

/**
 * The emitted code, running. Directions and gradients have a tensor for every input of `wrt`, in order. Only the elements of results are
 * looked at, in row-major order, not their shapes.
 */
export interface EmittedTensors {
  value?(point: Point): readonly Tensor[];
  /** Of a scalar output. */
  gradient?(point: Point): { readonly value: readonly Tensor[]; readonly gradients: readonly Tensor[] };
  /** Forward, then backward with these adjoints of the outputs. */
  backward?(point: Point, seeds: readonly Tensor[]): readonly Tensor[];
  jvp?(point: Point, directions: readonly Tensor[]): { readonly value: readonly Tensor[]; readonly tangents: readonly Tensor[] };
  /** A row for each element of the outputs, a column for each coordinate of `wrt`. */
  jacobian?(point: Point): { readonly value: readonly Tensor[]; readonly J: Tensor };
  hvp?(
    point: Point,
    directions: readonly Tensor[],
  ): { readonly value: readonly Tensor[]; readonly gradients: readonly Tensor[]; readonly products: readonly Tensor[] };
  /** A row and a column for each coordinate of `wrt`. */
  hessian?(point: Point): { readonly value: readonly Tensor[]; readonly gradients: readonly Tensor[]; readonly H: Tensor };
}

export interface TensorVerifySpec {
  readonly name: string;
  readonly inputs: readonly FunctionInput[];
  /** Indices into `inputs`. */
  readonly wrt: readonly number[];
  readonly outputs: readonly Node[];
  /** Sizes that symbolic dimensions must have; others are chosen. */
  readonly sizes?: ReadonlyMap<string, number>;
  readonly seed?: number;
  /** How much to spend, as a multiple of the usual; default 1. */
  readonly thoroughness?: number;
  readonly origins?: FrontendResult["origins"];
  readonly emitted: EmittedTensors;
}
