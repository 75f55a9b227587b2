// Time of the TypeScript compiler on what is emitted, by size.

import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { digits, table } from "./markdown.js";
import { PACKAGE, ROOT } from "./package.js";
import { chain, S7, product } from "./sources.js";

const STYLES = ["staged", "tidy", "fast"];
const SUBJECTS = [
  ["S7", S7],
  ...[100, 1000, 3000, 10_000].map((size) => [`chain of ${size}`, chain(size)]),
  ...[100, 1000, 10_000].map((size) => [`product of ${size + 1}`, product(size)]),
];

export async function report() {
  const { compile } = await import(PACKAGE);
  const folder = await mkdtemp(join(tmpdir(), "wengert-bench-"));
  const rows = [];
  try {
    for (const [name, source] of SUBJECTS) {
      for (const style of STYLES) {
        const { ok, code, diagnostics } = compile(source, { style, verify: false });
        if (!ok) {
          rows.push([name, style, "–", "–", "–", diagnostics[0].message]);
          continue;
        }
        const file = join(folder, "emitted.ts");
        await writeFile(file, code);
        rows.push([name, style, code.split("\n").length, code.includes("@ts-nocheck") ? "no" : "yes", ...check(file)]);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return `## tsc --strict --noEmit on emitted code\n\n${table(["source", "style", "lines", "checked", "s", "result"], rows)}`;
}

function check(file) {
  const start = performance.now();
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const options = ["--strict", "--noEmit", "--target", "es2022"];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, file], { cwd: dirname(file), encoding: "utf8" });
  return [digits((performance.now() - start) / 1000), status === 0 ? "passes" : stdout.split("\n")[0].slice(-80)];
}
