// An argument of a call with the text it was written as, and how messages speak of it: `W is [5, 10] (line 1)`.

import type { Span } from "../../core/span.ts";
import { broadcastShapes, dimText, shapeText } from "../../ir/dims.ts";
import type { Attrs, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { tryCall } from "../../ops/build.ts";
import type { Conversion, Value } from "./convert.ts";
import type { Syntax } from "./syntax.ts";

export interface Operand {
  readonly node: Node;
  readonly syntax: Syntax;
}

/** A call being read: what was written, and its arguments. */
export interface Application {
  /** As it was called, or its operator. */
  readonly name: string;
  readonly syntax: Syntax;
  readonly operands: readonly Operand[];
  readonly conversion: Conversion;
}

const LONGEST = 48;
const MOST_NAMED = 4;

/** What stands at a place of the source, on one line and not too long. */
export function excerpt(span: Span, { text }: Conversion): string {
  const slice = text.slice(span.start, Math.min(span.end, span.start + 4 * LONGEST)).replace(/\s+/g, " ");
  return slice.length <= LONGEST ? slice : `${slice.slice(0, LONGEST - 3)}...`;
}

export function describe({ node, syntax }: Operand, conversion: Conversion): string {
  const { shape } = node.type;
  const place = syntax.kind === "name" ? conversion.placeOf(syntax.name) : undefined;
  const origin = place === undefined ? "" : ` (line ${conversion.lineOf(place.start)})`;
  return `${excerpt(syntax.span, conversion)} is ${shape.length === 0 ? "a number" : shapeText(shape)}${origin}`;
}

/** Reports that shapes do not fit: names the operands, their shapes and where those came from. */
export function reportShapes(application: Application, problem: string, suggestion?: string): undefined {
  const { syntax, operands, conversion } = application;
  const named = operands.slice(0, MOST_NAMED).map((operand) => describe(operand, conversion));
  if (operands.length > MOST_NAMED) named.push("...");
  const values = { expression: excerpt(syntax.span, conversion), operands: listed(named), problem };
  conversion.reporter.report("WG1221", syntax.span, values, suggestion);
}

/** Reports an argument of the wrong kind. */
export function reportKind({ name, conversion }: Application, operand: Operand, wanted: string, suggestion?: string): undefined {
  const found = describe(operand, conversion);
  conversion.reporter.report("WG1234", operand.syntax.span, { name, wanted, found }, suggestion);
}

/** The node of an op; undefined, reported, where the shapes do not fit. */
export function makeNode(application: Application, op: string, args: readonly Node[], attrs?: Attrs): Value {
  const made = tryCall(application.conversion.graph, op, args, attrs);
  return typeof made === "string" ? reportShapes(application, made) : made;
}

/** What keeps shapes from being broadcast together; undefined where nothing does. */
export function broadcastProblem(shapes: readonly (readonly Dim[])[]): string | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    let first: Dim = 1;
    for (const shape of shapes) {
      const own = shape[shape.length - fromEnd] ?? 1;
      if (own === 1 || own === first) continue;
      if (first !== 1) return differ(first, own);
      first = own;
    }
  }
  return undefined;
}

/** What is wrong with two sizes that should be one. */
export function differ(a: Dim, b: Dim): string {
  return `${dimText(a)} is not ${dimText(b)}`;
}

export function rankOf({ node }: Operand): number {
  return node.type.shape.length;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** Whether shapes fit element by element; reports where they do not. */
export function checkBroadcast(application: Application): boolean {
  const shapes = application.operands.map(({ node }) => node.type.shape);
  if (shapes.every((shape) => shape.length === 0) || broadcastShapes(shapes) !== undefined) return true;
  reportShapes(application, broadcastProblem(shapes) ?? "they cannot be broadcast together");
  return false;
}
