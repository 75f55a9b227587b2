// What a text says of a tensor: its shape and norm, and its elements where they are few.

import type { TensorMeasure } from "../types.ts";
import { figure, shapeText, valueText } from "./figures.ts";
import type { Phrase, Prose } from "./types.ts";

/** "[2, 2], norm 1.5: [[1, 0], [0, 1.118]]" */
export function measureProse(measure: TensorMeasure): Prose {
  const shape = shapeText(measure.shape);
  return [...(shape === "" ? [] : [`${shape}, `]), ...sizeProse(measure)];
}

/** "norm 1.5: [[1, 0], [0, 1.118]]" */
export function sizeProse(measure: TensorMeasure): Prose {
  const elements = valueText(measure)?.text;
  const shown: Phrase[] = elements === undefined ? [] : [": ", { kind: "code", text: elements }]; // code can break between lines
  return ["norm ", { kind: "formula", formula: figure(measure.norm) }, ...shown];
}
