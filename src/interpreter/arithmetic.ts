// Operators as closures: JavaScript's own, one closure for each, so that the engine knows which operator runs where. The four that hot code
// is made of have a closure for each kind of operand as well: a variable, a constant, anything else.

import type { BinaryOperator } from "../core/syntax.ts";
import type { Evaluate, Place } from "./scope.ts";

/** Code over numbers. */
type Calculate = (frame: readonly number[]) => number;

export type Arithmetic = Exclude<BinaryOperator, "&&" | "||">;

/** Made from operands of any kind; an operator of JavaScript takes what it gets, so the types say no more than what is meant. */
const OPERATORS: Readonly<Record<Arithmetic, (left: Calculate, right: Calculate) => (frame: readonly number[]) => unknown>> = {
  "+": (left, right) => (frame) => left(frame) + right(frame),
  "-": (left, right) => (frame) => left(frame) - right(frame),
  "*": (left, right) => (frame) => left(frame) * right(frame),
  "/": (left, right) => (frame) => left(frame) / right(frame),
  "%": (left, right) => (frame) => left(frame) % right(frame),
  "**": (left, right) => (frame) => left(frame) ** right(frame),
  "<": (left, right) => (frame) => left(frame) < right(frame),
  "<=": (left, right) => (frame) => left(frame) <= right(frame),
  ">": (left, right) => (frame) => left(frame) > right(frame),
  ">=": (left, right) => (frame) => left(frame) >= right(frame),
  "===": (left, right) => (frame) => left(frame) === right(frame),
  "!==": (left, right) => (frame) => left(frame) !== right(frame),
};

/** One operator over operands of known kinds: `slot` reads a variable of the frame, `constant` is a number. */
interface Specialised {
  slots(left: number, right: number): Calculate;
  slotAny(slot: number, right: Calculate): Calculate;
  anySlot(left: Calculate, slot: number): Calculate;
  constantAny(constant: number, right: Calculate): Calculate;
  anyConstant(left: Calculate, constant: number): Calculate;
  constantSlot(constant: number, slot: number): Calculate;
}

// prettier-ignore
const SPECIALISED: Readonly<Partial<Record<Arithmetic, Specialised>>> = {
  "+": {
    slots: (left, right) => (frame) => frame[left]! + frame[right]!,
    slotAny: (slot, right) => (frame) => frame[slot]! + right(frame),
    anySlot: (left, slot) => (frame) => left(frame) + frame[slot]!,
    constantAny: (constant, right) => (frame) => constant + right(frame),
    anyConstant: (left, constant) => (frame) => left(frame) + constant,
    constantSlot: (constant, slot) => (frame) => constant + frame[slot]!,
  },
  "-": {
    slots: (left, right) => (frame) => frame[left]! - frame[right]!,
    slotAny: (slot, right) => (frame) => frame[slot]! - right(frame),
    anySlot: (left, slot) => (frame) => left(frame) - frame[slot]!,
    constantAny: (constant, right) => (frame) => constant - right(frame),
    anyConstant: (left, constant) => (frame) => left(frame) - constant,
    constantSlot: (constant, slot) => (frame) => constant - frame[slot]!,
  },
  "*": {
    slots: (left, right) => (frame) => frame[left]! * frame[right]!,
    slotAny: (slot, right) => (frame) => frame[slot]! * right(frame),
    anySlot: (left, slot) => (frame) => left(frame) * frame[slot]!,
    constantAny: (constant, right) => (frame) => constant * right(frame),
    anyConstant: (left, constant) => (frame) => left(frame) * constant,
    constantSlot: (constant, slot) => (frame) => constant * frame[slot]!,
  },
  "/": {
    slots: (left, right) => (frame) => frame[left]! / frame[right]!,
    slotAny: (slot, right) => (frame) => frame[slot]! / right(frame),
    anySlot: (left, slot) => (frame) => left(frame) / frame[slot]!,
    constantAny: (constant, right) => (frame) => constant / right(frame),
    anyConstant: (left, constant) => (frame) => left(frame) / constant,
    constantSlot: (constant, slot) => (frame) => constant / frame[slot]!,
  },
};

/** `left operator right`. */
export function binary(operator: BinaryOperator, left: Place, right: Place): Evaluate {
  if (operator === "&&") return (frame) => left.read(frame) && right.read(frame);
  if (operator === "||") return (frame) => left.read(frame) || right.read(frame);
  const [a, b] = [left.read as Calculate, right.read as Calculate]; // frames of numbers as far as operators can tell
  const special = SPECIALISED[operator];
  const made = (special && specialise(special, left, right)) ?? OPERATORS[operator](a, b);
  return made as Evaluate;
}

function specialise(special: Specialised, left: Place, right: Place): Calculate | undefined {
  const [a, b] = [left.read as Calculate, right.read as Calculate];
  const [first, second] = [numberOf(left), numberOf(right)];
  if (first !== undefined && right.slot !== undefined) return special.constantSlot(first, right.slot);
  if (first !== undefined) return special.constantAny(first, b);
  if (second !== undefined) return special.anyConstant(a, second);
  if (left.slot !== undefined && right.slot !== undefined) return special.slots(left.slot, right.slot);
  if (left.slot !== undefined) return special.slotAny(left.slot, b);
  return right.slot === undefined ? undefined : special.anySlot(a, right.slot);
}

/** `-operand`. */
export function negate(operand: Place): Place {
  const value = numberOf(operand);
  if (value !== undefined) return constant(-value);
  const { slot } = operand;
  const read = operand.read as Calculate;
  const made: Calculate = slot === undefined ? (frame) => -read(frame) : (frame) => -frame[slot]!;
  return { read: made as Evaluate };
}

export function constant(value: unknown): Place {
  return { read: () => value, constant: { value } };
}

function numberOf({ constant }: Place): number | undefined {
  return typeof constant?.value === "number" ? constant.value : undefined;
}
