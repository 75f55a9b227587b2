// Sums of exponentials under a logarithm, the losses built of them, and functions that keep digits or do not overflow.

import type { CallNode, Node } from "../ir/graph.ts";
import { buildSum, functionRule, rule, withRemainder, type Rule, type RuleContext, type Rewriting } from "./rule.ts";
import { asProduct, asSum, negate, type Sum } from "./views.ts";

/** More named scalars than this in one log-sum-exp or norm are left as they are: the result would be as long as the source. */
const LONGEST_SUM = 1024;

export const recognisedLosses: readonly Rule[] = [
  functionRule(
    "softmax",
    "stabilising",
    "exp(a) / (exp(a) + exp(b) + ...) -> exp(a - logsumexp(a, b, ...))",
    "large exponentials overflow, and Infinity / Infinity is NaN; the share itself lies between 0 and 1",
    {
      roots: ["div", "mul"],
      needs: ["exp", "add"],
      examples: [
        ["exp(a) / (exp(a) + exp(b) + exp(c))", "exp(a - logsumexp(a, b, c))"],
        ["exp(b) / (exp(a) + exp(b))", "exp(b - logsumexp(a, b))"],
        ["w * exp(b) / (exp(a) + exp(b))", "w * exp(b - logsumexp(a, b))"],
        ["exp(a) / (exp(a) + 1 + exp(b))", "exp(a - logsumexp(a, 0, b))"],
        ["1 / (exp(a) + 1 + exp(b))", "exp(-logsumexp(a, 0, b))"],
      ],
      apply: softmaxComponent,
    },
  ),
  functionRule(
    "log-sum-exp",
    "stabilising",
    "log(exp(a) + exp(b) + ...) -> logsumexp(a, b, ...)",
    "exp overflows above 709; with the largest argument taken out first, nothing does",
    {
      roots: ["log"],
      needs: ["exp", "add"],
      examples: [
        ["log(exp(a) + exp(b) + exp(c))", "logsumexp(a, b, c)"],
        ["log(exp(a - b) + 1 + exp(c))", "logsumexp(a - b, 0, c)"],
        ["log((exp(a) + exp(b)) / 2)", "logsumexp(a, b) - 0.6931471805599453"],
      ],
      apply: logOfSum,
    },
  ),
  functionRule(
    "log of exp",
    "stabilising",
    "log(exp(a) * b / exp(c)) -> a - c + log(b)",
    "the exponential is not taken, so it cannot overflow",
    {
      roots: ["log"],
      needs: ["exp"],
      examples: [
        ["log(exp(a))", "a"],
        ["log(exp(a) * b)", "a + log(b)"],
        ["log(b * exp(-a) / exp(c))", "-a - c + log(b)"],
        ["log(exp(a) / 4)", "a - 1.3862943611198906"],
      ],
      sample: { b: [0.25, 4] },
      apply: logOfExponentials,
    },
  ),
  rule(
    "binary cross-entropy",
    "rounding", // where the loss is tiny it is the difference of two large numbers: its last digits go, its gradient's do not
    "y * softplus(-x) + (1 - y) * softplus(x) -> softplus(x) - y * x",
    "its gradient is sigmoid(x) - y",
  ),
  functionRule("root of square", "stabilising", "sqrt(x ** 2) -> abs(x)", "the square may overflow", {
    roots: ["sqrt"],
    needs: ["square"],
    examples: [
      ["sqrt(square(x))", "abs(x)"],
      ["(x ** 2) ** 0.5", "abs(x)"],
    ],
    apply: rootOfSquare,
  }),
  functionRule(
    "norm",
    "stabilising",
    "sqrt(x ** 2 + y ** 2 + ...) -> hypot(x, y, ...)",
    "the squares may overflow, and the gradient at the origin is 0",
    {
      roots: ["sqrt"],
      needs: ["square"],
      examples: [
        ["sqrt(square(x) + square(y))", "hypot(x, y)"],
        ["sqrt(x ** 2 + y ** 2)", "hypot(x, y)"],
        ["(x * x + y * y + z * z) ** 0.5", "hypot(x, y, z)"],
        ["sqrt((a - b) ** 2 + (c - d) ** 2)", "hypot(a - b, c - d)"],
      ],
      apply: rootOfSquares,
    },
  ),
];

export const stability: readonly Rule[] = [
  rule("product of exps", "stabilising", "exp(x) * exp(y) -> exp(x + y)", "Infinity * 0 becomes what it should", {
    frugal: true,
    literal: true,
  }),
  rule("quotient of exps", "stabilising", "exp(x) / exp(y) -> exp(x - y)", "Infinity / Infinity becomes what it should", {
    frugal: true,
    literal: true,
  }),
  rule("exp less one", "stabilising", "exp(x) - 1 -> expm1(x)", "keeps the digits near 0", { frugal: true }),
  rule("log of one and", "stabilising", "log(1 + x) -> log1p(x)", "keeps the digits near 0", {
    frugal: true,
    sample: { x: [-0.75, 4] },
  }),
];

/** The exponents a of a sum whose every term is exp(a), a 1 counting as exp(0). */
function exponentsOf(sum: Sum | undefined, context: RuleContext): Node[] | undefined {
  if (sum === undefined || sum.terms.length < 2) return undefined;
  const exponents: Node[] = [];
  for (const { sign, node } of sum.terms) {
    if (sign === -1) return undefined;
    if (node.kind === "const" && node.value === 1) exponents.push(context.constant(0));
    else if (node.kind === "call" && node.op === "exp") exponents.push(node.args[0]!);
    else return undefined;
  }
  return exponents;
}

/** A quick no before a long sum is flattened: its last term must be an exponential or a 1. */
function mayBeExponentials(node: Node): boolean {
  if (node.kind !== "call" || node.op !== "add") return false;
  return node.args.some((term) => (term.kind === "const" ? term.value === 1 : term.kind === "call" && term.op === "exp"));
}

function softmaxComponent(node: CallNode, context: RuleContext): Rewriting | undefined {
  const product = asProduct(node);
  for (const divisor of product.under) {
    const exponents = mayBeExponentials(divisor) ? exponentsOf(asSum(divisor, LONGEST_SUM), context) : undefined;
    if (exponents === undefined) continue;
    const numerator = product.over.find(
      (factor) => factor.kind === "call" && factor.op === "exp" && exponents.includes(factor.args[0]!),
    );
    const zero = exponents.length > 2 ? exponents.find((exponent) => exponent.kind === "const") : undefined;
    const share = numerator?.kind === "call" ? numerator.args[0]! : zero;
    if (share === undefined) continue;
    const norm = context.call("logsumexp", exponents);
    const logarithm = share === zero ? negate(context, norm) : context.call("sub", [share, norm]);
    const over = product.over.filter((factor) => factor !== numerator);
    const under = product.under.filter((factor) => factor !== divisor);
    return {
      node: withRemainder(context, { factor: product.coefficient, over, under }, context.call("exp", [logarithm])),
      through: [],
    };
  }
  return undefined;
}

function logOfSum(node: CallNode, context: RuleContext): Rewriting | undefined {
  const { coefficient, over, under } = asProduct(node.args[0]!);
  const [sum] = over;
  if (over.length !== 1 || under.length > 0 || coefficient <= 0 || !mayBeExponentials(sum!)) return undefined;
  const exponents = exponentsOf(asSum(sum!, LONGEST_SUM), context);
  if (exponents === undefined) return undefined;
  const norm = context.call("logsumexp", exponents);
  return { node: coefficient === 1 ? norm : addConstant(context, norm, Math.log(coefficient)), through: [] };
}

function addConstant(context: RuleContext, node: Node, value: number): Node {
  return value < 0 ? context.call("sub", [node, context.constant(-value)]) : context.call("add", [node, context.constant(value)]);
}

function logOfExponentials(node: CallNode, context: RuleContext): Rewriting | undefined {
  const product = asProduct(node.args[0]!);
  const isExp = (factor: Node): factor is CallNode => factor.kind === "call" && factor.op === "exp";
  const exponents = [
    ...product.over.filter(isExp).map((factor) => ({ sign: 1 as const, node: factor.args[0]! })),
    ...product.under.filter(isExp).map((factor) => ({ sign: -1 as const, node: factor.args[0]! })),
  ];
  if (exponents.length === 0) return undefined;
  const sum = buildSum(context, exponents);
  const over = product.over.filter((factor) => !isExp(factor));
  const under = product.under.filter((factor) => !isExp(factor));
  if (over.length + under.length === 0) {
    if (product.coefficient <= 0) return undefined;
    return { node: product.coefficient === 1 ? sum : addConstant(context, sum, Math.log(product.coefficient)), through: [] };
  }
  const [first = context.constant(1), ...rest] = over;
  const others = withRemainder(context, { factor: product.coefficient, over: rest, under }, first);
  return { node: context.call("add", [sum, context.call("log", [others])]), through: [] };
}

function rootOfSquare(node: CallNode, context: RuleContext): Rewriting | undefined {
  const [inner] = node.args;
  return inner?.kind === "call" && inner.op === "square" ? { node: context.call("abs", inner.args), through: [] } : undefined;
}

function rootOfSquares(node: CallNode, context: RuleContext): Rewriting | undefined {
  const [inner] = node.args;
  if (inner?.kind !== "call" || inner.op !== "add" || !inner.args.some(isSquare)) return undefined;
  const sum = asSum(inner, LONGEST_SUM);
  if (sum === undefined || !sum.terms.every((term) => term.sign === 1 && isSquare(term.node))) return undefined;
  const sides = sum.terms.map((term) => (term.node as CallNode).args[0]!); // isSquare has looked
  return { node: context.call("hypot", sides), through: [] };
}

function isSquare(node: Node): boolean {
  return node.kind === "call" && node.op === "square";
}
