// Walks over the graph. All are iterative: a graph 100,000 deep must not touch the call stack.

import type { CallNode, Node } from "./graph.ts";

/** Every node `roots` need, arguments before users, in the order a reader would compute them: depth first, left to right. */
export function postOrder(roots: readonly Node[]): Node[] {
  const done = new Uint8Array(highestId(roots) + 1);
  const order: Node[] = [];
  const nodes: Node[] = [];
  const nextArgument: number[] = [];
  const enter = (node: Node): void => {
    if (done[node.id] !== 0) return;
    if (node.kind === "call") {
      nodes.push(node);
      nextArgument.push(0);
    } else finish(node);
  };
  const finish = (node: Node): void => {
    done[node.id] = 1;
    order.push(node);
  };
  for (const root of roots) {
    enter(root);
    while (nodes.length > 0) {
      const top = nodes.length - 1;
      const { args } = nodes[top] as CallNode; // only calls are entered
      const at = nextArgument[top]!;
      if (at < args.length) {
        nextArgument[top] = at + 1;
        enter(args[at]!);
        continue;
      }
      nextArgument.pop();
      finish(nodes.pop()!);
    }
  }
  return order;
}

/** How many places read each node among those that `roots` need; a root counts as read once more. */
export function useCounts(roots: readonly Node[]): (node: Node) => number {
  const counts = new Uint32Array(highestId(roots) + 1);
  const bump = (node: Node): void => void counts[node.id]!++;
  roots.forEach(bump);
  for (const node of postOrder(roots)) if (node.kind === "call") node.args.forEach(bump);
  return (node) => counts[node.id] ?? 0;
}

/** Which nodes among those `roots` need change with one of `inputs`. */
export function dependents(roots: readonly Node[], inputs: ReadonlySet<Node>): (node: Node) => boolean {
  const active = new Uint8Array(highestId(roots) + 1);
  for (const node of postOrder(roots)) {
    if (node.kind === "call" ? node.args.some((arg) => active[arg.id] === 1) : inputs.has(node)) active[node.id] = 1;
  }
  return (node) => active[node.id] === 1;
}

/** Arguments have smaller ids than their users, so no node that roots need lies above this. */
function highestId(roots: readonly Node[]): number {
  return roots.reduce((most, root) => Math.max(most, root.id), 0);
}

/** Rebuilds what `roots` need bottom up: `visit` sees each call with its new arguments. Returns old node to new node. */
export function transform(roots: readonly Node[], visit: (node: Node, args: readonly Node[]) => Node): Map<Node, Node> {
  const made = new Map<Node, Node>();
  for (const node of postOrder(roots)) {
    const args = node.kind === "call" ? node.args.map((arg) => made.get(arg)!) : [];
    made.set(node, visit(node, args));
  }
  return made;
}
