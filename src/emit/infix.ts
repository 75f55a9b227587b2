// A node as one line of mathjs syntax, for headers and explanations. Only names that passed the identifier check and numbers get in.

import { formatNumber } from "../core/number.ts";
import type { CallNode, Node } from "../ir/graph.ts";
import { tensorOps } from "../ops/tensor/registry.ts";
import { productNotation, type Factor } from "./matrix-notation.ts";
import { rangesOf } from "./ranges.ts";

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
/** Between two tensors. */
const ELEMENTWISE: Readonly<Record<string, string>> = { mul: " .* ", div: " ./ " };
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
    if (tensorOps.has(at.op)) return tensorPieces(at);
    const elementwise = ELEMENTWISE[at.op];
    if (elementwise !== undefined && a.type.shape.length > 0 && b.type.shape.length > 0)
      return [print(a, 5) + elementwise + print(b, 6), 5];
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

  /** Products as matrices have them; views do not show. */
  function tensorPieces(at: CallNode): [text: string, precedence: number] {
    const [first] = at.args;
    switch (at.op) {
      case "contract":
        return productPieces(at);
      case "broadcast":
      case "reshape":
        return nameOf(first!) === undefined && first!.kind === "call" ? pieces(first!) : [print(first!, ATOM), ATOM];
      case "transpose":
        return [`${print(first!, ATOM)}'`, 8];
      case "slice":
        return [`${print(first!, ATOM)}[${rangesOf(at).join(", ")}]`, ATOM];
      case "size":
        return sizePieces(at);
      default: {
        const axes = at.attrs["axes"] as readonly number[] | undefined; // of reductions
        const rest = axes === undefined ? "" : axesText(axes, first!);
        return [`${at.op}(${at.args.map((arg) => print(arg, 0)).join(", ")}${rest})`, ATOM];
      }
    }
  }

  /** Sizes are polynomials: `batch*time`, `time+1`. */
  function sizePieces({ attrs }: CallNode): [text: string, precedence: number] {
    const text = String(attrs["dim"]);
    return [text, text.includes("+") || text.includes("-") ? 4 : text.includes("*") ? 5 : ATOM];
  }

  function productPieces({ args, attrs }: CallNode): [text: string, precedence: number] {
    const notation = productNotation(attrs["spec"] as string); // every contraction has one
    const [a, b] = args as readonly [Node, Node];
    if (notation === undefined) return [`einsum("${attrs["spec"] as string}", ${print(a, 0)}, ${print(b, 0)})`, ATOM];
    if (notation.kind === "dot") return [`dot(${print(a, 0)}, ${print(b, 0)})`, ATOM];
    if (notation.kind === "sum") {
      const product = `${print(a, 5)} .* ${print(b, 6)}`;
      return notation.axes.length === 0 ? [product, 5] : [`sum(${product}${axesText(notation.axes, a)})`, ATOM];
    }
    const factor = ({ argument, transposed }: Factor, minimum: number): string =>
      transposed ? `${print(args[argument]!, ATOM)}'` : print(args[argument]!, minimum);
    return [`${factor(notation.left, 5)} * ${factor(notation.right, 6)}`, 5];
  }

  try {
    const text = print(node, 0);
    return text.length <= most ? text : undefined;
  } catch (problem) {
    if (problem === TOO_LONG) return undefined;
    throw problem;
  }
}

/** `, 2`, `, [1, 3]`: the axes that a reduction sums over, counted from 1; nothing where it sums over all. */
function axesText(axes: readonly number[], { type }: Node): string {
  if (axes.length === type.shape.length) return "";
  const counted = axes.map((axis) => axis + 1).join(", ");
  return axes.length === 1 ? `, ${counted}` : `, [${counted}]`;
}
