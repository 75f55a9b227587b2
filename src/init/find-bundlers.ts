// Which bundlers a project uses, by its dependencies and the configurations in its folder, and which of them are to be told of the plugin.

import { join } from "node:path";
import { bundlers, type Bundler } from "./bundlers.ts";
import { readOutput } from "../project/outputs.ts";

export interface FoundBundler {
  readonly bundler: Bundler;
  /** The configuration that is there. */
  readonly file: string | undefined;
  /** It is written with `require` and `module.exports`. */
  readonly isCommonJs: boolean;
}

export interface Traces {
  /** What stands in the folder. */
  readonly names: readonly string[];
  /** What the project depends on. */
  readonly packages: readonly string[];
}

/** Those that the project in `folder` uses and whose configuration is to take the plugin. */
export function findBundlers(folder: string, { names, packages }: Traces): FoundBundler[] {
  const found = bundlers
    .map((bundler) => ({ bundler, file: names.find((name) => isConfigOf(bundler, name)) }))
    .filter(({ bundler, file }) => packages.some((name) => bundler.packages.includes(name)) || hasOwnFile(bundler, file));
  return found
    .filter((each, at) => !found.some((other, index) => covers(other, each, index < at)))
    .map((each) => ({ ...each, isCommonJs: each.file !== undefined && isCommonJs(folder, each.file) }));
}

function isConfigOf({ config }: Bundler, name: string): boolean {
  return name.startsWith(`${config}.`) && /^\.[cm]?[jt]s$/.test(name.slice(config.length));
}

/** SvelteKit reads Vite's configuration, which by itself means Vite. */
function hasOwnFile(bundler: Bundler, file: string | undefined): boolean {
  return file !== undefined && bundlers.findLast(({ config }) => config === bundler.config) === bundler;
}

type Candidate = Pick<FoundBundler, "bundler" | "file">;

/** One with a configuration of its own is spoken to in it. */
function covers(other: Candidate, each: Candidate, comesFirst: boolean): boolean {
  if (!other.bundler.covers.includes(each.bundler.name)) return false;
  if (each.file !== undefined && each.file !== other.file) return false;
  return comesFirst || other.file !== undefined;
}

function isCommonJs(folder: string, file: string): boolean {
  if (/\.cjs$/.test(file)) return true;
  if (!/\.js$/.test(file)) return false;
  const { text = "" } = readOutput({ path: join(folder, file) });
  return /\bmodule\.exports\b|\brequire\(/.test(text) && !/^\s*(import|export)\b/m.test(text);
}
