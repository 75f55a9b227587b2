// What stands in a folder, and the folders above it as far as they belong to the same repository.

import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** `folder` and those above it, nearest first, up to the one that holds `.git`. */
export function foldersUp(folder: string): string[] {
  const folders: string[] = [];
  for (let at = resolve(folder), last = ""; at !== last; last = at, at = dirname(at)) {
    folders.push(at);
    if (isRepository(at)) break;
  }
  return folders;
}

export function isRepository(folder: string): boolean {
  return existsSync(join(folder, ".git"));
}

/** As people write it, with slashes: `src/loss.math`, `../..`, `.`. */
export function shownFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/") || ".";
}

/** `src/loss.math`; `loss.math` in `.`. */
export function below(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}

/** Undefined where it is none or may not be listed. */
export function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
