// Points that exercises are graded at: where a condition goes either way, and far enough for a gate to open.

import { expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import { makeExercise } from "../../src/exercises/exercise.ts";
import { exerciseText } from "../../src/exercises/file-text.ts";
import { gradeExercise } from "../../src/exercises/grade.ts";
import { graderText } from "../../src/exercises/grader-text.ts";
import type { Blank, Exercise } from "../../src/exercises/types.ts";
import { mistakesIn } from "../../src/exercises/mistakes.ts";
import { exerciseSet } from "../../src/exercises/set.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { makesADifference } from "./difference.ts";
import { makeEntry, makeExample } from "./made.ts";

function allBlank(source: string): Exercise {
  const compilation = compile(source);
  return makeExercise(compilation, lessonOf(compilation), { blanks: "all" });
}

function verdict(exercise: Exercise, blank: Blank, statement: string): string {
  return gradeExercise(exercise, { attempts: [{ blank, statement, line: 0 }] }).verdicts[0]!.verdict.kind;
}

test.each([
  ["f(x, y) = max(x, y) * y", "const dx = dmax;"],
  ["f(x) = -max(x, 2.5)", "const dx = 0;"],
  ["f(x) = -max(x, 2.5)", "const dx = dmax;"],
])("%s: %s is wrong", (source, statement) => {
  const exercise = allBlank(source);
  const blank = exercise.blanks.find(({ answer }) => /^(const|let) dx = /.test(answer[0]!))!;
  const named = statement.replace("dmax", blank.step.upstream).replace("const", /^\w+/.exec(blank.answer[0]!)![0]);
  expect(verdict(exercise, blank, named)).toBe("wrong");
  expect(verdict(exercise, blank, blank.answer.join(" "))).toBe("right");
});

const open = (entry: number): Exercise => makeEntry(exerciseSet[entry - 1]!, { blanks: "all" }).exercise;
const network = (): Exercise => makeExample("xor.net.yaml", { blanks: "all" }).exercise;

test.each<[string, () => Exercise, string]>([
  ["the sign in the place of the larger one", () => open(3), "const dx = x > 0 ? 1 : 0;"],
  ["the sign of the other one", () => open(3), "const dx = y < 0 ? 1 : 0;"],
  ["always open", () => open(3), "const dy = 1;"],
  ["the sign of an operand", () => open(7), "const dz = z > 0 ? dm : 0;"],
  ["the larger of others", () => open(7), "const dw = y > x ? dm : 0;"],
  ["a unit that is off lets through", () => open(13), "const dz2 = do_;"],
  ["the first one too", () => open(13), "const dz1 = dh;"],
  ["the mask of the gradient", () => open(13), "const dz1 = dh > 0 ? dh : 0;"],
  ["the mask of the other unit", () => open(13), "const dz1 = z2 > 0 ? dh : 0;"],
  ["and of the unit before", () => open(13), "const dz2 = z1 > 0 ? do_ : 0;"],
  ["the mask of an input", () => open(13), "const dz1 = x > 0 ? dh : 0;"],
  ["arrays: always open", () => open(20), "const dZ1 = dH.slice();"],
  ["arrays: the mask of the gradient", () => open(20), "const dZ1 = zip(Z1, dH, (z, dh) => (dh > 0 ? dh : 0));"],
  [
    "arrays: the margin without its 1",
    () => open(19),
    "const ddiff = zip(diff, margins, (diff, margins) => (diff >= 0 ? 1 / n : 0));",
  ],
  ["one row in the place of the batch", () => open(17), "const db = dR.slice(0, 2);"],
  ["the mean in the place of the sum", () => open(17), "const db = sumRows(dR, 2).map((each) => each / m);"],
  ["a network: not transposed", network, "const dW1 = matmul(X, dZ1, batch, 2, 4);"],
  ["a network: the wrong one transposed", network, "const dW1 = matmulBt(X, dZ1, batch, 2, 4);"],
  ["a network: operands exchanged", network, "const dW2 = matmulAt(dZ2, H1, batch, 4, 1);"],
  ["a network: one row of the batch", network, "const db1 = dZ1.slice(0, 4);"],
])("%s is found", (_, exerciseOf, statement) => {
  const exercise = exerciseOf();
  const name = /^const (\S+) = /.exec(statement)![1];
  const blank = exercise.blanks.find(({ step }) => step.adjoint === name)!;
  expect(verdict(exercise, blank, statement)).toBe("wrong");
  expect(verdict(exercise, blank, blank.answer.join(" "))).toBe("right");
});

test.each([
  "f(x, y) = min(x, y) * y",
  "f(x, y) = abs(x * y) + y",
  "f(x, y) = x > y ? x * y : -x",
  "f(x, y) = max(x, 0) * min(y, 1)",
  "f(x, y) = min(max(x * y, -1), 2) * x",
  "f(x, y) = relu(x - 3) * relu(y + 2)",
  "f(x) = leaky_relu(x) * x",
  "param a [3]\nparam b [3]\nf = sum(abs(a) .* relu(b - 1))\n",
])("of %s every mistake that makes a difference is found", (source) => {
  const exercise = allBlank(source);
  const { unseen } = exercise.grading;
  const hidden = unseen.filter(({ blank, statement }) => makesADifference(exercise, exercise.blanks[blank - 1]!, statement));
  expect(hidden).toEqual([]);
  expect(exercise.blanks.flatMap((blank) => mistakesIn(exercise.lesson, blank)).some(({ kind }) => kind === "mask")).toBe(true);
});

test("where a line makes no difference, that is known", () => {
  const { unseen, points } = allBlank("f(x, y) = max(x * y, x * y - 1) * y").grading;
  expect(unseen.map(({ kind }) => kind)).toContain("always");
  expect(points.length).toBeGreaterThan(1);
});

test("lines with an index into an array can be blank, in both languages", () => {
  const compilation = compile("f(x, y) = norm([x * 2, y])");
  const exercise = makeExercise(compilation, lessonOf(compilation), { blanks: "all" });
  expect(exercise.blanks.some(({ answer }) => answer.join(" ").includes("]!"))).toBe(true);
  expect(exercise.grading.points.length).toBeGreaterThan(1);
  for (const ending of ["ts", "js"] as const)
    expect(exerciseText(exercise, compilation, { runner: "node", ending })).toContain(`TODO(${exercise.blanks.length})`);
});

test("small gradients are graded too", () => {
  const exercise = allBlank("f(x, y) = 1e-7 * x * y");
  for (const blank of exercise.blanks) {
    const [head] = /^(const|let) \S+ = /.exec(blank.answer[0]!)!;
    expect(verdict(exercise, blank, `${head}0;`)).toBe("wrong");
  }
});

test("a file's name stays a name in the test", () => {
  const compilation = compile("f(x) = x^2 * 3", { name: 'a"b\n.math' });
  const exercise = makeExercise(compilation, lessonOf(compilation), {});
  const [first, , , , third] = graderText(exercise, { runner: "node", ending: "js" }).split("\n");
  expect(first).toContain('grades a"b .exercise.js');
  expect(third).toBe('import { fGrad } from "./a\\"b\\n.exercise.js";');
});
