// The gradient, and what it says: by how much the result changes as each input does.

import { unreachable } from "../../core/unreachable.ts";
import type { Lesson, Measure } from "../types.ts";
import { figure, isTensor } from "./figures.ts";
import { partialFormula } from "./formula.ts";
import { code, nameOfResult, type Teller } from "./teller.ts";
import { STEP, type Block, type Neighbourhood, type Phrase, type Prose, type Section } from "./types.ts";

const MOST_ROWS = 40;

type Result = Lesson["results"][number];

export function resultSection(teller: Teller): Section {
  const { lesson, numbers } = teller;
  const results = lesson.results.slice(0, MOST_ROWS);
  if (results.length === 0) return { id: "result", title: "The gradient", blocks: [] };
  const rest = lesson.results.length - results.length;
  const note: Block[] = rest > 0 ? [{ kind: "paragraph", prose: [`${rest} more inputs are left out.`] }] : [];
  const hasTensors = lesson.results.some(({ input }) => teller.shapeOf(input) !== "");
  const table = hasTensors ? tensorTable(teller, results) : scalarTable(teller, results);
  const meaning = numbers === undefined ? [] : [hasTensors ? tensorMeaning(teller) : scalarMeaning(teller)];
  return { id: "result", title: "The gradient", blocks: [table, ...note, ...meaning] };
}

function scalarTable({ lesson, numbers, options }: Teller, results: readonly Result[]): Block {
  const changes = isFinitePoint(numbers) ? options.surroundings?.changes : undefined;
  const cell = (value: number): Prose => [{ kind: "formula", formula: figure(value) }];
  const rows = results.map(({ input, gradient }): Prose[] => {
    const formula = partialFormula(nameOfResult(lesson), input);
    const cells: Prose[] = [
      [{ kind: "formula", formula }],
      gradient === undefined
        ? ["0: nothing flows there"]
        : gradient === lesson.seed
          ? [code(`${gradient} = 1`)]
          : [code(gradient)],
    ];
    if (numbers === undefined) return cells;
    const value = gradientNumber(numbers.gradients[input]);
    const change = changes?.[input]?.change;
    return [
      ...cells,
      cell(value),
      ...(changes === undefined ? [] : [cell(value * STEP), change === undefined ? [] : cell(Number(change.toPrecision(8)))]),
    ];
  });
  const compared = [`${STEP} times it`, `change of ${nameOfResult(lesson)} when the input really grows by ${STEP}`];
  const head = [
    "gradient",
    "in the code",
    ...(numbers === undefined ? [] : ["value"]),
    ...(changes === undefined ? [] : compared),
  ];
  return { kind: "table", caption: `The gradient of ${nameOfResult(lesson)}`, head, rows };
}

/** The value and all gradients are finite numbers. */
function isFinitePoint(numbers: Teller["numbers"]): boolean {
  return numbers !== undefined && typeof numbers.value === "number" && Number.isFinite(numbers.value);
}

/** Nothing flows to an input that the result does not depend on. */
function gradientNumber(measure: Measure | undefined): number {
  return typeof measure === "number" ? measure : 0;
}

function scalarMeaning(teller: Teller): Block {
  return { kind: "paragraph", prose: scalarMeaningProse(teller) };
}

function scalarMeaningProse(teller: Teller): Prose {
  const { lesson, numbers, options } = teller;
  const output = code(nameOfResult(lesson));
  if (!isFinitePoint(numbers)) return undefinedProse(teller);
  const sizes = lesson.results.map(({ input }) => ({ input, size: Math.abs(gradientNumber(numbers!.gradients[input])) }));
  const rough = roughProse(teller);
  if (rough.length > 0) return rough;
  const largest = sizes.reduce((size, each) => Math.max(size, each.size), 0);
  if (largest === 0)
    return options.surroundings === undefined
      ? ["All are 0: to first order no small step changes ", output, ", unless the point is on a kink or jump."]
      : ["All are 0: to first order, no small step changes ", output, "."];
  const strongest = sizes.filter(({ size }) => size === largest);
  const most: Prose =
    strongest.length > 1 || sizes.length === 1 ? [] : [" Here ", code(strongest[0]!.input), " moves ", output, " most."];
  return [
    "The sign says in which direction ",
    output,
    " moves, the size how strongly; it holds for small steps, the smaller the better.",
    ...most,
  ];
}

/** Nothing is said of small steps where the value is no finite number. */
function undefinedProse({ lesson, numbers }: Teller): Prose {
  const output = code(nameOfResult(lesson));
  const value = numbers!.value;
  const reason =
    typeof value === "number" && Number.isNaN(value)
      ? " is not defined at this point: its value is NaN."
      : " is infinite at this point: it is not defined there, or too large for the code.";
  return [output, reason, " Neither is its derivative defined there; what the table shows is only what the code computes."];
}

const MOST_ROUGH = 6;

/** Inputs along which there is no derivative at this point, or where the code gives another number. */
function roughProse({ lesson, numbers, options }: Teller): Prose {
  const sentences = lesson.results.flatMap(({ input }): Prose[] => {
    const gradient = gradientNumber(numbers!.gradients[input]);
    const around = options.surroundings?.changes[input];
    if (!Number.isFinite(gradient))
      return [["By ", code(input), " the derivative does not exist at this point: it is not a finite number. "]];
    return around === undefined || around.verdict === "smooth" ? [] : [neighbourProse(lesson, input, around, gradient)];
  });
  if (sentences.length === 0) return [];
  const shown = sentences.slice(0, MOST_ROUGH).flat();
  const rest = sentences.length - MOST_ROUGH;
  return [
    ...shown,
    ...(rest > 0 ? [`The same holds for ${rest} more inputs. `] : []),
    "There the code's number is a convention, and no first-order estimate of a step.",
  ];
}

function neighbourProse(lesson: Lesson, input: string, { right, left, verdict }: Neighbourhood, gradient: number): Prose {
  const output = code(nameOfResult(lesson));
  const number = (value: number): Phrase => ({ kind: "formula", formula: figure(Number(value.toPrecision(4))) });
  const slopes: Prose = [
    "upwards ",
    output,
    " changes by ",
    number(right),
    " per unit of ",
    code(input),
    ", downwards by ",
    number(left),
  ];
  const given: Prose = ["the code gives ", number(gradient)];
  switch (verdict) {
    case "corner":
      return ["By ", code(input), " there is no derivative at this point: ", ...slopes, "; ", ...given, ". "];
    case "jump":
      return [output, " jumps here as ", code(input), " changes: there is no derivative by ", code(input), "; ", ...given, ". "];
    case "edge":
      return [output, " is not defined on both sides of ", code(input), " here, so it has no derivative there; ", ...given, ". "];
    case "other":
      return [
        "By ",
        code(input),
        " ",
        output,
        " has the slope ",
        number((right + left) / 2),
        " here, but ",
        ...given,
        ", because a stage is on a kink. ",
      ];
    case "smooth":
    case "undefined":
      return [];
    default:
      return unreachable(verdict);
  }
}

function tensorTable(teller: Teller, results: readonly Result[]): Block {
  const { numbers } = teller;
  const rows = results.map(({ input, gradient }): Prose[] => {
    const cells: Prose[] = [
      [code(input)],
      gradient === undefined ? ["0: nothing flows there"] : [code(gradient)],
      [teller.shapeOf(input)],
    ];
    return numbers === undefined ? cells : [...cells, ...measureCells(numbers.gradients[input])];
  });
  const head = ["input", "gradient", "shape", ...(numbers === undefined ? [] : ["norm", "smallest", "largest"])];
  return { kind: "table", caption: `The gradient of ${nameOfResult(teller.lesson)}`, head, rows };
}

function measureCells(measure: Measure | undefined): Prose[] {
  const cell = (value: number): Prose => [{ kind: "formula", formula: figure(value) }];
  if (isTensor(measure)) return [cell(measure.norm), cell(measure.min), cell(measure.max)];
  return typeof measure === "number" ? [cell(Math.abs(measure)), cell(measure), cell(measure)] : [[], [], []];
}

function tensorMeaning({ lesson, numbers }: Teller): Block {
  const output = code(nameOfResult(lesson));
  const measures = [numbers!.value, ...lesson.results.map(({ input }) => numbers!.gradients[input])];
  if (measures.some((measure) => !isFiniteMeasure(measure)))
    return {
      kind: "paragraph",
      prose: [
        "Not all numbers here are finite: where ",
        output,
        " or an element of a gradient is NaN or infinite, the function or its derivative is not defined at this point.",
      ],
    };
  return {
    kind: "paragraph",
    prose: [
      "Each gradient has the shape of its input: one number per element, the change of ",
      output,
      " per unit change of that element alone. A step of gradient descent subtracts a small multiple of it.",
    ],
  };
}

function isFiniteMeasure(measure: Measure | undefined): boolean {
  return isTensor(measure) ? Number.isFinite(measure.norm) : typeof measure !== "number" || Number.isFinite(measure);
}
