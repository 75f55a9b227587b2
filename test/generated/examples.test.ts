// Every example's output is kept in generated/ and reviewed like source; what is kept is what the compiler writes today.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile, type CompileOptions } from "../../src/index.ts";
import { generatedName, systems } from "../systems.ts";
import { tensorSystems } from "../tensor-systems.ts";

const root = join(import.meta.dirname, "../..");
const endingIn = (ending: string): string[] => readdirSync(join(root, "examples")).filter((name) => name.endsWith(ending));
const networks = endingIn(".net.yaml").map((name) => ({ kept: name.replace(".yaml", ".ts"), file: name, options: {} }));
const expressions = [...systems, ...tensorSystems].flatMap(({ name, options = {}, also = [] }) =>
  [options, ...also].map((each: CompileOptions) => ({ kept: generatedName(name, each), file: `${name}.math`, options: each })),
);

test("every expression is one of the systems", () => {
  expect(endingIn(".math").sort()).toEqual([...new Set(expressions.map(({ file }) => file))].sort());
});

describe.each([...expressions, ...networks])("$file $options", ({ kept, file, options }) => {
  const compilation = compile(readFileSync(join(root, "examples", file), "utf8"), { ...options, name: file });

  test("compiles and passes its check", () => {
    expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(compilation.functions.map(({ verification }) => verification.status)).toEqual(
      compilation.functions.map(() => "passed"),
    );
  });

  test("is what generated/ holds", async () => {
    await expect(compilation.code).toMatchFileSnapshot(join(root, "generated", kept));
  });

  test("is laid out as prettier would", async () => {
    expect(await prettier.format(compilation.code, { parser: "typescript", printWidth: 100 })).toBe(compilation.code);
  });

  test("type-checks under the strictest settings", () => {
    expect(typeErrors(compilation.code)).toEqual([]);
  });
});

test("the README shows what is written", () => {
  const kept = readdirSync(join(root, "generated")).map((name) => readFileSync(join(root, "generated", name), "utf8"));
  const shown = [
    ...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts\n((?:\/\*\*|export function)[\s\S]*?)^```$/gm),
  ].map((match) => match[1]!);
  expect(shown.length).toBeGreaterThan(1);
  for (const code of shown) expect(kept.some((text) => text.includes(code))).toBe(true);
});

/** What tsc says of a module by itself. */
function typeErrors(code: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    lib: ["lib.es2022.d.ts"],
    types: [],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === "module.ts" ? ts.createSourceFile(name, code, version) : cached(name, () => read(name, version));
  const program = ts.createProgram(["module.ts"], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const libraries = new Map<string, ts.SourceFile | undefined>();

function cached(name: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
  if (!libraries.has(name)) libraries.set(name, read());
  return libraries.get(name);
}
