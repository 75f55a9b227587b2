// How much memory a network would take, from shapes alone: nothing of that size is ever allocated here.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { dimSymbols, evaluateDim } from "../../ir/dims.ts";
import type { Node, NodeId } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { postOrder } from "../../ir/walk.ts";
import type { StoredParameter } from "./parameters.ts";

/** Bytes; what a machine of today has to spare. `limits: { memory: ... }` in the spec raises it. */
export const USUAL_LIMIT = 4e9;
/** Size of a named dimension for which `dims` gives none. */
const USUAL_SIZE = 4;
const BYTES = 8;
/** These take no memory of their own: the same array in another shape, or one that kernels stretch as they go. */
const FREE_OPS: ReadonlySet<string> = new Set(["reshape", "broadcast"]);

export interface Estimated {
  readonly roots: readonly Node[];
  readonly parameters: readonly StoredParameter[];
  readonly sizes: ReadonlyMap<string, number>;
  readonly limit: number;
  readonly origins: ReadonlyMap<NodeId, readonly Span[]>;
}

/** Reports a network whose parameters and forward pass at the sizes of verification would exceed the limit, at what takes most of it. */
export function checkMemory({ roots, parameters, sizes, limit, origins }: Estimated, reporter: Reporter): void {
  let total = 0;
  let most = 0;
  let place: Span | undefined;
  const add = (shape: readonly Dim[], span: Span | undefined): void => {
    const bytes = BYTES * shape.reduce<number>((product, dim) => product * sizeOf(dim, sizes), 1);
    total += bytes;
    if (bytes <= most) return;
    most = bytes;
    place = span;
  };
  for (const { shape, span } of parameters) add(shape, span);
  for (const node of postOrder(roots)) {
    if (node.kind === "call" && !FREE_OPS.has(node.op)) add(node.type.shape, origins.get(node.id)?.[0]);
  }
  if (total > limit) reporter.report("WG1450", place, { needed: bytesText(total), limit: bytesText(limit) });
}

function sizeOf(dim: Dim, sizes: ReadonlyMap<string, number>): number {
  if (typeof dim === "number") return dim;
  return Math.max(0, evaluateDim(dim, new Map(dimSymbols(dim).map((symbol) => [symbol, sizes.get(symbol) ?? USUAL_SIZE]))));
}

function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${units[step]}`;
}
