// Losses that are gates of their own, because the fused gradient is exact where the parts would lose digits: softmax and cross-entropy.

import { sameShape, shapeText } from "../../ir/dims.ts";
import type { Node } from "../../ir/graph.ts";
import { tensorOp, type Step } from "./define.ts";
import * as reference from "./reference/loss.ts";

export const loss = {
  crossEntropy: tensorOp(["z", "classes"], {
    infer: ([z, classes]) => {
      const rows = z!.shape.slice(0, -1);
      if (classes!.dtype !== "integer") return "class indices must be integers";
      if (z!.shape.length > 0 && sameShape(rows, classes!.shape)) return { dtype: "real", shape: rows };
      return `logits ${shapeText(z!.shape)} take classes of shape ${shapeText(rows)}, not ${shapeText(classes!.shape)}`;
    },
    evaluate: reference.crossEntropy,
    pullback: ({ args: [z, classes], call }, adjoint) => [() => call("crossEntropyBackward", [adjoint, z!, classes!]), null],
    pushforward: (step, [tangent]) => {
      const {
        args: [, classes],
        call,
      } = step;
      return tangent && call("sub", [alongSoftmax(step, tangent), call("pick", [tangent, classes!])]);
    },
    samples: [{ shapes: [[3, 4], [3]], indices: { 1: 4 } }],
    stageName: "losses",
    latex: "-\\ln\\operatorname{softmax}\\left({z}\\right)_{{classes}}",
    doc: "cross-entropy of the softmax of each row with a class index",
    identity: "p − y",
  }),
  crossEntropyBackward: tensorOp(["d", "z", "classes"], {
    infer: ([, z]) => z!,
    evaluate: reference.crossEntropyBackward,
    expand: ({ args: [d, z, classes], call }) => {
      const p = call("softmax", [z!], { axis: z!.type.shape.length - 1 });
      const shape = [...d!.type.shape, 1];
      const scaled = call("mul", [p, call("reshape", [d!], { shape })]);
      return call("sub", [scaled, call("unpick", [d!, classes!], { count: z!.type.shape.at(-1)! })]);
    },
    samples: [{ shapes: [[3], [3, 4], [3]], indices: { 2: 4 } }],
    stageName: "d{z}",
    latex: "{d} (p - 1_{{classes}})",
    doc: "p − y for class indices, each row times its adjoint",
    internal: true,
  }),
  softmaxCrossEntropy: tensorOp(["z", "targets"], {
    infer: ([z, targets]) =>
      z!.shape.length > 0 && sameShape(z!.shape, targets!.shape)
        ? { dtype: "real", shape: z!.shape.slice(0, -1) }
        : `logits ${shapeText(z!.shape)} and targets ${shapeText(targets!.shape)} differ in shape`,
    evaluate: reference.softmaxCrossEntropy,
    pullback: ({ args: [z, targets], call }, adjoint) => [
      () => call("softmaxCrossEntropyBackward", [adjoint, z!, targets!]),
      () => {
        const l = call("logSoftmax", [z!], { axis: z!.type.shape.length - 1 });
        return call("neg", [call("mul", [call("reshape", [adjoint], { shape: [...adjoint.type.shape, 1] }), l])]);
      },
    ],
    pushforward: (step, [tangent, targetTangent]) => {
      const {
        args: [z, targets],
        call,
      } = step;
      const axes = { axes: [z!.type.shape.length - 1] };
      const inZ =
        tangent &&
        call("sub", [
          call("mul", [alongSoftmax(step, tangent), call("sum", [targets!], axes)]),
          call("sum", [call("mul", [targets!, tangent])], axes),
        ]);
      const l = call("logSoftmax", [z!], { axis: z!.type.shape.length - 1 });
      const inTargets = targetTangent && call("neg", [call("sum", [call("mul", [targetTangent, l])], axes)]);
      return inZ && inTargets ? call("add", [inZ, inTargets]) : (inZ ?? inTargets);
    },
    samples: [
      {
        shapes: [
          [3, 4],
          [3, 4],
        ],
      },
    ],
    stageName: "losses",
    latex: "-\\sum {targets} \\ln\\operatorname{softmax}\\left({z}\\right)",
    doc: "cross-entropy of the softmax of each row with a distribution",
    identity: "p − y",
  }),
  softmaxCrossEntropyBackward: tensorOp(["d", "z", "targets"], {
    infer: ([, z]) => z!,
    evaluate: reference.softmaxCrossEntropyBackward,
    expand: ({ args: [d, z, targets], call }) => {
      const shape = [...d!.type.shape, 1];
      const axis = z!.type.shape.length - 1;
      const total = call("reshape", [call("sum", [targets!], { axes: [axis] })], { shape });
      const p = call("softmax", [z!], { axis });
      return call("mul", [call("sub", [call("mul", [p, total]), targets!]), call("reshape", [d!], { shape })]);
    },
    samples: [{ shapes: [[3], [3, 4], [3, 4]] }],
    stageName: "d{z}",
    latex: "{d} (p - {targets})",
    doc: "p − y (p Σy − y where targets do not sum to 1), each row times its adjoint",
    internal: true,
  }),
};

/** Σ p ∘ tangent of each row. */
function alongSoftmax({ args: [z], call }: Step, tangent: Node): Node {
  const axis = z!.type.shape.length - 1;
  return call("sum", [call("mul", [call("softmax", [z!], { axis }), tangent])], { axes: [axis] });
}
