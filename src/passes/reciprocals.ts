// Divisions by the same denominator share one reciprocal: a division costs several products. Rounds differently by one unit in the last place.

import type { Graph, Node } from "../ir/graph.ts";
import { postOrder, transform } from "../ir/walk.ts";
import { call, isConstant } from "../ops/build.ts";

/** What stands for each node, nothing where nothing changes. Turns `a / d`, `b / d` into `a * r`, `b * r` with `r = 1 / d` wherever `d` divides more than once. */
export function shareReciprocals(graph: Graph, roots: readonly Node[]): Map<Node, Node> {
  const divisions = new Map<Node, number>();
  for (const node of postOrder(roots)) {
    const denominator = denominatorOf(node);
    if (denominator !== undefined) divisions.set(denominator, (divisions.get(denominator) ?? 0) + 1);
  }
  if (![...divisions.values()].some((count) => count > 1)) return new Map();
  return transform(roots, (node, args) => {
    if (node.kind !== "call") return node;
    const denominator = denominatorOf(node);
    if (denominator === undefined || divisions.get(denominator)! < 2) return call(graph, node.op, args);
    const inverse = call(graph, "recip", [args.at(-1)!]);
    return node.op === "recip" || isConstant(args[0]!, 1) ? inverse : multiply(graph, args[0]!, inverse);
  });
}

/** What a node divides by, constants aside: those divide as they are. */
function denominatorOf(node: Node): Node | undefined {
  if (node.kind !== "call" || (node.op !== "div" && node.op !== "recip")) return undefined;
  const denominator = node.args.at(-1)!;
  return denominator.kind === "const" ? undefined : denominator;
}

/** `-a * r` is `-(a * r)`, whose sign can be taken in by the line that reads it. */
function multiply(graph: Graph, numerator: Node, inverse: Node): Node {
  if (numerator.kind === "call" && numerator.op === "neg")
    return call(graph, "neg", [call(graph, "mul", [numerator.args[0]!, inverse])]);
  return call(graph, "mul", [numerator, inverse]);
}
