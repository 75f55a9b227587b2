// What stands before the first section: the point, the value there, the inputs.

import type { LessonInput } from "../types.ts";
import { DIGITS, figure, isTensor, valueText } from "./figures.ts";
import { chain, nameFormula } from "./formula.ts";
import { sizeProse } from "./measures.ts";
import { code, nameOfResult, type Teller } from "./teller.ts";
import type { Block, Phrase, Prose } from "./types.ts";

const MOST_INPUTS = 8;

export function summaryOf(teller: Teller): Block[] {
  const { lesson } = teller;
  const hasTensors = lesson.inputs.some(({ shape }) => shape !== "");
  return [...pointBlocks(teller), ...(hasTensors ? [inputsTable(teller)] : [])];
}

function pointBlocks({ lesson, numbers, options }: Teller): Block[] {
  if (numbers === undefined) return [];
  const scalars = lesson.inputs.filter(({ variable }) => typeof numbers.values[variable] === "number");
  const isSmall = scalars.length === lesson.inputs.length && scalars.length <= MOST_INPUTS && scalars.length > 0;
  const inputs = scalars.map((input, index): Phrase[] => [...(index === 0 ? [] : [", "]), inputFormula(input, numbers.values)]);
  const named = options.point === undefined ? [] : [`at ${options.point}`];
  const listed: Prose = isSmall ? [...(named.length > 0 ? [", "] : ["at "]), ...inputs.flat()] : [];
  const value = valueText(numbers.value);
  const result: Prose =
    value === undefined ? [] : [{ kind: "formula", formula: chain([nameFormula(nameOfResult(lesson)), value]) }];
  const rounding = ` Numbers are rounded to ${DIGITS} digits.`;
  const where: Prose = [...named, ...listed];
  if (where.length === 0)
    return [{ kind: "paragraph", prose: [...result, result.length === 0 ? rounding.trim() : `.${rounding}`] }];
  if (result.length === 0) return [{ kind: "paragraph", prose: ["Numbers are those ", ...where, `.${rounding}`] }];
  return [{ kind: "paragraph", prose: [...result, " ", ...where, `.${rounding}`] }];
}

function inputFormula({ variable }: LessonInput, values: Readonly<Record<string, unknown>>): Phrase {
  return { kind: "formula", formula: chain([nameFormula(variable), figure(values[variable] as number)]) }; // the caller chose numbers
}

/** Parameters of a network that are listed before anything is told of them; the last section has them all, with their gradients. */
const MOST_PARAMETERS = 8;

function inputsTable({ lesson, numbers }: Teller): Block {
  const parameters = lesson.inputs.filter(({ role }) => role === "parameter");
  const isLong = parameters.length > MOST_PARAMETERS;
  const shown = isLong ? lesson.inputs.filter(({ role }) => role !== "parameter") : lesson.inputs;
  const rows = shown.map(({ variable, shape, role }): Prose[] => {
    const measure = numbers?.values[variable];
    const value: Prose = isTensor(measure) ? sizeProse(measure) : typeof measure === "number" ? [figure(measure).text] : [];
    return [
      [code(variable)],
      [isClassIndex(lesson, variable) ? `${ROLES[role]}: class indices, counted from 0` : ROLES[role]],
      [shape === "" ? "a number" : shape],
      ...(numbers === undefined ? [] : [value]),
    ];
  });
  return {
    kind: "table",
    caption: isLong ? `Inputs; the ${parameters.length} parameters stand at the end, with their gradients` : "Inputs",
    head: ["input", "role", "shape", ...(numbers === undefined ? [] : ["at this point"])],
    rows,
  };
}

/** Data counts as arrays do; only axes and ranges in expressions count from 1. */
function isClassIndex({ stages }: Teller["lesson"], variable: string): boolean {
  return stages.some(({ op, operands }) => INDEXED.has(op) && operands[1] === variable);
}

const INDEXED: ReadonlySet<string> = new Set(["crossEntropy", "pick", "gather"]);

const ROLES: Readonly<Record<LessonInput["role"], string>> = {
  parameter: "parameter",
  data: "data",
  state: "running statistic",
};
