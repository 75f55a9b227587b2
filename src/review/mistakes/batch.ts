// Sums, means and classes over the rows of a batch.

import type { Case } from "../case.ts";
import type { Explained } from "./types.ts";
import { agreeEverywhere, close, factorBetween } from "../per-point.ts";
import { subtract } from "../vectors.ts";
import { timesEdit } from "./edits.ts";

export function batchSum({ got, wanted, contributions, adjoint }: Case): Explained | undefined {
  const nudge = `${adjoint.of} is added to every row, so it forks into all of them. What happens to gradients at a fork?`;
  const rowSums = got.map((each, point) => {
    const width = wanted[point]?.length ?? 0;
    return each !== undefined && width > 0 && each.length > width && each.length % width === 0 ? sumRows(each, width) : undefined;
  });
  if (rowSums.some((each) => each !== undefined) && agreeEverywhere(rowSums, wanted))
    return { explanation: `${adjoint.name} still has a row for each example: the sum over the batch is missing`, nudge };
  const upstream = contributions[0]?.upstream;
  if (upstream === undefined) return undefined;
  const isRow = (pick: (rows: number) => number): boolean =>
    agreeEverywhere(
      got,
      upstream.map((each, point) => {
        const width = wanted[point]?.length ?? 0;
        const rows = width === 0 ? 0 : (each?.length ?? 0) / width;
        return rows > 1 && Number.isInteger(rows) ? each!.slice(pick(rows) * width, (pick(rows) + 1) * width) : undefined;
      }),
    );
  if (isRow(() => 0) || isRow((rows) => rows - 1))
    return {
      name: "one-row",
      explanation: `${adjoint.name} is the gradient of one row only: the sum over the batch is missing`,
      nudge,
    };
  const wholeSums = got.map((each, point) => {
    const right = wanted[point];
    return each?.length === 1 && right !== undefined && right.length > 1
      ? [each[0]! - right.reduce((sum, value) => sum + value, 0)]
      : undefined;
  });
  if (wholeSums.some((each) => each !== undefined) && wholeSums.every((each) => each === undefined || close(each[0]!, 0)))
    return { explanation: `${adjoint.name} is summed over everything; only the rows of the batch are to be added up`, nudge };
  return undefined;
}

/** Softmax with cross-entropy is p − y: without the y each row is off at one place. */
export function oneHot({ got, wanted, forwardText, probe }: Case): Explained | undefined {
  const hasClasses =
    probe.trial.names.truth.inputs.some(({ dtype }) => dtype === "integer") || /exp|softmax|log/i.test(forwardText);
  if (!hasClasses) return undefined;
  const isOff = got.every((each, point) => {
    const right = wanted[point];
    if (each === undefined || right === undefined) return true;
    if (each.length !== right.length) return false;
    const off = subtract(each, right).filter((value) => Math.abs(value) > 1e-6);
    const rowSum = right.reduce((sum, value) => sum + value, 0);
    return (
      off.length > 0 &&
      off.length < each.length &&
      off.every((value) => value > 0 && close(value, off[0]!)) &&
      Math.abs(rowSum) < 1e-6
    );
  });
  if (!isOff) return undefined;
  return {
    explanation: "this is the softmax alone: of the right class 1 has to be taken away (p − y)",
    nudge: "In which element does the loss contain the score itself, besides the logarithm of the sum?",
  };
}

/** A size of the batch too many, or too few. */
export function mean(wrong: Case): Explained | undefined {
  const factors = factorBetween(wrong.wanted, wrong.got);
  if (factors === undefined) return undefined;
  for (const { text, values: counts } of wrong.quantities().filter(({ kind }) => kind === "size")) {
    if (factors.every((each, point) => each === undefined || close(each[0]! * counts[point]![0]!, 1)))
      return {
        explanation: `the 1/${text} of the mean is missing: this is ${text} times too large`,
        nudge: "The forward pass divides by the number of examples. Where does that come back?",
        ...timesEdit(wrong, `(1 / ${text})`),
      };
    if (factors.every((each, point) => each === undefined || close(each[0]!, counts[point]![0]!)))
      return {
        name: "divided-twice",
        explanation: `this is divided by ${text} once too often`,
        nudge: "The mean divides once. Which lines divide here?",
      };
  }
  return undefined;
}

function sumRows(data: readonly number[], width: number): number[] {
  return Array.from({ length: width }, (_, column) =>
    data.reduce((sum, value, at) => (at % width === column ? sum + value : sum), 0),
  );
}
