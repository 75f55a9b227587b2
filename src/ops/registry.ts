// All ops by name. The only list of families.

import { activation } from "./activation.ts";
import { arithmetic } from "./arithmetic.ts";
import { comparison } from "./comparison.ts";
import type { OpDefinition } from "./define.ts";
import { exponential } from "./exponential.ts";
import { hyperbolic } from "./hyperbolic.ts";
import { power } from "./power.ts";
import { reduction } from "./reduction.ts";
import { special } from "./special.ts";
import { trigonometric } from "./trigonometric.ts";

const families = { arithmetic, power, exponential, trigonometric, hyperbolic, special, comparison, activation, reduction };

/** Every op, in table order, with the family it stands in. */
export const ops: ReadonlyMap<string, OpDefinition & { readonly family: string }> = new Map(
  Object.entries(families).flatMap(([family, table]) =>
    Object.entries(table).map(([name, definition]) => [name, { ...definition, name, family }] as const),
  ),
);

/** The op called `name`; asking for one that does not exist is a bug of ours. */
export function opNamed(name: string): OpDefinition & { readonly family: string } {
  const found = ops.get(name);
  if (found === undefined) throw new Error(`no op named ${name}`);
  return found;
}
