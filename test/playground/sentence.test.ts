// What the stepper says, and which line of the code it says it of.

import { expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { functionLines } from "../../src/playground/code/extract.ts";
import { linePlaces } from "../../src/playground/code/lines.ts";
import { tokensOf } from "../../src/playground/code/tokens.ts";
import { stageSentence, stepSentence, withNumbers } from "../../src/playground/sentence.ts";

const compilation = compile("q = x + y\nf = q * z + exp(x)", { verify: false });
const lesson = lessonOf(compilation);
const numbers = numbersAt(compilation, { x: -2, y: 5, z: -4 });

test("says every stage and step with its numbers", () => {
  const said = [
    ...lesson.stages.map((stage) => stageSentence(lesson, stage, numbers)),
    ...lesson.steps.map((step) => stepSentence(lesson, step, numbers)),
  ];
  expect(said).toMatchInlineSnapshot(`
    [
      "Forward, stage 1 of 4: q = x + y = (−2) + 5 = 3.",
      "Forward, stage 2 of 4: qz = q * z = 3 * (−4) = −12.",
      "Forward, stage 3 of 4: expX = exp(x) = exp(−2) = 0.1353.",
      "Forward, stage 4 of 4: f = qz + expX = (−12) + 0.1353 = −11.86.",
      "Backward, step 1 of 7, through stage 4: dqz = df = 1. An add gate hands the gradient on as it is.",
      "Backward, step 2 of 7, through stage 4: dexpX = df = 1. An add gate hands the gradient on as it is.",
      "Backward, step 3 of 7, through stage 3: dx starts as expX * dexpX = 0.1353; x forks, so more will be added. The rule: exp′ = exp.",
      "Backward, step 4 of 7, through stage 2: dq = z * dqz = −4. A multiply gate scales the gradient by its other input.",
      "Backward, step 5 of 7, through stage 2: dz = q * dqz = 3. A multiply gate scales the gradient by its other input.",
      "Backward, step 6 of 7, through stage 1: dx grows by dq = −4, to −3.865. An add gate hands the gradient on as it is.",
      "Backward, step 7 of 7, through stage 1: dy = dq = −4. An add gate hands the gradient on as it is.",
    ]
  `);
});

test("says formulas alone where there are no numbers", () => {
  expect(stageSentence(lesson, lesson.stages[0]!, undefined)).toBe("Forward, stage 1 of 4: q = x + y.");
  expect(stepSentence(lesson, lesson.steps[0]!, undefined)).not.toMatch(/undefined|NaN/);
});

test.each([
  ["x + y", { x: 1, y: -2 }, "1 + (−2)"],
  ["exp(exp1) * e2", { exp1: 3, e2: 0.5 }, "exp(3) * 0.5"],
  ["constructor + toString", {}, "constructor + toString"],
  ["W * x", { W: { shape: [1], norm: 1, mean: 1, min: 1, max: 1, elements: [1] }, x: 2 }, undefined],
])("puts numbers into %s", (expression, values, filled) => {
  expect(withNumbers(expression, values)).toBe(filled);
});

test("every stage and step has its line", () => {
  const lines = compilation.code.split("\n");
  const { first, last } = functionLines(lines, "fGrad");
  const { placeOf, linesOf } = linePlaces(lesson);
  expect(lines[last]).toBe("}");
  for (const { variable } of lesson.stages)
    expect(lines[linesOf({ kind: "stage", variable })!.first]).toContain(`const ${variable} =`);
  for (const { index, adjoint } of lesson.steps)
    expect(lines[linesOf({ kind: "step", index })!.first]).toMatch(new RegExp(`\\b${adjoint} \\+?=`));
  expect([...placeOf.keys()].every((line) => line > first && line < last)).toBe(true);
});

test("tokens of a line together are the line", () => {
  for (const line of compilation.code.split("\n"))
    expect(
      tokensOf(line)
        .map(({ text }) => text)
        .join(""),
    ).toBe(line);
  expect(tokensOf("  const a = 1e-3 * f(b); // note")).toEqual([
    { kind: "plain", text: "  " },
    { kind: "keyword", text: "const" },
    { kind: "plain", text: " a = " },
    { kind: "number", text: "1e-3" },
    { kind: "plain", text: " * " },
    { kind: "call", text: "f" },
    { kind: "plain", text: "(b); " },
    { kind: "comment", text: "// note" },
  ]);
});
