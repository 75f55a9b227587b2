// Ways to look at a node without changing it: as a sum of signed terms, as a coefficient times factors. And how to negate or
// scale a node without adding an op where that can be had. Patterns match on these views, so `a - b`, `-b + a` and `a + -1*b` look alike.

import type { Attrs, Node } from "../ir/graph.ts";

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

/** Makes nodes; the one a rule is handed also simplifies them. */
export interface Builder {
  constant(value: number): Node;
  call(op: string, args: readonly Node[], attrs?: Attrs): Node;
}

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
      return isNegativeFactor(a!, depth - 1) || isNegativeFactor(b!, depth - 1);
    default:
      return false;
  }
}

/** Of a factor only its own sign counts: `(a - b) * c` is not visibly negative. */
function isNegativeFactor(node: Node, depth: number): boolean {
  const isSum = node.kind === "call" && (node.op === "sub" || node.op === "add");
  return !isSum && isNegatable(node, depth);
}

/** −node, in as few ops as it takes. */
export function negate(builder: Builder, node: Node, depth = NEGATION_DEPTH): Node {
  if (node.kind !== "call" || depth === 0 || !isNegatable(node, depth)) return builder.call("neg", [node]);
  const [a, b] = node.args;
  switch (node.op) {
    case "neg":
      return a!;
    case "sub":
      return isNegatable(a!, depth - 1)
        ? builder.call("add", [negate(builder, a!, depth - 1), b!])
        : builder.call("sub", [b!, a!]);
    case "add":
      return isNegatable(a!, depth - 1)
        ? builder.call("sub", [negate(builder, a!, depth - 1), b!])
        : builder.call("sub", [negate(builder, b!, depth - 1), a!]);
    case "mul":
    case "div":
      return isNegativeFactor(a!, depth - 1)
        ? builder.call(node.op, [negate(builder, a!, depth - 1), b!])
        : builder.call(node.op, [a!, negate(builder, b!, depth - 1)]);
    default:
      return builder.call("neg", [node]);
  }
}

/** factor · node, merged into a constant coefficient where there is one. */
export function scale(builder: Builder, node: Node, factor: number): Node {
  if (factor === 1) return node;
  if (factor === -1) return negate(builder, node);
  if (node.kind === "const") return builder.constant(node.value * factor);
  if (node.kind === "call") {
    const a = node.args[0]!;
    const b = node.args[1] ?? a;
    if (node.op === "neg") return scale(builder, a, -factor);
    if (node.op === "mul") {
      if (a.kind === "const") return builder.call("mul", [builder.constant(a.value * factor), b]);
      if (b.kind === "const") return builder.call("mul", [a, builder.constant(b.value * factor)]);
      if (carriesCoefficient(a)) return builder.call("mul", [scale(builder, a, factor), b]);
    }
    if (node.op === "div") {
      if (b.kind === "const" && Number.isInteger(factor / b.value)) return scale(builder, a, factor / b.value);
      if (b.kind === "const" && Number.isInteger(b.value / factor))
        return builder.call("div", [a, builder.constant(b.value / factor)]);
      if (carriesCoefficient(a)) return builder.call("div", [scale(builder, a, factor), b]);
    }
  }
  return Number.isInteger(1 / factor)
    ? builder.call("div", [node, builder.constant(1 / factor)])
    : builder.call("mul", [builder.constant(factor), node]);
}

function carriesCoefficient(node: Node): boolean {
  if (node.kind !== "call") return node.kind === "const";
  return (
    (node.op === "mul" && (node.args[0]!.kind === "const" || node.args[1]!.kind === "const")) ||
    (node.op === "div" && node.args[1]!.kind === "const")
  );
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
