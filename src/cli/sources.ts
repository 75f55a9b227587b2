// From arguments to source texts: an expression as it stands, a file, or standard input.

import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { SourceText } from "../core/span.ts";
import { createReporter, type Diagnostic } from "../diagnostics/report.ts";
import { originalArgument } from "./arguments.ts";
import type { Io } from "./io.ts";

export interface LoadedSource extends SourceText {
  /** Absolute path, for files. */
  readonly file: string | undefined;
  /** What an output file is called after, less its endings; undefined to take the function's name. */
  readonly stem: string | undefined;
  readonly kind: "expression" | "network";
  /** Why it could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

export async function loadSources(args: readonly string[], io: Io): Promise<LoadedSource[]> {
  const texts = args.map(originalArgument);
  const expressions = texts.filter((text) => text !== "-" && !isFileName(text)).length;
  let expression = 0;
  return Promise.all(
    texts.map((text) => {
      if (text === "-") return loadStdin(io);
      if (isFileName(text)) return loadFile(text, io);
      expression++;
      return Promise.resolve(plain(expressions === 1 ? "<expression>" : `<expression ${expression}>`, text));
    }),
  );
}

const NETWORK_ENDING = /\.net\.(ya?ml|json)$/i;

/** `mlp.net.yaml`, `mlp.net.json`: the spec of a network. */
function isNetworkFile(path: string): boolean {
  return NETWORK_ENDING.test(path);
}

/** `net.math`, `./a`, `../b`, `/c`, `notes.txt`: no expression looks like these. */
export function isFileName(text: string): boolean {
  if ((/\.math$/i.test(text) || isNetworkFile(text)) && !/[\n=]/.test(text)) return true;
  if (/\d\.e\d*$/i.test(text)) return false; // a number, 2.e3
  return /^(\.{0,2}[\\/]|[A-Za-z]:[\\/])[^\n=*^+()]*$/.test(text) || /^[\w-]+([\\/][\w.-]+)*([\\/]|\.[A-Za-z]\w*)$/.test(text);
}

function plain(name: string, text: string): LoadedSource {
  return { name, text, file: undefined, stem: undefined, kind: "expression", diagnostics: [] };
}

async function loadStdin(io: Io): Promise<LoadedSource> {
  const name = "<stdin>";
  return decode({ ...plain(name, ""), stem: undefined }, await io.readStdin());
}

async function loadFile(path: string, io: Io): Promise<LoadedSource> {
  const file = resolve(io.cwd, path);
  const kind = isNetworkFile(path) ? "network" : "expression";
  const stem = basename(file).replace(kind === "network" ? NETWORK_ENDING : /\.[^.]*$/, "");
  const empty: LoadedSource = { name: path, text: "", file, stem, kind, diagnostics: [] };
  if (kind === "expression" && /\.(ya?ml|json|[cm]?[tj]sx?)$/i.test(path)) return failed(empty, "WG1023", { name: path });
  try {
    if ((await stat(file)).isDirectory())
      return failed(empty, "WG1021", { name: path, detail: "it is a folder; name the files in it" });
    return decode(empty, await readFile(file));
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException; // fs rejects with nothing else
    if (code === "ENOENT" || code === "ENOTDIR") return failed(empty, "WG1020", { name: path });
    return failed(empty, "WG1021", { name: path, detail: READ_PROBLEMS[code ?? ""] ?? code ?? "unknown reason" });
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
function decode(source: LoadedSource, bytes: Uint8Array): LoadedSource {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return failed(source, "WG1022", { name: source.name, detail: "it is not UTF-8" });
  }
  const zero = text.indexOf("\0");
  if (zero >= 0) return failed(source, "WG1022", { name: source.name, detail: `there is a zero byte at offset ${zero}` });
  return { ...source, text };
}

type ReadingCode = "WG1020" | "WG1021" | "WG1022" | "WG1023";

function failed(source: LoadedSource, code: ReadingCode, values: Record<string, string>): LoadedSource {
  const reporter = createReporter();
  reporter.report(code, undefined, values);
  return { ...source, diagnostics: reporter.diagnostics };
}
