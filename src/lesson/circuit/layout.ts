// Where everything stands. dagre decides columns, order and heights; from its columns come places and wires that touch no text.

import type { Circuit, CircuitNode } from "./circuit.ts";
import { innerPoints, placeWithDagre, type DagreGraph } from "./dagre.ts";
import { depthsOf } from "./depths.ts";
import { MARGIN } from "./node-size.ts";
import type { CircuitLayout, Column, PlacedEnd, PlacedNode, Track, TrackTag } from "./places.ts";
import { routeWires } from "./route.ts";
import { strandsOf, type Strand } from "./strands.ts";
import { wrapRows } from "./wrap.ts";

/** Between two columns: at least this, and more where wires climb. */
const NARROWEST_GAP = 12;
const WIDEST_GAP = 60;
const GAP_PER_CLIMB = 0.45;

/** Places nodes, wires and labels from left to right, in rows of about this width. */
export function layoutCircuit(circuit: Circuit, rowWidth: number): CircuitLayout {
  const depths = depthsOf(circuit);
  const strands = strandsOf(circuit, depths);
  const graph = placeWithDagre(circuit, strands, depths);
  const middles = columnsOf(graph);
  const { columnOf } = middles;
  const tracks = strands.map((strand) => trackOf(graph, strand, columnOf));
  const columns = spreadColumns(graph, middles, tracks);
  const nodes = circuit.nodes.map((node) => placeNode(graph, node, columns[columnOf(graph.node(node.id).x!)]!));
  const places = new Map(nodes.map((place) => [place.node.id, endOf(place)]));
  for (const track of tracks) {
    if (track.tag !== undefined) places.set(track.tag.id, placeTag(track.tag, columns[track.tag.column]!));
  }
  return wrapRows({ nodes, wires: routeWires(places, tracks, columns), columns, rowWidth });
}

interface Columns {
  /** Middles, left to right. */
  readonly centers: readonly number[];
  readonly columnOf: (x: number) => number;
}

/** dagre puts the middles of a rank on one line; the lines, left to right. */
function columnsOf(graph: DagreGraph): Columns {
  const key = (x: number): number => Math.round(x * 8);
  const middles = new Set<number>();
  for (const id of graph.nodes()) middles.add(key(graph.node(id).x!));
  for (const edge of graph.edges()) for (const { x } of innerPoints(graph.edge(edge))) middles.add(key(x));
  const centers = [...middles].sort((a, b) => a - b);
  const numbers = new Map(centers.map((middle, at) => [middle, at]));
  return { centers, columnOf: (x) => numbers.get(key(x))! };
}

function trackOf(graph: DagreGraph, strand: Strand, columnOf: (x: number) => number): Track {
  const edge = graph.edge(strand.from, strand.to, strand.wire.id);
  const label = { width: edge.width!, height: edge.height! };
  const stops = innerPoints(edge).map(({ x, y }) => ({ column: columnOf(x), y, isLabel: columnOf(x) === columnOf(edge.x!) }));
  return { ...strand, stops, label, tag: tagOf(graph, strand, columnOf) };
}

function tagOf(graph: DagreGraph, { tagged, from, to }: Strand, columnOf: (x: number) => number): TrackTag | undefined {
  if (tagged === undefined) return undefined;
  const id = tagged === "from" ? from : to;
  const { x, y, size } = graph.node(id);
  return { id, side: tagged, column: columnOf(x!), y: y!, size };
}

/** New edges of the columns: as wide as what stands in them, as far apart as the wires between them climb. */
function spreadColumns(graph: DagreGraph, { centers, columnOf }: Columns, tracks: readonly Track[]): Column[] {
  const widths = centers.map(() => 0);
  const climbs = centers.map(() => 0);
  const columnOfNode = new Map<string, number>();
  for (const id of graph.nodes()) {
    const { x, width } = graph.node(id);
    columnOfNode.set(id, columnOf(x!));
    widths[columnOf(x!)] = Math.max(widths[columnOf(x!)]!, width);
  }
  for (const { from, to, stops, label, tag } of tracks) {
    if (tag !== undefined) widths[tag.column] = Math.max(widths[tag.column]!, tag.size.width);
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

function endOf({ node, size, x, y }: PlacedNode): PlacedEnd {
  return { size, x, y, isRound: node.kind === "gate" && node.face.form === "circle" };
}

/** A name stands at that side of its column where its wire is. */
function placeTag({ side, y, size }: TrackTag, { left, right }: Column): PlacedEnd {
  return { size, x: side === "from" ? right - size.width / 2 : left + size.width / 2, y, isRound: false };
}
