// How the gradient goes through a gate, read as the course notes read it.

import type { CallNode } from "../ir/graph.ts";
import type { Flow } from "./types.ts";

const FLOWS: Readonly<Record<string, Flow>> = {
  add: "distributes",
  sub: "distributes",
  neg: "distributes",
  sum: "distributes",
  reshape: "distributes",
  transpose: "distributes",
  concat: "distributes",
  max: "routes",
  min: "routes",
  relu: "routes",
  select: "routes",
  reduceMax: "routes",
  reduceMin: "routes",
  maxPool: "routes",
  pick: "routes",
  slice: "routes",
  gather: "routes",
  maskCausal: "routes",
  mul: "swaps",
  contract: "swaps",
  broadcast: "collects",
};

/** Everything else multiplies what arrives by its local gradient; so does a sum inside of a stage that does more with it. */
export function flowOf(from: CallNode | undefined, local: string | undefined): Flow {
  if (from === undefined) return "scales";
  const flow = FLOWS[from.op] ?? "scales";
  const isScaling = from.op === "mul" && from.args.some(({ kind }) => kind === "const");
  const isChanged = flow === "distributes" && local !== undefined && local !== "1" && local !== "-1";
  return isScaling || isChanged ? "scales" : flow;
}
