// What an op costs: the operations of the JavaScript it becomes. The measure by which rewrites must not lose.

import { unreachable } from "../core/unreachable.ts";
import type { Expression } from "../core/syntax.ts";
import type { CallNode, Node, OpName } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";
import { postOrder } from "../ir/walk.ts";
import { ops } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";

/**
 * Operations of one node: `sigmoid` is four, `1 / (1 + Math.exp(-x))`. A list costs one per entry, a log-sum-exp three. Of a tensor that
 * is per element, so that one op less on a matrix outweighs any number on scalars.
 */
export function operationsOf(node: CallNode): number {
  if (node.type.shape.length > 0) return tensorOperations(node);
  return OPERATIONS.get(node.op) ?? (tensorOps.has(node.op) ? tensorOperations(node) : listOperations(node));
}

function listOperations(node: CallNode): number {
  return node.op === "logsumexp" ? 3 * node.args.length : Math.max(1, node.args.length - 1);
}

/** Operations of everything `roots` need. */
export function operationCount(roots: readonly Node[]): number {
  let count = 0;
  for (const node of postOrder(roots)) if (node.kind === "call") count += operationsOf(node);
  return count;
}

/** What a symbolic size counts as, and the most that one node does: sums of so many stay exact. */
const SYMBOLIC_SIZE = 64;
const MOST_ELEMENTS = 1e9;

/** Per element of the larger of argument and result; what is not listed is one. Reshaping is free. */
const TENSOR_OPERATIONS: Readonly<Record<string, number>> = {
  reshape: 0,
  logSumExp: 4,
  softmax: 5,
  logSoftmax: 4,
  softmaxBackward: 4,
  logSoftmaxBackward: 4,
  crossEntropy: 4,
  crossEntropyBackward: 5,
  softmaxCrossEntropy: 5,
  softmaxCrossEntropyBackward: 6,
  det: 8,
  logdet: 8,
  inv: 16,
  solve: 8,
};

function tensorOperations(node: CallNode): number {
  if (node.op === "contract") return 2 * contractedElements(node);
  const elements = Math.max(elementsOf(node), ...node.args.map(elementsOf));
  return (
    elements * (tensorOps.has(node.op) ? (TENSOR_OPERATIONS[node.op] ?? 1) : (OPERATIONS.get(node.op) ?? listOperations(node)))
  );
}

/** Products of a contraction: one for each choice of its letters. */
function contractedElements({ args, attrs }: CallNode): number {
  const [operands] = (attrs["spec"] as string).split("->");
  const [left = "", right = ""] = operands!.split(",");
  const onlyRight = [...right].flatMap((letter, axis) => (left.includes(letter) ? [] : [args[1]!.type.shape[axis]!]));
  return countElements([...args[0]!.type.shape, ...onlyRight]);
}

function elementsOf(node: Node): number {
  return countElements(node.type.shape);
}

function countElements(shape: readonly Dim[]): number {
  const count = shape.reduce<number>((product, dim) => product * (typeof dim === "number" ? dim : SYMBOLIC_SIZE), 1);
  return Math.min(count, MOST_ELEMENTS);
}

/** A general power is a logarithm, a product and an exponential. */
const POWER = 3;

const OPERATIONS: ReadonlyMap<OpName, number> = new Map(
  [...ops.values()].filter((op) => !op.variadic).map((op) => [op.name, op.name === "pow" ? POWER : operationsIn(op.js)]),
);

function operationsIn(e: Expression): number {
  switch (e.kind) {
    case "number":
    case "name":
      return 0;
    case "unary":
      return 1 + operationsIn(e.operand);
    case "binary":
      return 1 + operationsIn(e.left) + operationsIn(e.right);
    case "call":
      return 1 + e.args.reduce((sum, arg) => sum + operationsIn(arg), 0);
    case "conditional":
      return 1 + operationsIn(e.test) + operationsIn(e.yes) + operationsIn(e.no);
    default:
      return unreachable(e);
  }
}
