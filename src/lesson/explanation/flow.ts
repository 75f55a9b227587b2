// The reading of the backward pass by kinds of gates, as the course notes have it: add distributes, max routes, multiply swaps.

import { unreachable } from "../../core/unreachable.ts";
import type { Flow, LessonStage, LessonStep } from "../types.ts";
import { figure } from "./figures.ts";
import { chain, formulaOf, nameFormula } from "./formula.ts";
import { isTie } from "./kinks.ts";
import { code, groupBy, listed, stageReference, type Teller } from "./teller.ts";
import { tensorNotes } from "./tensor-notes.ts";
import type { Block, Phrase, Prose, Section } from "./types.ts";

/** Gates of one kind that are told one by one. */
const MOST_GATES = 6;

export function flowSection(teller: Teller): Section {
  const gates = gatesOf(teller);
  const items = (["distributes", "swaps", "routes", "scales"] as const).flatMap((flow) => flowItems(teller, flow, gates));
  const list: Block[] = items.length === 0 ? [] : [{ kind: "list", items }];
  return { id: "flow", title: "Reading the flow", blocks: [...list, ...tensorNotes(teller)] };
}

/** The steps through one stage that go the same way. */
interface Gate {
  readonly flow: Flow;
  readonly stage: LessonStage;
  readonly steps: readonly LessonStep[];
}

/** Between numbers; tensors have notes of their own. */
function gatesOf({ lesson, folding, stageNumbered }: Teller): Gate[] {
  const told = lesson.steps.filter(
    (step) => step.local !== undefined && step.stage !== undefined && folding.foldOf(step.stage) === undefined,
  );
  const groups = groupBy(told, ({ stage, flow }) => `${stage} ${flow}`);
  return [...groups.values()].map((steps) => ({ flow: steps[0]!.flow, stage: stageNumbered(steps[0]!.stage!), steps }));
}

function flowItems(teller: Teller, flow: "distributes" | "swaps" | "routes" | "scales", gates: readonly Gate[]): Prose[] {
  const chosen = gates.filter((gate) => gate.flow === flow);
  if (chosen.length === 0) return [];
  const shown = chosen.slice(0, MOST_GATES).map((gate) => gateProse(teller, flow, gate));
  const rest = chosen.length - shown.length;
  const more: Prose = rest > 0 ? [`; and ${rest} more like these`] : [];
  return [
    [ruleOf(flow, chosen, gates), ...shown.flatMap((prose, index) => (index === 0 ? prose : ["; ", ...prose])), ...more, "."],
  ];
}

const RULES: Readonly<Record<"distributes" | "swaps" | "routes" | "scales", string>> = {
  distributes: "Add distributes: every term receives all that arrives, whatever the terms are worth: ",
  swaps:
    "Multiply swaps: each factor receives what arrives times the value of the other, so a large factor makes a large gradient for its partner: ",
  routes: "A choice routes: all that arrives goes to the operand that was chosen, the others receive 0: ",
  scales: "Every other gate scales what arrives by its local gradient: ",
};

/** A rule that names the gates it is about. */
function ruleOf(flow: keyof typeof RULES, chosen: readonly Gate[], all: readonly Gate[]): string {
  const ops = new Set(chosen.map(({ stage }) => stage.op));
  const only = ops.size === 1 ? chosen[0]!.stage.op : undefined;
  switch (flow) {
    case "distributes":
      return only === "neg" ? "A sign turns what arrives: " : RULES.distributes;
    case "routes":
      return only === undefined ? RULES.routes : (ROUTES[only] ?? RULES.routes);
    case "scales":
      return chosen.length === all.length
        ? `${chosen.length === 1 ? "This gate" : "Each gate"} scales what arrives by its local gradient: `
        : RULES.scales;
    case "swaps":
      return RULES.swaps;
    default:
      return unreachable(flow);
  }
}

const ROUTES: Readonly<Record<string, string>> = {
  max: "Max routes: all that arrives goes to the largest operand, the others receive 0: ",
  min: "Min routes: all that arrives goes to the smallest operand, the others receive 0: ",
  relu: "Relu is a switch: all that arrives passes where its operand is positive, and nothing elsewhere: ",
  select: "A choice routes: all that arrives goes to the branch taken, the other receives 0: ",
};

function gateProse(teller: Teller, flow: "distributes" | "swaps" | "routes" | "scales", gate: Gate): Prose {
  switch (flow) {
    case "distributes":
      return distributedProse(teller, gate);
    case "swaps":
      return swappedProse(teller, gate);
    case "routes":
      return routedProse(teller, gate);
    case "scales":
      return scaledProse(teller, gate);
  }
}

/** "(4) gives 1.583 to x and, with the sign turned, to y" */
function distributedProse(teller: Teller, { stage, steps }: Gate): Prose {
  const arrives = arrivingAt(teller, steps[0]!);
  const isTurned = ({ local }: LessonStep): boolean => local!.expression.startsWith("-");
  const straight = targetsOf(steps.filter((step) => !isTurned(step)));
  const turned = targetsOf(steps.filter(isTurned));
  const head: Prose = [stageReference(stage.number), " gives ", arrives];
  const to: Prose = straight.length === 0 ? [] : [" to ", ...listed(straight)];
  if (turned.length === 0) return [...head, ...to];
  return [
    ...head,
    ...to,
    straight.length === 0 ? ", with its sign turned, to " : " and, with the sign turned, to ",
    ...listed(turned),
  ];
}

/** "at (8) num receives it times invDen = 0.51" */
function swappedProse(teller: Teller, { stage, steps }: Gate): Prose {
  const parts = steps.map((step): Prose => [code(step.target), " receives ", ...factorProse(teller, step)]);
  return ["at ", stageReference(stage.number), " ", ...listedProse(parts)];
}

function factorProse(teller: Teller, step: LessonStep): Prose {
  return ["it times ", localFormula(teller, step)];
}

/** The local gradient, `2 · x = 6` where there are numbers. */
function localFormula(teller: Teller, step: LessonStep): Phrase {
  const number = teller.numbersOf(step)?.local;
  const written = formulaOf(step.local!); // gates are of steps that have one
  if (number === undefined || written.text === figure(number).text) return { kind: "formula", formula: written };
  return { kind: "formula", formula: chain([written, figure(number)]) };
}

/** "at (2) all of `2` goes to z, the larger, nothing to w" */
function routedProse(teller: Teller, { stage, steps }: Gate): Prose {
  const locals = steps.map((step) => teller.numbersOf(step)?.local);
  const head: Prose = ["at ", stageReference(stage.number), " "];
  if (!locals.every((local) => typeof local === "number"))
    return [...head, code(stage.variable), " takes its value from ", ...listed(targetsOf(steps), "or")];
  const winners = targetsOf(steps.filter((_, index) => locals[index] !== 0));
  const losers = targetsOf(steps.filter((_, index) => locals[index] === 0));
  if (winners.length === 0) return [...head, "nothing passes to ", ...listed(losers, "or")];
  const passes = locals.filter((local) => local !== 0);
  const share = passes.every((local) => local === 1)
    ? "all of "
    : passes.every((local) => local === 0.5)
      ? "half of "
      : "a part of ";
  const why = winners.length > 1 || isTie(teller, stage.number) ? " (a tie)" : reasonOf(stage.op, stage.expression);
  const to: Prose = [
    ...head,
    share,
    arrivingAt(teller, steps[0]!),
    winners.length > 1 ? " goes to each of " : " goes to ",
    ...listed(winners),
    why,
  ];
  return losers.length === 0 ? to : [...to, ", nothing to ", ...listed(losers)];
}

/** Why the one operand is chosen. */
function reasonOf(op: string, expression: string): string {
  const operands = expression.split(",").length;
  switch (op) {
    case "max":
      return operands > 2 ? ", the largest" : ", the larger";
    case "min":
      return operands > 2 ? ", the smallest" : ", the smaller";
    case "relu":
      return ", which is positive";
    default:
      return "";
  }
}

function targetsOf(steps: readonly LessonStep[]): Phrase[] {
  return unique(steps.map(({ target }) => code(target)));
}

/** "(5) by 2 · xPlusY = −2" */
function scaledProse(teller: Teller, { stage, steps }: Gate): Prose {
  const parts = steps.map((step): Prose => [
    "by ",
    localFormula(teller, step),
    ...(steps.length > 1 ? [" for ", code(step.target)] : []),
  ]);
  return [stageReference(stage.number), " ", ...listedProse(parts)];
}

/** What arrives at a stage, by number or by name. */
function arrivingAt(teller: Teller, { upstream, index }: LessonStep): Phrase {
  const number = teller.numbers?.steps[index]?.upstream;
  return { kind: "formula", formula: number === undefined ? nameFormula(upstream) : figure(number) };
}

function unique(phrases: readonly Phrase[]): Phrase[] {
  return [...new Map(phrases.map((phrase) => [JSON.stringify(phrase), phrase])).values()];
}

function listedProse(parts: readonly Prose[]): Prose {
  return parts.flatMap((part, index) => (index === 0 ? part : [index === parts.length - 1 ? " and " : ", ", ...part]));
}
