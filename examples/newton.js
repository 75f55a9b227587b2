// Newton's method for a logistic regression: the generated code gives value, gradient and Hessian, ml-matrix solves H s = g, and the number of
// right digits doubles with every step. Run after `npm run build`: node examples/newton.js

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { compile, load } from "wengert";
import { norm } from "./kit/gradients.js";
import { makeLabelled } from "./kit/measurements.js";

const WIDTH = 5;
const LAMBDA = 0.01;

const source = readFileSync(new URL("logistic-regression.math", import.meta.url), "utf8");
const { lossHessian } = load(compile(source, { mode: "hessian", style: "tidy" }));
const { X, y } = makeLabelled(200, WIDTH, 2);

const path = descend(new Float64Array(WIDTH));
const minimum = path.at(-1);

// The error of a step over the square of the error before settles at a constant: that is what quadratic convergence means.
console.log("step  loss            |gradient|  error    error / (error before)^2");
let before;
path.slice(0, -1).forEach(({ w, loss, dw }, step) => {
  const error = norm(w.map((weight, j) => weight - minimum.w[j]));
  const ratio = before === undefined ? "" : (error / before ** 2).toFixed(3);
  const cells = [norm(dw).toExponential(1).padEnd(10), error.toExponential(1).padEnd(7), ratio];
  console.log(`${step}     ${loss.toFixed(12)}  ${cells.join("  ")}`.trimEnd());
  before = error;
});
console.log(`after step ${path.length - 1}: loss ${minimum.loss.toFixed(12)}, |gradient| ${norm(minimum.dw).toExponential(1)}`);
assert(norm(minimum.dw) < 1e-14, "the gradient is not zero where the descent ended");
assert(path.length <= 10, "that is not how fast Newton's method is");

/** The places Newton's method visits, each with what the generated function says there. */
function descend(w) {
  const visited = [];
  for (let step = 0; step < 20; step++) {
    const here = lossHessian(X, y, w, LAMBDA);
    visited.push({ w, ...here });
    if (norm(here.dw) < 1e-14) break; // rounding: the terms of the gradient are of order 1
    const stride = newtonStride(here);
    w = w.map((weight, j) => weight - stride[j]);
  }
  return visited;
}

/** The solution s of H s = g. H is row-major in one Float64Array, symmetric to the last bit, and here positive definite: Cholesky will do. */
function newtonStride({ H, dw }) {
  return new CholeskyDecomposition(Matrix.from1DArray(WIDTH, WIDTH, H)).solve(Matrix.columnVector(dw)).to1DArray();
}
