// Folders import only from those above them, so that the picture in src/README.md stays true.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const ORDER = [
  "core",
  "diagnostics",
  "ir",
  "ops",
  "rules",
  "frontends",
  "passes",
  "emit",
  "verify",
  "interpreter",
  "compiler",
  "inline",
  "lesson",
  "review",
  "exercises",
  "teach",
  "project",
  "init",
  "cli",
  "plugin",
  "playground",
];
/** Imports beyond the order: what a checker must not share with what it checks. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = { verify: ["rules", "passes", "emit"] };

const source = resolve(import.meta.dirname, "../src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(source, file), "utf8"));
  return importedFiles.map(({ fileName }) => fileName);
}

/** The folder below src/; `src/compiler.ts` belongs to `compiler`. */
function folderOf(path: string): string {
  return path.split(sep)[0]!.replace(/\.ts$/, "");
}

test.each(files.filter((file) => folderOf(file) !== "index"))("%s imports only what stands above it", (file) => {
  const own = folderOf(file);
  const imported = importsOf(file)
    .filter((name) => name.startsWith("."))
    .map((name) => relative(source, resolve(source, dirname(file), name)))
    .filter((path) => !path.startsWith(".."))
    .map(folderOf);
  const wrong = imported.filter((folder) => ORDER.indexOf(folder) > ORDER.indexOf(own) || FORBIDDEN[own]?.includes(folder));
  expect(wrong).toEqual([]);
  expect(ORDER).toContain(own);
});

test.each(files)("%s says in its first line what it is for", (file) => {
  expect(readFileSync(join(source, file), "utf8")).toMatch(/^(#!.*\n)?\/\/ \S.{20,}/);
});
