// Writes log-sum-exp out for straight-line code, after differentiation, so that the shifted exponentials of the forward pass are
// shared with the softmax that is its gradient: exp(a − lse) is exp(a − shift) / sum.

import type { CallNode, Graph, Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { call } from "../ops/build.ts";

interface Expansion {
  /** exp(a − shift) by the old node of a. */
  readonly exponentials: ReadonlyMap<Node, Node>;
  readonly sum: Node;
}

/** What stands for each node that `roots` need; nothing where there is no log-sum-exp. Stable for any finite arguments, and where some (not all) are −Infinity. */
export function expand(graph: Graph, roots: readonly Node[]): Map<Node, Node> {
  const replaced = new Map<Node, Node>();
  const expansions = new Map<Node, Expansion>();
  const nodes = postOrder(roots);
  if (!nodes.some((node) => node.kind === "call" && node.op === "logsumexp")) return replaced;
  for (const node of nodes) replaced.set(node, node.kind === "call" ? visit(node) : node);
  return replaced;

  function visit(node: CallNode): Node {
    if (node.op === "logsumexp") return expandNorm(node);
    const share = node.op === "exp" ? softmaxShare(node, expansions) : undefined;
    if (share !== undefined) return call(graph, "div", [share.exponential, share.sum]);
    const args = node.args.map((arg) => replaced.get(arg)!);
    return args.every((arg, index) => arg === node.args[index]) ? node : graph.call(node.op, args, node.type, node.attrs);
  }

  function expandNorm(node: CallNode): Node {
    const args = node.args.map((arg) => replaced.get(arg)!);
    const shift = call(graph, "max", args);
    const shifted = args.map((arg) => call(graph, "exp", [call(graph, "sub", [arg, shift])]));
    const sum = shifted.reduce((left, right) => call(graph, "add", [left, right]));
    expansions.set(node, { exponentials: new Map(node.args.map((arg, index) => [arg, shifted[index]!])), sum });
    return call(graph, "add", [shift, call(graph, "log", [sum])]);
  }
}

/** What exp(a − lse) is made of, lse being an expanded norm that has a among its arguments. */
function softmaxShare(node: CallNode, expansions: ReadonlyMap<Node, Expansion>): { exponential: Node; sum: Node } | undefined {
  const [exponent] = node.args;
  if (exponent?.kind !== "call") return undefined;
  const [a, norm] = exponent.args;
  if (exponent.op === "neg") return shareOfZero(expansions.get(a!));
  const expansion = exponent.op === "sub" ? expansions.get(norm!) : undefined;
  const exponential = expansion?.exponentials.get(a!);
  return exponential && { exponential, sum: expansion!.sum };
}

/** exp(−lse), where one of the arguments is the constant 0. */
function shareOfZero(expansion: Expansion | undefined): { exponential: Node; sum: Node } | undefined {
  for (const [arg, exponential] of expansion?.exponentials ?? []) {
    if (arg.kind === "const" && arg.value === 0) return { exponential, sum: expansion!.sum };
  }
  return undefined;
}
