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
const FIRST_SIZE = 1024;

interface Entry {
  readonly rule: Rule;
  readonly needs: number;
}

interface RootEntries {
  readonly entries: readonly Entry[];
  /** The rules left when one looks at which needed ops are near: there are few such sets. */
  readonly byNear: Map<number, readonly Rule[]>;
}

export function indexRules(rules: readonly Rule[]): RuleIndex {
  const bits = bitsOf(rules);
  const byRoot = entriesByRoot(rules, bits);
  let near = new Int32Array(FIRST_SIZE * LEVELS); // by node id and level: the ops within that many levels
  let seen = new Uint8Array(FIRST_SIZE);

  function see(node: Node): void {
    if (node.id >= seen.length) grow(node.id);
    if (seen[node.id] === 1) return;
    seen[node.id] = 1;
    if (node.kind !== "call") return;
    const start = node.id * LEVELS;
    near.fill(bits.get(node.op) ?? 0, start, start + LEVELS);
    for (const arg of node.args) {
      for (let level = 1; level < LEVELS; level++) near[start + level]! |= near[arg.id * LEVELS + level - 1]!;
    }
  }

  function grow(id: number): void {
    const size = Math.max(2 * seen.length, id + 1);
    const [wider, longer] = [new Int32Array(size * LEVELS), new Uint8Array(size)];
    wider.set(near);
    longer.set(seen);
    [near, seen] = [wider, longer];
  }

  return {
    see,
    candidates(node) {
      const root = byRoot.get(node.op);
      if (root === undefined) return NONE;
      const found = near[node.id * LEVELS + LEVELS - 1]!;
      let rulesHere = root.byNear.get(found);
      if (rulesHere === undefined) {
        rulesHere = root.entries.filter(({ needs }) => (needs & found) === needs).map(({ rule }) => rule);
        root.byNear.set(found, rulesHere);
      }
      return rulesHere;
    },
  };
}

const NONE: readonly Rule[] = [];

function entriesByRoot(rules: readonly Rule[], bits: ReadonlyMap<OpName, number>): ReadonlyMap<OpName, RootEntries> {
  const byRoot = new Map<OpName, Entry[]>();
  for (const rule of rules) {
    const needs = rule.needs.reduce((mask, op) => mask | bits.get(op)!, 0);
    for (const root of rule.roots) byRoot.set(root, [...(byRoot.get(root) ?? []), { rule, needs }]);
  }
  return new Map([...byRoot].map(([op, entries]) => [op, { entries, byNear: new Map() }]));
}

/** One bit per op; beyond 31 ops two share one, which only costs a vain attempt. */
function bitsOf(rules: readonly Rule[]): ReadonlyMap<OpName, number> {
  const bits = new Map<OpName, number>();
  for (const rule of rules) for (const op of rule.needs) if (!bits.has(op)) bits.set(op, 1 << (bits.size % 31));
  return bits;
}
