// Softmax, log-sum-exp and the losses made of them, recognised where they are written out with tensors. The ops they become do not
// overflow, and their gradients are p − y.

import { multiplyDims, sameShape } from "../ir/dims.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";
import { lettersOf } from "../ops/tensor/contraction.ts";
import { keptShape } from "../ops/tensor/reduction.ts";
import {
  buildSum,
  functionRule,
  withRemainder,
  type FunctionRuleSpec,
  type Rewriting,
  type Rule,
  type RuleContext,
} from "./rule.ts";
import { asProduct, asSum, scale, type Term } from "./views.ts";

const OVERFLOW = "exp overflows above 709; with the largest argument taken out first, nothing does";
const FUSED = "one gate instead of two, and its gradient is p - y: the softmax less the right answer";

export const tensorLosses: readonly Rule[] = [
  tensorRule(
    "softmax of tensor",
    "stabilising",
    "exp(x) / sum(exp(x)) -> softmax(x)",
    "large exponentials overflow, and Infinity / Infinity is NaN; the share itself lies between 0 and 1",
    {
      roots: ["div", "mul"],
      needs: ["exp", "sum"],
      apply: softmaxWrittenOut,
    },
  ),
  tensorRule("shift of softmax", "rounding", "softmax(x - c) -> softmax(x)", "softmax shifts by itself", {
    roots: ["softmax", "logSoftmax", "crossEntropy", "softmaxCrossEntropy"],
    apply: unshifted,
  }),
  tensorRule("log of softmax", "stabilising", "log(softmax(x)) -> logSoftmax(x)", "log 0 becomes the logarithm it stands for", {
    roots: ["log"],
    needs: ["softmax"],
    apply: logOfSoftmax,
  }),
  tensorRule("exp of log-softmax", "rounding", "exp(logSoftmax(x)) -> softmax(x)", "one gate less", {
    roots: ["exp"],
    needs: ["logSoftmax"],
    reach: 1,
    apply(node, context) {
      const inner = callOf(node.args[0], "logSoftmax");
      return inner && { node: context.call("softmax", inner.args, inner.attrs), through: [inner] };
    },
  }),
  tensorRule("log-sum-exp of tensor", "stabilising", "log(sum(exp(x))) -> logSumExp(x)", OVERFLOW, {
    roots: ["log"],
    needs: ["sum", "exp"],
    apply: logOfSumOfExponentials,
  }),
  tensorRule("log-sum-exp of shifted", "rounding", "c + logSumExp(x - c) -> logSumExp(x)", "log-sum-exp shifts by itself", {
    roots: ["add", "sub"],
    needs: ["logSumExp"],
    apply: unshiftedLogSumExp,
  }),
  tensorRule("log-softmax", "rounding", "x - logSumExp(x) -> logSoftmax(x)", "one gate", {
    roots: ["add", "sub"],
    needs: ["logSumExp"],
    apply: lessLogSumExp,
  }),
  tensorRule("cross-entropy of logits", "rounding", "logSumExp(z) - pick(z, y) -> crossEntropy(z, y)", FUSED, {
    roots: ["add", "sub"],
    needs: ["logSumExp", "pick"],
    apply: logSumExpLessPick,
  }),
  tensorRule("cross-entropy", "rounding", "pick(logSoftmax(z), y) -> -crossEntropy(z, y)", FUSED, {
    roots: ["pick"],
    needs: ["logSoftmax"],
    reach: 1,
    apply(node, context) {
      const [logits, classes] = node.args;
      const inner = callOf(logits, "logSoftmax");
      if (inner === undefined || !isAlongLast(inner)) return undefined;
      return { node: context.call("neg", [context.call("crossEntropy", [inner.args[0]!, classes!])]), through: [inner] };
    },
  }),
  tensorRule("cross-entropy with distribution", "rounding", "sum(y * logSoftmax(z)) -> -softmaxCrossEntropy(z, y)", FUSED, {
    roots: ["sum", "contract"],
    needs: ["logSoftmax"],
    apply: sumOfTargetsTimesLogs,
  }),
];

/** A rule on tensors: no text can be evaluated as its example. */
export function tensorRule(
  name: string,
  safety: Rule["safety"],
  text: string,
  why: string,
  spec: Omit<FunctionRuleSpec, "examples">,
): Rule {
  return functionRule(name, safety, text, why, { ...spec, examples: [] });
}

/** The node where it is a call of `op`. */
export function callOf(node: Node | undefined, op: string): CallNode | undefined {
  return node?.kind === "call" && node.op === op ? node : undefined;
}

export function rankOf(node: Node): number {
  return node.type.shape.length;
}

/** Ops on whole tensors take arrays of reals; elementwise ones take any. */
export function isReal(node: Node): boolean {
  return node.type.dtype === "real";
}

function isAlongLast(node: CallNode): boolean {
  return node.attrs["axis"] === rankOf(node.args[0]!) - 1;
}

/** What a reshape reshapes. */
function baseOf(node: Node): Node {
  return callOf(node, "reshape")?.args[0] ?? node;
}

/** Whether `reduced`, as it is broadcast against `shape`, is what was reduced along `axis`, with that axis kept as 1. */
function keepsAxis(reduced: Node, shape: readonly Dim[], axis: number): boolean {
  const missing = shape.length - rankOf(reduced);
  const padded: Dim[] = [...Array.from({ length: Math.max(0, missing) }, () => 1), ...reduced.type.shape];
  return sameShape(padded, keptShape(shape, [axis]));
}

/** Whether a node that is broadcast against `shape` has the same value all along `axis`. */
function isConstantAlong(node: Node, shape: readonly Dim[], axis: number): boolean {
  const own = axis - (shape.length - rankOf(node));
  return own < 0 || node.type.shape[own] === 1;
}

function softmaxWrittenOut(node: CallNode, context: RuleContext): Rewriting | undefined {
  if (rankOf(node) === 0) return undefined;
  const product = asProduct(node);
  for (const divisor of product.under) {
    const total = callOf(baseOf(divisor), "sum");
    const exponential = callOf(total?.args[0], "exp");
    if (total === undefined || exponential === undefined || !product.over.includes(exponential)) continue;
    if (!isReal(exponential.args[0]!)) continue;
    const [axis, ...others] = total.attrs["axes"] as readonly number[];
    if (axis === undefined || others.length > 0 || !keepsAxis(divisor, exponential.type.shape, axis)) continue;
    const share = context.call("softmax", exponential.args, { axis });
    const over = withoutFirst(product.over, exponential);
    const under = withoutFirst(product.under, divisor);
    return { node: withRemainder(context, { factor: product.coefficient, over, under }, share), through: [] };
  }
  return undefined;
}

function withoutFirst(nodes: readonly Node[], node: Node): Node[] {
  const at = nodes.indexOf(node);
  return nodes.filter((_, index) => index !== at);
}

const MOST_TERMS = 16;

function unshifted(node: CallNode, context: RuleContext): Rewriting | undefined {
  const [x, ...others] = node.args as [Node, ...Node[]];
  const { shape } = x.type;
  const axis = (node.attrs["axis"] as number | undefined) ?? shape.length - 1; // losses are along the last
  const sum = asSum(x, MOST_TERMS);
  const rest = sum?.terms.filter((term) => !isConstantAlong(term.node, shape, axis));
  if (sum === undefined || rest === undefined || rest.length === 0 || rest.length === sum.terms.length) return undefined;
  const kept = buildSum(context, rest);
  return sameShape(kept.type.shape, shape)
    ? { node: context.call(node.op, [kept, ...others], node.attrs), through: sum.through }
    : undefined;
}

function logOfSoftmax(node: CallNode, context: RuleContext): Rewriting | undefined {
  const arg = node.args[0]!;
  const log = (of: CallNode): Node => context.call("logSoftmax", of.args, of.attrs);
  const direct = callOf(arg, "softmax");
  if (direct !== undefined) return { node: log(direct), through: [] };
  const movement = callOf(arg, "pick") ?? callOf(arg, "reshape");
  const moved = callOf(movement?.args[0], "softmax");
  if (movement === undefined || moved === undefined) return undefined;
  return { node: context.call(movement.op, [log(moved), ...movement.args.slice(1)], movement.attrs), through: [] };
}

function logOfSumOfExponentials(node: CallNode, context: RuleContext): Rewriting | undefined {
  const { coefficient, over, under } = asProduct(node.args[0]!);
  const [factor] = over;
  if (factor === undefined || over.length > 1 || under.length > 0 || !(coefficient > 0)) return undefined;
  const total = callOf(baseOf(factor), "sum");
  const exponential = callOf(total?.args[0], "exp");
  const merged = total && exponential && mergedAxes(exponential.args[0]!, total.attrs["axes"] as readonly number[], context);
  if (merged === undefined) return undefined;
  const norm = context.call("logSumExp", [merged.node], { axis: merged.axis });
  const shaped = context.call("reshape", [norm], { shape: factor.type.shape });
  const logarithm = Math.log(coefficient);
  if (logarithm === 0) return { node: shaped, through: [] };
  const op = logarithm < 0 ? "sub" : "add";
  return { node: context.call(op, [shaped, context.constant(Math.abs(logarithm))]), through: [] };
}

/** `x` with neighbouring axes made one, by a reshape; undefined where they are not neighbours. */
function mergedAxes(x: Node, axes: readonly number[], context: RuleContext): { node: Node; axis: number } | undefined {
  const [axis, ...others] = axes;
  if (axis === undefined || !isReal(x) || others.some((other, at) => other !== axis + at + 1)) return undefined;
  if (others.length === 0) return { node: x, axis };
  const { shape } = x.type;
  const along = multiplyDims(...shape.slice(axis, axis + axes.length));
  const merged = [...shape.slice(0, axis), along, ...shape.slice(axis + axes.length)];
  return { node: context.call("reshape", [x], { shape: merged }), axis };
}

function unshiftedLogSumExp(node: CallNode, context: RuleContext): Rewriting | undefined {
  const sum = asSum(node, MOST_TERMS);
  for (const term of sum?.terms ?? []) {
    const norm = callOf(baseOf(term.node), "logSumExp");
    const inner = norm && asSum(norm.args[0]!, MOST_TERMS);
    if (sum === undefined || norm === undefined || inner === undefined || inner.terms.length < 2) continue;
    const { shape } = norm.args[0]!.type;
    const axis = norm.attrs["axis"] as number;
    for (const shift of inner.terms) {
      if (!isConstantAlong(shift.node, shape, axis)) continue;
      const back = sum.terms.find(
        (other) => other.sign === -shift.sign * term.sign && isReduced(other.node, shift.node, term.node, shape, axis),
      );
      const kept =
        back &&
        buildSum(
          context,
          inner.terms.filter((other) => other !== shift),
        );
      if (kept === undefined || !isReal(kept) || !sameShape(kept.type.shape, shape)) continue;
      const plain = context.call("reshape", [context.call("logSumExp", [kept], { axis })], { shape: term.node.type.shape });
      const rest = sum.terms
        .map((other) => (other === term ? { ...term, node: plain } : other))
        .filter((other) => other !== back);
      return { node: buildSum(context, rest), through: [...sum.through, ...inner.through] };
    }
  }
  return undefined;
}

/** Whether `outside` stands beside the reduced tensor `reduced` as `inside` does before the reduction. */
function isReduced(outside: Node, inside: Node, reduced: Node, shape: readonly Dim[], axis: number): boolean {
  if (baseOf(outside) !== baseOf(inside)) return false;
  if (rankOf(inside) === 0) return rankOf(outside) === 0;
  return keepsAxis(inside, shape, axis) && sameShape(outside.type.shape, reduced.type.shape);
}

function lessLogSumExp(node: CallNode, context: RuleContext): Rewriting | undefined {
  const sum = asSum(node, MOST_TERMS);
  for (const term of sum?.terms ?? []) {
    const norm = callOf(baseOf(term.node), "logSumExp");
    const x = norm?.args[0];
    const axis = norm?.attrs["axis"] as number;
    if (sum === undefined || x === undefined || !keepsAxis(term.node, x.type.shape, axis)) continue;
    const sign = term.sign === 1 ? -1 : 1;
    const rest = withoutTerms(
      sum.terms.filter((other) => other !== term),
      x,
      sign,
    );
    if (rest === undefined) continue;
    const logs = context.call("logSoftmax", [x], { axis });
    return { node: buildSum(context, [{ sign, node: logs }, ...rest]), through: sum.through };
  }
  return undefined;
}

/** The terms without those that make up sign · x; undefined where they are not among them. */
function withoutTerms(terms: readonly Term[], x: Node, sign: 1 | -1): Term[] | undefined {
  const rest = [...terms];
  const wanted = terms.some((term) => term.node === x) ? [{ sign: 1 as const, node: x }] : (asSum(x, MOST_TERMS)?.terms ?? []);
  for (const part of wanted) {
    const at = rest.findIndex((term) => term.node === part.node && term.sign === part.sign * sign);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return wanted.length > 0 ? rest : undefined;
}

function logSumExpLessPick(node: CallNode, context: RuleContext): Rewriting | undefined {
  const sum = asSum(node, MOST_TERMS);
  for (const term of sum?.terms ?? []) {
    const norm = callOf(term.node, "logSumExp");
    const z = norm?.args[0];
    if (sum === undefined || norm === undefined || z === undefined || !isAlongLast(norm)) continue;
    const picked = sum.terms.find((other) => other.sign !== term.sign && callOf(other.node, "pick")?.args[0] === z);
    if (picked === undefined) continue;
    const losses = context.call("crossEntropy", [z, (picked.node as CallNode).args[1]!]); // found as a call just now
    const rest = sum.terms.filter((other) => other !== term && other !== picked);
    return {
      node: buildSum(context, [{ sign: term.sign, node: losses }, ...rest]),
      through: [...sum.through, norm, picked.node],
    };
  }
  return undefined;
}

function sumOfTargetsTimesLogs(node: CallNode, context: RuleContext): Rewriting | undefined {
  const terms = node.op === "sum" ? summedProduct(node) : contractedProduct(node);
  const logs = terms?.over.map((factor) => callOf(factor, "logSoftmax")).find((factor) => factor && isAlongLast(factor));
  if (terms === undefined || logs === undefined) return undefined;
  const z = logs.args[0]!;
  const last = rankOf(z) - 1;
  if (terms.rank !== rankOf(z) || !terms.axes.includes(last)) return undefined;
  const [first = context.constant(1), ...over] = withoutFirst(terms.over, logs);
  const product = over.reduce((left, right) => context.call("mul", [left, right]), first);
  const targets = terms.under.reduce((left, divisor) => context.call("div", [left, divisor]), product);
  if (!isReal(targets) || !sameShape(targets.type.shape, z.type.shape)) return undefined;
  const losses = context.call("softmaxCrossEntropy", [z, targets]);
  const axes = terms.axes.filter((axis) => axis !== last);
  const total = context.call("sum", [losses], { axes });
  return { node: scale(context, total, -terms.coefficient), through: [...terms.through, logs] };
}

interface SummedProduct {
  readonly coefficient: number;
  readonly over: readonly Node[];
  readonly under: readonly Node[];
  readonly through: readonly Node[];
  /** Of the product before it is summed. */
  readonly rank: number;
  readonly axes: readonly number[];
}

function summedProduct({ args: [x], attrs }: CallNode): SummedProduct {
  return { ...asProduct(x!), rank: rankOf(x!), axes: attrs["axes"] as readonly number[] };
}

/** A contraction of two tensors element by element: `ij,ij->i`. */
function contractedProduct({ args, attrs }: CallNode): SummedProduct | undefined {
  const [left, right, out] = lettersOf(attrs["spec"] as string);
  const axes = [...left].flatMap((letter, axis) => (out.includes(letter) ? [] : [axis]));
  const kept = [...left].filter((letter) => out.includes(letter)).join("");
  if (left !== right || kept !== out) return undefined;
  return { coefficient: 1, over: args, under: [], through: [], rank: left.length, axes };
}
