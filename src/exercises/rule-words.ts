// The rule behind a backward line, in words. Each says something that can be checked against numbers, and is only said where it holds.

import type { Lesson, LessonStage, LessonStep } from "../lesson/types.ts";
import { namesIn, shapeOf } from "./statements.ts";
import { argumentsOf, termsOf } from "./terms.ts";

/** What a sentence asserts of the contribution c, of what arrives g and the local gradient l; tests hold it against numbers. */
export type Claim =
  /** c = g. */
  | "unchanged"
  /** c = −g. */
  | "turned"
  /** c is g or 0. */
  | "routed"
  /** c = g l, and l does not depend on the operand itself; between tensors the same for products by elements. */
  | "swapped"
  /** c = g l, between tensors element by element. */
  | "chain"
  /** c is a product of g and the other operand. */
  | "matrix product"
  /** Rows of g summed; more generally elements of g. */
  | "summed"
  | "collected"
  /** Every element of c is the same. */
  | "spread"
  /** An element of c is 0 or one of g. */
  | "masked"
  | "picked"
  /** p − y. */
  | "softmax"
  /** The chain rule in its general form. */
  | "general";

export interface RuleInWords {
  readonly claim: Claim;
  readonly words: string;
}

export function ruleOf(lesson: Lesson, step: LessonStep): RuleInWords {
  const stage = lesson.stages.find(({ number }) => number === step.stage);
  return step.local === undefined ? tensorRule(lesson, step, stage) : numberRule(lesson, step, stage, step.local.expression);
}

function numberRule(lesson: Lesson, step: LessonStep, stage: LessonStage | undefined, local: string): RuleInWords {
  const { target } = step;
  const from = step.from ?? "the result";
  if (local === "1") {
    const gate =
      stage?.op === "sub" ? "A difference hands on what arrives to what is not subtracted in it" : "A sum hands on what arrives";
    return { claim: "unchanged", words: `${gate}: ${target} receives it unchanged.` };
  }
  if (local === "-1")
    return {
      claim: "turned",
      words: `What is subtracted, or has a minus before it, receives what arrives with its sign turned.`,
    };
  if (/ \? (?:1 : 0|0 : 1)$/.test(local)) return { claim: "routed", words: routed(step, stage) };
  if (step.flow === "swaps" && !mentions(local, target)) return swapped(lesson, step, stage);
  if (isNumber(local)) return { claim: "chain", words: numberInFront(target, stage, local) };
  return {
    claim: "chain",
    words: `The chain rule: ${target} receives what arrives at ${from}, times the local gradient, the derivative of ${from} with respect to ${target}.`,
  };
}

/** A product with the target in it, and what the line does with the product. */
function swapped(lesson: Lesson, step: LessonStep, stage: LessonStage | undefined): RuleInWords {
  const { target } = step;
  const from = step.from ?? "the result";
  const text = stage?.expression ?? "";
  const factors = factorsBeside(target, text);
  const product = `A product swaps: ${target} receives what arrives, times that which ${target} is multiplied by`;
  const uses = lesson.steps.filter((each) => each.stage === step.stage && each.target === target).length;
  const which = uses > 1 ? " in one of the products that it stands in" : "";
  if (uses > 1 || factors === undefined)
    return {
      claim: "chain",
      words: `${product}${which}. All else that happens to the product in ${from} happens to this as well: the sign before it, a number in front, what it is divided by.`,
    };
  const isTurned = factors === "subtracted";
  return {
    claim: "swapped",
    words: isTurned ? `${product}, with the sign turned, because the product is subtracted.` : `${product}.`,
  };
}

/** What happens to the only product with `target` in it: nothing more, or it is subtracted. Undefined where it is more than that. */
function factorsBeside(target: string, text: string): "added" | "subtracted" | undefined {
  const terms = termsOf(text);
  const own = terms?.filter(({ factors }) => factors.some((factor) => mentions(factor, target)));
  const [term, ...others] = own ?? [];
  if (term === undefined || others.length > 0) return undefined;
  return term.factors.includes(target) ? (term.isSubtracted ? "subtracted" : "added") : undefined;
}

function routed({ target }: LessonStep, stage: LessonStage | undefined): string {
  const operand = operandWith(target, stage);
  switch (stage?.op) {
    case "max":
      return `max routes: all that arrives goes to the larger operand, nothing to the others. Is ${operand} the larger one?`;
    case "min":
      return `min routes: all that arrives goes to the smaller operand, nothing to the others. Is ${operand} the smaller one?`;
    case "relu":
      return `relu routes: what arrives goes through where ${operand} is positive; elsewhere nothing does.`;
    default:
      return `A condition decides: ${target} receives either all that arrives or nothing.`;
  }
}

/** `diff + 1` of `max(0, diff + 1)`: what is compared is the operand as it stands in the line. */
function operandWith(target: string, stage: LessonStage | undefined): string {
  return argumentsOf(stage?.expression ?? "").find((text) => mentions(text, target)) ?? target;
}

function mentions(expression: string, name: string): boolean {
  return namesIn(expression).includes(name);
}

/** The target with a number, and nothing else, beside it. */
function numberInFront(target: string, stage: LessonStage | undefined, local: string): string {
  const isTurned = local.startsWith("-");
  if (stage?.expression.includes("/"))
    return `${target} is multiplied or divided by a number here, and what arrives is multiplied or divided by the same number${isTurned ? ", with the minus" : ""}.`;
  if (isTurned)
    return `A number in front stays in front, and so does the minus before it: ${target} receives what arrives, times that number, with the sign turned.`;
  return `A number in front stays in front: ${target} receives what arrives, times that number.`;
}

function isNumber(expression: string): boolean {
  return /^-?[\d.]+(e[-+]?\d+)?$/.test(expression);
}

const PRODUCTS: ReadonlySet<string> = new Set(["matmul", "matmulAt", "matmulBt"]);

function tensorRule(lesson: Lesson, step: LessonStep, stage: LessonStage | undefined): RuleInWords {
  const { target } = step;
  const from = step.from ?? "the result";
  const [own, around] = [shapeOf(lesson, target), stage?.shape ?? ""];
  const kernel = /(?:^| = )(\w+)\(/.exec(step.code.text)?.[1] ?? "";
  if (stage?.op === "contract" && PRODUCTS.has(kernel) && own !== "")
    return {
      claim: "matrix product",
      words: `A matrix product swaps too: ${target} receives the matrix product of what arrives and the other operand, transposed where the shapes ask for it. Of C = A B, dA = dC Bᵀ and dB = Aᵀ dC. The result must have the shape ${own}.`,
    };
  if ((stage?.op === "add" || stage?.op === "sub") && kernel === "sumRows" && rank(own) < rank(around))
    return {
      claim: "summed",
      words: `${target} ${own} is used once for every row of ${from} ${around}, so it collects: what arrives is summed over the rows.${stage.op === "sub" ? " Mind the sign." : ""}`,
    };
  if (step.identity === "p − y") return { claim: "softmax", words: softmaxWords(stage) };
  if (stage?.op === "sum" && own !== "" && step.flow === "distributes")
    return {
      claim: "spread",
      words: `A sum hands on what arrives to every element that it adds up: all of them receive the same.`,
    };
  if (stage?.op === "pick")
    return {
      claim: "picked",
      words: `pick reads one element of each row: what arrives for the row goes back to that element, the others receive nothing.`,
    };
  if (stage?.op === "contract" && /\bdot\(/.test(stage.expression) && around === "" && !mentions(step.expression, target))
    return {
      claim: "swapped",
      words: `A dot product is a sum of products, and each of them swaps: an element of ${target} receives what arrives, times the element that it is multiplied by.`,
    };
  if (stage?.op === "mul" && own === "" && around !== "" && !mentions(step.expression, target))
    return {
      claim: "collected",
      words: `${target} is a number that every element of ${from} reads, so it collects: what arrives at each element, times that which ${target} is multiplied by there, summed over all.`,
    };
  if (own !== "" && own === around) return elementwise(step, stage);
  if ((stage?.op === "add" || stage?.op === "sub") && /^-?sum\([\p{L}\p{N}_$]+(, \d+)?\)$/u.test(step.expression)) {
    const sign = step.expression.startsWith("-") ? ", with its sign turned, as it is subtracted" : "";
    return {
      claim: "collected",
      words: `Each element of ${target} ${own} is used for several elements of ${from} ${around}, so it collects: what arrives at those is summed${sign}.`,
    };
  }
  return general(step);
}

function softmaxWords(stage: LessonStage | undefined): string {
  const short = "Softmax and cross-entropy together have a short gradient, p − y";
  if (stage?.op === "crossEntropy")
    return `${short}: of each row the probabilities of the classes, less 1 at the right class, all times what arrives for the row.`;
  return `${short}: of each row the probabilities less the targets, all times what arrives for the row. (Where the targets of a row do not add up to 1, the probabilities are multiplied by their sum.)`;
}

/** All that arrives, or nothing. */
const ROUTED = / \? [^?:]+ : 0$/;

/** Both tensors have the same shape. */
function elementwise(step: LessonStep, stage: LessonStage | undefined): RuleInWords {
  const { target, expression } = step;
  const from = step.from ?? "the result";
  switch (stage?.op) {
    case "relu":
      if (!ROUTED.test(expression)) return general(step);
      return {
        claim: operandWith(target, stage) === target ? "masked" : "routed",
        words: `relu routes, element by element: what arrives goes through where ${operandWith(target, stage)} is positive; elsewhere nothing does.`,
      };
    case "max":
    case "min":
      if (!ROUTED.test(expression)) return general(step);
      return {
        claim: "routed",
        words: `${stage.op} routes, element by element: what arrives goes through where ${operandWith(target, stage)} is the ${stage.op === "max" ? "larger" : "smaller"} operand; elsewhere nothing does.`,
      };
    case "mul":
      if (step.flow !== "swaps" || mentions(expression, target)) return general(step);
      return {
        claim: "swapped",
        words: `A product swaps, element by element: ${target} receives what arrives, times that which ${target} is multiplied by.`,
      };
    case "add":
    case "sub":
      return handedOn(step, stage.op);
    default:
      if (step.flow !== "scales" || step.identity === undefined) return general(step);
      return {
        claim: "chain",
        words: `The chain rule, element by element: ${target} receives what arrives at ${from}, times the derivative of ${from} with respect to ${target} there.`,
      };
  }
}

function handedOn(step: LessonStep, op: "add" | "sub"): RuleInWords {
  const { target, expression } = step;
  const name = /^(-?)[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(expression);
  if (name === null) return general(step);
  if (name[1] === "-")
    return { claim: "turned", words: `What is subtracted receives what arrives with its sign turned, element by element.` };
  const gate = op === "add" ? "A sum" : "A difference";
  return { claim: "unchanged", words: `${gate} hands on what arrives, element by element: ${target} receives it unchanged.` };
}

/** Holds for every operation. */
function general({ target, from }: LessonStep): RuleInWords {
  const stage = from ?? "the result";
  return {
    claim: "general",
    words: `The chain rule: an element of ${target} receives, from each element of ${stage} that depends on it, what arrives there times the derivative of that element with respect to this one. These parts are added.`,
  };
}

function rank(shape: string): number {
  return shape === "" ? 0 : shape.split(",").length;
}
