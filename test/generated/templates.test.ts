// generated/templates.json is what ts-morph reads out of templates/; a stale one fails here (`npm run generate` renews it).

import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { extractTemplates } from "../../templates/extract.ts";

const folder = join(import.meta.dirname, "../../templates");
const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "extract.ts");
const pieces = extractTemplates(files.map((name) => join(folder, name)));

test("the index of templates is up to date", async () => {
  await expect(`${JSON.stringify(pieces, null, 2)}\n`).toMatchFileSnapshot("../../generated/templates.json");
});

test.each(Object.entries(pieces))("%s without its types is the JavaScript that TypeScript makes of it", (_, piece) => {
  let erased = "";
  let at = 0;
  for (const [start, end] of piece.typeRanges) {
    erased += piece.text.slice(at, start);
    at = end;
  }
  erased += piece.text.slice(at);
  const options = { target: ts.ScriptTarget.ES2022, removeComments: false };
  const transpiled = (text: string): string => ts.transpileModule(text, { compilerOptions: options }).outputText;
  expect(
    ts.transpileModule(erased, { reportDiagnostics: true, fileName: "piece.js", compilerOptions: { ...options, allowJs: true } })
      .diagnostics,
  ).toEqual([]);
  expect(transpiled(erased)).toBe(transpiled(piece.text));
});
