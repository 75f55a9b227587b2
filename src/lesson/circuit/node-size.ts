// How large nodes and labels are drawn: sizes of type and room around it, in pixels.

import type { CircuitNode } from "./circuit.ts";
import type { GateFace } from "./gate.ts";
import type { LabelText, WireLabel } from "./labels.ts";
import { textWidth, type Face } from "./text-width.ts";

/** Size and face of each kind of text. */
export const TYPE = {
  sign: { size: 15, face: "sans" },
  expression: { size: 13, face: "sans" },
  name: { size: 15, face: "sans" },
  caption: { size: 11, face: "sans" },
  title: { size: 13, face: "sans" },
  note: { size: 11, face: "sans" },
  tag: { size: 11, face: "sans" },
  shape: { size: 11, face: "mono" },
  value: { size: 12, face: "mono" },
  gradient: { size: 12, face: "mono" },
} as const satisfies Record<string, { size: number; face: Face }>;

export type TypeName = keyof typeof TYPE;

/** Around the picture. */
export const MARGIN = 16;
/** Height of a line of text over its size. */
const LINE = 1.25;
/** Between a wire and the text above or below it. */
export const WIRE_GAP = 3;
/** Before and behind a label. */
const LABEL_SIDE = 5;
export const RADIUS = 15;
const BOX_SIDE = 9;
const BOX_HEIGHT = 30;
/** Between ends of wires at one side of a box. */
export const PORT_SPACE = 9;
/** Between a gate and its caption. */
export const CAPTION_GAP = 3;
/** Behind an input's name, so that its wire does not touch it. */
export const NAME_SIDE = 6;
/** Between the end of a wire and the name it goes on by. */
export const TAG_GAP = 5;
/** Of wire below the texts of a fork. */
const DROP = 3;
/** Where a wire parts. */
export const DOT = 3;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A node's shape itself, `core`, and all the room it takes with caption and fork; the core is in the middle vertically. */
export interface NodeSize extends Size {
  readonly core: Size;
  /** Width from the core to the dot where the wires part; 0 without a fork. */
  readonly fork: number;
  /** The name by which the value goes on elsewhere, and how far below the dot it hangs. */
  readonly drop: { readonly name: string; readonly height: number } | undefined;
}

export function lineHeight(type: TypeName): number {
  return Math.ceil(TYPE[type].size * LINE);
}

export function widthOf(text: string, type: TypeName): number {
  return textWidth(text, TYPE[type].size, TYPE[type].face);
}

/** Room of a label around its wire. */
export function labelSize({ above, below }: WireLabel): Size {
  const half = Math.max(stackHeight(above), stackHeight(below)) + WIRE_GAP;
  const widest = Math.max(0, ...[...above, ...below].map(({ text, role }) => widthOf(text, role)));
  return { width: widest + 2 * LABEL_SIDE, height: 2 * half };
}

function stackHeight(texts: readonly LabelText[]): number {
  return texts.reduce((height, { role }) => height + lineHeight(role), 0);
}

/** Room of a node with this many wires coming in and variables going out; `name` where some of what parts goes on by name. */
export function nodeSize(node: CircuitNode, ports: number, name: string | undefined): NodeSize {
  const core = coreSize(node, ports);
  const caption = captionOf(node);
  const around = caption === undefined ? core.height : core.height + 2 * (CAPTION_GAP + lineHeight("caption"));
  const label = node.fork === undefined ? { width: 0, height: 0 } : labelSize(node.fork);
  const drop = name === undefined || node.fork === undefined ? undefined : { name, height: label.height / 2 + DROP };
  const widest = Math.max(label.width, drop === undefined ? 0 : widthOf(drop.name, "tag"));
  const fork = node.fork === undefined ? 0 : widest + DOT;
  const width = Math.max(core.width, caption === undefined ? 0 : widthOf(caption, "caption"));
  const below = drop === undefined ? label.height : 2 * (drop.height + lineHeight("tag"));
  return { core, fork, drop, width: width + fork, height: Math.max(around, below) };
}

/** Room of a name tag. */
export function tagSize(name: string): NodeSize {
  const core = { width: widthOf(name, "tag") + TAG_GAP, height: lineHeight("tag") };
  return { core, fork: 0, drop: undefined, ...core };
}

/** What stands below a gate: the variable, and the number that the code's comments cite. */
export function captionOf(node: CircuitNode): string | undefined {
  return node.kind === "gate" ? `(${node.stage.number}) ${node.stage.variable}` : undefined;
}

function coreSize(node: CircuitNode, ports: number): Size {
  const tall = (ports + 1) * PORT_SPACE;
  switch (node.kind) {
    case "input":
      return { width: widthOf(node.name, "name") + NAME_SIDE, height: lineHeight("name") };
    case "result":
      return { width: widthOf(node.name, "name") + NAME_SIDE, height: lineHeight("name") };
    case "block": {
      const widest = Math.max(widthOf(node.title, "title"), ...node.notes.map((note) => widthOf(note, "note")));
      const text = lineHeight("title") + node.notes.length * lineHeight("note");
      return { width: widest + 2 * BOX_SIDE, height: Math.max(text + 14, tall) };
    }
    case "gate":
      return gateSize(node.face, tall);
  }
}

function gateSize({ form, lines }: GateFace, tall: number): Size {
  if (form === "box") {
    const widest = Math.max(...lines.map((line) => widthOf(line, "expression")));
    const height = lines.length * lineHeight("expression") + BOX_HEIGHT - lineHeight("expression");
    return { width: widest + 2 * BOX_SIDE, height: Math.max(height, tall) };
  }
  const radius = Math.max(RADIUS, Math.ceil(widthOf(lines[0]!, "sign") / 2) + 4, Math.ceil(tall / 2) - 3);
  return { width: 2 * radius, height: 2 * radius };
}
