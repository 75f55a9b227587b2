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

/** Ops, as bits, that must be found at most `level` levels below the root. */
interface Condition {
  readonly needs: number;
  readonly level: number;
}

interface RootRules {
  readonly rules: readonly (readonly [rule: Rule, condition: number])[];
  readonly conditions: readonly Condition[];
  /** The rules left, by the set of conditions that hold: there are few such sets. */
  readonly remaining: Map<number, readonly Rule[]>;
}

export function indexRules(rules: readonly Rule[]): RuleIndex {
  const bits = bitsOf(rules);
  const byRoot = rulesByRoot(rules, bits);
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
      const start = node.id * LEVELS;
      let holding = 0;
      for (let index = 0; index < root.conditions.length; index++) {
        const { needs, level } = root.conditions[index]!;
        if ((near[start + level]! & needs) === needs) holding |= 1 << index;
      }
      let remaining = root.remaining.get(holding);
      if (remaining === undefined) {
        remaining = root.rules.filter(([, condition]) => holding & (1 << condition)).map(([rule]) => rule);
        root.remaining.set(holding, remaining);
      }
      return remaining;
    },
  };
}

const NONE: readonly Rule[] = [];

function rulesByRoot(rules: readonly Rule[], bits: ReadonlyMap<OpName, number>): ReadonlyMap<OpName, RootRules> {
  const byRoot = new Map<OpName, { rules: [Rule, number][]; conditions: Condition[]; remaining: Map<number, readonly Rule[]> }>();
  for (const rule of rules) {
    const needs = rule.needs.reduce((mask, op) => mask | bits.get(op)!, 0);
    const level = needs === 0 ? 0 : Math.min(rule.reach, LEVELS - 1);
    for (const op of rule.roots) {
      const root = byRoot.get(op) ?? { rules: [] as [Rule, number][], conditions: [] as Condition[], remaining: new Map() };
      byRoot.set(op, root);
      let condition = root.conditions.findIndex((other) => other.needs === needs && other.level === level);
      if (condition === -1) condition = root.conditions.push({ needs, level }) - 1;
      root.rules.push([rule, condition]);
    }
  }
  for (const [op, { conditions }] of byRoot)
    if (conditions.length > 31) throw new Error(`too many kinds of rules for ${op}: no bit left`);
  return byRoot;
}

/** One bit per op; beyond 31 ops two share one, which only costs a vain attempt. */
function bitsOf(rules: readonly Rule[]): ReadonlyMap<OpName, number> {
  const bits = new Map<OpName, number>();
  for (const rule of rules) for (const op of rule.needs) if (!bits.has(op)) bits.set(op, 1 << (bits.size % 31));
  return bits;
}
