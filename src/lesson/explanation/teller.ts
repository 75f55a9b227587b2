// What the sections of an explanation share: names looked up, numbers where there are any, which stages are told.

import type { Lesson, LessonStage, LessonStep, Measure, Numbers, StepNumbers } from "../types.ts";
import { valueText } from "./figures.ts";
import { foldStages, type Folding } from "./folding.ts";
import type { Substitution } from "./formula.ts";
import type { CodeReference, ExplanationOptions, Phrase } from "./types.ts";

export interface Teller {
  readonly lesson: Lesson;
  readonly numbers: Numbers | undefined;
  readonly options: ExplanationOptions;
  readonly folding: Folding;
  /** Numbers for the variables of values and of gradients; tensors keep their names. */
  readonly numberOf: Substitution;
  readonly stageNumbered: (number: number) => LessonStage;
  /** Of an input or stage by its variable; empty for a number. */
  readonly shapeOf: (variable: string) => string;
  /** Of a variable of the forward pass or of a gradient's. */
  readonly measureOf: (variable: string) => Measure | undefined;
  readonly numbersOf: (step: LessonStep) => StepNumbers | undefined;
  /** Whether a variable holds the gradient of a stage or input. */
  readonly isGradient: (variable: string) => boolean;
  /** Steps back through a stage, by its number; lines that only help are left out. */
  readonly stepsThrough: (stage: number) => readonly LessonStep[];
  /** All contributions to the gradient of a stage or input, in the order of the code. */
  readonly contributionsTo: (target: string) => readonly LessonStep[];
}

export function createTeller(lesson: Lesson, numbers: Numbers | undefined, options: ExplanationOptions): Teller {
  const stages = new Map(lesson.stages.map((stage) => [stage.number, stage]));
  const shapes = new Map([...lesson.inputs, ...lesson.stages].map(({ variable, shape }) => [variable, shape]));
  const targets = new Map([
    ...lesson.steps.map(({ adjoint, target }) => [adjoint, target] as const),
    [lesson.seed, lesson.output],
  ]);
  const main = lesson.steps.filter(({ action }) => action !== "help");
  const contributions = groupBy(main, ({ target }) => target);
  const through = groupBy(main, ({ stage }) => stage);
  const measureOf = (variable: string): Measure | undefined => {
    const target = targets.get(variable);
    const found = target === undefined ? numbers?.values[variable] : numbers?.gradients[target];
    return found;
  };
  return {
    lesson,
    numbers,
    options,
    folding: foldStages(lesson, options),
    numberOf: (name) => {
      const measure = measureOf(name);
      return measure === undefined || typeof measure === "object" ? undefined : valueText(measure);
    },
    stageNumbered: (number) => stages.get(number)!,
    shapeOf: (variable) => shapes.get(targets.get(variable) ?? variable) ?? "",
    measureOf,
    numbersOf: (step) => numbers?.steps[step.index],
    isGradient: (variable) => targets.has(variable),
    stepsThrough: (stage) => through.get(stage) ?? [],
    contributionsTo: (target) => contributions.get(target) ?? [],
  };
}

/** The result's variable; an input that is handed on as it is goes by the function's name. */
export function nameOfResult({ name, kind, output, inputs }: Lesson): string {
  return kind === "function" && inputs.some(({ variable }) => variable === output) ? name : output;
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export function codeReference({ text, first, last }: LessonStage["code"]): CodeReference {
  return { text, first: first + 1, last: last + 1 };
}

export function code(text: string): Phrase {
  return { kind: "code", text };
}

export function stageReference(number: number): Phrase {
  return { kind: "stage", number };
}

/** "a", "a and b", "a, b and c". */
export function listed(phrases: readonly Phrase[], word = "and"): Phrase[] {
  return phrases.flatMap((phrase, index) => {
    if (index === 0) return [phrase];
    return [index === phrases.length - 1 ? ` ${word} ` : ", ", phrase];
  });
}
