// The reference evaluator of graphs with tensors: every node in order, by what its op means. Sizes of symbolic dimensions are fixed when a
// tape is made. Knows only the meaning of each op.

import { evaluateDim, type Sizes } from "../ir/dims.ts";
import type { Attr, Attrs, CallNode, InputNode, Node } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";
import { postOrder } from "../ir/walk.ts";
import { opNamed } from "../ops/registry.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { broadcastPositions, countOf } from "../ops/tensor/reference/indices.ts";
import { tensorOpNamed, tensorOps } from "../ops/tensor/registry.ts";
import { isStep } from "./evaluate.ts";
import type { Random } from "./prng.ts";

export type TensorInputs = ReadonlyMap<InputNode, Tensor>;

export interface TensorTape {
  /** Arguments before users. */
  readonly nodes: readonly Node[];
  readonly positionOf: ReadonlyMap<Node, number>;
  /** What each node was worth in the last run; the next one writes over it. */
  readonly values: readonly Tensor[];
  /** About how many nanoseconds a full run takes: the measure of budgets, the same on every machine. */
  readonly cost: number;
  /** The cost of all runs so far. */
  spent(): number;
  /** The outputs, in arrays of their own. With `changed`, only what depends on these inputs is computed anew. */
  run(inputs: TensorInputs, changed?: ReadonlySet<Node>): Tensor[];
  /** The same with every rounding thrown the other way at random, for measuring what rounding may do. */
  runPerturbed(inputs: TensorInputs, random: Random): Tensor[];
}

type Step = (args: readonly Tensor[]) => Tensor;

const EPSILON = 2 ** -52;

export function compileTensorTape(outputs: readonly Node[], sizes: Sizes): TensorTape {
  const nodes = postOrder(outputs);
  const positionOf = new Map(nodes.map((node, position) => [node, position]));
  const shapes = nodes.map((node) => evaluateShape(node.type.shape, sizes));
  const argsOf = nodes.map((node) => (node.kind === "call" ? node.args.map((arg) => positionOf.get(arg)!) : []));
  const steps = nodes.map((node, position) => {
    if (node.kind !== "call") return undefined;
    const argShapes = argsOf[position]!.map((arg) => shapes[arg]!);
    return tensorOps.has(node.op) ? tensorStep(node, sizes) : elementwiseStep(node, argShapes, shapes[position]!);
  });
  const values: Tensor[] = nodes.map((node, position) =>
    node.kind === "const" ? { shape: [], data: Float64Array.of(node.value) } : { shape: shapes[position]!, data: EMPTY },
  );
  const roundings = nodes.map(roundingOf);
  const costs = nodes.map((node, position) => costOf(node, position, shapes, argsOf));
  const isDirty = new Uint8Array(nodes.length);
  let spent = 0;
  let isComplete = false;

  return {
    nodes,
    positionOf,
    values,
    cost: costs.reduce((sum, cost) => sum + cost, 0),
    spent: () => spent,
    run(inputs, changed) {
      sweep(inputs, isComplete ? changed : undefined);
      isComplete = true;
      return readOutputs();
    },
    runPerturbed(inputs, random) {
      isComplete = false;
      sweep(inputs, undefined, random);
      return readOutputs();
    },
  };

  function sweep(inputs: TensorInputs, changed: ReadonlySet<Node> | undefined, random?: Random): void {
    for (let position = 0; position < nodes.length; position++) {
      const node = nodes[position]!;
      if (node.kind === "const") continue;
      const args = argsOf[position]!;
      const mustRun =
        changed === undefined || (node.kind === "input" ? changed.has(node) : args.some((arg) => isDirty[arg] === 1));
      isDirty[position] = mustRun ? 1 : 0;
      if (!mustRun) continue;
      spent += costs[position]!;
      const value = node.kind === "input" ? inputNamed(inputs, node) : steps[position]!(args.map((arg) => values[arg]!));
      values[position] = random === undefined ? value : perturb(value, roundings[position]!, node.kind === "input", random);
    }
  }

  function readOutputs(): Tensor[] {
    return outputs.map((output) => {
      const { shape, data } = values[positionOf.get(output)!]!;
      return { shape, data: data.slice() };
    });
  }
}

export function evaluateShape(shape: readonly Dim[], sizes: Sizes): number[] {
  return shape.map((dim) => evaluateDim(dim, sizes));
}

/** Attributes with the sizes put in for the names of dimensions. */
export function resolveAttrs(attrs: Attrs, sizes: Sizes): Attrs {
  const resolve = (value: Attr): Attr => {
    if (typeof value === "object") return value.map((each) => evaluateDim(each, sizes));
    return evaluateDim(value, sizes);
  };
  return Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, name === "spec" ? value : resolve(value)]));
}

const EMPTY = new Float64Array(0);

function inputNamed(inputs: TensorInputs, node: InputNode): Tensor {
  const value = inputs.get(node);
  if (value === undefined) throw new Error(`no value for input ${node.name}`);
  return value;
}

function tensorStep(node: CallNode, sizes: Sizes): Step {
  const { evaluate } = tensorOpNamed(node.op);
  const attrs = resolveAttrs(node.attrs, sizes);
  return (args) => evaluate(args, attrs);
}

/** The op on each element, of arguments that broadcast. Writes into the same array each time. */
function elementwiseStep(node: CallNode, argShapes: readonly (readonly number[])[], shape: readonly number[]): Step {
  const { evaluate } = opNamed(node.op);
  const data = new Float64Array(countOf(shape));
  const result: Tensor = { shape, data };
  const walks = argShapes.map((from) => (isSame(from, shape) ? undefined : broadcastPositions(from, shape)));
  const isPlain = walks.every((walk) => walk === undefined);
  if (argShapes.length === 1 && isPlain) {
    return ([x]) => {
      for (let i = 0; i < data.length; i++) data[i] = evaluate(x!.data[i]!);
      return result;
    };
  }
  if (argShapes.length === 2) {
    const [left, right] = walks;
    return ([x, y]) => {
      if (isPlain) for (let i = 0; i < data.length; i++) data[i] = evaluate(x!.data[i]!, y!.data[i]!);
      else for (let i = 0; i < data.length; i++) data[i] = evaluate(x!.data[left?.[i] ?? i]!, y!.data[right?.[i] ?? i]!);
      return result;
    };
  }
  return (args) => {
    for (let i = 0; i < data.length; i++) data[i] = evaluate(...args.map((arg, at) => arg.data[walks[at]?.[i] ?? i]!));
    return result;
  };
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Elements that go in or out, and for products the terms of their sums. */
function costOf(
  node: Node,
  position: number,
  shapes: readonly (readonly number[])[],
  argsOf: readonly (readonly number[])[],
): number {
  if (node.kind !== "call") return 1;
  const own = countOf(shapes[position]!);
  const args = argsOf[position]!.map((arg) => shapes[arg]!);
  const largest = Math.max(own, ...args.map(countOf));
  if (!tensorOps.has(node.op)) return 50 + (args.length > 2 ? 60 : 6) * own;
  switch (node.op) {
    case "contract": {
      const letters = (node.attrs["spec"] as string).split("->")[0]!.split(",");
      const sizes = new Map(
        letters.flatMap((each, arg) => [...each].map((letter, axis) => [letter, args[arg]![axis]!] as const)),
      );
      return 2000 + 1.5 * countOf([...sizes.values()]) + 3 * own;
    }
    case "conv2d":
      return 1000 + 2 * own * countOf(args[1]!.slice(1));
    case "conv2dInput":
    case "conv2dKernel":
      return 1000 + (2 * own * countOf(args[1]!)) / Math.max(1, args[1]![1]!);
    case "det":
    case "logdet":
    case "inv":
    case "solve":
      return 1000 + 10 * args[0]![0]! ** 3;
    case "reshape":
      return 50;
    default:
      return 500 + 15 * largest;
  }
}

/** How far a result may be off, relative to itself; what only moves or chooses elements is exact. */
function roundingOf(node: Node): number {
  if (node.type.dtype !== "real" || node.kind === "const") return 0;
  if (node.kind === "input") return EPSILON / 2;
  const tensor = tensorOps.get(node.op);
  if (tensor) return tensor.family === "movement" || tensor.family === "generator" || CHOOSES.has(node.op) ? 0 : EPSILON;
  const { family, kinkFormulas } = opNamed(node.op);
  if (isStep(node) || family === "comparison") return 0;
  if (family === "special") return 16 * EPSILON;
  const routes = kinkFormulas.length > 0 && node.op !== "mod";
  return routes ? 0 : family === "arithmetic" ? EPSILON : 2 * EPSILON;
}

const CHOOSES: ReadonlySet<string> = new Set([
  "reduceMax",
  "reduceMin",
  "maxPool2d",
  "maxPool2dPick",
  "maxPool2dBackward",
  "diagonal",
  "diagonalEmbed",
]);

/** Every element off by about `relative` of itself. Whole numbers that were given are meant exactly. */
function perturb(value: Tensor, relative: number, isInput: boolean, random: Random): Tensor {
  if (relative === 0) return value;
  const data = value.data.map((x) => {
    if (!Number.isFinite(x) || (isInput && Number.isInteger(x))) return x;
    return x * (1 + relative * random.sign() * random.between(0.5, 1.5)); // less would often round to where it was
  });
  return { shape: value.shape, data };
}
