// The set: every exercise can be solved, every wrong line is found, what is written type-checks and is laid out well, and graders run by themselves.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as prettier from "prettier";
import { describe, expect, onTestFinished, test } from "vitest";
import { exerciseText, fileNames, type FileOptions } from "../../src/exercises/file-text.ts";
import { graderText } from "../../src/exercises/grader-text.ts";
import { mistakesIn } from "../../src/exercises/mistakes.ts";
import { exerciseSet } from "../../src/exercises/set.ts";
import { makesADifference } from "./difference.ts";
import { failures, filledIn, makeExample, runGrader, set, solved, typeErrors } from "./made.ts";

/** Else the graders of two exercises are run by the runners themselves, those of the others in this process. */
const isLong = process.env["LONG"] !== undefined;
const some = isLong ? set : set.filter(({ entry }) => entry.number === 7 || entry.number === 20);

const inJavaScript: FileOptions = { runner: "node", ending: "js" };
const inTypeScript: FileOptions = { runner: "node", ending: "ts" };
const forms = [inJavaScript, inTypeScript, { runner: "vitest", ending: "ts" }] as const;

test("there are twenty, numbered, each with a name of its own", () => {
  expect(exerciseSet.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(new Set(exerciseSet.map(({ name }) => name)).size).toBe(20);
});

describe.each(set)("$entry.number $entry.title", (made) => {
  const { exercise, compilation } = made;

  test("asks for something and is graded at several points", () => {
    expect(exercise.blanks.length).toBeGreaterThan(0);
    expect(exercise.grading.points.length).toBeGreaterThan(1);
  });

  test.each(forms)("solved, it passes its grader ($runner, $ending)", (options) => {
    const outcomes = runGrader(exercise, options, filledIn(made, options, solved));
    expect(failures(outcomes)).toEqual([]);
    expect(outcomes.length).toBe(2 + exercise.grading.gradients.length);
  });

  test.each(forms)("untouched, it fails with the TODO that is open ($runner, $ending)", (options) => {
    expect(failures(runGrader(exercise, options, exerciseText(exercise, compilation, options)))).toEqual([
      "TODO(1) is not filled in yet",
    ]);
  });

  test("every line with a mistake fails, and the message names its TODO", () => {
    for (const blank of exercise.blanks) {
      for (const { kind, statement } of mistakesIn(exercise.lesson, blank)) {
        const what = `${kind} in TODO(${blank.number}): ${statement}`;
        if (!makesADifference(exercise, blank, statement)) {
          expect(kind, what).toBe("mask"); // the condition of another variable that has the same sign everywhere is right
          continue;
        }
        const text = filledIn(made, inJavaScript, (each) => (each === blank ? statement : solved(each)));
        const found = failures(runGrader(exercise, inJavaScript, text)).join("\n");
        expect(found, what).toMatch(/(?:is .* and must be|elements and must have)/);
        expect(found).toMatch(new RegExp(`It comes from TODO .*\\b${blank.number}\\b`));
      }
    }
  });

  test("is laid out as prettier would", async () => {
    for (const options of [inJavaScript, inTypeScript]) {
      for (const text of [exerciseText(exercise, compilation, options), graderText(exercise, options)])
        expect(await prettier.format(text, { parser: "typescript", printWidth: 100 })).toBe(text);
    }
  });
});

/** Of exercises: their files by name, the exercise filled in or not. */
function filesOf(options: FileOptions, fill: boolean, of = set): Map<string, string> {
  return new Map(
    of.flatMap((made) => {
      const names = fileNames(made.exercise, options);
      const text = fill ? filledIn(made, options, solved) : exerciseText(made.exercise, made.compilation, options);
      return [
        [names.exercise, text],
        [names.test, graderText(made.exercise, options)],
      ] as const;
    }),
  );
}

test("type-checks under strict, open and filled in", () => {
  const inFolder = (folder: string, files: ReadonlyMap<string, string>): [string, string][] =>
    [...files].map(([name, text]) => [`${folder}/${name}`, text]);
  const forVitest = filesOf({ runner: "vitest", ending: "ts" }, true, some);
  const all = [
    ...inFolder("open", filesOf(inTypeScript, false)).filter(([name]) => !name.endsWith(".test.ts")),
    ...inFolder("solved", filesOf(inTypeScript, true)),
    ...inFolder("vitest", forVitest),
  ];
  expect(typeErrors(new Map(all))).toEqual([]);
});

function writeFolder(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "exercises-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return folder;
}

interface Ended {
  readonly code: number;
  readonly out: string;
}

async function runNode(args: readonly string[], cwd: string): Promise<Ended> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env, maxBuffer: 2 ** 26 });
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, out: stdout };
  }
}

describe("the runners themselves", () => {
  test("node --test passes all that is solved and fails all that is open", async () => {
    const solvedRun = await runNode(["--test", "--test-reporter=tap"], writeFolder(filesOf(inJavaScript, true, some)));
    expect(solvedRun.code, solvedRun.out).toBe(0);
    expect(solvedRun.out).toMatch(/# fail 0/);
    const open = filesOf(inJavaScript, false, set.slice(0, 2));
    const openRun = await runNode(["--test", "--test-reporter=tap"], writeFolder(open));
    expect(openRun.code).toBe(1);
    expect(openRun.out).toMatch(/# fail 2\n/);
    expect(openRun.out).toContain("TODO(1) is not filled in yet");
  });

  test("vitest runs the TypeScript", async () => {
    const options: FileOptions = { runner: "vitest", ending: "ts" };
    const folder = writeFolder(filesOf(options, true, some));
    const modules = join(import.meta.dirname, "../../node_modules");
    symlinkSync(modules, join(folder, "node_modules"));
    const { code, out } = await runNode([join(modules, "vitest/vitest.mjs"), "run", "--root", folder, "--reporter=json"], folder);
    expect(code, out).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ numFailedTests: 0, numTotalTestSuites: some.length });
  });
});

describe.each(["xor.net.yaml", "svm.math", "softplus-network.math", "gaussian.math"])("on %s", (file) => {
  test("with all lines blank, and few of them", async () => {
    for (const blanks of ["all", 3] as const) {
      const made = makeExample(file, { blanks, seed: 7 });
      expect(failures(runGrader(made.exercise, inJavaScript, filledIn(made, inJavaScript, solved)))).toEqual([]);
      const text = exerciseText(made.exercise, made.compilation, inTypeScript);
      expect(await prettier.format(text, { parser: "typescript", printWidth: 100 })).toBe(text);
      expect(typeErrors(new Map([["x.ts", text]]))).toEqual([]);
    }
  });
});
