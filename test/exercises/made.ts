// Exercises for tests: those of the set, those on the examples, and a grader's text run in this process.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { exerciseText, type FileOptions } from "../../src/exercises/file-text.ts";
import { graderText } from "../../src/exercises/grader-text.ts";
import { makeExercise, type ExerciseOptions } from "../../src/exercises/exercise.ts";
import { exerciseSet, stemOfEntry, type SetEntry } from "../../src/exercises/set.ts";
import type { Blank, Exercise } from "../../src/exercises/types.ts";
import { compile, type Compilation } from "../../src/index.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";

export interface Made {
  readonly compilation: Compilation;
  readonly exercise: Exercise;
}

export function makeEntry(entry: SetEntry, options: ExerciseOptions = {}): Made {
  const compilation = compile(entry.source, { name: `${entry.name}.math` });
  const { blanks, points, number, title } = entry;
  const stem = stemOfEntry(entry);
  return {
    compilation,
    exercise: makeExercise(compilation, lessonOf(compilation), { blanks, points, number, title, stem, ...options }),
  };
}

export const set: readonly (Made & { readonly entry: SetEntry })[] = exerciseSet.map((entry) => ({ entry, ...makeEntry(entry) }));

export function makeExample(file: string, options: ExerciseOptions = {}): Made {
  const text = readFileSync(join(import.meta.dirname, "../../examples", file), "utf8");
  const compilation = compile(text, { name: file });
  return { compilation, exercise: makeExercise(compilation, lessonOf(compilation), options) };
}

export function makeSource(text: string, options: ExerciseOptions = {}, name = "mine.math"): Made {
  const compilation = compile(text, { name });
  return { compilation, exercise: makeExercise(compilation, lessonOf(compilation), options) };
}

/** The exercise's file with these statements in the place of its blanks. */
export function filledIn({ compilation, exercise }: Made, options: FileOptions, statements: (blank: Blank) => string): string {
  const language = options.ending.endsWith("ts") ? "typescript" : "javascript";
  return exercise.blanks.reduce(
    (text, blank) => text.replace(blank.placeholder[language], () => statements(blank)),
    exerciseText(exercise, compilation, options),
  );
}

export const solved = ({ answer }: Blank): string => answer.join("\n  ");

export interface Outcome {
  readonly name: string;
  /** Undefined where it passed. */
  readonly failure: string | undefined;
}

/** Runs the grader's own text against an exercise's text, as its runner would. */
export function runGrader(exercise: Exercise, options: FileOptions, text: string): Outcome[] {
  const isTyped = options.ending.endsWith("ts");
  const code = asScript(text, isTyped);
  const grader = graderScript(exercise, options);
  const outcomes: Outcome[] = [];
  const test = (name: string, ...rest: unknown[]): void => {
    const run = rest.at(-1) as () => void;
    if ((rest[0] as { skip?: boolean }).skip) return;
    try {
      run();
      outcomes.push({ name, failure: undefined });
    } catch (error) {
      outcomes.push({ name, failure: (error as Error).message });
    }
  };
  const { call } = exercise.grading;
  const make = new Function("test", "assert", `const { ${call} } = (() => { ${code}\nreturn { ${call} }; })();\n${grader}`);
  make(test, assert);
  return outcomes;
}

const graders = new WeakMap<Exercise, Map<string, string>>();

/** Made once for each form: exercises are graded many times. */
function graderScript(exercise: Exercise, options: FileOptions): string {
  const known = graders.get(exercise) ?? new Map<string, string>();
  graders.set(exercise, known);
  const form = `${options.runner} ${options.ending}`;
  const script = known.get(form) ?? asScript(graderText(exercise, options), options.ending.endsWith("ts"));
  known.set(form, script);
  return script;
}

/** JavaScript without imports and exports. */
function asScript(text: string, isTyped: boolean): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  const script = isTyped ? ts.transpileModule(text, { compilerOptions }).outputText : text;
  return script
    .replace(/^import .*$/gm, "")
    .replace(/^export (?=function|const)/gm, "")
    .replace(/^export \{\s*\};?$/gm, "");
}

export function failures(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ failure }) => failure ?? []);
}

const settings: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  lib: ["lib.es2022.d.ts"],
  types: ["node"],
  skipLibCheck: true,
  noEmit: true,
};

/** What tsc says of some files that may import each other. */
export function typeErrors(files: ReadonlyMap<string, string>): string[] {
  const root = join(import.meta.dirname, "../..");
  const texts = new Map([...files].map(([name, text]) => [join(root, name), text]));
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  host.getCurrentDirectory = () => root;
  host.directoryExists = () => true; // those of the texts are nowhere else
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? cached(name, () => getSourceFile(name, ...rest))
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...texts.keys()], settings, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

const libraries = new Map<string, ts.SourceFile | undefined>();

function cached(name: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
  if (!libraries.has(name)) libraries.set(name, read());
  return libraries.get(name);
}
