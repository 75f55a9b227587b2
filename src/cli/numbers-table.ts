// The values and gradients of a function over tensors, as a table.

import type { Lesson, Measure, Numbers } from "../lesson/types.ts";
import { shortNumber, table } from "./table.ts";

/** The result, then inputs and stages, each with its gradient: elements where they are few, else the norm. */
export function numbersLines(lesson: Lesson, { value, values, gradients }: Numbers): string[] {
  const variables = [...lesson.inputs, ...lesson.stages].map(({ variable }) => variable);
  const rows = variables.map((variable) => [
    variable,
    shapeText(values[variable]),
    measureText(values[variable]),
    measureText(gradients[variable]),
  ]);
  const head = `${lesson.name}: ${measureText(value)}`;
  return [head, ...table(["", "shape", "value", "gradient"], rows).map((line) => `  ${line}`)];
}

function shapeText(measure: Measure | undefined): string {
  return typeof measure === "object" ? `[${measure.shape.join(", ")}]` : "";
}

const MOST_ELEMENTS = 8;

function measureText(measure: Measure | undefined): string {
  if (measure === undefined) return "";
  if (typeof measure === "boolean") return String(measure);
  if (typeof measure === "number") return shortNumber(measure);
  const { shape, elements, norm } = measure;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > MOST_ELEMENTS) return `norm ${shortest(norm)}`;
  const width = shape.at(-1)!;
  const rows = Array.from({ length: count / width }, (_, row) => elements.slice(row * width, (row + 1) * width));
  return `[${rows.map((row) => row.map(shortest).join(" ")).join("; ")}]`;
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(5)));
}
