// Values that are no numbers: NaN, and what is undefined.

import { isBroken, type Case } from "../case.ts";
import type { Explained } from "./types.ts";

export function notANumber({ after, write, adjoint }: Case): Explained | undefined {
  if (!after.some(isBroken)) return undefined;
  const grows = write.operator === "+=" || write.operator === "-=";
  return {
    explanation: grows
      ? `${adjoint.name} is not a number here: a sum that was never started stays undefined, and undefined + 1 is NaN`
      : `${adjoint.name} is not a number here: something on the right is undefined, or 0 divided by 0`,
    nudge: grows
      ? `What does ${adjoint.name} hold before the first +=?`
      : "Print each name on the right: which of them is NaN or undefined?",
  };
}
