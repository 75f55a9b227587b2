// S11: one epoch of stochastic gradient descent on a two-layer ReLU network, mini-batches in order, parameters updated in place. The same epoch
// is done by the formulas of the course beside it. Run after `npm run build`: node examples/sgd-epoch.js

import { accuracy, batches } from "./kit/batches.js";
import { loadSpec } from "./kit/load-spec.js";
import { makeSpirals } from "./kit/points.js";

const { twoLayerInit, twoLayerForward, twoLayerOptimizer, twoLayerPredict, twoLayerStep } = loadSpec(
  new URL("two-layer.net.yaml", import.meta.url),
);

const RATE = 0.5; // as in the spec
const BATCH = 20;
const data = makeSpirals(600, 7);
const params = twoLayerInit(3);
const byHand = { W1: params.W1.slice(), W2: params.W2.slice() };
const describe = () =>
  `loss ${twoLayerForward(params, data.X, data.y).loss.toFixed(4)}, accuracy ${accuracy(twoLayerPredict(params, data.X), data.y).toFixed(3)}`;

console.log(`before: ${describe()}`);
const optimizer = twoLayerOptimizer();
let steps = 0;
for (const batch of batches(data, BATCH)) {
  twoLayerStep(params, optimizer, batch.X, batch.y); // one line where the course has the next twenty
  stepByHand(byHand.W1, byHand.W2, batch.X, batch.y);
  steps++;
}
console.log(`after one epoch of ${steps} batches: ${describe()}`);

const distance = ["W1", "W2"].map((name) =>
  params[name].reduce((most, w, i) => Math.max(most, Math.abs(w - byHand[name][i])), 0),
);
console.log(`largest difference from the epoch by hand: W1 ${distance[0].toExponential(1)}, W2 ${distance[1].toExponential(1)}`);

/**
 * Z1 = ReLU(X W1), S = softmax(Z1 W2), G2 = S - I_y, G1 = 1{Z1 > 0} o (G2 W2'); W1 -= rate X' G1 / m, W2 -= rate Z1' G2 / m.
 */
function stepByHand(W1, W2, X, y) {
  const m = y.length;
  const [inputs, hidden, classes] = [2, 32, 3];
  const Z1 = multiply(X, W1, m, inputs, hidden).map((z) => Math.max(z, 0));
  const G2 = multiply(Z1, W2, m, hidden, classes).map(Math.exp);
  for (let i = 0; i < m; i++) {
    const row = G2.subarray(i * classes, (i + 1) * classes);
    const sum = row.reduce((a, b) => a + b);
    row.forEach((value, k) => (row[k] = value / sum - (k === y[i] ? 1 : 0)));
  }
  const G1 = multiply(G2, transpose(W2, hidden, classes), m, classes, hidden).map((g, i) => (Z1[i] > 0 ? g : 0));
  const gradient1 = multiply(transpose(X, m, inputs), G1, inputs, m, hidden);
  const gradient2 = multiply(transpose(Z1, m, hidden), G2, hidden, m, classes);
  gradient1.forEach((g, i) => (W1[i] -= (RATE * g) / m));
  gradient2.forEach((g, i) => (W2[i] -= (RATE * g) / m));
}

/** A [m, k] times B [k, n]. */
function multiply(A, B, m, k, n) {
  const C = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) for (let l = 0; l < k; l++) C[i * n + j] += A[i * k + l] * B[l * n + j];
  return C;
}

/** The transpose of A [m, n]. */
function transpose(A, m, n) {
  return Float64Array.from({ length: m * n }, (_, at) => A[(at % m) * n + Math.floor(at / m)]);
}
