// The one table from tensor ops to the kernels of templates/: which function, which sizes. Every other part of the emitter goes through it.

import { multiplyDims } from "../../../ir/dims.ts";
import type { CallNode } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { lettersOf } from "../../../ops/tensor/contraction.ts";
import { numbers } from "../../../ops/tensor/define.ts";
import { aroundAxis, axesOf } from "../../../ops/tensor/reduction.ts";
import { listCode, textCode, type Code } from "./code.ts";
import { dimCode, shapeCode } from "./dims.ts";

/** A call of a kernel. `optional` of its last arguments are defaults, left out unless `out` follows. */
export interface KernelCall {
  readonly callee: string;
  readonly args: readonly Code[];
  readonly optional: number;
  /** Whether the kernel takes an array to add into. */
  readonly accumulates: boolean;
  /** The kernel returns a number. */
  readonly isScalar: boolean;
}

export interface KernelArguments {
  /** Code of an argument. */
  readonly arg: (index: number) => Code;
  /** Code of an argument as an array, a number as one of length 1. */
  readonly array: (index: number) => Code;
  /** A module constant that holds an object of numbers, called after `wanted`, of an interface that comes with the kernels. */
  readonly hoist: (wanted: string, type: string, value: Code) => Code;
}

type Kernel = (node: CallNode, k: KernelArguments) => KernelCall;

const table: Readonly<Record<string, Kernel>> = {
  sum: reduce({ whole: "sum", axis: "sumAxis", accumulates: true }),
  reduceMax: reduce({ whole: "largest", axis: "largestAxis", accumulates: false }),
  reduceMin: reduce({ whole: "smallest", axis: "smallestAxis", accumulates: false }),
  prod: reduce({ whole: "product", axis: "productAxis", accumulates: false }),
  norm: reduce({ whole: "norm", axis: "normAxis", accumulates: false }),
  otherProduct: alongAxes("otherProduct", 1),
  logSumExp: (node, k) =>
    node.type.shape.length === 0 ? scalar("logSumExpOf", k.arg(0)) : alongAxis("logSumExp", 1, false)(node, k),
  softmax: alongAxis("softmax", 1, true),
  softmaxBackward: alongAxis("softmaxBackward", 2, true),
  logSoftmax: alongAxis("logSoftmax", 1, true),
  logSoftmaxBackward: alongAxis("logSoftmaxBackward", 2, true),
  broadcast: (node, k) =>
    node.args[0]!.type.shape.length === 0
      ? plain("filled", [dimCode(multiplyDims(...node.type.shape)), k.arg(0)])
      : adding("broadcast", [k.arg(0), shapeCode(node.args[0]!.type.shape), shapeCode(node.type.shape)]),
  transpose: (node, k) => adding("transpose", [k.arg(0), shapeCode(node.args[0]!.type.shape), numbersCode(node, "perm")]),
  slice: (node, k) =>
    adding("slice", [
      k.arg(0),
      shapeCode(node.args[0]!.type.shape),
      dimsCode(node, "starts"),
      numbersCode(node, "steps"),
      shapeCode(node.type.shape),
    ]),
  unslice: (node, k) =>
    adding("unslice", [
      k.arg(0),
      shapeCode(node.type.shape),
      dimsCode(node, "starts"),
      numbersCode(node, "steps"),
      shapeCode(node.args[0]!.type.shape),
    ]),
  concat: (node, k) => {
    const outer = multiplyDims(...node.type.shape.slice(0, node.attrs["axis"] as number));
    return plain("concat", [listCode(node.args.map((_, index) => k.arg(index))), dimCode(outer)]);
  },
  gather: (node, k) => adding("gather", [k.arg(0), k.arg(1), dimCode(multiplyDims(...node.args[0]!.type.shape.slice(1)))]),
  scatterAdd: (node, k) =>
    adding("scatterAdd", [
      k.arg(0),
      k.array(1),
      dimCode(node.attrs["rows"] as Dim),
      dimCode(multiplyDims(...node.type.shape.slice(1))),
    ]),
  pick: (node, k) => orNumber(node, adding("pick", [k.arg(0), k.array(1), dimCode(node.args[0]!.type.shape.at(-1)!)])),
  unpick: (node, k) => adding("unpick", [k.array(0), k.array(1), dimCode(node.type.shape.at(-1)!)]),
  maskCausal: (node, k) =>
    adding("maskCausal", [k.arg(0), dimCode(node.type.shape.at(-1)!), numberCode(node.attrs["fill"] as number)]),
  contract,
  diagonal: (node, k) => adding("diagonal", [k.arg(0), dimCode(node.type.shape.at(-1)!)]),
  diagonalEmbed: (node, k) => adding("diagonalEmbed", [k.arg(0), dimCode(node.type.shape.at(-1)!)]),
  det: (node, k) => scalar("det", k.arg(0), dimCode(node.args[0]!.type.shape[0]!)),
  logdet: (node, k) => scalar("logdet", k.arg(0), dimCode(node.args[0]!.type.shape[0]!)),
  inv: (node, k) => adding("inv", [k.arg(0), dimCode(node.type.shape[0]!)]),
  solve: (node, k) => {
    const [n, columns] = node.args[1]!.type.shape;
    return adding("solve", [k.arg(0), k.arg(1), dimCode(n!), dimCode(columns ?? 1)], columns === undefined ? 1 : 0);
  },
  conv2d: (node, k) =>
    adding("conv2d", [k.arg(0), k.arg(1), geometry(node, node.args[0]!.type.shape, node.args[1]!.type.shape, k)]),
  conv2dInput: (node, k) =>
    adding("conv2dInput", [k.arg(0), k.arg(1), geometry(node, node.type.shape, node.args[1]!.type.shape, k)]),
  conv2dKernel: (node, k) =>
    adding("conv2dKernel", [k.arg(0), k.arg(1), geometry(node, node.args[0]!.type.shape, node.type.shape, k)]),
  maxPool2d: (node, k) => plain("maxPool2d", [k.arg(0), poolWindow(node, node.args[0]!.type.shape, k)]),
  maxPool2dBackward: (node, k) => adding("maxPool2dBackward", [k.arg(0), k.arg(1), poolWindow(node, node.type.shape, k)]),
  maxPool2dPick: (node, k) => adding("maxPool2dPick", [k.arg(0), k.arg(1), poolWindow(node, node.args[1]!.type.shape, k)]),
  averagePool2d: (node, k) => adding("averagePool2d", [k.arg(0), poolWindow(node, node.args[0]!.type.shape, k)]),
  averagePool2dBackward: (node, k) => adding("averagePool2dBackward", [k.arg(0), poolWindow(node, node.type.shape, k)]),
  crossEntropy: rowLoss("crossEntropy", 2),
  crossEntropyBackward: rowLoss("crossEntropyBackward", 3),
  softmaxCrossEntropy: rowLoss("softmaxCrossEntropy", 2),
  softmaxCrossEntropyBackward: rowLoss("softmaxCrossEntropyBackward", 3),
  literal: (node) => plain("Float64Array.of", numbers(node.attrs, "values").map(numberCode)),
  positionalEncoding: (node) => plain("positionalEncoding", [dimCode(node.type.shape[0]!), dimCode(node.type.shape[1]!)]),
  dropoutMask: (node, k) =>
    plain("dropoutMask", [
      dimCode(multiplyDims(...node.type.shape)),
      numberCode(node.attrs["rate"] as number),
      k.arg(0),
      numberCode(node.attrs["stream"] as number),
    ]),
};

/** The kernel of a tensor op. */
export function kernelOf(node: CallNode, k: KernelArguments): KernelCall {
  const kernel = table[node.op];
  if (kernel === undefined) throw new Error(`no kernel for op ${node.op}`);
  return kernel(node, k);
}

function plain(callee: string, args: readonly Code[]): KernelCall {
  return { callee, args, optional: 0, accumulates: false, isScalar: false };
}

function adding(callee: string, args: readonly Code[], optional = 0): KernelCall {
  return { callee, args, optional, accumulates: true, isScalar: false };
}

function scalar(callee: string, ...args: readonly Code[]): KernelCall {
  return { callee, args, optional: 0, accumulates: false, isScalar: true };
}

/** Where the result has rank 0, the one element of the array that the kernel returns. */
function orNumber(node: CallNode, call: KernelCall): KernelCall {
  if (node.type.shape.length > 0) return call;
  return scalar("sum", { kind: "call", callee: call.callee, args: call.args });
}

/** Neighbouring axes count as one. */
function reduce(names: { whole: string; axis: string; accumulates: boolean }): Kernel {
  return (node, k) => {
    const { shape } = node.args[0]!.type;
    const axes = axesOf(node.attrs);
    if (node.type.shape.length === 0) return scalar(names.whole, k.arg(0));
    const [first, last] = [Math.min(...axes), Math.max(...axes)];
    if (last - first + 1 > axes.length) {
      const letters = shape.map((_, axis) => String.fromCharCode(97 + axis)).join("");
      const kept = [...letters].filter((_, axis) => !axes.includes(axis)).join("");
      return adding("sumTo", [textCode(`"${letters}->${kept}"`), k.arg(0), shapeCode(shape)]);
    }
    const along = multiplyDims(...shape.slice(first, last + 1));
    const inner = multiplyDims(...shape.slice(last + 1));
    if (names.axis === "sumAxis" && first === 0) return adding("sumRows", [k.arg(0), dimCode(inner)]);
    const args = [k.arg(0), dimCode(along), dimCode(inner)];
    const optional = inner === 1 ? 1 : 0;
    return names.accumulates ? adding(names.axis, args, optional) : plain(names.axis, optional ? args.slice(0, 2) : args);
  };
}

function alongAxis(callee: string, operands: number, accumulates: boolean): Kernel {
  return (node, k) => {
    const [, along, inner] = aroundAxis(node.args[0]!.type.shape, node.attrs["axis"] as number);
    const args = [...Array.from({ length: operands }, (_, index) => k.arg(index)), dimCode(along), dimCode(inner)];
    const optional = inner === 1 ? 1 : 0;
    return accumulates ? adding(callee, args, optional) : plain(callee, optional ? args.slice(0, -1) : args);
  };
}

function alongAxes(callee: string, operands: number): Kernel {
  return (node, k) => {
    const { shape } = node.args[0]!.type;
    const axes = axesOf(node.attrs);
    const [first, last] = [Math.min(...axes), Math.max(...axes)];
    const args = [
      ...Array.from({ length: operands }, (_, index) => k.arg(index)),
      dimCode(multiplyDims(...shape.slice(first, last + 1))),
      dimCode(multiplyDims(...shape.slice(last + 1))),
    ];
    return plain(callee, args);
  };
}

function rowLoss(callee: string, operands: number): Kernel {
  return (node, k) => {
    const logits = node.args[operands - 2]!;
    const args = Array.from({ length: operands }, (_, index) => k.array(index));
    return orNumber(node, adding(callee, [...args, dimCode(logits.type.shape.at(-1)!)]));
  };
}

/** The matrix products by name, everything else by its letters. */
function contract(node: CallNode, k: KernelArguments): KernelCall {
  const [left, right, out] = lettersOf(node.attrs["spec"] as string);
  const [a, b] = node.args as [CallNode, CallNode];
  if (out === "" && left === right) return scalar("dot", k.arg(0), k.arg(1));
  const shared = [...left].filter((letter) => right.includes(letter) && !out.includes(letter)).join("");
  const batched = [...left].some((letter) => right.includes(letter) && out.includes(letter));
  if (!batched && shared === "" && out === left + right) return adding("outer", [k.arg(0), k.arg(1)]);
  const size = (letters: string): Dim =>
    multiplyDims(
      ...[...letters].map((letter) =>
        left.includes(letter) ? a.type.shape[left.indexOf(letter)]! : b.type.shape[right.indexOf(letter)]!,
      ),
    );
  const matrix = (first: number, second: number): KernelCall | undefined => {
    const [p, q] = first === 0 ? [left, right] : [right, left];
    const m = [...p].filter((letter) => !shared.includes(letter)).join("");
    const n = [...q].filter((letter) => !shared.includes(letter)).join("");
    if (batched || shared === "" || out !== m + n) return undefined;
    const operands = [k.arg(first), k.arg(second)];
    const sizes = (...letters: string[]): Code[] => letters.map((each) => dimCode(size(each)));
    if (p === m + shared && q === shared + n) return adding("matmul", [...operands, ...sizes(m, shared, n)]);
    if (p === shared + m && q === shared + n) return adding("matmulAt", [...operands, ...sizes(shared, m, n)]);
    if (p === m + shared && q === n + shared) return adding("matmulBt", [...operands, ...sizes(m, shared, n)]);
    return undefined;
  };
  const product = matrix(0, 1) ?? matrix(1, 0);
  if (product !== undefined) return product;
  const spec = textCode(`"${left},${right}->${out}"`);
  const general = adding("einsum", [spec, k.arg(0), shapeCode(a.type.shape), k.arg(1), shapeCode(b.type.shape)]);
  return orNumber(node, general);
}

function geometry(node: CallNode, image: readonly Dim[], kernel: readonly Dim[], k: KernelArguments): Code {
  const groups = node.attrs["groups"] as number;
  const value: Code = {
    kind: "object",
    entries: [
      ["channels", shapeCode([image[1]!, kernel[0]!])],
      ["size", shapeCode(image.slice(2))],
      ["kernel", shapeCode(kernel.slice(2))],
      ["stride", numbersCode(node, "stride")],
      ["padding", numbersCode(node, "padding")],
      ["dilation", numbersCode(node, "dilation")],
      ["groups", numberCode(groups)],
    ],
  };
  return [...image.slice(1), ...kernel].every((dim) => typeof dim === "number")
    ? k.hoist("convolution", "ConvolutionGeometry", value)
    : value;
}

function poolWindow(node: CallNode, image: readonly Dim[], k: KernelArguments): Code {
  const { countPadding } = node.attrs;
  const value: Code = {
    kind: "object",
    entries: [
      ["size", shapeCode(image.slice(2))],
      ["kernel", numbersCode(node, "kernel")],
      ["stride", numbersCode(node, "stride")],
      ["padding", numbersCode(node, "padding")],
      ...(countPadding === undefined ? [] : [["countPadding", textCode(String(countPadding === 1))] as const]),
    ],
  };
  return image.slice(2).every((dim) => typeof dim === "number") ? k.hoist("pooling", "PoolingWindow", value) : value;
}

function numberCode(value: number): Code {
  if (Number.isFinite(value)) {
    return {
      kind: "expression",
      expression:
        value < 0 ? { kind: "unary", operator: "-", operand: { kind: "number", value: -value } } : { kind: "number", value },
    };
  }
  return textCode(String(value));
}

function numbersCode(node: CallNode, name: string): Code {
  return listCode(numbers(node.attrs, name).map(numberCode));
}

function dimsCode(node: CallNode, name: string): Code {
  return shapeCode(node.attrs[name] as readonly Dim[]);
}
