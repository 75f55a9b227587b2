// Runs generated code: the emitted text less its types, as a function of nothing that returns its exports. Interpreted where the page's
// security policy, or the engine, forbids to run text.

import { interpretModule } from "../interpreter/module.ts";
import type { Compilation, CompiledFunction } from "./types.ts";

export type Exports = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** The exports of a compilation's code, running. Throws when the compilation failed. */
export function load(compilation: Pick<Compilation, "ok" | "diagnostics" | "javascript" | "functions">): Exports {
  if (!compilation.ok) {
    const first = compilation.diagnostics.find(({ severity }) => severity === "error");
    throw new Error(`cannot load code that did not compile: ${first?.code} ${first?.message}`);
  }
  return runModule(
    compilation.javascript,
    compilation.functions.flatMap((fn) => Object.values(fn.exports)),
  );
}

/** Evaluates JavaScript that declares `names` and hands them out. */
export function runModule(javascript: string, names: readonly string[]): Exports {
  const unique = [...new Set(names)];
  if (refusals.has(globalThis)) return interpretModule(javascript, unique);
  try {
    return runText(javascript, unique);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    refusals.add(globalThis);
    return interpretModule(javascript, unique);
  }
}

/** Where text was refused once: a page's policy never grows weaker, and each attempt would be reported as a violation of it. */
const refusals = new WeakSet<object>();

function runText(javascript: string, names: readonly string[]): Exports {
  // Made from checked names and numbers only; this is how the very text that is handed over gets executed.
  const make = new Function(`"use strict";\n${javascript}\nreturn { ${names.join(", ")} };`) as () => Exports;
  return make();
}

/** Whether the error says that no text may be run, whatever the text. */
function isForbidden(error: unknown): boolean {
  if (error instanceof EvalError) return true;
  try {
    return new Function("return 1")() !== 1;
  } catch {
    return true;
  }
}

/** A generated function's results in one form, whatever its style: arrays of numbers. */
export interface Caller {
  value(point: readonly number[]): number[];
  /** Everything the mode's function returns: the value, then one array per kind of derivative, row by row. */
  derivative(point: readonly number[], direction?: readonly number[]): { value: number[]; gradient: number[]; rest: number[] };
  /** The two passes apart, where the style has them. */
  backward: ((point: readonly number[], seed: number) => number[]) | undefined;
}

type Call = (...args: unknown[]) => unknown;

/** Calls the exports of `fn` by position or packed, and reads objects and arrays alike. */
export function callerFor(fn: CompiledFunction, exports: Exports): Caller {
  const value = exports[fn.exports["value"]!] as unknown as Call; // exports are untyped text until here
  const derivative = exports[fn.exports["derivative"]!] as unknown as Call;
  const args = (point: readonly number[]): unknown[] => (fn.result.packed ? [point] : [...point]);
  const read = (result: unknown): { value: number[]; gradient: number[]; rest: number[] } =>
    fn.result.layout === "array" ? readArray(fn, result as Float64Array) : readObject(fn, result as Record<string, unknown>);
  const forward = fn.exports["forward"] === undefined ? undefined : (exports[fn.exports["forward"]] as unknown as Call);
  const backward = fn.exports["backward"] === undefined ? undefined : (exports[fn.exports["backward"]] as unknown as Call);
  return {
    value: (point) => toNumbers(value(...args(point))),
    derivative: (point, direction) => read(derivative(...args(point), ...(direction === undefined ? [] : args(direction)))),
    backward:
      forward && backward
        ? (point, seed) => gradientOf(fn, backward(forward(...args(point)), seed) as Record<string, unknown>)
        : undefined,
  };
}

function readArray(fn: CompiledFunction, out: Float64Array): { value: number[]; gradient: number[]; rest: number[] } {
  const all = Array.from(out);
  const { outputs } = fn.result;
  const gradients = Object.keys(fn.result.gradients).length;
  return {
    value: all.slice(0, outputs),
    gradient: all.slice(outputs, outputs + gradients),
    rest: all.slice(outputs + gradients),
  };
}

function readObject(
  fn: CompiledFunction,
  result: Record<string, unknown>,
): { value: number[]; gradient: number[]; rest: number[] } {
  const known = new Set([fn.result.value, ...Object.values(fn.result.gradients), "gradient"]);
  const rest = Object.entries(result).flatMap(([name, value]) => (known.has(name) ? [] : toNumbers(value)));
  return { value: toNumbers(result[fn.result.value]), gradient: gradientOf(fn, result), rest };
}

function gradientOf(fn: CompiledFunction, result: Record<string, unknown>): number[] {
  if (fn.result.packed && "gradient" in result) return toNumbers(result["gradient"]);
  return Object.values(fn.result.gradients).map((name) => result[name] as number);
}

/** Numbers, rows of numbers, in order. */
function toNumbers(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return Array.from(value as Iterable<unknown>).flatMap(toNumbers);
}
