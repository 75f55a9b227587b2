// The version of the package this file is part of, wherever the build has put it.

import { readFileSync } from "node:fs";

/** Looks for package.json from here upwards. */
export function readVersion(): string {
  for (let folder = new URL(".", import.meta.url), last = ""; folder.href !== last; folder = new URL("..", folder)) {
    const found = readPackage(new URL("package.json", folder));
    if (found?.name === "wengert") return found.version ?? "unknown";
    last = folder.href;
  }
  return "unknown";
}

function readPackage(url: URL): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(url, "utf8")) as { name?: string; version?: string }; // our own file
  } catch {
    return undefined;
  }
}
