// Which functions of a module are those of templates/, and which only look like them.

import { describe, expect, test } from "vitest";
import templates from "../../generated/templates.json" with { type: "json" };
import { compile } from "../../src/compiler.ts";
import { runModule } from "../../src/compiler/load.ts";
import { kernelsOf } from "../../src/interpreter/kernels.ts";
import { interpretModule } from "../../src/interpreter/module.ts";
import { bothWays, outcome, type Call } from "./both.ts";

const TENSORS = "input X [m, 3]\nparam W [3, 2]\nloss = sum(relu(X * W)) / m";

/** The kernels that stand in a text, each where it is declared. */
function kernelsIn(javascript: string): string[] {
  const library = kernelsOf(javascript);
  return [...javascript.matchAll(/^(?:function|const) /gm)].flatMap(({ index }) => library.at(index)?.name ?? []);
}

test("every function that a module copies is found, whatever the precision", () => {
  for (const precision of ["f64", "f32"] as const) {
    const { javascript } = compile(TENSORS, { precision, verify: false });
    const copied = [...javascript.matchAll(/^function ([\w$]+)/gm)].map(([, name]) => name!).filter((name) => name in templates);
    expect(copied.length).toBeGreaterThan(5);
    expect(kernelsIn(javascript).sort()).toEqual(copied.sort());
  }
});

test("a kernel is a function of its module's precision", () => {
  const textOf = (name: "Float64Array" | "Float32Array"): string =>
    `function filled(n, value) {\n  return new ${name}(n).fill(value);\n}`;
  expect(interpretModule(textOf("Float64Array"), ["filled"])["filled"]!(2, 0.1)).toEqual(Float64Array.of(0.1, 0.1));
  expect(interpretModule(textOf("Float32Array"), ["filled"])["filled"]!(2, 0.1)).toEqual(Float32Array.of(0.1, 0.1));
});

test.each(["f64", "f32"] as const)("%s: arguments of the wrong kind are refused in the same words", (precision) => {
  const { run, interpreted } = bothWays(compile(TENSORS, { precision, verify: false }));
  const X = precision === "f32" ? new Float32Array(6) : new Float64Array(6);
  const wrong: readonly (readonly unknown[])[] = [[X], [X, [1]], [X, X.slice(1)], [X, new Int16Array(6)], [[], X], [X, new Float32Array(6)], [X, new Float64Array(6)]]; // prettier-ignore
  for (const args of wrong) expect(outcome(interpreted["lossGrad"]!, args)).toEqual(outcome(run["lossGrad"]!, args));
  expect(outcome(interpreted["lossGrad"]!, [X, [1]])).toContain(precision === "f32" ? "Float32Array" : "Float64Array");
});

describe("functions of the user that are called like kernels", () => {
  // The names of kernels that a source does not need are free.
  test.each([
    ["sum(x, y) = x + y", "sum"],
    ["map(x) = x^2\nf(x) = map(x) * map(x + 1)", "map"],
    ["dot(x, y) = x * y\nadam(x) = dot(x, x) + sin(x)", "adam"],
    ["param sgd, momentum\nsgd * momentum^2", "sgd"],
    ["gamma1(x) = x\nfilled(n, value) = n * value + gamma(value)", "filled"],
    ["input X [m, 3]\nparam W [3, 2]\nsgd = sum(X * W)", "sgd"],
  ])("%s", (text, name) => {
    const compilation = compile(text);
    expect(compilation.ok).toBe(true);
    expect(compilation.javascript).toContain(name);
    const { run, interpreted } = bothWays(compilation);
    const args = text.includes("[") ? [Float64Array.of(1, 2, 3), Float64Array.of(1, 2, 3, 4, 5, 6)] : [3, 4];
    const names = Object.keys(run);
    expect(names.length).toBeGreaterThan(1);
    for (const each of names) expect(outcome(interpreted[each]!, args)).toEqual(outcome(run[each]!, args));
  });

  const SUM_LINE =
    "function sumLine(x, start, n, step) {\n  let total = 0;\n  for (let i = 0, at = start; i < n; i++, at += step) total += x[at];\n  return total;\n}";
  const SUM = "function sum(x) {\n  return sumLine(x, 0, x.length, 1);\n}";

  test.each([
    ["a kernel with what it needs", [SUM, SUM_LINE], ["sum", "sumLine"]],
    ["a kernel without what it needs", [SUM, "function sumLine(x, start, n, step) { return x[1] * 100 + n; }"], ["sum"]],
    ["the same text but for a blank", [SUM.replace("0, x", "0,  x"), SUM_LINE], ["sumLine"]],
    ["the same head with another body", ["function sum(x) {\n  return x.length;\n}"], []],
    ["text that goes on", [`${SUM}\n`, `${SUM_LINE}\n`, "function map(x) { return x; }"], ["sum", "sumLine"]],
  ])("%s", (_, texts, found) => {
    // `let i = 0, at = start` is in no text that is interpreted, so what works here is the kernel, or not one.
    const javascript = `${texts.join("\n\n")}\nfunction f(x) { return sum(x); }`;
    expect(kernelsIn(javascript)).toEqual(found);
    const x = Float64Array.of(1, 2, 4);
    const run = runModule(javascript, ["f", "sum"]) as unknown as Readonly<Record<string, Call>>;
    const interpreted = interpretModule(javascript, ["f", "sum"]);
    for (const name of ["f", "sum"]) expect(interpreted[name]!(x)).toBe(run[name]!(x));
  });

  test("a local variable may be called like a kernel", () => {
    const javascript = `${SUM}\n${SUM_LINE}\nfunction f(x, sum) { return sum + x; }\nfunction g(x) { const sumLine = (y) => y + 1; return sumLine(sum(x)); }`;
    const { f, g } = interpretModule(javascript, ["f", "g"]);
    expect([f!(1, 2), g!([1, 2, 3])]).toEqual([3, 7]);
  });
});
