// What values a node can take, from the declared domains of the inputs: interval arithmetic over the reals. A declared domain is a
// promise; an input without one may be anything, NaN and ±∞ too.

import type { CallNode, InputNode, Node } from "../ir/graph.ts";
import type { Interval } from "../ops/define.ts";
import { opNamed } from "../ops/registry.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import type { Property } from "../rules/rule.ts";
import {
  absolute,
  ANYTHING,
  closed,
  down,
  extreme,
  isFinite,
  negated,
  power,
  product,
  reciprocal,
  squared,
  sum,
  union,
  up,
  type Bounds,
} from "./intervals.ts";
import { tensorBounds } from "./tensor-bounds.ts";

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

function boundsOf(node: Node, of: (arg: Node) => Bounds): Bounds {
  if (node.kind === "input") return node.type.dtype === "boolean" ? closed(0, 1) : ANYTHING;
  if (node.kind === "const") return Number.isNaN(node.value) ? ANYTHING : closed(node.value, node.value);
  if (node.type.dtype === "boolean") return closed(0, 1);
  const args = node.args.map(of);
  if (tensorOps.has(node.op)) return tensorBounds(node, args);
  return withinRange(node, arithmetic(node, args), args);
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
