// Where everything stands. dagre decides columns, order and heights; from its columns come places and wires that touch no text.

import type { Circuit, CircuitNode, CircuitWire } from "./circuit.ts";
import { innerPoints, placeWithDagre, type DagreGraph } from "./dagre.ts";
import { MARGIN } from "./node-size.ts";
import type { CircuitLayout, Column, PlacedNode, Track } from "./places.ts";
import { routeWires } from "./route.ts";
import { wrapRows } from "./wrap.ts";

/** Between two columns: at least this, and more where wires climb. */
const NARROWEST_GAP = 12;
const WIDEST_GAP = 60;
const GAP_PER_CLIMB = 0.45;

/** Places nodes, wires and labels from left to right, in rows of about this width. */
export function layoutCircuit(circuit: Circuit, rowWidth: number): CircuitLayout {
  const graph = placeWithDagre(circuit);
  const { columns: centers, columnOf } = columnsOf(graph);
  const tracks = circuit.wires.map((wire) => trackOf(graph, wire, columnOf));
  const columns = spreadColumns(graph, circuit, centers, tracks);
  const nodes = circuit.nodes.map((node) => placeNode(graph, node, columns[columnOf(graph.node(node.id).x!)]!));
  return wrapRows({ nodes, wires: routeWires(nodes, tracks, columns), columns, rowWidth });
}

interface Columns {
  readonly columns: readonly number[];
  readonly columnOf: (x: number) => number;
}

/** dagre puts the middles of a rank on one line; the lines, left to right. */
function columnsOf(graph: DagreGraph): Columns {
  const key = (x: number): number => Math.round(x * 8);
  const middles = new Set<number>();
  for (const id of graph.nodes()) middles.add(key(graph.node(id).x!));
  for (const edge of graph.edges()) for (const { x } of innerPoints(graph.edge(edge))) middles.add(key(x));
  const columns = [...middles].sort((a, b) => a - b);
  const numbers = new Map(columns.map((middle, at) => [middle, at]));
  return { columns, columnOf: (x) => numbers.get(key(x))! };
}

function trackOf(graph: DagreGraph, wire: CircuitWire, columnOf: (x: number) => number): Track {
  const edge = graph.edge(wire.from, wire.to, wire.id);
  const labelColumn = columnOf(edge.x!);
  const stops = innerPoints(edge).map(({ x, y }) => ({ column: columnOf(x), y, isLabel: columnOf(x) === labelColumn }));
  return { wire, from: wire.from, to: wire.to, stops, label: { width: edge.width!, height: edge.height! } };
}

/** New edges of the columns: as wide as what stands in them, as far apart as the wires between them climb. */
function spreadColumns(graph: DagreGraph, circuit: Circuit, centers: readonly number[], tracks: readonly Track[]): Column[] {
  const widths = centers.map(() => 0);
  const climbs = centers.map(() => 0);
  const columnOfNode = new Map<string, number>();
  const { columnOf } = columnsOf(graph);
  for (const { id } of circuit.nodes) {
    const { x, width } = graph.node(id);
    columnOfNode.set(id, columnOf(x!));
    widths[columnOf(x!)] = Math.max(widths[columnOf(x!)]!, width);
  }
  for (const { from, to, stops, label } of tracks) {
    let last = { column: columnOfNode.get(from)!, y: graph.node(from).y! };
    for (const stop of [...stops, { column: columnOfNode.get(to)!, y: graph.node(to).y!, isLabel: false }]) {
      if (stop.isLabel) widths[stop.column] = Math.max(widths[stop.column]!, label.width);
      climbs[last.column] = Math.max(climbs[last.column]!, Math.abs(stop.y - last.y));
      last = stop;
    }
  }
  let left = MARGIN;
  return widths.map((width, at) => {
    const column = { left, right: left + width };
    left = column.right + Math.min(WIDEST_GAP, Math.max(NARROWEST_GAP, climbs[at]! * GAP_PER_CLIMB));
    return column;
  });
}

/** Inputs stand at the right of their column and the result at the left, next to their wires; others in the middle. */
function placeNode(graph: DagreGraph, node: CircuitNode, { left, right }: Column): PlacedNode {
  const { size, y } = graph.node(node.id);
  const body = size.width - size.fork;
  const slack = right - left - size.width;
  const start = node.kind === "input" ? left + slack : node.kind === "result" ? left : left + slack / 2;
  return { node, size, x: start + body / 2, y: y! };
}
