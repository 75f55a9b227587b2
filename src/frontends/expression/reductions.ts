// Functions that reduce a tensor, all of it or along an axis: sums, extremes, means, norms, softmax. Axes count from 1, as in mathjs.

import { multiplyDims, sizeOfShape, subtractDims } from "../../ir/dims.ts";
import type { Node } from "../../ir/graph.ts";
import { call } from "../../ops/build.ts";
import { keptShape } from "../../ops/tensor/reduction.ts";
import type { Value } from "./convert.ts";
import {
  broadcastProblem,
  describe,
  excerpt,
  makeNode,
  rankOf,
  reportKind,
  reportShapes,
  type Application,
  type Operand,
} from "./operand.ts";
import { sizeNode, sizeOf } from "./sizes.ts";

type Reduce = (x: Node, axes: readonly number[], application: Application) => Node;

/** `sum(x)`, `sum(x, axis)`. */
export function reducer(reduce: Reduce): (application: Application) => Value {
  return (application) => {
    const [x, axis] = application.operands as readonly [Operand, Operand?];
    if (rankOf(x) === 0) return reportKind(application, x, "a tensor first");
    if (axis === undefined) return reduce(x.node, allAxes(x.node), application);
    const chosen = axisOf(application, x, axis);
    return chosen === undefined ? undefined : reduce(x.node, [chosen], application);
  };
}

export function reduceBy(op: string): Reduce {
  return (x, axes, { conversion: { graph } }) => call(graph, op, [x], { axes });
}

export const mean: Reduce = (x, axes, application) => {
  const { graph } = application.conversion;
  return call(graph, "div", [call(graph, "sum", [x], { axes }), countOf(x, axes, application)]);
};

/** The unbiased one, as in mathjs: over one less than there are. */
export const variance: Reduce = (x, axes, application) => {
  const { graph } = application.conversion;
  const middle = mean(x, axes, application);
  const shape = keptShape(x.type.shape, axes);
  const centred = call(graph, "sub", [x, middle.type.shape.length === 0 ? middle : call(graph, "reshape", [middle], { shape })]);
  const squares = call(graph, "sum", [call(graph, "square", [centred])], { axes });
  return call(graph, "div", [squares, countOf(x, axes, application, 1)]);
};

export const deviation: Reduce = (x, axes, application) =>
  call(application.conversion.graph, "sqrt", [variance(x, axes, application)]);

/** ln Σ exp; over several axes the tensor is laid out flat first. */
export const logSumExp: Reduce = (x, axes, { conversion: { graph } }) => {
  if (axes.length === 1) return call(graph, "logSumExp", [x], { axis: axes[0]! });
  return call(graph, "logSumExp", [flat(x, graph)], { axis: 0 });
};

export function flat(x: Node, graph: Application["conversion"]["graph"]): Node {
  return call(graph, "reshape", [x], { shape: [sizeOfShape(x.type.shape)] });
}

/** How many elements `axes` hold, less `fewer`. */
function countOf(x: Node, axes: readonly number[], { conversion: { graph, sizes } }: Application, fewer = 0): Node {
  const count = multiplyDims(...axes.map((axis) => x.type.shape[axis]!));
  return sizeNode(fewer === 0 ? count : subtractDims(count, fewer), graph, sizes);
}

/** `max(A)`, `max(A, axis)`, and element by element `max(A, B)`, `max(0, A)`. */
export function extreme(op: string, elementwise: string): (application: Application) => Value {
  return (application) => {
    const { operands, conversion } = application;
    const [first, second] = operands as readonly [Operand, Operand?];
    if (operands.length === 1) return reducer(reduceBy(op))(application);
    const isAxis = operands.length === 2 && rankOf(first) > 0 && sizeOf(second!.node, conversion.sizes) !== undefined;
    return isAxis ? reducer(reduceBy(op))(application) : applyElementwise(application, elementwise);
  };
}

/** `logsumexp(x)`, `logsumexp(x, axis)`, and element by element of several. */
export function logSumExpOf(application: Application): Value {
  const { operands, conversion } = application;
  const [first, second] = operands as readonly [Operand, Operand?];
  const isAxis = second === undefined || (operands.length === 2 && sizeOf(second.node, conversion.sizes) !== undefined);
  return isAxis && rankOf(first) > 0 ? reducer(logSumExp)(application) : applyElementwise(application, "logsumexp");
}

/** `hypot(x)` of a vector is its length. */
export function hypotenuse(application: Application): Value {
  return application.operands.length === 1 ? reducer(reduceBy("norm"))(application) : applyElementwise(application, "hypot");
}

function applyElementwise(application: Application, op: string): Value {
  const problem = broadcastProblem(application.operands.map(({ node }) => node.type.shape));
  if (problem !== undefined) return reportShapes(application, problem);
  return makeNode(
    application,
    op,
    application.operands.map(({ node }) => node),
  );
}

/** `softmax(x)` along the last axis, `softmax(x, axis)`. */
export function along(op: string): (application: Application) => Value {
  return (application) => {
    const [x, axis] = application.operands as readonly [Operand, Operand?];
    if (rankOf(x) === 0) return reportKind(application, x, "a tensor first");
    const chosen = axis === undefined ? rankOf(x) - 1 : axisOf(application, x, axis);
    return chosen === undefined ? undefined : makeNode(application, op, [x.node], { axis: chosen });
  };
}

/** `norm(x)`, `norm(x, 1)`, `norm(x, Infinity)`. */
export function norm(application: Application): Value {
  const [x, order] = application.operands as readonly [Operand, Operand?];
  const p = order === undefined ? 2 : order.node.kind === "const" ? order.node.value : NaN;
  if (order !== undefined && !(p > 0))
    return reportKind(application, order, "a number above 0, or Infinity, as the order of a norm");
  if (rankOf(x) === 1) return vectorNorm(x.node, p, application);
  if (rankOf(x) === 2 && (p === 1 || p === Infinity)) return matrixNorm(x.node, p, application);
  const name = excerpt(x.syntax.span, application.conversion);
  return reportShapes(
    application,
    "'norm' takes vectors",
    `write 'norm(flatten(${name}))' for the root of the sum of all squares`,
  );
}

function vectorNorm(x: Node, p: number, { conversion: { graph } }: Application): Node {
  const axes = [0];
  if (p === 2) return call(graph, "norm", [x], { axes });
  const sizes = call(graph, "abs", [x]);
  if (p === Infinity) return call(graph, "reduceMax", [sizes], { axes });
  if (p === 1) return call(graph, "sum", [sizes], { axes });
  const total = call(graph, "sum", [call(graph, "pow", [sizes, graph.constant(p)])], { axes });
  return call(graph, "pow", [total, graph.constant(1 / p)]);
}

/** The largest sum of a column (p = 1) or row (Infinity). */
function matrixNorm(x: Node, p: number, { conversion: { graph } }: Application): Node {
  const sums = call(graph, "sum", [call(graph, "abs", [x])], { axes: [p === 1 ? 0 : 1] });
  return call(graph, "reduceMax", [sums], { axes: [0] });
}

/** The 0-based axis that an argument names; undefined, reported, where there is none. */
export function axisOf(application: Application, x: Operand, axis: Operand): number | undefined {
  const { conversion, name } = application;
  const value = sizeOf(axis.node, conversion.sizes);
  if (typeof value !== "number") return reportKind(application, axis, "the number of an axis");
  if (value >= 1 && value <= rankOf(x)) return value - 1;
  const isExtreme = name === "max" || name === "min";
  const swapped = `${name}(${excerpt(axis.syntax.span, conversion)}, ${excerpt(x.syntax.span, conversion)})`;
  const hint = isExtreme ? `write '${swapped}' to compare each element` : "axes count from 1";
  conversion.reporter.report("WG1225", axis.syntax.span, { axis: value, operand: describe(x, conversion) }, hint);
  return undefined;
}

function allAxes(x: Node): number[] {
  return x.type.shape.map((_, axis) => axis);
}
