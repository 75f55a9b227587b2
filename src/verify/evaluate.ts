// The reference evaluator: a graph flattened once into a tape, run from first node to last. Knows only what each op means on numbers.

import type { Expression } from "../core/syntax.ts";
import type { CallNode, InputNode, Node } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { opNamed } from "../ops/registry.ts";
import type { Random } from "./prng.ts";

/** A graph as arrays. `values` holds what the last run gave each node; positions are topological. */
export interface Tape {
  readonly nodes: readonly Node[];
  readonly values: Float64Array;
  readonly outputs: Int32Array;
  /** Positions of each node's arguments: `argList[argStart[i]]` up to `argStart[i + 1]`. */
  readonly argStart: Int32Array;
  readonly argList: Int32Array;
  readonly positionOf: ReadonlyMap<Node, number>;
  run(point: ArrayLike<number>): void;
  /** A run in which every rounding goes another way: each inexact result is off by a few units in the last place. */
  runPerturbed(point: ArrayLike<number>, random: Random): void;
  /** Node evaluations so far, for budgets. */
  spent(): number;
}

type Evaluate = (...args: number[]) => number;

const EPSILON = 2 ** -52;
const SMALLEST_NORMAL = 2 ** -1022;
const SMALLEST = 2 ** -1074;

/** `roots` as a function of the values of `inputs`, in order. */
export function compileEvaluator(
  roots: readonly Node[],
  inputs: readonly InputNode[],
): (point: ArrayLike<number>) => Float64Array {
  const tape = compileTape(roots, inputs);
  return (point) => {
    tape.run(point);
    return readOutputs(tape);
  };
}

export function readOutputs(tape: Tape): Float64Array {
  const result = new Float64Array(tape.outputs.length);
  for (let i = 0; i < result.length; i++) result[i] = tape.values[tape.outputs[i]!]!;
  return result;
}

export function compileTape(roots: readonly Node[], inputs: readonly InputNode[]): Tape {
  const nodes = postOrder(roots);
  const positionOf = new Map(nodes.map((node, position) => [node, position]));
  const { argStart, argList } = flattenArguments(nodes, positionOf);
  const values = new Float64Array(nodes.length);
  const inputPositions = Int32Array.from(inputs, (input) => positionOf.get(input) ?? -1);
  const given = new Set<Node>(inputs);
  const calls: number[] = [];
  const evaluates: Evaluate[] = [];
  nodes.forEach((node, position) => {
    if (node.kind === "const") values[position] = node.value;
    if (node.kind === "input" && !given.has(node)) throw new Error(`input ${node.name} has no value`);
    if (node.kind !== "call") return;
    calls.push(position);
    evaluates.push(opNamed(node.op).evaluate);
  });
  const callPositions = Int32Array.from(calls);
  const { slack, isRouting, isArithmetic, cancels } = describeRounding(nodes, callPositions);
  let runs = 0;

  function placeInputs(point: ArrayLike<number>): void {
    runs++;
    for (let i = 0; i < inputPositions.length; i++) {
      if (inputPositions[i]! >= 0) values[inputPositions[i]!] = point[i]!;
    }
  }

  function evaluateCall(call: number): number {
    const position = callPositions[call]!;
    const evaluate = evaluates[call]!;
    const first = argStart[position]!;
    const a = values[argList[first]!]!;
    switch (argStart[position + 1]! - first) {
      case 1:
        return evaluate(a);
      case 2:
        return evaluate(a, values[argList[first + 1]!]!);
      case 3:
        return evaluate(a, values[argList[first + 1]!]!, values[argList[first + 2]!]!);
      default:
        return evaluate(...Array.from(argList.subarray(first, argStart[position + 1]!), (arg) => values[arg]!));
    }
  }

  return {
    nodes,
    values,
    outputs: Int32Array.from(roots, (root) => positionOf.get(root)!),
    argStart,
    argList,
    positionOf,
    run(point) {
      placeInputs(point);
      for (let call = 0; call < callPositions.length; call++) values[callPositions[call]!] = evaluateCall(call);
    },
    runPerturbed(point, random) {
      placeInputs(point);
      for (let i = 0; i < inputPositions.length; i++) {
        // A whole number is meant exactly: an order, a count.
        if (inputPositions[i]! < 0 || Number.isInteger(point[i]!)) continue;
        values[inputPositions[i]!] = perturb(point[i]!, EPSILON / 2, point[i]!, random);
      }
      for (let call = 0; call < callPositions.length; call++) {
        const position = callPositions[call]!;
        const value = evaluateCall(call);
        values[position] = value;
        if (isExact(value, position)) continue;
        values[position] = perturb(value, slack[position]!, cancels[position] === 1 ? largestArgument(position) : value, random);
      }
    },
    spent: () => runs * nodes.length,
  };

  /** An argument passed on was not rounded; one that swallowed the other, as in 1 + 1e-20, was. */
  function isExact(value: number, position: number): boolean {
    if (cancels[position] === 1) return false;
    if (value === 0) return true;
    const first = argStart[position]!;
    const end = argStart[position + 1]!;
    for (let at = first; at < end; at++) {
      if (Math.abs(value) !== Math.abs(values[argList[at]!]!)) continue;
      const isAlone = end - first === 1 || (end - first === 2 && values[argList[first + end - 1 - at]!] === 0);
      if (isRouting[position] === 1 || (isAlone && isArithmetic[position] === 1)) return true;
    }
    return false;
  }

  function largestArgument(position: number): number {
    let largest = 0;
    for (let at = argStart[position]!; at < argStart[position + 1]!; at++) {
      largest = Math.max(largest, Math.abs(values[argList[at]!]!));
    }
    return largest;
  }
}

function flattenArguments(nodes: readonly Node[], positionOf: ReadonlyMap<Node, number>) {
  const argStart = new Int32Array(nodes.length + 1);
  const args: number[] = [];
  nodes.forEach((node, position) => {
    argStart[position] = args.length;
    if (node.kind === "call") for (const arg of node.args) args.push(positionOf.get(arg)!);
  });
  argStart[nodes.length] = args.length;
  return { argStart, argList: Int32Array.from(args) };
}

/** Per node: how far its result may be off, and what kind of op passes an argument on. Asked once for each op. */
function describeRounding(nodes: readonly Node[], callPositions: Int32Array) {
  const slack = new Float64Array(nodes.length);
  const isRouting = new Uint8Array(nodes.length);
  const isArithmetic = new Uint8Array(nodes.length);
  const cancels = new Uint8Array(nodes.length);
  const known = new Map<string, { slack: number; routes: number; arithmetic: number; cancels: number }>();
  for (const position of callPositions) {
    const node = nodes[position] as CallNode; // positions of calls
    let of = known.get(node.op);
    if (of === undefined) {
      const { family, kinkFormulas } = opNamed(node.op);
      const routes = family === "comparison" || kinkFormulas.length > 0 ? 1 : 0;
      const slack = unitsInLastPlace(node) * EPSILON;
      const cancels = slack > 0 && kinkFormulas.some(hasCall) ? 1 : 0; // mod: what is left of two large numbers
      of = { slack, routes, arithmetic: family === "arithmetic" ? 1 : 0, cancels };
      known.set(node.op, of);
    }
    slack[position] = of.slack;
    isRouting[position] = of.routes;
    isArithmetic[position] = of.arithmetic;
    cancels[position] = of.cancels;
  }
  return { slack, isRouting, isArithmetic, cancels };
}

/** How far an op's result may be from the true one in units of the last place, generously; 0 for whole numbers and truth values. */
function unitsInLastPlace(node: CallNode): number {
  const op = opNamed(node.op);
  if (isStep(node)) return 0;
  if (op.family === "arithmetic") return 1;
  return op.family === "special" ? 16 : 2;
}

/** Whether the op is constant between its jumps: floor, sign, a comparison. */
export function isStep(node: Node): boolean {
  if (node.kind !== "call") return false;
  const op = opNamed(node.op);
  return op.result === "boolean" || (op.rule?.formulas.every((formula) => formula === undefined) ?? false);
}

function hasCall(formula: Expression): boolean {
  return formula.kind === "call" || (formula.kind === "binary" && (hasCall(formula.left) || hasCall(formula.right)));
}

/** `value` off by `relative` times `size`. */
function perturb(value: number, relative: number, size: number, random: Random): number {
  if (relative === 0) return value;
  // A subnormal has lost digits that no relative error shows.
  if (Math.abs(size) < SMALLEST_NORMAL && size !== 0) return value + random.sign() * SMALLEST;
  // At least half a unit, or the result would often round to where it was.
  return value + size * relative * random.sign() * random.between(0.5, 1.5);
}
