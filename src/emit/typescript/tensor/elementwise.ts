// Elementwise stages: a formula over the elements of one or several tensors, as a call of map or zip. Scalars in it are captured.

import { createNameAllocator } from "../../../core/words.ts";
import { multiplyDims, sameShape } from "../../../ir/dims.ts";
import type { CallNode, Node } from "../../../ir/graph.ts";
import type { Dim } from "../../../ir/shape.ts";
import { tensorOps } from "../../../ops/tensor/registry.ts";
import type { Expression } from "../../../core/syntax.ts";
import { toExpression } from "../expression.ts";
import { printExpression } from "../print.ts";
import { listCode, type Code } from "./code.ts";
import { dimCode, shapeCode } from "./dims.ts";
import type { KernelCall } from "./kernels.ts";

export interface ElementwiseContext {
  /** The variable that holds a node. */
  readonly nameOf: (node: Node) => string | undefined;
  /** Code of a tensor that is not a variable. */
  readonly code: (node: Node) => Code;
  /** What stands for a scalar. */
  readonly scalar: (node: Node) => Expression;
}

interface Leaf {
  readonly node: Node;
  readonly code: Code;
  readonly shape: readonly Dim[];
  readonly param: string;
}

const ZIPS = ["map", "zip", "zip3", "zip4"];

/** Whether a node is computed element by element (a view or a stretch counts as its argument). */
export function isElementwise(node: Node): boolean {
  return node.kind === "call" && !tensorOps.has(node.op);
}

export function elementwiseCall(node: CallNode, context: ElementwiseContext): KernelCall {
  const leaves = new Map<Node, Leaf>();
  const scalars = new Set<Node>();
  collect(node, context, leaves, scalars, true);
  const words = [...scalars].flatMap((each) => namesIn(context.scalar(each)));
  const params = nameParams([...leaves.values()], words);
  const body = toExpression(node, {
    nameOf: (each) => params.get(each),
    expressionOf: (each) => (each.kind === "const" ? undefined : scalarInside(each, context)),
  });
  const tensors = [...leaves.values()];
  const arrow: Code = { kind: "arrow", params: tensors.map((leaf) => params.get(leaf.node)!), body };
  const { shape } = node.type;
  const isFull = (leaf: Leaf): boolean => sameShape(withoutOnes(leaf.shape, shape), withoutOnes(shape, shape));
  const call = (callee: string, args: readonly Code[]): KernelCall => ({
    callee,
    args,
    optional: 0,
    accumulates: true,
    isScalar: false,
  });

  if (tensors.length >= 1 && tensors.length <= ZIPS.length && tensors.every(isFull)) {
    return call(ZIPS[tensors.length - 1]!, [...tensors.map((leaf) => leaf.code), arrow]);
  }
  if (tensors.length === 2) {
    const [full, other] = isFull(tensors[0]!) ? [tensors[0]!, tensors[1]!] : [tensors[1]!, tensors[0]!];
    const stretch = isFull(full) ? stretchOf(other.shape, shape) : undefined;
    if (stretch !== undefined) {
      const swapped: Code = { kind: "arrow", params: [params.get(full.node)!, params.get(other.node)!], body };
      if (stretch.kind === "channels") return call("zipChannels", [full.code, other.code, dimCode(stretch.inner), swapped]);
      return call(stretch.kind === "rows" ? "zipRows" : "zipColumns", [full.code, other.code, swapped]);
    }
  }
  const operands = listCode(tensors.map((leaf) => listCode([leaf.code, shapeCode(leaf.shape)])));
  return call("zipBroadcast", [shapeCode(shape), operands, arrow]);
}

/** Finds what a formula reads: variables, calls of kernels, scalars. */
function collect(node: Node, context: ElementwiseContext, leaves: Map<Node, Leaf>, scalars: Set<Node>, isRoot: boolean): void {
  if (node.kind === "const" || leaves.has(node)) return;
  const name = isRoot ? undefined : context.nameOf(node);
  if (node.type.shape.length === 0 && !isRoot) {
    scalars.add(node);
    return;
  }
  if (name === undefined && node.kind === "call" && isElementwise(node)) {
    for (const arg of node.args) collect(arg, context, leaves, scalars, false);
    return;
  }
  const { node: source, shape } = name === undefined ? unstretched(node, context) : { node, shape: node.type.shape };
  if (source.type.shape.length === 0) {
    scalars.add(source);
    return;
  }
  leaves.set(node, {
    node,
    code: context.code(source),
    shape,
    param: wordOf(source, context),
  });
}

/** What a broadcast stretches: the formula broadcasts by itself. */
export function unstretched(node: Node, context: Pick<ElementwiseContext, "nameOf">): { node: Node; shape: readonly Dim[] } {
  if (node.kind === "call" && node.op === "broadcast" && context.nameOf(node) === undefined)
    return unstretched(node.args[0]!, context);
  return { node, shape: node.type.shape };
}

/** What a reshape shows. */
export function viewed(node: Node, context: Pick<ElementwiseContext, "nameOf">): Node {
  return node.kind === "call" && node.op === "reshape" && context.nameOf(node) === undefined
    ? viewed(node.args[0]!, context)
    : node;
}

/** What an element of a nameless tensor is called: as what it is computed from, `sum` where it is one, else `x`. */
function wordOf(node: Node, context: Pick<ElementwiseContext, "nameOf">): string {
  const seen = viewed(node, context);
  const name = context.nameOf(seen);
  if (name !== undefined || seen.kind !== "call") return name ?? "x";
  const isSeeThrough = isElementwise(seen) || seen.op === "slice";
  const named = isSeeThrough ? seen.args.find((arg) => arg.type.shape.length > 0) : undefined;
  if (named !== undefined) return wordOf(named, context);
  return tensorOps.get(seen.op)?.family === "reduction" ? seen.op : "x";
}

/** A scalar, or one that is stretched; undefined for what is computed inside. */
function scalarInside(node: Node, context: ElementwiseContext): Expression | undefined {
  const { node: source } = unstretched(node, context);
  return source.type.shape.length === 0 ? context.scalar(source) : undefined;
}

function namesIn(expression: Expression): string[] {
  return printExpression(expression).match(/[\p{ID_Start}_$][\p{ID_Continue}$]*/gu) ?? [];
}

/** Short names for elements: `dH1` is `dh`, `Z1` is `z`; none hides a scalar of the formula. */
function nameParams(leaves: readonly Leaf[], words: readonly string[]): Map<Node, string> {
  const allocator = createNameAllocator(words);
  return new Map(leaves.map((leaf) => [leaf.node, allocator.allocate(elementWord(leaf.param))]));
}

function elementWord(name: string): string {
  const word = name.replace(/[\d_]+$/, "");
  return word === ""
    ? "x"
    : word === word.toUpperCase() || word.length <= 3
      ? word.toLowerCase()
      : word.charAt(0).toLowerCase() + word.slice(1);
}

/** A shape less the axes that have size 1 in the result too. */
function withoutOnes(shape: readonly Dim[], result: readonly Dim[]): Dim[] {
  const offset = result.length - shape.length;
  const full = [...Array<Dim>(Math.max(0, offset)).fill(1), ...shape];
  return full.filter((_, axis) => result[axis] !== 1);
}

type Stretch = { readonly kind: "rows" | "columns" } | { readonly kind: "channels"; readonly inner: Dim };

/** How a smaller operand lies in the result: along its last axes (the same row everywhere), its first, or some in the middle. */
function stretchOf(shape: readonly Dim[], result: readonly Dim[]): Stretch | undefined {
  const own = withoutOnes(shape, result);
  const whole = withoutOnes(result, result);
  const padded = [...Array<Dim>(whole.length - own.length).fill(1), ...own];
  const first = padded.findIndex((dim) => dim !== 1);
  const last = padded.findLastIndex((dim) => dim !== 1);
  if (first === -1) return { kind: "rows" }; // a single element
  for (let axis = first; axis <= last; axis++) if (padded[axis] !== whole[axis]) return undefined;
  if (last === whole.length - 1) return { kind: "rows" };
  return first === 0 ? { kind: "columns" } : { kind: "channels", inner: multiplyDims(...whole.slice(last + 1)) };
}
