// Rows: a circuit too wide for a page goes on below, where few wires have to be broken off for it.

import { lineHeight, MARGIN, TAG_GAP, widthOf } from "./node-size.ts";
import { squeeze, type Interval } from "./squeeze.ts";
import type { CircuitLayout, Column, PlacedNode, PlacedTag, PlacedWire, Point } from "./places.ts";

/** A layout in one row. */
export interface LongRow {
  readonly nodes: readonly PlacedNode[];
  readonly wires: readonly PlacedWire[];
  readonly columns: readonly Column[];
  readonly rowWidth: number;
}

/** A row and how far its content moves. */
interface Row extends Column {
  readonly dx: number;
  readonly newY: (y: number) => number;
  /** After the move. */
  readonly bottom: number;
}

/** A row is not broken where more wires would be. */
const MOST_BROKEN = 10;
/** Rows are about equally long: a row ends somewhere in the last part of its share, or a little behind it. */
const SHORTEST = 0.55;
const LONGEST = 1.15;
/** A little too wide is better than another row. */
const TOLERANCE = 1.15;
const ROW_SPACE = 40;
/** Nothing is further below the next thing of its row. */
const WIDEST_BAND = 24;
/** Of wire between a column and the name where a row ends or starts. */
const TAIL = 16;

export function wrapRows(long: LongRow): CircuitLayout {
  const breaks = chooseBreaks(long);
  const spans = spansBetween(breaks, long.columns);
  const rowOf = (x: number): number =>
    Math.max(
      0,
      spans.findIndex(({ right }) => x <= right + 0.01),
    );
  const cut = long.wires.map((wire) => ({ ...wire, pieces: cutWire(wire, spans, rowOf) }));
  const room =
    TAIL +
    TAG_GAP +
    Math.max(
      0,
      ...cut.flatMap(({ wire, tagged, pieces }) =>
        pieces.length > 1 || tagged === "from" ? [widthOf(wire.variable, "tag")] : [],
      ),
    );
  const rows = stackRows(spans, room, contentsOf(long, cut, spans, rowOf));
  const move = (point: Point, row: number): Point => ({ x: point.x + rows[row]!.dx, y: rows[row]!.newY(point.y) });

  const nodes = long.nodes.map((place) => ({ ...place, ...move(place, rowOf(place.x)) }));
  const wires = cut.map(({ at, pieces, ...wire }) => {
    const placed = pieces.map(({ row, corners }) => corners.map((corner) => move(corner, row)));
    const moved = { ...wire, at: move(at, rowOf(at.x)), pieces: placed };
    return { ...moved, tags: tagsOf(moved) };
  });
  const width = Math.max(...rows.map(({ right, dx }, at) => right + dx + (at === rows.length - 1 ? 0 : room)));
  return {
    width: Math.ceil(width + MARGIN),
    height: Math.ceil(rows.at(-1)!.bottom + MARGIN),
    nodes,
    wires,
  };
}

function spansBetween(breaks: readonly Column[], columns: readonly Column[]): Column[] {
  const starts = [columns[0]!.left, ...breaks.map(({ right }) => right)];
  const ends = [...breaks.map(({ left }) => left), columns.at(-1)!.right];
  return starts.map((left, at) => ({ left, right: ends[at]! }));
}

/** Gaps where rows end: behind nodes, where the wires are still apart, and of those in reach the one with the fewest wires. */
function chooseBreaks({ nodes, wires, columns, rowWidth }: LongRow): Column[] {
  const behindNodes = columns.slice(0, -1).flatMap(({ left, right }, at): Column[] => {
    const hasNodes = nodes.some(({ x }) => left <= x && x <= right);
    return hasNodes ? [{ left: right, right: columns[at + 1]!.left }] : [];
  });
  const candidates = behindNodes
    .map((gap) => ({ gap, broken: brokenAt(wires, gap) }))
    .filter(({ broken }) => broken <= MOST_BROKEN);
  const breaks: Column[] = [];
  const end = columns.at(-1)!.right;
  let start = columns[0]!.left;
  while (end - start > rowWidth * TOLERANCE) {
    const reach = Math.min(rowWidth, ((end - start) / Math.ceil((end - start) / rowWidth)) * LONGEST);
    const ahead = candidates.filter(({ gap }) => gap.left > start + reach * SHORTEST && end - gap.right > rowWidth / 4);
    const within = ahead.filter(({ gap }) => gap.left <= start + reach);
    const best = within.length > 0 ? within.reduce((a, b) => (b.broken <= a.broken ? b : a)) : ahead[0];
    if (best === undefined) break;
    breaks.push(best.gap);
    start = best.gap.right;
  }
  return breaks;
}

/** How much is broken off at a gap. An input cut off right behind its name counts more: it could as well stand in the row below. */
function brokenAt(wires: readonly PlacedWire[], gap: Column): number {
  const broken = wires.filter((wire) => crosses(wire, gap) && !(wire.tagged === "from" && startsAt(wire, gap)));
  const inputs = broken.filter((wire) => wire.wire.from.startsWith("input:") && startsAt(wire, gap));
  return broken.length + 2 * inputs.length;
}

/** Whether a wire leaves its column into this gap. */
function startsAt({ pieces }: PlacedWire, { left }: Column): boolean {
  return pieces[0]![1]!.x >= left - 0.01;
}

function crosses({ pieces }: PlacedWire, { left, right }: Column): boolean {
  return pieces[0]![0]!.x <= left + 0.01 && pieces[0]!.at(-1)!.x >= right - 0.01;
}

/** Part of a wire's line in one row, where it stood before rows move. */
interface Piece {
  readonly row: number;
  readonly corners: Point[];
}

/** A name at the end of a row has its wire in the next one: there it goes on by name in any case. */
function cutWire({ tagged, pieces }: PlacedWire, spans: readonly Column[], rowOf: (x: number) => number): Piece[] {
  const [first, ...others] = cutAtRows(pieces[0]!, spans, rowOf);
  return tagged === "from" && others.length > 0 && first!.corners.length <= 3 ? others : [first!, ...others];
}

/** Across the end of a row a wire is broken off at the height at which it goes on. */
function cutAtRows(corners: readonly Point[], spans: readonly Column[], rowOf: (x: number) => number): Piece[] {
  const pieces: Piece[] = [{ row: rowOf(corners[0]!.x), corners: [] }];
  for (const corner of corners) {
    for (let { row, corners: before } = pieces.at(-1)!; row < rowOf(corner.x); { row, corners: before } = pieces.at(-1)!) {
      before.push({ x: spans[row]!.right + TAIL, y: corner.y });
      pieces.push({ row: row + 1, corners: [{ x: spans[row + 1]!.left - TAIL, y: corner.y }] });
    }
    pieces.at(-1)!.corners.push(corner);
  }
  return pieces;
}

/** From where to where each thing of each row reaches. */
function contentsOf(
  { nodes }: LongRow,
  wires: readonly CutWire[],
  spans: readonly Column[],
  rowOf: (x: number) => number,
): Interval[][] {
  const contents: Interval[][] = spans.map(() => []);
  const include = (row: number, y: number, height: number): void => {
    contents[row]!.push({ top: y - height / 2, bottom: y + height / 2 });
  };
  for (const { x, y, size } of nodes) include(rowOf(x), y, size.height);
  for (const { at, label, pieces } of wires) {
    include(rowOf(at.x), at.y, label.height);
    for (const { row, corners } of pieces) for (const { y } of corners) include(row, y, lineHeight("tag"));
  }
  return contents;
}

type CutWire = Omit<PlacedWire, "pieces"> & { readonly pieces: readonly Piece[] };

function stackRows(spans: readonly Column[], room: number, contents: readonly Interval[][]): Row[] {
  let next = MARGIN;
  return spans.map((span, at) => {
    const top = next;
    const { heightOf, height } = squeeze(contents[at]!, WIDEST_BAND);
    next = top + height + ROW_SPACE;
    const dx = MARGIN + (at === 0 ? 0 : room) - span.left;
    return { ...span, dx, newY: (y) => top + heightOf(y), bottom: top + height };
  });
}

/** Names where a strand has no node at its end, and where rows end and start. */
function tagsOf({ wire, tagged, pieces }: PlacedWire): PlacedTag[] {
  const before = ({ x, y }: Point): PlacedTag => ({ text: wire.variable, anchor: "end", x: x - TAG_GAP, y });
  const behind = ({ x, y }: Point): PlacedTag => ({ text: wire.variable, anchor: "start", x: x + TAG_GAP, y });
  return pieces.flatMap((corners, at) => [
    ...(at > 0 || tagged === "from" ? [before(corners[0]!)] : []),
    ...(at < pieces.length - 1 || tagged === "to" ? [behind(corners.at(-1)!)] : []),
  ]);
}
