// relu, max and their like: what decides where the gradient goes.

import type { Case } from "../case.ts";
import type { Explained } from "./types.ts";
import { close, flatten } from "../per-point.ts";

/** relu, max and their like: the upstream gradient goes through or it does not. */
export function mask({ got, wanted, contributions, adjoint, forwardText }: Case): Explained | undefined {
  const upstream = contributions[0]?.upstream ?? undefined;
  if (upstream === undefined) return undefined;
  const flat = flatten(got, wanted, upstream);
  if (flat === undefined) return undefined;
  const isThrough = flat.every(([, w, u]) => close(w, u) || close(w, 0));
  const isBlocked = flat.some(([, w, u]) => close(w, 0) && !close(u, 0));
  if (!isThrough || !isBlocked) return undefined;
  const isRouted = /\bmax\s*\(\s*(?!0\b)[^,()]*,\s*(?!0\b)|\bmin\b/.test(forwardText);
  const gate = isRouted ? "the larger side" : `where ${adjoint.of} is positive`;
  if (flat.every(([g, , u]) => close(g, u)))
    return {
      explanation: `the gradient passes everywhere; in the forward pass it goes only through ${gate}, elsewhere it is 0`,
      nudge: "Where the forward pass cuts the value off, nothing depends on it any more. What comes back from there?",
    };
  if (flat.every(([g, w, u]) => close(g + w, u)))
    return {
      name: "mask-inverted",
      explanation: `the condition is the wrong way round: the gradient goes where the forward pass took nothing from ${adjoint.of}`,
      nudge: "Put numbers in: which side did the forward pass take there?",
    };
  if (flat.every(([g, , u]) => close(g, u) || close(g, 0)))
    return {
      name: "mask-of-another",
      explanation: `the gradient is cut off in the wrong places: the condition must look at ${adjoint.of}, as the forward pass does`,
      nudge: "Which variable decided in the forward pass what went through?",
    };
  return undefined;
}
