// The backward pass told stage by stage, last first: what arrives, the chain rule for each operand, the sum where a value forks.

import type { LessonStep } from "../types.ts";
import { figure, isTensor, shapeText } from "./figures.ts";
import type { Fold } from "./folding.ts";
import { chain, formulaOf, GROWS, namesIn, nameFormula, partialFormula, product } from "./formula.ts";
import { identityProse } from "./identity.ts";
import { measureProse } from "./measures.ts";
import { silentBlock, silentStages } from "./silent.ts";
import { code, codeReference, groupBy, listed, stageReference, type Teller } from "./teller.ts";
import type { BackwardEntry, Block, Formula, Phrase, Prose, Section, StepEntry } from "./types.ts";

/** A longer formula with all numbers put in helps nobody: the two factors stand there instead. */
const LONGEST_WITH_NUMBERS = 60;

export function backwardSection(teller: Teller): Section {
  const { steps } = teller.lesson;
  const blocks = steps.length === 0 ? [] : [introduction(teller), ...blocksOf(teller, groupsOf(steps))];
  return { id: "backward", title: "Backward, last stage first", blocks };
}

function introduction({ lesson }: Teller): Block {
  const { output, seed } = lesson;
  const forks = lesson.steps.some(({ action }) => action === "grow");
  const hasOnes = lesson.steps.some(({ expression, local }) => local === undefined && ONES.test(expression));
  const isBetweenNumbers = lesson.steps.every(({ local }) => local !== undefined);
  return {
    kind: "paragraph",
    prose: [
      "In the code, ",
      code("dv"),
      " stands for the gradient ",
      { kind: "formula", formula: { text: `∂${output}/∂v`, latex: partialFormula(output, "v").latex } },
      ". The pass starts with ",
      code(`${seed} = 1`),
      " and goes back stage by stage: ",
      isBetweenNumbers
        ? "what arrives at a stage, times its local gradient, goes on to the operand. That is the chain rule."
        : "each line makes, of the gradient that arrives at a stage, the gradient of one operand. That is the chain rule, without ever forming the table of all local gradients. The gradient of a tensor has the shape of that tensor.",
      ...(hasOnes ? [" A 1 in place of a tensor stands for ones in its shape."] : []),
      ...(forks ? [" Where a value went into several places, ", code("+="), " adds up what comes back from each."] : []),
    ],
  };
}

/** What arrives at the result, where it has been put in. */
const ONES = /[(,*] ?1(?=\)| \*|$)|^1 \*/;

/** Neighbouring steps through one stage. Help lines go with the stage that reads them. */
function groupsOf(steps: readonly LessonStep[]): LessonStep[][] {
  const groups: LessonStep[][] = [];
  let stage: number | undefined;
  for (const step of steps) {
    const isSame = groups.length > 0 && (step.stage === undefined || stage === undefined || step.stage === stage);
    if (isSame && !(step.stage === undefined && groups.at(-1)!.some((each) => each.stage !== undefined)))
      groups.at(-1)!.push(step);
    else groups.push([step]);
    stage = step.stage;
  }
  return groups;
}

/** A fold is told where the backward pass first comes to it. */
function blocksOf(teller: Teller, groups: readonly (readonly LessonStep[])[]): Block[] {
  const passed = new Set<Fold>();
  const silent = silentStages(teller);
  const silentAbove = (number: number): Block[] => {
    const end = silent.findIndex((stage) => stage.number <= number);
    const above = silent.splice(0, end === -1 ? silent.length : end);
    return above.length === 0 ? [] : [silentBlock(above)];
  };
  const told = groups.flatMap((steps): Block[] => {
    const number = steps.find((step) => step.stage !== undefined)?.stage;
    return [...(number === undefined ? [] : silentAbove(number)), ...blocksOfGroup(number, steps)];
  });
  return [...told, ...silentAbove(0)];

  function blocksOfGroup(number: number | undefined, steps: readonly LessonStep[]): Block[] {
    const fold = number === undefined ? undefined : teller.folding.foldOf(number);
    if (fold === undefined) return [entryOf(teller, number, steps)];
    if (passed.has(fold)) return [];
    passed.add(fold);
    return [{ kind: "folded", prose: foldProse(fold) }];
  }
}

function foldProse({ first, last, like }: Fold): Prose {
  if (like === undefined) return [`(${last}) back to (${first}): left out here, as in the forward pass.`];
  return [
    `(${last}) back to (${first}) go as `,
    stageReference(like.last),
    " back to ",
    stageReference(like.first),
    " do, below.",
  ];
}

function entryOf(teller: Teller, number: number | undefined, steps: readonly LessonStep[]): BackwardEntry {
  const told = new Set<string>();
  const entries = steps.map((step) => {
    const isNew = step.identity !== undefined && !told.has(step.identity);
    if (isNew) told.add(step.identity!);
    return stepEntry(teller, step, isNew ? identityProse(step.identity!) : []);
  });
  return { kind: "backward", number, prose: number === undefined ? [] : arrivalProse(teller, number, steps), steps: entries };
}

/** "back through `xPlusYSq = xPlusY²`; `dxPlusYSq = −0.79` arrives" */
function arrivalProse(teller: Teller, number: number, steps: readonly LessonStep[]): Prose {
  const stage = teller.stageNumbered(number);
  const written = { text: chain([nameFormula(stage.variable), formulaOf(stage)]).text, latex: stage.latex };
  const through: Prose = ["back through ", { kind: "formula", formula: written }];
  const gradients = arrivingNames(teller, steps).filter(
    (name) => name !== teller.lesson.seed || stage.variable === teller.lesson.output,
  );
  if (gradients.length === 0) return through;
  const parts = gradients.flatMap((gradient, index) => [...(index === 0 ? [] : [" and "]), ...arriving(teller, gradient)]);
  return [...through, "; ", ...parts, gradients.length > 1 ? " arrive" : " arrives"];
}

/** Lines over tensors do not always have a variable for what arrives at their stage; what they read of gradients says it. */
function arrivingNames({ isGradient }: Teller, steps: readonly LessonStep[]): string[] {
  const ofNumbers = steps.find(({ local }) => local !== undefined);
  if (ofNumbers !== undefined) return [ofNumbers.upstream];
  const own = new Set(steps.map(({ adjoint }) => adjoint));
  const read = steps.flatMap(({ expression }) => [...namesIn(expression)]);
  return [...new Set(read.filter((name) => isGradient(name) && !own.has(name)))];
}

/** A gradient by its name, and its size where it is known. */
function arriving(teller: Teller, gradient: string): Prose {
  const measure = teller.measureOf(gradient);
  if (typeof measure === "number") return [{ kind: "formula", formula: chain([nameFormula(gradient), figure(measure)]) }];
  const shape = teller.shapeOf(gradient);
  if (isTensor(measure))
    return [code(gradient), ` (${shapeText(measure.shape)}, norm `, { kind: "formula", formula: figure(measure.norm) }, ")"];
  return shape === "" ? [code(gradient)] : [code(gradient), ` (${shape})`];
}

function stepEntry(teller: Teller, step: LessonStep, prose: Prose): StepEntry {
  return {
    index: step.index,
    formula: stepFormula(teller, step),
    prose,
    items: [contributionItem(teller, step), forkItem(teller, step)].filter((item) => item.length > 0),
    code: codeReference(step.code),
  };
}

function stepFormula(teller: Teller, step: LessonStep): Formula {
  const relation = step.action === "grow" ? GROWS : undefined;
  const parts = step.local === undefined ? [nameFormula(step.adjoint), formulaOf(step)] : chainRule(teller, step);
  return chain(parts, relation);
}

/**
 * dx = dq · ∂q/∂x = dq · local = number · number = number, with names in the text and partial derivatives in mathematics; at the last stage 1 arrives, and the local
 * gradient is all.
 */
function chainRule(teller: Teller, step: LessonStep): Formula[] {
  const { lesson, numberOf, numbersOf } = teller;
  const local = step.local!; // the caller looked
  const numbers = numbersOf(step);
  const isLast = step.upstream === lesson.seed;
  const upstream = { text: step.upstream, latex: partialFormula(lesson.output, step.from ?? lesson.output).latex };
  const times = (factor: Formula): Formula => (isLast ? factor : product(upstream, factor));
  const isWhole = step.action === "set"; // of a value that forks, a line gives a part of ∂f/∂x: that name would say too much
  const parts = [
    isWhole ? { text: step.adjoint, latex: partialFormula(lesson.output, step.target).latex } : nameFormula(step.adjoint),
  ];
  if (isWholePartial(teller, step) && (isWhole || !isLast)) parts.push(times(partialFormula(step.from!, step.target)));
  parts.push(times(formulaOf(local)));
  if (numbers === undefined || typeof numbers.contribution !== "number") return parts;
  const withNumbers = formulaOf(local, numberOf);
  const isShort = withNumbers.text.length <= LONGEST_WITH_NUMBERS;
  const factor = isShort || numbers.local === undefined ? withNumbers : figure(numbers.local);
  const arrives = numbers.upstream === undefined || isLast ? undefined : figure(numbers.upstream);
  if (arrives === undefined) parts.push(factor);
  else if (local.expression !== "1") parts.push(product(arrives, factor));
  parts.push(figure(numbers.contribution));
  return parts;
}

/** Where an operand enters a stage twice, one line carries a part of its local gradient only. */
function isWholePartial({ stageNumbered }: Teller, { stage, from, target, local }: LessonStep): boolean {
  if (stage === undefined || from === undefined) return false;
  const partial = stageNumbered(stage).partials.find(({ operand }) => operand === target);
  return partial?.expression === local?.expression;
}

/** Of a tensor: what the line adds. */
function contributionItem(teller: Teller, step: LessonStep): Prose {
  if (step.action === "help") return ["a part that the next lines read"];
  const contribution = teller.numbersOf(step)?.contribution;
  const shape = teller.shapeOf(step.target);
  const adds = step.action === "grow" ? ["adds "] : [];
  if (isTensor(contribution)) return [...adds, ...measureProse(contribution)];
  if (contribution === undefined) return shape === "" ? [] : [`shape ${shape}`];
  return step.local === undefined ? [...adds, "= ", { kind: "formula", formula: figure(Number(contribution)) }] : [];
}

/** After the last contribution to a value that forks: the whole sum. */
function forkItem(teller: Teller, step: LessonStep): Prose {
  const all = teller.contributionsTo(step.target);
  if (all.length < 2 || all.at(-1) !== step) return [];
  const stages = [...groupBy(all, ({ stage }) => stage).keys()].filter((stage) => stage !== undefined);
  const forks: Prose =
    stages.length > 1
      ? [code(step.target), " forks into ", ...listed(stages.sort((a, b) => a - b).map(stageReference))]
      : [code(step.target), ` enters ${all.length} times`];
  return [...forks, ", so its gradient is the sum of what comes back: ", ...sumProse(teller, step, all)];
}

const MOST_TERMS = 6;

function sumProse(teller: Teller, { adjoint, target }: LessonStep, all: readonly LessonStep[]): Phrase[] {
  const terms = all.map((step) => teller.numbersOf(step)?.contribution);
  const total = teller.measureOf(adjoint);
  if (isTensor(total)) return [code(adjoint), " now has ", ...measureProse(total)];
  if (typeof total !== "number" || terms.length > MOST_TERMS || !terms.every((term) => typeof term === "number"))
    return [`${all.length} contributions`];
  const sum = terms.map((term) => figure(term)).reduce(plus);
  const left = { text: adjoint, latex: partialFormula(teller.lesson.output, target).latex };
  return [{ kind: "formula", formula: chain([left, sum, figure(total)]) }];
}

/** a + b, or a − b for a negative b. */
function plus(a: Formula, b: Formula): Formula {
  if (b.text.startsWith("−")) return { text: `${a.text} − ${b.text.slice(1)}`, latex: `${a.latex} - ${b.latex.slice(1)}` };
  return { text: `${a.text} + ${b.text}`, latex: `${a.latex} + ${b.latex}` };
}
