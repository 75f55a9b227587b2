// The curves of the wires: level through every column, where texts and gates stand, climbing only between columns.

import { groupWires } from "./depths.ts";
import type { Column, PlacedEnd, PlacedWire, Point, Track } from "./places.ts";
import { DOT, PORT_SPACE, type Size } from "./node-size.ts";

/** Ends of wires on a circle stay within this part of its radius, so that they do not graze it. */
const CIRCLE_PORTS = 0.72;

/** Wires between the places of nodes and name tags, by id. */
export function routeWires(
  places: ReadonlyMap<string, PlacedEnd>,
  tracks: readonly Track[],
  columns: readonly Column[],
): PlacedWire[] {
  const ends = portsOf(places, tracks, "to");
  const starts = portsOf(places, tracks, "from");
  return tracks.map((track) => {
    const from = places.get(track.from)!;
    const to = places.get(track.to)!;
    const corners: Point[] = [
      startPoint(from, starts.get(track)!),
      { x: edgeOf(columns, from).right, y: from.y + starts.get(track)! },
    ];
    let at: Point = corners[1]!;
    for (const { column, y, isLabel } of track.stops) {
      const { left, right } = columns[column]!;
      corners.push({ x: left, y }, { x: right, y });
      if (isLabel) at = { x: (left + right) / 2, y };
    }
    const end = ends.get(track)!;
    corners.push({ x: edgeOf(columns, to).left, y: to.y + end }, endPoint(to, end));
    return { wire: track.wire, tagged: track.tagged, at, label: track.label, pieces: [corners] };
  });
}

function edgeOf(columns: readonly Column[], { x }: PlacedEnd): Column {
  return columns.find(({ left, right }) => left <= x && x <= right)!;
}

/** Heights of wires' ends against the middle of their node: in the order in which they come, level where they can be. */
function portsOf(places: ReadonlyMap<string, PlacedEnd>, tracks: readonly Track[], side: "from" | "to"): Map<Track, number> {
  const ports = new Map<Track, number>();
  for (const [id, meeting] of groupWires(tracks, side)) {
    const place = places.get(id)!;
    for (const [track, height] of spreadPorts(place, meeting, side)) ports.set(track, height);
  }
  return ports;
}

function spreadPorts(place: PlacedEnd, meeting: readonly Track[], side: "from" | "to"): [Track, number][] {
  const single = side === "from" && new Set(meeting.map(({ wire }) => wire.variable)).size === 1;
  if (single) return meeting.map((track) => [track, 0]);
  const heightOf = ({ stops }: Track): number => stops.at(side === "to" ? -1 : 0)!.y - place.y;
  const ordered = [...meeting].sort((a, b) => heightOf(a) - heightOf(b));
  const reach = (place.size.core.height / 2) * (place.isRound ? CIRCLE_PORTS : 1) - (place.isRound ? 0 : PORT_SPACE);
  const space = ordered.length === 1 ? 0 : Math.min(PORT_SPACE, (2 * reach) / (ordered.length - 1));
  const heights = ordered.map((track) => Math.max(-reach, Math.min(reach, heightOf(track))));
  // Down the side each end keeps its distance from the one before; up the side what left the node comes back.
  for (let at = 1; at < heights.length; at++) heights[at] = Math.max(heights[at]!, heights[at - 1]! + space);
  for (let at = heights.length - 1, most = reach; at >= 0; at--, most = heights[at + 1]! - space)
    heights[at] = Math.min(heights[at]!, most);
  return ordered.map((track, at) => [track, heights[at]!]);
}

function startPoint(place: PlacedEnd, height: number): Point {
  const { core, fork, width } = place.size;
  const y = place.y + height;
  if (fork > 0) return { x: place.x + (width - fork) / 2 + fork - DOT, y };
  return { x: place.x + halfWidth(place, core, height), y };
}

function endPoint(place: PlacedEnd, height: number): Point {
  return { x: place.x - halfWidth(place, place.size.core, height), y: place.y + height };
}

/** From the middle of a node to its border at a height. */
function halfWidth(place: PlacedEnd, { width }: Size, height: number): number {
  return place.isRound ? Math.sqrt((width / 2) ** 2 - height ** 2) : width / 2;
}
