// Graphs from text and back, and numbers from both, without the front end and the evaluator that other tests are about.

import { unreachable } from "../../src/core/unreachable.ts";
import { parseExpression, type Expression } from "../../src/core/syntax.ts";
import { createGraph, type Graph, type Node } from "../../src/ir/graph.ts";
import { postOrder } from "../../src/ir/walk.ts";
import { CONSTANTS, evaluateOp, instantiate, OPERATOR_OPS } from "../../src/ops/build.ts";
import { rewrite, type RewriteOptions, type RewriteResult } from "../../src/passes/simplify.ts";
import { forwardRules } from "../../src/rules/all.ts";

export type Values = Readonly<Record<string, number>>;

/** Variables of a formula, sorted. */
export function variablesOf(e: Expression): string[] {
  const names = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.kind === "name" && !(part.name in CONSTANTS)) names.add(part.name);
    childrenOf(part).forEach(visit);
  };
  visit(e);
  return [...names].sort();
}

function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case "number":
    case "name":
      return [];
    case "call":
      return e.args;
    case "unary":
      return [e.operand];
    case "binary":
      return [e.left, e.right];
    case "conditional":
      return [e.test, e.yes, e.no];
    default:
      return unreachable(e);
  }
}

export function nodeOf(graph: Graph, text: string, constants: Values = {}): Node {
  const formula = parseExpression(text);
  const value = (name: string): Node => (name in constants ? graph.constant(constants[name]!) : graph.input(name));
  return instantiate(graph, formula, new Map(variablesOf(formula).map((name) => [name, value(name)])));
}

export interface Rewritten extends RewriteResult {
  readonly graph: Graph;
  readonly before: Node;
  readonly after: Node;
  readonly text: string;
  readonly names: readonly string[];
}

/** Rewrites one formula; `domains` declares inputs, with open ends where `open` says so. */
export function rewriteText(
  text: string,
  options: Partial<RewriteOptions> & { domains?: Record<string, [number, number]>; open?: boolean } = {},
): Rewritten {
  const graph = createGraph();
  const before = nodeOf(graph, text);
  const { domains = {}, open = false, ...others } = options;
  const inputs = Object.entries(domains).map(([name, domain]) => ({
    node: graph.input(name),
    domain,
    open: [open, open] as const,
  }));
  const result = rewrite(graph, [before], { rules: forwardRules, inputs, ...others });
  const after = result.roots[0]!;
  return { ...result, graph, before, after, text: textOf(after), names: result.applied.map(({ rule }) => rule) };
}

const SIGNS: Readonly<Record<string, string>> = { add: "+", sub: "-", mul: "*", div: "/" };

/** Fully bracketed, for comparing. */
export function textOf(node: Node): string {
  if (node.kind === "const") return String(node.value);
  if (node.kind === "input") return node.name;
  const args = node.args.map(textOf);
  const sign = SIGNS[node.op];
  return sign !== undefined ? `(${args.join(` ${sign} `)})` : `${node.op}(${args.join(", ")})`;
}

export function evaluateNode(root: Node, values: Values): number {
  const results = new Map<Node, number>();
  for (const node of postOrder([root])) {
    if (node.kind === "const") results.set(node, node.value);
    else if (node.kind === "input") results.set(node, values[node.name]!);
    else
      results.set(
        node,
        evaluateOp(
          node.op,
          node.args.map((arg) => results.get(arg)!),
        ),
      );
  }
  return results.get(root)!;
}

/** A formula op by op as written, nothing folded. */
export function evaluateText(text: string, values: Values): number {
  const go = (e: Expression): number => {
    switch (e.kind) {
      case "number":
        return e.value;
      case "name":
        return values[e.name] ?? CONSTANTS[e.name]!;
      case "unary":
        return evaluateOp(e.operator === "-" ? "neg" : "not", [go(e.operand)]);
      case "binary":
        return evaluateOp(OPERATOR_OPS[e.operator], [go(e.left), go(e.right)]);
      case "conditional":
        return evaluateOp("select", [go(e.test), go(e.yes), go(e.no)]);
      case "call":
        return evaluateOp(e.callee, e.args.map(go));
      default:
        return unreachable(e);
    }
  };
  return go(parseExpression(text));
}

/** Numbers in [0, 1), the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
