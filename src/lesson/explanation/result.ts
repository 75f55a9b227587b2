// The gradient, and what it says: by how much the result changes as each input does.

import type { Lesson, Measure } from "../types.ts";
import { figure, isTensor } from "./figures.ts";
import { partialFormula } from "./formula.ts";
import { code, type Teller } from "./teller.ts";
import type { Block, Prose, Section } from "./types.ts";

/** The change of an input whose effect is told. */
const STEP = 0.01;
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

function scalarTable({ lesson, numbers }: Teller, results: readonly Result[]): Block {
  const rows = results.map(({ input, gradient }): Prose[] => {
    const formula = partialFormula(lesson.output, input);
    const cells: Prose[] = [
      [{ kind: "formula", formula }],
      gradient === undefined ? ["0: nothing flows there"] : [code(gradient)],
    ];
    if (numbers === undefined) return cells;
    const value = gradientNumber(numbers.gradients[input]);
    return [...cells, [{ kind: "formula", formula: figure(value) }], [{ kind: "formula", formula: figure(value * STEP) }]];
  });
  const change = `change of ${lesson.output} when the input grows by ${STEP}, about`;
  const head = ["gradient", "in the code", ...(numbers === undefined ? [] : ["value", change])];
  return { kind: "table", caption: `The gradient of ${lesson.output}`, head, rows };
}

/** Nothing flows to an input that the result does not depend on. */
function gradientNumber(measure: Measure | undefined): number {
  return typeof measure === "number" ? measure : 0;
}

function scalarMeaning({ lesson, numbers }: Teller): Block {
  const sizes = lesson.results.map(({ input }) => ({ input, size: Math.abs(gradientNumber(numbers!.gradients[input])) }));
  const [largest] = [...sizes].sort((a, b) => b.size - a.size);
  const { output } = lesson;
  if (largest === undefined || largest.size === 0)
    return { kind: "paragraph", prose: ["All are 0: to first order, no small step changes ", code(output), "."] };
  const strongest: Prose =
    sizes.filter(({ size }) => size === largest.size).length > 1 || sizes.length === 1
      ? []
      : [" Here ", code(largest.input), " moves ", code(output), " most."];
  return {
    kind: "paragraph",
    prose: [
      "The sign says in which direction ",
      code(output),
      " moves, the size how strongly; it holds for small steps, the smaller the better.",
      ...strongest,
    ],
  };
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
  return { kind: "table", caption: `The gradient of ${teller.lesson.output}`, head, rows };
}

function measureCells(measure: Measure | undefined): Prose[] {
  const cell = (value: number): Prose => [{ kind: "formula", formula: figure(value) }];
  if (isTensor(measure)) return [cell(measure.norm), cell(measure.min), cell(measure.max)];
  return typeof measure === "number" ? [cell(Math.abs(measure)), cell(measure), cell(measure)] : [[], [], []];
}

function tensorMeaning({ lesson }: Teller): Block {
  return {
    kind: "paragraph",
    prose: [
      "Each gradient has the shape of its input: one number per element, the change of ",
      code(lesson.output),
      " per unit change of that element alone. A step of gradient descent subtracts a small multiple of it.",
    ],
  };
}
