// All tensor ops by name. The only list of families.

import { contraction } from "./contraction.ts";
import { convolution } from "./convolution.ts";
import type { TensorOpDefinition } from "./define.ts";
import { generator } from "./generator.ts";
import { loss } from "./loss.ts";
import { movement } from "./movement.ts";
import { reduction } from "./reduction.ts";

const families = { reduction, movement, contraction, convolution, loss, generator };

/** Every tensor op, in table order, with the family it stands in. */
export const tensorOps: ReadonlyMap<string, TensorOpDefinition & { readonly family: string }> = new Map(
  Object.entries(families).flatMap(([family, table]) =>
    Object.entries(table).map(([name, definition]) => [name, { ...definition, name, family }] as const),
  ),
);

export function tensorOpNamed(name: string): TensorOpDefinition & { readonly family: string } {
  const found = tensorOps.get(name);
  if (found === undefined) throw new Error(`no tensor op named ${name}`);
  return found;
}
