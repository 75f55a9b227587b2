// Seeded random numbers, initial weights, dropout masks and position encodings, which generated files
// carry along. The same seed gives the same bits on every machine: no Math.random.

/** Random numbers in [0, 1), all multiples of 2^−53, from a seed (a whole number). */
export function createRandom(seed: number): () => number {
  return fractionsOf(createXoshiro(seedWords(seed, 0)));
}

/** 53 bits of two words each. */
function fractionsOf(next: () => number): () => number {
  return () => {
    const high = next() >>> 5;
    const low = next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992; // 2^26, 2^53
  };
}

/**
 * The generator xoshiro128** (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number
 * generators", 2021): words of 32 bits from a state of four of them, not all zero.
 */
export function createXoshiro(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const scrambled = Math.imul(b, 5);
    const word = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return word;
  };
}

/** A state from a seed and a stream, each word of it mixed from both. */
function seedWords(
  seed: number,
  stream: number,
): readonly [a: number, b: number, c: number, d: number] {
  const parts = [seed >>> 0, Math.floor(seed / 4294967296) >>> 0, stream >>> 0];
  let mixed = 0;
  const word = (): number => {
    for (const part of parts) mixed = mixWord(((mixed ^ part) + 0x9e3779b9) | 0);
    return mixed;
  };
  return [word(), word(), word(), word()];
}

/** MurmurHash3's final mix (A. Appleby), a bijection of 32 bits. */
function mixWord(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** n values equally likely in [−limit, limit). */
export function uniform(n: number, limit: number, random: () => number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = (2 * random() - 1) * limit;
  return out;
}

/** n values from the normal distribution around 0 (Box and Muller 1958). */
export function normal(n: number, deviation: number, random: () => number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < n) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** n times 0 with probability `rate`, else 1 / (1 − rate). Streams of one seed are independent. */
export function dropoutMask(n: number, rate: number, seed: number, stream: number): Float64Array {
  const random = fractionsOf(createXoshiro(seedWords(seed, stream)));
  const out = new Float64Array(n);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < n; i++) out[i] = random() < rate ? 0 : kept;
  return out;
}

/** [length, width]: sin(p / 10000^(2i / width)) in column 2i of row p, the cosine in column 2i + 1. */
export function positionalEncoding(length: number, width: number): Float64Array {
  const out = new Float64Array(length * width);
  for (let column = 0; column < width; column++) {
    const frequency = 10000 ** (-(column - (column % 2)) / width);
    for (let p = 0; p < length; p++) {
      const angle = p * frequency;
      out[p * width + column] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return out;
}
