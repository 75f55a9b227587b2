// Fits twenty parameters, six peaks on a sloping baseline, with the package ml-levenberg-marquardt: given the generated derivatives, and without.
// Run after `npm run build`: node examples/curve-fit.js
//
// In every step the solver needs the Jacobian of the model: a row for each point, a column for each parameter. spectrumGrad writes one such row in
// little more time than the value alone takes. Without it the package changes the parameters one by one and evaluates the model at every point again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { compile, load } from "wengert";
import { makeSpectrum, spectrumGuess, spectrumParameters } from "./kit/measurements.js";
import { race } from "./kit/timing.js";

const source = readFileSync(new URL("spectrum.math", import.meta.url), "utf8");
const { spectrum, spectrumGrad } = load(compile(source, { style: "fast" }));

// spectrumGrad(height1, ..., slope, x, out) writes the value to out[0] and the derivatives, in the order of the parameters, behind it. The package
// reads a row before it asks for the next, so all rows may be the same view of `out`: nothing is copied, nothing allocated.
const out = new Float64Array(1 + spectrumParameters.length);
const row = out.subarray(1);

// The package gives first the parameters and then one x after the other. `input x` is last in the source, so bind is all it takes.
function model(parameters) {
  return spectrum.bind(undefined, ...parameters);
}

function jacobianFunction(parameters) {
  const writeRow = spectrumGrad.bind(undefined, ...parameters);
  return (x) => {
    writeRow(x, out);
    return row;
  };
}

// The tolerance is for the sum of squares, which noise keeps from becoming small: all runs take all their steps.
const data = makeSpectrum(1000, 1);
const options = { initialValues: spectrumGuess, maxIterations: 20, errorTolerance: 1e-12 };
const evaluations = { values: 0, rows: 0 };

const fits = race({
  "generated Jacobian": () => fit({ jacobianFunction: counted(jacobianFunction, "rows") }),
  "forward differences": () => fit({ gradientDifference: 1e-7 }),
  "central differences": () => fit({ gradientDifference: 1e-5, centralDifference: true }),
});
const exact = fits["generated Jacobian"];

console.log(`${spectrumParameters.length} parameters, ${data.x.length} points, ${options.maxIterations} steps`);
for (const [name, { milliseconds, result }] of Object.entries(fits)) {
  const { values, rows, parameterError } = result;
  const times = (milliseconds / exact.milliseconds).toFixed(1);
  console.log(`${name}: ${milliseconds.toFixed(1)} ms, ${times} times as long`);
  console.log(`  evaluations: values ${values}, rows ${rows}; sum of squares ${parameterError.toPrecision(10)}`);
}

const apart = Math.max(
  ...Object.values(fits).map(({ result }) => farthest(result.parameterValues, exact.result.parameterValues)),
);
const off = farthest(exact.result.parameterValues, spectrumParameters);
console.log(`parameters found: at most ${apart.toExponential(1)} apart, at most ${off.toFixed(3)} from those behind the noise`);
assert(apart < 1e-6, "the fits found different parameters");
assert(off < 0.02, "the parameters found are not those behind the data");

/** A fit with its number of evaluations. */
function fit(more) {
  Object.assign(evaluations, { values: 0, rows: 0 });
  return { ...levenbergMarquardt(data, counted(model, "values"), { ...options, ...more }), ...evaluations };
}

/** The package takes all points whenever it asks for a function of x. */
function counted(make, kind) {
  return (parameters) => {
    evaluations[kind] += data.x.length;
    return make(parameters);
  };
}

function farthest(a, b) {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0);
}
