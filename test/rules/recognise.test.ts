// What people write, and what the compiler sees in it.

import { describe, expect, test } from "vitest";
import { rewriteText } from "./text.ts";

const DOT = "w0 * x0 + w1 * x1 + w2";
const dot = "(((w0 * x0) + (w1 * x1)) + w2)";
const S = "(exp(a) + exp(b) + exp(c))";
const sigmoid = (z: string): string => `1 / (1 + exp(-(${z})))`;
const entropy = (z: string): string => `-(y * log(${sigmoid(z)}) + (1 - y) * log(1 - ${sigmoid(z)}))`;

describe.each<[string, readonly (readonly [string, string])[]]>([
  [
    "sigmoid",
    [
      ["1 / (1 + exp(-x))", "sigmoid(x)"],
      ["1 / (exp(-x) + 1)", "sigmoid(x)"],
      ["(exp(-x) + 1) ** -1", "sigmoid(x)"],
      ["exp(x) / (1 + exp(x))", "sigmoid(x)"],
      ["exp(x) * (1 / (1 + exp(x)))", "sigmoid(x)"],
      ["1 - 1 / (1 + exp(x))", "sigmoid(x)"],
      ["(1 + tanh(x / 2)) / 2", "sigmoid(x)"],
      ["0.5 * (1 + tanh(x / 2))", "sigmoid(x)"],
      ["0.5 + 0.5 * tanh(0.5 * x)", "sigmoid(x)"],
      ["(1 + tanh(x)) / 2", "sigmoid((2 * x))"],
      ["1 / (1 + Math.E ** -x)", "sigmoid(x)"],
      [`1 / (1 + exp(-(${DOT})))`, `sigmoid(${dot})`],
      ["1 / (1 + exp(-w * x - b))", "sigmoid(((w * x) + b))"],
      ["1 / (1 + exp(b - a))", "sigmoid((a - b))"],
      ["1 / (1 + exp(-2 * x))", "sigmoid((2 * x))"],
      ["1 / (1 + exp(-x / 2))", "sigmoid((x / 2))"],
      ["1 / (1 + exp(x))", "sigmoid(neg(x))"],
      ["3 / (1 + exp(-x))", "(3 * sigmoid(x))"],
      ["a * exp(x) / (1 + exp(x))", "(a * sigmoid(x))"],
      ["-1 / (1 + exp(-x))", "neg(sigmoid(x))"],
      ["exp(-x) / (1 + exp(-x)) ** 2", "(sigmoid(x) * sigmoid(neg(x)))"],
    ],
  ],
  [
    "what is not the sigmoid",
    [
      ["1 / (2 + exp(-x))", "(1 / (2 + exp(neg(x))))"],
      ["1 / (1 - exp(-x))", "(-1 / expm1(neg(x)))"],
      ["exp(x) / (1 + exp(y))", "(exp(x) * sigmoid(neg(y)))"],
      ["(1 - sigmoid(x)) * sigmoid(x)", "((1 - sigmoid(x)) * sigmoid(x))"],
      ["(1 - sigmoid(-x)) * sigmoid(-x)", "((1 - sigmoid(neg(x))) * sigmoid(neg(x)))"],
      ["max(x, 0)", "max(x, 0)"],
      ["1 - square(tanh(x))", "(1 - square(tanh(x)))"],
    ],
  ],
  [
    "hyperbolic functions",
    [
      ["(exp(x) - exp(-x)) / (exp(x) + exp(-x))", "tanh(x)"],
      ["(exp(2 * x) - 1) / (exp(2 * x) + 1)", "tanh(x)"],
      ["(1 - exp(-2 * x)) / (1 + exp(-2 * x))", "tanh(x)"],
      ["2 / (1 + exp(-2 * x)) - 1", "tanh(x)"],
      ["1 - 2 / (exp(2 * x) + 1)", "tanh(x)"],
      ["(exp(x) - exp(-x)) / 2", "sinh(x)"],
      ["(exp(x) + exp(-x)) / 2", "cosh(x)"],
      ["0.5 * exp(x) - 0.5 * exp(-x)", "sinh(x)"],
      ["2 / (exp(x) + exp(-x))", "sech(x)"],
    ],
  ],
  [
    "softplus and binary cross-entropy",
    [
      ["log(1 + exp(x))", "softplus(x)"],
      ["log(exp(a - b) + 1)", "softplus((a - b))"],
      [`-log(${sigmoid("x")})`, "softplus(neg(x))"],
      ["log(1 - 1 / (1 + exp(-x)))", "neg(softplus(x))"],
      [entropy("z"), "(softplus(z) - (y * z))"],
      [entropy("w * x + b"), "(softplus(((w * x) + b)) - (y * ((w * x) + b)))"],
      [entropy("a - b"), "(softplus((a - b)) - (y * (a - b)))"],
      [`-y * log(${sigmoid("z")}) - (1 - y) * log(1 - ${sigmoid("z")})`, "(softplus(z) - (y * z))"],
      [`(y - 1) * log(1 - ${sigmoid("z")}) - y * log(${sigmoid("z")})`, "(softplus(z) - (y * z))"],
      ["max(x, 0) + log(1 + exp(-abs(x)))", "softplus(x)"],
    ],
  ],
  [
    "log-sum-exp and softmax",
    [
      [`log${S}`, "logsumexp(a, b, c)"],
      [`-b + log${S}`, "(logsumexp(a, b, c) - b)"],
      [`-log(exp(a) / ${S})`, "(logsumexp(a, b, c) - a)"],
      [`exp(b) / ${S}`, "exp((b - logsumexp(a, b, c)))"],
      [`log(exp(b)) - log${S}`, "(b - logsumexp(a, b, c))"],
      ["log(1 + exp(a) + exp(b))", "logsumexp(0, a, b)"],
      [
        `y1 * log(exp(a) / ${S}) + y2 * log(exp(b) / ${S})`,
        "((y1 * (a - logsumexp(a, b, c))) + (y2 * (b - logsumexp(a, b, c))))",
      ],
      ["log(exp(a) + 2 * exp(b))", "log((exp(a) + (2 * exp(b))))"],
      ["log(exp(a) - exp(b))", "log((exp(a) - exp(b)))"],
      ["log(exp(a) - exp(b) + exp(c))", "log(((exp(a) - exp(b)) + exp(c)))"],
      ["exp(a) / (exp(a) - exp(b) + exp(c))", "(exp(a) / ((exp(a) - exp(b)) + exp(c)))"],
      ["log(-(exp(a) + exp(b)))", "log(neg((exp(a) + exp(b))))"],
    ],
  ],
  [
    "digits near 0",
    [
      ["log(1 + x)", "log1p(x)"],
      ["log(a + 1 + b)", "log1p((a + b))"],
      ["log(1 - x)", "log1p(neg(x))"],
      ["exp(x) - 1", "expm1(x)"],
      ["1 - exp(x)", "neg(expm1(x))"],
      ["exp(x) - 2", "(exp(x) - 2)"],
    ],
  ],
  [
    "powers and norms",
    [
      ["x ** 2", "square(x)"],
      ["x * x * x", "cube(x)"],
      ["(x ** 2) ** 0.5", "abs(x)"],
      ["sqrt(x * x + y * y)", "hypot(x, y)"],
      ["(x ** 2 + y ** 2 + z ** 2) ** 0.5", "hypot(x, y, z)"],
      ["sqrt(x ** 2 + y ** 2 + 0.001)", "sqrt(((square(x) + square(y)) + 0.001))"],
      ["sqrt(x ** 2 - y ** 2)", "sqrt((square(x) - square(y)))"],
    ],
  ],
  [
    "signs, constants, factors",
    [
      ["a - -b", "(a + b)"],
      ["-(a - b)", "(b - a)"],
      ["-(2 * x)", "(-2 * x)"],
      ["x + -3", "(x - 3)"],
      ["3 * (2 * x)", "(6 * x)"],
      ["2 * x / 2", "x"],
      ["x / 3", "(x / 3)"],
      ["1 - (1 - x)", "x"],
      ["a * b + a * c", "(a * (b + c))"],
      ["a * b + a * b", "(2 * (a * b))"],
    ],
  ],
])("%s", (_, cases) => {
  test.each(cases.map((row) => [...row]))("%s is %s", (before, after) => {
    expect(rewriteText(before).text).toBe(after);
  });
});

test("long sums: a softmax over 1000 logits", () => {
  const logits = Array.from({ length: 1000 }, (_, index) => `exp(x${index})`);
  const { after } = rewriteText(`-log(exp(x7) / (${logits.join(" + ")}))`);
  expect(after.kind === "call" && after.op).toBe("sub");
  const norm = after.kind === "call" ? after.args[0]! : after;
  expect(norm.kind === "call" && [norm.op, norm.args.length]).toEqual(["logsumexp", 1000]);
});
