// Ops that move elements without computing: reshape, transpose, slices and their adjoints, gathering by index.

import { broadcastShapes, dimText, sameShape, shapeText, sizeOfShape, addDims } from "../../ir/dims.ts";
import type { Attrs, Node } from "../../ir/graph.ts";
import type { Dim, TensorType } from "../../ir/shape.ts";
import { numbers, tensorOp, type Call } from "./define.ts";
import * as reference from "./reference/movement.ts";

export const movement = {
  broadcast: tensorOp(["x"], {
    infer: ([x], attrs) => {
      const shape = shapeAttr(attrs);
      const joint = broadcastShapes([x!.shape, shape]);
      if (joint !== undefined && sameShape(joint, shape)) return { dtype: x!.dtype, shape };
      return `${shapeText(x!.shape)} cannot be broadcast to ${shapeText(shape)}`;
    },
    evaluate: reference.broadcast,
    linearIn: "all",
    pullback: ({ args: [x], call }, adjoint) => [() => sumTo(call, adjoint, x!.type.shape)],
    samples: [
      { shapes: [[3]], attrs: { shape: [2, 3] } },
      { shapes: [[2, 1]], attrs: { shape: [2, 3] } },
      { shapes: [[]], attrs: { shape: [2, 3] } },
    ],
    stageName: "{x}Wide",
    latex: "{x}",
    doc: "stretched to a larger shape, as NumPy does",
  }),
  reshape: tensorOp(["x"], {
    infer: ([x], attrs) => {
      const shape = shapeAttr(attrs);
      if (sizeOfShape(x!.shape) === sizeOfShape(shape)) return { dtype: x!.dtype, shape };
      return `${shapeText(x!.shape)} has ${dimText(sizeOfShape(x!.shape))} elements and cannot become ${shapeText(shape)}`;
    },
    evaluate: reference.reshape,
    linearIn: "all",
    pullback: ({ args: [x], call }, adjoint) => [() => call("reshape", [adjoint], { shape: x!.type.shape })],
    samples: [{ shapes: [[2, 6]], attrs: { shape: [3, 4] } }],
    stageName: "{x}Flat",
    latex: "{x}",
    doc: "the same elements in another shape",
  }),
  transpose: tensorOp(["x"], {
    infer: ([x], attrs) => {
      const perm = numbers(attrs, "perm");
      const isPermutation = perm.length === x!.shape.length && [...perm].sort((a, b) => a - b).every((axis, at) => axis === at);
      if (!isPermutation) return `[${perm.join(", ")}] is no order of the axes of ${shapeText(x!.shape)}`;
      return { dtype: x!.dtype, shape: perm.map((axis) => x!.shape[axis]!) };
    },
    evaluate: reference.transpose,
    linearIn: "all",
    pullback: ({ attrs, call }, adjoint) => [() => call("transpose", [adjoint], { perm: inverse(numbers(attrs, "perm")) })],
    samples: [
      { shapes: [[2, 3]], attrs: { perm: [1, 0] } },
      { shapes: [[2, 3, 4]], attrs: { perm: [2, 0, 1] } },
    ],
    stageName: "{x}T",
    latex: "{x}^\\top",
    doc: "axes in another order",
  }),
  slice: tensorOp(["x"], {
    infer: ([x], attrs) => {
      const counts = attrs["counts"] as readonly Dim[];
      if (counts.length !== x!.shape.length) return `${counts.length} ranges do not fit ${shapeText(x!.shape)}`;
      return { dtype: x!.dtype, shape: counts };
    },
    evaluate: reference.slice,
    linearIn: "all",
    pullback: ({ args: [x], attrs: { starts, steps }, call }, adjoint) => [
      () => call("unslice", [adjoint], { starts: starts!, steps: steps!, shape: x!.type.shape }),
    ],
    samples: [
      { shapes: [[4, 5]], attrs: { starts: [1, 0], steps: [1, 2], counts: [2, 3] } },
      { shapes: [[5]], attrs: { starts: [4], steps: [-1], counts: [5] } },
    ],
    stageName: "{x}Part",
    latex: "{x}",
    doc: "a part of each axis: start, step, count",
  }),
  unslice: tensorOp(["d"], {
    infer: (_, attrs) => ({ dtype: "real", shape: shapeAttr(attrs) }),
    evaluate: reference.unslice,
    linearIn: "all",
    pullback: ({ args: [d], attrs: { starts, steps }, call }, adjoint) => [
      () => call("slice", [adjoint], { starts: starts!, steps: steps!, counts: d!.type.shape }),
    ],
    samples: [{ shapes: [[2, 3]], attrs: { starts: [1, 0], steps: [1, 2], shape: [4, 5] } }],
    stageName: "{d}Put",
    latex: "{d}",
    doc: "zeros with a part put in: the adjoint of a slice",
    internal: true,
  }),
  concat: tensorOp(["x..."], {
    infer: (args, attrs) => joinTypes(args, attrs["axis"] as number),
    evaluate: reference.concat,
    linearIn: "all",
    pullback: ({ args, attrs, call }, adjoint) =>
      args.map((arg, index) => () => {
        const axis = attrs["axis"] as number;
        const before = addDims(0, ...args.slice(0, index).map((other) => other.type.shape[axis]!));
        const { shape } = arg.type;
        const starts = shape.map((_, at) => (at === axis ? before : 0));
        return call("slice", [adjoint], { starts, steps: shape.map(() => 1), counts: shape });
      }),
    samples: [
      {
        shapes: [
          [2, 3],
          [2, 1],
        ],
        attrs: { axis: 1 },
      },
      {
        shapes: [
          [2, 3],
          [1, 3],
          [2, 3],
        ],
        attrs: { axis: 0 },
      },
    ],
    stageName: "joined",
    latex: "\\left[{x...}\\right]",
    doc: "tensors joined along an axis",
  }),
  gather: tensorOp(["table", "indices"], {
    infer: ([table, indices]) =>
      indices!.dtype === "integer"
        ? { dtype: table!.dtype, shape: [...indices!.shape, ...table!.shape.slice(1)] }
        : "indices must be integers",
    evaluate: reference.gather,
    linearIn: [0],
    pullback: ({ args: [table, indices], call }, adjoint) => [
      () => call("scatterAdd", [adjoint, indices!], { rows: table!.type.shape[0]! }),
      null,
    ],
    samples: [
      {
        shapes: [
          [5, 3],
          [2, 4],
        ],
        indices: { 1: 5 },
      },
    ],
    stageName: "{table}Rows",
    latex: "{{table}}_{{indices}}",
    doc: "rows of a table by index",
    identity: "each row of the table collects the gradients of its uses",
  }),
  scatterAdd: tensorOp(["d", "indices"], {
    infer: ([d, indices], attrs) => ({
      dtype: "real",
      shape: [attrs["rows"] as Dim, ...d!.shape.slice(indices!.shape.length)],
    }),
    evaluate: reference.scatterAdd,
    linearIn: [0],
    pullback: ({ args: [, indices], call }, adjoint) => [() => call("gather", [adjoint, indices!]), null],
    samples: [
      {
        shapes: [
          [2, 4, 3],
          [2, 4],
        ],
        attrs: { rows: 5 },
        indices: { 1: 5 },
      },
    ],
    stageName: "{d}Sums",
    latex: "{d}",
    doc: "rows added up by index: the adjoint of gather",
    internal: true,
  }),
  pick: tensorOp(["x", "indices"], {
    infer: ([x, indices]) => {
      if (indices!.dtype !== "integer") return "indices must be integers";
      const rows = x!.shape.slice(0, -1);
      if (x!.shape.length > 0 && sameShape(rows, indices!.shape)) return { dtype: x!.dtype, shape: rows };
      return `one of each row of ${shapeText(x!.shape)} takes indices of shape ${shapeText(rows)}, not ${shapeText(indices!.shape)}`;
    },
    evaluate: reference.pick,
    linearIn: [0],
    pullback: ({ args: [x, indices], call }, adjoint) => [
      () => call("unpick", [adjoint, indices!], { count: x!.type.shape.at(-1)! }),
      null,
    ],
    samples: [{ shapes: [[3, 4], [3]], indices: { 1: 4 } }],
    stageName: "{x}Y",
    latex: "{{x}}_{{indices}}",
    doc: "one element of each row, by index",
  }),
  unpick: tensorOp(["d", "indices"], {
    infer: ([d], attrs) => ({ dtype: "real", shape: [...d!.shape, attrs["count"] as Dim] }),
    evaluate: reference.unpick,
    linearIn: [0],
    pullback: ({ args: [, indices], call }, adjoint) => [() => call("pick", [adjoint, indices!]), null],
    samples: [{ shapes: [[3], [3]], attrs: { count: 4 }, indices: { 1: 4 } }],
    stageName: "{d}Put",
    latex: "{d}",
    doc: "zeros with one element of each row put in: the adjoint of pick",
    internal: true,
  }),
  maskCausal: tensorOp(["x"], {
    infer: ([x]) => (x!.shape.length >= 2 && x!.shape.at(-1) === x!.shape.at(-2) ? x! : `${shapeText(x!.shape)} is not square`),
    evaluate: reference.maskCausal,
    pullback: ({ call }, adjoint) => [() => call("maskCausal", [adjoint], { fill: 0 })],
    pushforward: ({ call }, [tangent]) => tangent && call("maskCausal", [tangent], { fill: 0 }),
    samples: [
      { shapes: [[2, 3, 3]], attrs: { fill: 0 } },
      { shapes: [[4, 4]], attrs: { fill: -7 } },
    ],
    stageName: "{x}Causal",
    latex: "\\operatorname{causal}\\left({x}\\right)",
    doc: "what a step may see: entries above the diagonal are filled",
  }),
};

function shapeAttr(attrs: Attrs): readonly Dim[] {
  return attrs["shape"] as readonly Dim[];
}

function inverse(perm: readonly number[]): number[] {
  const result: number[] = [];
  perm.forEach((axis, at) => (result[axis] = at));
  return result;
}

function joinTypes(args: readonly TensorType[], axis: number): TensorType | string {
  const [first, ...rest] = args;
  const { shape, dtype } = first!;
  if (axis < 0 || axis >= shape.length) return `there is no axis ${axis} in ${shapeText(shape)}`;
  for (const other of rest) {
    const fits = other.shape.length === shape.length && other.shape.every((dim, at) => at === axis || dim === shape[at]);
    if (!fits) return `${shapeText(shape)} and ${shapeText(other.shape)} cannot be joined along axis ${axis}`;
  }
  const along = addDims(...args.map((arg) => arg.shape[axis]!));
  return { dtype, shape: shape.map((dim, at) => (at === axis ? along : dim)) };
}

/** The adjoint of broadcasting: `value` summed over the axes that were stretched, in shape `shape`. */
export function sumTo(call: Call, value: Node, shape: readonly Dim[]): Node {
  const from = value.type.shape;
  if (sameShape(from, shape)) return value;
  const missing = from.length - shape.length;
  const axes = from.flatMap((dim, axis) => (axis < missing || (shape[axis - missing] === 1 && dim !== 1) ? [axis] : []));
  const summed = axes.length === 0 ? value : call("sum", [value], { axes });
  return sameShape(summed.type.shape, shape) ? summed : call("reshape", [summed], { shape });
}
