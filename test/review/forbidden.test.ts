// A process that may not run text, as a page under its policy may not: the review finds the same there, interpreted.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { solutions } from "./sources.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "wengert-review-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Solution, what is replaced and by what; what is found. */
const ROWS = [
  ["staged", "", "", "right"],
  ["staged", "dx += dnum", "dx = dnum", "overwritten"],
  ["neuron", "Math.exp(-dot)", "Math.exp(dot)", "sign"],
  ["softmax", "matmul(transpose(X, m, 4), dH, 4, m, 3)", "matmul(transpose(dH, m, 3), X, 3, m, 4)", "transposed"],
] as const;

const PROGRAM = `
  import { readFileSync } from "node:fs";
  import { compile } from "./src/compiler/compile.ts";
  import { reviewBackward } from "./src/review/review.ts";
  const told = (review) => review.kind === "wrong" ? \`line \${review.finding.line}: \${review.finding.mistake}\` : review.kind;
  const answers = [];
  for (const { source, text } of JSON.parse(readFileSync(process.argv[2], "utf8"))) answers.push(told(await reviewBackward(text, compile(source))));
  let mayRunText = true;
  try { new Function("return 1")(); } catch { mayRunText = false; }
  console.log(JSON.stringify({ mayRunText, answers }));`;

test("where text may not be run as code", { timeout: 60_000 }, async () => {
  const outfile = join(folder, "entry.mjs");
  await build({
    stdin: { contents: PROGRAM, resolveDir: root },
    bundle: true,
    platform: "browser",
    external: ["node:fs"],
    format: "esm",
    outfile,
  });
  const cases = ROWS.map(([name, from, to]) => {
    const { source, text } = solutions[name];
    const isFile = source.endsWith(".math");
    return { source: isFile ? readFileSync(join(root, "examples", source), "utf8") : source, text: text.replace(from, () => to) };
  });
  writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
  const run = (...flags: string[]): unknown => {
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, outfile, join(folder, "cases.json")], { encoding: "utf8" });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  };
  const answers = ROWS.map(([name, from, , answer]) => {
    const line = solutions[name].text.split(from === "" ? "\0" : from)[0]!.split("\n").length;
    return answer === "right" ? answer : `line ${line}: ${answer}`;
  });
  expect(run()).toEqual({ mayRunText: true, answers });
  expect(run("--disallow-code-generation-from-strings")).toEqual({ mayRunText: false, answers });
});
