// Tensors moved and multiplied in fewer steps: no transposes before products, no copies stretched for ops that stretch by themselves,
// no array of products only to be summed.

import { addDims, multiplyDims, sameShape } from "../ir/dims.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";
import { ops } from "../ops/registry.ts";
import { lettersOf } from "../ops/tensor/contraction.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { withRemainder, type Rewriting, type Rule, type RuleContext } from "./rule.ts";
import { callOf, isReal, rankOf, tensorRule } from "./tensor-losses.ts";
import { asSum } from "./views.ts";

const NO_COPY = "nothing is copied";
/** Linear ops that may have fewer elements to compute than arguments: factors are better taken out. */
const SCALED: readonly string[] = ["sum", "contract"];

export const tensorAlgebra: readonly Rule[] = [
  tensorRule("transpose of transpose", "exact", "transpose(transpose(x)) -> transpose(x)", NO_COPY, {
    roots: ["transpose"],
    apply(node, context) {
      const inner = callOf(node.args[0], "transpose");
      const perm = inner && listOf(node, "perm").map((axis) => listOf(inner, "perm")[axis]!);
      return perm && { node: context.call("transpose", inner.args, { perm }), through: [inner] };
    },
  }),
  tensorRule("reshape of reshape", "exact", "reshape(reshape(x)) -> reshape(x)", "one view", {
    roots: ["reshape"],
    apply(node, context) {
      const inner = callOf(node.args[0], "reshape");
      return inner && { node: context.call("reshape", inner.args, node.attrs), through: [inner] };
    },
  }),
  tensorRule("spread of spread", "exact", "broadcast(broadcast(x)) -> broadcast(x)", NO_COPY, {
    roots: ["broadcast"],
    needs: ["broadcast"],
    reach: 1,
    apply(node, context) {
      const inner = callOf(node.args[0], "broadcast");
      return inner && { node: context.call("broadcast", inner.args, node.attrs), through: [inner] };
    },
  }),
  tensorRule("moved spread scalar", "exact", "transpose(broadcast(s)) -> broadcast(s)", "all elements are equal", {
    roots: ["reshape", "transpose", "slice"],
    needs: ["broadcast"],
    reach: 1,
    apply(node, context) {
      const inner = callOf(node.args[0], "broadcast");
      if (inner === undefined || rankOf(inner.args[0]!) > 0) return undefined;
      return { node: context.call("broadcast", inner.args, { shape: node.type.shape }), through: [inner] };
    },
  }),
  tensorRule("spread operand", "exact", "broadcast(a) + b -> a + b", "elementwise ops stretch by themselves", {
    roots: [...ops.keys()],
    needs: ["broadcast"],
    reach: 1,
    apply: spreadOperand,
  }),
  tensorRule(
    "product with transpose",
    "exact",
    "contract(transpose(a), b) -> contract(a, b)",
    "the letters say it: nothing is moved",
    {
      roots: ["contract"],
      apply: productWithTranspose,
    },
  ),
  tensorRule(
    "transpose of product",
    "exact",
    "transpose(contract(a, b)) -> contract(a, b)",
    "the letters say it: nothing is moved",
    {
      roots: ["transpose"],
      apply: transposeOfProduct,
    },
  ),
  tensorRule("product without a sum", "rounding", "contract(a, b) -> a * b", "elementwise, in one pass with its neighbours", {
    roots: ["contract"],
    apply: productWithoutSum,
  }),
  tensorRule("sum of sum", "rounding", "sum(sum(x)) -> sum(x)", "one pass", {
    roots: ["sum"],
    apply: sumOfSum,
  }),
  tensorRule("sum of moved", "rounding", "sum(transpose(x)) -> sum(x)", "a sum does not see the order", {
    roots: ["sum"],
    apply: sumOfMoved,
  }),
  tensorRule("sum of spread", "rounding", "sum(broadcast(x)) -> n * sum(x)", "equal terms are counted", {
    roots: ["sum"],
    needs: ["broadcast"],
    reach: 1,
    apply: sumOfSpread,
  }),
  tensorRule("scalar factor", "rounding", "sum(s * x) -> s * sum(x)", "one product instead of many", {
    roots: SCALED,
    apply: scalarFactor,
  }),
  tensorRule("negation through", "exact", "reshape(-x) -> -reshape(x)", "signs meet and cancel", {
    roots: [...tensorOps.values()].filter((op) => op.linearIn !== undefined && !SCALED.includes(op.name)).map((op) => op.name),
    needs: ["neg"],
    reach: 1,
    apply: negationThrough,
  }),
  tensorRule("parts put together", "exact", "unslice(a) + unslice(b) -> unslice(concat(a, b))", "each part is written once", {
    roots: ["add"],
    needs: ["unslice"],
    apply: partsTogether,
  }),
  tensorRule("part that is all", "exact", "unslice(x) -> x", NO_COPY, {
    roots: ["unslice"],
    apply(node) {
      const [x] = node.args;
      const isAll = sameShape(x!.type.shape, node.type.shape) && listOf(node, "steps").every((step) => step === 1);
      return isAll ? { node: x!, through: [] } : undefined;
    },
  }),
  tensorRule("joined parts", "exact", "concat(concat(a, b), c) -> concat(a, b, c)", "each part is written once", {
    roots: ["concat"],
    apply: joinedParts,
  }),
];

export const tensorCleanup: readonly Rule[] = [
  tensorRule("sum of products", "rounding", "sum(a * b) -> contract(a, b)", "no array of products", {
    roots: ["sum"],
    apply: sumOfProducts,
  }),
];

function listOf(node: CallNode, name: string): readonly number[] {
  return node.attrs[name] as readonly number[]; // as the op's definition says
}

function spreadOperand(node: CallNode, context: RuleContext): Rewriting | undefined {
  const spread = node.args.filter((arg) => callOf(arg, "broadcast") !== undefined);
  if (spread.length === 0) return undefined;
  const args = node.args.map((arg) => callOf(arg, "broadcast")?.args[0] ?? arg);
  return { node: context.call(node.op, args), through: spread }; // whoever asked sees to the shape
}

function productWithTranspose({ args, attrs }: CallNode, context: RuleContext): Rewriting | undefined {
  const [left, right, out] = lettersOf(attrs["spec"] as string);
  const through = args.filter((arg) => callOf(arg, "transpose") !== undefined);
  if (through.length === 0) return undefined;
  const operands = [left, right].map((letters, index) => untransposed(args[index]!, letters));
  const spec = `${operands.map(({ letters }) => letters).join(",")}->${out}`;
  return {
    node: context.call(
      "contract",
      operands.map(({ node }) => node),
      { spec },
    ),
    through,
  };
}

function untransposed(node: Node, letters: string): { node: Node; letters: string } {
  const transpose = callOf(node, "transpose");
  if (transpose === undefined) return { node, letters };
  const moved: string[] = [];
  listOf(transpose, "perm").forEach((axis, at) => (moved[axis] = letters[at]!));
  return { node: transpose.args[0]!, letters: moved.join("") };
}

function transposeOfProduct(node: CallNode, context: RuleContext): Rewriting | undefined {
  const product = callOf(node.args[0], "contract");
  if (product === undefined) return undefined;
  const [left, right, out] = lettersOf(product.attrs["spec"] as string);
  const moved = listOf(node, "perm").map((axis) => out[axis]!);
  return { node: context.call("contract", product.args, { spec: `${left},${right}->${moved.join("")}` }), through: [product] };
}

/** Where one operand has all letters of the result in order, the other is stretched along it. */
function productWithoutSum({ args, attrs }: CallNode, context: RuleContext): Rewriting | undefined {
  const [left, right, out] = lettersOf(attrs["spec"] as string);
  if (left !== out && right !== out) return undefined;
  const [whole, part, letters] = left === out ? [args[0]!, args[1]!, right] : [args[1]!, args[0]!, left];
  const isInOrder = [...out].filter((letter) => letters.includes(letter)).join("") === letters;
  if (!isInOrder) return undefined;
  const first = letters === "" ? out.length : out.indexOf(letters[0]!); // axes before it need not be written
  const shape = [...out].slice(first).map((letter, axis) => (letters.includes(letter) ? whole.type.shape[first + axis]! : 1));
  const aligned = context.call("reshape", [part], { shape });
  return { node: context.call("mul", left === out ? [whole, aligned] : [aligned, whole]), through: [] };
}

function sumOfSum(node: CallNode, context: RuleContext): Rewriting | undefined {
  const inner = callOf(node.args[0], "sum");
  if (inner === undefined) return undefined;
  const summed = listOf(inner, "axes");
  const left = axesOfRank(rankOf(inner.args[0]!)).filter((axis) => !summed.includes(axis));
  const axes = [...summed, ...listOf(node, "axes").map((axis) => left[axis]!)].sort((a, b) => a - b);
  return { node: context.call("sum", inner.args, { axes }), through: [inner] };
}

function axesOfRank(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

function sumOfMoved(node: CallNode, context: RuleContext): Rewriting | undefined {
  const axes = listOf(node, "axes");
  const reshape = callOf(node.args[0], "reshape");
  if (reshape !== undefined) {
    if (axes.length < rankOf(reshape)) return undefined;
    return { node: context.call("sum", reshape.args, { axes: axesOfRank(rankOf(reshape.args[0]!)) }), through: [reshape] };
  }
  const transpose = callOf(node.args[0], "transpose");
  if (transpose === undefined) return undefined;
  const perm = listOf(transpose, "perm");
  const kept = perm.filter((_, at) => !axes.includes(at));
  if (kept.some((axis, at) => at > 0 && axis < kept[at - 1]!)) return undefined;
  const moved = axes.map((at) => perm[at]!).sort((a, b) => a - b);
  return { node: context.call("sum", transpose.args, { axes: moved }), through: [transpose] };
}

function sumOfSpread(node: CallNode, context: RuleContext): Rewriting | undefined {
  const spread = callOf(node.args[0], "broadcast");
  if (spread === undefined) return undefined;
  const [x] = spread.args;
  const { shape } = spread.type;
  const axes = listOf(node, "axes");
  const missing = shape.length - rankOf(x!);
  const isStretched = (axis: number): boolean => axis < missing || x!.type.shape[axis - missing] !== shape[axis];
  const counted = axes.filter(isStretched);
  if (counted.length === 0) return undefined;
  const summed = context.call("sum", [x!], { axes: axes.filter((axis) => !isStretched(axis)).map((axis) => axis - missing) });
  // Axes of size 1 that stand for counted ones go, those that stand for kept ones stay.
  const kept = axesOfRank(shape.length).filter((axis) => !axes.includes(axis) && axis >= missing);
  const small = context.call("reshape", [summed], { shape: kept.map((axis) => x!.type.shape[axis - missing]!) });
  const count = context.call("size", [], { dim: multiplyDims(...counted.map((axis) => shape[axis]!)) });
  return { node: context.call("mul", [count, small]), through: [spread] };
}

/** A product with its scalar factors taken out: Π over / Π under · rest. */
interface Split {
  readonly factor: number;
  readonly over: readonly Node[];
  readonly under: readonly Node[];
  readonly rest: Node;
  readonly through: readonly Node[];
}

const DEEPEST_SPLIT = 4;

function splitScalars(node: Node, context: RuleContext, depth = 0): Split {
  const whole: Split = { factor: 1, over: [], under: [], rest: node, through: [] };
  if (node.kind !== "call" || rankOf(node) === 0 || depth === DEEPEST_SPLIT) return whole;
  const [a, b] = node.args;
  const inside = (arg: Node): Split => {
    const split = splitScalars(arg, context, depth + 1);
    return { ...split, through: [node, ...split.through] };
  };
  if (node.op === "neg") return negated(inside(a!));
  if (node.op === "mul" && rankOf(a!) === 0) return withFactor(inside(b!), a!);
  if (node.op === "mul" && rankOf(b!) === 0) return withFactor(inside(a!), b!);
  if (node.op === "div" && rankOf(b!) === 0) return withDivisor(inside(a!), b!);
  if (node.op !== "mul") return whole;
  const [left, right] = [inside(a!), inside(b!)];
  if (left.rest === a && right.rest === b) return whole;
  return {
    factor: left.factor * right.factor,
    over: [...left.over, ...right.over],
    under: [...left.under, ...right.under],
    rest: context.call("mul", [left.rest, right.rest]),
    through: [...left.through, ...right.through],
  };
}

function negated(split: Split): Split {
  return { ...split, factor: -split.factor };
}

function withFactor(split: Split, scalar: Node): Split {
  return scalar.kind === "const"
    ? { ...split, factor: split.factor * scalar.value }
    : { ...split, over: [...split.over, scalar] };
}

function withDivisor(split: Split, scalar: Node): Split {
  return { ...split, under: [...split.under, scalar] };
}

function scalarFactor(node: CallNode, context: RuleContext): Rewriting | undefined {
  const splits = node.args.map((arg) => splitScalars(arg, context));
  const isWhole = splits.every(({ rest }, index) => rest === node.args[index]);
  const fits = splits.every(({ rest }, index) => isReal(rest) && sameShape(rest.type.shape, node.args[index]!.type.shape));
  const factor = splits.reduce((product, split) => product * split.factor, 1);
  if (isWhole || !fits || !Number.isFinite(factor) || factor === 0) return undefined;
  const core = context.call(
    node.op,
    splits.map(({ rest }) => rest),
    node.attrs,
  );
  const outside = { factor, over: splits.flatMap(({ over }) => over), under: splits.flatMap(({ under }) => under) };
  return { node: withRemainder(context, outside, core), through: splits.flatMap(({ through }) => through) };
}

function negationThrough(node: CallNode, context: RuleContext): Rewriting | undefined {
  const { linearIn } = tensorOps.get(node.op)!;
  const places = linearIn === "all" ? (node.args.length === 1 ? [0] : []) : (linearIn ?? []);
  const place = places.find((index) => callOf(node.args[index], "neg") !== undefined);
  if (place === undefined) return undefined;
  const negation = node.args[place] as CallNode; // found as one
  const args = node.args.map((arg, index) => (index === place ? negation.args[0]! : arg));
  return { node: context.call("neg", [context.call(node.op, args, node.attrs)]), through: [negation] };
}

const MOST_PARTS = 16;

function partsTogether(node: CallNode, context: RuleContext): Rewriting | undefined {
  const sum = asSum(node, MOST_PARTS);
  const parts = (sum?.terms ?? [])
    .flatMap((term) => (term.sign === 1 ? [callOf(term.node, "unslice")] : []))
    .filter((part) => part !== undefined);
  for (const first of parts) {
    for (const second of parts) {
      const axis = axisBetween(first, second);
      if (sum === undefined || axis === undefined) continue;
      const { starts, steps, shape } = first.attrs;
      const joined = context.call("concat", [first.args[0]!, second.args[0]!], { axis });
      const whole = context.call("unslice", [joined], { starts: starts!, steps: steps!, shape: shape! });
      const rest = sum.terms.filter((term) => term.node !== first && term.node !== second);
      const total = rest.reduce((left, { sign, node: term }) => context.call(sign === 1 ? "add" : "sub", [left, term]), whole);
      return { node: total, through: [...sum.through, first, second] };
    }
  }
  return undefined;
}

/** The axis along which the second part follows right after the first, all else being equal. */
function axisBetween(first: CallNode, second: CallNode): number | undefined {
  if (first === second || !sameShape(first.type.shape, second.type.shape)) return undefined;
  if ([first, second].some((part) => listOf(part, "steps").some((step) => step !== 1))) return undefined;
  const [starts, others] = [first, second].map((part) => part.attrs["starts"] as readonly Dim[]) as [
    readonly Dim[],
    readonly Dim[],
  ];
  const [counts, otherCounts] = [first, second].map((part) => part.args[0]!.type.shape) as [readonly Dim[], readonly Dim[]];
  const differing = axesOfRank(starts.length).filter(
    (axis) => starts[axis] !== others[axis] || counts[axis] !== otherCounts[axis],
  );
  const [axis] = differing;
  if (axis === undefined || differing.length > 1) return undefined;
  return addDims(starts[axis]!, counts[axis]!) === others[axis] ? axis : undefined;
}

function joinedParts(node: CallNode, context: RuleContext): Rewriting | undefined {
  const isJoined = (arg: Node): boolean => callOf(arg, "concat")?.attrs["axis"] === node.attrs["axis"];
  if (!node.args.some(isJoined)) return undefined;
  const args = node.args.flatMap((arg) => (isJoined(arg) ? (arg as CallNode).args : [arg])); // isJoined has looked
  return { node: context.call("concat", args, node.attrs), through: node.args.filter(isJoined) };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function sumOfProducts(node: CallNode, context: RuleContext): Rewriting | undefined {
  const product = callOf(node.args[0], "mul");
  if (product === undefined || !product.args.every((arg) => isReal(arg) && rankOf(arg) > 0)) return undefined;
  const { shape } = product.type;
  const axes = listOf(node, "axes");
  if (shape.length > LETTERS.length) return undefined;
  const operands = product.args.map((arg) => withoutOnes(arg, shape, context));
  const [left, right] = operands.map(({ letters }) => letters) as [string, string];
  const out = lettersWhere(shape, (axis) => !axes.includes(axis));
  const isContraction = [...left, ...right].every(
    (letter) => (left.includes(letter) && right.includes(letter)) || out.includes(letter),
  );
  if (!isContraction) return undefined;
  const contracted = context.call(
    "contract",
    operands.map((operand) => operand.node),
    { spec: `${left},${right}->${out}` },
  );
  return { node: context.call("reshape", [contracted], { shape: node.type.shape }), through: [product] };
}

/** The operand with the axes along which it is stretched taken away, and the letters of those left. */
function withoutOnes(arg: Node, shape: readonly Dim[], context: RuleContext): { node: Node; letters: string } {
  const missing = shape.length - rankOf(arg);
  const own = (axis: number): Dim => (axis < missing ? 1 : arg.type.shape[axis - missing]!);
  const letters = lettersWhere(shape, (axis) => own(axis) !== 1);
  const kept = axesOfRank(shape.length).filter((axis) => shape[axis] !== 1 && own(axis) !== 1);
  return { node: context.call("reshape", [arg], { shape: kept.map((axis) => shape[axis]!) }), letters };
}

function lettersWhere(shape: readonly Dim[], isKept: (axis: number) => boolean): string {
  return axesOfRank(shape.length)
    .filter((axis) => shape[axis] !== 1 && isKept(axis))
    .map((axis) => LETTERS[axis]!)
    .join("");
}
