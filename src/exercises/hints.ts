// Hints for a blank, one rule at a time: where the line stands, the rule in words, the local gradient, the line itself. Made from the lesson.

import type { Lesson, LessonStage, LessonStep } from "../lesson/types.ts";
import { ruleOf } from "./rule-words.ts";
import { gradientsRead, shapeOf, withoutComment } from "./statements.ts";
import type { Blank, Exercise } from "./types.ts";

/** The ladder of one blank, from the least to the whole answer. Each is a paragraph. */
export function hintsFor({ lesson }: Pick<Exercise, "lesson">, { step, answer }: Blank): string[] {
  const local = localHint(lesson, step);
  return [
    placeHint(lesson, step),
    ruleOf(lesson, step).words,
    ...(local === undefined ? [] : [local]),
    `The line: ${answer.map(withoutComment).join(" ")}`,
  ];
}

/** Which stage it steps back through, what arrives there, what the gradient is added to. */
function placeHint(lesson: Lesson, step: LessonStep): string {
  const stage = stageOf(lesson, step);
  const from =
    stage === undefined ? "" : `This line steps back through stage (${stage.number}), ${stage.variable} = ${stage.expression}. `;
  return `${from}${arrivalHint(lesson, step)}${forkHint(lesson, step)}${shapeHint(lesson, step)}`.trim();
}

export function stageOf(lesson: Lesson, step: LessonStep): LessonStage | undefined {
  return lesson.stages.find(({ number }) => number === step.stage);
}

function arrivalHint(lesson: Lesson, step: LessonStep): string {
  const from = step.from ?? lesson.output;
  if (from === lesson.output) {
    const given = lesson.kind === "network" ? "" : ", which is 1";
    return `What arrives there is ${lesson.seed}, the gradient of ${lesson.output} with respect to itself${given}. `;
  }
  const own = lesson.steps.find(({ target }) => target === from)?.adjoint;
  if (own !== undefined) return `What arrives there is ${own}, the gradient of ${lesson.output} with respect to ${from}. `;
  const read = gradientsRead(lesson, step);
  const readers = lesson.stages.filter(({ operands }) => operands.includes(from));
  const [reader] = readers;
  const follows =
    readers.length === 1
      ? `it follows from stage (${reader!.number}), ${reader!.variable} = ${reader!.expression}, which reads it`
      : "it follows from the stages that read it";
  const where = read.length === 0 ? follows : `this line takes it from ${read.join(" and ")}`;
  return `The gradient with respect to ${from} has no variable of its own: ${where}. `;
}

function forkHint(lesson: Lesson, { target, action, adjoint }: LessonStep): string {
  if (action !== "start" && action !== "grow") return "";
  const readers = lesson.stages.filter(({ operands }) => operands.includes(target)).map(({ number }) => `(${number})`);
  const where = readers.length > 1 ? `stages ${list(readers)} read it` : `stage ${readers[0] ?? ""} reads it more than once`;
  const part =
    action === "start" ? "this line is the first part, others are added further down" : `this line adds its part to ${adjoint}`;
  return `${target} forks, ${where}: its gradient is the sum of what comes back, and ${part}. `;
}

function shapeHint(lesson: Lesson, { target, adjoint }: LessonStep): string {
  const shape = shapeOf(lesson, target);
  return shape === "" ? "" : `${adjoint} has the shape of ${target}, ${shape}.`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
}

/** The local gradient between numbers; between tensors what the line computes, in short. */
function localHint(lesson: Lesson, step: LessonStep): string | undefined {
  const from = step.from ?? lesson.output;
  const stage = stageOf(lesson, step);
  const hasFormula = step.identity !== undefined && /[=−]/.test(step.identity) && stage?.op !== "contract";
  const identity = hasFormula ? ` (${step.identity})` : "";
  if (step.local === undefined) {
    if (step.expression === "…" || step.expression === step.adjoint) return undefined;
    const notation = step.expression.includes("'") ? " A' is A transposed." : "";
    return `In short: ${step.adjoint} ${step.action === "grow" ? "+=" : "="} ${step.expression}${identity}.${notation}`;
  }
  const whole = stage?.partials.find(({ operand }) => operand === step.target);
  const local = step.local.expression;
  const uses = lesson.steps.filter((each) => each.stage === step.stage && each.target === step.target).length;
  if (whole === undefined || uses < 2 || whole.expression === local)
    return `The local gradient is ∂${from}/∂${step.target} = ${whole?.expression ?? local}${identity}.`;
  return `${step.target} stands in ${from} more than once. The part of ∂${from}/∂${step.target} for this line is ${local}${identity}.`;
}
