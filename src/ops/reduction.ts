// Reductions over lists of named scalars. (Over tensor axes they join here.)

import { op } from "./define.ts";

export const reduction = {
  logsumexp: op(["x..."], {
    evaluate: logSumExp,
    derivative: ["exp(x - out)"],
    domain: [[-4, 4]],
    emit: { ts: "logsumexp(x...)", latex: "\\ln\\sum\\exp\\left({x...}\\right)" },
    stageName: "lse",
    doc: "ln Σ exp, shifted by the largest so that nothing overflows",
    identity: "∂lse/∂uᵢ = exp(uᵢ − lse), the softmax",
  }),
};

function logSumExp(...x: number[]): number {
  const shift = Math.max(...x);
  if (!Number.isFinite(shift)) return shift;
  let sum = 0;
  for (const value of x) sum += Math.exp(value - shift);
  return shift + Math.log(sum);
}
