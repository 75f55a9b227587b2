// Conditions as numbers and numbers as conditions.

import type { Graph, Node } from "../../ir/graph.ts";
import { call } from "../../ops/build.ts";

/** As a real: a condition counts 1 or 0. */
export function asReal(graph: Graph, node: Node): Node {
  return node.type.dtype === "boolean" ? call(graph, "select", [node, graph.constant(1), graph.constant(0)]) : node;
}

/** As a condition: a real holds where it is not 0. */
export function asTruth(graph: Graph, node: Node): Node {
  return node.type.dtype === "boolean" ? node : call(graph, "ne", [node, graph.constant(0)]);
}
