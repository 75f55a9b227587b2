// Numbers and measures as a reader wants them: four digits, a real minus sign, elements of small tensors in nested brackets.

import type { Measure, TensorMeasure } from "../types.ts";
import type { Formula } from "./types.ts";

/** Significant digits shown; what the text says about rounding follows it. */
export const DIGITS = 4;

/** Elements of a tensor that are printed one by one. */
const MOST_ELEMENTS = 12;

/** Whole numbers up to a million are shown as they are. */
export function figure(value: number): Formula {
  if (Number.isNaN(value)) return { text: "NaN", latex: "\\mathrm{NaN}" };
  const sign = value < 0 ? { text: "−", latex: "-" } : { text: "", latex: "" };
  const size = Math.abs(value);
  if (size === Infinity) return { text: `${sign.text}∞`, latex: `${sign.latex}\\infty` };
  if (Number.isInteger(size) && size < 1e6) return { text: `${sign.text}${size}`, latex: `${sign.latex}${size}` };
  if (size >= 1e-4 && size < 1e6) {
    const digits = String(Number(size.toPrecision(DIGITS)));
    return { text: sign.text + digits, latex: sign.latex + digits };
  }
  const [mantissa, exponent] = size.toExponential(DIGITS - 1).split("e") as [string, string];
  const shown = String(Number(mantissa));
  const power = String(Number(exponent)).replace("-", "−");
  return { text: `${sign.text}${shown}e${power}`, latex: `${sign.latex}${shown} \\cdot 10^{${Number(exponent)}}` };
}

/** Whether a figure can stand next to any operator without parentheses. */
export function isPlain({ text }: Formula): boolean {
  return /^[\d.]+$/.test(text) || text === "∞" || text === "NaN";
}

export function isTensor(measure: Measure | undefined): measure is TensorMeasure {
  return typeof measure === "object";
}

/** A number, a truth value, or `[[1, 2], [3, 4]]` of a small tensor; undefined of a large one. */
export function valueText(measure: Measure): Formula | undefined {
  if (typeof measure === "number") return figure(measure);
  if (typeof measure === "boolean") return { text: String(measure), latex: `\\mathrm{${measure}}` };
  const { shape, elements } = measure;
  const size = shape.reduce((product, length) => product * length, 1);
  if (size > MOST_ELEMENTS || elements.length < size) return undefined;
  return nested(elements.map(figure), shape);
}

function nested(elements: readonly Formula[], shape: readonly number[]): Formula {
  const [length, ...rest] = shape;
  if (length === undefined) return elements[0]!; // a tensor without axes has one element
  const step = elements.length / Math.max(length, 1);
  const parts = Array.from({ length }, (_, at) => nested(elements.slice(at * step, (at + 1) * step), rest));
  const join = (of: keyof Formula): string => parts.map((part) => part[of]).join(", ");
  return { text: `[${join("text")}]`, latex: `\\left[${join("latex")}\\right]` };
}

/** `[4, 3]`; empty for a number. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "" : `[${shape.join(", ")}]`;
}
