// Applies rewrite rules to a graph, bottom up, until nothing changes. Knows no rule by name.
//
// What a rewrite costs is counted exactly: every node carries how many live nodes read it, so trying a rewrite shows which ops it adds
// and which it lets die. A shared node does not die, and so a rewrite that would duplicate it does not pay.

import type { CallNode, Graph, Node } from "../ir/graph.ts";
import { NO_ATTRS } from "../ir/graph.ts";
import { postOrder, useCounts } from "../ir/walk.ts";
import { call } from "../ops/build.ts";
import type { Phase, Rewriting, Rule, RuleContext } from "../rules/rule.ts";
import { createBounds, type BoundsAnalysis, type InputDomain } from "./bounds.ts";
import { createLiveness, type Liveness } from "./liveness.ts";
import { indexRules, type RuleIndex } from "./rule-index.ts";

export interface RewriteOptions {
  /** In order of preference. Those of phase `recognise` get a sweep of their own first, so that nothing smaller breaks their forms. */
  readonly rules: readonly (Rule & { readonly phase?: Phase })[];
  /** Declared domains, from which the conditions of `domain` rules are proved. */
  readonly inputs?: readonly InputDomain[];
  /** Stages a person named. Only a stabilising rule takes one apart. */
  readonly keep?: ReadonlySet<Node>;
  /** Not to be rewritten, and alive whatever happens: the forward values, when adjoints are simplified. */
  readonly frozen?: ReadonlySet<Node>;
}

export interface AppliedRule {
  readonly rule: string;
  readonly before: Node;
  readonly after: Node;
}

export interface RewriteResult {
  readonly roots: readonly Node[];
  /** Every node the old roots needed, and what stands for it now (which the new roots may need no longer). */
  readonly replaced: ReadonlyMap<Node, Node>;
  readonly applied: readonly AppliedRule[];
}

/** More sweeps than this means that two rules undo each other, which a test rules out. */
const MOST_SWEEPS = 12;

export function rewrite(graph: Graph, roots: readonly Node[], options: RewriteOptions): RewriteResult {
  const recognising = options.rules.filter((rule) => rule.phase === "recognise");
  const everything = indexRules(options.rules);
  const bounds = createBounds(options.inputs ?? []);
  const replaced = new Map<Node, Node>(postOrder(roots).map((node) => [node, node]));
  const applied: AppliedRule[] = [];
  let current = roots;
  const run = (index: RuleIndex): boolean => {
    const before = applied.length;
    const made = sweep({ graph, roots: current, index, bounds, options, replaced, applied });
    current = current.map((root) => made(root));
    for (const [old, now] of replaced) replaced.set(old, made(now));
    return applied.length > before;
  };
  if (recognising.length > 0) run(indexRules(recognising));
  for (let sweeps = 0; run(everything) && sweeps < MOST_SWEEPS; sweeps++);
  return { roots: current, replaced, applied };
}

interface SweepInput {
  readonly graph: Graph;
  readonly roots: readonly Node[];
  readonly index: RuleIndex;
  readonly bounds: BoundsAnalysis;
  readonly options: RewriteOptions;
  readonly replaced: ReadonlyMap<Node, Node>;
  readonly applied: AppliedRule[];
}

/** One walk over the graph. Answers what each node has become; nodes it did not meet stay as they are. */
function sweep(input: SweepInput): (node: Node) => Node {
  const { graph, roots, options } = input;
  const made: Node[] = [];
  const uses = useCounts(roots);
  const pinned = pinnedNodes(options.keep, input.replaced);
  const liveness = createLiveness();
  const settler = createSettler(input, liveness);
  for (const node of options.frozen ?? []) liveness.retain(node, Infinity);
  for (const node of postOrder(roots)) {
    input.index.see(node);
    const count = uses.get(node)! + (pinned.has(node) ? 1 : 0);
    made[node.id] = node.kind === "call" ? visit(node, count) : node;
  }
  return (node) => made[node.id] ?? node;

  function visit(node: CallNode, count: number): Node {
    if (options.frozen?.has(node)) return node;
    const args = node.args.map((arg) => made[arg.id]!);
    const rebuilt = rebuild(graph, node, args);
    liveness.retain(rebuilt, count);
    for (const arg of args) liveness.release(arg, 1); // what this reader held for it; the rebuilt node holds its own
    return settler.settle(rebuilt, count);
  }
}

/** A named stage may have been replaced in an earlier sweep; its name went along. */
function pinnedNodes(keep: ReadonlySet<Node> | undefined, replaced: ReadonlyMap<Node, Node>): Set<Node> {
  const pinned = new Set<Node>();
  for (const node of keep ?? []) pinned.add(replaced.get(node) ?? node);
  return pinned;
}

function rebuild(graph: Graph, node: CallNode, args: readonly Node[]): Node {
  if (args.every((arg, index) => arg === node.args[index])) return node;
  const isPlain = node.attrs === NO_ATTRS && node.type.shape.length === 0;
  return isPlain ? call(graph, node.op, args) : graph.call(node.op, args, node.type, node.attrs);
}

interface Settler {
  /** What `node` becomes, with its `count` readers moved over to it. */
  settle(node: Node, count: number): Node;
}

/** Rewrites of one node in a row, and rewrites inside the results of rewrites: more would mean rules that chase each other. */
const MOST_STEPS = 32;
const MOST_NESTING = 24;

function createSettler({ graph, index, bounds, options, applied }: SweepInput, liveness: Liveness): Settler {
  const settled = new Map<Node, Node>();
  const held: Node[] = []; // intermediate results of the rule being tried, kept alive until it is accepted or not
  let nesting = 0;

  const context: RuleContext = {
    constant: (value) => graph.constant(value),
    call(op, args) {
      const made = call(graph, op, args);
      index.see(made);
      if (made.kind !== "call") return made;
      liveness.retain(made, 1);
      const result = nesting < MOST_NESTING ? settle(made, 1) : made;
      held.push(result);
      return result;
    },
    proves: bounds.proves,
  };

  function settle(start: Node, count: number): Node {
    if (start.kind !== "call" || options.frozen?.has(start)) return start;
    const known = settled.get(start);
    if (known === start) return start;
    if (known !== undefined) {
      move(start, known, count);
      return known;
    }
    let node: Node = start;
    for (let steps = 0; steps < MOST_STEPS && node.kind === "call"; steps++) {
      const next = step(node, count);
      if (next === undefined) break;
      node = next;
    }
    settled.set(start, node);
    settled.set(node, node);
    return node;
  }

  function step(node: CallNode, count: number): Node | undefined {
    for (const rule of index.candidates(node)) {
      const result = attempt(rule, node, count);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  function attempt(rule: Rule, node: CallNode, count: number): Node | undefined {
    const [balance, heldBefore, appliedBefore] = [liveness.cost(), held.length, applied.length];
    nesting++;
    const rewriting = rule.apply(node, context);
    nesting--;
    const changes = rewriting !== undefined && rewriting.node !== node;
    if (changes) move(node, rewriting.node, count);
    while (held.length > heldBefore) liveness.release(held.pop()!, 1);
    if (changes && pays(rule, rewriting, liveness.cost() - balance)) {
      applied.splice(appliedBefore, 0, { rule: rule.name, before: node, after: rewriting.node }); // before those inside its result
      return rewriting.node;
    }
    if (changes) move(rewriting.node, node, count);
    applied.length = appliedBefore;
    return undefined;
  }

  function pays(rule: Rule, { through }: Rewriting, change: number): boolean {
    if (!rule.frugal) return true;
    return change < 0 ? !through.some(isKept) : change === 0 && !through.some((node) => liveness.isLive(node));
  }

  function isKept(node: Node): boolean {
    return options.keep?.has(node) === true;
  }

  function move(from: Node, to: Node, count: number): void {
    liveness.retain(to, count);
    liveness.release(from, count);
  }

  return { settle };
}
