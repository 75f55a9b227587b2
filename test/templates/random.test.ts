// The generator against its authors' outputs, the distributions by their moments, the encodings by their formula.

import { describe, expect, test } from "vitest";
import { createRandom, createXoshiro, dropoutMask, normal, positionalEncoding, uniform } from "../../templates/random.ts";
import { expectClose, indicesOf, innerProduct } from "./arrays.ts";

test("xoshiro128** gives what the C code of its authors gives from the state 1, 2, 3, 4", () => {
  const next = createXoshiro([1, 2, 3, 4]);
  expect(Array.from({ length: 10 }, next)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

const mean = (x: Float64Array): number => x.reduce((total, value) => total + value, 0) / x.length;
const moment = (x: Float64Array, power: number): number => mean(x.map((value) => value ** power));
const correlation = (a: Float64Array, b: Float64Array): number =>
  (innerProduct(a, b) / a.length - mean(a) * mean(b)) / Math.sqrt((moment(a, 2) - mean(a) ** 2) * (moment(b, 2) - mean(b) ** 2));

describe("createRandom", () => {
  test("gives the same numbers for a seed, everywhere", () => {
    const random = createRandom(42);
    expect(Array.from({ length: 4 }, random)).toMatchInlineSnapshot(`
      [
        0.2911140100319819,
        0.8843694132650004,
        0.11721824636986133,
        0.5975616484574316,
      ]
    `);
  });

  test.each([0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 53 - 1])("stays in [0, 1) from seed %d", (seed) => {
    const random = createRandom(seed);
    const values = Float64Array.from({ length: 10000 }, random);
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53))).toBe(true);
    expect(mean(values)).toBeCloseTo(0.5, 1);
    expect(moment(values, 2)).toBeCloseTo(1 / 3, 1);
    const bins = new Int32Array(16);
    for (const value of values) bins[Math.floor(value * 16)]! += 1;
    expect(Math.min(...bins)).toBeGreaterThan(500);
    expect(Math.max(...bins)).toBeLessThan(750);
  });

  test("first numbers of neighbouring seeds have nothing to do with each other", () => {
    const first = Float64Array.from({ length: 10001 }, (_, seed) => createRandom(seed)());
    expect(Math.abs(correlation(first.subarray(1), first.subarray(0, 10000)))).toBeLessThan(0.03);
    expect(mean(first)).toBeCloseTo(0.5, 1);
    expect(new Set(first).size).toBe(10001);
    expect(createRandom(7)()).not.toBe(createRandom(7 + 2 ** 32)());
  });
});

test("uniform lies in [−limit, limit)", () => {
  const x = uniform(10000, 3, createRandom(1));
  expect(Math.min(...x)).toBeGreaterThanOrEqual(-3);
  expect(Math.max(...x)).toBeLessThan(3);
  expect(mean(x)).toBeCloseTo(0, 0);
  expect(moment(x, 2)).toBeCloseTo(3, 0);
});

test.each([1, 2, 7, 10001])("normal gives %d values", (n) => {
  expect(normal(n, 1, createRandom(1))).toHaveLength(n);
  expect(normal(n, 1, createRandom(1)).every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
});

test("normal has the moments of its deviation", () => {
  const x = normal(100000, 2, createRandom(5));
  expect(Math.abs(mean(x))).toBeLessThan(0.03);
  expect(Math.abs(moment(x, 2) - 4)).toBeLessThan(0.1);
  expect(Math.abs(moment(x, 3))).toBeLessThan(0.3);
  expect(Math.abs(moment(x, 4) - 48)).toBeLessThan(3);
  expect(Math.abs(correlation(x.subarray(1), x.subarray(0, -1)))).toBeLessThan(0.02);
});

test("normal is finite where the generator gives 0", () => {
  expectClose(
    normal(2, 1, () => 0),
    [0, 0],
  );
});

describe("dropoutMask", () => {
  test.each([0.1, 0.5, 0.9])("drops %d of the values and keeps the mean", (rate) => {
    const mask = dropoutMask(10000, rate, 3, 0);
    expect(new Set(mask)).toEqual(new Set([0, 1 / (1 - rate)]));
    expect(Math.abs(mask.filter((value) => value === 0).length / 10000 - rate)).toBeLessThan(0.02);
  });

  test("at the ends", () => {
    expect(dropoutMask(5, 0, 3, 0)).toEqual(new Float64Array(5).fill(1));
    expect(dropoutMask(5, 1, 3, 0)).toEqual(new Float64Array(5));
  });

  test("depends on seed and stream only", () => {
    const mask = dropoutMask(10000, 0.5, 3, 1);
    expect(dropoutMask(10000, 0.5, 3, 1)).toEqual(mask);
    expect(dropoutMask(100, 0.5, 3, 1)).toEqual(mask.subarray(0, 100));
    for (const other of [dropoutMask(10000, 0.5, 3, 2), dropoutMask(10000, 0.5, 4, 1), dropoutMask(10000, 0.5, 1, 3)])
      expect(Math.abs(correlation(mask, other))).toBeLessThan(0.03);
  });
});

test.each([
  [1, 1],
  [3, 2],
  [5, 7],
])("positionalEncoding of %d places in %d columns", (length, width) => {
  const expected = indicesOf([length, width]).map(([p, column]) => {
    const angle = p! / 10000 ** ((2 * Math.floor(column! / 2)) / width);
    return column! % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  expectClose(positionalEncoding(length, width), expected);
});
