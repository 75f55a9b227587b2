// What values a node can take, from the declared domains of the inputs: interval arithmetic over the reals. A declared domain is a
// promise; an input without one may be anything, NaN and ±∞ too. Bounds are widened by rounding, never narrowed.

import type { CallNode, InputNode, Node } from "../ir/graph.ts";
import type { Interval } from "../ops/define.ts";
import { opNamed } from "../ops/registry.ts";
import type { Property } from "../rules/rule.ts";

export interface Bounds {
  readonly low: number;
  readonly high: number;
  /** The end itself is not among the values: `x > 0`. An infinite end that is open means the value is finite. */
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
  readonly mayBeNaN: boolean;
}

/** As a front end declares it. `open` says of each end whether it is excluded (`x > 0`: the 0 and the infinity both are). */
export interface InputDomain {
  readonly node: InputNode;
  readonly domain?: Interval;
  readonly open?: readonly [low: boolean, high: boolean];
}

export interface BoundsAnalysis {
  of(node: Node): Bounds;
  proves(node: Node, property: Property): boolean;
}

const ANYTHING: Bounds = { low: -Infinity, high: Infinity, lowOpen: false, highOpen: false, mayBeNaN: true };

/** Bounds on demand; the graph may grow meanwhile. */
export function createBounds(inputs: readonly InputDomain[]): BoundsAnalysis {
  const known = new Map<Node, Bounds>();
  for (const { node, domain, open = [false, false] } of inputs) {
    if (domain === undefined) continue;
    known.set(node, { low: domain[0], high: domain[1], lowOpen: open[0], highOpen: open[1], mayBeNaN: false });
  }
  const of = (node: Node): Bounds => {
    const stack = [node];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const missing = top.kind === "call" && !known.has(top) ? top.args.find((arg) => !known.has(arg)) : undefined;
      if (missing !== undefined) {
        stack.push(missing);
        continue;
      }
      stack.pop();
      if (!known.has(top))
        known.set(
          top,
          boundsOf(top, (arg) => known.get(arg)!),
        );
    }
    return known.get(node)!;
  };
  return { of, proves: (node, property) => holds(of(node), property, node) };
}

function holds(bounds: Bounds, property: Property, node: Node): boolean {
  const { low, high, lowOpen, highOpen } = bounds;
  const above = low > 0 || (low === 0 && lowOpen);
  const below = high < 0 || (high === 0 && highOpen);
  switch (property) {
    case "positive":
      return above;
    case "negative":
      return below;
    case "nonnegative":
      return low >= 0;
    case "nonzero":
      return above || below;
    case "finite":
      return isFinite(bounds);
    case "integer":
      return node.kind === "const" && Number.isInteger(node.value);
  }
}

function isFinite({ low, high, lowOpen, highOpen, mayBeNaN }: Bounds): boolean {
  return !mayBeNaN && (low > -Infinity || lowOpen) && (high < Infinity || highOpen);
}

function boundsOf(node: Node, of: (arg: Node) => Bounds): Bounds {
  if (node.kind === "input") return node.type.dtype === "boolean" ? closed(0, 1) : ANYTHING;
  if (node.kind === "const") return Number.isNaN(node.value) ? ANYTHING : closed(node.value, node.value);
  if (node.type.dtype === "boolean") return closed(0, 1);
  const args = node.args.map(of);
  return withinRange(node, arithmetic(node, args), args);
}

function closed(low: number, high: number): Bounds {
  return { low, high, lowOpen: false, highOpen: false, mayBeNaN: false };
}

/** Ops that never fall where they are defined, and where that is. */
const RISING: Readonly<Record<string, Interval>> = {
  exp: [-Infinity, Infinity],
  expm1: [-Infinity, Infinity],
  log: [0, Infinity],
  log1p: [-1, Infinity],
  log2: [0, Infinity],
  log10: [0, Infinity],
  sqrt: [0, Infinity],
  cbrt: [-Infinity, Infinity],
  cube: [-Infinity, Infinity],
  sigmoid: [-Infinity, Infinity],
  softplus: [-Infinity, Infinity],
  relu: [-Infinity, Infinity],
  tanh: [-Infinity, Infinity],
  sinh: [-Infinity, Infinity],
  asinh: [-Infinity, Infinity],
  atan: [-Infinity, Infinity],
  floor: [-Infinity, Infinity],
  ceil: [-Infinity, Infinity],
  fix: [-Infinity, Infinity],
  sign: [-Infinity, Infinity],
};
/** Those of them that reach a bound of their range at infinity only: open wherever the argument is finite. */
const NEVER_REACHES = new Set(["exp", "expm1", "sigmoid", "softplus", "tanh", "atan"]);
const DEFINED_FOR_ALL_REALS = new Set(["sin", "cos", "erf", "cosh", "sech", "hypot", "logsumexp", "round", "roundHalfUp"]);

function arithmetic(node: CallNode, args: readonly Bounds[]): Bounds {
  const [a = ANYTHING, b = ANYTHING] = args;
  const domain = RISING[node.op];
  if (domain !== undefined) return rising(node, a, domain);
  switch (node.op) {
    case "neg":
      return negated(a);
    case "add":
      return sum(a, b);
    case "sub":
      return sum(a, negated(b));
    case "mul":
      return node.args[0] === node.args[1] ? squared(a) : product(a, b);
    case "square":
      return squared(a);
    case "div":
      return product(a, reciprocal(b));
    case "recip":
      return reciprocal(a);
    case "abs":
      return absolute(a);
    case "max":
      return extreme(args, Math.max);
    case "min":
      return negated(extreme(args.map(negated), Math.max));
    case "select":
      return union(b, args[2] ?? ANYTHING);
    case "pow":
      return power(a, b);
    default:
      return { ...ANYTHING, mayBeNaN: !(DEFINED_FOR_ALL_REALS.has(node.op) && args.every(isFinite)) };
  }
}

function withinRange(node: CallNode, bounds: Bounds, args: readonly Bounds[]): Bounds {
  const range = opNamed(node.op).range;
  if (range === undefined) return bounds;
  const isOpen = NEVER_REACHES.has(node.op) && args.every(isFinite);
  const raised = bounds.low < range[0] || (bounds.low === range[0] && isOpen) ? { low: range[0], lowOpen: isOpen } : {};
  const lowered = bounds.high > range[1] || (bounds.high === range[1] && isOpen) ? { high: range[1], highOpen: isOpen } : {};
  return { ...bounds, ...raised, ...lowered };
}

function rising(node: CallNode, a: Bounds, [from, to]: Interval): Bounds {
  const evaluate = opNamed(node.op).evaluate;
  const inside = a.low >= from && a.high <= to;
  const isStrict = !["relu", "floor", "ceil", "fix", "sign"].includes(node.op);
  return {
    low: down(evaluate(Math.max(a.low, from)), 4),
    high: up(evaluate(Math.min(a.high, to)), 4),
    lowOpen: a.lowOpen && isStrict,
    highOpen: a.highOpen && isStrict,
    mayBeNaN: a.mayBeNaN || !inside,
  };
}

function negated(a: Bounds): Bounds {
  return { low: -a.high, high: -a.low, lowOpen: a.highOpen, highOpen: a.lowOpen, mayBeNaN: a.mayBeNaN };
}

function sum(a: Bounds, b: Bounds): Bounds {
  const low = a.low + b.low;
  const high = a.high + b.high;
  const opposite = (reaches(a, Infinity) && reaches(b, -Infinity)) || (reaches(a, -Infinity) && reaches(b, Infinity));
  return {
    low: Number.isNaN(low) ? -Infinity : isExactSum(a.low, b.low) ? low : down(low),
    high: Number.isNaN(high) ? Infinity : isExactSum(a.high, b.high) ? high : up(high),
    lowOpen: low === -Infinity ? !reaches(a, -Infinity) && !reaches(b, -Infinity) : a.lowOpen || b.lowOpen,
    highOpen: high === Infinity ? !reaches(a, Infinity) && !reaches(b, Infinity) : a.highOpen || b.highOpen,
    mayBeNaN: a.mayBeNaN || b.mayBeNaN || opposite,
  };
}

/** Whether a + b needs no rounding (Knuth's two-sum): 1 + 0 must stay 1, or log(1 + x²) would not be known to be ≥ 0. */
function isExactSum(a: number, b: number): boolean {
  const sum = a + b;
  const part = sum - a;
  return a - (sum - part) + (b - part) === 0;
}

function reaches(a: Bounds, value: number): boolean {
  return a.low <= value && value <= a.high && !(a.low === value && a.lowOpen) && !(a.high === value && a.highOpen);
}

function product(a: Bounds, b: Bounds): Bounds {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map((value) =>
    Number.isNaN(value) ? 0 : value,
  );
  const low = Math.min(...corners);
  const high = Math.max(...corners);
  const isFiniteProduct = isFinite(a) && isFinite(b);
  const positive = (a.low >= 0 && b.low >= 0) || (a.high <= 0 && b.high <= 0);
  const negative = (a.low >= 0 && b.high <= 0) || (a.high <= 0 && b.low >= 0);
  const excludesZero = !reaches(a, 0) && !reaches(b, 0);
  return {
    low: positive ? Math.max(0, down(low)) : down(low, 1, true),
    high: negative ? Math.min(0, up(high)) : up(high, 1, true),
    lowOpen: low === -Infinity ? isFiniteProduct : positive && excludesZero,
    highOpen: high === Infinity ? isFiniteProduct : negative && excludesZero,
    mayBeNaN: a.mayBeNaN || b.mayBeNaN || (reaches(a, 0) && reachesInfinity(b)) || (reaches(b, 0) && reachesInfinity(a)),
  };
}

function reachesInfinity(a: Bounds): boolean {
  return reaches(a, Infinity) || reaches(a, -Infinity);
}

function squared(a: Bounds): Bounds {
  const { low, high, lowOpen, highOpen, mayBeNaN } = absolute(a);
  const top = high * high;
  return {
    low: Math.max(0, down(low * low)),
    high: up(top),
    lowOpen,
    highOpen: top === Infinity && high < Infinity ? true : highOpen,
    mayBeNaN,
  };
}

function reciprocal(a: Bounds): Bounds {
  if (reaches(a, 0) || (a.low < 0 && a.high > 0)) return ANYTHING;
  return {
    low: down(1 / (a.high === 0 ? -0 : a.high)),
    high: up(1 / (a.low === 0 ? 0 : a.low)),
    lowOpen: a.highOpen,
    highOpen: a.lowOpen,
    mayBeNaN: a.mayBeNaN,
  };
}

function absolute(a: Bounds): Bounds {
  if (a.low >= 0) return a;
  if (a.high <= 0) return negated(a);
  const high = Math.max(-a.low, a.high);
  const highOpen = !(reaches(a, high) || reaches(a, -high));
  return { low: 0, high, lowOpen: false, highOpen, mayBeNaN: a.mayBeNaN };
}

function extreme(args: readonly Bounds[], largest: (...values: number[]) => number): Bounds {
  const low = largest(...args.map((arg) => arg.low));
  const high = largest(...args.map((arg) => arg.high));
  return {
    low,
    high,
    lowOpen: args.some((arg) => arg.low === low && arg.lowOpen),
    highOpen: args.every((arg) => arg.high < high || arg.highOpen),
    mayBeNaN: args.some((arg) => arg.mayBeNaN),
  };
}

function union(a: Bounds, b: Bounds): Bounds {
  const low = Math.min(a.low, b.low);
  const high = Math.max(a.high, b.high);
  const union = { low, high, mayBeNaN: a.mayBeNaN || b.mayBeNaN };
  return { ...union, lowOpen: !reaches(a, low) && !reaches(b, low), highOpen: !reaches(a, high) && !reaches(b, high) };
}

/** Of powers only the sign and the finiteness: positive bases, and whole even exponents. */
function power(base: Bounds, exponent: Bounds): Bounds {
  const isPositive = holdsPositive(base);
  const even = exponent.low === exponent.high && exponent.low % 2 === 0;
  if (isPositive && isFinite(base) && isFinite(exponent)) return { ...closed(0, Infinity), lowOpen: true, highOpen: true };
  if (base.low >= 0 || even) return { ...ANYTHING, low: 0 };
  return ANYTHING;
}

function holdsPositive(a: Bounds): boolean {
  return a.low > 0 || (a.low === 0 && a.lowOpen);
}

/** The next smaller bound by a few units in the last place; a zero that came of underflow may stand for a negative number. */
function down(value: number, units = 1, underflows = false): number {
  if (value === 0) return underflows ? -Number.MIN_VALUE : 0;
  return Number.isFinite(value) ? value - Math.abs(value) * units * Number.EPSILON : value;
}

function up(value: number, units = 1, underflows = false): number {
  return -down(-value, units, underflows);
}
