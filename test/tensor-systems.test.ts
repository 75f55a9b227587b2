// The numbers of the systems over tensors, through the code kept in generated/ and through both styles compiled afresh; and what the generated
// functions say to wrong arguments.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, load, type Compilation, type CompileOptions } from "../src/index.ts";
import type { Exports } from "../src/compiler/load.ts";
import { generatedName } from "./systems.ts";
import { tensorSystems, type TensorSystem, type Value } from "./tensor-systems.ts";

const root = join(import.meta.dirname, "..");
const sourceOf = ({ name }: TensorSystem): string => readFileSync(join(root, "examples", `${name}.math`), "utf8");

describe.each(tensorSystems)("$row $name", (system) => {
  const compileAs = (more: CompileOptions): Compilation =>
    compile(sourceOf(system), { ...system.options, ...more, verify: false });

  test("generated/", async () => {
    const exports = (await import(
      /* @vite-ignore */ join(root, "generated", generatedName(system.name, system.options ?? {}))
    )) as Exports;
    expectNumbers(system, compileAs({}), exports);
  });

  test.each(["staged", "tidy"] as const)("%s", (style) => {
    const compilation = compileAs({ style });
    expectNumbers(system, compilation, load(compilation));
  });
});

function argumentsFor({ inputs }: TensorSystem, compilation: Compilation): unknown[] {
  return compilation.functions.at(-1)!.inputs.map(({ name, shape, dtype }) => {
    const flat = [inputs[name]!].flat(2);
    if (shape.length === 0) return flat[0];
    return dtype === "real" ? Float64Array.from(flat) : Int32Array.from(flat);
  });
}

function expectNumbers(system: TensorSystem, compilation: Compilation, exports: Exports): void {
  const fn = compilation.functions.at(-1)!;
  const derivative = exports[fn.exports["derivative"]!] as unknown as (
    ...args: unknown[]
  ) => Record<string, number | Float64Array>;
  const result = derivative(...argumentsFor(system, compilation));
  expectClose(result[fn.result.value]!, system.value);
  for (const [name, wanted] of Object.entries(system.gradient ?? {})) expectClose(result[fn.result.gradients[name]!]!, wanted);
  if (system.jacobian !== undefined) expectClose(result["J"]!, system.jacobian);
}

function expectClose(got: number | ArrayLike<number>, wanted: Value): void {
  const values = typeof got === "number" ? [got] : Array.from(got);
  const truth = [wanted].flat(2);
  expect(values.length).toBe(truth.length);
  truth.forEach((value, index) => expect(Math.abs(values[index]! - value)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(value))));
}

describe("the door of generated functions", () => {
  const compilation = compile(
    "input X [m, 4]\ninput y [m] integer below 3\nparam T [4, 3]\nparam c\nc * mean(softmax_cross_entropy(X * T, y))",
    {
      verify: false,
    },
  );
  const run = load(compilation)["fGrad"] as unknown as (...args: unknown[]) => { f: number; dT: Float64Array };
  const good = (): unknown[] => [new Float64Array(8).fill(0.5), Int32Array.of(0, 2), new Float64Array(12).fill(0.1), 1];
  const withArgument = (index: number, value: unknown): unknown[] => good().map((each, at) => (at === index ? value : each));

  test("lets good arguments in", () => {
    expect(run(...good()).f).toBeCloseTo(Math.log(3), 12);
  });

  test.each([
    [
      "a plain array",
      withArgument(0, [1, 2, 3, 4, 5, 6, 7, 8]),
      TypeError,
      /^X must be a typed array of shape \[m, 4\], not a value of type Array$/,
    ],
    [
      "another precision",
      withArgument(2, new Float32Array(12)),
      TypeError,
      /^T must be a Float64Array of shape \[4, 3\], not a value of type Float32Array$/,
    ],
    ["nothing", withArgument(2, undefined), TypeError, /^T must be a Float64Array/],
    [
      "a wrong length",
      withArgument(2, new Float64Array(11)),
      RangeError,
      /^T must have 4 \* 3 = 12 values for its shape \[4, 3\], not 11$/,
    ],
    ["a part of a row", withArgument(0, new Float64Array(9)), RangeError, /^X must have a multiple of 4 values/],
    ["an empty batch", withArgument(0, new Float64Array(0)), RangeError, /^X must have/],
    [
      "two batch sizes",
      withArgument(1, Int32Array.of(0, 1, 2)),
      RangeError,
      /^y must have m = 2 values for its shape \[m\], not 3$/,
    ],
    ["a class too high", withArgument(1, Int32Array.of(0, 3)), RangeError, /^y\[1\] must be from 0 to 2, not 3$/],
    ["a negative class", withArgument(1, Int32Array.of(-1, 0)), RangeError, /^y\[0\] must be from 0 to 2, not -1$/],
    [
      "real class indices",
      withArgument(1, new Float64Array(2)),
      TypeError,
      /^y must be an Int32Array of shape \[m\], not a value of type Float64Array$/,
    ],
    ["text for a number", withArgument(3, "1"), TypeError, /^c must be a number/],
  ] as const)("refuses %s", (_, args, kind, message) => {
    expect(() => run(...args)).toThrow(kind);
    expect(() => run(...args)).toThrow(message);
  });

  test("lets NaN through and does not hide it", () => {
    const args = good();
    (args[0] as Float64Array)[3] = NaN;
    expect(run(...args).f).toBeNaN();
    expect(run(...args).dT.some(Number.isNaN)).toBe(true);
  });

  test("finds sizes with names beyond ASCII", () => {
    const { ok, diagnostics } = compile("input X [ν, 3]\nparam w [3]\nr = X * w\ndot(r, r) / ν");
    expect(diagnostics).toEqual([]);
    expect(ok).toBe(true);
  });

  test("never hands back an argument", () => {
    const { fGrad } = load(compile("param a [3]\ninput b [3]\nsum(a .* b)")) as unknown as Record<
      string,
      (...args: unknown[]) => { da: Float64Array }
    >;
    const b = Float64Array.of(1, 2, 3);
    const { da } = fGrad!(Float64Array.of(1, 1, 1), b);
    expect(Array.from(da)).toEqual([1, 2, 3]);
    expect(da).not.toBe(b);
  });
});

describe("single precision", () => {
  test.each(tensorSystems)("$name", (system) => {
    const compilation = compile(sourceOf(system), { ...system.options, precision: "f32" });
    expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(compilation.code).not.toContain("Float64Array");
    expect(compilation.verification.notes.some((note) => note.includes("single precision"))).toBe(true);
  });

  test("a network", () => {
    const text = readFileSync(join(root, "examples/two-layer.net.yaml"), "utf8");
    const compilation = compile(text, { name: "two-layer.net.yaml", precision: "f32" });
    expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(compilation.code).not.toContain("Float64Array");
    expect(compilation.verification.status).toBe("passed");
  });
});
