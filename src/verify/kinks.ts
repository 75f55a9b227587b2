// The kinks and jumps of a graph: which piece of a piecewise function a point lies in, and whether two points share one.

import { createGraph, type CallNode, type InputNode } from "../ir/graph.ts";
import { postOrder } from "../ir/walk.ts";
import { instantiate } from "../ops/build.ts";
import { opNamed } from "../ops/registry.ts";
import type { Expression } from "../core/syntax.ts";
import { compileEvaluator, isStep, type Tape } from "./evaluate.ts";

/** One formula of one node (of one argument, for a variadic op); its zeros are the kink. */
export interface KinkSlot {
  readonly position: number;
  readonly node: CallNode;
  /** The formula at the tape's last run. */
  readonly read: () => number;
  /** The whole numbers the formula goes by, as `round(x)` in `x - round(x)`: a step over two kinks leaves its sign alone. */
  readonly readSteps?: () => ArrayLike<number>;
}

/** A piece: the sign of every slot and the value of every step function. */
export interface Piece {
  readonly signs: Int8Array;
  readonly steps: Float64Array;
}

export type Standing = "inside" | "corner" | "tie";

export interface Kinks {
  readonly slots: readonly KinkSlot[];
  /** The piece of the tape's last run. */
  capture(): Piece;
  /** Whether the tape's last run lies in `piece`. */
  isIn(piece: Piece): boolean;
  signOf(slot: number): number;
  /** Whether a piece lies on kinks throughout. `tie`: as `max(x, x)` does, where a gradient is what convention says. */
  standingOf(piece: Piece): Standing;
}

const UNDEFINED_SIGN = 2;

export function compileKinks(tape: Tape, varies: Uint8Array): Kinks {
  const slots: KinkSlot[] = [];
  const stepPositions: number[] = [];
  const readers = new Map<string, FormulaReader[]>();
  tape.nodes.forEach((node, position) => {
    if (node.kind !== "call" || varies[position] === 0) return;
    if (isStep(node)) stepPositions.push(position);
    if (opNamed(node.op).kinkFormulas.length === 0) return;
    if (!readers.has(node.op)) readers.set(node.op, formulaReaders(node.op));
    slots.push(...slotsOf(tape, position, node, readers.get(node.op)!));
  });
  const stepReaders = slots.flatMap(({ readSteps }) => (readSteps ? [readSteps] : []));

  const signOf = (slot: number): number => {
    const value = slots[slot]!.read();
    return Number.isNaN(value) ? UNDEFINED_SIGN : Math.sign(value);
  };

  return {
    slots,
    signOf,
    capture() {
      const signs = new Int8Array(slots.length);
      for (let slot = 0; slot < slots.length; slot++) signs[slot] = signOf(slot);
      const steps = stepPositions.map((position) => tape.values[position]!);
      for (const readSteps of stepReaders) steps.push(...Array.from(readSteps()));
      return { signs, steps: Float64Array.from(steps) };
    },
    isIn(piece) {
      for (let i = 0; i < stepPositions.length; i++) {
        if (!sameNumber(tape.values[stepPositions[i]!]!, piece.steps[i]!)) return false;
      }
      for (let slot = 0; slot < slots.length; slot++) if (signOf(slot) !== piece.signs[slot]) return false;
      let at = stepPositions.length;
      for (const readSteps of stepReaders) {
        const steps = readSteps();
        for (let i = 0; i < steps.length; i++) if (!sameNumber(steps[i]!, piece.steps[at++]!)) return false;
      }
      return true;
    },
    standingOf(piece) {
      let standing: Standing = "inside";
      let previous = -1;
      for (let slot = 0; slot < slots.length; slot++) {
        if (piece.signs[slot] !== 0) continue;
        const { position, node } = slots[slot]!;
        if (isStep(node)) continue;
        // The winner of a max always sits at zero: there it takes two.
        if (!opNamed(node.op).variadic) standing = "corner";
        else if (position === previous) return "tie";
        previous = position;
      }
      return standing;
    },
  };
}

const sameNumber = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** A formula of an op: its value and after that the values of the step functions in it. */
type FormulaReader = (args: readonly number[], out: number) => ArrayLike<number>;

function slotsOf(tape: Tape, position: number, node: CallNode, formulas: readonly FormulaReader[]): KinkSlot[] {
  const op = opNamed(node.op);
  const args = Array.from(tape.argList.subarray(tape.argStart[position]!, tape.argStart[position + 1]!));
  const groups = op.variadic ? args.map((arg) => [arg]) : [args];
  return groups.flatMap((group) => {
    const names = new Map([...op.params.map((param, i) => [param, group[i]!] as const), ["out", position] as const]);
    return op.kinkFormulas.map((formula, k): KinkSlot => {
      const read = direct(tape.values, formula, names);
      if (read) return { position, node, read };
      const evaluate = () =>
        formulas[k]!(
          group.map((arg) => tape.values[arg]!),
          tape.values[position]!,
        );
      return { position, node, read: () => evaluate()[0]!, readSteps: () => Array.from(evaluate()).slice(1) };
    });
  });
}

/** A formula that is a parameter or a difference of two, as nearly all are, is read without ceremony. */
function direct(values: Float64Array, formula: Expression, names: ReadonlyMap<string, number>): (() => number) | undefined {
  if (formula.kind === "name" && names.has(formula.name)) {
    const at = names.get(formula.name)!;
    return () => values[at]!;
  }
  if (formula.kind !== "binary" || formula.operator !== "-") return undefined;
  if (formula.left.kind !== "name" || formula.right.kind !== "name") return undefined;
  const left = names.get(formula.left.name);
  const right = names.get(formula.right.name);
  return left === undefined || right === undefined ? undefined : () => values[left]! - values[right]!;
}

/** The formulas of an op as functions of its arguments and its result. */
function formulaReaders(name: string): FormulaReader[] {
  const op = opNamed(name);
  return op.kinkFormulas.map((formula) => {
    const graph = createGraph();
    const inputs: InputNode[] = [...op.params, "out"].map((param) => graph.input(param));
    const root = instantiate(graph, formula, new Map(inputs.map((input) => [input.name, input])));
    const evaluate = compileEvaluator([root, ...postOrder([root]).filter(isStep)], inputs);
    return (args, out) => evaluate([...args, out]);
  });
}
