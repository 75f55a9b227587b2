// Where the parts of a circuit stand, in pixels from the top left corner.

import type { CircuitNode, CircuitWire } from "./circuit.ts";
import type { NodeSize, Size } from "./node-size.ts";
import type { Strand } from "./strands.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A node's place: `x`, `y` is the middle of its core. */
export interface PlacedNode extends Point {
  readonly node: CircuitNode;
  readonly size: NodeSize;
}

/** What wires end at, a node or a name tag: the middle of its core. */
export interface PlacedEnd extends Point {
  readonly size: NodeSize;
  readonly isRound: boolean;
}

/** A strand's place. */
export interface PlacedWire {
  readonly wire: CircuitWire;
  readonly tagged: Strand["tagged"];
  /** Middle and room of its label. */
  readonly at: Point;
  readonly label: Size;
  /** Corners of its line, one list for every row it runs through: level along columns, sloping between them. */
  readonly pieces: readonly (readonly Point[])[];
}

/** The variable of a wire that goes on elsewhere: in another row, or where a strand has its other end. */
export interface PlacedTag extends Point {
  readonly text: string;
  readonly anchor: "start" | "end";
}

export interface CircuitLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly wires: readonly (PlacedWire & { readonly tags: readonly PlacedTag[] })[];
}

/** Nodes or labels with one middle, and how wide the widest is. */
export interface Column {
  readonly left: number;
  readonly right: number;
}

/** What dagre says of a strand: the heights at which it passes columns, and its label's column. */
export interface Track extends Strand {
  readonly stops: readonly { readonly column: number; readonly y: number; readonly isLabel: boolean }[];
  readonly label: Size;
  readonly tag: TrackTag | undefined;
}

/** The name at one end of a strand. */
export interface TrackTag {
  readonly id: string;
  readonly side: "from" | "to";
  readonly column: number;
  readonly y: number;
  readonly size: NodeSize;
}
