// What lessons and explanations say holds: of gates that share a line, of guards, of names that LaTeX has words with, in single precision.

import katex from "katex";
import { expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import type { CompileOptions } from "../../src/compiler/types.ts";
import { explanationOf } from "../../src/lesson/explanation/explanation.ts";
import { explanationFragment } from "../../src/lesson/explanation/html.ts";
import { explanationMarkdown } from "../../src/lesson/explanation/markdown.ts";
import type { StageEntry } from "../../src/lesson/explanation/types.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import type { Lesson, LessonPoint, Numbers } from "../../src/lesson/types.ts";

interface Told {
  readonly lesson: Lesson;
  readonly numbers: Numbers;
  readonly markdown: string;
  readonly html: string;
  /** LaTeX of the stages. */
  readonly stages: readonly string[];
}

function tell(text: string, point: LessonPoint, options: CompileOptions = {}): Told {
  const compilation = compile(text, options);
  const lesson = lessonOf(compilation);
  const numbers = numbersAt(compilation, point);
  const explanation = explanationOf(lesson, numbers);
  const math = (latex: string): string => katex.renderToString(latex, { throwOnError: true, strict: "ignore" });
  const entries = explanation.sections
    .flatMap(({ blocks }) => blocks)
    .filter((block): block is StageEntry => block.kind === "stage");
  return {
    lesson,
    numbers,
    markdown: explanationMarkdown(explanation),
    html: explanationFragment(explanation, { math }),
    stages: entries.map(({ formula }) => formula.latex),
  };
}

test("numbers are put in for names alone, not for letters of LaTeX's words", () => {
  const cases = tell("a = x * y\nf = x > y ? a : 2 * a", { x: 2, y: 1 });
  expect(cases.stages.at(-1)).toContain("\\begin{cases}2 &");
  expect(tell("f(s) = abs(s) * 2", { s: -1 }).html).toContain("sign"); // not -1ign
  const exponential = tell("e = x * y\nf = exp(e)", { x: 1, y: 2 });
  expect(exponential.stages.at(-1)).toBe("f = e^{e} = e^{2} = 7.389");
});

test("a sum inside of a line that does more distributes nothing", () => {
  const { lesson, markdown } = tell("q = tanh(-x)\nf = q * y", { x: 0.5, y: 3 });
  const step = lesson.steps.find(({ target }) => target === "x")!;
  expect([step.local?.expression, step.flow]).toEqual(["-(1 - q^2)", "scales"]);
  expect(markdown).not.toContain("Add distributes");
});

test("a local gradient is the stage's own, without the guard of its line", () => {
  const { lesson, markdown } = tell("f(x, y) = relu(mod(y, x))", { x: 0.45, y: -1.56 });
  const [modulo] = lesson.stages;
  expect(modulo!.partials.find(({ operand }) => operand === "x")!.expression).toBe("-floor(y / x)");
  expect(markdown).toContain("- `∂yModX/∂x = −floor(y / x)`");
  expect(lesson.steps.find(({ target }) => target === "x")!.expression).toContain(" ? "); // the line has it
});

test("a choice is set apart from the equals signs around it", () => {
  const { markdown } = tell("f(x, y) = x == y ? x^2 : y^3", { x: 1, y: 2 });
  expect(markdown).toMatch(/`f = \(x = y \? /);
  expect(markdown).not.toMatch(/f = x = y/);
});

test("of a tie of three, each gets a part", () => {
  const { markdown } = tell("f(x, y, z) = max(x, y, z)", { x: 1, y: 1, z: 1 }, { ties: "split" });
  expect(markdown).toContain("a part of `1` goes to each of `x`, `y` and `z` (a tie)");
});

test("arrays in single precision have numbers", () => {
  const { numbers, markdown } = tell("param X [2]\nf = sum(tanh(X))", { X: [0.1, 0.2] }, { precision: "f32" });
  expect(numbers.value).toBeCloseTo(Math.tanh(0.1) + Math.tanh(0.2), 6);
  expect(markdown).toMatch(/^`f = 0\.297`\. Numbers are rounded/m); // nobody named the point
});

test("a part of a gradient is not called the gradient", () => {
  const { markdown } = tell("f(x, y) = x * y + x", { x: 3, y: 2 });
  expect(markdown).toContain("- `dx = 1`\n");
  expect(markdown).toContain("`dx += dxy · ∂xy/∂x = dxy · y = 1 · 2 = 2`");
  expect(markdown).toContain("`dx = 1 + 2 = 3`");
});
