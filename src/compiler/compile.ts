// compile() for every kind of source. The command line loads the two compilers one by one instead.

import { compile as compileExpression } from "../compiler.ts";
import { compileNetwork } from "./network-source.ts";
import type { Compilation, CompileOptions } from "./types.ts";

/**
 * Compiles a math expression or a network spec to TypeScript and checks the result by running it. Never throws for a mistake in the source
 * or the options: those are diagnostics, and `ok` is false.
 */
export function compile(text: string, options: CompileOptions = {}): Compilation {
  const kind = options.kind ?? (/\.net\.(ya?ml|json)$/i.test(options.name ?? "") ? "network" : "expression");
  return kind === "network" ? compileNetwork(text, options) : compileExpression(text, options);
}
