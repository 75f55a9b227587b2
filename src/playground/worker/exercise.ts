// The exercises of the set: made, shown with blanks, graded line by line.

import { compile } from "../../compiler.ts";
import type { Exports } from "../../compiler/load.ts";
import type { Compilation } from "../../compiler/types.ts";
import { ENDLESS } from "../../exercises/bounded.ts";
import { makeExercise } from "../../exercises/exercise.ts";
import { exerciseText } from "../../exercises/file-text.ts";
import { explainMistake, gradeExercise, type Verdict } from "../../exercises/grade.ts";
import { hintsFor } from "../../exercises/hints.ts";
import type { Attempt } from "../../exercises/learner.ts";
import type { RunModule } from "../../exercises/run.ts";
import { exerciseSet, type SetEntry } from "../../exercises/set.ts";
import type { Blank, Exercise } from "../../exercises/types.ts";
import { lessonOf } from "../../lesson/lesson.ts";
import { chooseRunner } from "../../review/runner.ts";
import { functionLines } from "../code/extract.ts";
import type { BlankVerdict, BlankView, ExerciseJob, ExerciseView, Reply } from "../protocol.ts";

interface Made {
  readonly entry: SetEntry;
  readonly compilation: Compilation;
  readonly exercise: Exercise;
}

const made = new Map<number, Made>();

function exerciseNumbered(number: number): Made {
  let found = made.get(number);
  if (found === undefined) made.set(number, (found = makeNumbered(number)));
  return found;
}

function makeNumbered(number: number): Made {
  const entry = exerciseSet[number - 1];
  if (entry === undefined) throw new RangeError(`the set has no exercise ${number}`);
  const { blanks, points, title } = entry;
  const compilation = compile(entry.source, { name: `${entry.name}.math`, verify: false });
  return { entry, compilation, exercise: makeExercise(compilation, lessonOf(compilation), { blanks, points, title, number }) };
}

export async function showExercise({ id, number }: ExerciseJob, post: (reply: Reply) => void): Promise<void> {
  post({ kind: "exercise", id, exercise: viewOf(exerciseNumbered(number)) });
}

function viewOf({ entry, compilation, exercise }: Made): ExerciseView {
  const lines = compilation.code.split("\n");
  const { first, last } = functionLines(lines, compilation.functions.at(-1)!.exports["derivative"]!);
  const blanks = new Map(exercise.blanks.map((blank) => [blank.step.code.first, blank]));
  const dropped = new Set(exercise.blanks.flatMap(({ step: { code } }) => range(code.first, code.last)));
  const shown = range(first, last).flatMap((line): (string | BlankView)[] => {
    const blank = blanks.get(line);
    if (blank !== undefined) return [blankView(exercise, blank)];
    return dropped.has(line) ? [] : [lines[line]!];
  });
  const { number, title, teaches, source } = entry;
  return { number, title, teaches, source, lines: shown, blanks: exercise.blanks.length };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** What stands in a placeholder where the learner's own text goes. */
const TODO = /TODO\(\d+\)/;

function blankView(exercise: Exercise, blank: Blank): BlankView {
  const [before, after] = splitAt(blank.placeholder.typescript);
  const comment = `(${blank.step.stage ?? "–"}) ${blank.asks}`;
  return { index: blank.number - 1, before, after, comment, hints: hintsFor(exercise, blank) };
}

function splitAt(placeholder: string): [before: string, after: string] {
  const [before = "", after = ""] = placeholder.split(TODO);
  return [before, after];
}

export async function grade({ id, number, attempts }: ExerciseJob, post: (reply: Reply) => void): Promise<void> {
  const numbered = exerciseNumbered(number);
  const { exercise } = numbered;
  const tried = exercise.blanks.map((blank, at): Attempt => ({
    blank,
    statement: statementIn(blank, attempts[at] ?? ""),
    line: 0,
  }));
  const { verdicts, isRight } = gradeExercise(exercise, { attempts: tried }, await moduleRunner());
  const told: BlankVerdict[] = [];
  for (const { attempt, verdict } of verdicts) told.push(await tell(numbered, attempt, verdict));
  post({ kind: "graded", id, grade: { isRight, verdicts: told } });
}

function statementIn({ placeholder }: Blank, text: string): string | undefined {
  const [before, after] = splitAt(placeholder.javascript);
  return text.trim() === "" ? undefined : `${before}${text.trim().replace(/;$/, "")}${after}`;
}

function brokenText(message: string): string {
  return message === ENDLESS ? "This line does not end." : `This line does not run: ${message}.`;
}

async function tell({ exercise, compilation }: Made, attempt: Attempt, verdict: Verdict): Promise<BlankVerdict> {
  switch (verdict.kind) {
    case "open":
    case "right":
      return { kind: verdict.kind, messages: [] };
    case "broken":
      return { kind: "broken", messages: [brokenText(verdict.message)] };
    case "wrong": {
      const { property, found, wanted } = verdict.off;
      const written = exerciseText(exercise, compilation, { runner: "node", ending: "js" });
      const finding = await explainMistake({ exercise, compilation, written, language: "javascript" }, attempt);
      const plain = `With this line ${property} comes out as ${found}, and should be ${wanted}.`;
      return { kind: "wrong", messages: finding === undefined ? [plain] : [finding.nudge ?? finding.message, plain] };
    }
  }
}

/** Learners write what they like; the interpreter of generated code knows only what generated code says. */
async function moduleRunner(): Promise<RunModule> {
  const run = await chooseRunner();
  return (javascript, names) => {
    const make = run(`function () {\n${javascript}\nreturn { ${names.join(", ")} };\n}`) as () => Exports; // what the text says
    return make();
  };
}
