// The forward pass told stage by stage: what is computed, what it comes to, how it changes with each operand.

import type { LessonPartial, LessonStage } from "../types.ts";
import { figure, isTensor, valueText } from "./figures.ts";
import type { Fold } from "./folding.ts";
import { chain, countOperations, formulaOf, isMatrixProduct, nameFormula, partialFormula } from "./formula.ts";
import { code, codeReference, stageReference, type Teller } from "./teller.ts";
import { identityProse } from "./identity.ts";
import { kinkItems } from "./kinks.ts";
import { measureProse } from "./measures.ts";
import type { Block, Formula, Phrase, Prose, Section, StageEntry } from "./types.ts";

export function forwardSection(teller: Teller): Section {
  const { stages } = teller.lesson;
  const title = "Forward, first stage first";
  if (stages.length === 0) return { id: "forward", title, blocks: [] };
  const hasPartials = stages.some(({ partials }) => partials.length > 0);
  const intro: Block = {
    kind: "paragraph",
    prose: [EACH, ...(hasPartials ? [` ${LOCAL}`] : []), ` ${LINES}`, ...notation(stages)],
  };
  return { id: "forward", title, blocks: [intro, ...stageBlocks(teller)] };
}

const EACH = "Each stage computes one value from those before it.";
const LOCAL = "Its local gradients say how much that value changes per unit change of each operand, the others held fixed.";
const LINES = "Line numbers are those of the code that gen writes for this source in the staged style.";

/** What signs mean between tensors. */
function notation(stages: readonly LessonStage[]): Prose {
  if (!stages.some(({ op, expression }) => op === "contract" && isMatrixProduct(expression))) return [];
  const sign = (text: string, latex: string): Phrase => ({ kind: "formula", formula: { text, latex } });
  return [
    " ",
    sign("A · B", "A \\, B"),
    " is the product of two matrices, ",
    sign("A ∘ B", "A \\circ B"),
    " the product element by element; ",
    sign("Aᵀ", "A^\\top"),
    " has the rows of A as its columns.",
  ];
}

function stageBlocks(teller: Teller): Block[] {
  const { foldOf } = teller.folding;
  return teller.lesson.stages.flatMap((stage): Block[] => {
    const fold = foldOf(stage.number);
    if (fold === undefined) return [stageEntry(teller, stage)];
    return fold.first === stage.number ? [{ kind: "folded", prose: foldProse(fold) }] : [];
  });
}

function foldProse({ first, last, like }: Fold): Prose {
  const count = last - first + 1;
  if (like === undefined) return [`(${first}) to (${last}): ${count} stages of a long function, left out here.`];
  const again = like.times === 1 ? "once more" : `${like.times} times more`;
  const block: Prose =
    like.first === like.last
      ? ["do the same as ", stageReference(like.first)]
      : ["repeat the block ", stageReference(like.first), " to ", stageReference(like.last)];
  return [`(${first}) to (${last}) `, ...block, ` ${again}, each on what comes before it and with parameters of its own.`];
}

function stageEntry(teller: Teller, stage: LessonStage): StageEntry {
  return {
    kind: "stage",
    number: stage.number,
    formula: stageFormula(teller, stage),
    prose: stageProse(teller, stage),
    items: [...kinkItems(teller, stage), ...stage.partials.map((partial) => partialProse(teller, stage, partial.operand))],
    code: codeReference(stage.code),
  };
}

/** `q = x + y = −2 + 5 = 3` */
function stageFormula({ numberOf, numbers }: Teller, { variable, expression, latex }: LessonStage): Formula {
  const written = { expression, latex: rightSide(latex) };
  const value = numbers?.values[variable];
  const result = value === undefined || isTensor(value) ? [] : [formulaOf(written, numberOf), valueText(value)!];
  return chain([nameFormula(variable), formulaOf(written), ...result]);
}

/** Of `q = x + y`. */
function rightSide(latex: string): string {
  return latex.slice(latex.indexOf(" = ") + 3);
}

function stageProse(teller: Teller, stage: LessonStage): Prose {
  const measure = teller.numbers?.values[stage.variable];
  const size = isTensor(measure) ? measureProse(measure) : stage.shape === "" ? [] : [`shape ${stage.shape}`];
  const inBlock: Prose = stage.block === undefined || stage.block === stage.variable ? [] : ["part of ", code(stage.block)];
  const parts = [gateProse(stage), inBlock, size].filter((part) => part.length > 0);
  return parts.flatMap((part, index) => (index === 0 ? part : ["; ", ...part]));
}

/** Of a line with several operations the table speaks of the last one alone. How gradients flow is told in a section of its own. */
function gateProse({ op, doc, expression }: LessonStage): Prose {
  if (op === "contract")
    return [isMatrixProduct(expression) ? "matrix product" : "product of tensors, summed over the axes they share"];
  const [, divisor] = /^sum\(.*\) \/ (\S+)$/.exec(expression) ?? [];
  if (divisor !== undefined) return ["sum divided by ", code(divisor)];
  const phrases = doc.split("; ").filter((phrase, index) => index === 0 || !/gradient|backward/.test(phrase));
  return countOperations(expression) > 1 ? [`last operation: ${phrases[0]}`] : [phrases.join("; ")];
}

function partialProse(teller: Teller, stage: LessonStage, operand: string): Prose {
  const written = stage.partials.find((partial) => partial.operand === operand)!;
  const number = localNumber(teller, stage, written);
  const parts = [partialFormula(stage.variable, operand), formulaOf(written)];
  if (number !== undefined) parts.push(formulaOf(written, teller.numberOf), figure(number));
  const identity: Prose = stage.partials.length === 1 && stage.identity !== undefined ? identityProse(stage.identity) : [];
  return [{ kind: "formula", formula: chain(parts) }, ...identity];
}

/** Where an operand enters a line more than once, its local gradient is the sum over its uses. A guarded line has no number of it alone. */
function localNumber(
  { stepsThrough, numbersOf }: Teller,
  { number }: LessonStage,
  { operand, expression }: LessonPartial,
): number | undefined {
  const steps = stepsThrough(number).filter(({ target }) => target === operand);
  const isGuarded = steps.some(({ local }) => GUARDED.test(local?.expression ?? "")) && !GUARDED.test(expression);
  const locals = isGuarded ? [] : steps.map((step) => numbersOf(step)?.local);
  if (locals.length === 0 || locals.includes(undefined)) return undefined;
  return (locals as number[]).reduce((sum, local) => sum + local, 0);
}

const GUARDED = / \? .* : 0\b/;
