// Walks over the graph. All are iterative: a graph 100,000 deep must not touch the call stack.

import type { Node } from "./graph.ts";

/** Every node `roots` need, arguments before users, in the order a reader would compute them: depth first, left to right. */
export function postOrder(roots: readonly Node[]): Node[] {
  const done = new Set<Node>();
  const order: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (!done.has(root)) stack.push({ node: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const arg = top.node.kind === "call" ? top.node.args[top.next] : undefined;
      if (arg !== undefined) {
        top.next++;
        if (!done.has(arg)) stack.push({ node: arg, next: 0 });
        continue;
      }
      stack.pop();
      if (done.has(top.node)) continue;
      done.add(top.node);
      order.push(top.node);
    }
  }
  return order;
}

/** How many places read each node among those that `roots` need; a root counts as read once more. */
export function useCounts(roots: readonly Node[]): Map<Node, number> {
  const counts = new Map<Node, number>();
  const bump = (node: Node): void => void counts.set(node, (counts.get(node) ?? 0) + 1);
  for (const root of roots) bump(root);
  for (const node of postOrder(roots)) if (node.kind === "call") node.args.forEach(bump);
  return counts;
}

/** The nodes among those `roots` need whose value can change with one of `inputs`. */
export function dependents(roots: readonly Node[], inputs: ReadonlySet<Node>): Set<Node> {
  const active = new Set<Node>();
  for (const node of postOrder(roots)) {
    if (inputs.has(node) || (node.kind === "call" && node.args.some((arg) => active.has(arg)))) active.add(node);
  }
  return active;
}

/** Rebuilds what `roots` need bottom up: `visit` sees each call with its new arguments. Returns old node to new node. */
export function transform(
  roots: readonly Node[],
  visit: (node: Node, args: readonly Node[]) => Node,
): Map<Node, Node> {
  const made = new Map<Node, Node>();
  for (const node of postOrder(roots)) {
    const args = node.kind === "call" ? node.args.map((arg) => made.get(arg)!) : [];
    made.set(node, visit(node, args));
  }
  return made;
}
