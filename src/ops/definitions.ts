// Functions that are formulas over other ops: a call is written out at once, so their gates and gradients are those of the parts.

export interface Definition {
  /** Parameters in order; those with a default may be left out by the user. */
  readonly params: readonly string[];
  readonly defaults?: Readonly<Record<string, number>>;
  /** In the language of core/syntax.ts. */
  readonly formula: string;
  readonly doc: string;
  readonly aliases?: readonly string[];
}

export const definitions: Readonly<Record<string, Definition>> = {
  silu: { params: ["x"], formula: "x * sigmoid(x)", doc: "sigmoid linear unit", aliases: ["swish"] },
  gelu: { params: ["x"], formula: "0.5 * x * (1 + erf(x * Math.SQRT1_2))", doc: "Gaussian error linear unit, exact form" },
  mish: { params: ["x"], formula: "x * tanh(softplus(x))", doc: "mish" },
  elu: {
    params: ["x", "alpha"],
    defaults: { alpha: 1 },
    formula: "x > 0 ? x : alpha * expm1(x)",
    doc: "exponential linear unit",
  },
  leakyRelu: {
    params: ["x", "slope"],
    defaults: { slope: 0.01 },
    formula: "x > 0 ? x : slope * x",
    doc: "leaky ReLU",
    aliases: ["leakyrelu", "leaky_relu"],
  },
  logSigmoid: { params: ["x"], formula: "-softplus(-x)", doc: "ln σ(x)", aliases: ["logsigmoid"] },
};
