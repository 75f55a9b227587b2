// The line that stepping has come to, said in a sentence with its numbers. Plain text, because screen readers say it aloud.

import { unreachable } from "../core/unreachable.ts";
import { shortMeasure, shortNumber } from "./format.ts";
import type { Flow, Lesson, LessonStage, LessonStep, Measure, Numbers } from "../lesson/types.ts";

export function stageSentence(lesson: Lesson, stage: LessonStage, numbers: Numbers | undefined): string {
  const head = `Forward, stage ${stage.number} of ${lesson.stages.length}: ${stage.variable} = ${stage.expression}`;
  const value = numbers?.values[stage.variable];
  if (value === undefined) return `${head}.`;
  const filled = withNumbers(stage.expression, numbers?.values ?? {});
  const middle = filled === undefined || filled === stage.expression ? "" : ` = ${filled}`;
  return `${head}${middle} = ${shortMeasure(value)}.`;
}

export function stepSentence(lesson: Lesson, step: LessonStep, numbers: Numbers | undefined): string {
  const through = step.stage === undefined ? "" : `, through stage ${step.stage}`;
  const head = `Backward, step ${step.index + 1} of ${lesson.steps.length}${through}:`;
  const known = numbers?.steps[step.index];
  const product = known === undefined ? "" : productOf(known.local, known.upstream, known.contribution);
  const after = known === undefined ? "" : shortMeasure(known.after);
  return `${head} ${actionOf(step, product, after)} ${FLOWS[step.flow](step)}`.trim();
}

function actionOf(step: LessonStep, product: string, after: string): string {
  const { adjoint, target, expression } = step;
  switch (step.action) {
    case "set":
      return `${adjoint} = ${expression}${product}.`;
    case "start":
      return `${adjoint} starts as ${expression}${product}; ${target} forks, so more will be added.`;
    case "grow":
      return `${adjoint} grows by ${expression}${product}${after === "" ? "" : `, to ${after}`}.`;
    case "help":
      return `${adjoint} = ${expression}${product}, for the lines below.`;
    default:
      return unreachable(step.action);
  }
}

/** ` = local × upstream = contribution`, as far as there is something to multiply. */
function productOf(local: number | undefined, upstream: number | undefined, contribution: Measure): string {
  const total = ` = ${shortMeasure(contribution)}`;
  if (local === undefined || upstream === undefined) return total;
  return local === 1 || upstream === 1 ? total : ` = ${inProduct(local)} × ${inProduct(upstream)}${total}`;
}

const FLOWS: Readonly<Record<Flow, (step: LessonStep) => string>> = {
  distributes: () => "An add gate hands the gradient on as it is.",
  routes: () => "The gate routes the gradient to the input it chose.",
  swaps: () => "A multiply gate scales the gradient by its other input.",
  scales: ({ identity }) => (identity === undefined ? "The local gradient scales what arrives." : `The rule: ${identity}.`),
  collects: () => "What was spread out is summed up again.",
};

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*(?!\s*\(|[\p{ID_Continue}$])/gu;

/** An expression with numbers in place of its variables; undefined where one is a tensor. */
export function withNumbers(expression: string, values: Readonly<Record<string, Measure>>): string | undefined {
  let isPlain = true;
  const filled = expression.replace(NAME, (name, at: number) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === "object") isPlain = false;
    if (typeof value !== "number") return name;
    const isWrapped = expression[at - 1] === "(" && expression[at + name.length] === ")";
    return isWrapped ? shortNumber(value) : inProduct(value);
  });
  return isPlain ? filled : undefined;
}

function inProduct(value: number): string {
  return value < 0 ? `(${shortNumber(value)})` : shortNumber(value);
}
