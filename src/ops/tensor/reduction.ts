// Reductions over axes, and what normalises along one: sums, extremes, log-sum-exp, softmax.

import { multiplyDims, shapeText } from "../../ir/dims.ts";
import type { Attrs, Node } from "../../ir/graph.ts";
import type { Dim, TensorType } from "../../ir/shape.ts";
import { numbers, tensorOp, type Step, type TensorOpSpec } from "./define.ts";
import * as reference from "./reference/reduction.ts";

export const reduction = {
  sum: tensorOp(["x"], {
    infer: dropAxes,
    evaluate: reference.sum,
    linearIn: "all",
    pullback: (step, adjoint) => [() => stretch(step, adjoint)],
    samples: [
      { shapes: [[3, 4]], attrs: { axes: [0] } },
      { shapes: [[3, 4]], attrs: { axes: [1] } },
      { shapes: [[2, 3, 4]], attrs: { axes: [0, 2] } },
      { shapes: [[3, 4]], attrs: { axes: [0, 1] } },
    ],
    stageName: "sum{x}",
    latex: "\\sum {x}",
    doc: "sum over axes",
    identity: "a sum hands its gradient to every term",
  }),
  reduceMax: tensorOp(["x"], extreme("largest", reference.reduceMax)),
  reduceMin: tensorOp(["x"], extreme("smallest", reference.reduceMin)),
  prod: tensorOp(["x"], {
    infer: dropAxes,
    evaluate: reference.prod,
    pullback: (step, adjoint) => [() => step.call("mul", [stretch(step, adjoint), others(step)])],
    pushforward: (step, [tangent]) => tangent && sumLike(step, step.call("mul", [tangent, others(step)])),
    samples: [
      { shapes: [[3, 4]], attrs: { axes: [0] } },
      { shapes: [[4]], attrs: { axes: [0] } },
    ],
    stageName: "prod{x}",
    latex: "\\prod {x}",
    doc: "product over axes",
    identity: "∂p/∂xᵢ is the product of the others",
  }),
  otherProduct: tensorOp(["x"], {
    infer: ([x]) => x!,
    evaluate: reference.otherProduct,
    expand: ({ args: [x], attrs, call }) => call("div", [stretchTo(call, call("prod", [x!], attrs), x!, attrs), x!]),
    samples: [{ shapes: [[3, 4]], attrs: { axes: [0] }, domain: "positive" }],
    stageName: "others{x}",
    latex: "\\prod_{j \\ne i} {{x}}_j",
    doc: "product of all others along the axes",
    internal: true,
  }),
  norm: tensorOp(["x"], {
    infer: dropAxes,
    evaluate: reference.norm,
    pullback: (step, adjoint) => [() => step.call("mul", [stretch(step, adjoint), direction(step)])],
    pushforward: (step, [tangent]) => tangent && sumLike(step, step.call("mul", [tangent, direction(step)])),
    samples: [
      { shapes: [[3, 4]], attrs: { axes: [1] } },
      { shapes: [[5]], attrs: { axes: [0] } },
    ],
    stageName: "norm{x}",
    latex: "\\left\\lVert {x} \\right\\rVert",
    doc: "Euclidean norm; its gradient at 0 is 0",
    identity: "∂‖x‖/∂x = x / ‖x‖",
  }),
  logSumExp: tensorOp(["x"], {
    infer: dropAxis,
    evaluate: reference.logSumExp,
    pullback: (step, adjoint) => [() => step.call("mul", [stretch(step, adjoint), softmaxOf(step)])],
    pushforward: (step, [tangent]) => tangent && sumLike(step, step.call("mul", [tangent, softmaxOf(step)])),
    samples: [
      { shapes: [[3, 4]], attrs: { axis: 1 } },
      { shapes: [[3, 4]], attrs: { axis: 0 } },
    ],
    stageName: "lse{x}",
    latex: "\\ln\\sum\\exp {x}",
    doc: "ln Σ exp along an axis, shifted by the largest so that nothing overflows",
    identity: "∂lse/∂x = softmax(x)",
  }),
  softmax: tensorOp(["x"], {
    infer: keepAxis,
    evaluate: reference.softmax,
    pullback: ({ node, attrs, call }, adjoint) => [() => call("softmaxBackward", [adjoint, node], attrs)],
    pushforward: ({ node, attrs, call }, [tangent]) => tangent && call("softmaxBackward", [tangent, node], attrs),
    samples: [
      { shapes: [[3, 4]], attrs: { axis: 1 } },
      { shapes: [[3, 4, 2]], attrs: { axis: 1 } },
    ],
    stageName: "p{x}",
    latex: "\\operatorname{softmax}\\left({x}\\right)",
    doc: "eˣ / Σ eˣ along an axis, shifted so that nothing overflows",
    identity: "softmax: p ∘ (dp − Σ dp ∘ p)",
  }),
  softmaxBackward: tensorOp(["d", "p"], {
    infer: ([d]) => d!,
    evaluate: reference.softmaxBackward,
    expand: ({ args: [d, p], attrs, call }) => {
      const axes = { axes: [attrs["axis"] as number] };
      const shared = stretchTo(call, call("sum", [call("mul", [d!, p!])], axes), d!, axes);
      return call("mul", [call("sub", [d!, shared]), p!]);
    },
    samples: [
      {
        shapes: [
          [3, 4],
          [3, 4],
        ],
        attrs: { axis: 1 },
      },
    ],
    stageName: "d{p}",
    latex: "{p} \\circ ({d} - \\sum {d} \\circ {p})",
    doc: "the Jacobian of a softmax times a vector",
    internal: true,
  }),
  logSoftmax: tensorOp(["x"], {
    infer: keepAxis,
    evaluate: reference.logSoftmax,
    pullback: ({ node, attrs, call }, adjoint) => [() => call("logSoftmaxBackward", [adjoint, node], attrs)],
    pushforward: (step, [tangent]) => {
      if (tangent === undefined) return undefined;
      const axes = { axes: [step.attrs["axis"] as number] };
      const mean = step.call("sum", [step.call("mul", [tangent, step.call("exp", [step.node])])], axes);
      return step.call("sub", [tangent, stretchTo(step.call, mean, tangent, axes)]);
    },
    samples: [
      { shapes: [[3, 4]], attrs: { axis: 1 } },
      { shapes: [[3, 4]], attrs: { axis: 0 } },
    ],
    stageName: "logP{x}",
    latex: "\\ln\\operatorname{softmax}\\left({x}\\right)",
    doc: "logarithm of the softmax along an axis, without the softmax",
    identity: "log-softmax: dl − p Σ dl",
  }),
  logSoftmaxBackward: tensorOp(["d", "l"], {
    infer: ([d]) => d!,
    evaluate: reference.logSoftmaxBackward,
    expand: ({ args: [d, l], attrs, call }) => {
      const axes = { axes: [attrs["axis"] as number] };
      const total = stretchTo(call, call("sum", [d!], axes), d!, axes);
      return call("sub", [d!, call("mul", [call("exp", [l!]), total])]);
    },
    samples: [
      {
        shapes: [
          [3, 4],
          [3, 4],
        ],
        attrs: { axis: 1 },
      },
    ],
    stageName: "d{l}",
    latex: "{d} - e^{l} \\sum {d}",
    doc: "the transposed Jacobian of a log-softmax times a vector",
    internal: true,
  }),
};

/** The axes a node reduces, ascending. */
export function axesOf(attrs: Attrs): readonly number[] {
  return attrs["axes"] === undefined ? [attrs["axis"] as number] : numbers(attrs, "axes");
}

/** `shape` with the reduced axes kept as 1. */
export function keptShape(shape: readonly Dim[], axes: readonly number[]): Dim[] {
  return shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
}

/** A reduced tensor, ready to broadcast against what it was reduced from. */
export function stretchTo(call: Step["call"], reduced: Node, like: Node, attrs: Attrs): Node {
  const shape = keptShape(like.type.shape, axesOf(attrs));
  return reduced.type.shape.length === 0 ? reduced : call("reshape", [reduced], { shape });
}

/** The adjoint of a reduction's result, broadcast to its argument. */
function stretch({ args: [x], attrs, call }: Step, adjoint: Node): Node {
  return call("broadcast", [stretchTo(call, adjoint, x!, attrs)], { shape: x!.type.shape });
}

function sumLike({ attrs, call }: Step, terms: Node): Node {
  return call("sum", [terms], { axes: axesOf(attrs) });
}

function others({ args: [x], attrs, call }: Step): Node {
  return call("otherProduct", [x!], attrs);
}

function direction({ node, args: [x], attrs, call, constant }: Step): Node {
  const length = stretchTo(call, node, x!, attrs);
  return call("select", [call("eq", [length, constant(0)]), constant(0), call("div", [x!, length])]);
}

function softmaxOf({ node, args: [x], attrs, call }: Step): Node {
  return call("exp", [call("sub", [x!, stretchTo(call, node, x!, attrs)])]);
}

function extreme(word: string, evaluate: TensorOpSpec["evaluate"]): TensorOpSpec {
  const winners = (step: Step, value: Node): Node => {
    const { node, args, attrs, call, constant } = step;
    return call("select", [call("eq", [args[0]!, stretchTo(call, node, args[0]!, attrs)]), value, constant(0)]);
  };
  return {
    infer: dropAxes,
    evaluate,
    pullback: (step, adjoint) => [() => winners(step, stretch(step, adjoint))],
    pushforward: (step, [tangent]) => tangent && sumLike(step, winners(step, tangent)),
    samples: [
      { shapes: [[3, 4]], attrs: { axes: [1] } },
      { shapes: [[3, 4]], attrs: { axes: [0, 1] } },
    ],
    stageName: word === "largest" ? "max{x}" : "min{x}",
    latex: word === "largest" ? "\\max {x}" : "\\min {x}",
    doc: `${word} over axes; at a tie each gets the gradient`,
    identity: `the ${word} gets the gradient`,
  };
}

function dropAxes([x]: readonly TensorType[], attrs: Attrs): TensorType | string {
  const axes = axesOf(attrs);
  const wrong = axes.find((axis) => !Number.isInteger(axis) || axis < 0 || axis >= x!.shape.length);
  if (wrong !== undefined) return `there is no axis ${wrong} in ${shapeText(x!.shape)}`;
  return { dtype: "real", shape: x!.shape.filter((_, axis) => !axes.includes(axis)) };
}

function dropAxis(args: readonly TensorType[], attrs: Attrs): TensorType | string {
  return dropAxes(args, attrs);
}

function keepAxis(args: readonly TensorType[], attrs: Attrs): TensorType | string {
  const dropped = dropAxes(args, attrs);
  return typeof dropped === "string" ? dropped : { dtype: "real", shape: args[0]!.shape };
}

/** Sizes before, along and after an axis: how kernels see a tensor. */
export function aroundAxis(shape: readonly Dim[], axis: number): readonly [outer: Dim, along: Dim, inner: Dim] {
  return [multiplyDims(...shape.slice(0, axis)), shape[axis]!, multiplyDims(...shape.slice(axis + 1))];
}
