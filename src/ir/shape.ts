// Types of nodes: an element type and a shape. A scalar is a tensor of rank 0.

/** A dimension: a known size, or the name of one that stays symbolic down to the emitted code (`batch`). */
export type Dim = number | string;

export interface TensorType {
  readonly dtype: "real" | "integer" | "boolean";
  readonly shape: readonly Dim[];
}

export const REAL: TensorType = Object.freeze({ dtype: "real", shape: Object.freeze([]) });
export const BOOLEAN: TensorType = Object.freeze({ dtype: "boolean", shape: Object.freeze([]) });

/** Text that identifies a type, used in hash-consing and dumps: `real`, `real[5,10]`. */
export function typeKey(type: TensorType): string {
  return type.shape.length === 0 ? type.dtype : `${type.dtype}[${type.shape.join(",")}]`;
}
