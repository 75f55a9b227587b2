// drawSvg(): a circuit as one SVG file that needs nothing else.

import type { Circuit, CircuitNode, Source } from "./circuit.ts";
import { describeCircuit } from "./describe.ts";
import { layoutCircuit } from "./layout.ts";
import { coordinate, pathThrough } from "./path.ts";
import type { CircuitLayout, PlacedNode, PlacedTag, Point } from "./places.ts";
import type { LabelText, WireLabel } from "./labels.ts";
import { CAPTION_GAP, captionOf, DOT, lineHeight, NAME_SIDE, TYPE, WIRE_GAP, type NodeSize, type TypeName } from "./node-size.ts";
import { circuitStyle, type CircuitTheme } from "./svg-style.ts";

export interface SvgOptions {
  /** `auto` (the default) follows the reader's system. Paper is always white. */
  readonly theme?: CircuitTheme;
  /** What the picture is called; by default after the function. */
  readonly title?: string;
  /** Wider circuits go on in rows below, where few wires have to be broken off for it; 1400 pixels by default, Infinity for one row. */
  readonly rowWidth?: number;
  /** Start of the ids of title and description, for a page with several circuits; by default after the function. */
  readonly id?: string;
  /** Without a style sheet of its own, for a page that has `circuitStyle` already. */
  readonly unstyled?: boolean;
}

const ROW_WIDTH = 1400;
/** Height over width up to which a circuit is printed on one page. */
const TALLEST_PAGE = 1.6;

/**
 * The circuit as SVG text: values above the wires in green, gradients below in red.
 *
 * To step through it a page redraws nothing. Every text on a wire has `data-moment`: 0 for the inputs' values, k for what
 * stage k computes, stages + 1 for the gradient that arrives at the result, stages + 2 + i for what step i of the backward
 * pass completes. Give the class `pending` to the texts of later moments and they are invisible, their room kept.
 * Values have `data-pass="forward"` and `data-stage`, gradients `data-pass="backward"` and `data-step`; nodes and wires have
 * `data-stage`, `data-step` and `data-variable` (several ones separated by spaces), folded blocks `data-block`. The class
 * `lit` on a node, wire or text makes it stand out.
 *
 * Every wire is a `circuit-wire` with its nodes' ids as `data-from` and `data-to`. One that would run far among many is only
 * its end at the reader, and starts at the variable's name; where the value is made the name hangs below the fork, or one
 * more `circuit-wire` with `data-to="tag:…"` leads to it.
 */
export function drawSvg(circuit: Circuit, options: SvgOptions = {}): string {
  const { width, height, nodes, wires } = layoutCircuit(circuit, options.rowWidth ?? ROW_WIDTH);
  const title = options.title ?? `Circuit of ${circuit.lesson.name}`;
  const id = options.id ?? `circuit-${circuit.lesson.name.replaceAll(/\W/g, "-")}`;
  const style = options.unstyled === true ? [] : [`<style>\n${circuitStyle(options.theme ?? "auto")}\n</style>`];
  const attributes = {
    class: height <= TALLEST_PAGE * width ? "circuit circuit-page" : "circuit",
    viewBox: `0 0 ${width} ${height}`,
    width: String(width),
    height: String(height),
  };
  const names = { role: "img", "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-description` };
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg"${attributesText({ ...attributes, ...names })}>`,
    `<title id="${id}-title">${escapeXml(title)}</title>`,
    `<desc id="${id}-description">${escapeXml(describeCircuit(circuit))}</desc>`,
    ...style,
    `<rect class="circuit-background" width="${width}" height="${height}"/>`,
    ...wires.flatMap(drawWire),
    ...nodes.flatMap(drawNode),
    `</svg>`,
  ];
  return `${lines.join("\n")}\n`;
}

function drawWire({ wire, at, pieces, tags }: CircuitLayout["wires"][number]): string[] {
  return [
    `<g${attributesText({ class: "circuit-wire", ...sourceData(wire.source), "data-from": wire.from, "data-to": wire.to })}>`,
    ...pieces.map((piece) => `<path d="${pathThrough(piece)}"/>`),
    ...drawLabel(wire.label, at),
    ...tags.map(drawTag),
    `</g>`,
  ];
}

/** The name of what goes on elsewhere. */
function drawTag({ text, anchor, x, y }: PlacedTag): string {
  return drawText("tag", text, { x, y: middleLine(y, "tag") }, anchor);
}

function drawNode(place: PlacedNode): string[] {
  const { node } = place;
  const block = node.kind === "block" ? { "data-block": node.block } : {};
  const attributes = { class: `circuit-${node.kind}`, "data-node": node.id, ...block, ...sourceData(node.source) };
  return [
    `<g${attributesText(attributes)}>`,
    `<title>${escapeXml(nodeTitle(node))}</title>`,
    ...drawCore(place),
    ...drawCaption(place),
    ...drawFork(place),
    `</g>`,
  ];
}

/** What a pointer that rests on the node is told. */
function nodeTitle(node: CircuitNode): string {
  switch (node.kind) {
    case "input":
      return `input ${node.name}`;
    case "result":
      return `result ${node.name}`;
    case "block":
      return [node.title, ...node.notes].join(", ");
    case "gate":
      return `(${node.stage.number}) ${node.stage.variable} = ${node.stage.expression}: ${node.stage.doc}`;
  }
}

function drawCore({ node, x, y, size }: PlacedNode): string[] {
  const { width, height } = size.core;
  const left = x - width / 2;
  const box = `<rect class="shape"${attributesText({ x: coordinate(left), y: coordinate(y - height / 2), width: coordinate(width), height: coordinate(height), rx: "7" })}/>`;
  switch (node.kind) {
    case "input":
      return [drawText("name", node.name, { x: left, y: middleLine(y, "name") }, "start")];
    case "result":
      return [drawText("name", node.name, { x: left + NAME_SIDE, y: middleLine(y, "name") }, "start")];
    case "block": {
      const top = y - (lineHeight("title") + node.notes.length * lineHeight("note")) / 2;
      const notes = node.notes.map((note, at) =>
        drawText("note", note, { x, y: top + lineHeight("title") + (at + 0.78) * lineHeight("note") }, "middle"),
      );
      return [box, drawText("title", node.title, { x, y: top + 0.8 * lineHeight("title") }, "middle"), ...notes];
    }
    case "gate": {
      const round = node.face.form === "circle";
      const type = round ? "sign" : "expression";
      const shape = round
        ? `<circle class="shape" cx="${coordinate(x)}" cy="${coordinate(y)}" r="${coordinate(width / 2)}"/>`
        : box;
      const first = y - ((node.face.lines.length - 1) * lineHeight(type)) / 2;
      const lines = node.face.lines.map((line, at) =>
        drawText(type, line, { x, y: middleLine(first + at * lineHeight(type), type) }, "middle"),
      );
      return [shape, ...lines];
    }
  }
}

function drawCaption({ node, x, y, size }: PlacedNode): string[] {
  const caption = captionOf(node);
  if (caption === undefined) return [];
  return [drawText("caption", caption, { x, y: y + size.core.height / 2 + CAPTION_GAP + 0.8 * lineHeight("caption") }, "middle")];
}

/** The wire up to the dot where it parts, with the complete gradient. */
function drawFork({ node, x, y, size }: PlacedNode): string[] {
  if (node.fork === undefined) return [];
  const body = x + (size.width - size.fork) / 2;
  const dot = body + size.fork - DOT;
  const path = `<path d="M${coordinate(x + size.core.width / 2)} ${coordinate(y)}H${coordinate(dot)}"/>`;
  const label = drawLabel(node.fork, { x: (body + dot) / 2, y });
  return [
    `<g class="circuit-stub">`,
    path,
    `<circle class="circuit-dot" cx="${coordinate(dot)}" cy="${coordinate(y)}" r="${DOT}"/>`,
    ...label,
    ...drawDrop(size, { x: dot, y }),
    `</g>`,
  ];
}

/** Below the dot the name by which the value goes on elsewhere. */
function drawDrop({ drop }: NodeSize, { x, y }: Point): string[] {
  if (drop === undefined) return [];
  const end = y + drop.height;
  const line = `<path d="M${coordinate(x)} ${coordinate(y)}V${coordinate(end)}"/>`;
  return [line, drawText("tag", drop.name, { x: x + DOT, y: end + 0.8 * lineHeight("tag") }, "end")];
}

function drawLabel({ above, below }: WireLabel, { x, y }: Point): string[] {
  let line = y - WIRE_GAP;
  const over = above.toReversed().map((text) => {
    const drawn = drawLabelText(text, { x, y: line - 0.2 * lineHeight(text.role) });
    line -= lineHeight(text.role);
    return drawn;
  });
  line = y + WIRE_GAP;
  const under = below.map((text) => {
    const drawn = drawLabelText(text, { x, y: line + 0.8 * lineHeight(text.role) });
    line += lineHeight(text.role);
    return drawn;
  });
  return [...over.toReversed(), ...under];
}

function drawLabelText({ role, text, moment, stage, steps }: LabelText, place: Point): string {
  const pass =
    role === "gradient"
      ? { "data-pass": "backward", ...listData("data-step", steps) }
      : { "data-pass": "forward", ...(stage === undefined ? {} : { "data-stage": String(stage) }) };
  return drawText(role, text, place, "middle", { ...pass, "data-moment": String(moment) });
}

function drawText(
  type: TypeName,
  text: string,
  { x, y }: Point,
  anchor: "start" | "middle" | "end",
  data: Record<string, string> = {},
): string {
  const name = type === "shape" ? "shape-text" : type;
  const anchored = anchor === "start" ? {} : { "text-anchor": anchor };
  return `<text${attributesText({ class: name, x: coordinate(x), y: coordinate(y), "font-size": String(TYPE[type].size), ...anchored, ...data })}>${escapeXml(text)}</text>`;
}

/** The baseline of a line whose letters have their middle at a height. */
function middleLine(y: number, type: TypeName): number {
  return y + 0.35 * TYPE[type].size;
}

function sourceData({ stages, steps, variables }: Source): Record<string, string> {
  return { ...listData("data-stage", stages), ...listData("data-step", steps), ...listData("data-variable", variables) };
}

function listData(name: string, items: readonly (string | number)[]): Record<string, string> {
  return items.length === 0 ? {} : { [name]: items.join(" ") };
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join("");
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
