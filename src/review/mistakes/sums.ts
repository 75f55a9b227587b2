// Mistakes at forks, where gradients add up: thrown away, counted twice, left out, used before all are in.

import type { Case } from "../case.ts";
import type { Explained } from "./types.ts";
import { lineAt, startOf } from "../syntax.ts";
import { close, factorBetween } from "../per-point.ts";

export function overwritten({ verdict, adjoint, write, text, contributions }: Case): Explained | undefined {
  if (verdict !== "overwrites") return undefined;
  const at = operatorPlace(write, text);
  return {
    explanation: `${adjoint.of} is used more than once, so its gradients add up; this = throws away what ${adjoint.name} held before`,
    nudge: `${adjoint.of} forks in the forward pass. What happens here to the gradient that came back through its other use?`,
    ...(at !== undefined && contributions.length > 0 && { edits: [{ start: at, end: at + 1, text: "+=" }] }),
  };
}

export function usedTooEarly({ verdict, incomplete }: Case): Explained | undefined {
  if (verdict !== "early" || incomplete === undefined) return undefined;
  return {
    explanation: `this line reads ${incomplete} before it is complete: lines below still add to it`,
    nudge: `A gradient may be passed on only when all its contributions are in. Which lines have to come before this one?`,
  };
}

export function countedTwice({ verdict, adjoint }: Case): Explained | undefined {
  if (verdict !== "twice") return undefined;
  return {
    explanation: `this contribution to ${adjoint.name} is already in it: it is counted twice`,
    nudge: `Count the places where ${adjoint.of} is used in the forward pass, and the lines that add to ${adjoint.name}.`,
  };
}

export function missingContribution({
  verdict,
  adjoint,
  contributions,
  all,
  text,
  wantedAfter,
  after,
}: Case): Explained | undefined {
  if (verdict !== "missing") return undefined;
  const brought = new Set(all.filter((each) => !contributions.includes(each)).map(({ read }) => read.statement));
  const isSquare = contributions.length > 0 && contributions.every(({ read }) => brought.has(read.statement));
  if (isSquare) {
    const line = lineAt(text, startOf(contributions[0]!.read.node));
    const isHalf = (factorBetween(wantedAfter, after) ?? []).every((each) => each === undefined || close(each[0]!, 2));
    const isProduct = isHalf && factorBetween(wantedAfter, after) !== undefined;
    return {
      ...(isProduct && { name: "constant-factor" as const }),
      explanation: `${adjoint.of} stands more than once on line ${line}, and not each of its places sends a gradient back here`,
      nudge: isProduct
        ? "What is the derivative of u * u?"
        : `Take line ${line} apart: by which of its parts does the value change with ${adjoint.of}? Their gradients add up.`,
    };
  }
  const reads = contributions.map(({ read }) => lineAt(text, startOf(read.node)));
  const lines = [...new Set(reads)];
  if (lines.length === 0) return undefined;
  const where = lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.join(", ")}`;
  return {
    explanation: `${adjoint.of} is also used on ${where}, and nothing brings the gradient of that use back into ${adjoint.name}`,
    nudge: `Every use of ${adjoint.of} in the forward pass sends a gradient back. Which use has no line here?`,
  };
}

/** Where the `=` of an assignment stands. */
function operatorPlace(write: Case["write"], text: string): number | undefined {
  if (write.how !== "assignment" || write.right === undefined) return undefined;
  const at = text.lastIndexOf("=", startOf(write.right));
  return at > startOf(write.node) ? at : undefined;
}
