// Branches not taken: where a gradient is known to be zero because a selection chose otherwise, a local derivative that is infinite there
// must not turn it into NaN (0 · ∞). A guard is the condition under which an adjoint can be other than zero.

import { sameShape } from "../ir/dims.ts";
import type { CallNode, Graph, Node } from "../ir/graph.ts";
import { call, isConstant } from "../ops/build.ts";
import { tensorOps } from "../ops/tensor/registry.ts";

/** Ops that can give ±∞ or NaN for finite arguments. */
const BLOWS_UP: ReadonlySet<string> = new Set(
  (
    "div recip mod pow sqrt cbrt nthRoot exp expm1 log log1p log2 log10 tan sec csc cot asin acos asec acsc acot atan2 sinh cosh csch coth " +
    "acosh atanh asech acsch acoth gamma lgamma digamma polygamma logsumexp"
  ).split(" "),
);

export interface Guards {
  /** Notes what flows to `target` along an edge from `from`, so that `of(target)` is complete once all its contributions are in. */
  add(target: Node, from: CallNode, value: Node): void;
  /** When the adjoint of a node can be other than zero; undefined: whenever. */
  of(node: Node): Node | undefined;
  /** Whether a value may be infinite or NaN although all inputs are finite. */
  mayBlowUp(value: Node): boolean;
}

export function createGuards(graph: Graph): Guards {
  const guards = new Map<Node, Node | undefined>();
  const blowsUp = new Map<Node, boolean>();

  function mayBlowUp(value: Node): boolean {
    const pending = [value];
    while (pending.length > 0) {
      const node = pending.at(-1)!;
      const unknown = blowsUp.has(node) ? [] : operands(node).filter((arg) => !blowsUp.has(arg));
      if (unknown.length > 0) {
        pending.push(...unknown);
        continue;
      }
      pending.pop();
      if (!blowsUp.has(node)) {
        blowsUp.set(node, (node.kind === "call" && BLOWS_UP.has(node.op)) || operands(node).some((arg) => blowsUp.get(arg)));
      }
    }
    return blowsUp.get(value)!;
  }

  return {
    mayBlowUp,
    of: (node) => guards.get(node),
    add(target, from, value) {
      const inherited = tensorOps.has(from.op) ? undefined : guards.get(from);
      const guard = fitting(target, both(graph, inherited, selectionGuard(graph, value)));
      if (!guards.has(target)) guards.set(target, guard);
      else guards.set(target, either(graph, guards.get(target), guard));
    },
  };
}

/** A guard says of each element whether its adjoint can be other than zero: nothing of a tensor of another shape. */
function fitting(target: Node, guard: Node | undefined): Node | undefined {
  return guard !== undefined && sameShape(guard.type.shape, target.type.shape) ? guard : undefined;
}

/** What a value is computed from; a condition chooses and is no part of it. */
function operands(node: Node): readonly Node[] {
  if (node.kind !== "call") return [];
  return node.op === "select" ? node.args.slice(1) : node.args;
}

/** The condition of `c ? v : 0`, or the opposite of that of `c ? 0 : v`. */
function selectionGuard(graph: Graph, value: Node): Node | undefined {
  if (value.kind !== "call" || value.op !== "select") return undefined;
  const [condition, yes, no] = value.args as [Node, Node, Node];
  if (isConstant(no, 0)) return both(graph, condition, selectionGuard(graph, yes));
  return isConstant(yes, 0) ? both(graph, call(graph, "not", [condition]), selectionGuard(graph, no)) : undefined;
}

function both(graph: Graph, a: Node | undefined, b: Node | undefined): Node | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return call(graph, "and", [a, b]);
}

function either(graph: Graph, a: Node | undefined, b: Node | undefined): Node | undefined {
  if (a === undefined || b === undefined || excludes(a, b) || excludes(b, a)) return undefined;
  return a === b ? a : call(graph, "or", [a, b]);
}

/** Whether `b` is `not a`. */
function excludes(a: Node, b: Node): boolean {
  return b.kind === "call" && b.op === "not" && b.args[0] === a;
}

/** `guard ? value : 0`. */
export function guarded(graph: Graph, guard: Node, value: Node): Node {
  return call(graph, "select", [guard, value, graph.constant(0)]);
}

/** The value inside `guard ? value : 0`, which may stand for the whole under the same guard. */
export function unguarded(guard: Node, value: Node): Node {
  const same = value.kind === "call" && value.op === "select" && value.args[0] === guard && isConstant(value.args[2]!, 0);
  return same ? value.args[1]! : value;
}
