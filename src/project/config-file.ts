// Runs and checks wengert.config.ts. What is wrong with it becomes diagnostics with places in it.

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceText } from "../core/span.ts";
import type { Span } from "../core/span.ts";
import { createReporter, type Diagnostic } from "../diagnostics/report.ts";
import type { SpecNode } from "../frontends/network/read.ts";
import type { WengertConfig } from "./config.ts";

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
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const loaded = { file, root: dirname(file), source: { name, text }, config: {}, places: undefined };
  if (!existsSync(file)) {
    reporter.report("WG4002", undefined, { name });
    return { ...loaded, diagnostics: reporter.diagnostics };
  }
  let value: unknown;
  try {
    value = await run(file);
  } catch (problem) {
    const { detail, span } = explain(problem, file, text);
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

/** Runs the module afresh. `wengert/config` is this very package, installed beside the project or not. */
async function run(file: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  const own = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./config.ts" : "./config.js", import.meta.url));
  const jiti = createJiti(import.meta.url, { moduleCache: false, tryNative: false, alias: { "wengert/config": own } });
  return await jiti.import(file, { default: true });
}

/** The message of what was thrown, and where in the file it happened, which only its text or its stack says. */
function explain(problem: unknown, file: string, text: string): { detail: string; span: Span | undefined } {
  const error = problem instanceof Error ? problem : new Error(String(problem));
  const place = `${error.message}\n${error.stack ?? ""}`.split(`${file}:`)[1]?.match(/^(\d+):(\d+)/);
  const detail = error.message
    .split("\n", 1)[0]!
    .replace(/^ParseError: /, "")
    .replaceAll(file, basename(file))
    .trim();
  if (!place) return { detail, span: undefined };
  const lineStart = text.split("\n", Number(place[1]) - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const column = Number(place[2]) - (error.message.startsWith("ParseError") ? 0 : 1); // the parser counts columns from 0, stacks from 1
  const start = Math.min(lineStart + column, Math.max(0, text.length - 1));
  return { detail, span: { start, end: start + 1 } };
}
