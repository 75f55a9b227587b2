// generated/templates.json is what ts-morph reads out of templates/, generated/kernels.ts the same as functions that run; stale ones fail here
// (`npm run generate` renews them).

import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import ts from "typescript";
import { expect, test } from "vitest";
import { extractTemplates, type TemplatePiece } from "../../templates/extract.ts";

const folder = join(import.meta.dirname, "../../templates");
const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "extract.ts");
const pieces = extractTemplates(files.map((name) => join(folder, name)));

test("the index of templates is up to date", async () => {
  await expect(`${JSON.stringify(pieces, null, 2)}\n`).toMatchFileSnapshot("../../generated/templates.json");
});

test("so are the functions for where no text may be run", async () => {
  const text = await prettier.format(kernelModule(pieces), { parser: "typescript", printWidth: 100 });
  await expect(text).toMatchFileSnapshot("../../generated/kernels.ts");
});

/** All pieces in one function, whose argument is what their text calls Float64Array: as text in single precision has another name there. */
function kernelModule(all: Readonly<Record<string, TemplatePiece>>): string {
  const names = Object.keys(all).filter((name) => !/^(interface|type) /m.test(all[name]!.text));
  const texts = Object.values(all).map(({ text }) => text.replaceAll("must be a Float64Array", "must be a ${Float64Array.name}"));
  return `// Made from templates/: every function that generated code may carry along, over arrays of double or of single precision. Change those, not this.

/** The functions by name. The argument makes their arrays. */
export function createKernels(Float64Array: Float64ArrayConstructor): Readonly<Record<string, unknown>> {
${texts.join("\n\n")}

return { ${names.join(", ")} };
}
`;
}

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
