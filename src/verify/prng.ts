// Seeded random numbers, so that the same source is checked at the same points on every machine.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** −1 or 1. */
  sign(): number;
  /** A whole number in [0, count). */
  below(count: number): number;
}

/** sfc32 (C. Doty-Humphrey, PractRand), seeded with one number. */
export function createRandom(seed: number): Random {
  let a = 0x9e3779b9 | 0;
  let b = seed | 0;
  let c = Math.floor(seed / 0x100000000) | 0;
  let counter = 1;

  function nextBits(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }

  for (let i = 0; i < 15; i++) nextBits();
  const next = (): number => (nextBits() * 0x200000 + (nextBits() >>> 11)) / 0x20000000000000;
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    sign: () => (next() < 0.5 ? -1 : 1),
    below: (count) => Math.floor(next() * count),
  };
}

/** A seed from a text (FNV-1a), for those who have no number. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
