// What flows back along each wire: its sum where the wire is the only one, its own share where a value is read several times.

import type { Lesson, LessonStep, Measure, Numbers, TensorMeasure } from "../types.ts";

/** A gradient on its way back. */
export interface BackFlow {
  /** Undefined without numbers, and for a share of several contributions too large to be kept element by element. */
  readonly measure: Measure | undefined;
  /** The variable of the code that holds it; undefined for a share. */
  readonly name: string | undefined;
  /** When it is known; see `momentOfStep`. */
  readonly moment: number;
  readonly steps: readonly number[];
}

export interface BackFlows {
  /** Everything that comes back to a variable; undefined where nothing does. */
  readonly complete: (variable: string) => BackFlow | undefined;
  /** What these stages, by number, send back to a variable they read. */
  readonly along: (variable: string, stages: readonly number[]) => BackFlow | undefined;
}

/**
 * Time as a learner steps through it. Moment 0: the inputs are known; moment k: the first k stages are computed;
 * moment stages + 1: the gradient of the result arrives; moment stages + 2 + i: step i of the backward pass is done.
 */
export function momentOfStage(position: number | undefined): number {
  return position === undefined ? 0 : position + 1;
}

export function momentOfSeed(lesson: Lesson): number {
  return lesson.stages.length + 1;
}

export function momentOfStep(lesson: Lesson, step: number): number {
  return lesson.stages.length + 2 + step;
}

export function backFlowsOf(lesson: Lesson, numbers: Numbers | undefined): BackFlows {
  const byTarget = stepsByTarget(lesson);
  const flows = completeFlows(lesson, numbers, byTarget);
  return {
    complete: (variable) => flows.get(variable),
    along: (variable, stages) => {
      const all = byTarget.get(variable) ?? [];
      const steps = all.filter(({ stage }) => stage !== undefined && stages.includes(stage));
      if (steps.length === all.length) return flows.get(variable);
      const last = steps.at(-1);
      if (last === undefined) return undefined;
      const parts = steps.flatMap(({ index }) => numbers?.steps[index]?.contribution ?? []);
      return {
        measure: sumMeasures(parts),
        name: undefined,
        moment: momentOfStep(lesson, last.index),
        steps: steps.map(({ index }) => index),
      };
    },
  };
}

function stepsByTarget(lesson: Lesson): Map<string, LessonStep[]> {
  const steps = new Map<string, LessonStep[]>();
  for (const step of lesson.steps) {
    if (step.action !== "help") steps.set(step.target, [...(steps.get(step.target) ?? []), step]);
  }
  return steps;
}

/** A gradient that is another one unchanged has no step of its own: it is known when those of all readers are. */
function completeFlows(
  lesson: Lesson,
  numbers: Numbers | undefined,
  byTarget: ReadonlyMap<string, readonly LessonStep[]>,
): Map<string, BackFlow> {
  const flows = new Map<string, BackFlow>();
  const moments = new Map([[lesson.output, momentOfSeed(lesson)]]);
  const adjoints = new Set([lesson.seed, ...lesson.steps.map(({ adjoint }) => adjoint)]);
  const visit = (variable: string): void => {
    const steps = byTarget.get(variable) ?? [];
    const last = steps.at(-1);
    const moment = last === undefined ? (moments.get(variable) ?? momentOfSeed(lesson)) : momentOfStep(lesson, last.index);
    moments.set(variable, moment);
    const measure = numbers?.gradients[variable];
    const name = last?.adjoint ?? (variable === lesson.output ? lesson.seed : aliasOf(lesson, variable, adjoints));
    if (numbers === undefined ? name !== undefined : measure !== undefined)
      flows.set(variable, { measure, name, moment, steps: steps.map(({ index }) => index) });
  };
  for (const { variable, operands } of lesson.stages.toReversed()) {
    visit(variable);
    for (const operand of operands) moments.set(operand, Math.max(moments.get(operand) ?? 0, moments.get(variable)!));
  }
  for (const { variable } of lesson.inputs) visit(variable);
  return flows;
}

/** The one gradient that steps from a variable without steps to it use in its place. */
function aliasOf(lesson: Lesson, variable: string, adjoints: ReadonlySet<string>): string | undefined {
  const from = lesson.steps.filter((step) => step.from === variable);
  const used = new Set(
    from.flatMap(({ expression }) => (expression.match(/[A-Za-z_$][\w$]*/g) ?? []).filter((name) => adjoints.has(name))),
  );
  return used.size === 1 ? [...used][0] : undefined;
}

/** The sum of contributions, where it can be told: of tensors only while all elements are known. */
function sumMeasures(measures: readonly Measure[]): Measure | undefined {
  if (measures.length === 1) return measures[0];
  if (measures.length === 0) return undefined;
  if (measures.every((measure) => typeof measure === "number")) return measures.reduce((total, measure) => total + measure, 0);
  return measures.every((measure) => typeof measure === "object") ? sumTensors(measures) : undefined;
}

function sumTensors(measures: readonly TensorMeasure[]): TensorMeasure | undefined {
  const { shape, elements } = measures[0]!;
  const count = shape.reduce((product, size) => product * size, 1);
  if (measures.some((measure) => measure.elements.length !== count)) return undefined;
  const sums = elements.map((_, at) => measures.reduce((total, measure) => total + measure.elements[at]!, 0));
  const mean = sums.reduce((total, element) => total + element, 0) / count;
  return { shape, norm: Math.hypot(...sums), mean, min: Math.min(...sums), max: Math.max(...sums), elements: sums };
}
