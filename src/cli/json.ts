// The one JSON document of `--json`. Its keys are an interface: add, do not rename.

import type { Evaluation } from "../compiler/trace.ts";
import type { Numbers } from "../lesson/types.ts";
import type { CompiledFunction } from "../compiler/types.ts";
import type { SourceText } from "../core/span.ts";
import { locateDiagnostics } from "../diagnostics/render.ts";
import { createLocator } from "../diagnostics/locate.ts";
import type { Verification } from "../verify/verification.ts";
import type { CompiledSource } from "./compile.ts";

export interface JsonExtras {
  readonly exitCode: number;
  /** Per source, one for each point. */
  readonly results?: readonly (readonly (Evaluation | Numbers)[])[];
  /** Per source, what was printed instead of the code, under the name of its format. */
  readonly texts?: readonly string[];
  readonly format?: string;
  readonly written?: readonly { readonly path: string; readonly status: string }[];
  readonly stale?: readonly string[];
}

/** One source: its own object. Several: `{ ok, exitCode, sources: [...] }`. */
export function describeSources(compiled: readonly CompiledSource[], extras: JsonExtras): unknown {
  const { exitCode, results = [], texts = [], format = "", written = [], stale = [] } = extras;
  const sources = compiled.map((each, index) => ({
    ...describeSource(each),
    ...(texts[index] !== undefined && { [format]: texts[index] }),
    ...((results[index]?.length ?? 0) > 0 && { at: results[index] }),
  }));
  const common = { exitCode, ...(written.length > 0 && { written }), ...(stale.length > 0 && { stale }) };
  if (sources.length === 1) return { ...sources[0], ...common };
  return { ok: sources.every((source) => source.ok), ...common, sources };
}

function describeSource({ source, compilation, diagnostics }: CompiledSource) {
  const ok = compilation?.ok ?? false;
  const located = locateDiagnostics(diagnostics, source);
  if (compilation === undefined || compilation.functions.length === 0) return { ok, source: source.name, diagnostics: located };
  return {
    ok,
    source: source.name,
    diagnostics: located,
    ...(ok && { code: compilation.code }),
    functions: compilation.functions.map((fn) => describeFunction(fn, source)),
    verification: describeVerification(compilation.verification, source),
    opCount: compilation.opCount,
    renamed: compilation.renamed,
  };
}

function describeFunction(fn: CompiledFunction, source: SourceText) {
  const { name, inputs, wrt, exports, result, formula, opCount, rewrites } = fn;
  return {
    name,
    inputs,
    wrt,
    exports,
    result,
    formula,
    opCount,
    rewrites,
    verification: describeVerification(fn.verification, source),
  };
}

/** Spans become lines and columns. */
export function describeVerification(verification: Verification, source: SourceText) {
  const locate = createLocator(source.text);
  const withPlace = <T extends { readonly span?: { readonly start: number } }>({ span, ...rest }: T) => {
    const place = span && locate(span.start);
    return { ...rest, ...(place && { line: place.line, column: place.column }) };
  };
  return { ...verification, kinks: verification.kinks.map(withPlace), failures: verification.failures.map(withPlace) };
}
