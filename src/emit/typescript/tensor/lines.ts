// Lines of tensor code: a node as a call of a kernel, an expression, or a view; `+=` as a kernel that adds into an array.

import { calleesOf, countOperations, type Expression } from "../../../core/syntax.ts";
import type { CallNode, Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { numbers } from "../../../ops/tensor/define.ts";
import { tensorOps } from "../../../ops/tensor/registry.ts";
import { toExpression } from "../expression.ts";
import { callCode, printFlat, textCode, type Code } from "./code.ts";
import { dimCode, dimExpression } from "./dims.ts";
import { elementwiseCall, isElementwise, unstretched } from "./elementwise.ts";
import { kernelOf, type KernelCall } from "./kernels.ts";

export interface LineContext {
  /** The variable that holds a node; undefined to write it out. */
  readonly nameOf: (node: Node) => string | undefined;
  /** A module constant for an object of numbers. */
  readonly hoist: (wanted: string, type: string, value: Code) => Code;
  /** Told each kernel that a line calls. */
  readonly use: (kernel: string) => void;
}

export interface LineCode {
  readonly code: Code;
  /** The result is an array nobody else holds. */
  readonly isFresh: boolean;
}

/** The code of `node`; written out even where it has a name if `isLine`. */
export function codeOf(node: Node, context: LineContext, isLine = false): LineCode {
  const name = isLine ? undefined : context.nameOf(node);
  if (name !== undefined) return { code: textCode(name), isFresh: false };
  if (node.type.shape.length === 0) return { code: scalarCode(node, context), isFresh: true };
  if (node.kind !== "call") return { code: textCode(context.nameOf(node) ?? "?"), isFresh: false };
  if (node.op === "reshape") return reshaped(node, context);
  return { code: finish(callOf(node, context), context), isFresh: true };
}

/** Code that adds `node` into the array `out`: the kernel's own adding where it can. */
export function addingCode(node: Node, out: Code, context: LineContext): Code {
  const source = node.kind === "call" && node.op === "reshape" && context.nameOf(node) === undefined ? node.args[0]! : node;
  if (context.nameOf(source) === undefined && source.kind === "call" && source.type.shape.length > 0 && source.op !== "reshape") {
    const call = callOf(source, context);
    if (call.accumulates && !call.isScalar) return finish(call, context, out);
  }
  context.use("addTo");
  return callCode("addTo", out, codeOf(node, context).code);
}

function callOf(node: CallNode, context: LineContext): KernelCall {
  if (isElementwise(node)) {
    return elementwiseCall(node, {
      ...context,
      code: (each) => codeOf(each, context).code,
      scalar: (each) => scalarExpression(each, context),
    });
  }
  const takesIndices = INDEXED.has(node.op);
  const arg = (index: number): Code => {
    const { type } = node.args[index]!;
    const { code } = codeOf(node.args[index]!, context);
    return type.dtype === "real" || type.shape.length === 0 || takesIndices ? code : callCode("Float64Array.from", code);
  };
  return kernelOf(node, { arg, array: (index) => asArray(node.args[index]!, arg(index), context), hoist: context.hoist });
}

/** Kernels that take arrays of integers; all others compute with reals. */
const INDEXED = new Set(["gather", "scatterAdd", "pick", "unpick", "crossEntropy", "crossEntropyBackward"]);

function asArray({ type }: Node, code: Code, context: LineContext): Code {
  if (type.shape.length > 0) return code;
  if (type.dtype !== "real") return callCode("Int32Array.of", code);
  context.use("filled");
  return callCode("filled", dimCode(1), code);
}

function finish(call: KernelCall, context: LineContext, out?: Code): Code {
  context.use(call.callee);
  for (const arg of call.args) if (arg.kind === "arrow") calleesOf(arg.body).forEach(context.use);
  if (call.callee === "sum" && call.args[0]?.kind === "call") context.use(call.args[0].callee);
  const args = out === undefined ? call.args.slice(0, call.args.length - call.optional) : [...call.args, out];
  return { kind: "call", callee: call.callee, args };
}

function reshaped(node: CallNode, context: LineContext): LineCode {
  const [inner] = node.args as [Node];
  if (inner.type.shape.length > 0) return codeOf(inner, context);
  context.use("filled");
  return { code: callCode("filled", dimCode(1), codeOf(inner, context).code), isFresh: true };
}

/** A scalar: an expression over numbers, sizes and what kernels return. */
function scalarCode(node: Node, context: LineContext): Code {
  const expression = scalarExpression(node, context, true);
  calleesOf(expression).forEach(context.use);
  return expression.kind === "name" ? textCode(expression.name) : { kind: "expression", expression };
}

/** What stands for a scalar inside an expression; written out even where it has a name if `isLine`. */
function scalarExpression(node: Node, context: LineContext, isLine = false): Expression {
  const name = isLine ? undefined : context.nameOf(node);
  if (name !== undefined) return { kind: "name", name };
  if (node.kind === "call" && tensorOps.has(node.op)) return tensorScalar(node, context);
  const expressionOf = (each: Node): Expression => scalarExpression(each, context);
  return toExpression(node, { nameOf: context.nameOf, expressionOf });
}

function tensorScalar(node: CallNode, context: LineContext): Expression {
  if (node.op === "size") return dimExpression(node.attrs["dim"] as Dim);
  if (node.op === "broadcast") return scalarExpression(unstretched(node, context).node, context);
  return {
    kind: "name",
    name: node.op === "reshape" ? elementText(node, context) : printFlat(finish(callOf(node, context), context)),
  };
}

/** The one element of a tensor: of a slice, read in place. */
function elementText(node: CallNode, context: LineContext): string {
  const [inner] = node.args as [Node];
  const isSlice = inner.kind === "call" && inner.op === "slice" && context.nameOf(inner) === undefined;
  const array = isSlice ? codeOf(inner.args[0]!, context).code : codeOf(inner, context).code;
  const at = isSlice ? flatIndex(inner) : "0";
  if (at !== undefined && array.kind === "text") return `${array.text}[${at}]!`;
  context.use("sum");
  return printFlat(callCode("sum", codeOf(inner, context).code));
}

/** Where the single element of a slice stands; undefined where sizes are symbolic. */
function flatIndex(slice: CallNode): string | undefined {
  const { shape } = slice.args[0]!.type;
  const starts = slice.attrs["starts"] as readonly Dim[];
  let at = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const start = starts[axis]!;
    const size = axis === 0 ? 1 : shape[axis]!;
    if (typeof start !== "number" || typeof size !== "number") return undefined;
    at = at * size + start;
  }
  return String(at);
}

/** Operations of a line as counted for the ratio of the passes: arithmetic per element, two per multiply-add. */
export function operationsOfLine(
  node: Node,
  { nameOf }: Pick<LineContext, "nameOf">,
  elements: (shape: readonly Dim[]) => number,
): number {
  let operations = 0;
  const pending: Node[] = [node];
  const seen = new Set<Node>();
  while (pending.length > 0) {
    const each = pending.pop()!;
    if (each.kind !== "call" || seen.has(each) || (each !== node && nameOf(each) !== undefined)) continue;
    seen.add(each);
    operations += operationsOfNode(each, elements);
    pending.push(...each.args);
  }
  return operations;
}

const FREE = new Set([
  "reshape",
  "broadcast",
  "size",
  "literal",
  "slice",
  "unslice",
  "concat",
  "transpose",
  "gather",
  "pick",
  "unpick",
  "diagonal",
  "diagonalEmbed",
  "maskCausal",
  "positionalEncoding",
  "dropoutMask",
  "maxPool2dPick",
  "maxPool2dBackward",
]);

function operationsOfNode(node: CallNode, size: (shape: readonly Dim[]) => number): number {
  if (FREE.has(node.op)) return 0;
  if (isElementwise(node))
    return size(node.type.shape) * countOperations(toExpression(node, { nameOf: (each) => (each === node ? undefined : "x") }));
  const [a, b] = node.args;
  switch (node.op) {
    case "contract":
      return 2 * Math.sqrt(size(a!.type.shape) * size(b!.type.shape) * size(node.type.shape) * batchOf(node, size));
    case "conv2d":
      return 2 * size(node.type.shape) * size(b!.type.shape.slice(1));
    case "conv2dInput":
      return 2 * size(a!.type.shape) * size(b!.type.shape.slice(1));
    case "conv2dKernel":
      return 2 * size(b!.type.shape) * size(node.type.shape.slice(1));
    case "maxPool2d":
    case "averagePool2d":
    case "averagePool2dBackward":
      return (
        size(node.type.shape) *
        (node.op === "averagePool2dBackward" ? 1 : numbers(node.attrs, "kernel").reduce((x, y) => x * y, 1))
      );
    case "det":
    case "logdet":
    case "inv":
    case "solve":
      return size(a!.type.shape) ** 1.5 * (node.op === "inv" ? 2 : 0.7);
    case "softmax":
    case "logSoftmax":
    case "logSumExp":
    case "softmaxBackward":
    case "logSoftmaxBackward":
    case "crossEntropy":
    case "softmaxCrossEntropy":
    case "crossEntropyBackward":
    case "softmaxCrossEntropyBackward":
      return 4 * Math.max(...[node, ...node.args].map((each) => size(each.type.shape)));
    default:
      return Math.max(size(node.type.shape), ...node.args.map((each) => size(each.type.shape)));
  }
}

/** Letters in all three places count in each operand once: the square root above halves them too often. */
function batchOf(node: CallNode, size: (shape: readonly Dim[]) => number): number {
  const [operands, out] = (node.attrs["spec"] as string).split("->") as [string, string];
  const [left, right] = operands.split(",") as [string, string];
  const common = [...left].filter((letter) => right.includes(letter) && out.includes(letter));
  const shape = common.map((letter) => node.args[0]!.type.shape[left.indexOf(letter)]!);
  return 1 / size(shape);
}
