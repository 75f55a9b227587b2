// Mistakes of lines over arrays: a matrix that is not transposed or should not be, a sum over the rows that takes one row or their mean.

import type { CallExpression } from "@babel/types";
import { parseStatement, replaced, textOf, type ParsedStatement } from "./edits.ts";
import { PRODUCTS } from "./kernels.ts";
import type { Mistake } from "./types.ts";

/** Of a statement; none where it calls neither a product of matrices nor a sum over an axis. */
export function matrixMistakes(statement: string): Mistake[] {
  if (!/\b(?:matmul|sumRows|sumAxis)/.test(statement)) return [];
  const parsed = parseStatement(statement);
  return parsed.nodes.flatMap((node) => (node.type === "CallExpression" ? callMistakes(parsed, node) : []));
}

function callMistakes(parsed: ParsedStatement, call: CallExpression): Mistake[] {
  const name = textOf(parsed, call.callee);
  const [first, second, ...sizes] = call.arguments.map((argument) => textOf(parsed, argument));
  if (first === undefined || second === undefined) return [];
  if (PRODUCTS.includes(name)) {
    const others = PRODUCTS.filter((other) => other !== name).map((other) => replaced(parsed, call.callee, other));
    const exchanged = replaced(parsed, call, `${name}(${[second, first, ...sizes].join(", ")})`);
    return [...others, exchanged].map((statement) => ({ kind: "transposed", statement }));
  }
  switch (name) {
    case "sumRows":
      return [
        batch(parsed, call, `${first}.slice(0, ${second})`),
        batch(parsed, call, mean(parsed, call, `${first}.length / ${second}`)),
      ];
    case "sumAxis":
      return [batch(parsed, call, mean(parsed, call, second))];
    default:
      return [];
  }
}

function batch(parsed: ParsedStatement, call: CallExpression, by: string): Mistake {
  return { kind: "batch", statement: replaced(parsed, call, by) };
}

function mean(parsed: ParsedStatement, call: CallExpression, count: string): string {
  return `${textOf(parsed, call)}.map((each) => each / (${count}))`;
}
