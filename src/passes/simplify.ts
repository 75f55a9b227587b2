// Applies rewrite rules to a graph, bottom up, until nothing changes. Knows no rule by name.
//
// What a rewrite costs is counted exactly: every node carries how many live nodes read it, so trying a rewrite shows which ops it adds
// and which it lets die. A shared node does not die, and so a rewrite that would duplicate it does not pay.

import type { CallNode, Graph, Node } from "../ir/graph.ts";
import { sameShape } from "../ir/dims.ts";
import type { TensorType } from "../ir/shape.ts";
import { broadcastTo, call } from "../ops/build.ts";
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

/** Readers of a frozen node: more than can ever be taken away. */
const FOREVER = 1e9;

/** More sweeps than this means that two rules undo each other, which a test rules out. */
const MOST_SWEEPS = 12;

export function rewrite(graph: Graph, roots: readonly Node[], options: RewriteOptions): RewriteResult {
  const recognising = options.rules.filter((rule) => rule.phase === "recognise");
  const shared = { graph, options, bounds: createBounds(options.inputs ?? []), applied: [] as AppliedRule[] };
  const sweeps: Sweep[] = [];
  const run = (index: RuleIndex, memory: Memory): boolean => {
    const before = shared.applied.length;
    const now = (node: Node): Node => sweeps.reduce((current, sweep) => sweep(current), node);
    sweeps.push(sweep({ ...shared, index, memory, roots: roots.map(now), pinned: new Set([...(options.keep ?? [])].map(now)) }));
    return shared.applied.length > before;
  };
  if (recognising.length > 0) run(indexRules(recognising), createMemory());
  const everything = indexRules(options.rules);
  const memory = createMemory();
  // A node is settled for good unless a rule was turned down for its cost: what was shared may no longer be.
  while (run(everything, memory) && memory.turnedDown.length > 0 && sweeps.length < MOST_SWEEPS) memory.reconsider();
  const replaced = new Map<Node, Node>();
  for (const node of nodesById(roots))
    replaced.set(
      node,
      sweeps.reduce((current, sweep) => sweep(current), node),
    );
  return { roots: roots.map((root) => replaced.get(root)!), replaced, applied: shared.applied };
}

/** Answers what a node has become; nodes not met stay as they are. */
type Sweep = (node: Node) => Node;

interface SweepInput {
  readonly graph: Graph;
  readonly options: RewriteOptions;
  readonly bounds: BoundsAnalysis;
  readonly applied: AppliedRule[];
  readonly index: RuleIndex;
  readonly memory: Memory;
  readonly roots: readonly Node[];
  /** The named stages, as they are now. */
  readonly pinned: Set<Node>;
}

/** What is known of nodes from one sweep to the next with the same rules. */
interface Memory {
  /** By node id: what the node becomes; itself when it is settled. */
  readonly becomes: Node[];
  readonly turnedDown: Node[];
  reconsider(): void;
}

function createMemory(): Memory {
  const becomes: Node[] = [];
  const turnedDown: Node[] = [];
  return {
    becomes,
    turnedDown,
    reconsider() {
      for (const node of turnedDown) delete becomes[node.id];
      turnedDown.length = 0;
    },
  };
}

/** Every node that `roots` need, by id: arguments before users. Faster than a post-order, and as good here. */
function nodesById(roots: readonly Node[]): Node[] {
  const highest = roots.reduce((id, root) => Math.max(id, root.id), 0);
  const met = new Uint8Array(highest + 1);
  const found = new Array<Node | undefined>(highest + 1); // of full size at once: filled from the end it would turn into a slow map
  const stack = [...roots];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (met[node.id] === 1) continue;
    met[node.id] = 1;
    found[node.id] = node;
    if (node.kind === "call") for (const arg of node.args) if (met[arg.id] === 0) stack.push(arg);
  }
  return found.filter((node) => node !== undefined);
}

function countUses(nodes: readonly Node[], roots: readonly Node[], pinned: ReadonlySet<Node>): Int32Array {
  const uses = new Int32Array((nodes.at(-1)?.id ?? 0) + 1);
  for (const node of nodes) if (node.kind === "call") for (const arg of node.args) uses[arg.id]!++;
  for (const root of roots) uses[root.id]!++;
  for (const node of pinned) uses[node.id]!++;
  return uses;
}

function sweep(input: SweepInput): Sweep {
  const { graph, roots, options, pinned, index } = input;
  const nodes = nodesById(roots);
  const uses = countUses(nodes, roots, pinned);
  const liveness = createLiveness();
  const settler = createSettler(input, liveness);
  const made: Node[] = []; // by id of the old node
  for (const node of options.frozen ?? []) liveness.retain(node, FOREVER);
  for (const node of nodes) {
    index.see(node);
    made[node.id] = node.kind === "call" ? visit(node) : node;
  }
  return (node) => made[node.id] ?? node;

  function visit(node: CallNode): Node {
    if (options.frozen?.has(node)) return node;
    const rebuilt = rebuild(graph, node, made);
    const count = uses[node.id]!;
    index.see(rebuilt);
    liveness.retain(rebuilt, count);
    for (const arg of node.args) liveness.release(made[arg.id]!, 1); // what this reader held for it; the rebuilt node holds its own
    const now = settler.settle(rebuilt, count);
    if (now !== node && pinned.has(node)) pinned.add(now);
    return now;
  }
}

function rebuild(graph: Graph, node: CallNode, made: readonly Node[]): Node {
  if (node.args.every((arg) => made[arg.id] === arg)) return node;
  const args = node.args.map((arg) => made[arg.id]!);
  const rebuilt = call(graph, node.op, args, node.attrs);
  return isOfType(rebuilt, node.type) ? rebuilt : graph.call(node.op, args, node.type, node.attrs);
}

/** Of scalars the element type does not matter: all are numbers. */
function isOfType(node: Node, { dtype, shape }: TensorType): boolean {
  if (shape.length === 0 && node.type.shape.length === 0) return true;
  const isSameArray = (node.type.dtype === "integer") === (dtype === "integer");
  return isSameArray && sameShape(node.type.shape, shape);
}

interface Settler {
  /** What `node` becomes, with its `count` readers moved over to it. */
  settle(node: Node, count: number): Node;
}

/** Rewrites of one node in a row, and rewrites inside the results of rewrites: more would mean rules that chase each other. */
const MOST_STEPS = 32;
const MOST_NESTING = 24;

function createSettler({ graph, index, bounds, options, applied, memory, pinned }: SweepInput, liveness: Liveness): Settler {
  const { becomes } = memory;
  const held: Node[] = []; // intermediate results of the rule being tried, kept alive until it is accepted or not
  let nesting = 0;

  const context: RuleContext = {
    constant: (value) => graph.constant(value),
    call(op, args, attrs) {
      const made = call(graph, op, args, attrs);
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
    let node = start;
    for (let steps = 0; steps < MOST_STEPS && node.kind === "call" && !options.frozen?.has(node); steps++) {
      const next = becomes[node.id] ?? step(node, count);
      if (next === node) break;
      if (becomes[node.id] !== undefined) move(node, next, count);
      else becomes[node.id] = next;
      node = next;
    }
    if (node.kind === "call") becomes[node.id] ??= node;
    return node;
  }

  /** The node after the first rule that applies, its readers moved; itself when none does. */
  function step(node: CallNode, count: number): Node {
    for (const rule of index.candidates(node)) {
      const result = attempt(rule, node, count);
      if (result !== undefined) return result;
    }
    return node;
  }

  function attempt(rule: Rule, node: CallNode, count: number): Node | undefined {
    const balance = liveness.cost();
    const heldBefore = held.length;
    const appliedBefore = applied.length;
    nesting++;
    const rewriting = fitted(rule.apply(node, context), node);
    nesting--;
    const changes = rewriting !== undefined && rewriting.node !== node;
    if (changes) move(node, rewriting.node, count);
    while (held.length > heldBefore) liveness.release(held.pop()!, 1);
    if (changes && pays(rule, rewriting, liveness.cost() - balance)) {
      applied.splice(appliedBefore, 0, { rule: rule.name, before: node, after: rewriting.node }); // before those inside its result
      return rewriting.node;
    }
    if (changes) {
      move(rewriting.node, node, count);
      memory.turnedDown.push(node);
    }
    if (applied.length > appliedBefore) applied.length = appliedBefore;
    return undefined;
  }

  /** What a rule leaves may have lost an operand, and with it a shape; and an array of integers cannot stand for one of reals. */
  function fitted(rewriting: Rewriting | undefined, node: CallNode): Rewriting | undefined {
    if (rewriting === undefined || isOfType(rewriting.node, node.type)) return rewriting;
    const stretched = broadcastTo(graph, rewriting.node, node.type.shape);
    index.see(stretched);
    return isOfType(stretched, node.type) ? { ...rewriting, node: stretched } : undefined;
  }

  function pays(rule: Rule, { through }: Rewriting, change: number): boolean {
    if (!rule.frugal) return true;
    return change < 0
      ? !through.some((node) => pinned.has(node))
      : change === 0 && !through.some((node) => liveness.isLive(node));
  }

  function move(from: Node, to: Node, count: number): void {
    liveness.retain(to, count);
    liveness.release(from, count);
  }

  return { settle };
}
