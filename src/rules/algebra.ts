// Signs, constants, factoring: smaller ways to write the same thing. All matched op by op, as written.

import { rule, type Rule, type RuleOptions } from "./rule.ts";

const literal: RuleOptions = { literal: true };
const SIGN = "one sign less";
const FOLD = "one constant less";
const NO_GATE = "no gate at all";
const READS = "reads better";
const EVEN = "an even function does not see the sign";

export const algebra: readonly Rule[] = [
  // signs
  rule("subtract negation", "exact", "a - -b -> a + b", SIGN),
  rule("add negation", "exact", "a + -b -> a - b", SIGN),
  rule("product of negations", "exact", "-a * -b -> a * b", SIGN),
  rule("quotient of negations", "exact", "-a / -b -> a / b", SIGN),
  rule("negated product", "exact", "-(-a * b) -> a * b", SIGN),
  rule("negated quotient", "exact", "-(-a / b) -> a / b", SIGN),
  rule("negated divisor", "exact", "-(a / -b) -> a / b", SIGN),
  rule("add negated product", "exact", "a + -b * c -> a - b * c", SIGN),
  rule("subtract negated product", "exact", "a - -b * c -> a + b * c", SIGN),
  rule("add negated quotient", "exact", "a + -b / c -> a - b / c", SIGN),
  rule("subtract negated quotient", "exact", "a - -b / c -> a + b / c", SIGN),
  rule("negated difference", "rounding", "-(a - b) -> b - a", "one sign less; only the sign of a zero differs", literal),
  rule("negated constant product", "exact", "-(k * a) -> -k * a", SIGN, { sample: { k: [3, 3] } }),
  rule("constant times negation", "exact", "k * -a -> -k * a", SIGN, { sample: { k: [3, 3] } }),
  rule("negation over constant", "exact", "-a / k -> a / -k", SIGN, { sample: { k: [3, 3] } }),
  rule("constant over negation", "exact", "k / -a -> -k / a", SIGN, { sample: { k: [3, 3] } }),
  rule("add negative constant", "exact", "a + k -> a - -k", READS, { when: { k: ["negative"] }, sample: { k: [-3, -3] } }),
  rule("subtract negative constant", "exact", "a - k -> a + -k", READS, { when: { k: ["negative"] }, sample: { k: [-3, -3] } }),
  rule("add negative multiple", "exact", "a + k * b -> a - -k * b", READS, {
    when: { k: ["negative"] },
    sample: { k: [-3, -3] },
  }),
  rule("subtract negative multiple", "exact", "a - k * b -> a + -k * b", READS, {
    when: { k: ["negative"] },
    sample: { k: [-3, -3] },
  }),
  rule("square of negation", "exact", "square(-x) -> square(x)", EVEN),
  rule("abs of negation", "exact", "abs(-x) -> abs(x)", EVEN),
  rule("cos of negation", "exact", "cos(-x) -> cos(x)", EVEN),
  rule("cosh of negation", "exact", "cosh(-x) -> cosh(x)", EVEN),
  rule("square of abs", "exact", "square(abs(x)) -> square(x)", EVEN),
  rule("abs of abs", "exact", "abs(abs(x)) -> abs(x)", NO_GATE),
  rule("abs of square", "exact", "abs(square(x)) -> square(x)", NO_GATE),
  rule("relu of relu", "exact", "relu(relu(x)) -> relu(x)", NO_GATE),
  rule("choice by negation", "exact", "!c ? a : b -> c ? b : a", "one negation less", { sample: { c: [0, 1] } }),
  // zeros and ones
  rule("plus zero", "rounding", "0 + x -> x", "only -0 + 0 differs, by its sign", literal),
  rule("zero minus", "rounding", "0 - x -> -x", "only 0 - 0 differs, by its sign", literal),
  rule("times zero", "domain", "0 * x -> 0", NO_GATE, { literal: true, when: { x: ["finite"] } }),
  rule("zero over", "domain", "0 / x -> 0", NO_GATE, {
    literal: true,
    when: { x: ["finite", "nonzero"] },
    sample: { x: [0.25, 4] },
  }),
  rule("difference of equals", "domain", "x - x -> 0", NO_GATE, { literal: true, when: { x: ["finite"] } }),
  rule("quotient of equals", "domain", "x / x -> 1", NO_GATE, {
    literal: true,
    when: { x: ["finite", "nonzero"] },
    sample: { x: [0.25, 4] },
  }),
  // constants
  rule("twice", "exact", "x + x -> 2 * x", "one operand, one gradient term"),
  rule("constant products", "rounding", "k1 * (k2 * x) -> k1 * k2 * x", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  rule("constant quotients", "rounding", "x / k1 / k2 -> x / (k1 * k2)", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  rule("whole part of a quotient", "rounding", "k1 * x / k2 -> k1 / k2 * x", FOLD, {
    literal: true,
    when: { "k1 / k2": ["integer"] },
    sample: { k1: [6, 6], k2: [3, 3] },
  }),
  rule("whole part of a product", "rounding", "k1 * (x / k2) -> k1 / k2 * x", FOLD, {
    literal: true,
    when: { "k1 / k2": ["integer"] },
    sample: { k1: [6, 6], k2: [3, 3] },
  }),
  rule("whole divisor of a product", "rounding", "k1 * (x / k2) -> x / (k2 / k1)", FOLD, {
    literal: true,
    when: { "k2 / k1": ["integer"] },
    sample: { k1: [3, 3], k2: [6, 6] },
  }),
  rule("whole divisor of a quotient", "rounding", "k1 * x / k2 -> x / (k2 / k1)", FOLD, {
    literal: true,
    when: { "k2 / k1": ["integer"] },
    sample: { k1: [3, 3], k2: [6, 6] },
  }),
  rule("constant sums", "rounding", "x + k1 + k2 -> x + (k1 + k2)", FOLD, { literal: true, sample: { k1: [3, 3], k2: [5, 5] } }),
  rule("constant sum less", "rounding", "x + k1 - k2 -> x + (k1 - k2)", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  rule("constant less sum", "rounding", "x - k1 + k2 -> x + (k2 - k1)", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  rule("constant less less", "rounding", "x - k1 - k2 -> x - (k1 + k2)", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  rule("complement of complement", "rounding", "k1 - (k2 - x) -> x + (k1 - k2)", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  rule("complement of sum", "rounding", "k1 - (x + k2) -> k1 - k2 - x", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  rule("sum of complement", "rounding", "k1 + (k2 - x) -> k1 + k2 - x", FOLD, {
    literal: true,
    sample: { k1: [3, 3], k2: [5, 5] },
  }),
  // functions of each other, where the domain allows it
  rule("abs of nonnegative", "domain", "abs(x) -> x", NO_GATE, {
    literal: true,
    when: { x: ["nonnegative"] },
    sample: { x: [0, 4] },
  }),
  rule("relu of positive", "domain", "relu(x) -> x", NO_GATE, {
    literal: true,
    when: { x: ["positive"] },
    sample: { x: [0.25, 4] },
  }),
  rule("sign of positive", "domain", "sign(x) -> 1", NO_GATE, {
    literal: true,
    when: { x: ["positive", "finite"] },
    sample: { x: [0.25, 4] },
  }),
  rule("square of root", "domain", "square(sqrt(x)) -> x", NO_GATE, {
    literal: true,
    when: { x: ["nonnegative"] },
    sample: { x: [0, 4] },
  }),
  rule("quotient by root", "domain", "x / sqrt(x) -> sqrt(x)", "one gate less", {
    literal: true,
    when: { x: ["positive", "finite"] },
    sample: { x: [0.25, 4] },
  }),
  rule("exp of log", "domain", "exp(log(x)) -> x", NO_GATE, {
    literal: true,
    when: { x: ["nonnegative"] },
    sample: { x: [0.25, 4] },
  }),
  rule("exp of minus log", "domain", "exp(-log(x)) -> 1 / x", "one gate less", {
    literal: true,
    when: { x: ["positive"] },
    sample: { x: [0.25, 4] },
  }),
  rule("log of power", "domain", "log(x ** y) -> y * log(x)", "a product instead of a power", {
    literal: true,
    when: { x: ["positive"] },
    sample: { x: [0.25, 4] },
  }),
  rule("power of power", "domain", "(x ** k1) ** k2 -> x ** (k1 * k2)", "one power less", {
    literal: true,
    when: { x: ["positive"] },
    sample: { x: [0.25, 4], k1: [1.5, 1.5], k2: [2.5, 2.5] },
  }),
  rule("third root", "domain", "x ** 0.3333333333333333 -> cbrt(x)", "cheaper, and right to the last bit", {
    literal: true,
    when: { x: ["nonnegative"] },
    sample: { x: [0.25, 4] },
  }),
  rule("product over factor", "domain", "x * y / x -> y", "two gates less", {
    literal: true,
    when: { x: ["finite", "nonzero"] },
    sample: { x: [0.25, 4] },
  }),
  rule("quotient times divisor", "domain", "x / y * y -> x", "two gates less", {
    literal: true,
    when: { y: ["finite", "nonzero"] },
    sample: { y: [0.25, 4] },
  }),
  rule("sum less part", "domain", "x + y - x -> y", "two gates less", { literal: true, when: { x: ["finite"] } }),
  rule("Pythagoras", "domain", "square(sin(x)) + square(cos(x)) -> 1", "no gate at all", {
    literal: true,
    when: { x: ["finite"] },
  }),
];

/** Worth it only where the number of ops falls. */
export const cleanup: readonly Rule[] = [
  rule("common factor", "rounding", "a * b + a * c -> a * (b + c)", "one product less", literal),
  rule("common factor of difference", "rounding", "a * b - a * c -> a * (b - c)", "one product less", literal),
  rule("common divisor", "rounding", "a / c + b / c -> (a + b) / c", "one division less", literal),
  rule("common divisor of difference", "rounding", "a / c - b / c -> (a - b) / c", "one division less", literal),
  rule("times reciprocal", "rounding", "a * (1 / b) -> a / b", "one product less", literal),
  rule("multiple of itself", "rounding", "k * x + x -> (k + 1) * x", "one sum less", { literal: true, sample: { k: [3, 3] } }),
  rule("multiple less itself", "rounding", "k * x - x -> (k - 1) * x", "one difference less", {
    literal: true,
    sample: { k: [3, 3] },
  }),
  rule("tangent", "rounding", "sin(x) / cos(x) -> tan(x)", "one gate, one gradient term", {
    literal: true,
    sample: { x: [-1.25, 1.25] },
  }),
];
