// What a run says to people besides the code: the summary line, tables of values, the verification report.

import { oneDigit } from "../core/number.ts";
import type { Evaluation, StageValue } from "../compiler/trace.ts";
import type { Compilation, CompiledFunction } from "../compiler/types.ts";
import { createLocator } from "../diagnostics/locate.ts";
import type { Verification } from "../verify/verification.ts";
import { shortNumber, table } from "./table.ts";

/** A line per function: what was checked, what it costs. */
export function summaryLines({ functions }: Compilation): string[] {
  return functions.map((fn) => `${fn.exports["derivative"]}: ${checked(fn.verification)}, ${cost(fn)}`);
}

function checked(verification: Verification): string {
  const { status, points, maxRelativeError, kinks } = verification;
  if (status === "skipped") return "nothing to check";
  const sides = kinks.length > 0 ? ` and at ${count(kinks.length, "kind")} of kinks` : "";
  return `checked at ${count(points, "point")}${sides} (relative error ${errorText(maxRelativeError)})`;
}

function cost({ opCount }: CompiledFunction): string {
  return `${opCount.forward} + ${opCount.backward} operations (${opCount.ratio.toFixed(1)} x forward)`;
}

/** `1 point`, `2 points`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function errorText(error: number): string {
  return Number.isFinite(error) ? `below ${oneDigit(Math.max(error, 1e-10))}` : String(error);
}

/** The function at one point: inputs, stages, results, each with its gradient. */
export function evaluationLines(evaluation: Evaluation, inputs: Readonly<Record<string, number>>): string[] {
  const { function: name, values, gradient, stages } = evaluation;
  const gradientOf = (input: string): string => (Object.hasOwn(gradient, input) ? shortNumber(gradient[input]!) : "");
  const inputRows = Object.entries(inputs).map(([input, value]) => [input, shortNumber(value), gradientOf(input)]);
  const stageRows = stages.filter((stage) => !Object.hasOwn(inputs, stage.name)).map(stageRow);
  const result = values.length === 1 ? shortNumber(values[0]!) : `[${values.map(shortNumber).join(", ")}]`;
  const point = Object.entries(inputs).map(([input, value]) => `${input} = ${shortNumber(value)}`);
  const head = `${name} at ${point.length <= 12 ? point.join(", ") : `${point.slice(0, 12).join(", ")}, ...`}: ${result}`;
  return [head, ...table(["", "value", "gradient"], [...inputRows, ...stageRows], [1, 2]).map((line) => `  ${line}`)];
}

function stageRow({ name, value, gradient }: StageValue): string[] {
  return [
    name,
    typeof value === "boolean" ? String(value) : shortNumber(value),
    gradient === undefined ? "" : shortNumber(gradient),
  ];
}

/** Everything the check found out about one function. */
export function verificationLines(fn: CompiledFunction, text: string): string[] {
  const { verification } = fn;
  const { status, points, maxRelativeError, coordinatesChecked, coordinatesTotal, directions } = verification;
  const scope = `${coordinatesChecked} of ${count(coordinatesTotal, "input")} one by one${directions > 0 ? `, ${count(directions, "random direction")}` : ""}`;
  const perInput = verification.perInput.map((input) => [
    input.name,
    input.checkedAt === 0 ? "" : input.maxRelativeError.toExponential(1),
    count(input.checkedAt, "point"),
  ]);
  return [
    `${fn.exports["derivative"]}: ${status}`,
    ...(status === "skipped"
      ? []
      : [`  ${count(points, "point")}; ${scope}; largest relative error ${maxRelativeError.toExponential(1)}`]),
    ...indented(perInput.length === 0 ? [] : table(["input", "error", "checked at"], perInput, [1])),
    ...indented(kinkLines(verification, text)),
    ...indented(failureLines(verification)),
    ...indented(verification.notes.map((note) => `note: ${note}`)),
  ];
}

const SIDES = {
  both: "seen from both sides",
  below: "seen from below only",
  above: "seen from above only",
  none: "not met",
} as const;

function kinkLines({ kinks }: Verification, text: string): string[] {
  const locate = createLocator(text);
  const rows = kinks.map((kink) => {
    const at = kink.span && locate(kink.span.start);
    return [kink.op, `x ${kink.count}`, SIDES[kink.sides], at === undefined ? "" : `${at.line}:${at.column}`];
  });
  return rows.length === 0 ? [] : table(["kink", "", "", "first at"], rows);
}

function failureLines({ failures }: Verification): string[] {
  return failures.map(({ what, input, point, expected, got }) => {
    const place = Object.entries(point)
      .slice(0, 8)
      .map(([name, value]) => `${name} = ${shortNumber(value)}`);
    return `failed: ${what}${input === undefined ? "" : ` by ${input}`}: expected ${shortNumber(expected)}, got ${shortNumber(got)} at ${place.join(", ")}`;
  });
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
