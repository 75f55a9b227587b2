// Expressions over tensors against PyTorch in double precision, in both styles, through the generated code. The numbers are made by
// test/golden/tensors.py.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../src/compiler.ts";
import { runModule } from "../src/compiler/load.ts";

type Numbers = readonly number[];

interface Case {
  readonly name: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, Numbers | number>>;
  readonly expected: { readonly value: number; readonly gradients: Readonly<Record<string, Numbers | number>> };
}

const cases = JSON.parse(readFileSync(join(import.meta.dirname, "golden/tensors.json"), "utf8")) as Case[];

describe.each((["staged", "tidy"] as const).flatMap((style) => cases.map((each) => ({ ...each, style }))))(
  "$style $name",
  ({ source, inputs, expected, style }) => {
    const compilation = compile(source, { style, verify: false });

    test("equals PyTorch", () => {
      expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      const fn = compilation.functions.at(-1)!;
      const exports = runModule(compilation.javascript, Object.values(fn.exports)) as unknown as Record<
        string,
        (...args: unknown[]) => never
      >;
      const args = fn.inputs.map(({ name, shape, dtype }) => {
        const given = [inputs[name]!].flat();
        if (shape.length === 0) return given[0];
        return dtype === "real" ? Float64Array.from(given) : Int32Array.from(given);
      });
      const result = exports[fn.exports["derivative"]!]!(...args) as Record<string, number | Float64Array>;
      expectClose(result[fn.result.value]!, expected.value, "value");
      for (const [name, wanted] of Object.entries(expected.gradients)) {
        const property = fn.result.gradients[name];
        if (property !== undefined) expectClose(result[property]!, wanted, name);
      }
      expect(exports[fn.exports["value"]!]!(...args)).toBe(result[fn.result.value]);
    });
  },
);

function expectClose(got: number | ArrayLike<number>, wanted: number | Numbers, what: string): void {
  const values = typeof got === "number" ? [got] : Array.from(got);
  const truth = [wanted].flat();
  expect(values.length, what).toBe(truth.length);
  truth.forEach((value, index) => {
    const off = Math.abs(values[index]! - value);
    if (!(off <= 1e-9 + 1e-9 * Math.abs(value))) expect.fail(`${what}[${index}]: ${values[index]!}, PyTorch has ${value}`);
  });
}
