// Where an evaluation leaves the real numbers: the first value that counts and is not finite. A branch not taken does not count.

import type { Tape } from "./evaluate.ts";

/** Beyond these, a square on the way of a correct gradient overflows or vanishes. */
const HUGE = 1e120;
const TINY = 1e-120;

export interface Trouble {
  readonly position: number;
  /** `unreal`: not finite. `extreme`: finite, but so large or small that the gradient's own arithmetic may leave the range. */
  readonly kind: "unreal" | "extreme";
}

/** The first trouble of the tape's last run; an unreal value before an extreme one. */
export function findTrouble(tape: Tape): Trouble | undefined {
  if (isCalm(tape)) return undefined;
  const counts = markCounting(tape);
  let extreme = -1;
  for (let position = 0; position < tape.nodes.length; position++) {
    if (counts[position] === 0) continue;
    const value = tape.values[position]!;
    if (!Number.isFinite(value)) return { position, kind: "unreal" };
    if (extreme < 0 && isExtreme(value) && tape.nodes[position]!.kind === "call") extreme = position;
  }
  return extreme < 0 ? undefined : { position: extreme, kind: "extreme" };
}

function isCalm(tape: Tape): boolean {
  for (const value of tape.values) if (!Number.isFinite(value) || isExtreme(value)) return false;
  return true;
}

function isExtreme(value: number): boolean {
  const size = Math.abs(value);
  return size > HUGE || (size < TINY && size !== 0);
}

/** 1 for every node that the outputs use at this point. */
export function markCounting(tape: Tape): Uint8Array {
  const { nodes, values, argStart, argList } = tape;
  const counts = new Uint8Array(nodes.length);
  for (const output of tape.outputs) counts[output] = 1;
  for (let position = nodes.length - 1; position >= 0; position--) {
    const node = nodes[position]!;
    if (counts[position] === 0 || node.kind !== "call") continue;
    const first = argStart[position]!;
    for (let at = first; at < argStart[position + 1]!; at++) {
      if (node.op === "select" && at === first + (values[argList[first]!] !== 0 ? 2 : 1)) continue;
      counts[argList[at]!] = 1;
    }
  }
  return counts;
}
