// How many numbers the array of a line has, and how many it should have.

import { bounded } from "./bounded.ts";
import { callAt, type RunModule } from "./run.ts";
import { shapeOf } from "./statements.ts";
import { substitute } from "./substitute.ts";
import type { Blank, Exercise } from "./types.ts";

export interface Lengths {
  /** The gradient's variable, and the shape of what it is the gradient of: `[m, 3]`. */
  readonly variable: string;
  readonly shape: string;
  /** At the first point. Undefined where the variable is no array. */
  readonly found: number | undefined;
  readonly wanted: number;
}

interface Statement {
  readonly blank: Blank;
  readonly statement: string;
}

/** Undefined where the length is right, where the line is not over arrays and where it does not get that far. */
export function lengthsOf(exercise: Exercise, { blank, statement }: Statement, run: RunModule): Lengths | undefined {
  const shape = shapeOf(exercise.lesson, blank.step.target);
  if (shape === "") return undefined;
  const wanted = measure(exercise, { blank, statement: blank.answer.join("\n") }, run);
  const found = measure(exercise, { blank, statement }, run);
  if (wanted === undefined || typeof wanted.length !== "number" || found === undefined || found.length === wanted.length)
    return undefined;
  const length = typeof found.length === "number" ? found.length : undefined;
  return { variable: blank.step.adjoint, shape, found: length, wanted: wanted.length };
}

interface Measured {
  readonly length: unknown;
}

/** The length after the line has run, thrown from there: nothing further down can come in between. */
function measure(exercise: Exercise, { blank, statement }: Statement, run: RunModule): Measured | undefined {
  const { grading } = exercise;
  const thrown = `throw { length: ${blank.step.adjoint}.length };`;
  try {
    const body = bounded(substitute(exercise, new Map([[blank, `${statement} ${thrown}`]])));
    callAt(run(body, [grading.call]), grading, grading.points[0]!.inputs);
    return undefined;
  } catch (problem) {
    return typeof problem === "object" && problem !== null && !(problem instanceof Error) && "length" in problem
      ? { length: problem.length }
      : undefined;
  }
}
