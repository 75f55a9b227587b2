// Finds wengert.config.ts. Apart from reading it, so that a bundler of a project that has none need not load what reads it.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const CONFIG_NAMES = ["ts", "mts", "cts", "js", "mjs", "cjs"].map((ending) => `wengert.config.${ending}`);

/** The nearest configuration in `folder` and those above it, up to the repository's own; undefined where there is none. */
export function findConfig(folder: string): string | undefined {
  for (let at = resolve(folder), last = ""; at !== last; last = at, at = dirname(at)) {
    const found = CONFIG_NAMES.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (existsSync(join(at, ".git"))) return undefined;
  }
  return undefined;
}
