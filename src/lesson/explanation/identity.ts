// The well-known form of a derivative, as the op table has it, made part of a sentence.

import type { Prose } from "./types.ts";

/** ", since σ′ = σ(1 − σ)"; what is no equation stands by itself. To stand behind a formula. */
export function identityProse(identity: string): Prose {
  if (identity === "p − y") return ["; the softmax less the right answer, row by row, times what arrives"];
  return identity.includes(" = ") ? [`, since ${identity}`] : [`; ${identity}`];
}
