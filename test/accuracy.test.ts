// Values and gradients of emitted code against 50-digit truth (golden/accuracy.py makes it), in all three styles: a few units in the last
// place, and finite and right at the extremes.

import { expect, test } from "vitest";
import { compile, load } from "../src/compiler.ts";
import { callerFor } from "../src/compiler/load.ts";
import golden from "./golden/accuracy.json" with { type: "json" };

interface Row {
  readonly source: string;
  readonly inputs: readonly string[];
  /** Units in the last place that value and gradients may be off. */
  readonly bound: number;
  /** Absolute errors of gradients and of the value allowed beside, for the reason `why`. */
  readonly absolute?: number;
  readonly of_value?: number;
  readonly why?: string;
  readonly points: readonly {
    readonly at: readonly number[];
    readonly value: string;
    readonly gradient: readonly (string | null)[];
  }[];
}

const rows: readonly Row[] = golden.rows;

/** Below this a double has fewer digits; whatever is smaller may come out as 0. */
const SMALLEST_NORMAL = 2 ** -1022;

test.each(["staged", "tidy", "fast"] as const)("%s", (style) => {
  const problems = rows.flatMap((row) => problemsOf(row, style));
  expect(problems).toEqual([]);
});

function problemsOf(row: Row, style: "staged" | "tidy" | "fast"): string[] {
  const compilation = compile(`f(${row.inputs.join(", ")}) = ${row.source}`, { style });
  if (!compilation.ok) return [`${row.source}: ${JSON.stringify(compilation.diagnostics)}`];
  const caller = callerFor(compilation.functions[0]!, load(compilation));
  return row.points.flatMap(({ at, value, gradient }) => {
    const result = caller.derivative(at);
    const where = `${row.source} at ${at.join(", ")}`;
    return [
      ...problem(`value of ${where}`, caller.value(at)[0]!, value, row.bound, row.of_value),
      ...problem(`value beside the gradient of ${where}`, result.value[0]!, value, row.bound, row.of_value),
      ...row.inputs.flatMap((name, index) =>
        problem(`d${name} of ${where}`, result.gradient[index]!, gradient[index]!, row.bound, row.absolute),
      ),
    ];
  });
}

function problem(what: string, got: number, truth: string | null, bound: number, absolute = 0): string[] {
  if (truth === null) return [];
  const expected = Number(truth);
  if (Object.is(got, expected) || (got === 0 && expected === 0)) return [];
  const error = Math.abs(got - expected);
  if (Number.isFinite(expected) && error <= Math.max(bound * unitInLastPlace(expected), absolute, SMALLEST_NORMAL)) return [];
  return [
    `${what}: ${got} instead of ${truth}, ${(error / unitInLastPlace(expected)).toPrecision(3)} units in the last place off`,
  ];
}

function unitInLastPlace(value: number): number {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(value))));
  return 2 ** Math.max(-1074, exponent - 52);
}

test.each([
  [1 + 2 ** -52, "1", 1],
  [0.5 - 2 ** -54, "0.5", 0.5],
  [NaN, "1", Infinity],
  [Infinity, "1", Infinity],
  [1, "Infinity", Infinity],
  [1e-308, "0", 0],
  [1e-300, "0", Infinity],
])("the measure itself: %d is %s to %d units in the last place", (got, truth, units) => {
  for (const bound of [0, 0.5, 1, 8]) expect(problem("", got, truth, bound).length === 0).toBe(bound >= units);
});
