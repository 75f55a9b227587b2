// The derivation as LaTeX: KaTeX reads it, what it multiplies is right, and long ones stay linear and in pieces.

import katex from "katex";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compiler.ts";
import { explanationOf } from "../../src/lesson/explanation/explanation.ts";
import { derivationLatex } from "../../src/lesson/explanation/latex.ts";
import { explanationMarkdown } from "../../src/lesson/explanation/markdown.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";

const SOURCES: Record<string, string> = {
  "a product": "f(x, y) = x * y",
  "the staged example": "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)",
  "a neuron": "f(w0, w1, w2, x0, x1) = 1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))",
  "log-sum-exp": "f(a, b, c) = log(exp(a) + exp(b) + exp(c)) - b",
  "a choice": "f(x, y) = (x > y and y < 3) ? x * y : max(x, y, 2)",
  "an operand twice": "f(x, y) = x * y + y * x^2",
  "named stages": "q = x + y\nalpha = q * z\nf = alpha^2",
  "nothing to do": "f(x, y) = x + 0 * y",
  "an input alone": "f(x) = x",
  "a constant": "f(x) = 2",
  "Greek letters and indices": "f(sigma, mu_1, x_i) = (x_i - mu_1) / sigma",
  "names that LaTeX knows": "f(e, sin_a, ln2, text) = e * sin(sin_a) + ln2 / exp(text)",
  data: "input y\nf = (x - y)^2",
};

describe.each(Object.entries(SOURCES))("%s", (_, text) => {
  const lesson = lessonOf(compile(text, { verify: false }));

  it("renders with KaTeX", () => {
    const latex = derivationLatex(lesson);
    for (const display of latex.match(/\\begin\{align\*\}[\s\S]*?\\end\{align\*\}/g) ?? [])
      katex.renderToString(display, { displayMode: true, throwOnError: true, strict: "error" });
    expect(latex).not.toMatch(/undefined|adjoint of/);
  });

  it("is told in words", () => {
    const told = explanationMarkdown(explanationOf(lesson));
    expect(told).toMatch(/^# `f(\(| = )/);
    for (const { number, variable } of lesson.stages) expect(told).toContain(`**(${number})** \`${variable} = `);
  });
});

describe("chain rule", () => {
  it.each([
    ["one line", "x * y", "\\frac{\\partial f}{\\partial x} &= y && (1)"],
    [
      "through a stage",
      "sin(x * y)",
      "\\frac{\\partial f}{\\partial x} &= \\frac{\\partial f}{\\partial \\mathrm{xy}} \\cdot \\frac{\\partial \\mathrm{xy}}{\\partial x} = \\frac{\\partial f}{\\partial \\mathrm{xy}} \\cdot y && (1)",
    ],
    ["at a fork", "sin(x) * x", "\\frac{\\partial f}{\\partial x} &\\mathrel{+}= "],
  ])("%s", (_, text, row) => expect(derivationLatex(lessonOf(compile(text)))).toContain(row));
});

describe("reductions name their axes", () => {
  it.each([
    ["over rows", "param A[3, 2]\nf = sum(sum(A, 1).^2)", "\\sum_{\\text{rows}} "],
    ["over columns", "param A[3, 2]\nf = sum(max(A, 2))", "\\max_{\\text{columns}} "],
    ["over an axis of three", "param T[3, 2, 4]\nf = sum(sum(T, 2).^2)", "\\sum_{\\text{axis 2}} "],
    ["of a product", "param A[3, 2]\nparam B[3, 2]\nf = sum(sum(A .* B, 1).^2)", "\\sum_{\\text{rows}} "],
    ["over all", "param A[3, 2]\nf = sum(A)^2", "&= \\sum \\left(A\\right)"],
    ["in the backward pass", "input X[m, 5]\nparam W[5, 4]\nparam b[4]\nf = sum(relu(X * W + b)) / m", "\\sum_{\\text{rows}} "],
  ])("%s", (_, text, part) => {
    const latex = derivationLatex(lessonOf(compile(text, { verify: false })));
    expect(latex).toContain(part);
    for (const display of latex.match(/\\begin\{align\*\}[\s\S]*?\\end\{align\*\}/g) ?? [])
      katex.renderToString(display, { displayMode: true, throwOnError: true, strict: "error" });
  });
});

it("a long derivation stays linear and in pieces", () => {
  const lines = Array.from({ length: 3000 }, (_, at) => `s${at + 1} = sin(s${at}) * 1.01`);
  const lesson = lessonOf(compile(lines.join("\n"), { verify: false }));
  expect(lesson.stages.length).toBe(6000);
  const latex = derivationLatex(lesson);
  expect(latex.length).toBeLessThan(6000 * 600);
  expect(latex.match(/\\begin\{align\*\}/g)!.length).toBeGreaterThan(500);
  expect(explanationMarkdown(explanationOf(lesson, undefined, { all: true })).length).toBeLessThan(6000 * 800);
});
