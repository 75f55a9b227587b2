// Single precision: the same text over Float32Array, compared with what the checked text over Float64Array answers.

import type { Tensor } from "../ops/tensor/define.ts";
import type { TensorVerifySpec } from "../verify/tensor-verification.ts";
import type { Verification } from "../verify/verification.ts";
import { pointsOf, tensorAnswers } from "./tensor-answers.ts";

export type Precision = "f64" | "f32";

/** Rounding to single precision and what a few thousand operations make of it. */
const TOLERANCE = 1e-3;

/** Generated text with arrays of single precision: the name of the arrays is all that differs. */
export function inPrecision(text: string, precision: Precision | undefined): string {
  return precision === "f32" ? text.replaceAll("Float64Array", "Float32Array") : text;
}

/**
 * The verdict on the double text, with a failure where the single one answers something else than rounding explains. Beside a kink rounding
 * may choose the other side: values must agree everywhere, derivatives somewhere.
 */
export function compareSingle(verification: Verification, double: TensorVerifySpec, single: TensorVerifySpec): Verification {
  const points = pointsOf(double).map((point) => {
    const expected = [...valuesAt(double, point), ...tensorAnswers(double.emitted, point, double)];
    const got = [...valuesAt(single, point), ...tensorAnswers(single.emitted, point, single)];
    return expected.map((row, index) => differenceOf(row, got[index]!));
  });
  const values = points.map((rows) => rows[0]).filter((difference) => difference !== undefined);
  const firsts = points.map((rows) => rows.find((difference) => difference !== undefined));
  const wrong = values[0] ?? (firsts.every((difference) => difference !== undefined) ? firsts[0] : undefined);
  if (wrong !== undefined)
    return { ...verification, status: "failed", failures: [...verification.failures, { what: "value", point: {}, ...wrong }] };
  return {
    ...verification,
    notes: [...verification.notes, "checked in double precision; the single precision differs by rounding"],
  };
}

function valuesAt({ emitted }: TensorVerifySpec, point: readonly Tensor[]): number[][] {
  return emitted.value!(point).map(({ data }) => Array.from(data));
}

/** The first element that rounding does not explain. */
function differenceOf(expected: readonly number[], got: readonly number[]): { expected: number; got: number } | undefined {
  const size = Math.max(...expected.map(Math.abs), 1e-6);
  const at = expected.findIndex((value, i) => Number.isFinite(value) && !(Math.abs(value - got[i]!) <= TOLERANCE * size));
  return at === -1 ? undefined : { expected: expected[at]!, got: got[at]! };
}
