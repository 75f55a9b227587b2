// How training goes: moving average of the losses, a summary of them, when to stop.

/**
 * The mean of each value and the `window - 1` before it (of fewer at the start).
 *
 * @param {readonly number[]} values
 * @param {number} window
 */
export function movingAverage(values, window) {
  let sum = 0;
  return values.map((value, index) => {
    sum += value;
    if (index >= window) sum -= values[index - window];
    return sum / Math.min(index + 1, window);
  });
}

/**
 * What a loss curve tells. Smoothed, it is compared at its end with one tenth of its length before.
 *
 * @param {readonly number[]} losses one per step
 * @param {number} [window] of the moving average
 */
export function summarise(losses, window = Math.max(1, Math.ceil(losses.length / 20))) {
  const smooth = movingAverage(losses, window);
  const last = smooth.at(-1);
  const before = smooth.at(-1 - Math.ceil(losses.length / 10)) ?? smooth[0];
  const drop = smooth[0] - last;
  const settled = smooth.findIndex((value) => value <= last + 0.05 * drop);
  return {
    steps: losses.length,
    first: losses[0],
    last,
    least: losses.reduce((least, loss) => Math.min(least, loss), Infinity),
    /** Steps after which 95 % of the whole fall was done. */
    settled: drop > 0 ? settled + 1 : undefined,
    verdict: judge(smooth[0], before, last),
  };
}

function judge(first, before, last) {
  if (!Number.isFinite(last) || last > first) return "diverged";
  const change = (before - last) / Math.max(Math.abs(before), Number.MIN_VALUE);
  if (change > 0.02) return "still falling";
  return change < -0.02 ? "rising again" : "levelled off";
}

/** The summary in a line. */
export function describeSummary({ steps, first, last, least, settled, verdict }) {
  const when = settled === undefined ? "" : `, 95 % of the fall by step ${settled}`;
  return `${steps} steps: loss ${first.toFixed(4)} -> ${last.toFixed(4)} (least ${least.toFixed(4)})${when}; ${verdict}`;
}

/**
 * Stops when the watched loss has not fallen by `least` for `patience` looks.
 *
 * @param {{ patience: number, least?: number }} options
 */
export function createEarlyStop({ patience, least = 0 }) {
  let best = Infinity;
  let waited = 0;
  return {
    /** Takes the next loss; whether it is the best so far, and whether to stop. A NaN is never the best. */
    look(loss) {
      const isBest = loss < best - least;
      waited = isBest ? 0 : waited + 1;
      if (isBest) best = loss;
      return { isBest, isOver: waited >= patience };
    },
  };
}
