// `[a, b, c]`, `[1, 2; 3, 4]`: tensors from their entries, which are numbers or tensors of one shape.

import { sameShape } from "../../ir/dims.ts";
import type { Graph, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { call } from "../../ops/build.ts";
import type { Value } from "./convert.ts";
import { describe, type Application } from "./operand.ts";

/** More arguments than this are taken in groups: a JavaScript call cannot spread any number of them. */
const GROUP = 4096;

/** A tensor of entries that are alike; undefined, reported, where one is not. */
export function listOf(application: Application): Value {
  const { operands, conversion } = application;
  const [first] = operands;
  const odd = operands.find(({ node }) => !sameShape(node.type.shape, first!.node.type.shape));
  const nodes = operands.map(({ node }) => node);
  if (odd === undefined) return makeList(nodes, application);
  const found = `the entries of a list have one shape, and ${describe(first!, conversion)} while ${describe(odd, conversion)}`;
  conversion.reporter.report("WG1201", odd.syntax.span, { found });
  return undefined;
}

/** Numbers in rows, or tensors under each other. */
function makeList(nodes: readonly Node[], { conversion: { graph, entries } }: Application): Node {
  const inner = nodes[0]!.type.shape;
  const shape = [nodes.length, ...inner];
  const numbers: Node[] = [];
  for (const node of nodes) {
    const own = inner.length === 0 ? [node] : entries.get(node);
    if (own === undefined) return stack(nodes, graph);
    for (const entry of own) numbers.push(entry);
  }
  const list = fromNumbers(numbers, shape, graph);
  entries.set(list, numbers);
  return list;
}

function fromNumbers(numbers: readonly Node[], shape: readonly Dim[], graph: Graph): Node {
  const values = numbers.flatMap((node) => (node.kind === "const" ? [node.value] : []));
  if (values.length === numbers.length) return call(graph, "literal", [], { shape, values });
  const parts = numbers.map((node) => call(graph, "reshape", [node], { shape: [1] }));
  return call(graph, "reshape", [joined(parts, graph)], { shape });
}

function stack(nodes: readonly Node[], graph: Graph): Node {
  const parts = nodes.map((node) => call(graph, "reshape", [node], { shape: [1, ...node.type.shape] }));
  return joined(parts, graph);
}

/** Under each other, in groups where there are very many. */
function joined(parts: readonly Node[], graph: Graph): Node {
  if (parts.length <= GROUP) return call(graph, "concat", parts, { axis: 0 });
  const groups: Node[] = [];
  for (let at = 0; at < parts.length; at += GROUP) groups.push(joined(parts.slice(at, at + GROUP), graph));
  return joined(groups, graph);
}
