// The numbers of the systems table, through the code kept in generated/ and through every style compiled afresh.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, evaluateAt, type Compilation, type CompileOptions } from "../src/index.ts";
import { callerFor, type Exports } from "../src/compiler/load.ts";
import { generatedName, systems, type SystemCheck } from "./systems.ts";

const root = join(import.meta.dirname, "..");

test("S14: descent on the last bias goes 1.57, 2.19, … to 2.61", () => {
  const printed = execFileSync("node", [join(root, "examples/softplus-descent.js")], { encoding: "utf8" });
  const steps = printed
    .trim()
    .split("\n")
    .map((line) => Number(/, b3 = (\S+)$/.exec(line)![1]));
  expect([steps[0], steps[1], steps.at(-1)]).toEqual([1.57, 2.19, 2.61]);
});

describe.each(systems)("$row $name", ({ name, options = {}, checks }) => {
  const compileAs = (more: CompileOptions): Compilation =>
    compile(readFileSync(join(root, "examples", `${name}.math`), "utf8"), { ...options, ...more });

  test.each(checks)("generated/ at $at", async (check) => {
    const exports = (await import(/* @vite-ignore */ join(root, "generated", generatedName(name, options)))) as Exports;
    expectNumbers(compileAs({}), exports, check);
  });

  test.each((["staged", "tidy", "fast"] as const).flatMap((style) => checks.map((check) => ({ style, check }))))(
    "$style at $check.at",
    ({ style, check }) => {
      const compilation = compileAs({ style });
      expectNumbers(compilation, undefined, check);
      if (style === "staged") expectStages(compilation, check);
    },
  );
});

function expectNumbers(compilation: Compilation, exports: Exports | undefined, check: SystemCheck): void {
  const index =
    check.fn === undefined ? compilation.functions.length - 1 : compilation.functions.findIndex(({ name }) => name === check.fn);
  const fn = compilation.functions[index]!;
  const digits = check.digits ?? 12;
  const close = (got: number, wanted: number): void =>
    expect(Math.abs(got - wanted)).toBeLessThanOrEqual(0.51 * 10 ** -digits * Math.max(1, digits === 12 ? Math.abs(wanted) : 1));
  const point = fn.inputs.map((input) => check.at[input.name]!);
  if (exports === undefined) {
    const evaluation = evaluateAt(compilation, check.at, index);
    [check.value].flat().forEach((value, at) => close(evaluation.values[at]!, value));
    for (const [input, wanted] of Object.entries(check.gradient ?? {})) close(evaluation.gradient[input]!, wanted);
    return;
  }
  const result = callerFor(fn, exports).derivative(point);
  [check.value].flat().forEach((value, at) => close(result.value[at]!, value));
  for (const [input, wanted] of Object.entries(check.gradient ?? {})) close(result.gradient[fn.wrt.indexOf(input)]!, wanted);
  check.rows?.flat().forEach((wanted, at) => close(result.rest[at]!, wanted));
}

function expectStages(compilation: Compilation, check: SystemCheck): void {
  if (check.stages === undefined) return;
  const { stages } = evaluateAt(compilation, check.at);
  for (const [name, wanted] of Object.entries(check.stages ?? {}))
    expect(stages.find((stage) => stage.name === name)?.value).toBeCloseTo(wanted, 7);
  for (const [name, wanted] of Object.entries(check.adjoints ?? {}))
    expect(stages.find((stage) => stage.name === name)?.gradient).toBeCloseTo(wanted, 7);
}
