// A smaller copy of a network spec: the same layers with narrow widths, for checking a network that is too large to be evaluated many times.

import { parse } from "yaml";
import { layers } from "./layers/all.ts";
import { keyNamed } from "./schema.ts";

/** Options that are widths: what parameters grow with. */
const WIDTHS: ReadonlySet<string> = new Set(["units", "filters", "width", "rows", "hidden", "below"]);
/** Options that must divide a width. */
const DIVISORS: ReadonlySet<string> = new Set(["heads", "groups"]);
/** Sizes up to this stay as they are. */
const SMALL = 5;

/** What is made smaller: widths and the sizes of inputs, or widths alone (a small image may not take the same kernels). */
export type Shrinking = "everything" | "widths";

/** The spec with smaller sizes, as JSON. Different sizes stay different and keep their order; even ones stay even. */
export function shrinkSpec(
  text: string,
  shrinking: Shrinking,
): { readonly text: string; readonly sizes: ReadonlyMap<number, number> } {
  const spec: unknown = parse(text, { maxAliasCount: 100 });
  const found = new Set<number>();
  walk(spec, shrinking, (size) => {
    if (size > SMALL) found.add(size);
    return size;
  });
  const sizes = new Map<number, number>();
  let last = SMALL;
  for (const size of [...found].sort((a, b) => a - b)) {
    last += size % 2 === 0 && last % 2 === 0 ? 2 : 1;
    sizes.set(size, Math.min(size, last));
  }
  return { text: JSON.stringify(walk(spec, shrinking, (size) => sizes.get(size) ?? size)), sizes };
}

/** A copy of a spec with every size replaced. */
function walk(value: unknown, shrinking: Shrinking, replace: (size: number) => number, key = ""): unknown {
  if (Array.isArray(value)) {
    const isShape = shrinking === "everything" && INPUT_SHAPES.has(key);
    return value.map((each: unknown) => (isShape && typeof each === "number" ? replace(each) : walk(each, shrinking, replace)));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, walkEntry(name, each, key, shrinking, replace)]),
    );
  }
  return value;
}

const INPUT_SHAPES = new Set(["input", "inputs", "shape"]);

function walkEntry(
  name: string,
  value: unknown,
  parent: string,
  shrinking: Shrinking,
  replace: (size: number) => number,
): unknown {
  if (typeof value === "number") {
    const layer = keyNamed(layers, name);
    const option = layer === undefined ? name : layers[layer]!.main!;
    if (WIDTHS.has(option)) return replace(value);
    return DIVISORS.has(option) ? Math.min(value, 2) : value;
  }
  return walk(value, shrinking, replace, parent === "inputs" && Array.isArray(value) ? "shape" : name);
}
