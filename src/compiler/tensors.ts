// Between tensors as the checker has them (a shape and doubles) and what generated functions take and give.

import type { TensorType } from "../ir/shape.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import type { Precision } from "./precision.ts";

/** An argument of a generated function: a number, a Float64Array, an Int32Array. Never the checker's own array. */
export function toArgument(
  { data }: Tensor,
  type: TensorType,
  precision: Precision = "f64",
): number | Float64Array | Float32Array | Int32Array {
  if (type.shape.length === 0) return data[0]!;
  return type.dtype === "real" ? toReals(data, precision) : Int32Array.from(data);
}

export function toReals(data: Float64Array, precision: Precision = "f64"): Float64Array | Float32Array {
  return precision === "f32" ? Float32Array.from(data) : Float64Array.from(data);
}

/** A result as a tensor of the shape that is expected. */
export function fromResult(value: unknown, shape: readonly number[]): Tensor {
  const data = typeof value === "number" ? Float64Array.of(value) : Float64Array.from(value as ArrayLike<number>);
  return { shape, data };
}
