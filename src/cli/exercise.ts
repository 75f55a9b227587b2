// `gen exercise`: the set, exercises of it or on any source with the test that grades them, hints, and a verdict on what a learner wrote.

import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CommanderError } from "commander";
import type { Compilation } from "../compiler/types.ts";
import { escapeControls, toJson } from "../diagnostics/escape.ts";
import { unknownIn, type BlankChoice } from "../exercises/choose.ts";
import { makeExercise, whyNoExercise, type ExerciseOptions } from "../exercises/exercise.ts";
import {
  EXERCISE_MARK,
  exerciseText,
  fileNames,
  solutionName,
  solutionText,
  type Ending,
  type FileOptions,
} from "../exercises/file-text.ts";
import { graderText } from "../exercises/grader-text.ts";
import { readRecord, type ExerciseRecord } from "../exercises/record.ts";
import { exerciseSet, stemOfEntry, type SetEntry } from "../exercises/set.ts";
import type { Exercise } from "../exercises/types.ts";
import { lessonOf } from "../lesson/lesson.ts";
import { loadCompiler } from "../project/artifact.ts";
import { readOutput, reason } from "../project/outputs.ts";
import { foldLineEnds, kindOf } from "../project/source-file.ts";
import { originalArgument } from "./arguments.ts";
import { compileSources, exitCodeOf, reportDiagnostics } from "./compile.ts";
import { gradeLines, hintLines } from "./exercise-answers.ts";
import { reportLines, reportRow, type ReportRow } from "./exercise-report.ts";
import { noSuchLine, unseenLines } from "./exercise-lines.ts";
import { EXIT, usageError } from "./exit.ts";
import { chooseFileOptions } from "./exercise-project.ts";
import { deliveredLines } from "./files.ts";
import type { Io } from "./io.ts";
import { planTargets, writeTargets } from "./targets.ts";

export interface ExerciseFlags {
  readonly blank?: BlankChoice;
  readonly seed?: number;
  readonly hard?: true;
  readonly wrt?: readonly string[];
  readonly ties: "each" | "split";
  readonly out?: string;
  readonly js?: true;
  readonly ts?: true;
  readonly runner?: "node" | "vitest";
  readonly solution?: true;
  /** `true`: the first hint. */
  readonly hint?: true | string;
  readonly todo?: number;
  /** One for a hint; those to leave out where an exercise is written. */
  readonly line?: readonly number[];
  readonly grade?: true;
  readonly json?: true;
  readonly force?: true;
  readonly dryRun?: true;
}

const ENDING = /\.exercise\.(m?[jt]s)$/;

export async function exercise(args: readonly string[], flags: ExerciseFlags, io: Io): Promise<number> {
  const { hint } = flags;
  const isNamed = typeof hint === "string" && !/^\d+$/.test(hint); // --hint f.exercise.ts
  const sources = isNamed ? [hint, ...args] : args;
  const [source, ...more] = sources;
  if (flags.grade && (more.length > 0 || (flags.json && source !== undefined))) return gradeAll(sources, flags, io);
  if (more.length > 0) throw usageError(`one exercise at a time${hint === undefined ? ", except with --grade" : ""}`);
  if (source === undefined) return listSet(flags, io);
  if (hint !== undefined || flags.grade) {
    return answer(source, { ...flags, ...(isNamed && { hint: true }) }, io);
  }
  if (ENDING.test(source)) return solve(source, flags, io);
  return write(source, flags, io);
}

function listSet({ json, hint, grade }: ExerciseFlags, io: Io): number {
  if (hint !== undefined || grade)
    throw usageError(`name the exercise's file: gen exercise ${grade ? "--grade" : "--hint"} f.exercise.ts`);
  if (json) {
    io.stdout.write(`${toJson(exerciseSet)}\n`);
    return EXIT.good;
  }
  const lines = exerciseSet.map(({ number, title, teaches, source }) => {
    const code = source
      .trimEnd()
      .split("\n")
      .map((line) => `       ${line}\n`);
    return `${String(number).padStart(3)}  ${title}\n     ${teaches}\n${code.join("")}`;
  });
  io.stdout.write(
    `${lines.join("\n")}\ngen exercise 1 writes the first one here, with the test that grades it; -o folder/ writes it there.\n`,
  );
  return EXIT.good;
}

interface Made {
  readonly exercise: Exercise;
  readonly compilation: Compilation;
}

/** A number of the set, an expression or a file. Undefined where the source is wrong, which has been told then. */
async function make(argument: string, flags: ExerciseFlags, io: Io): Promise<Made | number> {
  const text = originalArgument(argument);
  const options: ExerciseOptions = {
    ...(flags.blank !== undefined && { blanks: flags.blank }),
    ...(flags.line !== undefined && { blanks: { kind: "lines", lines: flags.line } }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    hard: flags.hard === true,
    compiled: { ...(flags.wrt && { wrt: flags.wrt }), ties: flags.ties },
  };
  if (/^\d+$/.test(text)) return makeOfSet(entryNumbered(Number(text)), options);
  const compiled = await compileSources([argument], { ...flags, mode: "grad", style: "staged" }, io);
  await reportDiagnostics(compiled, io);
  const exitCode = exitCodeOf(compiled);
  const [{ compilation, source }] = compiled as [(typeof compiled)[number]]; // one argument
  if (exitCode !== EXIT.good || compilation === undefined) return exitCode;
  return finish(compilation, { ...options, ...(source.stem !== undefined && { stem: source.stem }) });
}

function entryNumbered(number: number): SetEntry {
  const entry = exerciseSet[number - 1];
  if (entry === undefined) throw usageError(`the set has the exercises 1 to ${exerciseSet.length}; gen exercise lists them`);
  return entry;
}

async function makeOfSet(entry: SetEntry, options: ExerciseOptions): Promise<Made> {
  const compile = await loadCompiler("expression");
  const compilation = compile(entry.source, { name: `${entry.name}.math`, ...options.compiled });
  const { title, number, points } = entry;
  return finish(compilation, { blanks: entry.blanks, ...options, stem: stemOfEntry(entry), title, number, points });
}

function finish(compilation: Compilation, options: ExerciseOptions): Made {
  const lesson = compilation.functions.at(-1)?.derivation === undefined ? undefined : lessonOf(compilation);
  const reason = whyNoExercise(compilation, lesson);
  if (reason !== undefined || lesson === undefined) throw usageError(`${compilation.source.name} makes no exercise: ${reason}`);
  const unknown = unknownIn(lesson, options.blanks ?? "all");
  if (unknown.length > 0) throw usageError(noSuchLine(lesson, unknown));
  const exercise = makeExercise(compilation, lesson, options);
  if (exercise.grading.points.length === 0)
    throw usageError(
      `${compilation.source.name} makes no exercise: found no point where its gradient is a number; declare a domain`,
    );
  return { exercise, compilation };
}

async function write(argument: string, flags: ExerciseFlags, io: Io): Promise<number> {
  const made = await make(argument, flags, io);
  if (typeof made === "number") return made;
  const { exercise, compilation } = made;
  const options = chooseFileOptions(flags, resolve(io.cwd, flags.out ?? "."));
  if (flags.solution) return writeSolution(made, options, flags, io);
  const names = fileNames(exercise, options);
  const texts = [
    { name: names.exercise, text: exerciseText(exercise, compilation, options) },
    { name: names.test, text: graderText(exercise, options) },
  ];
  deliver(texts, exercise, flags, io);
  if (!flags.dryRun) {
    const count = exercise.blanks.length;
    const inFolder = (name: string): string => escapeControls(join(flags.out ?? ".", name));
    const run = options.runner === "vitest" ? "npx vitest run" : "node --test";
    const what = `${count} TODO${count === 1 ? "" : "s"} in ${inFolder(names.exercise)}`;
    io.stdout.write(`fill in ${what}, then: ${run} ${inFolder(names.test)}\n${unseenLines(exercise)}`);
  }
  return EXIT.good;
}

function deliver(texts: readonly { name: string; text: string }[], { source }: Exercise, flags: ExerciseFlags, io: Io): void {
  const outputs = texts.map((each) => ({ ...each, source: source.name, file: undefined }));
  const files = planTargets({
    out: flags.out === undefined ? "./" : `${flags.out.replace(/[\\/]+$/, "")}/`,
    cwd: io.cwd,
    outputs,
  });
  const options = { force: flags.force === true, dryRun: flags.dryRun === true };
  refuseStarted(files, options.force);
  const delivered = writeTargets(files, options);
  io.stdout.write(deliveredLines(delivered, options));
}

/** What a learner has begun is never written over unasked. */
function refuseStarted(files: ReturnType<typeof planTargets>, force: boolean): void {
  if (force) return;
  for (const { path, shown, text } of files) {
    const { text: before } = readOutput({ path });
    if (before?.startsWith(EXERCISE_MARK) && foldLineEnds(before) !== text)
      throw usageError(`${shown} is there already, and it may hold your work; --force writes it anew`);
  }
}

function writeSolution({ exercise, compilation }: Made, options: FileOptions, flags: ExerciseFlags, io: Io): number {
  const name = solutionName(exercise, options);
  deliver([{ name, text: solutionText(exercise, compilation, options) }], exercise, flags, io);
  return EXIT.good;
}

/** An exercise's file as it is on disk, with the exercise that it was written from. */
interface Opened extends Made {
  readonly file: string;
  readonly text: string;
  readonly options: FileOptions;
}

async function open(file: string, io: Io): Promise<Opened> {
  if (!ENDING.test(file)) throw usageError(`${file} is no exercise's file (*.exercise.ts or .js)`);
  const text = await readExerciseFile(file, io);
  const record = readRecord(text);
  if (record === undefined || !text.startsWith(EXERCISE_MARK))
    throw usageError(`${file} is no exercise that wengert wrote, or the lines at its end were changed`);
  const ending = ENDING.exec(file)![1] as Ending; // the only files that get here
  const runner = / npx vitest run /.test(text) ? "vitest" : "node";
  return { ...(await remake(record, file)), file, text, options: { ending, runner } };
}

async function readExerciseFile(file: string, io: Io): Promise<string> {
  try {
    const text = await readFile(resolve(io.cwd, file), "utf8");
    return foldLineEnds(text.replace(/^\uFEFF/, "")); // some editors begin a file with a mark of its encoding
  } catch (problem) {
    throw usageError(`cannot read ${file}: ${reason(problem)}`);
  }
}

async function remake({ source, settings, stem, title }: ExerciseRecord, file: string): Promise<Made> {
  const { steps, hard, wrt, ties, number } = settings;
  const compile = await loadCompiler(kindOf(source.name));
  const compilation = compile(source.text, { name: source.name, ...(wrt && { wrt }), ...(ties && { ties }) });
  if (!compilation.ok)
    throw usageError(`the source at the end of ${file} does not compile: ${compilation.diagnostics[0]?.message}`);
  const entry = number === undefined ? undefined : exerciseSet[number - 1];
  return finish(compilation, {
    blanks: steps,
    hard,
    stem,
    title,
    compiled: { ...(wrt && { wrt }), ...(ties && { ties }) },
    ...(entry && { number, points: entry.points }),
  });
}

async function solve(file: string, flags: ExerciseFlags, io: Io): Promise<number> {
  if (!flags.solution) throw usageError(`${file} is an exercise: --hint, --grade or --solution?`);
  const opened = await open(file, io);
  const folder = dirname(file);
  return writeSolution(opened, opened.options, { ...flags, out: flags.out ?? folder }, io);
}

/** A line for each file, or all of it as JSON. A file that cannot be graded is told among the others. */
async function gradeAll(files: readonly string[], { json }: ExerciseFlags, io: Io): Promise<number> {
  const rows: ReportRow[] = [];
  for (const file of files) {
    try {
      const opened = await open(file, io);
      const written = exerciseText(opened.exercise, opened.compilation, opened.options);
      rows.push(await reportRow({ ...opened, written }, json === true));
    } catch (problem) {
      if (!(problem instanceof CommanderError)) throw problem;
      rows.push({ file, isRight: false, right: 0, of: 0, problem: problem.message, todos: [], changed: [] });
    }
  }
  io.stdout.write(
    json
      ? `${toJson(rows)}\n`
      : reportLines(rows)
          .map((line) => `${escapeControls(line)}\n`)
          .join(""),
  );
  if (rows.some(({ problem }) => problem !== undefined)) return EXIT.usage;
  return rows.every(({ isRight }) => isRight) ? EXIT.good : EXIT.source;
}

async function answer(file: string, flags: ExerciseFlags, io: Io): Promise<number> {
  const opened = await open(file, io);
  const written = exerciseText(opened.exercise, opened.compilation, opened.options);
  const request = { ...opened, written };
  if (flags.grade) {
    const { lines, isRight } = await gradeLines(request);
    io.stdout.write(lines.map((line) => `${escapeControls(line)}\n`).join(""));
    return isRight ? EXIT.good : EXIT.source;
  }
  const level = flags.hint === true ? 1 : Number(flags.hint);
  const lines = hintLines(request, { level, todo: flags.todo, line: flags.line?.[0] });
  io.stdout.write(lines.map((line) => `${escapeControls(line)}\n`).join(""));
  return EXIT.good;
}
