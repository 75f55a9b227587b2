// Ranges of a slice as mathjs writes them: counted from 1, both ends included.

import type { CallNode } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";

/** `:`, `1:8`, `5`, `9:-2:1`, one for each axis. */
export function rangesOf({ args, attrs }: CallNode): string[] {
  const { shape } = args[0]!.type;
  const [starts, steps, counts] = ["starts", "steps", "counts"].map((name) => attrs[name] as readonly Dim[]);
  return shape.map((size, axis) => rangeText(size, starts![axis]!, steps![axis]!, counts![axis]!));
}

function rangeText(size: Dim, start: Dim, step: Dim, count: Dim): string {
  if (start === 0 && step === 1 && count === size) return ":";
  const first = typeof start === "number" ? String(start + 1) : `${start}+1`;
  if (count === 1) return first;
  const known = typeof start === "number" && typeof step === "number" && typeof count === "number";
  const last = known ? String(start + (count - 1) * step + 1) : "end";
  return step === 1 ? `${first}:${last}` : `${first}:${step}:${last}`;
}
