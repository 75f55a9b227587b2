// Lists of the wrong length: gradients have the shape of their variables.

import type { Case } from "../case.ts";
import type { Explained } from "./types.ts";

export function wrongShape({ after, wantedAfter, adjoint, quantities }: Case): Explained | undefined {
  const point = after.findIndex((each, index) => {
    const right = wantedAfter[index];
    return each !== undefined && each.length > 0 && right !== undefined && each.length !== right.length;
  });
  if (point < 0) return undefined;
  const [got, right] = [after[point]!.length, wantedAfter[point]!.length];
  const count = (length: number): string => (length === 1 ? "one number" : `${length} numbers`);
  const alike = quantities().find(
    ({ kind, text, values }) =>
      kind === "stage" &&
      text !== adjoint.of &&
      values.some((each) => each !== undefined) &&
      values.every((each, index) => each === undefined || each.length === after[index]?.length),
  );
  const like = got === 1 || alike === undefined ? "" : `, as many as ${alike.text}`;
  return {
    explanation: `a gradient has the shape of its variable: ${adjoint.of} is ${count(right)}, and ${adjoint.name} is ${count(got)}${like}`,
    nudge:
      got > right
        ? `Where one value of ${adjoint.of} goes into many, what comes back from all of them is added up. Over what is to be summed here?`
        : `Write the shape of ${adjoint.of} beside it, and the shape of each part of this line.`,
  };
}
