// The text of an exercise's file, TypeScript or JavaScript: header, code with blanks, TODO(), and the settings from which it can be made again.

import type { Compilation } from "../compiler/types.ts";
import { MARK } from "../core/marks.ts";
import { legend, withProducts } from "./kernels.ts";
import { layOut } from "./layout.ts";
import { declarationsOf, neededFor, type Declaration } from "./declarations.ts";
import { rootsOf } from "./exercise.ts";
import { inert, settingsText } from "./record.ts";
import { placesOf, shapeOf } from "./statements.ts";
import type { Exercise, Language } from "./types.ts";

export type Runner = "node" | "vitest";

export type Ending = "ts" | "mts" | "js" | "mjs";

export interface FileOptions {
  readonly runner: Runner;
  /** `mts` and `mjs` are modules whatever the package says. */
  readonly ending: Ending;
}

export function languageOf({ ending }: Pick<FileOptions, "ending">): Language {
  return ending === "ts" || ending === "mts" ? "typescript" : "javascript";
}

/** The first words of an exercise's file. It is the learner's: they differ from those of generated files, which may be written anew. */
export const EXERCISE_MARK = "// An exercise in backpropagation";

export interface FileNames {
  readonly exercise: string;
  readonly test: string;
}

/** `compound.exercise.ts` and `compound.exercise.test.ts`. */
export function fileNames({ stem }: Pick<Exercise, "stem">, { ending }: Pick<FileOptions, "ending">): FileNames {
  return { exercise: `${stem}.exercise.${ending}`, test: `${stem}.exercise.test.${ending}` };
}

/** `compound.solution.ts`. */
export function solutionName({ stem }: Pick<Exercise, "stem">, { ending }: Pick<FileOptions, "ending">): string {
  return `${stem}.solution.${ending}`;
}

/** What the learner gets. */
export function exerciseText(exercise: Exercise, compilation: Compilation, options: FileOptions): string {
  const language = languageOf(options);
  const declarations = withProducts(declarationsFor(exercise, compilation, language), exercise.blanks, language);
  const body = withBlanks(exercise, textOf(declarations), language);
  return [header(exercise, declarations, options), body, todo(exercise, language), settingsText(exercise)].join("\n");
}

/** The same code with every line in its place. */
export function solutionText(exercise: Exercise, compilation: Compilation, options: FileOptions): string {
  const head = `${MARK}: the solution of ${fileNames(exercise, options).exercise}.\n`;
  return `${head}\n${textOf(declarationsFor(exercise, compilation, languageOf(options)))}`;
}

/** The declarations that the exercise is about, each exported where the module exports it. */
function declarationsFor({ lesson }: Exercise, compilation: Compilation, language: Language): Declaration[] {
  const roots = rootsOf(compilation, lesson);
  const typed = neededFor(roots, declarationsOf(compilation.code));
  if (language === "typescript") return typed;
  const exported = new Set(typed.filter(({ text }) => /^export /m.test(text)).map(({ name }) => name));
  return neededFor(roots, declarationsOf(compilation.javascript)).map(({ name, text }) => ({
    name,
    text: exported.has(name) ? text.replace(/^(?=function|const)/m, "export ") : text,
  }));
}

/** Each with an empty line before the next. JavaScript that was TypeScript is laid out anew. */
function textOf(declarations: readonly Declaration[]): string {
  return declarations.map(({ text }) => layOut(text)).join("\n");
}

/** The code with each answer's line replaced. */
function withBlanks({ blanks }: Exercise, code: string, language: Language): string {
  const lines = code.split("\n");
  const places = placesOf(
    blanks.map(({ answer }) => answer),
    lines,
  );
  const at = new Map(places.map((place, index) => [place.first, blanks[index]!]));
  const dropped = new Set(places.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
  return lines
    .flatMap((line, index) => {
      const blank = at.get(index);
      if (blank !== undefined) return [`  ${blank.placeholder[language]} // (${blank.step.stage}) ${blank.asks}`];
      return dropped.has(index) ? [] : [line];
    })
    .join("\n");
}

function header(exercise: Exercise, declarations: readonly Declaration[], options: FileOptions): string {
  const { title, settings } = exercise;
  const { runner } = options;
  const names = fileNames(exercise, options);
  const what = settings.number === undefined ? ` on ${subjectOf(exercise)}` : `, ${settings.number} of the set: ${title}`;
  const run = runner === "vitest" ? `npx vitest run ${names.test}` : `node --test ${names.test}`;
  const lines = [
    `${EXERCISE_MARK.slice(3)}${what}.`,
    "",
    ...wrap(sentences(exercise, languageOf(options)).join(" "), WIDTH - 3),
    "",
    ...functionLines(exercise, declarations),
    `Is it right?  ${run}`,
    `A hint:       npx gen exercise --hint ${names.exercise}`,
    `What is off:  npx gen exercise --grade ${names.exercise}`,
  ];
  return lines.map((line) => `${inert(`// ${line}`.trimEnd())}\n`).join("");
}

/** The functions for arrays that the code and the missing lines call. */
function functionLines({ lesson, blanks }: Exercise, declarations: readonly Declaration[]): string[] {
  const statements = [...lesson.stages, ...lesson.steps].map(({ code }) => code.text);
  const lines = blanks.some(({ step }) => shapeOf(lesson, step.target) !== "") ? legend(declarations, statements.join("\n")) : [];
  return lines.length === 0
    ? []
    : ["Functions for arrays, further down. One that is given an array out adds to it:", ...lines, ""];
}

/** The file's name; of an expression the expression, where it is short. */
function subjectOf({ source, lesson }: Exercise): string {
  if (!/^<.*>$/.test(source.name)) return source.name;
  const text = source.text.trim().replace(/\s+/g, " ");
  return text.length <= 60 ? text : lesson.name;
}

const WIDTH = 100;

/** What a learner must know to begin. */
function sentences({ blanks, lesson }: Exercise, language: Language): string[] {
  const adds = blanks.some(({ placeholder }) => placeholder[language].includes("+="));
  const standsAlone = blanks.some(({ placeholder }) => placeholder[language].startsWith("TODO"));
  const stage = blanks[0]!.step.stage;
  return [
    `${count(blanks.length, "line")} of the backward pass ${blanks.length === 1 ? "is" : "are"} missing:`,
    `put code in the place of each TODO. It may read every variable above it.`,
    `The (${stage}) at the end of a line says that it steps back through stage (${stage}) of the forward pass.`,
    lesson.kind === "network"
      ? `What arrives at the loss is ${lesson.seed}.`
      : `What arrives at ${lesson.output}, ${lesson.seed}, is 1.`,
    ...(adds ? ["After += write what is added to the gradient that is there already."] : []),
    ...(standsAlone ? ["Where TODO stands alone, a whole statement is missing."] : []),
  ];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function count(number: number, noun: string): string {
  const words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
  const word = words[number] ?? String(number);
  return `${word[0]!.toUpperCase()}${word.slice(1)} ${noun}${number === 1 ? "" : "s"}`;
}

function todo({ blanks, lesson }: Exercise, language: Language): string {
  const hasArrays = blanks.some(({ step }) => shapeOf(lesson, step.target) !== "");
  const head = {
    typescript: hasArrays ? "TODO<T = number>(blank: number): T" : "TODO(blank: number): number",
    javascript: "TODO(blank)",
  }[language];
  return [
    "/** Stands where your code is missing. */",
    `export function ${head} {`,
    "  throw new Error(`TODO(${blank}) is not filled in yet`);",
    "}",
    "",
  ].join("\n");
}
