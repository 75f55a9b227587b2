// Operations of both passes over tensors, with small sizes in the place of symbolic dimensions.

import { operationsOfLine } from "../emit/typescript/tensor/lines.ts";
import { dimSymbols, evaluateDim } from "../ir/dims.ts";
import type { Node } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";

/** The size that a symbolic dimension counts as: large enough that constant parts do not matter. */
const SIZE = 32;

export interface CountedPlan {
  readonly stages: readonly { readonly node: Node }[];
  readonly backward: readonly { readonly value: Node; readonly action: string }[];
  readonly names: ReadonlyMap<Node, string>;
}

export function countOperations({ stages, backward, names }: CountedPlan): { forward: number; backward: number } {
  const context = { nameOf: (node: Node) => names.get(node) };
  const count = (node: Node): number => operationsOfLine(node, context, elements);
  const forward = stages.reduce((sum, { node }) => sum + count(node), 0);
  const grown = (value: Node, action: string): number => (action === "grow" ? elements(value.type.shape) : 0);
  return {
    forward: Math.round(forward),
    backward: Math.round(backward.reduce((sum, { value, action }) => sum + count(value) + grown(value, action), 0)),
  };
}

function elements(shape: readonly Dim[]): number {
  return shape.reduce<number>((size, dim) => size * evaluateDim(dim, new Map(dimSymbols(dim).map((name) => [name, SIZE]))), 1);
}
