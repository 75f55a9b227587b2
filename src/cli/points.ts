// `--at x=3,y=-4`: points by input name.

import { usageError } from "./exit.ts";

export type Point = Readonly<Record<string, number>>;

const PART = /[\s,;]*([^\s=,;]+)\s*=\s*([^\s=,;]+)/y;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const NAMED: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, tau: 2 * Math.PI };

/** The points of all `--at` together: one that says an input again starts the next point. */
export function parsePoints(texts: readonly string[]): Point[] {
  const points: Map<string, number>[] = [];
  for (const [name, value] of texts.flatMap(parseParts)) {
    let last = points.at(-1);
    if (last === undefined || last.has(name)) points.push((last = new Map()));
    last.set(name, value);
  }
  return points.map((point) => Object.fromEntries(point));
}

function parseParts(text: string): [name: string, value: number][] {
  const parts: [string, number][] = [];
  PART.lastIndex = 0;
  const end = text.replace(/[\s,;]+$/, "").length;
  while (PART.lastIndex < end) {
    const from = PART.lastIndex;
    const match = PART.exec(text);
    if (match === null) throw usageError(`cannot read '${text.slice(from).trim()}' in --at; write it like --at x=3,y=-4`);
    parts.push([match[1]!, parseNumber(match[1]!, match[2]!)]);
  }
  if (parts.length === 0) throw usageError("--at names no input; write it like --at x=3,y=-4");
  return parts;
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
  readonly inputs: readonly string[];
}

/** Every input must have a value at every point, and every value an input somewhere; says all that is amiss. */
export function checkPoints(points: readonly Point[], targets: readonly PointTarget[]): void {
  const known = new Set(targets.flatMap((target) => target.inputs));
  const unknown = [...new Set(points.flatMap((point) => Object.keys(point)))].filter((name) => !known.has(name));
  const lines = unknown.map(
    (name) => `--at gives a value for '${name}', which is no input (inputs: ${[...known].join(", ") || "none"})`,
  );
  for (const { source, inputs } of targets) {
    for (const point of points) {
      const missing = inputs.filter((name) => !Object.hasOwn(point, name));
      if (missing.length > 0) lines.push(`--at has no value for ${list(missing)}${targets.length > 1 ? ` of ${source}` : ""}`);
    }
  }
  if (lines.length > 0) throw usageError([...new Set(lines)].join("\n"));
}

function list(names: readonly string[]): string {
  return names.length <= 20 ? names.join(", ") : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}
