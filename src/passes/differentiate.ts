// The chain rule, written once: reverse mode (adjoints) and forward mode (tangents) over the graph. The result is a graph again.

import type { Expression } from "../core/syntax.ts";
import type { CallNode, Graph, InputNode, Node } from "../ir/graph.ts";
import { dependents, postOrder, transform } from "../ir/walk.ts";
import { createGuards, guarded, unguarded, type Guards } from "./guards.ts";
import { broadcastTo, call, instantiate, rawCall } from "../ops/build.ts";
import { opNamed } from "../ops/registry.ts";
import type { Step } from "../ops/tensor/define.ts";
import { sumTo } from "../ops/tensor/movement.ts";
import { tensorOps } from "../ops/tensor/registry.ts";

/** What a node's backward step adds to the adjoint of one of its arguments. */
export interface Contribution {
  /** Whose adjoint grows. */
  readonly target: Node;
  /** The forward node that is being stepped back through. */
  readonly from: CallNode;
  readonly value: Node;
}

export interface ReverseOptions {
  /** How `max` and `min` share the gradient at a tie: to each side, or in equal parts. */
  readonly ties?: "each" | "split";
  /**
   * Nodes whose adjoint is a variable of its own, an input node, in what is built (so that the sum at a fork stays visible).
   * For all others the adjoint is the sum of its contributions, `sum`.
   */
  readonly variableFor?: (node: Node, sum: Node) => InputNode | undefined;
}

export interface ReversePass {
  /** In the order a backward pass runs: last forward node first, arguments from left to right. */
  readonly contributions: readonly Contribution[];
  /** The complete adjoint of each node that has one: its variable, or the sum of its contributions. */
  readonly adjoints: ReadonlyMap<Node, Node>;
}

/** One backward sweep from `outputs`, whose adjoints start as `seeds`, to everything `wrt` needs. */
export function reverse(
  graph: Graph,
  seeded: ReadonlyMap<Node, Node>,
  wrt: readonly Node[],
  options: ReverseOptions = {},
): ReversePass {
  const roots = [...seeded.keys()];
  const order = postOrder(roots);
  const active = dependents(roots, new Set(wrt));
  const contributions: Contribution[] = [];
  const sums = new Map<Node, Node>(seeded);
  const adjoints = new Map<Node, Node>();
  const guards = createGuards(graph);

  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    const sum = sums.get(node);
    if (sum === undefined) continue;
    const adjoint = seeded.has(node) ? sum : (options.variableFor?.(node, sum) ?? sum);
    adjoints.set(node, adjoint);
    if (node.kind !== "call") continue;
    for (const [index, value] of argumentAdjoints({ graph, guards, active, ties: options.ties ?? "each" }, node, adjoint)) {
      const target = node.args[index]!;
      guards.add(target, node, value);
      contributions.push({ target, from: node, value });
      const before = sums.get(target);
      sums.set(target, before === undefined ? value : call(graph, "add", [before, value]));
    }
  }
  return { contributions, adjoints };
}

interface Sweep {
  readonly graph: Graph;
  readonly guards: Guards;
  readonly active: (node: Node) => boolean;
  readonly ties: "each" | "split";
}

function argumentAdjoints(sweep: Sweep, node: CallNode, adjoint: Node): [index: number, value: Node][] {
  const adjointOf = tensorOps.has(node.op) ? tensorAdjoints(sweep, node, adjoint) : elementwiseAdjoints(sweep, node, adjoint);
  const found: [number, Node][] = [];
  node.args.forEach((arg, index) => {
    const value = sweep.active(arg) ? adjointOf(index) : undefined;
    if (value !== undefined) found.push([index, value]);
  });
  return found;
}

/** Elementwise ops broadcast; what an argument was stretched over, its adjoint sums over. */
function elementwiseAdjoints(sweep: Sweep, node: CallNode, adjoint: Node): (index: number) => Node | undefined {
  return (index) => {
    const value = guardedChain(sweep, node, index, adjoint);
    if (value === undefined || node.type.shape.length === 0) return value;
    return sumTo(
      (op, args, attrs) => call(sweep.graph, op, args, attrs),
      broadcastTo(sweep.graph, value, node.type.shape),
      node.args[index]!.type.shape,
    );
  };
}

function tensorAdjoints({ graph }: Sweep, node: CallNode, adjoint: Node): (index: number) => Node | undefined {
  const { pullback } = tensorOps.get(node.op)!;
  if (pullback === undefined) throw new Error(`op ${node.op} has no derivative`);
  const makers = pullback(stepThrough(graph, node), adjoint);
  return (index) => makers[index]?.();
}

function stepThrough(graph: Graph, node: CallNode): Step {
  return {
    node,
    args: node.args,
    attrs: node.attrs,
    call: (op, args, attrs) => call(graph, op, args, attrs),
    constant: (value) => graph.constant(value),
  };
}

/**
 * Ops that only backward passes have stand for several others, and have no derivative of their own: before a second sweep they are
 * written out.
 */
export function expandFused(graph: Graph, roots: readonly Node[]): Map<Node, Node> {
  return transform(roots, (node, args) => {
    if (node.kind !== "call") return node;
    const rebuilt = args.every((arg, index) => arg === node.args[index]) ? node : rawCall(graph, node.op, args, node.attrs);
    const definition = tensorOps.get(node.op);
    if (rebuilt.kind !== "call" || definition?.expand === undefined) return rebuilt;
    return broadcastTo(graph, definition.expand(stepThrough(graph, rebuilt)), node.type.shape);
  });
}

/** The chain rule, kept from 0 · ∞ where the adjoint is zero because a selection chose otherwise. */
function guardedChain({ graph, guards, ties }: Sweep, node: CallNode, index: number, adjoint: Node): Node | undefined {
  const guard = guards.of(node);
  if (guard === undefined) return chain(graph, node, index, adjoint, ties);
  const local = chain(graph, node, index, graph.constant(1), ties);
  if (local === undefined || !guards.mayBlowUp(local)) return local && chain(graph, node, index, adjoint, ties);
  return guarded(graph, guard, chain(graph, node, index, unguarded(guard, adjoint), ties)!);
}

/**
 * `adjoint · ∂node/∂argument`; undefined where the derivative is zero everywhere it exists. For scalars the same product is the
 * pushforward, with the argument's tangent in the adjoint's place.
 */
function chain(graph: Graph, node: CallNode, index: number, adjoint: Node, ties: "each" | "split"): Node | undefined {
  const definition = opNamed(node.op);
  const rule = ties === "split" ? definition.ruleAtTies : definition.rule;
  const formula = rule?.formulas[definition.variadic ? 0 : index];
  if (rule === undefined) throw new Error(`op ${node.op} has no derivative`);
  if (formula === undefined) return undefined;
  const names = formulaNames(graph, node, index, adjoint, formula);
  const value = instantiate(graph, formula, names);
  if (rule.includesAdjoint) return value;
  return call(graph, "mul", adjoint.kind === "const" ? [adjoint, value] : [value, adjoint]);
}

function formulaNames(graph: Graph, node: CallNode, index: number, adjoint: Node, formula: Expression): Map<string, Node> {
  const definition = opNamed(node.op);
  const names = new Map<string, Node>([
    ["out", node],
    ["adj", adjoint],
  ]);
  if (definition.variadic) {
    names.set("x", node.args[index]!);
    if (mentions(formula, "ties")) names.set("ties", countEqual(graph, node));
  } else definition.params.forEach((param, at) => names.set(param, node.args[at]!));
  return names;
}

/** How many arguments of a max or min attain it. */
function countEqual(graph: Graph, node: CallNode): Node {
  const [one, zero] = [graph.constant(1), graph.constant(0)];
  return node.args
    .map((arg) => call(graph, "select", [call(graph, "eq", [arg, node]), one, zero]))
    .reduce((left, right) => call(graph, "add", [left, right]));
}

function mentions(formula: Expression, name: string): boolean {
  switch (formula.kind) {
    case "number":
      return false;
    case "name":
      return formula.name === name;
    case "call":
      return formula.args.some((arg) => mentions(arg, name));
    case "unary":
      return mentions(formula.operand, name);
    case "binary":
      return mentions(formula.left, name) || mentions(formula.right, name);
    case "conditional":
      return [formula.test, formula.yes, formula.no].some((part) => mentions(part, name));
  }
}

/** The tangent of every node `roots` need, given those of some inputs; a node without an entry has tangent zero. */
export function forward(
  graph: Graph,
  roots: readonly Node[],
  tangents: ReadonlyMap<Node, Node>,
  ties: "each" | "split" = "each",
): Map<Node, Node> {
  const result = new Map<Node, Node>(tangents);
  for (const node of postOrder(roots)) {
    if (node.kind !== "call") continue;
    const tangent = tangentOf(graph, node, result, ties);
    if (tangent !== undefined) result.set(node, tangent);
  }
  return result;
}

function tangentOf(graph: Graph, node: CallNode, tangents: ReadonlyMap<Node, Node>, ties: "each" | "split"): Node | undefined {
  if (node.type.dtype !== "real") return undefined;
  if (tensorOps.has(node.op)) return tensorTangent(graph, node, tangents);
  const tangent = node.op === "select" ? selectTangent(graph, node, tangents) : elementwiseTangent(graph, node, tangents, ties);
  return tangent && broadcastTo(graph, tangent, node.type.shape);
}

function elementwiseTangent(
  graph: Graph,
  node: CallNode,
  tangents: ReadonlyMap<Node, Node>,
  ties: "each" | "split",
): Node | undefined {
  let sum: Node | undefined;
  node.args.forEach((arg, index) => {
    const incoming = tangents.get(arg);
    const term = incoming && chain(graph, node, index, incoming, ties);
    if (term !== undefined) sum = sum === undefined ? term : call(graph, "add", [sum, term]);
  });
  return sum;
}

/** The op itself with tangents in the places it is linear in, or its pushforward. */
function tensorTangent(graph: Graph, node: CallNode, tangents: ReadonlyMap<Node, Node>): Node | undefined {
  const definition = tensorOps.get(node.op)!;
  const incoming = node.args.map((arg) => tangents.get(arg));
  if (incoming.every((tangent) => tangent === undefined)) return undefined;
  const { linearIn } = definition;
  if (linearIn === "all") {
    const args = node.args.map((arg, index) => incoming[index] ?? broadcastTo(graph, graph.constant(0), arg.type.shape));
    return call(graph, node.op, args, node.attrs);
  }
  if (linearIn === undefined) {
    if (definition.pushforward === undefined) throw new Error(`op ${node.op} has no pushforward`);
    return definition.pushforward(stepThrough(graph, node), incoming);
  }
  const terms = linearIn.flatMap((place) => {
    const tangent = incoming[place];
    return tangent
      ? [
          call(
            graph,
            node.op,
            node.args.map((arg, index) => (index === place ? tangent : arg)),
            node.attrs,
          ),
        ]
      : [];
  });
  const nonlinear = definition.pushforward?.(
    stepThrough(graph, node),
    incoming.map((tangent, index) => (linearIn.includes(index) ? undefined : tangent)),
  );
  return [...terms, ...(nonlinear ? [nonlinear] : [])].reduce<Node | undefined>(
    (sum, term) => (sum ? call(graph, "add", [sum, term]) : term),
    undefined,
  );
}

/** A selection's tangent is the selection of tangents: one branch, not a sum in which the branch not taken is masked. */
function selectTangent(graph: Graph, node: CallNode, tangents: ReadonlyMap<Node, Node>): Node | undefined {
  const [condition, yes, no] = node.args as [Node, Node, Node];
  const [yesTangent, noTangent] = [tangents.get(yes), tangents.get(no)];
  if (yesTangent === undefined && noTangent === undefined) return undefined;
  const zero = graph.constant(0);
  return call(graph, "select", [condition, yesTangent ?? zero, noTangent ?? zero]);
}
