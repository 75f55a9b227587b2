// What class indices must stay below: the size of the axis they index, or what is declared where that is smaller.

import { shapeText } from "../../ir/dims.ts";
import type { CallNode, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { postOrder } from "../../ir/walk.ts";
import type { FunctionInput } from "../source.ts";
import type { Conversion } from "./convert.ts";

/** Ops that read class indices, as their second argument, with the axis of the first that those index. */
const INDEXED_AXIS: ReadonlyMap<string, number> = new Map([
  ["gather", 0],
  ["pick", -1],
  ["crossEntropy", -1],
]);

/** Ops that hand on the elements of their arguments. */
const MOVING = new Set(["reshape", "slice", "transpose", "broadcast", "concat", "gather", "pick"]);

/** The inputs with bounds for those that index; reports bounds of which the smaller is not known. */
export function inferBounds(
  inputs: readonly FunctionInput[],
  outputs: readonly Node[],
  conversion: Conversion,
): readonly FunctionInput[] {
  if (!inputs.some(({ node }) => node.type.dtype === "integer")) return inputs;
  const found = new Map<Node, Set<Dim>>();
  for (const node of postOrder(outputs)) {
    const axis = node.kind === "call" ? INDEXED_AXIS.get(node.op) : undefined;
    if (axis !== undefined) noteBound(node as CallNode, axis, found); // only calls have an axis
  }
  return inputs.map((input) => withBound(input, found.get(input.node) ?? new Set(), conversion));
}

function noteBound({ args: [indexed, indices] }: CallNode, axis: number, found: Map<Node, Set<Dim>>): void {
  const dim = indexed!.type.shape.at(axis)!;
  for (const source of sourcesOf(indices!)) {
    const known = found.get(source);
    if (known === undefined) found.set(source, new Set([dim]));
    else known.add(dim);
  }
}

/** The inputs whose elements a tensor holds. */
function sourcesOf(root: Node): Node[] {
  const sources: Node[] = [];
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (node.kind === "input") sources.push(node);
    else if (node.kind === "call" && MOVING.has(node.op)) {
      const moved = INDEXED_AXIS.has(node.op) ? node.args.slice(0, 1) : node.args;
      for (const arg of moved) seen.add(arg);
    }
  }
  return sources;
}

function withBound(input: FunctionInput, found: ReadonlySet<Dim>, { reporter }: Conversion): FunctionInput {
  const bounds = new Set(found);
  if (input.below !== undefined) bounds.add(input.below);
  if (bounds.size === 0) return input;
  const numbers = [...bounds].filter((bound) => typeof bound === "number");
  const below = bounds.size === 1 ? [...bounds][0]! : Math.min(...numbers);
  if (bounds.size === 1 || numbers.length === bounds.size) return { ...input, below };
  const values = { name: input.name, bounds: [...bounds].map((bound) => shapeText([bound]).slice(1, -1)).join(" and of ") };
  reporter.report("WG1232", input.span, values, "give these axes the same size");
  return input;
}
