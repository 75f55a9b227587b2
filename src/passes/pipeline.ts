// What both passes together go through after differentiation, in order, as data.

import type { FunctionInput } from "../frontends/source.ts";
import type { Graph, Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { backwardRules } from "../rules/all.ts";
import { expand } from "./expand.ts";
import { mapMode, rootsOf, type ModeResult } from "./modes.ts";
import { shareReciprocals } from "./reciprocals.ts";
import { rewrite } from "./simplify.ts";

/** A computation with the names a person gave to parts of it. */
export interface NamedResult {
  readonly result: ModeResult;
  readonly stageNames: ReadonlyMap<Node, string>;
}

interface Pass {
  readonly name: string;
  readonly fastOnly?: boolean;
  /** What stands for each node that the roots need. The first `outputs` roots are the forward pass. */
  readonly run: (
    graph: Graph,
    roots: readonly Node[],
    outputs: number,
    inputs: readonly FunctionInput[],
  ) => ReadonlyMap<Node, Node>;
}

const passes: readonly Pass[] = [
  {
    name: "simplify",
    run: (graph, roots, outputs, inputs) =>
      rewrite(graph, roots, { rules: backwardRules, inputs, frozen: new Set(postOrder(roots.slice(0, outputs))) }).replaced,
  },
  { name: "expand", run: (graph, roots) => expand(graph, roots) },
  { name: "share reciprocals", fastOnly: true, run: (graph, roots) => shareReciprocals(graph, roots) },
];

/** Runs the passes; names follow their nodes. */
export function runPasses(graph: Graph, start: NamedResult, inputs: readonly FunctionInput[], fast: boolean): NamedResult {
  const steps: ReadonlyMap<Node, Node>[] = [];
  let roots: readonly Node[] = rootsOf(start.result);
  for (const pass of passes) {
    if (pass.fastOnly && !fast) continue;
    const replaced = pass.run(graph, roots, start.result.outputs.length, inputs);
    roots = roots.map((root) => replaced.get(root) ?? root);
    steps.push(replaced);
  }
  const after = (node: Node): Node => steps.reduce((current, step) => step.get(current) ?? current, node);
  return { result: mapMode(start.result, after), stageNames: mapNames(start.stageNames, after) };
}

/** Names of what now stands for the named nodes; what has become an input or a constant needs none. */
export function mapNames(names: ReadonlyMap<Node, string>, after: (node: Node) => Node | undefined): Map<Node, string> {
  const mapped = new Map<Node, string>();
  for (const [node, name] of names) {
    const now = after(node);
    if (now?.kind === "call" && !mapped.has(now)) mapped.set(now, name);
  }
  return mapped;
}
