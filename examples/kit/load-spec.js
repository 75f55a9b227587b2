// Compiles a network spec and runs what came out. A program of your own would rather write the module once and import it: `npx gen xor.net.yaml -o src/`.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { compile, load } from "wengert";

/**
 * The functions of a spec in a file: xorInit, xorGrad, xorStep, ... for xor.net.yaml.
 *
 * @param {URL} url
 */
export function loadSpec(url) {
  return load(compileSpec(readFileSync(url, "utf8"), basename(url.pathname)));
}

/**
 * The compilation of a spec, or an error that says what is wrong with it.
 *
 * @param {string} text
 * @param {string} name a file name that ends in .net.yaml: that is how compile() knows a network
 */
export function compileSpec(text, name) {
  const compilation = compile(text, { name });
  if (compilation.ok) return compilation;
  const messages = compilation.diagnostics.map(({ code, message }) => `${code}: ${message}`);
  throw new Error(`${name} does not compile\n${messages.join("\n")}`);
}
