// Which rules are worth trying on a node: by its op, and by the ops a few levels below it.

import type { CallNode, Node, OpName } from "../ir/graph.ts";
import type { Rule } from "../rules/rule.ts";

export interface RuleIndex {
  /** Takes note of a node; every node must have been seen before a reader of it. */
  see(node: Node): void;
  candidates(node: CallNode): readonly Rule[];
}

/** Levels below a node that a rule's needed ops may stand at; a pattern is never deeper, sums of signs included. */
const LEVELS = 6;

export function indexRules(rules: readonly Rule[]): RuleIndex {
  const bits = bitsOf(rules);
  const byRoot = new Map<OpName, { rule: Rule; needs: number }[]>();
  for (const rule of rules) {
    const needs = rule.needs.reduce((mask, op) => mask | bits.get(op)!, 0);
    for (const root of rule.roots) byRoot.set(root, [...(byRoot.get(root) ?? []), { rule, needs }]);
  }
  const masks: Int32Array[] = []; // by node id: ops within 0, 1, ... levels

  const masksOf = (node: Node): Int32Array => (masks[node.id] ??= masksFromArguments(node));
  function masksFromArguments(node: Node): Int32Array {
    const own = new Int32Array(LEVELS);
    if (node.kind !== "call") return own;
    own.fill(bits.get(node.op) ?? 0);
    for (const arg of node.args) {
      const below = masks[arg.id] ?? NONE;
      for (let level = 1; level < LEVELS; level++) own[level]! |= below[level - 1]!;
    }
    return own;
  }

  return {
    see: masksOf,
    candidates(node) {
      const found = masksOf(node)[LEVELS - 1]!;
      const entries = byRoot.get(node.op);
      if (entries === undefined) return [];
      return entries.filter(({ needs }) => (needs & found) === needs).map(({ rule }) => rule);
    },
  };
}

const NONE = new Int32Array(LEVELS);

/** One bit per op; beyond 31 ops two share one, which only costs a vain attempt. */
function bitsOf(rules: readonly Rule[]): ReadonlyMap<OpName, number> {
  const bits = new Map<OpName, number>();
  for (const rule of rules) for (const op of rule.needs) if (!bits.has(op)) bits.set(op, 1 << (bits.size % 31));
  return bits;
}
