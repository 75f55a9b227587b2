// `--at x=3,y=-4`, `--at "X=[[1, 2], [3, 4]]"`: points by input name.

import { shapeText } from "../ir/dims.ts";
import type { Dim } from "../ir/shape.ts";
import type { LessonPoint } from "../lesson/types.ts";
import { usageError } from "./exit.ts";

export type Point = Readonly<Record<string, number | PointTensor>>;

/** Row-major. */
export interface PointTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const PART = /[\s,;]*([^\s=,;]+)\s*=\s*(\[[^=]*\]|[^\s=,;]+)/y;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const NAMED: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, tau: 2 * Math.PI };

/** The points of all `--at` together: one that says an input again starts the next point. */
export function parsePoints(texts: readonly string[]): Point[] {
  const points: Map<string, number | PointTensor>[] = [];
  for (const [name, value] of texts.flatMap(parseParts)) {
    let last = points.at(-1);
    if (last === undefined || last.has(name)) points.push((last = new Map()));
    last.set(name, value);
  }
  return points.map((point) => Object.fromEntries(point));
}

function parseParts(text: string): [name: string, value: number | PointTensor][] {
  const parts: [string, number | PointTensor][] = [];
  PART.lastIndex = 0;
  const end = text.replace(/[\s,;]+$/, "").length;
  while (PART.lastIndex < end) {
    const from = PART.lastIndex;
    const match = PART.exec(text);
    if (match === null) throw usageError(`cannot read '${text.slice(from).trim()}' in --at; write it like --at x=3,y=-4`);
    const [, name, value] = match as unknown as [string, string, string]; // both are there where it matches
    parts.push([name, value.startsWith("[") ? parseTensor(name, value) : parseNumber(name, value)]);
  }
  if (parts.length === 0) throw usageError("--at names no input; write it like --at x=3,y=-4");
  return parts;
}

/** Numbers in brackets, nested like the tensor. */
function parseTensor(name: string, text: string): PointTensor {
  const refuse = (reason: string): never => {
    throw usageError(`${reason} in --at ${name}=${text}; write it like [[1, 2], [3, 4]]`);
  };
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    return refuse("the brackets do not hold numbers");
  }
  const shape: number[] = [];
  for (let at = tree; Array.isArray(at); at = at[0] as unknown) shape.push(at.length);
  const data: number[] = [];
  const visit = (at: unknown, depth: number): void => {
    if (Array.isArray(at) && at.length === shape[depth]) for (const each of at) visit(each, depth + 1);
    else if (typeof at === "number" && depth === shape.length) data.push(at);
    else refuse("rows of different lengths");
  };
  visit(tree, 0);
  return data.length === 0 ? refuse("no numbers") : { shape, data: Float64Array.from(data) };
}

function parseNumber(name: string, text: string): number {
  const [, sign, word] = /^([-+]?)(\w+)$/.exec(text) ?? [];
  const named = word !== undefined && Object.hasOwn(NAMED, word) ? NAMED[word] : undefined;
  const value = named === undefined ? Number(text) : sign === "-" ? -named : named;
  if (named === undefined && !NUMBER.test(text)) throw usageError(`'${text}' is not a number, in --at ${name}=${text}`);
  if (!Number.isFinite(value)) throw usageError(`${text} is beyond the range of a double, in --at ${name}=${text}`);
  return value;
}

export interface PointTarget {
  readonly source: string;
  readonly inputs: readonly PointInput[];
}

export interface PointInput {
  readonly name: string;
  readonly shape: readonly Dim[];
  /** There is a value for it where none is given: the parameters of a network. */
  readonly optional?: boolean;
}

/** Every input must have a value at every point, and every value an input somewhere; says all that is amiss. */
export function checkPoints(points: readonly Point[], targets: readonly PointTarget[]): void {
  const known = new Set(targets.flatMap((target) => target.inputs.map(({ name }) => name)));
  const unknown = [...new Set(points.flatMap((point) => Object.keys(point)))].filter((name) => !known.has(name));
  const lines = unknown.map(
    (name) => `--at gives a value for '${name}', which is no input (inputs: ${[...known].join(", ") || "none"})`,
  );
  for (const { source, inputs } of targets) {
    for (const point of points) {
      const missing = inputs.flatMap(({ name, optional }) => (optional || Object.hasOwn(point, name) ? [] : [name]));
      if (missing.length > 0) lines.push(`--at has no value for ${list(missing)}${targets.length > 1 ? ` of ${source}` : ""}`);
      lines.push(...inputs.flatMap((input) => shapeProblem(input, point[input.name])));
    }
  }
  if (lines.length > 0) throw usageError([...new Set(lines)].join("\n"));
}

function shapeProblem({ name, shape }: PointInput, value: number | PointTensor | undefined): string[] {
  if (value === undefined) return [];
  const given = typeof value === "number" ? [] : value.shape;
  const fits = given.length === shape.length && shape.every((dim, axis) => typeof dim === "string" || dim === given[axis]);
  const say = (dims: readonly Dim[]): string => (dims.length === 0 ? "a number" : `of shape ${shapeText(dims)}`);
  return fits ? [] : [`--at ${name} is ${say(given)}; ${name} must be ${say(shape)}`];
}

/** For lessons. */
export function toLessonPoint(point: Point): LessonPoint {
  return Object.fromEntries(Object.entries(point).map(([name, value]) => [name, typeof value === "number" ? value : value.data]));
}

function list(names: readonly string[]): string {
  return names.length <= 20 ? names.join(", ") : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}
