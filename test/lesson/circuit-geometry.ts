// Where the texts, gates and wires of a drawn circuit are, read back from its SVG.

import { textWidth } from "../../src/lesson/circuit/text-width.ts";

export interface Box {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Texts on wires, captions, names; and gates with what stands in them. */
  readonly boxes: readonly Box[];
  /** Texts inside a gate, with that gate. */
  readonly inside: readonly { readonly text: Box; readonly gate: Box }[];
  /** Points along every wire, close together. */
  readonly wires: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
}

const MONOSPACED = new Set(["value", "gradient", "shape-text"]);
const IN_GATES = new Set(["sign", "expression", "title", "note"]);

export function readDrawing(svg: string): Drawing {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!;
  const boxes: Box[] = [];
  const inside: { text: Box; gate: Box }[] = [];
  let gate: Box | undefined;
  for (const [, tag, attributes, content] of svg.matchAll(/<(text|circle class="shape"|rect class="shape")([^>]*)>([^<]*)/g)) {
    const read = attributeReader(attributes!);
    if (tag === "text") {
      const text = textBox(read, unescapeXml(content!));
      if (IN_GATES.has(read("class"))) inside.push({ text, gate: gate! });
      else boxes.push(text);
    } else {
      gate = tag!.startsWith("circle") ? circleBox(read) : rectangleBox(read);
      boxes.push(gate);
    }
  }
  const wires = [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, path]) => ({ name: path!, points: pointsOf(path!) }));
  return { width: Number(width), height: Number(height), boxes, inside, wires };
}

type Reader = (name: string) => string;

function attributeReader(attributes: string): Reader {
  const found = new Map([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
  return (name) => found.get(name) ?? "";
}

function textBox(read: Reader, text: string): Box {
  const size = Number(read("font-size"));
  const width = textWidth(text, size, MONOSPACED.has(read("class")) ? "mono" : "sans");
  const left = Number(read("x")) - (read("text-anchor") === "middle" ? width / 2 : read("text-anchor") === "end" ? width : 0);
  return { name: text, left, right: left + width, top: Number(read("y")) - 0.76 * size, bottom: Number(read("y")) + 0.22 * size };
}

function circleBox(read: Reader): Box {
  const [x, y, r] = [Number(read("cx")), Number(read("cy")), Number(read("r"))];
  return { name: "circle", left: x - r, right: x + r, top: y - r, bottom: y + r };
}

function rectangleBox(read: Reader): Box {
  const [x, y] = [Number(read("x")), Number(read("y"))];
  return { name: "box", left: x, right: x + Number(read("width")), top: y, bottom: y + Number(read("height")) };
}

/** Points of a path of M, H, V and C, two pixels apart or closer. */
function pointsOf(path: string): [number, number][] {
  const points: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command, list] of path.matchAll(/([MHVC])([^MHVC]*)/g)) {
    const numbers = list!.trim().split(/[ ,]+/).map(Number);
    if (command === "M") [x, y] = [numbers[0]!, numbers[1]!];
    const [x0, y0] = [x, y];
    if (command === "H") {
      x = numbers[0]!;
      for (let part = 0; part <= 1; part += 1 / Math.ceil(Math.abs(x - x0) / 2 + 1)) points.push([x0 + (x - x0) * part, y]);
    } else if (command === "V") {
      y = numbers[0]!;
      for (let part = 0; part <= 1; part += 1 / Math.ceil(Math.abs(y - y0) / 2 + 1)) points.push([x, y0 + (y - y0) * part]);
    } else if (command === "C") {
      const [x1, y1, x2, y2, x3, y3] = numbers as [number, number, number, number, number, number];
      for (let step = 0; step <= 40; step++) {
        const t = step / 40;
        const bend = (a: number, b: number, c: number, d: number): number =>
          a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t ** 2 * (1 - t) + d * t ** 3;
        points.push([bend(x0, x1, x2, x3), bend(y0, y1, y2, y3)]);
      }
      [x, y] = [x3, y3];
    }
  }
  return points;
}

function unescapeXml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** Pairs that share more than an edge. */
export function overlaps({ boxes }: Drawing): string[] {
  const sorted = [...boxes].sort((a, b) => a.left - b.left);
  return sorted.flatMap((box, at) => {
    const found: string[] = [];
    for (let other = at + 1; other < sorted.length && sorted[other]!.left < box.right - 0.2; other++) {
      const { top, bottom, name } = sorted[other]!;
      if (top < box.bottom - 0.2 && bottom > box.top + 0.2) found.push(`${box.name} and ${name} at ${box.left}, ${box.top}`);
    }
    return found;
  });
}

/** Texts and gates that a wire goes through; it may end at a gate's border. */
export function struck({ boxes, wires }: Drawing): string[] {
  return wires.flatMap(({ name, points }) => {
    const hit = boxes.find(({ left, right, top, bottom }) =>
      points.some(([x, y]) => x > left + 1 && x < right - 1 && y > top + 1 && y < bottom - 1),
    );
    return hit === undefined || (hit.name === "circle" && meetsCircle(hit, points)) ? [] : [`${hit.name} by ${name}`];
  });
}

/** The box of a circle has corners that a wire may pass on its way to the border. */
function meetsCircle({ left, right, top, bottom }: Box, points: readonly (readonly [number, number])[]): boolean {
  const [x, y, r] = [(left + right) / 2, (top + bottom) / 2, (right - left) / 2];
  return points.every(([px, py]) => Math.hypot(px - x, py - y) > r - 1.5);
}
