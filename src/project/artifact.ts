// What compiling one source yields, as plain data that can be kept in a file and handed between threads.

import type { Compilation, CompiledFunction, CompileOptions } from "../compiler/types.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import type { SourceMap } from "../compiler/source-map.ts";
import type { Settings } from "./config.ts";
import type { SourceKind } from "./source-file.ts";

/** How a source is compiled, everything said. */
export type CompileSettings = Required<Pick<Settings, "mode" | "style" | "gates" | "precision" | "ties">> &
  Pick<Settings, "wrt" | "seed">;

export interface ArtifactRequest {
  readonly kind: SourceKind;
  readonly name: string;
  readonly text: string;
  readonly settings: CompileSettings;
}

export interface Artifact {
  readonly ok: boolean;
  /** TypeScript, JavaScript without exports, declarations; empty where there were errors. */
  readonly code: string;
  readonly javascript: string;
  readonly declarations: string;
  /** Of the JavaScript. */
  readonly map: SourceMap | undefined;
  readonly functions: readonly Omit<CompiledFunction, "derivation">[];
  readonly diagnostics: readonly Diagnostic[];
}

export function completeSettings({ mode, style, gates, precision, ties, wrt, seed }: Settings): CompileSettings {
  return {
    mode: mode ?? "grad",
    style: style ?? "staged",
    gates: gates ?? "joined",
    precision: precision ?? "f64",
    ties: ties ?? "each",
    ...(wrt !== undefined && { wrt }),
    ...(seed !== undefined && { seed }),
  };
}

/** Compiles and checks. The compilers are loaded by the first source that needs them. */
export async function makeArtifact({ kind, name, text, settings }: ArtifactRequest): Promise<Artifact> {
  const [compile, { sourceMap }] = await Promise.all([loadCompiler(kind), import("../compiler/source-map.ts")]);
  const compilation = compile(text, { ...settings, name });
  const { ok, code, javascript, declarations, functions, diagnostics } = compilation;
  return {
    ok,
    code,
    javascript,
    declarations,
    map: ok ? sourceMap(compilation) : undefined,
    functions: functions.map(withoutGraph),
    diagnostics,
  };
}

/** Of a source that could not even be read. */
export function failedArtifact(diagnostics: readonly Diagnostic[]): Artifact {
  return { ok: false, code: "", javascript: "", declarations: "", map: undefined, functions: [], diagnostics };
}

/** Readers of YAML and schemas are loaded only for networks. */
export async function loadCompiler(kind: SourceKind): Promise<(text: string, options?: CompileOptions) => Compilation> {
  if (kind === "network") return (await import("../compiler/network-source.ts")).compileNetwork;
  return (await import("../compiler.ts")).compile;
}

/** An ES module. Its exports stand at the end, so that every line is where the source map says. */
export function moduleOf({ javascript, functions }: Pick<Artifact, "javascript" | "functions">): string {
  const names = new Set(functions.flatMap((fn) => Object.values(fn.exports)));
  return `${javascript}\nexport { ${[...names].join(", ")} };\n`;
}

/** Its graph is not data. */
function withoutGraph(fn: CompiledFunction): Omit<CompiledFunction, "derivation"> {
  const { derivation, ...rest } = fn;
  return derivation === undefined ? fn : rest;
}
