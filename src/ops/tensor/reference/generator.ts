// What the tensors that come from nowhere hold. The random generator is written here from its publication, apart from that of templates/.

import { numbers } from "../define.ts";
import { zeros, type Evaluate } from "./indices.ts";

export const literal: Evaluate = (_, attrs) => ({
  shape: numbers(attrs, "shape"),
  data: Float64Array.from(numbers(attrs, "values")),
});

export const size: Evaluate = (_, attrs) => ({ shape: [], data: Float64Array.of(attrs["dim"] as number) });

export const positionalEncoding: Evaluate = (_, attrs) => {
  const width = attrs["width"] as number;
  const result = zeros([attrs["length"] as number, width]);
  result.data.forEach((_, at) => {
    const column = at % width;
    const angle = Math.floor(at / width) / 10000 ** ((2 * Math.floor(column / 2)) / width);
    result.data[at] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return result;
};

export const dropoutMask: Evaluate = ([seed], attrs) => {
  const rate = attrs["rate"] as number;
  const next = xoshiro128(stateFrom(seed!.data[0]!, attrs["stream"] as number));
  const result = zeros(numbers(attrs, "shape"));
  for (let i = 0; i < result.data.length; i++) {
    const high = next() >>> 5;
    const low = next() >>> 6;
    const fraction = (high * 2 ** 26 + low) / 2 ** 53;
    result.data[i] = fraction < rate ? 0 : 1 / (1 - rate);
  }
  return result;
};

/** xoshiro128** 1.1 (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", 2021), as published in C. */
function xoshiro128(s: Uint32Array): () => number {
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  };
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** Four words: the two halves of the seed and the stream are stirred in, one after the other, four times over. */
function stateFrom(seed: number, stream: number): Uint32Array {
  const parts = [seed % 2 ** 32, Math.floor(seed / 2 ** 32), stream];
  let word = 0;
  return new Uint32Array(4).map(() => parts.reduce((mixed, part) => (word = finalMix((mixed ^ part) + 0x9e3779b9)), word));
}

/** The last step of MurmurHash3 (A. Appleby, 2011), for words of 32 bits. */
function finalMix(h: number): number {
  let x = h | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
