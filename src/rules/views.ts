// Ways to look at a node without changing it: as a sum of signed terms, as a coefficient times factors. And how to negate or
// scale a node without adding an op where that can be had. Patterns match on these views, so `a - b`, `-b + a` and `a + -1*b` look alike.

import type { Node } from "../ir/graph.ts";

export interface Term {
  readonly sign: 1 | -1;
  readonly node: Node;
}

export interface Sum {
  readonly terms: readonly Term[];
  /** The nodes taken apart to see the terms. */
  readonly through: readonly Node[];
}

/** coefficient · Π over / Π under. */
export interface Product {
  readonly coefficient: number;
  readonly over: readonly Node[];
  readonly under: readonly Node[];
  readonly through: readonly Node[];
}

/** Makes a call node; a rule's context hands in one that also simplifies. */
export type Build = (op: string, args: readonly Node[]) => Node;

const FACTOR_LIMIT = 8;
const NEGATION_DEPTH = 8;

/** The terms of nested add, sub and neg, left to right; undefined when there are more than `limit`, so that long chains cost nothing. */
export function asSum(node: Node, limit: number): Sum | undefined {
  const terms: Term[] = [];
  const through: Node[] = [];
  const stack: Term[] = [{ sign: 1, node }];
  while (stack.length > 0) {
    const { sign, node: top } = stack.pop()!;
    const op = top.kind === "call" ? top.op : "";
    if (top.kind !== "call" || (op !== "add" && op !== "sub" && op !== "neg")) {
      if (terms.length === limit) return undefined;
      terms.push({ sign, node: top });
      continue;
    }
    through.push(top);
    if (through.length > 2 * limit) return undefined;
    const [left, right] = top.args;
    if (op === "neg") stack.push({ sign: sign === 1 ? -1 : 1, node: left! });
    else stack.push({ sign: (op === "sub") === (sign === 1) ? -1 : 1, node: right! }, { sign, node: left! });
  }
  return { terms, through };
}

/** The factors of nested mul, div, neg, square and reciprocals. A product of more than a few factors stays one opaque factor. */
export function asProduct(node: Node): Product {
  let coefficient = 1;
  const over: Node[] = [];
  const under: Node[] = [];
  const through: Node[] = [];
  const stack: { node: Node; inverted: boolean }[] = [{ node, inverted: false }];
  while (stack.length > 0) {
    const { node: top, inverted } = stack.pop()!;
    if (top.kind === "const") {
      coefficient = inverted ? coefficient / top.value : coefficient * top.value;
      continue;
    }
    const [a, b] = top.kind === "call" ? top.args : [];
    switch (top.kind === "call" ? top.op : "") {
      case "neg":
        coefficient = -coefficient;
        stack.push({ node: a!, inverted });
        break;
      case "mul":
        stack.push({ node: b!, inverted }, { node: a!, inverted });
        break;
      case "div":
        stack.push({ node: b!, inverted: !inverted }, { node: a!, inverted });
        break;
      case "square":
        stack.push({ node: a!, inverted }, { node: a!, inverted });
        break;
      case "recip":
        stack.push({ node: a!, inverted: !inverted });
        break;
      default:
        (inverted ? under : over).push(top);
        continue;
    }
    through.push(top);
    if (through.length > FACTOR_LIMIT) return opaque(node);
  }
  return Number.isFinite(coefficient) && coefficient !== 0 ? { coefficient, over, under, through } : opaque(node);
}

function opaque(node: Node): Product {
  return { coefficient: 1, over: [node], under: [], through: [] };
}

/** Whether −node can be had without one op more. */
export function isNegatable(node: Node, depth = NEGATION_DEPTH): boolean {
  if (node.kind === "const") return node.value < 0;
  if (node.kind === "input" || depth === 0) return false;
  const [a, b] = node.args;
  switch (node.op) {
    case "neg":
    case "sub":
      return true;
    case "add":
      return isNegatable(a!, depth - 1) || isNegatable(b!, depth - 1);
    case "mul":
    case "div":
      return isNegatable(factorOf(a!), depth - 1) || isNegatable(factorOf(b!), depth - 1);
    default:
      return false;
  }
}

/** A factor counts as negatable for its sign only: `(a - b) * c` is not visibly negative. */
function factorOf(node: Node): Node {
  return node.kind === "call" && (node.op === "sub" || node.op === "add") ? POSITIVE : node;
}
const POSITIVE: Node = { kind: "const", id: -1, value: 1, type: { dtype: "real", shape: [] } };

/** −node, in as few ops as it takes. */
export function negate(build: Build, node: Node, depth = NEGATION_DEPTH): Node {
  if (node.kind !== "call" || depth === 0 || !isNegatable(node, depth)) return build("neg", [node]);
  const [a, b] = node.args;
  switch (node.op) {
    case "neg":
      return a!;
    case "sub":
      return isNegatable(a!, depth - 1) ? build("add", [negate(build, a!, depth - 1), b!]) : build("sub", [b!, a!]);
    case "add":
      return isNegatable(a!, depth - 1)
        ? build("sub", [negate(build, a!, depth - 1), b!])
        : build("sub", [negate(build, b!, depth - 1), a!]);
    case "mul":
    case "div":
      return isNegatable(factorOf(a!), depth - 1)
        ? build(node.op, [negate(build, a!, depth - 1), b!])
        : build(node.op, [a!, negate(build, b!, depth - 1)]);
    default:
      return build("neg", [node]);
  }
}

/** factor · node, merged into a constant coefficient where there is one. */
export function scale(build: Build, node: Node, factor: number): Node {
  if (factor === 1) return node;
  if (factor === -1) return negate(build, node);
  const constant = (value: number): Node => build("neg", [{ ...POSITIVE, value: -value }]);
  if (node.kind === "const") return constant(node.value * factor);
  if (node.kind === "call") {
    const [a, b] = node.args;
    if (node.op === "neg") return scale(build, a!, -factor);
    if (node.op === "mul") {
      if (a!.kind === "const") return build("mul", [constant(a.value * factor), b!]);
      if (b!.kind === "const") return build("mul", [a!, constant(b.value * factor)]);
      if (carriesCoefficient(a!)) return build("mul", [scale(build, a!, factor), b!]);
    }
    if (node.op === "div") {
      if (b!.kind === "const") {
        if (Number.isInteger(factor / b.value)) return scale(build, a!, factor / b.value);
        if (Number.isInteger(b.value / factor)) return build("div", [a!, constant(b.value / factor)]);
      }
      if (carriesCoefficient(a!)) return build("div", [scale(build, a!, factor), b!]);
    }
  }
  return Number.isInteger(1 / factor) ? build("div", [node, constant(1 / factor)]) : build("mul", [constant(factor), node]);
}

function carriesCoefficient(node: Node): boolean {
  if (node.kind !== "call") return node.kind === "const";
  return (node.op === "mul" && (node.args[0]!.kind === "const" || node.args[1]!.kind === "const")) || (node.op === "div" && node.args[1]!.kind === "const");
}

/** Terms with a common factor: what a pattern variable is bound to. */
export interface Scaled {
  readonly terms: readonly Term[];
  readonly factor: number;
}

const COMPARED_TERMS = 16;

/** Whether two scaled sums are the same linear combination of the same products, in whatever order they were written. */
export function sameScaled(a: Scaled, b: Scaled): boolean {
  const [x, y] = [a.terms[0], b.terms[0]];
  if (a.terms.length === 1 && b.terms.length === 1 && x!.node === y!.node) return x!.sign * a.factor === y!.sign * b.factor;
  const left = linearForm(a);
  const right = linearForm(b);
  if (left === undefined || right === undefined || left.size !== right.size) return false;
  for (const [key, coefficient] of left) if (right.get(key) !== coefficient) return false;
  return true;
}

function linearForm(value: Scaled): Map<string, number> | undefined {
  const form = new Map<string, number>();
  for (const term of value.terms) {
    const sum = asSum(term.node, COMPARED_TERMS);
    if (sum === undefined) return undefined;
    for (const inner of sum.terms) {
      const product = asProduct(inner.node);
      const key = `${sortedIds(product.over)}/${sortedIds(product.under)}`;
      form.set(key, (form.get(key) ?? 0) + value.factor * term.sign * inner.sign * product.coefficient);
    }
  }
  return form;
}

function sortedIds(nodes: readonly Node[]): string {
  return nodes
    .map((node) => node.id)
    .sort((a, b) => a - b)
    .join("*");
}
