// Minimises a regularised logistic loss in fifty unknowns with L-BFGS from nlopt-js (NLopt compiled to WebAssembly): with the generated gradient, and
// with one by central differences. Run after `npm run build`: node examples/l-bfgs.js
//
// L-BFGS builds its picture of the curvature out of gradients alone: it asks for value and gradient at one point after the other. lossGrad gives
// both, for about the price of two values whatever the number of unknowns; differences cost two values for each unknown.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import nlopt from "nlopt-js";
import { compile, load } from "wengert";
import { norm } from "./kit/gradients.js";
import { makeLabelled } from "./kit/measurements.js";
import { race } from "./kit/timing.js";

const WIDTH = 50;
const LAMBDA = 0.01;

const source = readFileSync(new URL("logistic-regression.math", import.meta.url), "utf8");
const { loss, lossGrad } = load(compile(source, { style: "tidy" }));
const { X, y } = makeLabelled(1000, WIDTH, 1);
const calls = { loss: 0, lossGrad: 0 };

/** What NLopt wants: returns the value at w and fills `gradient`, where it asks for one. Both are Float64Arrays in the memory of NLopt. */
function withGradient(w, gradient) {
  calls.lossGrad++;
  const result = lossGrad(X, y, w, LAMBDA);
  gradient?.set(result.dw);
  return result.loss;
}

function withDifferences(w, gradient) {
  if (gradient) fillWithDifferences(gradient, w);
  return countedLoss(w);
}

/** Central differences: (loss(w + h) - loss(w - h)) / 2h for each unknown. */
function fillWithDifferences(gradient, w, h = 1e-5) {
  for (let j = 0; j < WIDTH; j++) {
    const middle = w[j];
    w[j] = middle + h;
    const above = countedLoss(w);
    w[j] = middle - h;
    gradient[j] = (above - countedLoss(w)) / (2 * h);
    w[j] = middle;
  }
}

function countedLoss(w) {
  calls.loss++;
  return loss(X, y, w, LAMBDA);
}

await nlopt.ready;
const found = race({
  "generated gradient": () => minimise(withGradient),
  "central differences": () => minimise(withDifferences),
});
const exact = found["generated gradient"];

console.log(`${WIDTH} unknowns, ${y.length} rows`);
for (const [name, { milliseconds, result }] of Object.entries(found)) {
  const times = (milliseconds / exact.milliseconds).toFixed(1);
  console.log(`${name}: ${milliseconds.toFixed(1)} ms, ${times} times as long`);
  console.log(`  calls: loss ${result.loss}, lossGrad ${result.lossGrad}; least loss ${result.value.toPrecision(12)}`);
  console.log(`  distance from the minimum: at most ${distanceBound(result.x).toExponential(1)}`);
  assert(distanceBound(result.x) < 1e-5, `${name}: not the minimum`);
}

/** A minimisation from 0 with the number of calls it took. */
function minimise(objective) {
  Object.assign(calls, { loss: 0, lossGrad: 0 });
  const optimizer = new nlopt.Optimize(nlopt.Algorithm.LD_LBFGS, WIDTH);
  optimizer.setMinObjective(objective, 1e-10); // stops when the unknowns move by less than this, relatively
  // NLopt keeps as many gradients as it may evaluate. Without a limit that is 20 MB, for which its memory must grow, and nlopt-js does not survive that.
  optimizer.setMaxeval(500);
  const { x, value } = optimizer.optimize(new Array(WIDTH).fill(0));
  nlopt.GC.flush(); // what lives in WebAssembly is not collected by itself
  return { x, value, ...calls };
}

/** The ridge makes the loss lambda-strongly convex, so the only minimum is at most |gradient| / lambda away. */
function distanceBound(x) {
  return norm(lossGrad(X, y, Float64Array.from(x), LAMBDA).dw) / LAMBDA;
}
