// makeExercise(): a compilation told as a lesson becomes code with blanks, its solution and what grades it.

import type { Compilation } from "../compiler/types.ts";
import { samplePoint } from "../lesson/sample.ts";
import type { Lesson } from "../lesson/types.ts";
import { chooseSteps, type BlankChoice } from "./choose.ts";
import { declarationsOf, neededFor } from "./declarations.ts";
import { gradingOf } from "./grading.ts";
import { blankOf } from "./statements.ts";
import { withProducts } from "./kernels.ts";
import type { Blank, Exercise, ExerciseSettings } from "./types.ts";

export interface ExerciseOptions {
  /** Which lines are blank; default: three. */
  readonly blanks?: BlankChoice;
  /** Of the choice of lines and of the points; the same seed gives the same exercise. */
  readonly seed?: number;
  /** Do not tell where something is to be added. */
  readonly hard?: boolean;
  /** What the files are called after; default: the source's name without its endings. */
  readonly stem?: string;
  readonly title?: string;
  /** Points to grade at, by input name; others are added to them where they would let a wrong line pass. */
  readonly points?: readonly Readonly<Record<string, number>>[];
  /** How the compilation was made, to be kept with the exercise. */
  readonly compiled?: Pick<ExerciseSettings, "wrt" | "ties">;
  /** Number in the set. */
  readonly number?: number;
}

export const USUAL_BLANKS = 3;

/** Why nothing can be asked about a compilation: a sentence without its full stop, or undefined where all is well. */
export function whyNoExercise(compilation: Compilation, lesson: Lesson | undefined): string | undefined {
  if (!compilation.ok) return "it does not compile";
  if (lesson?.kind === "network" && compilation.functions.at(-1)?.exports["grad"] === undefined) return "it has no loss";
  if (lesson === undefined) return "only the staged gradient has lines to leave out";
  if (!lesson.steps.some((step) => step.action !== "help")) return "its backward pass has no line to leave out";
  const numbers = countNumbers(compilation);
  if (numbers > MOST_NUMBERS) return `its inputs hold ${numbers} numbers, too many to be graded by a test; make it narrower`;
  return undefined;
}

/** Numbers that go into one point: a test holds some points, and as many numbers of gradients. */
const MOST_NUMBERS = 2000;

function countNumbers(compilation: Compilation): number {
  return Object.values(samplePoint(compilation)).reduce<number>(
    (sum, value) => sum + (typeof value === "number" ? 1 : value.length),
    0,
  );
}

/** An exercise on a good compilation in the staged style. Ask whyNoExercise() first. */
export function makeExercise(compilation: Compilation, lesson: Lesson, options: ExerciseOptions = {}): Exercise {
  const { blanks: choice = USUAL_BLANKS, seed = 1, hard = false, number } = options;
  const steps = chooseSteps(lesson, choice, seed);
  const blanks = steps.map((step, index) => blankOf(lesson, step, index + 1, hard));
  const body = bodyOf(compilation, lesson, blanks);
  const { name, text } = compilation.source;
  return {
    stem: options.stem ?? stemOf(name, lesson),
    title: options.title ?? "",
    source: { name, text },
    settings: { steps: steps.map(({ index }) => index), hard, ...options.compiled, ...(number !== undefined && { number }) },
    lesson,
    blanks,
    body,
    grading: gradingOf({
      compilation,
      lesson,
      blanks,
      body,
      seed,
      given: options.points ?? [],
      sample: samplePoint(compilation),
    }),
  };
}

/** Declarations of the JavaScript that a learner sees, less those that repeat the answers. */
function bodyOf(compilation: Compilation, lesson: Lesson, blanks: readonly Blank[]): string {
  const declarations = neededFor(rootsOf(compilation, lesson), declarationsOf(compilation.javascript));
  return withProducts(declarations, blanks, "javascript")
    .map(({ text }) => `${text}\n`)
    .join("\n");
}

/** The functions that an exercise is about: the value and the gradient, of a network the gradient with both its passes. */
export function rootsOf(compilation: Compilation, lesson: Lesson): string[] {
  const { exports } = compilation.functions.find((fn) => fn.name === lesson.name) ?? compilation.functions.at(-1)!;
  return lesson.kind === "network" ? [exports["grad"]!] : [exports["value"]!, exports["derivative"]!];
}

function stemOf(name: string, lesson: Lesson): string {
  const base = name.replace(/^.*[\\/]/, "");
  if (/^<.*>$/.test(base)) return lesson.name;
  return base.replace(/\.net\.(ya?ml|json)$|\.[^.]*$/i, "");
}
