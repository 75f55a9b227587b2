// What `*`, `/`, `^` and `'` mean where a matrix or a vector takes part: as in mathjs, products of linear algebra.

import { multiplyDims } from "../../ir/dims.ts";
import type { Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { call } from "../../ops/build.ts";
import type { Conversion, Value } from "./convert.ts";
import { differ, excerpt, makeNode, rankOf, reportKind, reportShapes, type Application, type Operand } from "./operand.ts";
import type { Syntax } from "./syntax.ts";

const LARGEST_POWER = 64;

/** `a * b * c`, from left to right. */
export function multiply(application: Application): Value {
  const [first, ...rest] = application.operands;
  let product: Operand = first!;
  for (const factor of rest) {
    const value = multiplyTwo({ ...application, operands: [product, factor] });
    if (value === undefined) return undefined;
    product = { node: value, syntax: application.syntax };
  }
  return product.node;
}

function multiplyTwo(application: Application): Value {
  const [a, b] = application.operands as readonly [Operand, Operand];
  if (rankOf(a) === 0 || rankOf(b) === 0) return makeNode(application, "mul", [a.node, b.node]);
  if (rankOf(a) > 2 || rankOf(b) > 2) {
    return reportShapes(application, "'*' multiplies matrices and vectors", "write einsum(\"bij,bjk->bik\", ...), or '.*'");
  }
  const [inner, outer] = [a.node.type.shape.at(-1)!, b.node.type.shape[0]!];
  if (inner !== outer) return reportShapes(application, differ(inner, outer), betterProduct(a, b, application.conversion));
  const [left, leftLetters] = unturned(a.node, rankOf(a) === 1 ? "j" : "ij");
  const [right, rightLetters] = unturned(b.node, rankOf(b) === 1 ? "j" : "jk");
  const out = (rankOf(a) === 1 ? "" : "i") + (rankOf(b) === 1 ? "" : "k");
  return makeNode(application, "contract", [left, right], { spec: `${leftLetters},${rightLetters}->${out}` });
}

/** A transposed matrix is read in the other order instead of being turned. */
function unturned(node: Node, letters: string): [node: Node, letters: string] {
  if (letters.length < 2 || node.kind !== "call" || node.op !== "transpose") return [node, letters];
  return [node.args[0]!, letters[1]! + letters[0]!];
}

/** Which other product of the two would fit. */
function betterProduct(a: Operand, b: Operand, conversion: Conversion): string | undefined {
  if (!isShort(a.syntax) || !isShort(b.syntax)) return undefined;
  const [left, right] = [excerpt(a.syntax.span, conversion), excerpt(b.syntax.span, conversion)];
  const [m, k] = a.node.type.shape;
  const [p, q] = b.node.type.shape;
  if (rankOf(b) === 2 && rankOf(a) === 2 && k === q) return `did you mean ${left} * ${right}'?`;
  if (rankOf(a) === 2 && m === p) return `did you mean ${left}' * ${right}?`;
  if (rankOf(b) === 2 && rankOf(a) === 1 && m === q) return `did you mean ${right} * ${left}?`;
  return rankOf(a) === 2 && q === m ? `did you mean ${right} * ${left}?` : undefined;
}

function isShort(syntax: Syntax): boolean {
  return syntax.kind === "name";
}

/** `A / s` element by element; `A / B` is A B⁻¹, as in mathjs. */
export function divide(application: Application): Value {
  const [a, b] = application.operands as readonly [Operand, Operand];
  const { graph } = application.conversion;
  if (rankOf(b) === 0) return makeNode(application, "div", [a.node, b.node]);
  if (!isSquare(b.node))
    return reportShapes(application, "'/' divides by a number or a square matrix", "write './' to divide element by element");
  if (rankOf(a) === 0) return call(graph, "mul", [a.node, call(graph, "inv", [b.node])]);
  const size = b.node.type.shape[0]!;
  const inner = a.node.type.shape.at(-1)!;
  if (rankOf(a) > 2 || inner !== size)
    return reportShapes(application, differ(inner, size), "write './' to divide element by element");
  return turned(call(graph, "solve", [turned(b.node, graph), turned(a.node, graph)]), graph);
}

/** `A ^ 3` is A A A, `A ^ -1` the inverse. */
export function power(application: Application): Value {
  const [base, exponent] = application.operands as readonly [Operand, Operand];
  const elementwise = "write '.^' for a power of each element";
  if (rankOf(base) === 0 || rankOf(exponent) > 0)
    return reportShapes(application, "the exponent of '^' is a number", elementwise);
  if (!isSquare(base.node)) return reportShapes(application, "'^' multiplies a square matrix with itself", elementwise);
  const times = exponent.node.kind === "const" ? exponent.node.value : NaN;
  if (!Number.isInteger(times) || Math.abs(times) > LARGEST_POWER) {
    return reportKind(application, exponent, `a whole number up to ${LARGEST_POWER} as the exponent of a matrix`, elementwise);
  }
  const { graph } = application.conversion;
  if (times === 0) return identityMatrix(base.node.type.shape[0]!, application.conversion);
  return repeated(times < 0 ? call(graph, "inv", [base.node]) : base.node, Math.abs(times), application.conversion);
}

/** Squares and multiplies. */
function repeated(matrix: Node, times: number, { graph }: Conversion): Node {
  const product = (a: Node, b: Node): Node => call(graph, "contract", [a, b], { spec: "ij,jk->ik" });
  let result: Node | undefined;
  let square = matrix;
  for (let left = times; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result === undefined ? square : product(result, square);
    if (left > 1) square = product(square, square);
  }
  return result!;
}

/** `A'`: rows become columns; a vector stays as it is. */
export function transpose(application: Application): Value {
  const [x] = application.operands as readonly [Operand];
  if (rankOf(x) > 2)
    return reportShapes(application, "only matrices are transposed", 'write einsum("ijk->kji", x) for other orders');
  return turned(x.node, application.conversion.graph);
}

/** The transpose of a matrix; a vector as it is. */
function turned(node: Node, graph: Conversion["graph"]): Node {
  if (node.type.shape.length < 2) return node;
  const isTurned = node.kind === "call" && node.op === "transpose" && node.type.shape.length === 2;
  return isTurned ? node.args[0]! : call(graph, "transpose", [node], { perm: [1, 0] });
}

export function identityMatrix(size: Dim, { graph }: Conversion): Node {
  return call(graph, "diagonalEmbed", [call(graph, "broadcast", [graph.constant(1)], { shape: [size] })]);
}

export function isSquare({ type: { shape } }: Node): boolean {
  return shape.length === 2 && shape[0] === shape[1];
}

/** `dot(x, y)` of two vectors; a matrix of one column counts as one. */
export function dot(application: Application): Value {
  const vectors = application.operands.map(({ node }) => asVector(node, application.conversion));
  const [a, b] = vectors;
  if (a === undefined || b === undefined)
    return reportShapes(application, "'dot' takes vectors", "write 'sum(A .* B)' for all elements");
  const [m, n] = [a.type.shape[0]!, b.type.shape[0]!];
  return m === n ? makeNode(application, "contract", [a, b], { spec: "j,j->" }) : reportShapes(application, differ(m, n));
}

function asVector(node: Node, { graph }: Conversion): Node | undefined {
  const { shape } = node.type;
  if (shape.length === 1) return node;
  return shape.length === 2 && shape[1] === 1 ? call(graph, "reshape", [node], { shape: [multiplyDims(...shape)] }) : undefined;
}

export function outer(application: Application): Value {
  const { operands } = application;
  if (operands.some((operand) => rankOf(operand) !== 1)) return reportShapes(application, "'outer' takes vectors");
  return makeNode(
    application,
    "contract",
    operands.map(({ node }) => node),
    { spec: "i,j->ij" },
  );
}
