// The special functions against 50-digit values (test/golden/special.py) and at the edges of their domains.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digamma, erf, erfc, gamma, lgamma, polygamma } from "../../templates/special.ts";

type Row = readonly [x: number, truth: string];

interface Golden {
  readonly factorial: readonly Row[];
  readonly erf: readonly Row[];
  readonly erfc: readonly Row[];
  readonly gamma: readonly Row[];
  readonly lgamma: readonly Row[];
  readonly digamma: readonly Row[];
  readonly polygamma: readonly (readonly [n: number, x: number, truth: string])[];
}

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "../golden/special.json"), "utf8")) as Golden;

/** `scale`: a size below which the error does not shrink with the result, because the result is a difference. */
interface Bound {
  readonly of: (x: number) => number;
  readonly ulp: number;
  readonly scale?: (x: number) => number;
}

const bounds: Record<"erf" | "erfc" | "gamma" | "lgamma" | "digamma", Bound> = {
  erf: { of: erf, ulp: 4 },
  erfc: { of: erfc, ulp: 5 },
  gamma: { of: gamma, ulp: 5 },
  lgamma: { of: lgamma, ulp: 5, scale: (x) => (x < 0 ? 1 : 0) },
  digamma: { of: digamma, ulp: 6, scale: (x) => (x < 0 ? Math.log(2 - x) : 0) },
};

describe.each(Object.entries(bounds))("%s", (name, { of, ulp, scale = () => 0 }) => {
  test.each(golden[name as keyof typeof bounds])(`at %d is %s within ${ulp} ulp`, (x, truth) => {
    expect(errorInUlp(of(x), Number(truth), scale(x))).toBeLessThanOrEqual(ulp);
  });
});

test.each(golden.polygamma)("polygamma(%d, %d) is %s within 3 ulp", (n, x, truth) => {
  const largestTerm = x > 0 ? 0 : gamma(n + 1) / Math.abs(x - Math.round(x)) ** (n + 1);
  expect(errorInUlp(polygamma(n, x), Number(truth), largestTerm)).toBeLessThanOrEqual(3);
});

test.each(golden.factorial)("gamma gives %d! correctly rounded", (n, truth) => {
  expect(gamma(n + 1)).toBe(Number(truth));
});

const edges: readonly (readonly [call: string, value: number, expected: number])[] = [
  ["erf(0)", erf(0), 0],
  ["erf(-0)", erf(-0), -0],
  ["erf(Infinity)", erf(Infinity), 1],
  ["erf(-Infinity)", erf(-Infinity), -1],
  ["erf(NaN)", erf(NaN), NaN],
  ["erfc(0)", erfc(0), 1],
  ["erfc(Infinity)", erfc(Infinity), 0],
  ["erfc(-Infinity)", erfc(-Infinity), 2],
  ["erfc(28)", erfc(28), 0],
  ["erfc(NaN)", erfc(NaN), NaN],
  ["gamma(0)", gamma(0), Infinity],
  ["gamma(-0)", gamma(-0), -Infinity],
  ["gamma(-1)", gamma(-1), NaN],
  ["gamma(-200)", gamma(-200), NaN],
  ["gamma(171.7)", gamma(171.7), Infinity],
  ["gamma(172)", gamma(172), Infinity],
  ["gamma(1e300)", gamma(1e300), Infinity],
  ["gamma(-190.5)", gamma(-190.5), -0],
  ["gamma(-191.5)", gamma(-191.5), 0],
  ["gamma(5e-324)", gamma(5e-324), Infinity],
  ["gamma(Infinity)", gamma(Infinity), Infinity],
  ["gamma(-Infinity)", gamma(-Infinity), NaN],
  ["gamma(NaN)", gamma(NaN), NaN],
  ["lgamma(0)", lgamma(0), Infinity],
  ["lgamma(1)", lgamma(1), -0],
  ["lgamma(2)", lgamma(2), 0],
  ["lgamma(-3)", lgamma(-3), Infinity],
  ["lgamma(-1e300)", lgamma(-1e300), Infinity],
  ["lgamma(1e308)", lgamma(1e308), Infinity],
  ["lgamma(Infinity)", lgamma(Infinity), Infinity],
  ["lgamma(-Infinity)", lgamma(-Infinity), Infinity],
  ["lgamma(NaN)", lgamma(NaN), NaN],
  ["digamma(0)", digamma(0), -Infinity],
  ["digamma(-0)", digamma(-0), Infinity],
  ["digamma(-1)", digamma(-1), NaN],
  ["digamma(Infinity)", digamma(Infinity), Infinity],
  ["digamma(-Infinity)", digamma(-Infinity), NaN],
  ["digamma(NaN)", digamma(NaN), NaN],
  ["polygamma(1, 0)", polygamma(1, 0), Infinity],
  ["polygamma(2, 0)", polygamma(2, 0), -Infinity],
  ["polygamma(2, -0)", polygamma(2, -0), Infinity],
  ["polygamma(1, -3)", polygamma(1, -3), Infinity],
  ["polygamma(2, -3)", polygamma(2, -3), NaN],
  ["polygamma(1, Infinity)", polygamma(1, Infinity), 0],
  ["polygamma(1, -Infinity)", polygamma(1, -Infinity), NaN],
  ["polygamma(1, NaN)", polygamma(1, NaN), NaN],
  ["polygamma(0, 1)", polygamma(0, 1), NaN],
  ["polygamma(1.5, 1)", polygamma(1.5, 1), NaN],
  ["polygamma(171, 1)", polygamma(171, 1), NaN],
  ["polygamma(1, 1e300)", polygamma(1, 1e300), 1e-300],
];

test.each(edges)("%s", (_, value, expected) => {
  expect(value).toBe(expected);
});

/** The distance in units of the last place of the truth, or of `scale` if that is larger. */
function errorInUlp(value: number, truth: number, scale: number): number {
  if (value === truth) return 0;
  const size = Math.max(Math.abs(truth), scale);
  return Math.abs(value - truth) / unitInLastPlace(size);
}

function unitInLastPlace(size: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0) - size;
}
