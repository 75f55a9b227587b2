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
  const readers: number[] = []; // by node id
  let cost = 0;
  const stack: Node[] = [];

  return {
    retain(node, count) {
      if (node.kind !== "call") return;
      const before = readers[node.id] ?? 0;
      readers[node.id] = before + count;
      if (before > 0) return;
      stack.push(node);
      while (stack.length > 0) {
        const top = stack.pop()!;
        if (top.kind !== "call") continue;
        cost += operationsOf(top);
        for (const arg of top.args) {
          const had = readers[arg.id] ?? 0;
          readers[arg.id] = had + 1;
          if (had === 0) stack.push(arg);
        }
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
        for (const arg of top.args) if ((readers[arg.id]! -= 1) === 0) stack.push(arg);
      }
    },
    isLive: (node) => (readers[node.id] ?? 0) > 0,
    cost: () => cost,
  };
}
