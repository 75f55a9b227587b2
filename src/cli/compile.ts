// Loads and compiles the sources of a command, and says on standard error what is wrong with them.

import type { Compilation } from "../compiler/types.ts";
import type { SourceText } from "../core/span.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import { EXIT } from "./exit.ts";
import { compileOptions, type CompileFlags } from "./flags.ts";
import { wantsColour, type Io } from "./io.ts";
import { loadCompiler } from "../project/artifact.ts";
import type { LoadedSource } from "../project/source-file.ts";
import { loadSources } from "./sources.ts";

export interface CompiledSource {
  readonly source: LoadedSource;
  /** Undefined where the source could not be read. */
  readonly compilation: Compilation | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything is compiled, even where the first source is wrong: all mistakes are told at once. */
export async function compileSources(args: readonly string[], flags: CompileFlags, io: Io): Promise<CompiledSource[]> {
  const sources = await loadSources(args, io);
  if (sources.every((source) => source.diagnostics.length > 0)) return sources.map(unreadable);
  return Promise.all(
    sources.map(async (source) => {
      if (source.diagnostics.length > 0) return unreadable(source);
      const compile = await loadCompiler(source.kind);
      const compilation = compile(source.text, compileOptions(flags, source.name));
      return { source, compilation, diagnostics: compilation.diagnostics };
    }),
  );
}

function unreadable(source: LoadedSource): CompiledSource {
  return { source, compilation: undefined, diagnostics: source.diagnostics };
}

/** The exit code that the diagnostics ask for: a wrong source goes before a failed check. */
export function exitCodeOf(compiled: readonly { readonly diagnostics: readonly Diagnostic[] }[]): number {
  const errors = compiled.flatMap(({ diagnostics }) => diagnostics.filter((diagnostic) => diagnostic.severity === "error"));
  if (errors.length === 0) return EXIT.good;
  return errors.every(({ code }) => code.startsWith("WG30")) ? EXIT.verification : EXIT.source;
}

export interface ReportOptions {
  /** Errors only. */
  readonly quiet?: boolean;
}

/** Prints the diagnostics of all sources as code frames, and a line that counts them. */
export async function reportDiagnostics(
  compiled: readonly { readonly source: SourceText; readonly diagnostics: readonly Diagnostic[] }[],
  io: Io,
  { quiet = false }: ReportOptions = {},
): Promise<void> {
  const shown = compiled.map(({ source, diagnostics }) => ({
    source,
    diagnostics: quiet ? diagnostics.filter((diagnostic) => diagnostic.severity === "error") : diagnostics,
  }));
  const all = shown.flatMap(({ diagnostics }) => diagnostics);
  if (all.length === 0) return;
  const { renderDiagnostics, summarise } = await import("../diagnostics/render.ts");
  const options = { colour: wantsColour(io.stderr, io.env), width: io.stderr.columns };
  for (const { source, diagnostics } of shown) {
    const text = await renderDiagnostics(diagnostics, source, options);
    if (text !== "") io.stderr.write(`${text}\n`);
  }
  if (all.some((diagnostic) => diagnostic.severity === "error")) io.stderr.write(`${summarise(all)}\n`);
}
