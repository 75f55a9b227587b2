// S12: softmax regression from a network spec, from the loss written out as an expression, and by hand: S - I_y every time; then trained.
// Run after `npm run build`: node examples/softmax-regression.js

import { readFileSync } from "node:fs";
import { compile, load } from "wengert";
import { accuracy, largestOfRows } from "./kit/batches.js";
import { describeSummary, summarise } from "./kit/convergence.js";
import { loadSpec } from "./kit/load-spec.js";
import { colors, drawPlot, Plot, savePicture } from "./kit/picture.js";
import { makeClouds } from "./kit/points.js";

const net = loadSpec(new URL("softmax-regression.net.yaml", import.meta.url));
const written = load(compile(readFileSync(new URL("softmax-regression-written.math", import.meta.url), "utf8")));

const points = makeClouds(300, 5);
const X = features(points.X);
const { y } = points;

// The three gradients at some theta.
const theta = Float64Array.from({ length: 12 }, (_, i) => Math.sin(i + 1));
const fromSpec = net.softmaxRegressionGrad({ W1: theta }, X, y).gradients.W1;
const fromWritten = written.lossGrad(X, y, theta).dtheta;
const byHand = gradientByHand(theta);
const distance = (a, b) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0).toExponential(1);
console.log(`gradient of the spec against X'(S - I_y)/m by hand: ${distance(fromSpec, byHand)}`);
console.log(`gradient of the written-out loss against it: ${distance(fromWritten, byHand)}`);

const params = net.softmaxRegressionInit();
const optimizer = net.softmaxRegressionOptimizer();
const losses = Array.from({ length: 300 }, () => net.softmaxRegressionStep(params, optimizer, X, y));
console.log(describeSummary(summarise(losses)));
console.log(`accuracy ${accuracy(net.softmaxRegressionPredict(params, X), y).toFixed(3)}`);

drawRegions();

/** One, both coordinates and the squared distance from the middle, so that borders may be circles: [rows, 4]. */
function features(coordinates) {
  const rows = coordinates.length / 2;
  const matrix = new Float64Array(4 * rows);
  for (let row = 0; row < rows; row++) {
    const [u, v] = coordinates.subarray(2 * row, 2 * row + 2);
    matrix.set([1, u, v, u * u + v * v], 4 * row);
  }
  return matrix;
}

function gradientByHand(weights) {
  const gradient = new Float64Array(12);
  for (let i = 0; i < y.length; i++) {
    const x = X.subarray(4 * i, 4 * i + 4);
    const h = [0, 1, 2].map((k) => x.reduce((sum, value, j) => sum + value * weights[3 * j + k], 0));
    const total = h.reduce((sum, value) => sum + Math.exp(value), 0);
    for (let k = 0; k < 3; k++) {
      const g = Math.exp(h[k]) / total - (k === y[i] ? 1 : 0);
      for (let j = 0; j < 4; j++) gradient[3 * j + k] += (x[j] * g) / y.length;
    }
  }
  return gradient;
}

/** The points, and which class is decided for at each place. */
function drawRegions() {
  const side = 81;
  const limit = 1.4;
  const places = new Float64Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    places[2 * i] = limit * ((2 * (i % side)) / (side - 1) - 1);
    places[2 * i + 1] = limit * ((2 * Math.floor(i / side)) / (side - 1) - 1);
  }
  const scores = net.softmaxRegressionPredict(params, features(places));
  const lead = (k) => Array.from({ length: side * side }, (_, i) => margin(scores.subarray(3 * i, 3 * i + 3), k));
  const border = (k) =>
    Plot.contour(lead(k), {
      width: side,
      height: side,
      x1: -limit,
      y1: -limit,
      x2: limit,
      y2: limit,
      thresholds: [0],
      stroke: "#444",
    });
  const rows = Array.from(y, (k, row) => ({ u: points.X[2 * row], v: points.X[2 * row + 1], k }));
  const wrong = largestOfRows(net.softmaxRegressionPredict(params, X), 3).reduce(
    (count, k, row) => count + (k === y[row] ? 0 : 1),
    0,
  );
  savePicture(
    "softmax-regression.svg",
    drawPlot({
      title: "Softmax regression on three clouds",
      subtitle: `borders between the classes decided for; ${wrong} of ${y.length} points on the wrong side`,
      width: 520,
      height: 540,
      x: { label: "first coordinate", domain: [-limit, limit] },
      y: { label: "second coordinate", domain: [-limit, limit] },
      color: { type: "categorical", domain: [0, 1, 2], range: colors.slice(0, 3) },
      symbol: { domain: [0, 1, 2], range: ["circle", "square", "triangle"] },
      marks: [border(0), border(1), border(2), Plot.dot(rows, { x: "u", y: "v", stroke: "k", symbol: "k", r: 3 }), Plot.frame()],
    }),
  );
}

/** How far score k is ahead of the others. */
function margin(scores, k) {
  return scores[k] - Math.max(...[0, 1, 2].filter((other) => other !== k).map((other) => scores[other]));
}
