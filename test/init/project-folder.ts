// A project made on the fly: files in a folder of its own, which is a repository, so that nothing above it counts.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** By path; what is no text is written as JSON. A path that ends in a slash is an empty folder. */
export type ProjectFiles = Readonly<Record<string, unknown>>;

export function makeProject(files: ProjectFiles): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "project-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, ".git"));
  addFiles(folder, files);
  return folder;
}

export function addFiles(folder: string, files: ProjectFiles): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
}
