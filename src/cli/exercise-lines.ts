// What `gen exercise` says about a choice of lines: those that are none, and those that nothing can tell right from wrong.

import { chooseSteps } from "../exercises/choose.ts";
import type { Exercise } from "../exercises/types.ts";
import type { Lesson } from "../lesson/types.ts";

/** What can be asked for instead. */
export function noSuchLine(lesson: Lesson, unknown: readonly (number | string)[]): string {
  const steps = chooseSteps(lesson, "all", 1);
  const isLine = typeof unknown[0] === "number";
  const all = [...new Set(steps.map(({ adjoint, code }) => (isLine ? code.first + 1 : adjoint)))].join(", ");
  return isLine
    ? `line ${unknown.join(", ")} of the code is no line of the backward pass that can be left out; those are ${all}`
    : `no line of the backward pass sets ${unknown.join(", ")}; those set ${all}`;
}

/** Lines of which no point tells whether they are right: what they say makes no difference. Another condition may be as right as the one asked for. */
export function unseenLines({ grading }: Exercise): string {
  const told = grading.unseen.filter(({ kind }) => kind !== "mask" && kind !== "transposed");
  const numbers = [...new Set(told.map(({ blank }) => blank))];
  return numbers
    .map((number) => `TODO(${number}) can hold something wrong and pass: no point was found where it shows\n`)
    .join("");
}
