// Lessons of compiled sources, with the numbers of a point that was given or, where inputs are tensors, of a sample.

import type { Compilation } from "../compiler/types.ts";
import { lessonOf } from "../lesson/lesson.ts";
import { numbersAt } from "../lesson/numbers.ts";
import { initialParameters, samplePoint } from "../lesson/sample.ts";
import type { Lesson, LessonPoint, Numbers } from "../lesson/types.ts";
import type { CompiledSource } from "./compile.ts";
import { usageError } from "./exit.ts";
import { toLessonPoint, type Point, type PointInput } from "./points.ts";

export interface LessonAt {
  readonly lesson: Lesson;
  readonly numbers: Numbers | undefined;
  /** Nobody gave the point. */
  readonly isSample: boolean;
}

/** Of the last function, which is what a source is about. Numbers are drawn only for tensors, whose shapes they tell. */
export function lessonAt({ compilation }: CompiledSource, point: Point | undefined): LessonAt {
  const fn = compilation!.functions.at(-1)!; // only good sources get here
  if (fn.derivation === undefined) throw usageError(`${fn.name} is a list of functions without stages; ask for one of them`);
  const lesson = lessonOf(compilation!);
  if (point === undefined && fn.derivation.kind === "numbers") return { lesson, numbers: undefined, isSample: false };
  const at = point === undefined ? samplePoint(compilation!) : pointOf(compilation!, point);
  return { lesson, numbers: evaluate(compilation!, at), isSample: point === undefined };
}

/** A network's parameters are those it starts from, where they are not given. */
export function pointOf(compilation: Compilation, point: Point): LessonPoint {
  return { ...initialParameters(compilation, compilation.functions.at(-1)!), ...toLessonPoint(point) };
}

/** What the door of the generated code refuses is the user's point. */
export function evaluate(compilation: Compilation, point: LessonPoint): Numbers {
  try {
    return numbersAt(compilation, point);
  } catch (problem) {
    if (problem instanceof RangeError || problem instanceof TypeError) throw usageError(`--at: ${problem.message}`);
    throw problem;
  }
}

/** What --at may name: of a network also its parameters. */
export function pointInputs({ compilation }: CompiledSource): PointInput[] {
  const fn = compilation?.functions.at(-1);
  if (fn === undefined) return [];
  const parameters = fn.exports["init"] === undefined ? [] : (fn.derivation?.inputs ?? []).filter(({ part }) => part !== "data");
  return [
    ...fn.inputs.map(({ name, shape }) => ({ name, shape })),
    ...(fn.sizes ?? []).map((name) => ({ name, shape: [] })),
    ...parameters.map(({ input }) => ({ name: input.name, shape: input.node.type.shape, optional: true })),
  ];
}
