// One operator in the place of another.

import { operatorsIn, type Case } from "../case.ts";
import type { Explained } from "./types.ts";

/** What may have been meant by an operator. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  ">": ["<"],
  "<": [">"],
  ">=": ["<="],
  "<=": [">="],
  "^": ["**"],
};

export function anotherOperator(wrong: Case): Explained | undefined {
  const { write, text } = wrong;
  const root = write.right ?? write.node;
  for (const { operator, start } of operatorsIn(root, text)) {
    for (const other of MEANT[operator] ?? []) {
      const edits = [{ start, end: start + operator.length, text: other }];
      if (!wrong.solves(edits)) continue;
      return {
        explanation:
          operator === "^"
            ? "^ is no power in TypeScript but an exclusive or of bits; a power is written **"
            : `the ${operator} on this line should be a ${other}`,
        nudge: "Take the line apart: which part of it has the wrong sign, or the wrong place in the fraction?",
        edits,
      };
    }
  }
  return undefined;
}
