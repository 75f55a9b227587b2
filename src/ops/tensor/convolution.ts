// Convolution and pooling over images [batch, channels, height, width]. The three bilinear ops are each other's gradients.

import { addDims, divideDims, multiplyDims, shapeText } from "../../ir/dims.ts";
import type { Attrs } from "../../ir/graph.ts";
import type { Dim, TensorType } from "../../ir/shape.ts";
import { numbers, tensorOp } from "./define.ts";
import * as reference from "./reference/convolution.ts";

const PLAIN = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 } as const;
const STRIDED = { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 } as const;
const WINDOW = { kernel: [2, 2], stride: [2, 2], padding: [0, 0] } as const;
const PADDED = { kernel: [3, 2], stride: [2, 1], padding: [1, 1] } as const;

export const convolution = {
  conv2d: tensorOp(["x", "w"], {
    infer: ([x, w], attrs) => inferConvolution(x!, w!, attrs),
    evaluate: reference.conv2d,
    linearIn: [0, 1],
    pullback: ({ args: [x, w], attrs, call }, adjoint) => [
      () => call("conv2dInput", [adjoint, w!], { ...geometry(attrs), size: x!.type.shape.slice(2) }),
      () => call("conv2dKernel", [x!, adjoint], { ...geometry(attrs), kernel: w!.type.shape.slice(2) }),
    ],
    samples: [
      {
        shapes: [
          [2, 3, 5, 4],
          [2, 3, 3, 2],
        ],
        attrs: PLAIN,
      },
      {
        shapes: [
          [1, 4, 6, 5],
          [4, 2, 3, 2],
        ],
        attrs: STRIDED,
      },
    ],
    stageName: "conv{x}",
    latex: "{x} * {w}",
    doc: "2-d cross-correlation, channels first; w [out, in / groups, height, width]",
    identity: "both gradients of a convolution are convolutions",
  }),
  conv2dInput: tensorOp(["d", "w"], {
    infer: ([d, w], attrs) => ({
      dtype: "real",
      shape: [d!.shape[0]!, multiplyDims(w!.shape[1]!, attrs["groups"] as number), ...(attrs["size"] as readonly Dim[])],
    }),
    evaluate: reference.conv2dInput,
    linearIn: [0, 1],
    pullback: ({ args: [d, w], attrs, call }, adjoint) => [
      () => call("conv2d", [adjoint, w!], geometry(attrs)),
      () => call("conv2dKernel", [adjoint, d!], { ...geometry(attrs), kernel: w!.type.shape.slice(2) }),
    ],
    samples: [
      {
        shapes: [
          [2, 2, 3, 3],
          [2, 3, 3, 2],
        ],
        attrs: { ...PLAIN, size: [5, 4] },
      },
      {
        shapes: [
          [1, 4, 3, 7],
          [4, 2, 3, 2],
        ],
        attrs: { ...STRIDED, size: [6, 5] },
      },
    ],
    stageName: "convT{d}",
    latex: "{d} *^\\top {w}",
    doc: "transposed convolution: the adjoint of conv2d in its input",
    identity: "both gradients of a transposed convolution are convolutions",
  }),
  conv2dKernel: tensorOp(["x", "d"], {
    infer: ([x, d], attrs) => ({
      dtype: "real",
      shape: [d!.shape[1]!, divideDims(x!.shape[1]!, attrs["groups"] as number)!, ...(attrs["kernel"] as readonly Dim[])],
    }),
    evaluate: reference.conv2dKernel,
    linearIn: [0, 1],
    pullback: ({ args: [x, d], attrs, call }, adjoint) => [
      () => call("conv2dInput", [d!, adjoint], { ...geometry(attrs), size: x!.type.shape.slice(2) }),
      () => call("conv2d", [x!, adjoint], geometry(attrs)),
    ],
    samples: [
      {
        shapes: [
          [2, 3, 5, 4],
          [2, 2, 3, 3],
        ],
        attrs: { ...PLAIN, kernel: [3, 2] },
      },
    ],
    stageName: "convW{x}",
    latex: "{x} *_w {d}",
    doc: "the adjoint of conv2d in its kernel",
    internal: true,
  }),
  maxPool2d: tensorOp(["x"], {
    infer: ([x], attrs) => inferPool(x!, attrs),
    evaluate: reference.maxPool2d,
    pullback: ({ args: [x], attrs, call }, adjoint) => [() => call("maxPool2dBackward", [adjoint, x!], attrs)],
    pushforward: ({ args: [x], attrs, call }, [tangent]) => tangent && call("maxPool2dPick", [tangent, x!], attrs),
    samples: [
      { shapes: [[2, 2, 4, 6]], attrs: WINDOW },
      { shapes: [[1, 2, 5, 4]], attrs: PADDED },
    ],
    stageName: "pooled",
    latex: "\\operatorname{maxpool}\\left({x}\\right)",
    doc: "largest of each window; at a tie the first gets the gradient",
    identity: "the largest of each window gets the gradient",
  }),
  maxPool2dBackward: tensorOp(["d", "x"], {
    infer: ([, x]) => x!,
    evaluate: reference.maxPool2dBackward,
    linearIn: [0],
    pullback: ({ args: [, x], attrs, call }, adjoint) => [() => call("maxPool2dPick", [adjoint, x!], attrs), null],
    samples: [
      {
        shapes: [
          [2, 2, 2, 3],
          [2, 2, 4, 6],
        ],
        attrs: WINDOW,
      },
    ],
    stageName: "d{x}",
    latex: "{d}",
    doc: "each window's value put where its maximum was",
    internal: true,
  }),
  maxPool2dPick: tensorOp(["v", "x"], {
    infer: ([, x], attrs) => inferPool(x!, attrs),
    evaluate: reference.maxPool2dPick,
    linearIn: [0],
    pullback: ({ args: [, x], attrs, call }, adjoint) => [() => call("maxPool2dBackward", [adjoint, x!], attrs), null],
    samples: [
      {
        shapes: [
          [2, 2, 4, 6],
          [2, 2, 4, 6],
        ],
        attrs: WINDOW,
      },
    ],
    stageName: "{v}Pooled",
    latex: "{v}",
    doc: "the value where each window of another tensor has its maximum",
    internal: true,
  }),
  averagePool2d: tensorOp(["x"], {
    infer: ([x], attrs) => inferPool(x!, attrs),
    evaluate: reference.averagePool2d,
    linearIn: "all",
    pullback: ({ args: [x], attrs, call }, adjoint) => [
      () => call("averagePool2dBackward", [adjoint], { ...attrs, size: x!.type.shape.slice(2) }),
    ],
    samples: [
      { shapes: [[2, 2, 4, 6]], attrs: { ...WINDOW, countPadding: 1 } },
      { shapes: [[1, 2, 5, 4]], attrs: { ...PADDED, countPadding: 0 } },
      { shapes: [[1, 2, 5, 4]], attrs: { ...PADDED, countPadding: 1 } },
    ],
    stageName: "pooled",
    latex: "\\operatorname{avgpool}\\left({x}\\right)",
    doc: "mean of each window",
    identity: "each element of a window gets its share",
  }),
  averagePool2dBackward: tensorOp(["d"], {
    infer: ([d], attrs) => ({ dtype: "real", shape: [...d!.shape.slice(0, 2), ...(attrs["size"] as readonly Dim[])] }),
    evaluate: reference.averagePool2dBackward,
    linearIn: "all",
    pullback: ({ attrs, call }, adjoint) => [
      () => {
        const { size: _, ...window } = attrs;
        return call("averagePool2d", [adjoint], window);
      },
    ],
    samples: [{ shapes: [[2, 2, 2, 3]], attrs: { ...WINDOW, countPadding: 1, size: [4, 6] } }],
    stageName: "d{d}",
    latex: "{d}",
    doc: "each window's value shared out: the adjoint of average pooling",
    internal: true,
  }),
};

/** What the three convolutions share. */
function geometry({ stride, padding, dilation, groups }: Attrs): Attrs {
  return { stride: stride!, padding: padding!, dilation: dilation!, groups: groups! };
}

/** Why a kernel or window of `extent` finds no place: a stride over an open size, or too little room. */
function misfit(extent: string, { shape }: TensorType, stride: readonly number[]): string {
  const open = shape.slice(2).find((dim, axis) => typeof dim === "string" && stride[axis] !== 1);
  if (open !== undefined)
    return `a stride of ${stride.find((step) => step !== 1)} needs a known size, and '${open}' is open: ${shapeText(shape)}`;
  return `${extent} does not fit into ${shapeText(shape)}`;
}

/** ⌊(size + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1; symbolic sizes only where the stride is 1. */
export function outputSize(size: Dim, kernel: number, stride: number, padding: number, dilation = 1): Dim | undefined {
  const room = addDims(size, 2 * padding - dilation * (kernel - 1) - 1);
  if (typeof room === "number") return room < 0 ? undefined : Math.floor(room / stride) + 1;
  return stride === 1 ? addDims(room, 1) : undefined;
}

function inferConvolution(x: TensorType, w: TensorType, attrs: Attrs): TensorType | string {
  if (x.shape.length !== 4 || w.shape.length !== 4)
    return `images have shape [batch, channels, height, width], not ${shapeText(x.shape)}`;
  const groups = attrs["groups"] as number;
  const [batch, channels] = x.shape as [Dim, Dim];
  const [filters, perGroup] = w.shape as [Dim, Dim];
  if (channels !== multiplyDims(perGroup, groups)) {
    return `${shapeText(x.shape)} has ${channels} channels, the kernel ${shapeText(w.shape)} takes ${multiplyDims(perGroup, groups)}`;
  }
  if (divideDims(filters, groups) === undefined) return `${filters} filters cannot be shared out over ${groups} groups`;
  const [stride, padding, dilation] = ["stride", "padding", "dilation"].map((name) => numbers(attrs, name));
  const size = [0, 1].map((i) => outputSize(x.shape[2 + i]!, w.shape[2 + i] as number, stride![i]!, padding![i]!, dilation![i]!));
  if (size.some((dim) => dim === undefined)) return misfit(`the kernel ${shapeText(w.shape)}`, x, stride!);
  return { dtype: "real", shape: [batch, filters, ...(size as Dim[])] };
}

function inferPool(x: TensorType, attrs: Attrs): TensorType | string {
  if (x.shape.length !== 4) return `images have shape [batch, channels, height, width], not ${shapeText(x.shape)}`;
  const [kernel, stride, padding] = ["kernel", "stride", "padding"].map((name) => numbers(attrs, name));
  const size = [0, 1].map((i) => outputSize(x.shape[2 + i]!, kernel![i]!, stride![i]!, padding![i]!));
  if (size.some((dim) => dim === undefined)) return misfit(`a window of [${kernel!.join(", ")}]`, x, stride!);
  return { dtype: "real", shape: [...x.shape.slice(0, 2), ...(size as Dim[])] };
}
