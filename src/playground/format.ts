// How measures are shown to people: numbers as on the circuit's wires, tensors by shape and norm.

import { numberText } from "../lesson/circuit/number-text.ts";
import type { Measure } from "../lesson/types.ts";

export { numberText as shortNumber } from "../lesson/circuit/number-text.ts";

/** `−0.526`, `true`, `[3, 4] ‖1.23‖`. */
export function shortMeasure(measure: Measure): string {
  if (typeof measure === "number") return numberText(measure);
  if (typeof measure === "boolean") return String(measure);
  return `[${measure.shape.join(", ")}] ‖${numberText(measure.norm)}‖`;
}

/** All elements where they are few. */
export function longMeasure(measure: Measure): string {
  if (typeof measure !== "object") return shortMeasure(measure);
  const { shape, elements, norm, mean, min, max } = measure;
  const count = shape.reduce((product, size) => product * size, 1);
  const shown = `${elements.map(numberText).join(", ")}${elements.length === count ? "" : ", …"}`;
  return `${shown} (norm ${numberText(norm)}, mean ${numberText(mean)}, from ${numberText(min)} to ${numberText(max)})`;
}
