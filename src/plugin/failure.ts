// Diagnostics as the errors that bundlers show: message, place, code frame.

import type { SourceText } from "../core/span.ts";
import type { Diagnostic } from "../diagnostics/report.ts";

export interface Failure {
  /** `WG1101: there is no 'sigmod'`, and how many more there are. */
  readonly message: string;
  /** Absolute path of the source. */
  readonly file: string;
  /** 1-based line, 0-based column, as Rollup, Vite and esbuild count. */
  readonly loc: { readonly file: string; readonly line: number; readonly column: number } | undefined;
  /** All errors with their code frames. */
  readonly frame: string;
}

/** The errors among the diagnostics of a source; undefined where there are none. */
export async function failureOf(
  diagnostics: readonly Diagnostic[],
  source: SourceText,
  file: string,
): Promise<Failure | undefined> {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return undefined;
  const { locateDiagnostics } = await import("../diagnostics/render.ts");
  const [first] = locateDiagnostics(errors, source);
  const { code, message, line, column } = first!; // there is one
  return {
    message: `${code}: ${message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ""}`,
    file,
    loc: line === undefined ? undefined : { file, line, column: (column ?? 1) - 1 },
    frame: await framesOf(errors, source),
  };
}

/** Warnings and notes as text; empty where there are none. */
export async function remarksOf(diagnostics: readonly Diagnostic[], source: SourceText): Promise<string> {
  return framesOf(
    diagnostics.filter(({ severity }) => severity === "warning"),
    source,
  );
}

async function framesOf(diagnostics: readonly Diagnostic[], source: SourceText): Promise<string> {
  if (diagnostics.length === 0) return "";
  const { renderDiagnostics } = await import("../diagnostics/render.ts");
  return (await renderDiagnostics(diagnostics, source, { colour: false, width: 80 })).trimEnd();
}

/** For bundlers that show a message only, the message with its frames. */
export function failureError({ file, loc, frame }: Failure): Error {
  const error = new Error(frame); // it begins with place and message
  return Object.assign(error, { stack: error.message, hideStack: true, id: file, ...(loc && { loc }) }); // where it happened in us says nothing to users
}
