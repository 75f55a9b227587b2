// Points that exercises are graded at: where a condition goes either way, and far enough for a gate to open.

import { expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import { makeExercise } from "../../src/exercises/exercise.ts";
import { exerciseText } from "../../src/exercises/file-text.ts";
import { gradeExercise } from "../../src/exercises/grade.ts";
import { graderText } from "../../src/exercises/grader-text.ts";
import type { Blank, Exercise } from "../../src/exercises/types.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";

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
