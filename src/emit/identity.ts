// The well-known form of a derivative, as comments and lessons cite it. For products of tensors it depends on which factor is transposed.

import type { CallNode } from "../ir/graph.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { productNotation, type Factor } from "./matrix-notation.ts";

/** `σ′ = σ(1 − σ)`; undefined for ops that have none. */
export function identityOf(node: CallNode): string | undefined {
  if (node.op === "contract") return productIdentity(node.attrs["spec"] as string); // every contraction has one
  return (tensorOps.get(node.op) ?? opNamed(node.op)).identity;
}

/** Over A, B, C for matrices and a, b, c for vectors, the factors named in the order in which the product is written. */
function productIdentity(spec: string): string {
  const notation = productNotation(spec);
  if (notation?.kind !== "matrix") return "each factor gets the other, times what arrives";
  const { left, right } = notation;
  if (left.isVector && right.isVector) return "C = a bᵀ: da = dC b, db = dCᵀ a";
  const a = left.isVector ? "a" : "A";
  const b = right.isVector ? "b" : "B";
  const c = left.isVector || right.isVector ? "c" : "C";
  const isPlain = c === "C" && !left.transposed && !right.transposed;
  const product = isPlain ? "" : `${c} = ${written(a, left)} ${written(b, right)}: `;
  const ofA = left.transposed ? `${written(b, right)} d${c}ᵀ` : `d${c} ${turned(b, right)}`;
  const ofB = right.transposed ? `d${c}ᵀ ${written(a, left)}` : `${turned(a, left)} d${c}`;
  return `${product}d${a} = ${ofA}, d${b} = ${ofB}`;
}

function written(letter: string, { transposed }: Factor): string {
  return transposed ? `${letter}ᵀ` : letter;
}

/** The transpose of a factor as it is written. */
function turned(letter: string, { transposed }: Factor): string {
  return transposed ? letter : `${letter}ᵀ`;
}
