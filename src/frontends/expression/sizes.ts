// Sizes as numbers of an expression, and numbers of an expression as sizes: which nodes stand for a dimension, `n - 1` among them.

import { addDims, divideDims, multiplyDims, sizeOfShape, subtractDims } from "../../ir/dims.ts";
import type { Graph, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { call } from "../../ops/build.ts";

/** Nodes whose value is a dimension that has no number yet. */
export type SizeNodes = Map<Node, Dim>;

/** A product of sums of names grows with every factor; nobody writes sizes longer than this. */
const LONGEST = 200;

export function sizeNode(dim: Dim, graph: Graph, sizes: SizeNodes): Node {
  const node = call(graph, "size", [], { dim });
  if (node.kind === "call") sizes.set(node, dim);
  return node;
}

/** The size that a node stands for: a whole number, or one made of the names of dimensions. */
export function sizeOf(node: Node, sizes: SizeNodes): Dim | undefined {
  if (node.kind !== "const") return sizes.get(node);
  return Number.isSafeInteger(node.value) ? node.value : undefined;
}

/** Remembers that a sum, difference or product of sizes is one. */
export function noteSize(node: Node, sizes: SizeNodes): void {
  if (node.kind !== "call" || sizes.has(node)) return;
  const dims: Dim[] = [];
  for (const arg of node.args) {
    const dim = sizeOf(arg, sizes);
    if (dim === undefined) return;
    dims.push(dim);
  }
  const size = combined(node.op, dims);
  if (size !== undefined && String(size).length <= LONGEST) sizes.set(node, size);
}

function combined(op: string, [a, b]: readonly Dim[]): Dim | undefined {
  if (a === undefined) return undefined;
  if (op === "neg") return multiplyDims(a, -1);
  if (b === undefined) return undefined;
  switch (op) {
    case "add":
      return addDims(a, b);
    case "sub":
      return subtractDims(a, b);
    case "mul":
      return multiplyDims(a, b);
    case "div":
      return divideDims(a, b);
    default:
      return undefined;
  }
}

export const MOST_AXES = 6;
const MOST_ELEMENTS = 1e9;

/** What makes a tensor too large to be meant; dimensions without a number count as 1. */
export function excess(shape: readonly Dim[]): string | undefined {
  if (shape.length > MOST_AXES) return `${shape.length} axes`;
  const elements = sizeOfShape(shape.filter((dim) => typeof dim === "number"));
  return typeof elements === "number" && elements > MOST_ELEMENTS ? `${elements} elements` : undefined;
}
