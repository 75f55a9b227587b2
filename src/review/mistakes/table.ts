// The mistakes that are made in backward passes, as a table: each says whether it explains the numbers of a wrong line at every point, and how to
// say so. The first that does is told.

import type { Case } from "../case.ts";
import { batchSum, mean, oneHot } from "./batch.ts";
import { constant, factor, reciprocalSquare, upstream } from "./factors.ts";
import { multipliedPaths, surplusFactor, wrongConstant } from "./literals.ts";
import { mask, signOfAbsolute } from "./mask.ts";
import { argumentsTurned, misordered, misshapen, skippedStage, transposed } from "./matrices.ts";
import { anotherName, exchanged } from "./names.ts";
import { notANumber } from "./not-a-number.ts";
import { swappedOperands } from "./operands.ts";
import { anotherOperator } from "./operators.ts";
import { wrongResult } from "./result.ts";
import { wrongRound } from "./round.ts";
import { misremembered } from "./rules.ts";
import { wrongShape } from "./shape.ts";
import { sign } from "./sign.ts";
import { countedTwice, missingContribution, overwritten, usedTooEarly } from "./sums.ts";
import type { Explained, Mistake, MistakeName } from "./types.ts";

export const mistakes: readonly Mistake[] = [
  { name: "wrong-result", applies: wrongResult },
  { name: "transposed", applies: misshapen },
  { name: "wrong-derivative", applies: misremembered },
  { name: "missing-batch-sum", applies: batchSum },
  { name: "wrong-shape", applies: wrongShape },
  { name: "not-a-number", applies: notANumber },
  { name: "overwritten", applies: overwritten },
  { name: "used-too-early", applies: usedTooEarly },
  { name: "counted-twice", applies: countedTwice },
  { name: "missing-contribution", applies: missingContribution },
  { name: "sign", applies: sign },
  { name: "mask-missing", applies: mask },
  { name: "sign-missing", applies: signOfAbsolute },
  { name: "swapped-operands", applies: swappedOperands },
  { name: "transposed", applies: transposed },
  { name: "missing-one-hot", applies: oneHot },
  { name: "missing-mean", applies: mean },
  { name: "missing-upstream", applies: upstream },
  { name: "reciprocal-square", applies: reciprocalSquare },
  { name: "extra-factor", applies: surplusFactor },
  { name: "wrong-constant", applies: wrongConstant },
  { name: "constant-factor", applies: constant },
  { name: "wrong-variable", applies: anotherName },
  { name: "wrong-operator", applies: anotherOperator },
  { name: "swapped-operands", applies: argumentsTurned },
  { name: "transposed", applies: misordered },
  { name: "multiplied-paths", applies: multipliedPaths },
  { name: "missing-factor", applies: factor },
  { name: "wrong-variable", applies: exchanged },
  { name: "wrong-upstream", applies: skippedStage },
  { name: "wrong-variable", applies: wrongRound },
];

/** The first entry that explains the case. */
export function explain(wrong: Case): (Explained & { readonly name: MistakeName }) | undefined {
  for (const { name, applies } of mistakes) {
    const found = applies(wrong);
    if (found !== undefined) return { name, ...found };
  }
  return undefined;
}
