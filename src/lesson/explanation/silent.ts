// Stages between tensors that the backward pass goes through without a line of their own: why there is none, and what takes their place.

import type { LessonStage } from "../types.ts";
import { code, listed, stageReference, type Teller } from "./teller.ts";
import type { Block, Prose } from "./types.ts";

/** Stages on the way from an input with a gradient to the result that no line goes back through, last first. */
export function silentStages(teller: Teller): LessonStage[] {
  const { lesson, folding, stepsThrough } = teller;
  if (lesson.steps.length === 0 || lesson.steps.every(({ local }) => local !== undefined)) return []; // numbers have a line each
  const onPath = stagesOnPath(teller);
  return lesson.stages
    .filter(
      ({ number, variable }) => onPath.has(variable) && stepsThrough(number).length === 0 && folding.foldOf(number) === undefined,
    )
    .toReversed();
}

/** Of neighbours in the backward pass. */
export function silentBlock(stages: readonly LessonStage[]): Block {
  const [first] = stages;
  const numbers = listed(stages.map(({ number }) => stageReference(number)));
  const prose: Prose =
    stages.length === 1 && first !== undefined
      ? [...numbers, " back through ", code(first.variable), ": no line of its own; ", reasonOf(first), "."]
      : [...numbers, " have no lines of their own: they only hand on what arrives, or the next lines have their factor in them."];
  return { kind: "folded", prose };
}

function reasonOf({ op, expression }: LessonStage): string {
  if (/^sum\(.*\) \/ \S+$/.test(expression)) return "every term gets the same part, and the next lines have the factor in them";
  if (op === "sum") return "a sum hands what arrives to every term as it is, and the next lines read it directly";
  if (op === "add") return "a sum hands what arrives to its terms as it is, and the next lines read it directly";
  if (op === "sub") return "a difference hands what arrives to its first operand as it is, and the next lines read it directly";
  if (op === "reshape" || op === "broadcast") return "only the shape changes, and the next lines read what arrives directly";
  return "the next lines have its part in them";
}

/** Variables that the result depends on and that depend on an input with a gradient. */
function stagesOnPath({ lesson }: Teller): Set<string> {
  const depends = new Set(lesson.inputs.filter(({ wrt }) => wrt).map(({ variable }) => variable));
  for (const { variable, operands } of lesson.stages) if (operands.some((operand) => depends.has(operand))) depends.add(variable);
  const needed = new Set([lesson.output]);
  for (const { variable, operands } of lesson.stages.toReversed())
    if (needed.has(variable)) for (const operand of operands) needed.add(operand);
  return new Set([...needed].filter((variable) => depends.has(variable)));
}
