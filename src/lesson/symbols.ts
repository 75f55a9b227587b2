// The sign that a diagram shows for a gate.

import { formatNumber } from "../core/number.ts";
import type { CallNode, Node } from "../ir/graph.ts";

const SIGNS: Readonly<Record<string, string>> = {
  add: "+",
  sub: "−",
  mul: "×",
  div: "÷",
  neg: "−x",
  pow: "xʸ",
  square: "x²",
  cube: "x³",
  recip: "1/x",
  sqrt: "√",
  cbrt: "∛",
  exp: "exp",
  log: "ln",
  sigmoid: "σ",
  abs: "|x|",
  lt: "<",
  le: "≤",
  gt: ">",
  ge: "≥",
  eq: "=",
  ne: "≠",
  and: "∧",
  or: "∨",
  not: "¬",
  select: "? :",
  sum: "Σ",
  prod: "∏",
  contract: "@",
  norm: "‖x‖",
  logSumExp: "lnΣexp",
  transpose: "xᵀ",
  inv: "x⁻¹",
  reduceMax: "max",
  reduceMin: "min",
  crossEntropy: "cross-entropy",
  softmaxCrossEntropy: "cross-entropy",
  reshape: "reshape",
};

const WITH_NUMBER: Readonly<Record<string, string>> = { add: "+", sub: "−", mul: "×", div: "÷", pow: "^" };

/** `×`; `×2` where the other operand is the number 2. A gate with more than one operation inside shows that of the last one. */
export function symbolOf({ op, args }: CallNode): string {
  const [first, second] = args;
  if (WITH_NUMBER[op] !== undefined && args.length === 2) {
    if (second?.kind === "const") return WITH_NUMBER[op] + signed(second);
    if (first?.kind === "const" && (op === "add" || op === "mul")) return WITH_NUMBER[op] + signed(first);
    if (first?.kind === "const") return op === "pow" ? `${signed(first)}ˣ` : `${signed(first)} ${WITH_NUMBER[op]}`;
  }
  return SIGNS[op] ?? op;
}

function signed(node: Extract<Node, { kind: "const" }>): string {
  const text = formatNumber(node.value).replace(/^-/, "−");
  return text.startsWith("−") ? `(${text})` : text;
}
