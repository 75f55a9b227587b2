// Going through a lesson one stage at a time: positions count the stages, then the backward steps.

import type { Lesson } from "../../lesson/types.ts";
import type { Place, Playground, Position } from "./playground.ts";

export type Move = "first" | "previous" | "next" | "last" | "all";

/** Position 0 is before anything has happened; the last one is after the last backward step. */
export function moveStep({ choices: { position }, length, pointed }: Playground, move: Move): void {
  const last = length.value;
  const at = position.value;
  pointed.value = undefined;
  position.value = moved(move, at === "all" ? undefined : Math.min(at, last), last);
}

/** From everything at once `next` starts at the beginning, and `previous` at the end. */
function moved(move: Move, at: number | undefined, last: number): Position {
  switch (move) {
    case "first":
      return 0;
    case "last":
      return last;
    case "all":
      return "all";
    case "next":
      return at === undefined ? Math.min(1, last) : Math.min(at + 1, last);
    case "previous":
      return at === undefined ? last : Math.max(at - 1, 0);
  }
}

/** The keys that step, the same everywhere. */
export const KEYS: ReadonlyMap<string, Move> = new Map([
  ["ArrowRight", "next"],
  ["ArrowDown", "next"],
  ["j", "next"],
  ["ArrowLeft", "previous"],
  ["ArrowUp", "previous"],
  ["k", "previous"],
  ["Home", "first"],
  ["End", "last"],
  ["Escape", "all"],
]);

/** Whether the stage or step has been come to. */
export function isReached(lesson: Lesson, place: Place, position: Position): boolean {
  if (position === "all") return true;
  if (place.kind === "step") return lesson.stages.length + place.index < position;
  const stage = lesson.stages.findIndex(({ variable }) => variable === place.variable);
  return stage < position; // inputs, which are no stages, are there from the start
}
