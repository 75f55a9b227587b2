// Solvers that people use, given generated derivatives, derivatives written by hand, and finite differences. Each problem has a process of its own, in
// which the three run in turn; the answers must agree. The problems are those of examples/curve-fit.js, l-bfgs.js and newton.js in other sizes.

import { readFileSync } from "node:fs";
import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { Matrix, solve } from "ml-matrix";
import nlopt from "nlopt-js";
import { norm } from "../../examples/kit/gradients.js";
import { handSpectrum, makeLabelled, makeSpectrum, spectrumGuess } from "../../examples/kit/measurements.js";
import { race } from "../../examples/kit/timing.js";
import { runContestant } from "./contest.js";
import { digits, table } from "./markdown.js";
import { PACKAGE } from "./package.js";

const LAMBDA = 0.01;
const ROWS = 1000;
const ROUNDS = 15;

const PROBLEMS = [
  { solver: "curveFit", size: 200, title: "ml-levenberg-marquardt, 20 parameters, 200 points" },
  { solver: "curveFit", size: 1000, title: "ml-levenberg-marquardt, 20 parameters, 1000 points" },
  { solver: "lBfgs", size: 10, title: "nlopt-js L-BFGS, logistic regression, 10 unknowns" },
  { solver: "lBfgs", size: 50, title: "nlopt-js L-BFGS, logistic regression, 50 unknowns" },
  { solver: "lBfgs", size: 200, title: "nlopt-js L-BFGS, logistic regression, 200 unknowns" },
  { solver: "newton", size: 5, title: "Newton with ml-matrix, logistic regression, 5 unknowns" },
  { solver: "newton", size: 50, title: "Newton with ml-matrix, logistic regression, 50 unknowns" },
];

const solvers = { curveFit, lBfgs, newton };

/** How often a solver called for a value, a gradient or a Hessian. */
let calls = 0;

/** Milliseconds and calls of each contestant. */
export async function contest({ solver, size }) {
  const runs = await solvers[solver](size);
  const counting = Object.entries(runs).map(([name, run]) => [
    name,
    () => {
      calls = 0;
      return { answer: run(), calls };
    },
  ]);
  const best = race(Object.fromEntries(counting), ROUNDS);
  const right = best.generated.result.answer;
  for (const [name, { result }] of Object.entries(best)) {
    const apart = norm(Float64Array.from(result.answer, (value, index) => value - right[index])) / norm(Float64Array.from(right));
    if (!(apart < 1e-5)) throw new Error(`${name} found something else: ${apart}`);
  }
  return Object.fromEntries(
    Object.entries(best).map(([name, { milliseconds, result }]) => [name, { milliseconds, calls: result.calls }]),
  );
}

export async function report() {
  const rows = [];
  for (const { solver, size, title } of PROBLEMS) {
    const { failed, generated, byHand, differences } = await runContestant("solvers", { solver, size });
    if (failed !== undefined) {
      rows.push([title, "–", "–", "–", "–", "–", failed]);
      continue;
    }
    const times = [generated, byHand, differences].map(({ milliseconds }) => digits(milliseconds));
    const ratio = digits(differences.milliseconds / generated.milliseconds);
    rows.push([title, ...times, ratio, digits(generated.calls), digits(differences.calls)]);
  }
  const columns = [
    "",
    "ms, generated",
    "ms, by hand",
    "ms, differences",
    "differences / generated",
    "calls",
    "calls, differences",
  ];
  return `## Solvers, least of ${ROUNDS} runs in one process\n\n${table(columns, rows)}`;
}

async function generated(name, options) {
  const { compile, load } = await import(PACKAGE);
  return load(compile(readFileSync(new URL(`../../examples/${name}.math`, import.meta.url), "utf8"), options));
}

/** The package fits twenty parameters; without a Jacobian by its own forward differences, of a loop written by hand. A call is one at one point. */
async function curveFit(points) {
  const { spectrum, spectrumGrad } = await generated("spectrum", { style: "fast" });
  const data = makeSpectrum(points, 1);
  const out = new Float64Array(1 + spectrumGuess.length);
  const row = out.subarray(1);
  const counted = (make) => (parameters) => {
    calls += points;
    return make(parameters);
  };
  const fit = (model, more) => {
    const options = { initialValues: spectrumGuess, maxIterations: 20, errorTolerance: 1e-12, ...more };
    return levenbergMarquardt(data, counted(model), options).parameterValues;
  };
  const handModel = (parameters) => (x) => handSpectrum(parameters, x);
  const handJacobian = counted((parameters) => (x) => handSpectrumRow(parameters, x, row));
  const jacobianFunction = counted((parameters) => {
    const writeRow = spectrumGrad.bind(undefined, ...parameters);
    return (x) => {
      writeRow(x, out);
      return row;
    };
  });
  return {
    generated: () => fit((parameters) => spectrum.bind(undefined, ...parameters), { jacobianFunction }),
    byHand: () => fit(handModel, { jacobianFunction: handJacobian }),
    differences: () => fit(handModel, { gradientDifference: 1e-7 }),
  };
}

function handSpectrumRow(parameters, x, row) {
  for (let at = 0; at < 18; at += 3) {
    const u = (x - parameters[at + 1]) / parameters[at + 2];
    const bell = Math.exp(-u * u);
    row[at] = bell;
    row[at + 1] = (2 * parameters[at] * bell * u) / parameters[at + 2];
    row[at + 2] = row[at + 1] * u;
  }
  row[18] = 1;
  row[19] = x;
  return row;
}

async function lBfgs(width) {
  const { loss, lossGrad } = await generated("logistic-regression", { style: "tidy" });
  const { X, y } = makeLabelled(ROWS, width, 1);
  await nlopt.ready;
  const minimise = (objective) => {
    const optimizer = new nlopt.Optimize(nlopt.Algorithm.LD_LBFGS, width);
    optimizer.setMinObjective(objective, 1e-10);
    optimizer.setMaxeval(500); // also bounds the memory of NLopt: see examples/l-bfgs.js
    const { x } = optimizer.optimize(new Array(width).fill(0));
    nlopt.GC.flush();
    return x;
  };
  const countedLoss = (w) => {
    calls++;
    return loss(X, y, w, LAMBDA);
  };
  return {
    generated: () =>
      minimise((w, gradient) => {
        calls++;
        const result = lossGrad(X, y, w, LAMBDA);
        gradient?.set(result.dw);
        return result.loss;
      }),
    byHand: () =>
      minimise((w, gradient) => {
        calls++;
        return handLoss(X, y, w, gradient);
      }),
    differences: () =>
      minimise((w, gradient) => {
        if (gradient) centralDifferences(gradient, w, (at) => [countedLoss(at)]);
        return countedLoss(w);
      }),
  };
}

/** The loss of logistic-regression.math; writes its gradient. */
function handLoss(X, y, w, gradient) {
  const width = w.length;
  let total = 0;
  gradient.fill(0);
  for (let i = 0, at = 0; i < y.length; i++, at += width) {
    let score = 0;
    for (let j = 0; j < width; j++) score += X[at + j] * w[j];
    const u = -y[i] * score;
    total += Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
    const slope = -y[i] / (1 + Math.exp(-u)) / y.length;
    for (let j = 0; j < width; j++) gradient[j] += slope * X[at + j];
  }
  let squares = 0;
  for (let j = 0; j < width; j++) {
    squares += w[j] * w[j];
    gradient[j] += LAMBDA * w[j];
  }
  return total / y.length + (LAMBDA / 2) * squares;
}

/** Newton's method; the Hessian by differences takes the generated gradient at 2 n places, which is the best that differences can do. */
async function newton(width) {
  const { lossGrad } = await generated("logistic-regression", { style: "tidy" });
  const { lossHessian } = await generated("logistic-regression", { mode: "hessian", style: "tidy" });
  const { X, y } = makeLabelled(ROWS, width, 2);
  const countedGradient = (w) => {
    calls++;
    return lossGrad(X, y, w, LAMBDA).dw;
  };
  return {
    generated: () =>
      descend(width, (w) => {
        calls++;
        return lossHessian(X, y, w, LAMBDA);
      }),
    byHand: () =>
      descend(width, (w) => {
        calls++;
        const dw = new Float64Array(width);
        handLoss(X, y, w, dw);
        return { dw, H: handHessian(X, y, w) };
      }),
    differences: () =>
      descend(width, (w) => {
        const H = new Float64Array(width * width);
        centralDifferences(H, w, countedGradient);
        return { dw: countedGradient(w), H };
      }),
  };
}

function descend(width, derivatives) {
  let w = new Float64Array(width);
  for (let step = 0; step < 20; step++) {
    const { dw, H } = derivatives(w);
    if (norm(dw) < 1e-12) break;
    const stride = solve(Matrix.from1DArray(width, width, H), Matrix.columnVector(dw)).to1DArray();
    w = w.map((weight, j) => weight - stride[j]);
  }
  return w;
}

/** Xᵀ diag(σ(u) σ(−u) / m) X + λ I: its lower half, mirrored. */
function handHessian(X, y, w) {
  const width = w.length;
  const H = new Float64Array(width * width);
  for (let i = 0, at = 0; i < y.length; i++, at += width) {
    let score = 0;
    for (let j = 0; j < width; j++) score += X[at + j] * w[j];
    const s = 1 / (1 + Math.exp(-score));
    for (let j = 0; j < width; j++) {
      const scaled = ((s * (1 - s)) / y.length) * X[at + j];
      for (let k = 0; k <= j; k++) H[j * width + k] += scaled * X[at + k];
    }
  }
  for (let j = 0; j < width; j++) {
    H[j * width + j] += LAMBDA;
    for (let k = 0; k < j; k++) H[k * width + j] = H[j * width + k];
  }
  return H;
}

/** Row j of `out` is the derivative by w[j] of what `evaluate` returns, one number or more. */
function centralDifferences(out, w, evaluate, h = 1e-5) {
  for (let j = 0; j < w.length; j++) {
    const middle = w[j];
    w[j] = middle + h;
    const above = evaluate(w);
    w[j] = middle - h;
    const below = evaluate(w);
    w[j] = middle;
    for (let k = 0; k < above.length; k++) out[j * above.length + k] = (above[k] - below[k]) / (2 * h);
  }
}
