// Statements with one place written otherwise: how mistakes are planted.

import { parse } from "@babel/parser";
import type { Node } from "@babel/types";
import { endOf, startOf, walk } from "../review/syntax.ts";

/** A statement, and what is in it, parents first. */
export interface ParsedStatement {
  readonly text: string;
  readonly nodes: readonly Node[];
}

/** JavaScript. Throws where it is none. */
export function parseStatement(text: string): ParsedStatement {
  const nodes: Node[] = [];
  walk(
    parse(text, { sourceType: "module", plugins: ["typescript"], attachComment: false }).program,
    (node) => void nodes.push(node),
  );
  return { text, nodes };
}

/** The text of a node. */
export function textOf({ text }: ParsedStatement, node: Node): string {
  return text.slice(startOf(node), endOf(node));
}

/** The statement with other text in the place of a node. */
export function replaced({ text }: ParsedStatement, node: Node, by: string): string {
  return text.slice(0, startOf(node)) + by + text.slice(endOf(node));
}

/** The innermost node of those around `node` that `fits`. */
export function around({ nodes }: ParsedStatement, node: Node, fits: (node: Node) => boolean): Node | undefined {
  return nodes.findLast((each) => fits(each) && startOf(each) <= startOf(node) && endOf(each) >= endOf(node) && each !== node);
}
