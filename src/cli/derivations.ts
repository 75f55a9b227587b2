// The derivation of each function of a compiled source, with what the rule table says of its rewrites.

import type { CompiledFunction } from "../compiler/types.ts";
import { explain, type Derivation } from "../emit/explain.ts";
import { usageError } from "./exit.ts";
import type { CompiledSource } from "./compile.ts";

/** Only the staged gradient has stages to explain. */
export const EXPLAINED = { mode: "grad", style: "staged" } as const;

export async function derivationsOf({ compilation }: CompiledSource): Promise<Derivation[]> {
  const { allRules } = await import("../rules/all.ts");
  const rules = new Map(allRules.map((rule) => [rule.name, rule]));
  return (compilation?.functions ?? []).map((fn) => explain(derivationSource(fn), (name) => rules.get(name)));
}

function derivationSource(fn: CompiledFunction) {
  if (fn.derivation?.kind !== "numbers")
    throw usageError(`the derivation is of one scalar function's gradient (--mode grad), which ${fn.name} does not have`);
  return { name: fn.exports["value"]!, formula: fn.formula, rewrites: fn.rewrites, ...fn.derivation };
}
