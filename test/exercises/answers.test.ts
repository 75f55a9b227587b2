// What surrounds an exercise: which lines are chosen, what a file remembers, what is read from a learner's file, and the verdicts on it.

import { describe, expect, test } from "vitest";
import { exerciseText, type FileOptions } from "../../src/exercises/file-text.ts";
import { explainMistake, gradeExercise } from "../../src/exercises/grade.ts";
import { readAttempts } from "../../src/exercises/learner.ts";
import { readRecord } from "../../src/exercises/record.ts";
import { ENDLESS } from "../../src/exercises/bounded.ts";
import { asSentence } from "../../src/exercises/sentence.ts";
import { chooseSteps, unknownIn, type BlankChoice } from "../../src/exercises/choose.ts";
import { exerciseSet } from "../../src/exercises/set.ts";
import { makeEntry, makeExample, makeSource, type Made } from "./made.ts";

const options: FileOptions = { runner: "node", ending: "ts" };
const S7 = "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)\n";

describe("the choice of lines", () => {
  test("is the same for the same seed, and takes lines of different kinds", () => {
    const { lesson } = makeSource(S7).exercise;
    const chosen = (seed: number): number[] => chooseSteps(lesson, 4, seed).map(({ index }) => index);
    expect(chosen(1)).toEqual(chosen(1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => chosen(seed).join())).size).toBeGreaterThan(1);
    for (let seed = 0; seed < 20; seed++) {
      const steps = chooseSteps(lesson, 4, seed);
      expect(steps.map(({ index }) => index)).toEqual(steps.map(({ index }) => index).sort((a, b) => a - b));
      expect(new Set(steps.map(({ flow }) => flow)).size).toBeGreaterThan(1);
      expect(steps.some(({ action }) => action === "grow")).toBe(true);
    }
  });

  test("takes the lines and the variables that are named", () => {
    const { lesson } = makeSource(S7).exercise;
    const [step] = lesson.steps.filter(({ adjoint }) => adjoint === "dden");
    const adjoints = (choice: BlankChoice): string[] => chooseSteps(lesson, choice, 1).map(({ adjoint }) => adjoint);
    expect(adjoints({ kind: "variables", variables: ["dden", "dnum"] }).sort()).toEqual(["dden", "dnum"]);
    expect(adjoints({ kind: "variables", variables: ["dx"] }).length).toBeGreaterThan(1); // a fork has several lines
    expect(adjoints({ kind: "lines", lines: [step!.code.first + 1] })).toEqual(["dden"]);
    expect(unknownIn(lesson, { kind: "variables", variables: ["dden", "dq"] })).toEqual(["dq"]);
    expect(unknownIn(lesson, { kind: "lines", lines: [1, step!.code.first + 1] })).toEqual([1]);
    expect(unknownIn(lesson, 3)).toEqual([]);
  });

  test("takes no more than there are, and never a line that only helps others", () => {
    const { lesson } = makeExample("gaussian.math").exercise;
    expect(lesson.steps.some(({ action }) => action === "help")).toBe(true);
    for (const all of [chooseSteps(lesson, "all", 1), chooseSteps(lesson, 99, 1)])
      expect(all.map(({ action }) => action)).not.toContain("help");
  });
});

test("the harder form does not tell where something is added", () => {
  const easy = makeSource("f(x) = x^2 + sigmoid(x)\n", { blanks: "all" });
  const hard = makeSource("f(x) = x^2 + sigmoid(x)\n", { blanks: "all", hard: true });
  expect(exerciseText(easy.exercise, easy.compilation, options)).toMatch(/ {2}dx \+= TODO\(\d\);/);
  expect(exerciseText(hard.exercise, hard.compilation, options)).toMatch(/ {2}TODO\(\d\); \/\/ \(\d\) your line/);
  expect(exerciseText(hard.exercise, hard.compilation, options)).not.toMatch(/\+= TODO|receives/);
});

describe("what a file remembers", () => {
  test.each([
    ["an expression", "# a comment\nq = x + y\n\nf = q * z\n", "mine.math"],
    ["a network", "input: [batch, 2]\nlayers:\n  - dense: 3\n  - tanh\nloss: mse\n", "small.net.yaml"],
  ])("is the source and the lines: %s", (_, text, name) => {
    const { exercise, compilation } = makeSource(text, { blanks: 2, hard: true }, name);
    const record = readRecord(exerciseText(exercise, compilation, options));
    expect(record).toMatchObject({ source: { name, text }, stem: exercise.stem, settings: exercise.settings });
  });

  test("cannot get out of its comment", () => {
    const { exercise, compilation } = makeSource(
      "# a\u2028globalThis.broken = 1\u2029b\nf(x) = x^2\n",
      {},
      "a\n globalThis.broken = 2.math",
    );
    const text = exerciseText(exercise, compilation, options);
    const outside = text.split(/[\n\r\u2028\u2029]/).filter((line) => !line.startsWith("//"));
    expect(outside.join("\n")).not.toContain("broken");
  });

  test.each(["", "const x = 1;", "// For --hint and --grade. The source:\n//   f = x\n// Settings: {", "// Settings: 3"])(
    "is nothing where there is nothing: %j",
    (text) => expect(readRecord(text)).toBeUndefined(),
  );
});

/** The verdicts on a file in which some text was replaced. */
function verdicts(made: Made, ...replacements: readonly (readonly [string, string])[]) {
  const written = exerciseText(made.exercise, made.compilation, options);
  const learner = replacements.reduce((text, [from, to]) => text.replace(from, () => to), written);
  const read = readAttempts(written, learner, made.exercise.blanks, "typescript");
  return { read, written, learner, ...gradeExercise(made.exercise, read) };
}

describe("verdicts", () => {
  const made = makeSource("q = x + y\nf = q * z\n", { blanks: "all" });
  const kinds = (...replacements: readonly (readonly [string, string])[]): string[] =>
    verdicts(made, ...replacements).verdicts.map(({ verdict }) => verdict.kind);

  test("each line is judged by itself, whatever stands in the others", () => {
    expect(kinds()).toEqual(["open", "open", "open", "open"]);
    expect(kinds(["TODO(1)", "-z"], ["TODO(3)", "dq"])).toEqual(["wrong", "open", "right", "open"]);
    expect(kinds(["TODO(1)", "z"], ["TODO(2)", "q"], ["TODO(3)", "dq"], ["TODO(4)", "dq * 1"])).toEqual(Array(4).fill("right"));
    expect(kinds(["TODO(1)", "nothing"], ["TODO(2)", "q +"])).toEqual(["broken", "broken", "open", "open"]);
  });

  test("statements need no semicolon, and may be several", () => {
    const [first, second] = ["const dq = TODO(1);", "const dz = TODO(2);"] as const;
    expect(kinds([first, "const dq = z"], [second, "const dz =\n    q"])).toEqual(["right", "right", "open", "open"]);
    const loop = "let dq = 0;\n  for (const part of [z / 2, z / 2]) {\n    dq += part;\n  }";
    const all = [first, loop] as const;
    expect(kinds(all, ["TODO(2)", "q"], ["TODO(3)", "dq"], ["TODO(4)", "dq"])).toEqual(Array(4).fill("right"));
  });

  test("all right is right, and a line number is the learner's own", () => {
    const all = [
      ["TODO(1)", "z"],
      ["TODO(2)", "q"],
      ["TODO(3)", "dq"],
      ["TODO(4)", "dq"],
    ] as const;
    expect(verdicts(made, ...all).isRight).toBe(true);
    expect(verdicts(made, ...all.slice(1)).isRight).toBe(false);
    const { verdicts: found, learner } = verdicts(made, ["  // forward", "\n\n  // forward"], ["TODO(2)", "q"]);
    expect(learner.split("\n")[found[1]!.attempt.line]).toContain("const dz = q;");
  });

  test.each([
    [
      "types and lines of one's own",
      "const dq = TODO(1);",
      "const half: number = z / 2;\n  const dq: number = (half as number) * 2;",
    ],
    ["a statement over several lines", "const dq = TODO(1);", "const dq = Math.max(\n    z,\n    z,\n  );"],
    ["no comment, no blanks", "  const dq = TODO(1); // (2) what q receives from f", "const dq=z;"],
  ])("read as it is written: %s", (_, from, to) => {
    expect(verdicts(made, [from, to]).verdicts[0]!.verdict.kind).toBe("right");
  });

  test("a line removed is a line that is open, a changed line of the exercise is told", () => {
    expect(kinds(["  const dz = TODO(2); // (2) what z receives from f\n", ""])[1]).toBe("open");
    const { read } = verdicts(made, ["const q = x + y; // (1)", "const q = x - y; // (1)"]);
    expect(read.changed).toMatchObject([{ was: "const q = x + y;" }]);
  });

  test("what the mistake probably is comes from the review, with the learner's line numbers", async () => {
    const { verdicts: found, written } = verdicts(made, ["TODO(1)", "q"]);
    const request = { exercise: made.exercise, compilation: made.compilation, written, language: "typescript" } as const;
    const finding = await explainMistake(request, found[0]!.attempt);
    expect(finding).toMatchObject({ variable: "dq", mistake: "swapped-operands", line: found[0]!.attempt.line + 1 });
  });

  test("arrays that are added to in place", () => {
    const svm = makeExample("svm.math", { blanks: "all" });
    const last = svm.exercise.blanks.at(-1)!;
    const verdictOf = (text: string): string =>
      verdicts(svm, [`${last.placeholder.typescript}`, text]).verdicts.at(-1)!.verdict.kind;
    expect(verdictOf("matmulAt(X, dscores, n, 4, 3, dW);")).toBe("right");
    expect(
      verdictOf("const more = matmulAt(X, dscores, n, 4, 3);\n  more.forEach((each, i) => {\n    dW[i]! += each;\n  });"),
    ).toBe("right");
    expect(verdictOf("matmulAt(X, dscores, n, 4, 3);")).toBe("wrong");
  });
});

describe("lines that do not end", () => {
  const made = makeSource("q = x + y\nf = q * z\n", { blanks: "all" });

  test.each([
    "const dq = (() => { while (true) {} })();",
    "let dq = z;\n  for (;;) dq += 0;",
    "let dq = z;\n  do { dq += 0; } while (true);",
    "const again = () => again();\n  const dq = again();",
    "const twice = (n) => (n < 0 ? 0 : twice(n - 1) + twice(n - 1));\n  const dq = twice(60);",
    "function deep(n) { return deep(n) + 1; }\n  const dq = deep(1);",
    "const dq = (() => { while (true) { try { null.x; } catch {} } })();",
  ])("%s", (text) => {
    const { verdict } = verdicts(made, ["const dq = TODO(1);", text]).verdicts[0]!;
    expect(verdict).toMatchObject({ kind: "broken", message: ENDLESS });
  });

  test("one that takes long ends", () => {
    const text = "let dq = 0;\n  for (let i = 0; i < 100000; i++) dq += z / 100000;";
    expect(verdicts(made, ["const dq = TODO(1);", text]).verdicts[0]!.verdict.kind).toBe("right");
  });
});

test.each([
  ["const dR = TODO(1);", "const dR = map(b, (r) => 2 * r);", { variable: "dR", shape: "[m, 2]", found: 2, wanted: 4 }],
  ["const db = TODO(2);", "const db = 3;", { variable: "db", shape: "[2]", found: undefined, wanted: 2 }],
  ["const dW = TODO(3);", "const dW = R.slice();", { variable: "dW", shape: "[3, 2]", found: 4, wanted: 6 }],
  ["const dW = TODO(3);", "const dW = map(W, (w) => w);", undefined],
])("the length of an array is told: %s", (from, to, lengths) => {
  const made = makeEntry(exerciseSet[16]!);
  const text = from.replace(/(const \w+)/, "$1: Float64Array");
  const found = verdicts(made, [text, to])
    .verdicts.map(({ verdict }) => verdict)
    .find(({ kind }) => kind !== "open");
  expect(found).toMatchObject({ kind: "wrong" });
  expect(found).toHaveProperty("lengths", lengths);
});

test.each([
  ["x stands where u belongs", "const u = x; // X", "x stands where u belongs."],
  ["dt is not a number here", "const dt = 1;", "dt is not a number here."],
  ["h forks", "h = relu(z);", "h forks."],
  ["b is added to every row", "Z = X + b", "b is added to every row."],
  ["d_w is transposed", "const d_w = 1;", "d_w is transposed."],
  ["the sign is turned", "const dx = 1; // the line", "The sign is turned."],
  ["what arrives?", "", "What arrives?"],
  ["2 is missing", "", "2 is missing."],
])("%j is a sentence that keeps the case of code", (text, code, sentence) => {
  expect(asSentence(text, code)).toBe(sentence);
});
