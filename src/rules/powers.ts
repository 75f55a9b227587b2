// Powers with well-known exponents, put in the one form that other rules look for. Matched as written.

import { rule, type Rule } from "./rule.ts";

const GRADIENT = "its gradient needs no case distinction and no power";
const literal = { literal: true } as const;
const positive = { literal: true, sample: { x: [0.25, 4] } } as const;

export const powers: readonly Rule[] = [
  rule("power 0", "exact", "x ** 0 -> 1", "IEEE 754 says so for every x, NaN among them"),
  rule("power 1", "exact", "x ** 1 -> x", "no power at all"),
  rule("power 2", "rounding", "x ** 2 -> square(x)", GRADIENT, literal),
  rule("power 3", "rounding", "x ** 3 -> cube(x)", GRADIENT, literal),
  rule("power 1/2", "rounding", "x ** 0.5 -> sqrt(x)", "one rounding; differs at -0 and -Infinity only", positive),
  rule("power -1", "rounding", "x ** -1 -> 1 / x", GRADIENT, literal),
  rule("power -2", "rounding", "x ** -2 -> 1 / square(x)", GRADIENT, literal),
  rule("power -3", "rounding", "x ** -3 -> 1 / cube(x)", GRADIENT, literal),
  rule("power -1/2", "rounding", "x ** -0.5 -> 1 / sqrt(x)", GRADIENT, positive),
  rule("power of e", "stabilising", "Math.E ** x -> exp(x)", "e is not a double, and exp rounds once", literal),
  rule("square", "exact", "x * x -> square(x)", "one gate with a gradient of one term"),
  rule("cube", "exact", "square(x) * x -> cube(x)", "one gate with a gradient of one term"),
];
