// The error function and the gamma family. Their code is in templates/special.ts, which generated files copy from.

import { digamma, erf, erfc, gamma, lgamma, polygamma } from "../../templates/special.ts";
import { op } from "./define.ts";

const POSITIVE = [0.5, 5] as const;

export const special = {
  erf: op(["x"], {
    evaluate: erf,
    derivative: ["1.1283791670955126 * exp(-square(x))"], // 2/√π
    domain: [[-2, 2]],
    range: [-1, 1],
    emit: { ts: "erf(x)", latex: "\\operatorname{erf}\\left({x}\\right)" },
    stageName: "erf{x}",
    doc: "error function",
    identity: "erf′(u) = 2/√π · exp(−u²)",
  }),
  erfc: op(["x"], {
    evaluate: erfc,
    derivative: ["-1.1283791670955126 * exp(-square(x))"], // −2/√π
    domain: [[-2, 2]],
    range: [0, 2],
    emit: { ts: "erfc(x)", latex: "\\operatorname{erfc}\\left({x}\\right)" },
    stageName: "erfc{x}",
    doc: "complementary error function, accurate in the tail",
    identity: "erfc′(u) = −2/√π · exp(−u²)",
  }),
  gamma: op(["x"], {
    evaluate: gamma,
    derivative: ["out * digamma(x)"],
    domain: [POSITIVE],
    emit: { ts: "gamma(x)", latex: "\\Gamma\\left({x}\\right)" },
    stageName: "gamma{x}",
    doc: "gamma function; x! is gamma(x + 1)",
    identity: "Γ′ = Γψ",
  }),
  lgamma: op(["x"], {
    evaluate: lgamma,
    derivative: ["digamma(x)"],
    domain: [POSITIVE],
    emit: { ts: "lgamma(x)", latex: "\\ln\\left|\\Gamma\\left({x}\\right)\\right|" },
    stageName: "lgamma{x}",
    doc: "ln |Γ(x)|",
    identity: "(ln Γ)′ = ψ",
    aliases: ["gammaln", "lnGamma"],
  }),
  digamma: op(["x"], {
    evaluate: digamma,
    derivative: ["polygamma(1, x)"],
    domain: [POSITIVE],
    emit: { ts: "digamma(x)", latex: "\\psi\\left({x}\\right)" },
    stageName: "digamma{x}",
    doc: "ψ(x), the logarithmic derivative of gamma",
    identity: "ψ′ = ψ₁",
  }),
  polygamma: op(["n", "x"], {
    evaluate: polygamma,
    derivative: [null, "polygamma(n + 1, x)"],
    domain: [[1, 1], POSITIVE],
    emit: { ts: "polygamma(n, x)", latex: "\\psi^{({n})}\\left({x}\\right)" },
    stageName: "polygamma{x}",
    doc: "n-th derivative of digamma, n a whole number ≥ 1",
  }),
};
