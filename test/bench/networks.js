// Networks: how long specs take to compile as they grow, and what a training step costs beside hand-written loops.

import { readFileSync } from "node:fs";
import { digits, table } from "./markdown.js";
import { median } from "./measure.js";
import { DIST } from "./package.js";

const { compile, load } = await import(`${DIST}/index.js`);

const residual = (blocks) => `name: deep
input: [batch, 64]
layers:
  - dense: 64
  - repeat: ${blocks}
    layers:
      - residual: [layerNorm, { dense: 64 }, relu, { dense: 64 }]
  - dense: 10
loss: cross-entropy
`;

const transformer = `name: gpt
inputs: { X: { shape: [batch, time], dtype: integer, below: 50257 } }
layers:
  - embedding: { rows: 50257, width: 768 }
  - positionalEncoding
  - repeat: 12
    layers: [{ transformerBlock: { heads: 12, causal: true } }]
  - layerNorm
  - dense: { units: 50257, bias: false }
loss: cross-entropy
limits: { memory: 4.0e10 }
`;

export async function report() {
  return `## Networks\n\n${compileTimes()}\n\n${stepTimes()}`;
}

function compileTimes() {
  const example = (name) => readFileSync(new URL(`../../examples/${name}.net.yaml`, import.meta.url), "utf8");
  const specs = [
    ["784-128-64-10", example("mlp")],
    ["convolutions", example("convnet")],
    ["LSTM, 6 steps", example("lstm")],
    ["transformer, 2 blocks", example("transformer")],
    ["residual, 50 blocks (100 dense layers)", residual(50)],
    ["residual, 100 blocks (200 dense layers)", residual(100)],
    ["transformer, 12 blocks, width 768", transformer],
  ];
  const rows = specs.map(([name, spec]) => {
    const seconds = (options) => {
      const start = performance.now();
      const compilation = compile(spec, { kind: "network", ...options });
      return [(performance.now() - start) / 1000, compilation];
    };
    const [alone] = seconds({ verify: false });
    const [checked, { code, opCount, verification }] = seconds({});
    return [
      name,
      digits(alone),
      digits(checked),
      String(code.split("\n").length),
      `${opCount.ratio.toFixed(2)} x`,
      verification.status,
    ];
  });
  return table(["network", "s, code alone", "s, with the check", "lines", "operations of both passes / forward", "check"], rows);
}

const BATCH = 64;

/** One step of gradient descent on 784-256-10 with cross-entropy: generated, and as plain loops. */
function stepTimes() {
  const spec =
    "name: net\ninput: [batch, 784]\nlayers: [{ dense: 256 }, relu, { dense: 10 }]\nloss: cross-entropy\noptimizer: { sgd: { rate: 0.1 } }\n";
  const { netInit, netOptimizer, netStep, netGrad } = load(compile(spec, { kind: "network", verify: false }));
  const X = Float64Array.from({ length: BATCH * 784 }, (_, i) => Math.sin(i));
  const y = Int32Array.from({ length: BATCH }, (_, i) => i % 10);
  const [params, optimizer] = [netInit(1), netOptimizer()];
  const own = netInit(1);
  const expected = netGrad(own, X, y).gradients.W1[5];
  if (Math.abs(naiveGradients(own, X, y).W1[5] - expected) > 1e-12) throw new Error("the contestants disagree");
  const generated = milliseconds(() => netStep(params, optimizer, X, y));
  const naive = milliseconds(() => {
    const gradients = naiveGradients(own, X, y);
    for (const name of Object.keys(own)) own[name].forEach((_, i) => (own[name][i] -= 0.1 * gradients[name][i]));
  });
  const rows = [
    ["generated, staged", digits(generated), "1"],
    ["plain triple loops, i-k-j", digits(naive), digits(naive / generated)],
  ];
  return `One step on 784-256-10, batch ${BATCH}, double precision:\n\n${table(["", "ms", "times as long"], rows)}`;
}

function milliseconds(run) {
  for (let i = 0; i < 5; i++) run();
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times);
}

/** out[i, j] += Σ a[i, k] b[k, j] through accessors, so that one loop serves all three products. */
function product(m, k, n, a, b, out) {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = a(i, p);
      for (let j = 0; j < n; j++) out[i * n + j] += x * b(p, j);
    }
  }
  return out;
}

function naiveGradients({ W1, b1, W2, b2 }, X, y) {
  const Z1 = product(
    BATCH,
    784,
    256,
    (i, p) => X[i * 784 + p],
    (p, j) => W1[p * 256 + j],
    new Float64Array(BATCH * 256),
  );
  for (let i = 0; i < BATCH; i++) for (let j = 0; j < 256; j++) Z1[i * 256 + j] = Math.max(0, Z1[i * 256 + j] + b1[j]);
  const G2 = product(
    BATCH,
    256,
    10,
    (i, p) => Z1[i * 256 + p],
    (p, j) => W2[p * 10 + j],
    new Float64Array(BATCH * 10),
  );
  for (let i = 0; i < BATCH; i++) {
    let sum = 0;
    for (let j = 0; j < 10; j++) sum += G2[i * 10 + j] = Math.exp(G2[i * 10 + j] + b2[j]);
    for (let j = 0; j < 10; j++) G2[i * 10 + j] = (G2[i * 10 + j] / sum - (y[i] === j ? 1 : 0)) / BATCH;
  }
  const G1 = product(
    BATCH,
    10,
    256,
    (i, p) => G2[i * 10 + p],
    (p, j) => W2[j * 10 + p],
    new Float64Array(BATCH * 256),
  );
  for (let i = 0; i < G1.length; i++) if (Z1[i] <= 0) G1[i] = 0;
  const rows = (G, n) =>
    Float64Array.from({ length: n }, (_, j) => Array.from({ length: BATCH }, (__, i) => G[i * n + j]).reduce((a, b) => a + b, 0));
  return {
    W1: product(
      784,
      BATCH,
      256,
      (i, p) => X[p * 784 + i],
      (p, j) => G1[p * 256 + j],
      new Float64Array(784 * 256),
    ),
    b1: rows(G1, 256),
    W2: product(
      256,
      BATCH,
      10,
      (i, p) => Z1[p * 256 + i],
      (p, j) => G2[p * 10 + j],
      new Float64Array(2560),
    ),
    b2: rows(G2, 10),
  };
}
