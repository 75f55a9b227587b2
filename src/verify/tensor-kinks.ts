// The kinks and jumps of a graph over tensors, element by element: which piece of a piecewise function a point lies in, and whether two
// points share one.

import { createGraph, type CallNode, type Node } from "../ir/graph.ts";
import { dependents, postOrder } from "../ir/walk.ts";
import { instantiate } from "../ops/build.ts";
import { opNamed } from "../ops/registry.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { maximaOfWindows } from "../ops/tensor/reference/convolution.ts";
import { countOf, linesAlong, axesNamed } from "../ops/tensor/reference/indices.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import type { Sizes } from "../ir/dims.ts";
import { isStep } from "./evaluate.ts";
import { compileTensorTape, resolveAttrs, type TensorTape } from "./tensor-evaluate.ts";

/** What decides on the piece at one node: signs of a kink formula, values of a step function, places of maxima. */
export interface TensorSlot {
  readonly node: CallNode;
  readonly position: number;
  /** `sign`: −1, 0, 1 for each element, 2 where it is undefined. */
  readonly kind: "sign" | "value";
  readonly read: () => ArrayLike<number>;
}

/** One list of codes for each slot. */
export type TensorPiece = readonly Float64Array[];

export interface TensorKinks {
  readonly slots: readonly TensorSlot[];
  /** The piece of the tape's last run. */
  capture(): TensorPiece;
  /** Whether the tape's last run lies in `piece`. */
  isIn(piece: TensorPiece): boolean;
  /** In the tape's last run, the largest and smallest that several share, in the piece given. */
  readTies(piece: TensorPiece): Float64Array;
}

const UNDEFINED_SIGN = 2;
const POOLING: ReadonlySet<string> = new Set(["maxPool2d", "maxPool2dPick", "maxPool2dBackward"]);
const EXTREMES: ReadonlySet<string> = new Set(["reduceMax", "reduceMin"]);

export function compileTensorKinks(
  tape: TensorTape,
  outputs: readonly Node[],
  moving: ReadonlySet<Node>,
  sizes: Sizes,
): TensorKinks {
  const varies = dependents(outputs, moving);
  const slots = tape.nodes.flatMap((node, position) =>
    node.kind === "call" && varies(node) ? slotsOf(tape, node, position, sizes) : [],
  );
  const ties = tieGroups(tape, slots);

  return {
    slots,
    capture: () => slots.map(({ read }) => Float64Array.from(read())),
    isIn: (piece) => slots.every(({ read }, slot) => sameCodes(read(), piece[slot]!)),
    readTies: (piece) =>
      Float64Array.from(
        ties.flatMap(({ position, members, lines }) => {
          const { data } = tape.values[position]!;
          const winners = countWinners(
            members.map((slot) => piece[slot]!),
            data.length,
            lines,
          );
          return [...data].filter((_, i) => winners[i]! > 1);
        }),
      ),
  };
}

function sameCodes(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return false;
  return true;
}

function slotsOf(tape: TensorTape, node: CallNode, position: number, sizes: Sizes): TensorSlot[] {
  const args = node.args.map((arg) => tape.positionOf.get(arg)!);
  const valueOf = (at: number): Tensor => tape.values[at]!;
  if (POOLING.has(node.op)) {
    const attrs = resolveAttrs(node.attrs, sizes);
    return [{ node, position, kind: "value", read: () => maximaOfWindows(valueOf(args.at(-1)!), attrs) }];
  }
  if (EXTREMES.has(node.op)) {
    return [
      { node, position, kind: "sign", read: () => signsAlong(valueOf(args[0]!), valueOf(position), axesNamed(node.attrs)) },
    ];
  }
  if (tensorOps.has(node.op)) return [];
  const steps: TensorSlot[] =
    isStep(node) && opNamed(node.op).family !== "comparison"
      ? [{ node, position, kind: "value", read: () => valueOf(position).data }]
      : [];
  return [...steps, ...formulaSlots(tape, node, position, args)];
}

/** A slot for each formula of the op, for a variadic op for each formula and argument. */
function formulaSlots(tape: TensorTape, node: CallNode, position: number, args: readonly number[]): TensorSlot[] {
  const op = opNamed(node.op);
  const groups = op.variadic ? args.map((arg) => [arg]) : [args];
  return groups.flatMap((group) =>
    op.kinkFormulas.flatMap((formula): TensorSlot[] => {
      const graph = createGraph();
      const at = [...group, position];
      const inputs = [...op.params, "out"].map((param, i) =>
        graph.input(param, { dtype: "real", shape: tape.values[at[i]!]!.shape }),
      );
      const root = instantiate(graph, formula, new Map(inputs.map((input) => [input.name, input])));
      const steps = postOrder([root]).filter(isStep);
      const reader = compileTensorTape([root, ...steps], new Map());
      const run = (): Tensor[] => reader.run(new Map(inputs.map((input, i) => [input, tape.values[at[i]!]!])));
      const slots: TensorSlot[] = [{ node, position, kind: "sign", read: () => run()[0]!.data.map(signOf) }];
      // A step over two kinks leaves the sign alone, but not the whole number that the formula goes by.
      if (steps.length > 0) {
        const read = (): number[] =>
          run()
            .slice(1)
            .flatMap(({ data }) => [...data]);
        slots.push({ node, position, kind: "value", read });
      }
      return slots;
    }),
  );
}

function signOf(value: number): number {
  return Number.isNaN(value) ? UNDEFINED_SIGN : Math.sign(value);
}

/** The signs of x − out along reduced axes; 0: a winner. */
function signsAlong(x: Tensor, out: Tensor, axes: readonly number[]): Float64Array {
  const { starts, steps } = linesAlong(x.shape, axes);
  const signs = new Float64Array(x.data.length);
  starts.forEach((start, line) => {
    for (const step of steps) signs[start + step] = signOf(x.data[start + step]! - out.data[line]!);
  });
  return signs;
}

interface TieGroup {
  readonly position: number;
  /** The slots of one node. */
  readonly members: readonly number[];
  /** For reductions: the line each element of the codes belongs to. */
  readonly lines: Int32Array | undefined;
}

/** The nodes that route to a winner, of which there may be several. */
function tieGroups(tape: TensorTape, slots: readonly TensorSlot[]): TieGroup[] {
  const members = new Map<CallNode, number[]>();
  slots.forEach(({ node, kind }, slot) => {
    const routes = EXTREMES.has(node.op) || (!tensorOps.has(node.op) && opNamed(node.op).variadic);
    if (routes && kind === "sign") members.set(node, [...(members.get(node) ?? []), slot]);
  });
  return [...members].map(([node, own]) => ({
    position: tape.positionOf.get(node)!,
    members: own,
    lines: EXTREMES.has(node.op) ? lineNumbers(tape.values[tape.positionOf.get(node.args[0]!)!]!.shape, node) : undefined,
  }));
}

function lineNumbers(shape: readonly number[], node: CallNode): Int32Array {
  const { starts, steps } = linesAlong(shape, axesNamed(node.attrs));
  const lines = new Int32Array(countOf(shape));
  starts.forEach((start, line) => steps.forEach((step) => (lines[start + step] = line)));
  return lines;
}

function countWinners(codes: readonly Float64Array[], length: number, lines: Int32Array | undefined): Int32Array {
  const winners = new Int32Array(length);
  for (const each of codes) each.forEach((code, i) => (winners[lines?.[i] ?? i]! += code === 0 ? 1 : 0));
  return winners;
}
