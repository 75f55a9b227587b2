// Graphs of tensor ops written as calls, and numbers from them, without the evaluator that other tests are about.

import { evaluateDim, type Sizes } from "../../src/ir/dims.ts";
import type { Attrs, CallNode, Graph, InputNode, Node } from "../../src/ir/graph.ts";
import type { Dim, TensorType } from "../../src/ir/shape.ts";
import { postOrder } from "../../src/ir/walk.ts";
import { rawCall } from "../../src/ops/build.ts";
import { ops } from "../../src/ops/registry.ts";
import type { Tensor } from "../../src/ops/tensor/define.ts";
import * as movement from "../../src/ops/tensor/reference/movement.ts";
import { tensorOps } from "../../src/ops/tensor/registry.ts";
import { randomNumbers } from "./text.ts";

/** Builders by op: the arguments are nodes or numbers, attributes come last. Nothing is folded. */
export type Make = Readonly<Record<string, (...args: readonly (Node | number | Attrs)[]) => Node>>;

export function makerOf(graph: Graph): Make {
  const builder =
    (op: string) =>
    (...args: readonly (Node | number | Attrs)[]): Node => {
      const isNode = (arg: Node | number | Attrs): arg is Node | number => typeof arg === "number" || "kind" in arg;
      const nodes = args.filter(isNode).map((arg) => (typeof arg === "number" ? graph.constant(arg) : arg));
      const attrs = args.find((arg): arg is Attrs => !isNode(arg));
      return attrs === undefined ? rawCall(graph, op, nodes) : rawCall(graph, op, nodes, attrs);
    };
  return Object.fromEntries([...ops.keys(), ...tensorOps.keys()].map((op) => [op, builder(op)]));
}

export interface Inputs {
  readonly [name: string]: readonly Dim[] | (TensorType & { readonly below: number });
}

export function typeOf(input: Inputs[string]): TensorType {
  return "shape" in input ? { dtype: input.dtype, shape: input.shape } : { dtype: "real", shape: input };
}

export function integers(shape: readonly Dim[], below: number): Inputs[string] {
  return { dtype: "integer", shape, below };
}

export function inputsOf(graph: Graph, inputs: Inputs): Record<string, InputNode> {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, graph.input(name, typeOf(input))]));
}

/** What symbolic dimensions are when graphs are evaluated. */
export const SIZES: Sizes = new Map([
  ["batch", 3],
  ["time", 4],
]);

export type Values = ReadonlyMap<string, Tensor>;

/** Reals in (-1, 1) times `scale`; with `isExtreme`, every number ±scale. */
export function sampleInputs(inputs: Inputs, seed: number, scale = 2, isExtreme = false): Values {
  const random = randomNumbers(seed);
  const real = (): number => (isExtreme ? (random() < 0.5 ? -scale : scale) : scale * (2 * random() - 1));
  return new Map(
    Object.entries(inputs).map(([name, input]) => {
      const shape = sizesOf(typeOf(input).shape);
      const count = shape.reduce((product, size) => product * size, 1);
      const value = "below" in input ? (): number => Math.floor(random() * input.below) : real;
      return [name, { shape, data: Float64Array.from({ length: count }, value) }];
    }),
  );
}

export function evaluate(root: Node, values: Values, sizes = SIZES): Tensor {
  const results = new Map<Node, Tensor>();
  const of = (node: Node): Tensor => results.get(node)!;
  for (const node of postOrder([root])) results.set(node, valueOf(node, values, sizes, of));
  return of(root);
}

function valueOf(node: Node, values: Values, sizes: Sizes, of: (arg: Node) => Tensor): Tensor {
  if (node.kind === "const") return { shape: [], data: Float64Array.of(node.value) };
  if (node.kind === "input") return values.get(node.name)!;
  const args = node.args.map(of);
  const definition = tensorOps.get(node.op);
  return definition === undefined ? elementwise(node, args, sizes) : definition.evaluate(args, knownAttrs(node.attrs, sizes));
}

function elementwise(node: CallNode, args: readonly Tensor[], sizes: Sizes): Tensor {
  const shape = sizesOf(node.type.shape, sizes);
  const stretched = args.map((arg) => movement.broadcast([arg], { shape }).data);
  const { evaluate: meaning } = ops.get(node.op)!;
  return { shape, data: stretched[0]!.map((_, i) => meaning(...stretched.map((data) => data[i]!))) };
}

function sizesOf(shape: readonly Dim[], sizes = SIZES): number[] {
  return shape.map((dim) => evaluateDim(dim, sizes));
}

/** Attributes with numbers for symbolic dimensions. */
function knownAttrs(attrs: Attrs, sizes: Sizes): Attrs {
  const known = (value: number | string): number => evaluateDim(value, sizes);
  return Object.fromEntries(
    Object.entries(attrs).map(([name, value]) => {
      if (name === "spec") return [name, value];
      return [name, Array.isArray(value) ? value.map(known) : known(value as number | string)];
    }),
  );
}

/** `sum(x; axes=1)`. */
export function tensorText(node: Node): string {
  if (node.kind === "const") return String(node.value);
  if (node.kind === "input") return node.name;
  const attrs = Object.entries(node.attrs).map(([name, value]) => `${name}=${String(value)}`);
  return `${node.op}(${[node.args.map(tensorText).join(", "), ...attrs.sort()].join("; ")})`;
}
