// Exponentials and logarithms.

import { op } from "./define.ts";

const ANY = [-4, 4] as const;
const POSITIVE = [0.25, 4] as const;

export const exponential = {
  exp: op(["x"], {
    evaluate: Math.exp,
    derivative: ["out"],
    domain: [ANY],
    range: [0, Infinity],
    emit: { ts: "Math.exp(x)", latex: "e^{{x}}" },
    stageName: "exp{x}",
    doc: "eˣ",
    identity: "exp′ = exp",
  }),
  expm1: op(["x"], {
    evaluate: Math.expm1,
    derivative: ["exp(x)"],
    domain: [ANY],
    range: [-1, Infinity],
    emit: { ts: "Math.expm1(x)", latex: "\\left(e^{{x}} - 1\\right)" },
    stageName: "expm1{x}",
    doc: "eˣ − 1, accurate near 0",
  }),
  log: op(["x"], {
    evaluate: Math.log,
    pullback: ["adj / x"],
    domain: [POSITIVE],
    emit: { ts: "Math.log(x)", latex: "\\ln {x}" },
    stageName: "log{x}",
    doc: "natural logarithm; NaN below 0. log(x, b) is log(x) / log(b)",
    identity: "log′(u) = 1/u",
    aliases: ["ln"],
  }),
  log1p: op(["x"], {
    evaluate: Math.log1p,
    pullback: ["adj / (1 + x)"],
    domain: [[-0.75, 4]],
    emit: { ts: "Math.log1p(x)", latex: "\\ln\\left(1 + {x}\\right)" },
    stageName: "log1p{x}",
    doc: "ln(1 + x), accurate near 0",
  }),
  log2: op(["x"], {
    evaluate: Math.log2,
    pullback: ["adj / (x * Math.LN2)"],
    domain: [POSITIVE],
    emit: { ts: "Math.log2(x)", latex: "\\log_{2} {x}" },
    stageName: "log2{x}",
    doc: "logarithm to base 2",
  }),
  log10: op(["x"], {
    evaluate: Math.log10,
    pullback: ["adj / (x * Math.LN10)"],
    domain: [POSITIVE],
    emit: { ts: "Math.log10(x)", latex: "\\log_{10} {x}" },
    stageName: "log10{x}",
    doc: "logarithm to base 10",
  }),
};
