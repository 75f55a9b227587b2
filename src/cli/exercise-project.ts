// In which language an exercise is written and what runs its test: what the project has, and what this Node can run.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FileOptions } from "../exercises/file-text.ts";

export interface FileFlags {
  readonly js?: true;
  readonly ts?: true;
  readonly runner?: "node" | "vitest";
}

/** What is said wins. Else vitest where the project around `folder` has it, and TypeScript where something there runs it. */
export function chooseFileOptions({ js, ts, runner }: FileFlags, folder: string): FileOptions {
  const text = nearestPackage(folder) ?? "";
  const chosen = runner ?? (/"vitest"\s*:/.test(text) ? "vitest" : "node");
  const runsTypeScript = chosen === "vitest" || stripsTypes();
  const isScript = js || (!ts && !runsTypeScript);
  // Node takes a file for a module by its contents, except where the package says that it is none.
  const isTold = chosen === "node" && /"type"\s*:\s*"commonjs"/.test(text);
  return { runner: chosen, ending: isScript ? (isTold ? "mjs" : "js") : isTold ? "mts" : "ts" };
}

/** Whether this Node runs TypeScript as it is. */
function stripsTypes(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript); // newer than the types of Node 20
}

/** The text of the nearest package.json at or above a folder. */
function nearestPackage(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const text = readText(join(at, "package.json"));
    if (text !== undefined || dirname(at) === at) return text;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // none here, or none that can be read: the same to us
  }
}
