// How deep every node of a circuit lies: gates count from the left, each as early as its operands allow.

import type { Circuit, CircuitNode, CircuitWire } from "./circuit.ts";

/** Depth by node; a wire leads from a smaller depth to a larger one. What needs nothing from the rest stands right before its first reader. */
export function depthsOf({ nodes, wires }: Circuit): Map<string, number> {
  const arriving = groupWires(wires, "to");
  const leaving = groupWires(wires, "from");
  const free = freeNodes(nodes, arriving, leaving);
  const depths = new Map<string, number>();
  // Nodes come in the order of computation, so operands are known before their readers.
  for (const { id, kind } of nodes) {
    const before = (arriving.get(id) ?? []).map(({ from }) => depths.get(from)!);
    depths.set(id, kind === "input" ? 0 : 1 + Math.max(0, ...before));
  }
  for (const { id } of nodes.toReversed()) {
    const after = (leaving.get(id) ?? []).map(({ to }) => depths.get(to)!);
    if (free.has(id) && after.length > 0) depths.set(id, Math.min(...after) - 1);
  }
  return depths;
}

/** Inputs, and what is made of nothing or of inputs that nobody else reads: a mask from its seed, a constant. */
function freeNodes(
  nodes: readonly CircuitNode[],
  arriving: ReadonlyMap<string, readonly CircuitWire[]>,
  leaving: ReadonlyMap<string, readonly CircuitWire[]>,
): Set<string> {
  const free = new Set<string>();
  for (const { id, kind } of nodes) {
    const isOwn = ({ from }: CircuitWire): boolean => free.has(from) && leaving.get(from)!.length === 1;
    if (kind === "input" || (arriving.get(id) ?? []).every(isOwn)) free.add(id);
  }
  return free;
}

/** Wires, or strands of them, by the node at one end. */
export function groupWires<Wire extends Pick<CircuitWire, "from" | "to">>(
  wires: readonly Wire[],
  end: "from" | "to",
): Map<string, Wire[]> {
  const groups = new Map<string, Wire[]>();
  for (const wire of wires) {
    const group = groups.get(wire[end]);
    if (group === undefined) groups.set(wire[end], [wire]);
    else group.push(wire);
  }
  return groups;
}
