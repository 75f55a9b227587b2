// Modules with templates, transformed and run.

import ts from "typescript";
import { compile } from "../../src/compiler.ts";
import { transformInline, type InlineResult } from "../../src/plugin/inline-transform.ts";

/** The transform with the compiler behind it, unchecked: what it writes is checked elsewhere. */
export async function transform(code: string, id = "/project/model.ts"): Promise<InlineResult | undefined> {
  return transformInline(code, id, { compile: (text, { name, mode }) => compile(text, { name, mode, verify: false }) });
}

/** The transform of a module that has templates. */
export async function transformed(code: string, id?: string): Promise<InlineResult> {
  const result = await transform(code, id);
  if (result === undefined) throw new Error("the module was left alone");
  return result;
}

/** What a module exports; `imports` are the modules that it may import. */
export function run(code: string, imports: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { outputText, diagnostics } = ts.transpileModule(code, {
    fileName: "module.tsx",
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, jsx: ts.JsxEmit.React },
  });
  const [mistake] = diagnostics ?? [];
  if (mistake) throw new Error(ts.flattenDiagnosticMessageText(mistake.messageText, "\n"));
  const exports = {};
  const require = (name: string): unknown => {
    if (!(name in imports)) throw new Error(`the module imports ${name}`);
    return imports[name];
  };
  new Function("exports", "require", outputText)(exports, require);
  return exports;
}

/** A template as it is written in a file, with variables in its gaps. */
export function templateText(strings: readonly string[], gaps: readonly string[]): string {
  const escaped = strings.map((text) => text.replace(/[\\`]|\$(?=\{)/g, "\\$&"));
  return `\`${escaped.map((text, index) => (index === 0 ? text : `\${${gaps[index - 1]}}${text}`)).join("")}\``;
}
