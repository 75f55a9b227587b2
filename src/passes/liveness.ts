// How many readers each node has while a graph is being rewritten, and what the live nodes cost.

import type { Node } from "../ir/graph.ts";
import { operationsOf } from "./cost.ts";

export interface Liveness {
  /** Adds readers; a node that had none comes alive, and with it what it reads. */
  retain(node: Node, readers: number): void;
  /** Takes readers away; a node left with none dies, and with it what only it read. */
  release(node: Node, readers: number): void;
  isLive(node: Node): boolean;
  /** Operations of all live nodes. */
  cost(): number;
}

export function createLiveness(): Liveness {
  let readers = new Int32Array(1024); // by node id
  let cost = 0;
  const stack: Node[] = [];

  function reserve(id: number): void {
    if (id < readers.length) return;
    const larger = new Int32Array(Math.max(2 * readers.length, id + 1));
    larger.set(readers);
    readers = larger;
  }

  return {
    retain(node, count) {
      if (node.kind !== "call") return;
      reserve(node.id); // and so for its arguments, whose ids are smaller
      const before = readers[node.id]!;
      readers[node.id] = before + count;
      if (before > 0) return;
      stack.push(node);
      while (stack.length > 0) {
        const top = stack.pop()!;
        if (top.kind !== "call") continue;
        cost += operationsOf(top);
        for (const arg of top.args) if (readers[arg.id]!++ === 0) stack.push(arg);
      }
    },
    release(node, count) {
      if (node.kind !== "call") return;
      if ((readers[node.id]! -= count) > 0) return;
      stack.push(node);
      while (stack.length > 0) {
        const top = stack.pop()!;
        if (top.kind !== "call") continue;
        cost -= operationsOf(top);
        for (const arg of top.args) if (--readers[arg.id]! === 0) stack.push(arg);
      }
    },
    isLive: (node) => readers[node.id]! > 0,
    cost: () => cost,
  };
}
