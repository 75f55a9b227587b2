// Where stages and backward steps stand in the text of a compilation, and how they read there.

import type { Derivation } from "../compiler/derivation.ts";
import type { Compilation, TrackedLines } from "../compiler/types.ts";
import type { LessonCode } from "./types.ts";

/** A statement in the code. */
export interface Place {
  readonly text: string;
  readonly comment: string;
  readonly first: number;
  readonly last: number;
  /** Where the statement begins in `javascript`. */
  readonly start: number;
}

export interface CodeIndex {
  /** By stage number; lines that help a stage come before its own. */
  readonly stages: ReadonlyMap<number, readonly Place[]>;
  /** By index of the step. */
  readonly steps: ReadonlyMap<number, readonly Place[]>;
}

/** The lines of the functions that a derivation is told from. */
export function indexCode(compilation: Compilation, { forward, backward }: Derivation): CodeIndex {
  const lines = compilation.code.split("\n");
  const stages = new Map<number, Place[]>();
  const steps = new Map<number, Place[]>();
  for (const line of compilation.tracked) {
    if (line.kind === "answer" || line.in !== (line.kind === "stage" ? forward : backward)) continue;
    const places = line.kind === "stage" ? stages : steps;
    places.set(line.index, [...(places.get(line.index) ?? []), placeOf(line, lines)]);
  }
  return { stages, steps };
}

function placeOf(line: Exclude<TrackedLines, { kind: "answer" }>, lines: readonly string[]): Place {
  const { first, last, start } = line;
  const statement = lines.slice(first, last + 1).map((each) => each.slice(2));
  const text = statement.join("\n");
  const at = text.lastIndexOf(" // ");
  return {
    text: (at === -1 ? text : text.slice(0, at)).replace(/ \/\/$/, ""),
    comment: at === -1 ? "" : text.slice(at + 4),
    first,
    last,
    start,
  };
}

/** Several lines that stand together as one. */
export function codeOf(places: readonly Place[]): LessonCode {
  return {
    text: places.map(({ text }) => text).join("\n"),
    first: places[0]?.first ?? 0,
    last: places.at(-1)?.last ?? 0,
  };
}
