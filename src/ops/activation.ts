// Activations that are gates of their own. Those that are formulas over other gates are in `definitions.ts`.

import { op } from "./define.ts";

const WIDE = [-6, 6] as const;

export const activation = {
  sigmoid: op(["x"], {
    evaluate: (x) => 1 / (1 + Math.exp(-x)),
    derivative: ["(1 - out) * out"],
    domain: [WIDE],
    range: [0, 1],
    emit: { ts: "1 / (1 + Math.exp(-x))", latex: "\\sigma\\left({x}\\right)" },
    stageName: "sig{x}",
    doc: "logistic sigmoid",
    identity: "σ′ = σ(1 − σ)",
    aliases: ["logistic"],
  }),
  softplus: op(["x"], {
    evaluate: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    derivative: ["sigmoid(x)"],
    domain: [WIDE],
    range: [0, Infinity],
    emit: { ts: "Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))", latex: "\\operatorname{softplus}\\left({x}\\right)" },
    stageName: "softplus{x}",
    doc: "ln(1 + eˣ) without overflow",
    identity: "softplus′ = σ",
  }),
  relu: op(["x"], {
    evaluate: (x) => Math.max(0, x),
    pullback: ["x > 0 ? adj : 0"],
    domain: [WIDE],
    range: [0, Infinity],
    kinks: ["x"],
    emit: { ts: "Math.max(0, x)", latex: "\\operatorname{ReLU}\\left({x}\\right)" },
    stageName: "relu{x}",
    doc: "max(0, x); derivative 0 at 0",
    identity: "relu passes the gradient where its input is positive",
  }),
};
