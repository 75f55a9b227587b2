// Made-up measurements for solvers: a spectrum to fit peaks to, points with labels for logistic regression. Formulas written by hand, so that
// what is fitted does not come from the code that fits it.

import { createRandom, normal } from "./random.js";

/** Height, center and width of six peaks, then base and slope: the parameters behind makeSpectrum, in the order of spectrum.math. */
// prettier-ignore
export const spectrumParameters = [
  3, 1, 0.3,
  2, 2.1, 0.4,
  4, 3.4, 0.35,
  1.5, 4.6, 0.3,
  2.5, 5.8, 0.5,
  3.5, 7.6, 0.4,
  0.5, 0.05,
];

/** As one reads them off a plot: heights too small, centers a little off, peaks too wide, no baseline. */
export const spectrumGuess = spectrumParameters.map((value, index) => {
  if (index >= 18) return 0;
  return [0.75 * value, index % 2 === 0 ? value + 0.1 : value - 0.1, 1.2 * value][index % 3];
});

/** The spectrum without noise: what spectrum.math says, in a loop. */
export function handSpectrum(parameters, x) {
  let y = parameters[18] + parameters[19] * x;
  for (let at = 0; at < 18; at += 3) {
    const u = (x - parameters[at + 1]) / parameters[at + 2];
    y += parameters[at] * Math.exp(-u * u);
  }
  return y;
}

/**
 * The spectrum at so many places between 0 and 9, with noise of deviation 0.02.
 *
 * @param {number} points
 * @param {number} seed
 * @returns {{ x: Float64Array, y: Float64Array }}
 */
export function makeSpectrum(points, seed) {
  const random = createRandom(seed);
  const x = Float64Array.from({ length: points }, (_, index) => (9 * index) / (points - 1));
  return { x, y: x.map((at) => handSpectrum(spectrumParameters, at) + 0.02 * normal(random)) };
}

/**
 * Rows of `width` normal numbers, each with a label 1 or -1, more often the sign of a hidden weighted sum than not.
 *
 * @param {number} rows
 * @param {number} width
 * @param {number} seed
 * @returns {{ X: Float64Array, y: Float64Array }}
 */
export function makeLabelled(rows, width, seed) {
  const random = createRandom(seed);
  const hidden = Array.from({ length: width }, () => normal(random));
  const X = Float64Array.from({ length: rows * width }, () => normal(random));
  const y = Float64Array.from({ length: rows }, (_, row) => {
    const score = hidden.reduce((sum, weight, column) => sum + weight * X[row * width + column], 0);
    return random() < 1 / (1 + Math.exp(-score)) ? 1 : -1;
  });
  return { X, y };
}
