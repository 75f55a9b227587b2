// Changes of a line that several entries offer.

import type { Case, Edit } from "../case.ts";
import { isLoop } from "../syntax.ts";

/** The line with one factor more. */
export function timesEdit({ write, text }: Case, factor: string): { edits?: readonly Edit[] } {
  const { right, how } = write;
  if (right === undefined || how === "store" || isLoop(write.node)) return {};
  const [start, end] = [right.start ?? 0, right.end ?? 0];
  const isSum = /[-+?:,<>=]/.test(text.slice(start, end).replace(/\([^()]*\)/g, ""));
  const opening = isSum ? [{ start, end: start, text: "(" }] : [];
  return { edits: [...opening, { start: end, end, text: `${isSum ? ")" : ""} * ${factor}` }] };
}
