// Which line of the code belongs to which stage or step of a lesson.

import type { Lesson } from "../../lesson/types.ts";
import type { Place } from "../state/playground.ts";

export interface LinePlaces {
  /** Of a line, counted from 0, what it computes. */
  readonly placeOf: ReadonlyMap<number, Place>;
  /** The lines, first and last, of a stage or step. */
  linesOf(place: Place): { readonly first: number; readonly last: number } | undefined;
}

export function linePlaces(lesson: Lesson): LinePlaces {
  const placeOf = new Map<number, Place>();
  for (const { variable, code } of lesson.stages) {
    for (let line = code.first; line <= code.last; line++) placeOf.set(line, { kind: "stage", variable });
  }
  for (const { index, code } of lesson.steps) {
    for (let line = code.first; line <= code.last; line++) placeOf.set(line, { kind: "step", index });
  }
  return {
    placeOf,
    linesOf: (place) =>
      place.kind === "step"
        ? lesson.steps[place.index]?.code
        : lesson.stages.find(({ variable }) => variable === place.variable)?.code,
  };
}

export function samePlace(a: Place | undefined, b: Place | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.kind === "stage" ? b.kind === "stage" && a.variable === b.variable : b.kind === "step" && a.index === b.index;
}
