// Seeded random numbers for data and orders: the same seed gives the same run. (Math.random cannot be seeded.)

/**
 * Numbers in [0, 1): the generator mulberry32.
 *
 * @param {number} seed a whole number
 * @returns {() => number}
 */
export function createRandom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x = (x + Math.imul(x ^ (x >>> 7), x | 61)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number from the normal distribution around 0 with deviation 1 (Box and Muller). */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * The numbers from 0 to below count in random order (Fisher and Yates).
 *
 * @param {number} count
 * @param {() => number} random
 */
export function shuffledIndices(count, random) {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
