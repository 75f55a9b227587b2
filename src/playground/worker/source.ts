// A text and its options to a compilation, whatever kind of source it is. What reads networks is loaded when the first one comes.

import { compile } from "../../compiler.ts";
import type { Compilation } from "../../compiler/types.ts";
import { createReporter } from "../../diagnostics/report.ts";
import { parseExpressionSource } from "../../frontends/expression/expression.ts";
import type { SourceFunction } from "../../frontends/source.ts";
import type { Options } from "../protocol.ts";

/** `verify: false` leaves the check out, which takes longer than all the rest. */
export async function compileSource(text: string, options: Options, verify: boolean): Promise<Compilation> {
  const { kind, mode, style, gates, precision, ties } = options;
  if (kind === "network") {
    const { compileSpec } = await import("./network-source.ts");
    return compileSpec(text, { style: style === "fast" ? "tidy" : style, precision, ties, verify });
  }
  const wrt = knownInputs(text, options.wrt);
  const hasGates = mode === "grad" && style === "staged";
  return compile(text, { mode, style, ...(hasGates && { gates }), precision, ties, verify, ...(wrt && { wrt }) });
}

/** Those that the source has: what was chosen outlives the renaming of an input. Undefined where none is left. */
function knownInputs(text: string, wrt: readonly string[] | undefined): readonly string[] | undefined {
  if (wrt === undefined) return undefined;
  const inputs = parseFunctions(text).at(-1)?.inputs ?? [];
  const known = wrt.filter((name) => inputs.some((input) => input.name === name && input.role !== "const"));
  return known.length === 0 ? undefined : known;
}

/** For what a compilation does not say of its inputs: roles and domains. */
export function parseFunctions(text: string): readonly SourceFunction[] {
  return parseExpressionSource({ name: "", text }, createReporter()).functions;
}
