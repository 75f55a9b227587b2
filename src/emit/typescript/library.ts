// The functions from templates/ that generated code calls, as text to copy in. The index is made by templates/extract.ts.

import templates from "../../../generated/templates.json" with { type: "json" };
import type { Node } from "../../ir/graph.ts";
import { opNamed } from "../../ops/registry.ts";
import type { Expression } from "../../core/syntax.ts";
import type { Writer } from "./writer.ts";

interface Piece {
  readonly text: string;
  readonly typeRanges: readonly (readonly number[])[];
  readonly uses: readonly string[];
}

const pieces: ReadonlyMap<string, Piece> = new Map(Object.entries(templates));

/** Names of the pieces that code for `nodes` calls, with what those need, in the order of the library. */
export function piecesFor(nodes: Iterable<Node>): string[] {
  const needed = new Set<string>();
  const require = (name: string): void => {
    const piece = pieces.get(name);
    if (piece === undefined || needed.has(name)) return;
    needed.add(name);
    piece.uses.forEach(require);
  };
  const ops = new Set<string>();
  for (const node of nodes) if (node.kind === "call") ops.add(node.op);
  for (const op of ops) calleesOf(opNamed(op).js).forEach(require);
  return [...pieces.keys()].filter((name) => needed.has(name));
}

function calleesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
    case "name":
      return [];
    case "call":
      return [expression.callee, ...expression.args.flatMap(calleesOf)];
    case "unary":
      return calleesOf(expression.operand);
    case "binary":
      return [...calleesOf(expression.left), ...calleesOf(expression.right)];
    case "conditional":
      return [expression.test, expression.yes, expression.no].flatMap(calleesOf);
  }
}

/** Copies pieces into a module. */
export function writePieces(writer: Writer, names: readonly string[]): void {
  for (const name of names) {
    const piece = pieces.get(name)!;
    let at = 0;
    writer.writeLine();
    for (const [start, end] of piece.typeRanges as readonly [number, number][]) {
      writer.write(piece.text.slice(at, start));
      writer.writeType(piece.text.slice(start, end));
      at = end;
    }
    writer.writeLine(piece.text.slice(at));
  }
}

