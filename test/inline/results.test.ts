// The same template by three ways: compiled away by the transform, compiled at run time, interpreted where no text may be run. All
// give the same numbers, to the last bit.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { compile } from "../../src/compiler.ts";
import * as inline from "../../src/inline/inline.ts";
import { bits, taggedCases, templateStrings } from "./cases.ts";
import { run, templateText, transformed } from "./modules.ts";

type Made = (...args: unknown[]) => object;
type AnyTag = (strings: TemplateStringsArray, ...values: readonly unknown[]) => Made;

const folder = mkdtempSync(join(tmpdir(), "wengert-inline-"));
const cases = taggedCases();

beforeAll(() => void vi.spyOn(console, "warn").mockImplementation(() => undefined));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function atRunTime({ tag, each, calls }: (typeof cases)[number]): unknown {
  const made = (inline[tag] as unknown as AnyTag)(templateStrings(each.strings), ...(each.values ?? []));
  return calls.map((args) => bits(made(...args)));
}

describe("transformed", () => {
  test.each(cases)("$title", async (one) => {
    const { tag, each, calls } = one;
    const values = each.values ?? [];
    const names = values.map((_, index) => `v[${index}]`);
    const code = [
      `import { ${tag} } from "wengert/inline";`,
      `export const make = (v: number[]) => ${tag}${templateText(each.strings, names)};`,
    ].join("\n");
    const result = await transformed(code);
    expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const make = run(result.code)["make"] as (values: readonly number[]) => Made;
    const made = make(values);
    expect(calls.map((args) => bits(made(...args)))).toEqual(atRunTime(one));
  });
});

test("interpreted, where the engine runs no text", async () => {
  const script = join(folder, "interpreted.mjs");
  await build({
    stdin: {
      contents: `
        import * as inline from "./src/inline/inline.ts";
        import { bits, taggedCases, templateStrings } from "./test/inline/cases.ts";
        let isForbidden = false;
        try { new Function("return 1"); } catch { isForbidden = true; }
        const results = taggedCases().map(({ title, tag, each, calls }) => {
          const made = inline[tag](templateStrings(each.strings), ...(each.values ?? []));
          return [title, calls.map((args) => bits(made(...args)))];
        });
        console.log(JSON.stringify({ isForbidden, results }));`,
      resolveDir: join(import.meta.dirname, "../.."),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: script,
  });
  const { stdout, stderr } = spawnSync(process.execPath, ["--disallow-code-generation-from-strings", script], {
    encoding: "utf8",
  });
  expect(stderr).toMatch(/^wengert: /);
  const { isForbidden, results } = JSON.parse(stdout) as { isForbidden: boolean; results: [string, unknown][] };
  expect(isForbidden).toBe(true);
  expect(results).toEqual(cases.map((one) => [one.title, atRunTime(one)]));
});

test.each(cases.filter(({ each }) => each.values?.every(Number.isFinite)))(
  "$title: a value is what it would be written out",
  ({ tag, each, calls }) => {
    const text = each.strings.reduce((left, right, index) => `${left}(${each.values![index - 1]})${right}`);
    const compilation = compile(text, { mode: tag, verify: false });
    const made = (inline[tag] as unknown as AnyTag)(templateStrings(each.strings), ...each.values!);
    const written = run(`${compilation.javascript}\nexport { ${compilation.functions.at(-1)!.exports["derivative"]} as made };`)[
      "made"
    ] as Made;
    for (const args of calls) expectClose(made(...args), written(...args));
  },
);

/** Equal but for rounding, and for what a product with a zero that is written out does not show. */
function expectClose(found: object, wanted: object): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  const [left, right] = [found, wanted].map((result) => numbersIn(result));
  expect(left!.length).toBe(right!.length);
  left!.forEach((value, index) => {
    const other = right![index]!;
    if (Number.isFinite(value) && Number.isFinite(other))
      expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(other)));
  });
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : Object.values(value as object)).flatMap(numbersIn);
}
