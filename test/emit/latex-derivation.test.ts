import katex from "katex";
import { describe, expect, it } from "vitest";
import { compile, evaluateAt } from "../../src/compiler.ts";
import type { Compilation } from "../../src/compiler/types.ts";
import { derivationLatex } from "../../src/emit/derivation-latex.ts";
import { derivationText } from "../../src/emit/derivation-text.ts";
import { explain, type Derivation } from "../../src/emit/explain.ts";
import type { Node } from "../../src/ir/graph.ts";
import { evaluateOp } from "../../src/ops/build.ts";
import { allRules } from "../../src/rules/all.ts";

const SOURCES: Record<string, string> = {
  "a product": "f(x, y) = x * y",
  "the staged example": "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)",
  "a neuron": "f(w0, w1, w2, x0, x1) = 1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))",
  "log-sum-exp": "f(a, b, c) = log(exp(a) + exp(b) + exp(c)) - b",
  "a choice": "f(x, y) = (x > y and y < 3) ? x * y : max(x, y, 2)",
  "an operand twice": "f(x, y) = x * y + y * x^2",
  "named stages": "q = x + y\nalpha = q * z\nf = alpha^2",
  "nothing to do": "f(x, y) = x + 0 * y",
  data: "input y\nf = (x - y)^2",
};

function derivationOf(compilation: Compilation): Derivation {
  const fn = compilation.functions.at(-1)!;
  const rules = new Map(allRules.map((rule) => [rule.name, rule]));
  const { name, formula, rewrites } = fn;
  return explain({ name, formula, rewrites, ...fn.derivation! }, (rule) => rules.get(rule));
}

describe.each(Object.entries(SOURCES))("%s", (_, text) => {
  const compilation = compile(text);
  const derivation = derivationOf(compilation);

  it("renders with KaTeX", () => {
    const latex = derivationLatex(derivation);
    const displays = latex.match(/\\begin\{align\*\}[\s\S]*?\\end\{align\*\}/g) ?? [];
    expect(displays.length).toBeGreaterThan(0);
    for (const display of displays) katex.renderToString(display, { displayMode: true, throwOnError: true, strict: "error" });
    for (const line of latex.split("\n").filter((each) => !each.startsWith("%")))
      expect(line).not.toMatch(/undefined|adjoint of/);
  });

  it("multiplies what arrives by the local gradient, and ends at the gradient", () => {
    const names = derivation.inputs;
    const point = Object.fromEntries(names.map((name, index) => [name, 0.7 + 0.45 * index]));
    const values = new Map(Object.entries(point));
    for (const { name, node } of derivation.forward) values.set(name, evaluate(derivation, node, values, true));
    values.set(derivation.seed, 1);
    for (const { adjoint, grows, upstream, local, value } of derivation.backward) {
      const [arrives, factor, product] = [
        values.get(upstream)!,
        evaluate(derivation, local, values),
        evaluate(derivation, value, values),
      ];
      expect(product).toBeCloseTo(arrives * factor, 12);
      values.set(adjoint, grows ? values.get(adjoint)! + product : product);
    }
    const { gradient } = evaluateAt(compilation, point);
    for (const { input, gradient: node } of derivation.results) {
      expect(node === undefined ? 0 : evaluate(derivation, node, values), input).toBeCloseTo(gradient[input]!, 12);
    }
  });

  it("is told in words", () => {
    const told = derivationText(derivation);
    expect(told).toMatch(/^# f\(/);
    expect(told).not.toMatch(/undefined|adjoint of|= \.\.\./);
    for (const { name } of derivation.forward) expect(told).toContain(`) ${name} = `);
  });
});

/** A node's value where named nodes have those of `values`. */
function evaluate(derivation: Derivation, node: Node, values: ReadonlyMap<string, number>, writtenOut = false): number {
  const name = derivation.nameOf(node);
  if (name !== undefined && !writtenOut) return values.get(name)!;
  if (node.kind === "const") return node.value;
  if (node.kind === "input") throw new Error(`an input without a name: ${node.name}`);
  return evaluateOp(
    node.op,
    node.args.map((arg) => evaluate(derivation, arg, values)),
  );
}

it("a sigmoid is explained with its rule", () => {
  const told = derivationText(derivationOf(compile("1 / (1 + exp(-x))")));
  expect(told).toContain("sigmoid (stabilising): 1 / (1 + exp(-x))  ->  sigmoid(x)");
  expect(told).toContain("σ′ = σ(1 − σ)");
});

it("a long derivation stays linear and in pieces", () => {
  const lines = Array.from({ length: 3000 }, (_, at) => `s${at + 1} = sin(s${at}) * 1.01`);
  const derivation = derivationOf(compile([...lines].join("\n"), { verify: false }));
  expect(derivation.forward.length).toBe(6000);
  const latex = derivationLatex(derivation);
  expect(latex.length).toBeLessThan(6000 * 600);
  expect(latex.match(/\\begin\{align\*\}/g)!.length).toBeGreaterThan(500);
  expect(derivationText(derivation).length).toBeLessThan(6000 * 400);
});
