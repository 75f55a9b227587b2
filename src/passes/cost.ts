// What an op costs: the operations of the JavaScript it becomes. The measure by which rewrites must not lose.

import { unreachable } from "../core/unreachable.ts";
import type { Expression } from "../core/syntax.ts";
import type { CallNode, Node, OpName } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { ops } from "../ops/registry.ts";

/** Operations of one node: `sigmoid` is four, `1 / (1 + Math.exp(-x))`. A list costs one per entry, a log-sum-exp three. */
export function operationsOf(node: CallNode): number {
  const fixed = OPERATIONS.get(node.op);
  if (fixed !== undefined) return fixed;
  return node.op === "logsumexp" ? 3 * node.args.length : Math.max(1, node.args.length - 1);
}

/** Operations of everything `roots` need. */
export function operationCount(roots: readonly Node[]): number {
  let count = 0;
  for (const node of postOrder(roots)) if (node.kind === "call") count += operationsOf(node);
  return count;
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
