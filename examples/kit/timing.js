// How long runs take beside each other, for examples and benchmarks. No example fails for being slow: machines differ.

/**
 * Runs all in turn, some rounds, so that a busy neighbour slows all alike, and keeps the least time and the last result of each.
 *
 * @template {string} Name
 * @template Result
 * @param {Readonly<Record<Name, () => Result>>} runs
 * @param {number} [rounds] the first ones are slower, until the engine has optimised the code
 * @returns {Record<Name, { milliseconds: number, result: Result }>}
 */
export function race(runs, rounds = 7) {
  const best = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      const result = run();
      const milliseconds = performance.now() - start;
      best[name] = { milliseconds: Math.min(milliseconds, best[name]?.milliseconds ?? Infinity), result };
    }
  }
  return best;
}
