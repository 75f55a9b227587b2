// The systems that must work, as data: which example, how it is compiled, which numbers must come out.

import type { CompileOptions } from "../src/index.ts";

export interface SystemCheck {
  /** The function of the source; default the last. */
  readonly fn?: string;
  readonly at: Readonly<Record<string, number>>;
  readonly value: number | readonly number[];
  readonly gradient?: Readonly<Record<string, number>>;
  /** Values of named stages. */
  readonly stages?: Readonly<Record<string, number>>;
  /** Adjoints of named stages. */
  readonly adjoints?: Readonly<Record<string, number>>;
  readonly rows?: readonly (readonly number[])[];
  /** Decimal places the notes give; default 12. */
  readonly digits?: number;
}

export interface System {
  /** `examples/<name>.math`. */
  readonly name: string;
  /** Row of the table of systems. */
  readonly row?: string;
  readonly options?: CompileOptions;
  /** Other ways of printing it that are kept in generated/ as well. */
  readonly also?: readonly CompileOptions[];
  readonly checks: readonly SystemCheck[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** S7 by hand, as the course notes stage it. */
function staged(x: number, y: number): { value: number; dx: number; dy: number } {
  const [sigX, sigY, sum] = [sigmoid(x), sigmoid(y), x + y];
  const [numerator, denominator] = [x + sigY, sigX + sum * sum];
  const dDenominator = -numerator / (denominator * denominator);
  return {
    value: numerator / denominator,
    dx: 1 / denominator + dDenominator * (2 * sum + sigX * (1 - sigX)),
    dy: (sigY * (1 - sigY)) / denominator + dDenominator * 2 * sum,
  };
}

const s7 = staged(3, -4);

export const systems: readonly System[] = [
  { name: "multiply", row: "S1", checks: [{ at: { x: 4, y: -3 }, value: -12, gradient: { x: -3, y: 4 } }] },
  { name: "add", row: "S2", checks: [{ at: { x: 4, y: -3 }, value: 1, gradient: { x: 1, y: 1 } }] },
  {
    name: "max",
    row: "S3",
    checks: [
      { at: { x: 4, y: 2 }, value: 4, gradient: { x: 1, y: 0 } },
      { at: { x: 2, y: 2 }, value: 2, gradient: { x: 1, y: 1 } },
    ],
  },
  {
    name: "compound",
    row: "S4",
    checks: [{ at: { x: -2, y: 5, z: -4 }, value: -12, gradient: { x: -4, y: -4, z: 3 }, stages: { q: 3 }, adjoints: { q: -4 } }],
  },
  {
    name: "neuron",
    row: "S5",
    also: [{ gates: "each" }],
    checks: [
      {
        at: { w0: 2, x0: -1, w1: -3, x1: -2, w2: -3 },
        value: 0.7310586,
        gradient: { w0: -0.1966119, x0: 0.3932239, w1: -0.3932239, x1: -0.5898358, w2: 0.1966119 },
        stages: { dot: 1 },
        adjoints: { dot: 0.1966119 },
        digits: 7,
      },
    ],
  },
  {
    name: "unary-gates",
    row: "S6",
    checks: [
      { fn: "inverse", at: { x: 4 }, value: 0.25, gradient: { x: -1 / 16 } },
      { fn: "shift", at: { x: 4, c: 3 }, value: 7, gradient: { x: 1 } },
      { fn: "exponential", at: { x: 2 }, value: Math.exp(2), gradient: { x: Math.exp(2) } },
      { fn: "scale", at: { x: 4, a: 3 }, value: 12, gradient: { x: 3 } },
    ],
  },
  {
    name: "staged",
    row: "S7",
    also: [{ style: "tidy" }, { style: "fast" }],
    checks: [{ at: { x: 3, y: -4 }, value: s7.value, gradient: { x: s7.dx, y: s7.dy } }],
  },
  {
    name: "patterns",
    row: "S8",
    checks: [{ at: { x: 3, y: -4, z: 2, w: -1 }, value: -20, gradient: { x: -8, y: 6, z: 2, w: 0 } }],
  },
  {
    name: "softplus-network",
    row: "S14",
    also: [{ style: "tidy" }, { style: "fast" }],
    checks: [
      {
        at: { w1: 3.34, b1: -1.43, w2: -3.53, b2: 0.57, w3: -1.22, w4: -2.3, b3: 0 },
        value: 20.4,
        gradient: { b3: -15.7 },
        digits: 1,
      },
    ],
  },
  {
    name: "squared-error",
    row: "S15",
    checks: [
      {
        at: { w: 2, b: -1, x: 1.5, y: 1 },
        value: (1 - sigmoid(2)) ** 2,
        gradient: {
          w: -2 * (1 - sigmoid(2)) * sigmoid(2) * (1 - sigmoid(2)) * 1.5,
          b: -2 * (1 - sigmoid(2)) * sigmoid(2) * (1 - sigmoid(2)),
        },
        stages: { z: 2, a: sigmoid(2) },
        adjoints: { a: -2 * (1 - sigmoid(2)), z: -2 * (1 - sigmoid(2)) * sigmoid(2) * (1 - sigmoid(2)) },
      },
    ],
  },
  { name: "shifted-square", row: "S15", checks: [{ at: { x: 1 }, value: 9, gradient: { x: 6 } }] },
  { name: "line", row: "S15", checks: [{ at: { w: 3, x: 2, b: 1 }, value: 7, gradient: { w: 2, x: 3, b: 1 } }] },
  {
    name: "relu-exercise",
    row: "S20",
    checks: [
      // h = 2·1 − 1 = 1, o = 3·1 + 0.5 = 3.5, L = (1 − 3.5)²
      { at: { w1: 2, b1: -1, w2: 3, b2: 0.5, x: 1, y: 1 }, value: 6.25, gradient: { w1: 15, b1: 15, w2: 5, b2: 5 } },
      { at: { w1: -2, b1: -1, w2: 3, b2: 0.5, x: 1, y: 1 }, value: 0.25, gradient: { w1: 0, b1: 0, w2: 0, b2: -1 } },
    ],
  },
  {
    name: "tanh",
    row: "S20",
    checks: [
      {
        at: { w: 0.5, x: 2, b: -0.25 },
        value: Math.tanh(0.75),
        gradient: { w: 2 * (1 - Math.tanh(0.75) ** 2), x: 0.5 * (1 - Math.tanh(0.75) ** 2), b: 1 - Math.tanh(0.75) ** 2 },
      },
    ],
  },
  { name: "polynomial", row: "S26", checks: [{ at: { x: 1 }, value: 3, gradient: { x: 4 } }] },
  { name: "quadratic", row: "S26", checks: [{ at: { x: 2 }, value: 11, gradient: { x: 7 } }] },
  {
    name: "categorical",
    row: "S28",
    options: { mode: "jacobian" },
    checks: [
      {
        at: { a: 1, b: 2, c: 5 },
        value: [1 / 8, 2 / 8, 5 / 8],
        rows: [
          [7 / 64, -1 / 64, -1 / 64],
          [-2 / 64, 6 / 64, -2 / 64],
          [-5 / 64, -5 / 64, 3 / 64],
        ],
      },
    ],
  },
  {
    name: "zipf",
    row: "S28",
    checks: [{ at: { s: 1, n1: 60, n2: 30, n3: 20, n4: 15, n5: 12 }, ...zipf(1, [60, 30, 20, 15, 12]) }],
  },
  {
    name: "entropy",
    row: "S28",
    checks: [
      {
        at: { p1: 0.5, p2: 0.25, p3: 0.25 },
        value: 1.5,
        gradient: { p1: 1 - Math.LOG2E, p2: 2 - Math.LOG2E, p3: 2 - Math.LOG2E },
      },
    ],
  },
  {
    name: "cross-entropy",
    row: "S28",
    checks: [
      {
        at: { p1: 0.5, p2: 0.25, p3: 0.25, q1: 0.25, q2: 0.25, q3: 0.5 },
        value: 0.75 * Math.log(4) + 0.25 * Math.log(2),
        gradient: { q1: -2, q2: -1, q3: -0.5 },
      },
    ],
  },
  {
    name: "softmax-cross-entropy",
    row: "S12",
    also: [{ style: "tidy" }, { style: "fast" }],
    checks: [
      { at: { h1: 0, h2: 0, h3: 0 }, value: Math.log(3), gradient: { h1: 1 / 3, h2: -2 / 3, h3: 1 / 3 } },
      { at: { h1: 1000, h2: 0, h3: -1000 }, value: 1000, gradient: { h1: 1, h2: -1, h3: 0 } },
    ],
  },
  {
    name: "camera",
    options: { style: "tidy" },
    also: [{ style: "fast" }],
    checks: [
      {
        // No rotation to speak of, no distortion: the point (1, 2, 4) is seen at (f/4, f/2).
        at: {
          px: 1,
          py: 2,
          pz: 4,
          seenX: 20,
          seenY: 50,
          wx: 1e-9,
          wy: 0,
          wz: 0,
          tx: 0,
          ty: 0,
          tz: 0,
          fx: 100,
          fy: 100,
          k1: 0,
          k2: 0,
        },
        value: 25,
        gradient: { fx: 2.5, fy: 0, tx: 250, ty: 0, tz: -62.5, k1: (2 * 5 * 100 * 0.25 * 5) / 16 },
        digits: 4,
      },
    ],
  },
  {
    name: "rosenbrock",
    options: { style: "tidy" },
    also: [{ style: "fast" }, { mode: "hessian", style: "tidy" }, { mode: "hvp", style: "tidy" }, { mode: "jvp", style: "tidy" }],
    checks: [{ at: { x: -1.2, y: 1 }, value: 24.2, gradient: { x: -215.6, y: -88 } }],
  },
  { name: "spectrum", options: { style: "fast" }, checks: [spectrum(2.3)] },
];

/** Negative log-likelihood of counts under p(k) ∝ k^−s, and its derivative, by sums. */
function zipf(s: number, counts: readonly number[]): { value: number; gradient: { s: number } } {
  const weights = counts.map((_, index) => (index + 1) ** -s);
  const norm = weights.reduce((sum, weight) => sum + weight, 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const logSum = counts.reduce((sum, count, index) => sum + count * Math.log(index + 1), 0);
  const dNorm = weights.reduce((sum, weight, index) => sum - weight * Math.log(index + 1), 0);
  return { value: total * Math.log(norm) + s * logSum, gradient: { s: (total * dNorm) / norm + logSum } };
}

/** Six Gaussian peaks on a baseline, at x: y = Σ h exp(-u²) + base + slope x with u = (x - c) / w. */
function spectrum(x: number): SystemCheck {
  const at: Record<string, number> = { base: 0.5, slope: 0.05, x };
  const gradient: Record<string, number> = { base: 1, slope: x };
  let value = 0.5 + 0.05 * x;
  for (let k = 1; k <= 6; k++) {
    const [height, center, width] = [1 + k / 2, k, 0.5 + k / 10];
    const u = (x - center) / width;
    const bell = Math.exp(-u * u);
    Object.assign(at, { [`height${k}`]: height, [`center${k}`]: center, [`width${k}`]: width });
    gradient[`height${k}`] = bell;
    gradient[`center${k}`] = (2 * height * bell * u) / width;
    gradient[`width${k}`] = (2 * height * bell * u * u) / width;
    value += height * bell;
  }
  return { at, value, gradient };
}

/** Where a compiled example is kept. */
export function generatedName(name: string, { mode = "grad", style = "staged", gates = "joined" }: CompileOptions): string {
  const how = [...(style === "staged" ? [] : [style]), ...(gates === "joined" ? [] : ["gates"])];
  return [name, ...(mode === "grad" ? ["grad"] : [mode]), ...how, "ts"].join(".");
}
