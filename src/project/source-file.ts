// A source as it is read from disk or standard input: its text, its kind, what its outputs are called after. Knows nothing of how it is compiled.

import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { SourceText } from "../core/span.ts";
import { createReporter, type Diagnostic } from "../diagnostics/report.ts";

export type SourceKind = "expression" | "network";

export interface LoadedSource extends SourceText {
  /** Absolute path, for files. */
  readonly file: string | undefined;
  /** What an output file is called after, less its endings; undefined to take the function's name. */
  readonly stem: string | undefined;
  readonly kind: SourceKind;
  /** Why it could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `mlp.net.yaml`, `mlp.net.json`: the spec of a network. */
const NETWORK_ENDING = /\.net\.(ya?ml|json)$/i;

/** What is searched for in a project whose configuration names no inputs. */
export const SOURCE_GLOBS = ["**/*.math", "**/*.net.{yaml,yml,json}"];

export function kindOf(path: string): SourceKind {
  return NETWORK_ENDING.test(path) ? "network" : "expression";
}

/** `loss.math`, `mlp.net.yaml`: what can only be a source. */
export function isSourceFile(path: string): boolean {
  return /\.math$/i.test(path) || NETWORK_ENDING.test(path);
}

/** `loss` of `src/loss.math`, `mlp` of `mlp.net.yaml`. */
export function stemOf(path: string): string {
  return basename(path).replace(kindOf(path) === "network" ? NETWORK_ENDING : /\.[^.]*$/, "");
}

export function sourceOf(name: string, text: string): LoadedSource {
  return { name, text, file: undefined, stem: undefined, kind: "expression", diagnostics: [] };
}

/** Reads `file` (absolute), which messages call `name`. Whatever is wrong with it is among the diagnostics. */
export async function readSource(file: string, name: string): Promise<LoadedSource> {
  const kind = kindOf(name);
  const empty: LoadedSource = { name, text: "", file, stem: stemOf(file), kind, diagnostics: [] };
  if (kind === "expression" && /\.(ya?ml|json|[cm]?[tj]sx?)$/i.test(name)) return failed(empty, "WG1023", { name });
  try {
    if ((await stat(file)).isDirectory())
      return failed(empty, "WG1021", { name, detail: "it is a folder; name the files in it" });
    return decode(empty, await readFile(file));
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException; // fs rejects with nothing else
    if (code === "ENOENT" || code === "ENOTDIR") return failed(empty, "WG1020", { name });
    return failed(empty, "WG1021", { name, detail: READ_PROBLEMS[code ?? ""] ?? code ?? "unknown reason" });
  }
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a folder; name the files in it",
  ELOOP: "its symbolic links go round in a circle",
  ENAMETOOLONG: "the name is too long",
  ERR_FS_FILE_TOO_LARGE: "the file is too large",
};

/** UTF-8 text, a byte order mark dropped. */
export function decode(source: LoadedSource, bytes: Uint8Array): LoadedSource {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return failed(source, "WG1022", { name: source.name, detail: "it is not UTF-8" });
  }
  const zero = text.indexOf("\0");
  if (zero >= 0) return failed(source, "WG1022", { name: source.name, detail: `there is a zero byte at offset ${zero}` });
  return { ...source, text: foldLineEnds(text) };
}

/** A checkout may have made CRLF of every LF: that changes neither a source nor what is generated. */
export function foldLineEnds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

type ReadingCode = "WG1020" | "WG1021" | "WG1022" | "WG1023";

function failed(source: LoadedSource, code: ReadingCode, values: Record<string, string>): LoadedSource {
  const reporter = createReporter();
  reporter.report(code, undefined, values);
  return { ...source, diagnostics: reporter.diagnostics };
}
