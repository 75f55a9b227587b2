// Calls an exercise's code at a point and compares what comes out.

import type { Exports } from "../compiler/load.ts";
import type { Grading, GradingPoint, PointValue } from "./types.ts";

/** Runs JavaScript that declares `names` and hands them out: as the engine does, or an interpreter where that is not allowed. */
export type RunModule = (javascript: string, names: readonly string[]) => Exports;

export type Answers = Readonly<Record<string, number | readonly number[]>>;

/** Two numbers are taken for equal below this part of what is wanted, and a little more for the rounding of what cancels. */
export const TOLERANCE = { relative: 1e-6, absolute: 1e-10 };

/** The value and every gradient that the code gives at a point. Throws what the code throws. */
export function callAt(exports: Exports, grading: Grading, inputs: GradingPoint["inputs"]): Answers {
  const result = exports[grading.call]!(...argumentsOf(grading, inputs)) as Record<string, unknown>; // what the exercise says it returns
  const gradients = grading.isNested ? (result[NESTED] as Record<string, unknown>) : result;
  return Object.fromEntries([
    [grading.value, asAnswer(result[grading.value])],
    ...grading.gradients.map(({ property }) => [property, asAnswer(gradients[property])] as const),
  ]);
}

/** The property of a network's result that holds the gradients of its parameters. */
export const NESTED = "gradients";

function argumentsOf({ arguments: names, kinds, packed }: Grading, inputs: GradingPoint["inputs"]): unknown[] {
  const argument = (name: string): unknown => asArgument(inputs[name]!, kinds[name]!);
  const all = names.map((name) =>
    typeof name === "string" ? argument(name) : Object.fromEntries(name.map((each) => [each, argument(each)])),
  );
  return packed ? [all] : all;
}

function asArgument(value: PointValue, kind: Grading["kinds"][string]): unknown {
  if (typeof value !== "object") return value;
  return kind === "integers" ? Int32Array.from(value) : Float64Array.from(value);
}

function asAnswer(value: unknown): number | readonly number[] {
  if (typeof value === "number") return value;
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  return isList ? Array.from(value as ArrayLike<number>) : NaN;
}

export interface Off {
  readonly property: string;
  /** Index of the element, of an array. */
  readonly at: number | undefined;
  readonly found: number;
  readonly wanted: number;
}

/** The first answer that is not what is wanted. */
export function firstOff(found: Answers, wanted: Answers): Off | undefined {
  for (const [property, right] of Object.entries(wanted)) {
    const given = found[property] ?? NaN;
    if (typeof right === "number") {
      const number = typeof given === "number" ? given : NaN;
      if (!isNear(number, right)) return { property, at: undefined, found: number, wanted: right };
      continue;
    }
    const list = typeof given === "number" ? [] : given;
    const at = right.findIndex((each, index) => !isNear(list[index] ?? NaN, each));
    if (at >= 0) return { property, at, found: list[at] ?? NaN, wanted: right[at]! };
  }
  return undefined;
}

/** NaN is near nothing. */
export function isNear(found: number, wanted: number): boolean {
  return Math.abs(found - wanted) <= TOLERANCE.relative * Math.abs(wanted) + TOLERANCE.absolute;
}
