// Looks at the gradients of a network: how large they are, and whether they are right.

/** The Euclidean norm of all values of some arrays together. */
export function norm(...arrays) {
  return Math.sqrt(arrays.reduce((sum, array) => sum + array.reduce((part, value) => part + value * value, 0), 0));
}

/** Mean and largest absolute value of an array, and its norm. */
export function magnitudes(array) {
  const sizes = array.map(Math.abs);
  return {
    norm: norm(array),
    mean: sizes.reduce((sum, size) => sum + size, 0) / array.length,
    max: sizes.reduce((most, size) => (size > most || Number.isNaN(size) ? size : most), 0),
  };
}

/**
 * Gradients by central differences: (loss(p + h) - loss(p - h)) / 2h for every single parameter p. The parameters are as before afterwards.
 *
 * @param {() => number} loss reads `params`
 * @param {Readonly<Record<string, Float64Array>>} params
 * @param {number} [h] near the cube root of 2^-52, where rounding and curvature spoil about as little as they can
 */
export function centralDifferences(loss, params, h = 1e-5) {
  const differentiate = (array) =>
    array.map((value, index) => {
      array[index] = value + h;
      const above = loss();
      array[index] = value - h;
      const below = loss();
      array[index] = value;
      return (above - below) / (2 * h);
    });
  return Object.fromEntries(Object.entries(params).map(([name, array]) => [name, differentiate(array)]));
}

/**
 * The relative error |a - n| / (|a| + |n|) of two gradients (Euclidean norms) and the usual verdict on it. Two zero gradients agree.
 *
 * @param {Float64Array} analytic
 * @param {Float64Array} numeric
 */
export function compareGradients(analytic, numeric) {
  const difference = norm(analytic.map((value, index) => value - numeric[index]));
  const size = norm(analytic) + norm(numeric);
  const error = size === 0 ? 0 : difference / size;
  return { error, verdict: judge(error) };
}

/** Written so that NaN, which compares as false with everything, is a failure. */
function judge(error) {
  if (error < 1e-5) return "right";
  if (error <= 1e-3) return "look closer";
  return error > 1e-3 ? "wrong" : "failure: NaN";
}
