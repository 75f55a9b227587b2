// What dagre decides of a circuit: columns, the order within them, heights. Where two orders are as good, the order of reading.

import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from "@dagrejs/dagre";
import type { Circuit, CircuitWire } from "./circuit.ts";
import { labelSize, MARGIN, nodeSize, type NodeSize } from "./node-size.ts";
import type { Point } from "./places.ts";

/** dagre's network simplex gives the shortest wires but needs too long for large graphs. */
const MOST_EDGES_FOR_SIMPLEX = 250;
const NODE_SPACE = 16;
const LABEL_SPACE = 14;

type PlacedLabel = NodeLabel & { readonly size: NodeSize };
export type DagreGraph = Graph<object, PlacedLabel, EdgeLabel>;

/** The graph with every node and label placed; nodes and labels of a column have their middles on one line. */
export function placeWithDagre({ nodes, wires }: Circuit): DagreGraph {
  const graph: DagreGraph = new Graph({ multigraph: true });
  const ranker = wires.length <= MOST_EDGES_FOR_SIMPLEX ? "network-simplex" : "longest-path";
  graph.setGraph({
    rankdir: "LR",
    ranker,
    nodesep: NODE_SPACE,
    edgesep: LABEL_SPACE,
    ranksep: 40,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  const ports = portCounts(wires);
  for (const node of nodes) {
    const size = nodeSize(node, ports.get(node.id) ?? 0);
    graph.setNode(node.id, { width: size.width, height: size.height, size });
  }
  for (const wire of wires) graph.setEdge(wire.from, wire.to, { ...labelSize(wire.label), labelpos: "c" }, wire.id);
  layout(graph);
  if (readsUpwards(graph, wires)) turnOver(graph);
  orderInputs(graph, wires);
  return graph;
}

/** Whether more operands stand above an earlier operand of their gate than below it. */
function readsUpwards(graph: DagreGraph, wires: readonly CircuitWire[]): boolean {
  const arriving = new Map<string, number[]>();
  let balance = 0;
  for (const { from, to, id } of wires) {
    const height = innerPoints(graph.edge(from, to, id)).at(-1)!.y;
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
function portCounts(wires: readonly CircuitWire[]): Map<string, number> {
  const arriving = new Map<string, number>();
  const leaving = new Map<string, Set<string>>();
  for (const { from, to, variable } of wires) {
    arriving.set(to, (arriving.get(to) ?? 0) + 1);
    leaving.set(from, (leaving.get(from) ?? new Set()).add(variable));
  }
  for (const [id, variables] of leaving) arriving.set(id, Math.max(arriving.get(id) ?? 0, variables.size));
  return arriving;
}

/** Inputs that one gate alone reads stand in the order in which it does, where they need the same room: no wire crosses another for it. */
function orderInputs(graph: DagreGraph, wires: readonly CircuitWire[]): void {
  const reads = new Map<string, number>();
  for (const { from } of wires) reads.set(from, (reads.get(from) ?? 0) + 1);
  const alike = new Map<string, CircuitWire[]>();
  for (const wire of wires) {
    if (!wire.from.startsWith("input:") || reads.get(wire.from) !== 1) continue;
    const { x, height } = graph.node(wire.from);
    const key = [wire.to, x, height, graph.edge(wire.from, wire.to, wire.id).height].join(" ");
    alike.set(key, [...(alike.get(key) ?? []), wire]);
  }
  for (const group of alike.values()) {
    const places = group
      .map(({ from, to, id }) => ({ y: graph.node(from).y!, label: graph.edge(from, to, id) }))
      .sort((a, b) => a.y - b.y);
    group.forEach(({ from, to, id }, at) => {
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
