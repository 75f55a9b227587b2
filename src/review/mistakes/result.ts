// A right gradient that goes out under another name.

import type { Case } from "../case.ts";
import type { Explained } from "./types.ts";
import { agreeEverywhere } from "../per-point.ts";

export function wrongResult({ adjoint, got, roles, gradientOf, write, text }: Case): Explained | undefined {
  if (!adjoint.isResult) return undefined;
  const named = write.right === undefined ? undefined : text.slice(write.right.start ?? 0, write.right.end ?? 0);
  if (named === undefined || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(named)) return undefined;
  const other = roles.adjoints.find(({ name, of }) => !adjoint.isResult || (name === named && of !== adjoint.of));
  if (other === undefined || !agreeEverywhere(got, gradientOf(other.of) ?? [])) return undefined;
  const right = roles.adjoints.find(({ of, isResult }) => of === adjoint.of && !isResult)?.name;
  return {
    explanation: `what goes out as the gradient by ${adjoint.of} is ${named}, the gradient by ${other.of}`,
    nudge: `Which variable holds the gradient by ${adjoint.of}?`,
    ...(right !== undefined && { edits: [{ start: write.right!.start ?? 0, end: write.right!.end ?? 0, text: right }] }),
  };
}
