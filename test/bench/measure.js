// Time and repetition. No benchmark asserts a time: machines differ, and neighbours are noisy.

const POINTS = 1024;

/** Nanoseconds per call of `run(index)`: the median over batches after a warm-up. `run` returns a number, so that nothing is optimised away. */
export function nanosecondsPerCall(run, { warmUp = 300, duration = 400 } = {}) {
  let sink = 0;
  const batch = (count) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) sink += run(i % POINTS);
    return Number(process.hrtime.bigint() - start) / count;
  };
  let count = 1;
  const warmUntil = performance.now() + warmUp;
  let last = batch(count);
  while (performance.now() < warmUntil) {
    last = batch(count);
    count = Math.max(1, Math.min(1e6, Math.round(5e6 / last))); // batches of some 5 ms
  }
  const times = [];
  const until = performance.now() + duration;
  while (performance.now() < until || times.length < 5) times.push(batch(count));
  if (Number.isNaN(sink)) throw new Error("the contestant answered NaN");
  return median(times);
}

/** Points that differ, so that no engine can fold the call away: `dimensions` columns. */
export function samplePoints(dimensions, low = -2, high = 2) {
  let state = 12345;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  return Array.from({ length: dimensions }, () => Float64Array.from({ length: POINTS }, () => low + (high - low) * random()));
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const smallest = (values) => values.reduce((least, value) => Math.min(least, value), Infinity);
