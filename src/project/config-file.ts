// Runs and checks wengert.config.ts. What is wrong with it becomes diagnostics with places in it.

import { basename, dirname, extname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceText, Span } from "../core/span.ts";
import { createReporter, type Diagnostic } from "../diagnostics/report.ts";
import type { SpecNode } from "../frontends/network/read.ts";
import type { WengertConfig } from "./config.ts";
import { readOutput } from "./outputs.ts";

export interface LoadedConfig {
  /** Absolute path. */
  readonly file: string;
  /** Its folder: what globs and outputs are relative to. */
  readonly root: string;
  readonly source: SourceText;
  readonly config: WengertConfig;
  /** The parts of the configuration with their places. */
  readonly places: SpecNode | undefined;
  /** With errors, `config` is empty. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Runs and checks the configuration `file` (absolute); messages name it as seen from `cwd`. */
export async function loadConfig(file: string, cwd: string): Promise<LoadedConfig> {
  const reporter = createReporter();
  const name = relative(cwd, file) || basename(file);
  const { text, problem } = readOutput({ path: file });
  const loaded = { file, root: dirname(file), source: { name, text: text ?? "" }, config: {}, places: undefined };
  if (text === undefined) {
    if (problem === undefined) reporter.report("WG4002", undefined, { name });
    else reporter.report("WG4001", undefined, { detail: problem });
    return { ...loaded, diagnostics: reporter.diagnostics };
  }
  let value: unknown;
  try {
    value = await run(file, text);
  } catch (thrown) {
    const { detail, span } = explain(thrown, file, text);
    reporter.report("WG4001", span, { detail });
    return { ...loaded, diagnostics: reporter.diagnostics };
  }
  const [{ placeConfig }, { configSchema, asConfig }, { check }] = await Promise.all([
    import("./config-places.ts"),
    import("./config-schema.ts"),
    import("../frontends/network/problems.ts"),
  ]);
  const places = placeConfig(text, value);
  const checked = check(configSchema, places, { name: "the configuration", span: places.span }, reporter);
  return { ...loaded, places, config: checked === undefined ? {} : asConfig(checked), diagnostics: reporter.diagnostics };
}

/** Runs the module afresh, whatever it was before. `wengert/config` is this very package, installed beside the project or not. */
async function run(file: string, text: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  const own = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./config.ts" : "./config.js", import.meta.url));
  const jiti = createJiti(file, { moduleCache: false, tryNative: false, alias: { "wengert/config": own } });
  const module = await jiti.evalModule(text, { id: file, filename: file, ext: extname(file), async: true, forceTranspile: true });
  return (module as { readonly default?: unknown } | null)?.default ?? module; // CommonJS has no default
}

/** The message of what was thrown, and where in the file it happened, which only its text or its stack says. */
function explain(problem: unknown, file: string, text: string): { detail: string; span: Span | undefined } {
  const error = problem instanceof Error ? problem : new Error(String(problem));
  const [message = "", elsewhere] = error.message.split("\n").map((line) => line.trim());
  const isOwn = elsewhere?.startsWith(file) ?? true;
  const detail = message.replace(/^ParseError: /, "").replaceAll(file, basename(file)) + (isOwn ? "" : ` at ${elsewhere}`);
  const [, imported] = /^Cannot find (?:module|package) '([^']+)'/.exec(message) ?? [];
  const written = imported === undefined ? -1 : text.indexOf(imported);
  if (written !== -1) return { detail, span: { start: written, end: written + imported!.length } };
  const place = `${error.message}\n${error.stack ?? ""}`.split(`${file}:`)[1]?.match(/^(\d+):(\d+)/);
  if (!place) return { detail, span: undefined };
  const lineStart = text.split("\n", Number(place[1]) - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const column = Number(place[2]) - (error.message.startsWith("ParseError") ? 0 : 1); // the parser counts columns from 0, stacks from 1
  const start = Math.min(lineStart + column, Math.max(0, text.length - 1));
  return { detail, span: { start, end: start + 1 } };
}
