// Functions that move or make elements without computing: reshape, concat, diag, identity, zeros. And those that read class indices.

import { dimText, divideDims, multiplyDims, sameShape, shapeText, sizeOfShape } from "../../ir/dims.ts";
import type { Dim } from "../../ir/shape.ts";
import { call } from "../../ops/build.ts";
import type { Value } from "./convert.ts";
import { differ, makeNode, rankOf, reportKind, reportShapes, type Application, type Operand } from "./operand.ts";
import { identityMatrix, isSquare } from "./products.ts";
import { axisOf, flat } from "./reductions.ts";
import { excess, sizeOf } from "./sizes.ts";

/** `reshape(x, [2, 3])`; one size may be -1. */
export function reshape(application: Application): Value {
  const [x, wanted] = application.operands as readonly [Operand, Operand];
  const { conversion } = application;
  const entries = conversion.entries.get(wanted.node);
  if (entries === undefined || rankOf(wanted) !== 1) return reportKind(application, wanted, "a list of sizes like [2, 3]");
  const sizes = entries.map((entry) => sizeOf(entry, conversion.sizes));
  if (sizes.some((size) => !isSize(size) && size !== -1)) {
    return reportKind(application, wanted, "whole numbers and names of dimensions as sizes");
  }
  const total = sizeOfShape(x.node.type.shape);
  const known = sizes.filter((size) => size !== -1) as Dim[]; // undefined was refused above
  const rest = sizes.length === known.length ? undefined : divideDims(total, multiplyDims(...known));
  if (sizes.length - known.length > 1) return reportKind(application, wanted, "at most one -1 among the sizes");
  const problem = `${dimText(total)} elements cannot become ${shapeText(sizes as Dim[])}`;
  if (sizes.length !== known.length && rest === undefined) return reportFirst(application, problem);
  const shape = sizes.map((size) => (size === -1 ? rest! : size!));
  return multiplyDims(...shape) === total
    ? makeNode(application, "reshape", [x.node], { shape })
    : reportFirst(application, problem);
}

function reportFirst(application: Application, problem: string): undefined {
  return reportShapes({ ...application, operands: application.operands.slice(0, 1) }, problem);
}

function isSize(size: Dim | undefined): boolean {
  return typeof size === "string" || (typeof size === "number" && size > 0);
}

export function flatten(application: Application): Value {
  return flat(application.operands[0]!.node, application.conversion.graph);
}

/** Without the axes of size 1. */
export function squeeze(application: Application): Value {
  const x = application.operands[0]!.node;
  return call(application.conversion.graph, "reshape", [x], { shape: x.type.shape.filter((dim) => dim !== 1) });
}

/** `concat(A, B, axis)`; the last axis where none is named. */
export function concat(application: Application): Value {
  const { operands } = application;
  const last = operands.at(-1)!;
  const isNamed = operands.length > 1 && rankOf(last) === 0;
  const parts = isNamed ? operands.slice(0, -1) : operands;
  const scalar = parts.find((part) => rankOf(part) === 0);
  if (scalar !== undefined)
    return reportKind(application, scalar, "tensors, and at the end an axis", "write '[x]' to make a list of a number");
  const axis = isNamed ? axisOf(application, parts[0]!, last) : rankOf(parts[0]!) - 1;
  if (axis === undefined) return undefined;
  const own = { ...application, operands: parts };
  const problem = joinProblem(parts, axis);
  if (problem !== undefined) return reportShapes(own, problem);
  return makeNode(
    own,
    "concat",
    parts.map(({ node }) => node),
    { axis },
  );
}

function joinProblem(parts: readonly Operand[], axis: number): string | undefined {
  const { shape } = parts[0]!.node.type;
  for (const part of parts) {
    const other = part.node.type.shape;
    if (other.length !== shape.length) return `they differ in their number of axes`;
    const at = other.findIndex((dim, index) => index !== axis && dim !== shape[index]);
    if (at !== -1) return `axis ${at + 1}: ${differ(shape[at]!, other[at]!)}`;
  }
  return undefined;
}

/** Of a vector the matrix with that diagonal, of a matrix its diagonal. */
export function diag(application: Application): Value {
  const [x] = application.operands as readonly [Operand];
  if (rankOf(x) === 1) return makeNode(application, "diagonalEmbed", [x.node]);
  return isSquare(x.node) ? makeNode(application, "diagonal", [x.node]) : notSquare(application);
}

export function trace(application: Application): Value {
  const [x] = application.operands as readonly [Operand];
  if (!isSquare(x.node)) return notSquare(application);
  const { graph } = application.conversion;
  return call(graph, "sum", [call(graph, "diagonal", [x.node])], { axes: [0] });
}

/** `det`, `inv`, `logdet`. */
export function ofSquare(op: string): (application: Application) => Value {
  return (application) => {
    const [x] = application.operands as readonly [Operand];
    return isSquare(x.node) ? makeNode(application, op, [x.node]) : notSquare(application);
  };
}

function notSquare(application: Application): undefined {
  return reportShapes(application, `'${application.name}' takes a square matrix`);
}

/** x with A x = b, for a vector b or the columns of a matrix. mathjs' `lusolve` gives a column for a vector. */
export function solve(application: Application): Value {
  const [a, b] = application.operands as readonly [Operand, Operand];
  if (!isSquare(a.node)) return reportShapes(application, `'${application.name}' takes a square matrix first`);
  const rows = b.node.type.shape[0];
  const size = a.node.type.shape[0]!;
  if (rankOf(b) !== 1 && rankOf(b) !== 2)
    return reportShapes(application, `'${application.name}' takes a vector or a matrix second`);
  if (rows !== size) return reportShapes(application, differ(size, rows!));
  const solution = makeNode(application, "solve", [a.node, b.node]);
  const isColumn = solution !== undefined && application.name === "lusolve" && rankOf(b) === 1;
  return isColumn ? call(application.conversion.graph, "reshape", [solution], { shape: [size, 1] }) : solution;
}

/** `zeros(2, 3)`, `ones([n, 2])`. */
export function filled(value: number): (application: Application) => Value {
  return (application) => {
    const shape = sizesOf(application);
    if (shape === undefined) return undefined;
    const { graph } = application.conversion;
    return call(graph, "broadcast", [graph.constant(value)], { shape });
  };
}

/** `identity(3)`, `identity(2, 3)`. */
export function identity(application: Application): Value {
  const shape = sizesOf(application);
  if (shape === undefined) return undefined;
  const [rows, columns = rows, ...others] = shape as [Dim, Dim?];
  if (others.length > 0) return reportKind(application, application.operands.at(-1)!, "one or two sizes");
  const { conversion } = application;
  if (rows === columns) return identityMatrix(rows, conversion);
  if (typeof rows !== "number" || typeof columns !== "number")
    return reportKind(application, application.operands[0]!, "two numbers, or one size");
  const whole = identityMatrix(Math.max(rows, columns), conversion);
  return call(conversion.graph, "slice", [whole], { starts: [0, 0], steps: [1, 1], counts: [rows, columns] });
}

/** Sizes given one by one or as a list. */
function sizesOf(application: Application): Dim[] | undefined {
  const { operands, conversion } = application;
  const [first] = operands;
  const listed = operands.length === 1 ? conversion.entries.get(first!.node) : undefined;
  const nodes = listed ?? operands.map(({ node }) => node);
  const sizes: Dim[] = [];
  for (const [index, node] of nodes.entries()) {
    const size = sizeOf(node, conversion.sizes);
    const operand = listed === undefined ? operands[index]! : first!;
    if (!isSize(size)) return reportKind(application, operand, "whole numbers above 0 and names of dimensions as sizes");
    sizes.push(size!);
  }
  const found = excess(sizes);
  if (found === undefined) return sizes;
  conversion.reporter.report("WG1230", application.syntax.span, { found });
  return undefined;
}

/** `pick(P, y)`: of each row the element that y says, counted from 0. */
export function pick(application: Application): Value {
  const [x, indices] = application.operands as readonly [Operand, Operand];
  if (indices.node.type.dtype !== "integer") return notIndices(application, indices);
  const rows = x.node.type.shape.slice(0, -1);
  if (rankOf(x) === 0 || !sameShape(rows, indices.node.type.shape)) return reportShapes(application, rowProblem(x, rows));
  return makeNode(application, "pick", [x.node, indices.node]);
}

/** Per row of logits: with class indices, or with a distribution (one-hot or soft targets). */
export function crossEntropy(application: Application): Value {
  const [z, y] = application.operands as readonly [Operand, Operand];
  if (rankOf(z) === 0) return reportKind(application, z, "logits, a row for each case, first");
  const rows = z.node.type.shape.slice(0, -1);
  if (y.node.type.dtype === "integer") {
    if (!sameShape(rows, y.node.type.shape)) return reportShapes(application, rowProblem(z, rows));
    return makeNode(application, "crossEntropy", [z.node, y.node]);
  }
  if (sameShape(z.node.type.shape, y.node.type.shape)) return makeNode(application, "softmaxCrossEntropy", [z.node, y.node]);
  if (sameShape(rows, y.node.type.shape)) return notIndices(application, y);
  return reportShapes(application, "targets are class indices, one for each row, or distributions of the same shape");
}

function rowProblem(x: Operand, rows: readonly Dim[]): string {
  return rankOf(x) === 0
    ? "there are no rows"
    : `there must be one index for each row, ${rows.length === 0 ? "a number" : shapeText(rows)}`;
}

function notIndices(application: Application, operand: Operand): undefined {
  const shape = rankOf(operand) === 0 ? "" : ` ${shapeText(operand.node.type.shape)}`;
  const hint = operand.syntax.kind === "name" ? `declare 'input ${operand.syntax.name}${shape} integer'` : undefined;
  return reportKind(application, operand, "class indices that are declared integer", hint);
}
