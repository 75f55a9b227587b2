// Interpreted code against the same code run by the engine: every example in every mode and style, and random expressions. Equal to the last bit.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import type { CompiledFunction, CompileOptions } from "../../src/compiler/types.ts";
import type { Mode, Style } from "../../src/emit/typescript/signature.ts";
import { ops } from "../../src/ops/registry.ts";
import { argumentMaker, bothWays, doubles, outcome, singles, sizesOf, type Both } from "./both.ts";

const MODES: readonly Mode[] = ["grad", "jacobian", "hessian", "jvp", "hvp"];
const STYLES: readonly Style[] = ["staged", "tidy", "fast"];
const examples = join(import.meta.dirname, "../../examples");
const sources = readdirSync(examples)
  .filter((name) => name.endsWith(".math"))
  .map((name) => ({ name, text: readFileSync(join(examples, name), "utf8") }));
const choices = MODES.flatMap((mode) => STYLES.map((style): CompileOptions => ({ mode, style })));

/** Calls everything that `fn` exports at a point, both ways. */
function compareAt(fn: CompiledFunction, { run, interpreted }: Both, start: number, { mode, precision }: CompileOptions): void {
  const argument = argumentMaker(fn, start, precision === "f32" ? singles : doubles);
  const sizes = sizesOf(fn);
  const given = fn.inputs.map(argument);
  const args = [...(fn.result.packed ? [given] : given), ...(fn.sizes ?? []).map((name) => sizes.get(name) ?? 2)];
  const wrt = fn.inputs.filter(({ name }) => fn.wrt.includes(name)).map(argument);
  const direction = mode === "jvp" || mode === "hvp" ? (fn.result.packed ? [wrt] : wrt) : [];
  const { value, forward, backward, derivative } = fn.exports as Readonly<Record<string, string>>;
  const compare = (name: string, each: readonly unknown[]): void =>
    expect(outcome(interpreted[name]!, each)).toEqual(outcome(run[name]!, each));
  compare(value!, args);
  compare(derivative!, backward === derivative ? [outcome(run[forward!]!, args)] : [...args, ...direction]);
  if (forward === undefined || backward === undefined) return;
  compare(forward, args);
  if (typeof outcome(run[forward]!, args) !== "string") compare(backward, [run[forward]!(...args), 1.5]);
}

describe.each(sources)("$name", ({ text }) => {
  test.each(choices)("$mode $style", (options) => {
    const compilation = compile(text, { ...options, verify: false });
    if (!compilation.ok) return;
    const both = bothWays(compilation);
    for (const start of [11, 22, 33, 44]) compareAt(compilation.functions.at(-1)!, both, start, options);
  });

  test.each(MODES)("%s in single precision", (mode) => {
    const options: CompileOptions = { mode, precision: "f32" };
    const compilation = compile(text, { ...options, verify: false });
    if (!compilation.ok) return;
    const both = bothWays(compilation);
    for (const start of [11, 22]) compareAt(compilation.functions.at(-1)!, both, start, options);
  });
});

test("most examples have most modes, some have all styles, some single precision", () => {
  const counts = sources.map(({ text }) => choices.filter((options) => compile(text, { ...options, verify: false }).ok).length);
  expect(counts.filter((count) => count >= 8).length).toBeGreaterThan(sources.length / 2);
  expect(Math.max(...counts)).toBe(choices.length);
  expect(sources.filter(({ text }) => compile(text, { precision: "f32", verify: false }).ok).length).toBeGreaterThan(5);
});

test.each(STYLES)("many inputs come packed, long code in the fast style split: %s", (style) => {
  const names = Array.from({ length: 400 }, (_, index) => `x${index}`);
  const text = `f(${names.join(", ")}) = ${names.map((name, index) => `sin(${name} * ${names[(index * 7) % 400]}) * x${index % 5}`).join(" + ")}`;
  const compilation = compile(text, { style, verify: false });
  const fn = compilation.functions[0]!;
  expect([fn.result.packed, compilation.javascript.includes("fGradPart2")]).toEqual([true, style === "fast"]);
  compareAt(fn, bothWays(compilation), 5, {});
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
    fc.constantFrom(...choices),
    fc.array(number, { minLength: 6, maxLength: 6 }),
    (text, options, args) => {
      const compilation = compile(`f(x, y, z) = ${text}`, { ...options, verify: false });
      if (!compilation.ok) return;
      const { run, interpreted } = bothWays(compilation);
      const name = compilation.functions[0]!.exports["derivative"]!;
      const given = options.mode === "jvp" || options.mode === "hvp" ? args : args.slice(0, 3);
      expect(outcome(interpreted[name]!, given)).toEqual(outcome(run[name]!, given));
    },
  );
  fc.assert(property, { numRuns: process.env["LONG"] === undefined ? 200 : 5000 });
});
