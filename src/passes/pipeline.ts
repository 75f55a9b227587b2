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
  /** What stands for each node the result needs. */
  readonly run: (graph: Graph, result: ModeResult, inputs: readonly FunctionInput[]) => ReadonlyMap<Node, Node>;
}

const passes: readonly Pass[] = [
  {
    name: "simplify",
    run: (graph, result, inputs) =>
      rewrite(graph, rootsOf(result), { rules: backwardRules, inputs, frozen: new Set(postOrder(result.outputs)) }).replaced,
  },
  { name: "expand", run: (graph, result) => expand(graph, rootsOf(result)) },
  { name: "share reciprocals", fastOnly: true, run: (graph, result) => shareReciprocals(graph, rootsOf(result)) },
];

/** Runs the passes; names follow their nodes. */
export function runPasses(graph: Graph, start: NamedResult, inputs: readonly FunctionInput[], fast: boolean): NamedResult {
  return passes
    .filter((pass) => fast || !pass.fastOnly)
    .reduce((current, pass) => {
      const replaced = pass.run(graph, current.result, inputs);
      return {
        result: mapMode(current.result, (node) => replaced.get(node) ?? node),
        stageNames: mapNames(current.stageNames, replaced),
      };
    }, start);
}

/** Names of what now stands for the named nodes; a node that is gone, or has become an input or a constant, needs none. */
export function mapNames(names: ReadonlyMap<Node, string>, replaced: ReadonlyMap<Node, Node>): Map<Node, string> {
  const mapped = new Map<Node, string>();
  for (const [node, name] of names) {
    const now = replaced.get(node);
    if (now?.kind === "call" && !mapped.has(now)) mapped.set(now, name);
  }
  return mapped;
}
