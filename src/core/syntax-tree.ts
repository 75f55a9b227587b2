// Below a node of a Babel syntax tree. Knows no scopes and no meaning.

import type { Node } from "@babel/types";

const NOT_CHILDREN: ReadonlySet<string> = new Set([
  "loc",
  "extra",
  "leadingComments",
  "trailingComments",
  "innerComments",
  "errors",
  "tokens",
]);

/** The nodes directly below, in source order; types count as well. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (NOT_CHILDREN.has(key)) continue;
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof item === "object" && item !== null && "type" in item) children.push(item as Node); // what has a type here is a node
    }
  }
  return children.sort((left, right) => (left.start ?? 0) - (right.start ?? 0));
}
