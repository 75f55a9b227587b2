// What is written above and below a wire: shape and value above, the gradient that flows back below.

import type { Lesson, Measure, Numbers } from "../types.ts";
import { momentOfStage, type BackFlow } from "./back-flow.ts";
import { numberText } from "./number-text.ts";

/** One line of text at a wire. */
export interface LabelText {
  readonly role: "shape" | "value" | "gradient";
  readonly text: string;
  /** From when on it is known; see `momentOfStage`. */
  readonly moment: number;
  /** Stage that computes the value; undefined for an input's, and for gradients. */
  readonly stage: number | undefined;
  /** Backward steps that make the gradient. */
  readonly steps: readonly number[];
}

export interface WireLabel {
  readonly above: readonly LabelText[];
  readonly below: readonly LabelText[];
}

export const NO_LABEL: WireLabel = { above: [], below: [] };

export interface Labels {
  /** Of a wire with this variable on it. Without numbers it carries names. */
  readonly labelOf: (variable: string, flow: BackFlow | undefined) => WireLabel;
}

export function labelsOf(lesson: Lesson, numbers: Numbers | undefined): Labels {
  const positions = new Map(lesson.stages.map(({ variable }, position) => [variable, position]));
  const shapes = new Map([...lesson.inputs, ...lesson.stages].map(({ variable, shape }) => [variable, shape]));

  const valueTexts = (variable: string): LabelText[] => {
    const position = positions.get(variable);
    const common = {
      moment: momentOfStage(position),
      stage: position === undefined ? undefined : lesson.stages[position]!.number,
      steps: [],
    };
    const value = numbers?.values[variable];
    const shape = typeof value === "object" ? shapeText(value.shape) : (shapes.get(variable) ?? "");
    const text = numbers === undefined ? variable : value === undefined ? "" : measureText(value);
    return [
      { ...common, role: "shape" as const, text: shape },
      { ...common, role: "value" as const, text },
    ].filter((line) => line.text !== "");
  };
  const gradientTexts = ({ measure, name, moment, steps }: BackFlow): LabelText[] => {
    const text = numbers === undefined ? name : measure === undefined ? undefined : measureText(measure);
    return text === undefined ? [] : [{ role: "gradient", text, moment, stage: undefined, steps }];
  };
  return { labelOf: (variable, flow) => ({ above: valueTexts(variable), below: flow === undefined ? [] : gradientTexts(flow) }) };
}

/** `−0.526`, `true`, `‖·‖ 1.23`. */
export function measureText(measure: Measure): string {
  if (typeof measure === "number") return numberText(measure);
  return typeof measure === "boolean" ? String(measure) : `‖·‖ ${numberText(measure.norm)}`;
}

function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "" : `[${shape.join(", ")}]`;
}
