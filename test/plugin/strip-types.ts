// TypeScript for bundlers that read none: a transform for Rollup, a configuration with a loader for webpack and Rspack.

import { join } from "node:path";
import ts from "typescript";

export function stripTypes(code: string, id: string): { code: string; map: string } | undefined {
  if (!id.endsWith(".ts")) return undefined;
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true };
  const { outputText, sourceMapText } = ts.transpileModule(code, { compilerOptions, fileName: id });
  return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*/, ""), map: sourceMapText! };
}

/** Bundles `main.js` of a folder to `out/main.mjs`. */
export function packLike(root: string) {
  return {
    context: root,
    entry: "./main.js",
    mode: "development" as const,
    devtool: "source-map" as const,
    target: "node" as const,
    module: {
      rules: [{ test: /\.ts$/, type: "javascript/auto" as const, loader: join(import.meta.dirname, "strip-types.cjs") }],
    },
    output: { path: join(root, "out"), filename: "main.mjs" },
  };
}
