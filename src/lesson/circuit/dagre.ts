// What dagre decides of a circuit: columns, the order within them, heights. Where two orders are as good, the order of reading.

import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from "@dagrejs/dagre";
import type { Circuit } from "./circuit.ts";
import { groupWires } from "./depths.ts";
import { labelSize, MARGIN, nodeSize, tagSize, type NodeSize } from "./node-size.ts";
import type { Point } from "./places.ts";
import { rankByDepth, type Ranker } from "./rank.ts";
import type { Strand } from "./strands.ts";

/** dagre's network simplex gives the shortest wires but needs too long for large graphs. */
const MOST_EDGES_FOR_SIMPLEX = 250;
const NODE_SPACE = 16;
const LABEL_SPACE = 14;

type PlacedLabel = NodeLabel & { readonly size: NodeSize };
export type DagreGraph = Graph<object, PlacedLabel, EdgeLabel>;

/** The graph with every node, name tag and label placed; those of a column have their middles on one line. */
export function placeWithDagre(circuit: Circuit, strands: readonly Strand[], depths: ReadonlyMap<string, number>): DagreGraph {
  const graph = layOut(
    circuit,
    strands,
    strands.length <= MOST_EDGES_FOR_SIMPLEX ? "network-simplex" : rankByDepth(circuit, strands, depths),
  );
  // What is joined by names alone may have changed sides.
  const runsBack = circuit.wires.some(({ from, to }) => graph.node(from).x! >= graph.node(to).x!);
  return runsBack ? layOut(circuit, strands, rankByDepth(circuit, strands, depths)) : graph;
}

function layOut({ nodes }: Circuit, strands: readonly Strand[], ranker: "network-simplex" | Ranker): DagreGraph {
  const graph: DagreGraph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: "LR",
    // dagre calls a function as well, its types do not say so.
    ranker: ranker as string,
    nodesep: NODE_SPACE,
    edgesep: LABEL_SPACE,
    ranksep: 40,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  const ports = portCounts(strands);
  const setNode = (id: string, size: NodeSize): void => {
    graph.setNode(id, { width: size.width, height: size.height, size });
  };
  const names = new Map(strands.flatMap(({ wire, tagged }) => (tagged === "from" ? [[wire.from, wire.variable]] : [])));
  for (const node of nodes) setNode(node.id, nodeSize(node, ports.get(node.id) ?? 0, names.get(node.id)));
  for (const { wire, from, to, tagged } of strands) {
    if (tagged !== undefined) setNode(tagged === "from" ? from : to, tagSize(wire.variable));
    graph.setEdge(from, to, { ...labelSize(wire.label), labelpos: "c" }, wire.id);
  }
  layout(graph);
  if (readsUpwards(graph, strands)) turnOver(graph);
  orderInputs(graph, strands);
  return graph;
}

/** Whether more operands stand above an earlier operand of their gate than below it. */
function readsUpwards(graph: DagreGraph, strands: readonly Strand[]): boolean {
  const arriving = new Map<string, number[]>();
  let balance = 0;
  for (const { from, to, wire, tagged } of strands) {
    if (tagged === "to") continue;
    const height = innerPoints(graph.edge(from, to, wire.id)).at(-1)!.y;
    const before = arriving.get(to) ?? [];
    for (const earlier of before) balance += Math.sign(height - earlier);
    arriving.set(to, [...before, height]);
  }
  return balance < 0;
}

/** Mirrors heights: dagre cares for crossings, not for which operand is the first. */
function turnOver(graph: DagreGraph): void {
  const { height = 0 } = graph.graph() as GraphLabel;
  for (const id of graph.nodes()) graph.node(id).y = height - graph.node(id).y!;
  for (const edge of graph.edges()) {
    const label = graph.edge(edge);
    graph.setEdge(
      edge.v,
      edge.w,
      { ...label, points: label.points!.map(({ x, y }: Point) => ({ x, y: height - y })) },
      edge.name,
    );
  }
}

/** Ends of wires at the fuller side of each node; what leaves with one variable leaves at one place. */
function portCounts(strands: readonly Strand[]): Map<string, number> {
  const arriving = new Map<string, number>();
  const leaving = new Map<string, Set<string>>();
  for (const { from, to, wire } of strands) {
    arriving.set(to, (arriving.get(to) ?? 0) + 1);
    leaving.set(from, (leaving.get(from) ?? new Set()).add(wire.variable));
  }
  for (const [id, variables] of leaving) arriving.set(id, Math.max(arriving.get(id) ?? 0, variables.size));
  return arriving;
}

/** Inputs that one gate alone reads, and names, stand in the order in which it does, where they need the same room: no wire crosses another for it. */
function orderInputs(graph: DagreGraph, strands: readonly Strand[]): void {
  const leaving = groupWires(strands, "from");
  const alike = new Map<string, Strand[]>();
  for (const strand of strands) {
    const { from, to, wire, tagged } = strand;
    if (!(from.startsWith("input:") || tagged === "from") || leaving.get(from)!.length > 1) continue;
    const { x, height } = graph.node(from);
    const key = [to, x, height, graph.edge(from, to, wire.id).height].join(" ");
    alike.set(key, [...(alike.get(key) ?? []), strand]);
  }
  for (const group of alike.values()) {
    const places = group
      .map(({ from, to, wire }) => ({ y: graph.node(from).y!, label: graph.edge(from, to, wire.id) }))
      .sort((a, b) => a.y - b.y);
    group.forEach(({ from, to, wire: { id } }, at) => {
      const { y, label } = places[at]!;
      graph.node(from).y = y;
      graph.setEdge(from, to, { ...label, width: graph.edge(from, to, id).width! }, id);
    });
  }
}

/** A wire's points between its ends, one for each column it passes. */
export function innerPoints({ points = [] }: EdgeLabel): Point[] {
  return points.slice(1, -1);
}
