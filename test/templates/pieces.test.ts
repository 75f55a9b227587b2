// Each template with what it says it uses, and nothing else, is a module that TypeScript accepts.

import { expect, test } from "vitest";
import ts from "typescript";
import templates from "../../generated/templates.json" with { type: "json" };

const pieces: ReadonlyMap<string, { readonly text: string; readonly uses: readonly string[] }> = new Map(
  Object.entries(templates),
);

function withUses(name: string, known = new Set<string>()): Set<string> {
  if (!known.has(name)) {
    known.add(name);
    for (const used of pieces.get(name)!.uses) withUses(used, known);
  }
  return known;
}

const options: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  types: [],
};

test("every piece compiles with what it uses", () => {
  const modules = new Map(
    [...pieces.keys()].map((name) => [
      `/${name}.ts`,
      [...withUses(name)].map((used) => pieces.get(used)!.text).join("\n\n") + "\nexport {};\n",
    ]),
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, version) =>
    modules.has(path) ? ts.createSourceFile(path, modules.get(path)!, version) : read(path, version);
  const program = ts.createProgram([...modules.keys()], options, host);
  const found = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  expect(found).toEqual([]);
});
