// Which column each node stands in, where dagre's own rankers cannot say: they know nothing of what is joined by name alone, and are slow for large graphs.

import type { Graph } from "@dagrejs/dagre";
import type { Circuit } from "./circuit.ts";
import { groupWires } from "./depths.ts";
import type { Strand } from "./strands.ts";

/** Sets `rank` of a graph's nodes, as dagre lets a function do. */
export type Ranker = (graph: Graph) => void;

/** Ranks from a node to the next: the one between is for labels. */
const STEP = 2;

/** Gates as early as their operands allow, or later where that shortens wires; inputs and names right before their readers. */
export function rankByDepth(circuit: Circuit, strands: readonly Strand[], depths: ReadonlyMap<string, number>): Ranker {
  const settled = settle(circuit, strands, depths);
  const columns = new Map(settled);
  for (const { from, to, tagged } of strands) {
    if (tagged === "from") columns.set(from, settled.get(to)! - 1);
    if (tagged === "to") columns.set(to, settled.get(from)! + 1);
  }
  return (graph) => {
    // What has no column is dagre's own root, which it takes away again.
    for (const id of graph.nodes()) graph.node(id).rank = STEP * (columns.get(id) ?? -1);
  };
}

/** From the last node to the first: one that more strands leave than reach moves towards its first reader, by wire or by name. */
function settle({ nodes, wires }: Circuit, strands: readonly Strand[], depths: ReadonlyMap<string, number>): Map<string, number> {
  const readers = groupWires(wires, "from");
  const [arriving, leaving] = [groupWires(strands, "to"), groupWires(strands, "from")];
  const settled = new Map(depths);
  for (const { id } of nodes.toReversed()) {
    const gain = (leaving.get(id)?.length ?? 0) - (arriving.get(id)?.length ?? 0);
    if (gain > 0) settled.set(id, Math.min(...readers.get(id)!.map(({ to }) => settled.get(to)!)) - 1);
  }
  return settled;
}
