// Why gradients of tensors look as they do: the matrix product, sums and broadcasts, means, elementwise gates, softmax with cross-entropy.

import type { LessonStage, LessonStep } from "../types.ts";
import { figure, isTensor } from "./figures.ts";
import { chain, formulaOf, isMatrixProduct, nameFormula } from "./formula.ts";
import { code, listed, stageReference, type Teller } from "./teller.ts";
import type { Block, Phrase, Prose } from "./types.ts";

/** One remark for each kind of gate, at its first occurrence; the others of the kind are named behind it. */
export function tensorNotes(teller: Teller): Block[] {
  if (teller.lesson.inputs.every(({ shape }) => shape === "")) return [];
  const items = [
    productNote,
    broadcastNote,
    meanNote,
    reluNote,
    ...Object.keys(SQUASHING).map(squashingNote),
    crossEntropyNote,
  ].map((note) => note(teller));
  const told = items.filter((item) => item.length > 0);
  return told.length === 0 ? [] : [{ kind: "list", items: told }];
}

/** A stage with the steps that go back through it. */
interface Occurrence {
  readonly stage: LessonStage;
  readonly steps: readonly LessonStep[];
}

function occurrences(
  { lesson, folding, stepsThrough }: Teller,
  applies: (stage: LessonStage, steps: readonly LessonStep[]) => boolean,
): Occurrence[] {
  return lesson.stages
    .filter(({ number }) => folding.foldOf(number) === undefined)
    .map((stage) => ({ stage, steps: stepsThrough(stage.number) }))
    .filter(({ stage, steps }) => applies(stage, steps));
}

const MOST_NAMED = 6;

/** " The same at (3) and (5)." */
function alsoAt(rest: readonly Occurrence[]): Prose {
  if (rest.length === 0) return [];
  if (rest.length > MOST_NAMED) return [` The same at ${rest.length} more stages.`];
  return [" The same at ", ...listed(rest.map(({ stage }) => stageReference(stage.number))), "."];
}

function productNote(teller: Teller): Prose {
  const products = occurrences(teller, ({ op }, steps) => op === "contract" && steps.length > 0);
  const plain = products.filter(
    ({ stage, steps }) => isPlainProduct(teller, stage) && steps.every((step) => isMatrixProduct(step.expression)),
  );
  const example = plain.find(({ steps }) => steps.length > 1) ?? plain[0];
  if (example === undefined) {
    if (products.length === 0) return [];
    return [
      "A product of tensors swaps: each operand receives what arrives times the other operand, summed over the axes that it does not have itself.",
    ];
  }
  const { stage, steps } = example;
  const [left, right] = stage.operands as [string, string];
  const [rows, inner] = axesOf(teller.shapeOf(left));
  const columns = axesOf(teller.shapeOf(right))[1]!;
  const lines = steps.flatMap((step): Prose => [
    "; ",
    assignment(step),
    `, ${factorShapes(teller, step)}, has the shape of `,
    code(step.target),
  ]);
  return [
    "A matrix product swaps, with a transpose: ",
    stageReference(stage.number),
    ` multiplies [${rows}, ${inner}] by [${inner}, ${columns}]`,
    ...lines,
    ". Why: row i, column k of ",
    code(stage.variable),
    " is the sum over j of ",
    code(`${left}[i, j] · ${right}[j, k]`),
    ...(steps.some(({ target }) => target === left)
      ? [
          `. So ${left}[i, j] enters every element of row i, each time with the factor ${right}[j, k], and its gradient is the sum over k: a row of what arrives times a row of `,
          code(right),
        ]
      : [
          `. So ${right}[j, k] enters column k in every row i, each time with the factor ${left}[i, j], and its gradient is the sum over i: a column of `,
          code(left),
          " times a column of what arrives",
        ]),
    ", which is a product with the transpose.",
    ...alsoAt(products.filter((each) => each !== example)),
  ];
}

/** Two matrices as they stand, each once. */
function isPlainProduct(teller: Teller, { expression, operands, shape }: LessonStage): boolean {
  const [left = "", right = ""] = operands;
  return (
    expression === `${left} * ${right}` &&
    [shape, teller.shapeOf(left), teller.shapeOf(right)].every((each) => axesOf(each).length === 2)
  );
}

function axesOf(shape: string): string[] {
  return shape.slice(1, -1).split(", ");
}

/** "[m, 3] by [3, 4]": the shapes of the two factors as they stand in the product. */
function factorShapes({ shapeOf }: Teller, { expression }: LessonStep): string {
  const factors = expression.split(" * ").map((factor) => {
    const shape = shapeOf(factor.replace("'", ""));
    return factor.endsWith("'") ? `[${axesOf(shape).toReversed().join(", ")}]` : shape;
  });
  return factors.join(" by ");
}

function assignment(step: LessonStep): Phrase {
  return { kind: "formula", formula: chain([nameFormula(step.adjoint), formulaOf(step)]) };
}

function broadcastNote(teller: Teller): Prose {
  const isCollected = (step: LessonStep): boolean =>
    step.expression.startsWith("sum(") && step.target !== "" && isStretched(teller, step);
  const stretched = occurrences(teller, (_, steps) => steps.some(isCollected));
  const [example] = stretched;
  if (example === undefined) return [];
  const step = example.steps.find(isCollected)!;
  return [
    "What is stretched collects: ",
    stageReference(example.stage.number),
    " uses ",
    code(step.target),
    ` of shape ${shapeOrNumber(teller, step.target)} throughout ${example.stage.shape}, so each of its elements is used many times. That is a fork, and its gradient is the sum over all those uses: `,
    assignment(step),
    ".",
    ...alsoAt(stretched.slice(1)),
  ];
}

function isStretched(teller: Teller, { target, stage }: LessonStep): boolean {
  return (
    stage !== undefined &&
    teller.shapeOf(target) !== teller.stageNumbered(stage).shape &&
    teller.stageNumbered(stage).shape !== ""
  );
}

function shapeOrNumber({ shapeOf }: Teller, variable: string): string {
  return shapeOf(variable) || "[]";
}

function meanNote(teller: Teller): Prose {
  const means = occurrences(teller, ({ expression }) => /^sum\(.*\) \/ \S+$/.test(expression));
  const [example] = means;
  if (example === undefined) return [];
  const [, divisor = ""] = /\/ (\S+)$/.exec(example.stage.expression) ?? [];
  const count = /^\w+$/.test(divisor) ? divisor : `(${divisor})`;
  return [
    "A mean shares: in ",
    stageReference(example.stage.number),
    " every term has the local gradient ",
    code(`1 / ${count}`),
    ", so all receive the same part of what arrives. Summing on the way forward becomes stretching on the way back.",
    ...alsoAt(means.slice(1)),
  ];
}

function reluNote(teller: Teller): Prose {
  const gates = occurrences(teller, ({ op, shape }, steps) => op === "relu" && shape !== "" && steps.length > 0);
  const [example] = gates;
  if (example === undefined) return [];
  return [
    "relu works element by element: what arrives at ",
    stageReference(example.stage.number),
    " passes where the input is positive and stops elsewhere",
    ...passing(teller, example.stage),
    ".",
    ...alsoAt(gates.slice(1)),
  ];
}

/** "; here 4 of 8 elements pass" */
function passing({ numbers }: Teller, { variable }: LessonStage): Prose {
  const measure = numbers?.values[variable];
  if (!isTensor(measure)) return [];
  const size = measure.shape.reduce((product, length) => product * length, 1);
  if (measure.elements.length < size) return [];
  return [`; here ${measure.elements.filter((element) => element > 0).length} of ${size} elements pass`];
}

/** Gates that flatten out, with what their local gradient is at most. */
const SQUASHING: Readonly<Record<string, string>> = {
  sigmoid: "σ(1 − σ), which is at most ¼: through many such layers little is left",
  tanh: "1 − tanh², which is at most 1, and near 0 where tanh is near −1 or 1",
};

function squashingNote(op: string): (teller: Teller) => Prose {
  return (teller) => {
    const gates = occurrences(teller, (stage, steps) => stage.op === op && stage.shape !== "" && steps.length > 0);
    const [example] = gates;
    if (example === undefined) return [];
    return [
      `${op} works element by element: each element of what arrives at `,
      stageReference(example.stage.number),
      ` is multiplied by ${SQUASHING[op]}`,
      ...shrinking(teller, example),
      ".",
      ...alsoAt(gates.slice(1)),
    ];
  };
}

/** "; here the norm goes from 0.9 to 0.2" */
function shrinking({ numbers }: Teller, { stage, steps }: Occurrence): Prose {
  const [before, after] = [
    numbers?.gradients[stage.variable],
    steps.length === 1 ? numbers?.gradients[steps[0]!.target] : undefined,
  ];
  if (!isTensor(before) || !isTensor(after)) return [];
  const number = (value: number): Phrase => ({ kind: "formula", formula: figure(value) });
  return ["; here the norm of the gradient goes from ", number(before.norm), " to ", number(after.norm)];
}

function crossEntropyNote(teller: Teller): Prose {
  const losses = occurrences(
    teller,
    ({ op }, steps) => (op === "crossEntropy" || op === "softmaxCrossEntropy") && steps.length > 0,
  );
  const [example] = losses;
  if (example === undefined) return [];
  const [logits = "", targets = ""] = example.stage.operands;
  const target: Prose =
    example.stage.op === "crossEntropy"
      ? ["onehot(", code(targets), "): 1 at the class that ", code(targets), " names, counted from 0, and 0 elsewhere"]
      : ["the distribution ", code(targets)];
  return [
    "Softmax and cross-entropy together: at ",
    stageReference(example.stage.number),
    " the gradient by ",
    code(logits),
    " is p − y for each row, times what arrives for that row: p is the softmax of ",
    code(logits),
    ", y is ",
    ...target,
    ". The more a row is right already, the smaller its gradient.",
    ...alsoAt(losses.slice(1)),
  ];
}
