// Gates recognised in their written-out exponential forms. By view: the order of terms, signs and coefficients do not matter.
// `-x` matches what is visibly negative; where it is not, the rule without the sign comes after.

import { rule, type Rule } from "./rule.ts";

const REUSE = "the gradient (1 - s) * s reuses the value and cannot overflow";
const DIGITS = "no overflow, and no digits of 1 - s lost";
const OVERFLOW = "no overflow for large arguments";
const frugal = { frugal: true } as const;

export const exponential: readonly Rule[] = [
  rule("sigmoid'", "stabilising", "exp(-x) / (1 + exp(-x)) ** 2 -> sigmoid(x) * sigmoid(-x)", DIGITS, {
    examples: [["exp(-x) / square(1 + exp(-x))", "sigmoid(x) * sigmoid(-x)"]],
  }),
  rule("sigmoid' of growth", "stabilising", "exp(x) / (1 + exp(x)) ** 2 -> sigmoid(x) * sigmoid(-x)", DIGITS, {
    examples: [["exp(x) / square(1 + exp(x))", "sigmoid(x) * sigmoid(-x)"]],
  }),
  rule("sigmoid of decay", "stabilising", "exp(-x) / (1 + exp(-x)) -> sigmoid(-x)", REUSE),
  rule("sigmoid of growth", "stabilising", "exp(x) / (1 + exp(x)) -> sigmoid(x)", REUSE),
  rule("tanh", "stabilising", "(exp(x) - exp(-x)) / (exp(x) + exp(-x)) -> tanh(x)", "Infinity / Infinity becomes 1"),
  rule("tanh of decay", "stabilising", "(1 - exp(-x)) / (1 + exp(-x)) -> tanh(x / 2)", "keeps the digits near 0"),
  rule("tanh of growth", "stabilising", "(exp(x) - 1) / (exp(x) + 1) -> tanh(x / 2)", "Infinity / Infinity becomes 1"),
  rule("sech", "stabilising", "1 / (exp(x) + exp(-x)) -> sech(x) / 2", "its gradient is sech * tanh"),
  rule("sigmoid", "stabilising", "1 / (1 + exp(-x)) -> sigmoid(x)", REUSE),
  rule("sigmoid of minus", "stabilising", "1 / (1 + exp(x)) -> sigmoid(-x)", REUSE),
  rule("sigmoid by tanh", "stabilising", "(1 + tanh(x / 2)) / 2 -> sigmoid(x)", "keeps the digits of small values"),
  rule("sigmoid by tanh, spread", "stabilising", "0.5 + 0.5 * tanh(x / 2) -> sigmoid(x)", "keeps the digits of small values"),
  rule("sigmoid by product", "stabilising", "exp(x) * sigmoid(-x) -> sigmoid(x)", "Infinity * 0 becomes 1"),
  rule("sigmoid by complement", "stabilising", "1 - sigmoid(-x) -> sigmoid(x)", "1 - s loses the digits of s near 1", frugal),
  rule("tanh by sigmoid of minus", "stabilising", "1 - 2 * sigmoid(-x) -> tanh(x / 2)", "keeps the digits near 0", frugal),
  rule("tanh by sigmoid", "stabilising", "2 * sigmoid(x) - 1 -> tanh(x / 2)", "keeps the digits near 0", frugal),
  rule("sinh", "stabilising", "(exp(x) - exp(-x)) / 2 -> sinh(x)", "keeps the digits near 0"),
  rule("cosh", "rounding", "(exp(x) + exp(-x)) / 2 -> cosh(x)", "one gate; its gradient is sinh"),
  rule("sinh, spread", "stabilising", "0.5 * exp(x) - 0.5 * exp(-x) -> sinh(x)", "keeps the digits near 0"),
  rule("cosh, spread", "rounding", "0.5 * exp(x) + 0.5 * exp(-x) -> cosh(x)", "one gate; its gradient is sinh"),
  rule("tanh by quotient", "stabilising", "sinh(x) / cosh(x) -> tanh(x)", "Infinity / Infinity becomes 1"),
  rule("softplus", "stabilising", "log(1 + exp(x)) -> softplus(x)", OVERFLOW),
  rule("softplus by log1p", "stabilising", "log1p(exp(x)) -> softplus(x)", OVERFLOW),
  rule(
    "log of sigmoid",
    "stabilising",
    "log(sigmoid(x)) -> -softplus(-x)",
    "far below 0 sigmoid rounds to 0, whose log is -Infinity; the true value is close to x",
  ),
  rule(
    "log of complement",
    "stabilising",
    "log(1 - sigmoid(x)) -> -softplus(x)",
    "for large x sigmoid rounds to 1, and log 0 is -Infinity; the true value is close to -x",
  ),
  rule(
    "log1p of complement",
    "stabilising",
    "log1p(-sigmoid(x)) -> -softplus(x)",
    "for large x sigmoid rounds to 1, and log 0 is -Infinity; the true value is close to -x",
  ),
  rule("softplus by max", "stabilising", "max(0, x) + softplus(-abs(x)) -> softplus(x)", "the gradient has no kink at 0"),
  rule("softplus by relu", "stabilising", "relu(x) + softplus(-abs(x)) -> softplus(x)", "the gradient has no kink at 0"),
  rule("softplus less x", "stabilising", "softplus(x) - x -> softplus(-x)", "no cancellation for large x", frugal),
];
