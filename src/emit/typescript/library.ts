// The functions from templates/ that generated code calls, as text to copy in. The index is made by templates/extract.ts.

import templates from "../../../generated/templates.json" with { type: "json" };
import type { Node } from "../../ir/graph.ts";
import { calleesOf } from "../../core/syntax.ts";
import { opNamed, ops } from "../../ops/registry.ts";
import type { TextWriter } from "./writer.ts";

interface Piece {
  readonly text: string;
  readonly typeRanges: readonly (readonly number[])[];
  readonly uses: readonly string[];
}

const pieces: ReadonlyMap<string, Piece> = new Map(Object.entries(templates));

/** Names of the pieces that code for `nodes` calls, with what those need, in the order of the library. */
export function piecesFor(nodes: Iterable<Node>): string[] {
  const used = new Set<string>();
  for (const node of nodes) if (node.kind === "call" && ops.has(node.op)) used.add(node.op);
  return piecesOf(used);
}

function piecesOf(opNames: Iterable<string>): string[] {
  return piecesNamed([...opNames].flatMap((op) => calleesOf(opNamed(op).js)));
}

/** The pieces among `names`, with what they need, in the order of the library. */
export function piecesNamed(names: Iterable<string>): string[] {
  const needed = new Set<string>();
  const require = (name: string): void => {
    const piece = pieces.get(name);
    if (piece === undefined || needed.has(name)) return;
    needed.add(name);
    piece.uses.forEach(require);
  };
  for (const name of names) require(name);
  return [...pieces.keys()].filter((name) => needed.has(name));
}

/** Names of all pieces that code for `nodes` and its derivatives of any order could call: not to be used for anything else. */
export function namesReservedFor(nodes: Iterable<Node>): string[] {
  const known = new Set<string>();
  const visit = (op: string): void => {
    const definition = ops.get(op);
    if (definition === undefined || known.has(op)) return;
    known.add(op);
    for (const formula of definition.rule?.formulas ?? []) if (formula !== undefined) calleesOf(formula).forEach(visit);
  };
  for (const node of nodes) if (node.kind === "call") visit(node.op);
  return piecesOf(known);
}

/** Copies pieces into a module. */
export function writePieces(writer: TextWriter, names: readonly string[]): void {
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
