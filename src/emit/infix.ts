// A node as one line of mathjs syntax, for headers and explanations. Only names that passed the identifier check and numbers get in.

import { formatNumber } from "../core/number.ts";
import type { Node } from "../ir/graph.ts";

const BINARY: Readonly<Record<string, { symbol: string; precedence: number }>> = {
  or: { symbol: " or ", precedence: 1 },
  and: { symbol: " and ", precedence: 2 },
  lt: { symbol: " < ", precedence: 3 },
  le: { symbol: " <= ", precedence: 3 },
  gt: { symbol: " > ", precedence: 3 },
  ge: { symbol: " >= ", precedence: 3 },
  eq: { symbol: " == ", precedence: 3 },
  ne: { symbol: " != ", precedence: 3 },
  add: { symbol: " + ", precedence: 4 },
  sub: { symbol: " - ", precedence: 4 },
  mul: { symbol: " * ", precedence: 5 },
  div: { symbol: " / ", precedence: 5 },
  pow: { symbol: "^", precedence: 7 },
};
const UNARY_PRECEDENCE = 6;
const ATOM = 9;

/** The formula of `node`, or undefined where it would be longer than `most` characters. */
export function infix(node: Node, most = 90, nameOf: (node: Node) => string | undefined = () => undefined): string | undefined {
  let budget = most * 2; // nodes visited, so that a large graph is given up at once
  const TOO_LONG = Symbol();

  function print(at: Node, minimum: number): string {
    if (budget-- <= 0) throw TOO_LONG;
    const [text, precedence] = pieces(at);
    return precedence < minimum ? `(${text})` : text;
  }

  function pieces(at: Node): [text: string, precedence: number] {
    const name = nameOf(at);
    if (name !== undefined && at !== node) return [name, ATOM];
    if (at.kind === "const") return [formatNumber(at.value), at.value < 0 ? UNARY_PRECEDENCE : ATOM];
    if (at.kind === "input") return [at.name, ATOM];
    const [a, b, c] = at.args as [Node, Node, Node]; // as many as the op has
    const binary = BINARY[at.op];
    if (binary !== undefined) {
      const left = print(a, at.op === "pow" ? binary.precedence + 1 : binary.precedence);
      return [left + binary.symbol + print(b, at.op === "pow" ? UNARY_PRECEDENCE : binary.precedence + 1), binary.precedence];
    }
    switch (at.op) {
      case "neg":
        return [`-${print(a, UNARY_PRECEDENCE)}`, UNARY_PRECEDENCE];
      case "not":
        return [`not ${print(a, UNARY_PRECEDENCE)}`, UNARY_PRECEDENCE];
      case "square":
        return [`${print(a, 8)}^2`, 7];
      case "cube":
        return [`${print(a, 8)}^3`, 7];
      case "recip":
        return [`1 / ${print(a, 6)}`, 5];
      case "select":
        return [`${print(a, 1)} ? ${print(b, 1)} : ${print(c, 0)}`, 0];
      default:
        return [`${at.op}(${at.args.map((arg) => print(arg, 0)).join(", ")})`, ATOM];
    }
  }

  try {
    const text = print(node, 0);
    return text.length <= most ? text : undefined;
  } catch (problem) {
    if (problem === TOO_LONG) return undefined;
    throw problem;
  }
}
