// Reads what a network answers: how probable each class is, which one it says, how many rows are right.

import { unreachable } from "../../core/unreachable.ts";
import type { DataSet } from "./data-sets.ts";
import type { NetworkFacts } from "./messages.ts";

type Kind = Pick<NetworkFacts, "answer" | "outputs">;

/** Probabilities of the classes that row `row` of the answers tells; two where there is one output. */
export function probabilitiesOf({ answer, outputs }: Kind, answers: ArrayLike<number>, row: number): number[] {
  const first = answers[row * outputs]!;
  switch (answer) {
    case "number":
    case "probability":
      return yesOrNo(Math.min(1, Math.max(0, first)));
    case "logit":
      return yesOrNo(1 / (1 + Math.exp(-first)));
    case "sign":
      return yesOrNo((1 + Math.min(1, Math.max(-1, first))) / 2);
    case "probabilities":
      return rowOf(answers, row, outputs);
    case "log-probabilities":
      return rowOf(answers, row, outputs).map(Math.exp);
    case "scores":
      return softmax(rowOf(answers, row, outputs));
    default:
      return unreachable(answer);
  }
}

/** The most probable class. */
export function classOf(kind: Kind, answers: ArrayLike<number>, row: number): number {
  const probabilities = probabilitiesOf(kind, answers, row);
  return probabilities.indexOf(Math.max(...probabilities));
}

/** Rows whose most probable class is the right one; undefined where answers are numbers. */
export function countRight(kind: Kind, data: DataSet, answers: ArrayLike<number>): number | undefined {
  if (data.classes === undefined) return undefined;
  return data.answers.reduce((right, answer, row) => right + (classOf(kind, answers, row) === answer ? 1 : 0), 0);
}

/** Root of the mean squared difference between numbers and answers. */
export function rootMeanSquare(data: DataSet, answers: ArrayLike<number>): number {
  const squares = data.answers.reduce((sum, answer, row) => sum + (answers[row]! - answer) ** 2, 0);
  return Math.sqrt(squares / data.rows);
}

/** One sentence on how good the answers are. */
export function describeAnswers(kind: Kind, data: DataSet, answers: ArrayLike<number>): string {
  const right = countRight(kind, data, answers);
  if (right === undefined)
    return `The answers miss by ${Number(rootMeanSquare(data, answers).toPrecision(3))} (root mean square).`;
  return right === data.rows ? `All ${data.rows} answers are right.` : `${right} of ${data.rows} answers are right.`;
}

function yesOrNo(yes: number): number[] {
  return [1 - yes, yes];
}

function rowOf(answers: ArrayLike<number>, row: number, outputs: number): number[] {
  return Array.from({ length: outputs }, (_, at) => answers[row * outputs + at]!);
}

/** Less the largest first, so that no exponential is infinite. */
function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - most));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
