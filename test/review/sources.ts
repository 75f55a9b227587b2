// Right solutions by hand, in the forms that people write: what the planted mistakes of the tests start from.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/compiler/compile.ts";
import type { Compilation } from "../../src/compiler/types.ts";

const compiled = new Map<string, Compilation>();

/** A source of examples/ by its file's name, or an expression. */
export function truthOf(source: string): Compilation {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const isFile = /\.(math|net\.yaml)$/.test(source);
  const text = isFile ? readFileSync(join(import.meta.dirname, "../../examples", source), "utf8") : source;
  const compilation = compile(text, isFile ? { name: source } : {});
  compiled.set(source, compilation);
  return compilation;
}

export interface Solution {
  readonly source: string;
  readonly text: string;
}

const NEURON = `
  const dot = w0 * x0 + w1 * x1 + w2;
  const s = 1 / (1 + Math.exp(-dot));
  // backward
  const ddot = s * (1 - s);
  const dw0 = x0 * ddot;
  const dx0 = w0 * ddot;
  const dw1 = x1 * ddot;
  const dx1 = w1 * ddot;
  const dw2 = ddot;`;

const HELPERS = `
function matmul(A: Float64Array, B: Float64Array, n: number, k: number, p: number): Float64Array {
  const C = new Float64Array(n * p);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) for (let l = 0; l < k; l++) C[i * p + j]! += A[i * k + l]! * B[l * p + j]!;
  return C;
}
function transpose(A: Float64Array, n: number, p: number): Float64Array {
  const T = new Float64Array(n * p);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) T[j * n + i] = A[i * p + j]!;
  return T;
}
function softmax(H: Float64Array, n: number, p: number): Float64Array {
  const S = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = 0; j < p; j++) total += Math.exp(H[i * p + j]!);
    for (let j = 0; j < p; j++) S[i * p + j] = Math.exp(H[i * p + j]!) / total;
  }
  return S;
}
`;

export const solutions = {
  multiply: { source: "multiply.math", text: "export const fGrad = (x: number, y: number) => ({ f: x * y, dx: y, dy: x });\n" },
  add: { source: "add.math", text: "const f = x + y;\nconst dx = 1;\nconst dy = 1;\n" },
  max: {
    source: "max.math",
    text: "function f(x, y) {\n  const f = Math.max(x, y);\n  const dx = x >= y ? 1 : 0;\n  const dy = y >= x ? 1 : 0;\n  return { f, dx, dy };\n}\n",
  },
  compound: {
    source: "compound.math",
    text: `function f(x: number, y: number, z: number) {
  const q = x + y;
  const f = q * z;
  // backward
  const df = 1;
  const dq = z * df;
  const dz = q * df;
  const dx = 1 * dq;
  const dy = 1 * dq;
  return { f, dx, dy, dz };
}
`,
  },
  compoundPair: {
    source: "compound.math",
    text: `export function fForward(x: number, y: number, z: number) {
  const q = x + y;
  const f = q * z;
  return { f, q, z };
}
export function fBackward(kept: { f: number; q: number; z: number }, df = 1) {
  const { q, z } = kept;
  const dq = z * df;
  const dz = q * df;
  const dx = dq;
  const dy = dq;
  return { dx, dy, dz };
}
`,
  },
  compoundScript: {
    source: "compound.math",
    text: "x = -2; y = 5; z = -4\nq = x + y\nf = q * z\ndq = z\ndz = q\nlet dx = dq\nlet dy = dq\n",
  },
  neuron: {
    source: "neuron.math",
    text: `function f(w0, x0, w1, x1, w2) {${NEURON}\n  return { value: s, gradient: { w0: dw0, x0: dx0, w1: dw1, x1: dx1, w2: dw2 } };\n}\n`,
  },
  neuronScript: { source: "neuron.math", text: `${NEURON.replaceAll("\n  ", "\n").trim()}\n` },
  neuronArray: {
    source: "neuron.math",
    text: `function f(w0, x0, w1, x1, w2) {${NEURON}\n  return [s, dw0, dx0, dw1, dx1, dw2];\n}\n`,
  },
  reciprocal: {
    source: "f(x) = 1 / (x^2 + 1)",
    text: "const u = x * x + 1;\nconst f = 1 / u;\nconst du = -1 / (u * u);\nconst dx = 2 * x * du;\n",
  },
  tanh: {
    source: "f(w, x) = tanh(w * x) ^ 2",
    text: "const z = w * x;\nconst t = Math.tanh(z);\nconst f = t ** 2;\nconst dt = 2 * t;\nconst dz = (1 - t * t) * dt;\nconst dw = x * dz;\nconst dx = w * dz;\n",
  },
  logarithm: {
    source: "f(x, y) = log(x * y) * exp(x)",
    text: "const p = x * y;\nconst l = Math.log(p);\nconst e = Math.exp(x);\nconst f = l * e;\nconst dl = e;\nconst de = l;\nlet dx = e * de;\nconst dp = dl / p;\ndx += y * dp;\nconst dy = x * dp;\n",
  },
  absolute: {
    source: "f(x, y) = abs(x * y)",
    text: "const p = x * y;\nconst f = Math.abs(p);\nconst dp = Math.sign(p);\nconst dx = y * dp;\nconst dy = x * dp;\n",
  },
  paths: {
    source: "a = 2 * x\nb = 3 * x\nf = a^2 * b",
    text: "const a = 2 * x;\nconst b = 3 * x;\nconst f = a * a * b;\nconst da = 2 * a * b;\nconst db = a * a;\nconst dx = 2 * da + 3 * db;\n",
  },
  gate: {
    source: "z1 = w * x + b\nh = relu(z1)\nL = (y - h)^2",
    text: "const z1 = w * x + b;\nconst h = Math.max(0, z1);\nconst r = y - h;\nconst L = r * r;\nconst dr = 2 * r;\nconst dy = dr;\nconst dh = -dr;\nconst dz1 = z1 > 0 ? dh : 0;\nconst dw = x * dz1;\nconst dx = w * dz1;\nconst db = dz1;\n",
  },
  quotient: { source: "f(x, y) = x / y", text: "const f = x / y;\nconst dx = 1 / y;\nconst dy = -x / (y * y);\n" },
  exponential: {
    source: "f(x, y) = exp(x * y)",
    text: "const z = x * y;\nconst f = Math.exp(z);\nconst dz = Math.exp(z);\nconst dx = y * dz;\nconst dy = x * dz;\n",
  },
  fork: {
    source: "f(x, y) = (x * y)^2 + sin(x * y)",
    text: "const p = x * y;\nconst s = p ** 2;\nconst t = Math.sin(p);\nconst f = s + t;\nlet dp = 2 * p;\ndp += Math.cos(p);\nconst dx = y * dp;\nconst dy = x * dp;\n",
  },
  staged: {
    source: "staged.math",
    text: `function f(x, y) {
  const sigy = 1 / (1 + Math.exp(-y));
  const num = x + sigy;
  const sigx = 1 / (1 + Math.exp(-x));
  const xpy = x + y;
  const xpysqr = xpy ** 2;
  const den = sigx + xpysqr;
  const invden = 1 / den;
  const f = num * invden;
  // backward
  const dnum = invden;
  const dinvden = num;
  const dden = (-1 / den ** 2) * dinvden;
  const dsigx = dden;
  const dxpysqr = dden;
  const dxpy = 2 * xpy * dxpysqr;
  let dx = dxpy;
  let dy = dxpy;
  dx += (1 - sigx) * sigx * dsigx;
  dx += dnum;
  const dsigy = dnum;
  dy += (1 - sigy) * sigy * dsigy;
  return { f, dx, dy };
}
`,
  },
  patterns: {
    source: "patterns.math",
    text: `function f(x, y, z, w) {
  const p = x * y;
  const m = z > w ? z : w;
  const s = p + m;
  const f = 2 * s;
  const ds = 2;
  const dp = ds;
  const dm = ds;
  const dx = y * dp;
  const dy = x * dp;
  let dz = 0, dw = 0;
  if (z > w) dz += dm;
  else dw += dm;
  return { f, dx, dy, dz, dw };
}
`,
  },
  squared: {
    source: "squared-error.math",
    text: `function L(w, x, b, y) {
  const z = w * x + b;
  const a = 1 / (1 + Math.exp(-z));
  const r = y - a;
  const L = r * r;
  const dr = 2 * r;
  const dy = dr;
  const da = -dr;
  const dz = a * (1 - a) * da;
  const dw = x * dz;
  const dx = w * dz;
  const db = dz;
  return { L, dw, dx, db, dy };
}
`,
  },
  matmul: {
    source: "matmul.math",
    text: `${HELPERS}
export function fGrad(W: Float64Array, X: Float64Array, G: Float64Array) {
  const D = matmul(W, X, 5, 10, 3);
  let f = 0;
  for (let i = 0; i < 15; i++) f += G[i]! * D[i]!;
  const dD = G;
  const dW = matmul(dD, transpose(X, 10, 3), 5, 3, 10);
  const dX = matmul(transpose(W, 5, 10), dD, 10, 5, 3);
  return { f, dW, dX };
}
`,
  },
  softmax: {
    source: "softmax-regression.math",
    text: `${HELPERS}
export function lossGrad(X: Float64Array, y: Int32Array, theta: Float64Array) {
  const m = y.length;
  const H = matmul(X, theta, m, 4, 3);
  const S = softmax(H, m, 3);
  let loss = 0;
  for (let i = 0; i < m; i++) loss -= Math.log(S[i * 3 + y[i]!]!) / m;
  // backward
  const dH = S.slice();
  for (let i = 0; i < m; i++) dH[i * 3 + y[i]!]! -= 1;
  for (let i = 0; i < dH.length; i++) dH[i]! /= m;
  const dtheta = matmul(transpose(X, m, 4), dH, 4, m, 3);
  return { loss, dtheta };
}
`,
  },
  twoLayer: {
    source: "two-layer.math",
    text: `${HELPERS}
export function lossGrad(X: Float64Array, y: Int32Array, W1: Float64Array, W2: Float64Array) {
  const m = y.length;
  const A = matmul(X, W1, m, 5, 4);
  const Z = A.map((a) => Math.max(0, a));
  const H = matmul(Z, W2, m, 4, 3);
  const S = softmax(H, m, 3);
  let loss = 0;
  for (let i = 0; i < m; i++) loss -= Math.log(S[i * 3 + y[i]!]!) / m;
  // backward
  const dH = S.map((s, i) => (s - (y[Math.floor(i / 3)] === i % 3 ? 1 : 0)) / m);
  const dW2 = matmul(transpose(Z, m, 4), dH, 4, m, 3);
  const dZ = matmul(dH, transpose(W2, 4, 3), m, 3, 4);
  const dA = dZ.map((d, i) => (A[i]! > 0 ? d : 0));
  const dW1 = matmul(transpose(X, m, 5), dA, 5, m, 4);
  return { loss, dW1, dW2 };
}
`,
  },
  svm: {
    source: "svm.math",
    text: `
type Matrix = number[][];
const dotProduct = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const matmul = (A: Matrix, B: Matrix): Matrix => A.map((row) => B[0]!.map((_, j) => dotProduct(row, B.map((r) => r[j]!))));
const transpose = (A: Matrix): Matrix => A[0]!.map((_, j) => A.map((row) => row[j]!));
export function lossGrad(X: number[][], y: number[], W: number[][], b: number[]) {
  const n = X.length;
  const XW = matmul(X, W);
  const scores = XW.map((row) => row.map((v, j) => v + b[j]!));
  const margins = scores.map((row, i) => row.map((v) => Math.max(0, v - row[y[i]!]! + 1)));
  let data = 0;
  for (const row of margins) for (const v of row) data += v;
  let penalty = 0;
  for (const row of W) for (const v of row) penalty += v * v;
  const loss = data / n - 1 + 0.1 * penalty;
  // backward
  const dmargins = margins.map((row) => row.map(() => 1 / n));
  const dscores = dmargins.map((row, i) => {
    const out = row.map((d, j) => (margins[i]![j]! > 0 ? d : 0));
    const total = out.reduce((sum, v) => sum + v, 0);
    out[y[i]!]! -= total;
    return out;
  });
  const db = dscores[0]!.map((_, j) => dscores.reduce((sum, row) => sum + row[j]!, 0));
  const dXW = dscores;
  const dW = matmul(transpose(X), dXW).map((row, i) => row.map((v, j) => v + 0.2 * W[i]![j]!));
  return { loss, dW, db };
}
`,
  },
  xor: {
    source: "xor.net.yaml",
    text: `${HELPERS}
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
interface Params { W1: Float64Array; b1: Float64Array; W2: Float64Array; b2: Float64Array }
export function xorGrad(params: Params, X: Float64Array, y: Float64Array) {
  const { W1, b1, W2, b2 } = params;
  const m = y.length;
  const Z1 = matmul(X, W1, m, 2, 4).map((z, i) => z + b1[i % 4]!);
  const H1 = Z1.map(sigmoid);
  const Z2 = matmul(H1, W2, m, 4, 1).map((z) => z + b2[0]!);
  const out = Z2.map(sigmoid);
  let loss = 0;
  for (let i = 0; i < m; i++) loss += (out[i]! - y[i]!) ** 2 / m;
  // backward
  const dout = out.map((o, i) => (2 * (o - y[i]!)) / m);
  const dZ2 = dout.map((d, i) => d * out[i]! * (1 - out[i]!));
  const dW2 = matmul(transpose(H1, m, 4), dZ2, 4, m, 1);
  const db2 = Float64Array.of(dZ2.reduce((sum, d) => sum + d, 0));
  const dH1 = matmul(dZ2, W2, m, 1, 4);
  const dZ1 = dH1.map((d, i) => d * H1[i]! * (1 - H1[i]!));
  const dW1 = matmul(transpose(X, m, 2), dZ1, 2, m, 4);
  const db1 = new Float64Array(4);
  for (let i = 0; i < m; i++) for (let j = 0; j < 4; j++) db1[j]! += dZ1[i * 4 + j]!;
  return { loss, gradients: { W1: dW1, b1: db1, W2: dW2, b2: db2 } };
}
`,
  },
  softplus: {
    source: "softplus-network.math",
    text: `function ssr(w1, b1, w2, b2, w3, w4, b3) {
  const softplus = (z) => Math.log(1 + Math.exp(z));
  const sigma = (z) => 1 / (1 + Math.exp(-z));
  const [x, t] = [[0, 0.5, 1], [0, 1, 0]];
  let f = 0, dw1 = 0, db1 = 0, dw2 = 0, db2 = 0, dw3 = 0, dw4 = 0, db3 = 0;
  for (let i = 0; i < 3; i++) {
    const u = w1 * x[i] + b1, v = w2 * x[i] + b2;
    const r = t[i] - (w3 * softplus(u) + w4 * softplus(v) + b3);
    f += r * r;
    const dr = 2 * r;
    dw3 += -softplus(u) * dr;
    dw4 += -softplus(v) * dr;
    db3 += -dr;
    const du = -w3 * sigma(u) * dr;
    const dv = -w4 * sigma(v) * dr;
    dw1 += x[i] * du;
    db1 += du;
    dw2 += x[i] * dv;
    db2 += dv;
  }
  return { ssr: f, dw1, db1, dw2, db2, dw3, dw4, db3 };
}
`,
  },
} as const satisfies Record<string, Solution>;

export type SolutionName = keyof typeof solutions;
