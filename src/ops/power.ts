// Powers, roots and norms.

import { op } from "./define.ts";

const ANY = [-3, 3] as const;
const POSITIVE = [0.25, 4] as const;

export const power = {
  pow: op(["x", "y"], {
    evaluate: (x, y) => x ** y,
    pullback: ["y === 0 ? 0 : y * pow(x, y - 1) * adj", "x === 0 ? 0 : out * log(x) * adj"],
    domain: [POSITIVE, ANY],
    emit: { ts: "x ** y", latex: "{{x}}^{{y}}" },
    stageName: "{x}Pow{y}",
    doc: "x to the power y; for negative x only where y is an integer",
  }),
  square: op(["x"], {
    evaluate: (x) => x * x,
    derivative: ["2 * x"],
    domain: [ANY],
    range: [0, Infinity],
    emit: { ts: "x ** 2", fast: "x * x", latex: "{{x}}^{2}" },
    stageName: "{x}Sq",
    doc: "x²",
    identity: "(u²)′ = 2u",
  }),
  cube: op(["x"], {
    evaluate: (x) => x * x * x,
    derivative: ["3 * square(x)"],
    domain: [ANY],
    emit: { ts: "x ** 3", fast: "x * x * x", latex: "{{x}}^{3}" },
    stageName: "{x}Cubed",
    doc: "x³",
    identity: "(u³)′ = 3u²",
  }),
  sqrt: op(["x"], {
    evaluate: Math.sqrt,
    pullback: ["adj / (2 * out)"],
    domain: [POSITIVE],
    range: [0, Infinity],
    emit: { ts: "Math.sqrt(x)", latex: "\\sqrt{{x}}" },
    stageName: "sqrt{x}",
    doc: "square root; NaN below 0",
    identity: "(√u)′ = 1 / (2√u)",
  }),
  cbrt: op(["x"], {
    evaluate: Math.cbrt,
    pullback: ["adj / (3 * square(out))"],
    domain: [POSITIVE],
    emit: { ts: "Math.cbrt(x)", latex: "\\sqrt[3]{{x}}" },
    stageName: "cbrt{x}",
    doc: "cube root",
    identity: "(∛u)′ = 1 / (3∛u²)",
  }),
  nthRoot: op(["x", "n"], {
    evaluate: (x, n) => (x < 0 && Math.abs(n % 2) === 1 ? -((-x) ** (1 / n)) : x ** (1 / n)),
    pullback: ["out / (n * x) * adj", "x === 0 ? 0 : -out * log(abs(x)) / square(n) * adj"],
    domain: [POSITIVE, [1.5, 4]],
    emit: { ts: "x < 0 && Math.abs(n % 2) === 1 ? -((-x) ** (1 / n)) : x ** (1 / n)", latex: "\\sqrt[{n}]{{x}}" },
    stageName: "root{x}",
    doc: "n-th root; negative x where n is an odd integer",
  }),
  hypot: op(["x..."], {
    evaluate: (...x) => Math.hypot(...x),
    pullback: ["x * (out === 0 ? 0 : adj / out)"],
    domain: [POSITIVE],
    range: [0, Infinity],
    emit: { ts: "Math.hypot(x...)", latex: "\\left\\|{x...}\\right\\|" },
    stageName: "norm",
    doc: "Euclidean norm without overflow; derivative 0 at the origin",
    identity: "∂‖u‖/∂uᵢ = uᵢ / ‖u‖",
  }),
};
