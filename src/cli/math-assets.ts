// KaTeX's style sheet and fonts: beside the built code, or in node_modules where the sources themselves run.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { MathAssets } from "../lesson/explanation/math.ts";

export function readMathAssets(): MathAssets {
  const folder = assetsFolder();
  return {
    css: readFileSync(new URL("katex.min.css", folder), "utf8"),
    font: (file) => readFileSync(new URL(`fonts/${file}`, folder)).toString("base64"),
  };
}

function assetsFolder(): URL {
  const built = new URL("katex/", import.meta.url);
  if (existsSync(built)) return built;
  return new URL(".", pathToFileURL(createRequire(import.meta.url).resolve("katex")));
}
