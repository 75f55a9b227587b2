// Interpreted code against the same code run by the engine: every example in every mode, and random expressions. Equal to the last bit.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, load } from "../../src/compiler.ts";
import type { CompiledFunction } from "../../src/compiler/types.ts";
import type { Mode } from "../../src/emit/typescript/signature.ts";
import { interpretModule } from "../../src/inline/interpreter/functions.ts";
import { kernels } from "../../src/inline/kernels.ts";
import { writeSource } from "../../src/inline/write.ts";
import { dimSymbols, evaluateDim, sizeOfShape } from "../../src/ir/dims.ts";
import { ops } from "../../src/ops/registry.ts";
import { bits } from "./cases.ts";

type Call = (...args: unknown[]) => unknown;

const MODES: readonly Mode[] = ["grad", "jacobian", "hessian", "jvp", "hvp"];
const examples = join(import.meta.dirname, "../../examples");
const sources = readdirSync(examples)
  .filter((name) => name.endsWith(".math"))
  .map((name) => ({ name, text: readFileSync(join(examples, name), "utf8") }));

/** The derivative of a source by both ways; undefined where it has none in this mode. */
function bothWays(
  text: string,
  mode: Mode,
): { readonly fn: CompiledFunction; readonly run: Call; readonly interpreted: Call } | undefined {
  const compilation = compile(text, { mode, verify: false });
  if (!compilation.ok) return undefined;
  const fn = compilation.functions.at(-1)!;
  const written = writeSource(text, mode);
  expect(written.derivative).toBe(fn.exports["derivative"]);
  expect(written.inputs.map(({ name }) => name)).toEqual(fn.inputs.map(({ name }) => name));
  expect(written.packed).toBe(fn.result.packed);
  return {
    fn,
    run: load(compilation)[written.derivative] as unknown as Call,
    interpreted: interpretModule(written.javascript, written.derivative, kernels),
  };
}

/** Arguments without a pattern: numbers and arrays by the shapes of the inputs, where every named size is 2 or more. */
function argumentsOf(fn: CompiledFunction, mode: Mode, start: number): unknown[] {
  let state = start;
  const next = (): number => (state = (state * 16807) % 2147483647) / 1073741823.5 - 1;
  const sizes = new Map(
    fn.inputs.flatMap(({ shape }) => shape.flatMap(dimSymbols)).map((name, index) => [name, 2 + (index % 2)]),
  );
  const argument = ({ shape, dtype }: CompiledFunction["inputs"][number]): unknown => {
    const length = evaluateDim(sizeOfShape(shape), sizes);
    if (dtype !== "real") return shape.length === 0 ? 1 : new Int32Array(length);
    return shape.length === 0 ? next() * 3 : Float64Array.from({ length }, next);
  };
  const wrt = fn.inputs.filter(({ name }) => fn.wrt.includes(name));
  const directed = mode === "jvp" || mode === "hvp" ? wrt : [];
  const given = fn.inputs.map(argument);
  return [...given, ...(fn.sizes ?? []).map((name) => sizes.get(name) ?? 2), ...directed.map(argument)];
}

/** What a call answers or throws. */
function outcome(call: Call, args: readonly unknown[]): unknown {
  try {
    return bits(call(...args));
  } catch (error) {
    return String(error);
  }
}

describe.each(sources)("$name", ({ text }) => {
  test.each(MODES)("%s", (mode) => {
    const both = bothWays(text, mode);
    for (const start of both === undefined ? [] : [11, 22, 33]) {
      const args = argumentsOf(both!.fn, mode, start);
      expect(outcome(both!.interpreted, args)).toEqual(outcome(both!.run, args));
    }
  });
});

test("most examples have most modes", () => {
  const counts = sources.map(({ text }) => MODES.filter((mode) => compile(text, { mode, verify: false }).ok).length);
  expect(counts.filter((count) => count >= 4).length).toBeGreaterThan(sources.length / 2);
});

const callable = [...ops.values()].filter((op) => !op.internal && op.rule !== undefined && op.name !== "polygamma");

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("x", "y", "z", "1", "0.1", "1e-7", "pi", "-1.5"),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/", "^"), tie("expression"))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("<", ">=", "=="), tie("expression"))
      .map(([left, operator, right]) => `(${left} ${operator} ${right} ? ${right} : x)`),
    fc
      .tuple(fc.constantFrom(...callable), fc.array(tie("expression"), { minLength: 3, maxLength: 3 }))
      .map(([op, args]) => `${op.name}(${args.slice(0, op.variadic ? 2 : op.params.length).join(", ")})`),
  ),
}));

const special = fc.constantFrom(0, -0, 1, -1, 0.5, 1e-300, 1e300, NaN, Infinity, -Infinity);
const number = fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), special);

test("random expressions", () => {
  const property = fc.property(
    expression,
    fc.constantFrom(...MODES),
    fc.array(number, { minLength: 6, maxLength: 6 }),
    (text, mode, args) => {
      const both = bothWays(`f(x, y, z) = ${text}`, mode);
      if (both !== undefined) expect(outcome(both.interpreted, args)).toEqual(outcome(both.run, args));
    },
  );
  fc.assert(property, { numRuns: process.env["LONG"] === undefined ? 150 : 3000 });
});

describe("what generated code has not", () => {
  test.each([
    ["function f(x) { while (x) x; }", /cannot be interpreted/],
    ["function f(x) { return x ? 1; }", /cannot be interpreted/],
    ["function f(x) { return `x`; }", /cannot be interpreted/],
    ["function f(x) { return globalThis; }", /it uses 'globalThis'/],
    ["function f(x) { 1 = x; }", /cannot be interpreted, at '='/],
    ["function f(x) { return x; ", /cannot be interpreted/],
    ["function g(x) { return x; }", /without 'f'/],
  ])("%s", (text, message) => {
    expect(() => interpretModule(text, "f", {})).toThrow(message);
  });
});

test("scopes: a block's names are its own, arrow functions see what is around them, a function may be used before it is written", () => {
  const text = `
    const factor = 10;
    function f(x, scale = factor * 2) {
      let total = 0;
      for (let i = 0, unused = 1; i < 3; i++) {
        const x2 = x * i;
        { const x2 = 1000; total += x2; }
        total += apply((y) => y * scale + x2, x);
      }
      const { value: v, scale: s } = g(total);
      return { v, s, "then": [v, -s, !s], };
    }
    function g(total) { return { value: total, scale: factor }; }`;
  const js = `${text.replace("let i = 0, unused = 1", "let i = 0")}`;
  const apply = (call: (x: number) => number, x: number): number => call(x);
  const expected = (new Function("apply", `${js}\nreturn f;`) as (apply: unknown) => Call)(apply);
  const found = interpretModule(js, "f", { apply });
  expect(found(2)).toEqual(expected(2));
  expect(found(2, 3)).toEqual(expected(2, 3));
});

test.each([
  "a - b - c * d / a % b",
  "(-a) ** b ** c",
  "2 ** -c",
  "a < b ? c : a === b ? b : -d",
  "!(a > b) && c || d",
  "a / b / c",
  "a - (b - c)",
  "1e-7 * .5 + 3. - 1e+3",
])("%s binds as JavaScript does", (text) => {
  const source = `function f(a, b, c, d) { return ${text}; }`;
  const args = [3, 2, -1.5, 0.7];
  const run = new Function(`${source}\nreturn f;`)() as Call;
  expect(outcome(interpretModule(source, "f", {}), args)).toEqual(outcome(run, args));
});
