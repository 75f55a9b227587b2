// Made-up points in the plane in three classes, for examples that need no files.

import { createRandom, normal } from "./random.js";

/**
 * Three arms of a spiral, which no straight lines divide. Rows go 0, 1, 2, 0, 1, 2, ... through the classes.
 *
 * @param {number} rows
 * @param {number} seed
 */
export function makeSpirals(rows, seed) {
  return makePoints(rows, seed, (k, radius, random) => {
    const angle = (2 * Math.PI * k) / 3 + 4 * radius + 0.15 * normal(random);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Three clouds, which overlap a little. */
export function makeClouds(rows, seed) {
  const centres = [
    [-0.5, -0.4],
    [0.5, -0.3],
    [0, 0.5],
  ];
  return makePoints(rows, seed, (k, _, random) => centres[k].map((centre) => centre + 0.25 * normal(random)));
}

/** @returns {{ X: Float64Array, y: Int32Array }} */
function makePoints(rows, seed, place) {
  const random = createRandom(seed);
  const X = new Float64Array(2 * rows);
  const y = Int32Array.from({ length: rows }, (_, row) => row % 3);
  for (let row = 0; row < rows; row++) X.set(place(y[row], random(), random), 2 * row);
  return { X, y };
}
