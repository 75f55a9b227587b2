// The systems over tensors as data: which example, how it is compiled, and the numbers by the formulas of the books, written with rows of numbers.

import type { CompileOptions } from "../src/index.ts";

export type Rows = readonly (readonly number[])[];
export type Value = number | readonly number[] | Rows;

export interface TensorSystem {
  /** `examples/<name>.math`. */
  readonly name: string;
  readonly row: string;
  readonly options?: CompileOptions;
  readonly also?: readonly CompileOptions[];
  readonly inputs: Readonly<Record<string, Value>>;
  readonly value: Value;
  readonly gradient?: Readonly<Record<string, Value>>;
  /** Row by row, columns over all inputs in order. */
  readonly jacobian?: Rows;
}

// Rows of numbers.

const times = (a: Rows, b: Rows): number[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const flip = (a: Rows): number[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));
const each = (a: Rows, f: (x: number, i: number, j: number) => number): number[][] =>
  a.map((row, i) => row.map((x, j) => f(x, i, j)));
const total = (a: Rows): number => a.flat().reduce((sum, x) => sum + x, 0);
const softmax = (a: Rows): number[][] =>
  a.map((row) => {
    const powers = row.map(Math.exp);
    const sum = powers.reduce((left, right) => left + right, 0);
    return powers.map((power) => power / sum);
  });
const oneHot = (classes: readonly number[], count: number): number[][] =>
  classes.map((label) => Array.from({ length: count }, (_, j) => (j === label ? 1 : 0)));

/** Numbers without a pattern, the same in every run. */
function table(rows: number, columns: number, seed: number): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => Math.sin(12.9898 * (i + 1) + 78.233 * (j + 1) + seed)),
  );
}

function matmul(): TensorSystem {
  const [W, X, G] = [table(5, 10, 1), table(10, 3, 2), table(5, 3, 3)];
  const value = total(each(times(W, X), (d, i, j) => d * G[i]![j]!));
  // dW = dD Xᵀ, dX = Wᵀ dD
  return {
    name: "matmul",
    row: "S9",
    also: [{ style: "tidy" }],
    inputs: { W, X, G },
    value,
    gradient: { W: times(G, flip(X)), X: times(flip(W), G) },
  };
}

function svm(): TensorSystem {
  const [X, W, b, y] = [table(6, 4, 4), table(4, 3, 5), [0.1, -0.2, 0.3], [0, 2, 1, 1, 0, 2]];
  const scores = each(times(X, W), (s, _, j) => s + b[j]!);
  const margins = each(scores, (s, i, j) => (j === y[i] ? 0 : Math.max(0, s - scores[i]![y[i]!]! + 1)));
  const value = total(margins) / 6 + 0.1 * total(each(W, (w) => w * w));
  const G = margins.map((row, i) => {
    const over: number[] = row.map((margin) => (margin > 0 ? 1 : 0));
    over[y[i]!] = -over.reduce((sum, one) => sum + one, 0);
    return over.map((count) => count / 6);
  });
  const dW = each(times(flip(X), G), (g, i, j) => g + 0.2 * W[i]![j]!);
  const db = G[0]!.map((_, j) => G.reduce((sum, row) => sum + row[j]!, 0));
  return { name: "svm", row: "S10", also: [{ style: "tidy" }], inputs: { X, y, W, b }, value, gradient: { W: dW, b: db } };
}

function twoLayer(): TensorSystem {
  const [X, W1, W2, y] = [table(6, 5, 6), table(5, 4, 7), table(4, 3, 8), [2, 0, 1, 1, 2, 0]];
  const Z1 = each(times(X, W1), (z) => Math.max(0, z));
  const S = softmax(times(Z1, W2));
  const value = -S.reduce((sum, row, i) => sum + Math.log(row[y[i]!]!), 0) / 6;
  // G2 = S − I_y, G1 = 1{Z1 > 0} ∘ (G2 W2ᵀ)
  const G2 = each(S, (s, i, j) => s - oneHot(y, 3)[i]![j]!);
  const G1 = each(times(G2, flip(W2)), (g, i, j) => (Z1[i]![j]! > 0 ? g : 0));
  const gradient = { W1: each(times(flip(X), G1), (g) => g / 6), W2: each(times(flip(Z1), G2), (g) => g / 6) };
  return { name: "two-layer", row: "S11", also: [{ style: "tidy" }], inputs: { X, y, W1, W2 }, value, gradient };
}

function softmaxRegression(name: string, targets: "classes" | "one-hot"): TensorSystem {
  const [X, theta, y] = [table(6, 4, 9), table(4, 3, 10), [1, 2, 0, 0, 1, 2]];
  const S = softmax(times(X, theta));
  const value = -S.reduce((sum, row, i) => sum + Math.log(row[y[i]!]!), 0) / 6;
  const G = each(S, (s, i, j) => (s - oneHot(y, 3)[i]![j]!) / 6);
  const inputs = targets === "classes" ? { X, y, theta } : { X, Y: oneHot(y, 3), theta };
  return { name, row: "S12", inputs, value, gradient: { theta: times(flip(X), G) } };
}

function layers(): TensorSystem {
  const [Z1, Y, W1, W2, W3] = [table(6, 4, 11), table(6, 2, 12), table(4, 5, 13), table(5, 3, 14), table(3, 2, 15)];
  const Z2 = each(times(Z1, W1), Math.tanh);
  const Z3 = each(times(Z2, W2), Math.tanh);
  const Z4 = each(times(Z3, W3), Math.tanh);
  const value = total(each(Z4, (z, i, j) => (z - Y[i]![j]!) ** 2)) / 6;
  // G_i = (G_{i+1} ∘ σ′) W_iᵀ
  const D4 = each(Z4, (z, i, j) => ((2 * (z - Y[i]![j]!)) / 6) * (1 - z * z));
  const D3 = each(times(D4, flip(W3)), (g, i, j) => g * (1 - Z3[i]![j]! ** 2));
  const D2 = each(times(D3, flip(W2)), (g, i, j) => g * (1 - Z2[i]![j]! ** 2));
  const gradient = { W1: times(flip(Z1), D2), W2: times(flip(Z2), D3), W3: times(flip(Z3), D4) };
  return { name: "l-layer", row: "S13", also: [{ style: "tidy" }], inputs: { Z1, Y, W1, W2, W3 }, value, gradient };
}

function jacobianOfLayer(): TensorSystem {
  const [W, b, x] = [table(3, 4, 16), [0.2, -0.1, 0.4], [0.5, -1, 0.25, 2]];
  const y = W.map((row, i) => Math.tanh(row.reduce((sum, w, j) => sum + w * x[j]!, 0) + b[i]!));
  const jacobian = y.map((value, i) => {
    const slope = 1 - value * value;
    const inW = W.flatMap((row, k) => row.map((_, j) => (k === i ? slope * x[j]! : 0)));
    const inB = b.map((_, k) => (k === i ? slope : 0));
    const inX = x.map((_, j) => slope * W[i]![j]!);
    return [...inW, ...inB, ...inX];
  });
  return {
    name: "layer",
    row: "S22",
    options: { mode: "jacobian" },
    also: [{ mode: "jvp" }],
    inputs: { W, b, x },
    value: y,
    jacobian,
  };
}

function leastSquares(): TensorSystem {
  const [X, w, y] = [table(5, 3, 17), [0.3, -0.7, 1.1], [1, -1, 0.5, 2, 0]];
  const r = X.map((row, i) => row.reduce((sum, x, j) => sum + x * w[j]!, 0) - y[i]!);
  const value = r.reduce((sum, each) => sum + each * each, 0) / 5 + 0.01 * w.reduce((sum, each) => sum + each * each, 0);
  const gradient = { w: w.map((weight, j) => (2 / 5) * r.reduce((sum, each, i) => sum + each * X[i]![j]!, 0) + 0.02 * weight) };
  return { name: "least-squares", row: "", also: [{ mode: "hvp" }, { mode: "hessian" }], inputs: { X, y, w }, value, gradient };
}

function logisticRegression(): TensorSystem {
  const [X, w, y, lambda] = [table(6, 3, 18), [0.4, -0.9, 1.3], [1, -1, -1, 1, 1, -1], 0.1];
  const u = X.map((row, i) => -y[i]! * row.reduce((sum, x, j) => sum + x * w[j]!, 0));
  const value = u.reduce((sum, each) => sum + Math.log(1 + Math.exp(each)), 0) / 6 + (lambda / 2) * total([w.map((x) => x * x)]);
  // ∂ ln(1 + eᵘ)/∂u = σ(u), ∂u/∂w = −y x
  const slope = u.map((each, i) => -y[i]! / (1 + Math.exp(-each)) / 6);
  const gradient = { w: w.map((weight, j) => slope.reduce((sum, each, i) => sum + each * X[i]![j]!, 0) + lambda * weight) };
  const options = { style: "tidy" } as const;
  const also = [{ mode: "hessian", style: "tidy" }] as const;
  return { name: "logistic-regression", row: "", options, also, inputs: { X, y, w, lambda }, value, gradient };
}

/** Σ = L Lᵀ + I is diagonal here, so that its inverse and determinant are plain. */
function gaussian(): TensorSystem {
  const [x, mu, scale] = [
    [1, 2, -1],
    [0.5, 1, 0],
    [1, 2, 0.5],
  ];
  const L = scale.map((s, i) => scale.map((_, j) => (i === j ? s : 0)));
  const variance = scale.map((s) => s * s + 1);
  const d = x.map((each, i) => each - mu[i]!);
  const value =
    (d.reduce((sum, each, i) => sum + (each * each) / variance[i]!, 0) +
      variance.reduce((sum, v) => sum + Math.log(v), 0) +
      3 * Math.log(2 * Math.PI)) /
    2;
  const u = d.map((each, i) => each / variance[i]!);
  const dL = scale.map((_, i) => scale.map((s, j) => ((i === j ? 1 / variance[i]! : 0) - u[i]! * u[j]!) * s));
  return { name: "gaussian", row: "", inputs: { x, mu, L }, value, gradient: { mu: u.map((each) => -each), L: dL } };
}

export const tensorSystems: readonly TensorSystem[] = [
  matmul(),
  svm(),
  twoLayer(),
  softmaxRegression("softmax-regression", "classes"),
  softmaxRegression("softmax-regression-written", "classes"),
  softmaxRegression("softmax-regression-one-hot", "one-hot"),
  layers(),
  jacobianOfLayer(),
  leastSquares(),
  logisticRegression(),
  gaussian(),
];
