// Mini-batches of a data set: X [rows, width] in one Float64Array, y [rows] in an Int32Array (class indices) or a Float64Array.

/**
 * The batches in order. Nothing is copied: each is a view of the data. The last one may be smaller.
 *
 * @template {Float64Array | Int32Array} Targets
 * @param {{ X: Float64Array, y: Targets }} data
 * @param {number} size rows in a batch
 * @returns {Generator<{ X: Float64Array, y: Targets }>}
 */
export function* batches({ X, y }, size) {
  const rows = y.length;
  const width = X.length / rows;
  for (let start = 0; start < rows; start += size) {
    const end = Math.min(start + size, rows);
    yield { X: X.subarray(start * width, end * width), y: y.subarray(start, end) };
  }
}

/**
 * The rows of these indices, copied: a shuffled data set, or a part of one.
 *
 * @template {Float64Array | Int32Array} Targets
 * @param {{ X: Float64Array, y: Targets }} data
 * @param {ArrayLike<number>} indices
 */
export function takeRows({ X, y }, indices) {
  const width = X.length / y.length;
  const taken = { X: new Float64Array(indices.length * width), y: y.slice(0, indices.length) };
  for (let to = 0; to < indices.length; to++) {
    const from = indices[to];
    taken.X.set(X.subarray(from * width, (from + 1) * width), to * width);
    taken.y[to] = y[from];
  }
  return taken;
}

/**
 * The index of the largest value in each row of scores [rows, classes]: the class a network decides for.
 *
 * @param {Float64Array} scores
 * @param {number} classes
 */
export function largestOfRows(scores, classes) {
  return Int32Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let k = 1; k < classes; k++) if (scores[row * classes + k] > scores[row * classes + best]) best = k;
    return best;
  });
}

/** The share of rows whose largest score is that of their class. */
export function accuracy(scores, y) {
  const decided = largestOfRows(scores, scores.length / y.length);
  return decided.reduce((right, k, row) => right + (k === y[row] ? 1 : 0), 0) / y.length;
}
