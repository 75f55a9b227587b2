// Every stage's value and gradient at a point, through the emitted code: its derivative function, made to return its variables.

import type { TraceMark } from "../emit/typescript/writer.ts";
import { callerFor, runModule } from "./load.ts";
import type { Compilation } from "./types.ts";

export interface StageValue {
  readonly name: string;
  readonly value: number | boolean;
  /** The adjoint of this stage; undefined where the code has no variable for it. */
  readonly gradient: number | undefined;
}

export interface Evaluation {
  readonly function: string;
  /** A vector-valued source has several. */
  readonly values: readonly number[];
  readonly value: number;
  readonly gradient: Readonly<Record<string, number>>;
  readonly stages: readonly StageValue[];
}

/**
 * The function at a point given by input name: its value, gradient and stages. `index` picks the function, default the last.
 * Throws a RangeError when an input is missing.
 */
export function evaluateAt(
  compilation: Compilation,
  point: Readonly<Record<string, number>>,
  index = compilation.functions.length - 1,
): Evaluation {
  const fn = compilation.functions[index];
  if (fn === undefined) throw new RangeError("nothing was compiled");
  const missing = fn.inputs.filter((input) => !Object.hasOwn(point, input.name)).map((input) => input.name);
  if (missing.length > 0) throw new RangeError(`no value for ${missing.join(", ")}`);
  const values = fn.inputs.map((input) => point[input.name]!);
  const exports = runModule(compilation.javascript, Object.values(fn.exports));
  const directed = fn.exports["jvp"] !== undefined || fn.exports["hvp"] !== undefined;
  const result = callerFor(fn, exports).derivative(values, directed ? fn.wrt.map(() => 1) : undefined);
  return {
    function: fn.name,
    values: result.value,
    value: result.value[0]!,
    gradient: Object.fromEntries(fn.wrt.map((name, at) => [name, result.gradient[at] ?? NaN])),
    stages: stageValues(compilation, compilation.traces[index], fn.result.packed ? [values] : values),
  };
}

function stageValues(compilation: Compilation, trace: TraceMark | undefined, args: readonly unknown[]): StageValue[] {
  if (trace === undefined) return [];
  const names = trace.stages.flatMap(({ variable, adjoint }) => (adjoint === undefined ? [variable] : [variable, adjoint]));
  const answer = compilation.tracked.find((line) => line.kind === "answer" && line.in === trace.name)!; // where there is a mark
  const { javascript } = compilation;
  const text = `${javascript.slice(0, answer.start)}  return { ${[...new Set(names)].join(", ")} };\n${javascript.slice(answer.end)}`;
  const run = runModule(text, [trace.name])[trace.name] as (...args: unknown[]) => Record<string, number | boolean>;
  const variables = run(...args);
  return trace.stages.map(({ name, variable, adjoint }) => ({
    name,
    value: variables[variable]!,
    gradient: adjoint === undefined ? undefined : (variables[adjoint] as number),
  }));
}
