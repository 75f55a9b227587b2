// One module run by the engine and interpreted: for tests that compare what both answer, to the last bit.

import { runModule } from "../../src/compiler/load.ts";
import type { Compilation, CompiledFunction } from "../../src/compiler/types.ts";
import { interpretModule } from "../../src/interpreter/module.ts";
import { dimSymbols, evaluateDim, sizeOfShape } from "../../src/ir/dims.ts";
import { bits } from "../inline/cases.ts";

export type Call = (...args: unknown[]) => unknown;

export interface Both {
  readonly run: Readonly<Record<string, Call>>;
  readonly interpreted: Readonly<Record<string, Call>>;
}

/** The exports of all functions, both ways. */
export function bothWays({ javascript, functions }: Pick<Compilation, "javascript" | "functions">): Both {
  const names = functions.flatMap((fn) => Object.values(fn.exports));
  return {
    run: runModule(javascript, names) as unknown as Both["run"],
    interpreted: interpretModule(javascript, names) as Both["interpreted"],
  };
}

/** What a call answers or throws. */
export function outcome(call: Call, args: readonly unknown[]): unknown {
  try {
    return bits(call(...args));
  } catch (error) {
    return String(error);
  }
}

/** Numbers without a pattern in [-1, 1), the same for the same start. */
export function numbersFrom(start: number): () => number {
  let state = start;
  return () => (state = (state * 16807) % 2147483647) / 1073741823.5 - 1;
}

export type Argument = (shape: CompiledFunction["inputs"][number]) => unknown;

/** Makes arguments: numbers and arrays by the shapes of the inputs, where every named size is 2 or more. What counts is 0 or 1. */
export function argumentMaker(
  fn: CompiledFunction,
  start: number,
  reals: (length: number, next: () => number) => unknown,
): Argument {
  const next = numbersFrom(start);
  const sizes = sizesOf(fn);
  return ({ shape, dtype }) => {
    const length = evaluateDim(sizeOfShape(shape), sizes);
    if (dtype !== "real") return shape.length === 0 ? 1 : Int32Array.from({ length }, (_, index) => index % 2);
    return shape.length === 0 ? next() * 3 : reals(length, next);
  };
}

export function sizesOf(fn: CompiledFunction): Map<string, number> {
  return new Map(fn.inputs.flatMap(({ shape }) => shape.flatMap(dimSymbols)).map((name, index) => [name, 2 + (index % 2)]));
}

export const doubles = (length: number, next: () => number): Float64Array => Float64Array.from({ length }, next);
export const singles = (length: number, next: () => number): Float32Array => Float32Array.from({ length }, next);
