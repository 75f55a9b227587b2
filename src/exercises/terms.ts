// The terms of a sum of products, as a line of code has them: which factors, and whether they are subtracted. No algebra beyond brackets around sums.

import { parseExpression } from "@babel/parser";
import type { Node } from "@babel/types";
import { bare, endOf, startOf } from "../review/syntax.ts";

export interface Term {
  /** Texts: names, numbers, brackets. */
  readonly factors: readonly string[];
  readonly isSubtracted: boolean;
}

/** Undefined where it is no expression of that kind of syntax: element-by-element products, transposes. */
export function termsOf(text: string): Term[] | undefined {
  try {
    const { node, code } = read(text);
    return termsIn(node, code, false);
  } catch {
    return undefined;
  }
}

/** `0` and `diff + 1` of `max(0, diff + 1)`; none of what is no call. */
export function argumentsOf(text: string): string[] {
  try {
    const { node, code } = read(text);
    return node.type === "CallExpression" ? node.arguments.map((each) => code.slice(startOf(each), endOf(each))) : [];
  } catch {
    return [];
  }
}

function read(text: string): { readonly node: Node; readonly code: string } {
  const code = text.replaceAll("^", "**");
  return { node: parseExpression(code, { attachComment: false, createParenthesizedExpressions: true }), code };
}

function termsIn(expression: Node, code: string, isSubtracted: boolean): Term[] {
  const node = bare(expression);
  if (node.type === "UnaryExpression" && node.operator === "-") return termsIn(node.argument, code, !isSubtracted);
  if (node.type === "BinaryExpression" && /^[-+]$/.test(node.operator))
    return [
      ...termsIn(node.left, code, isSubtracted),
      ...termsIn(node.right, code, node.operator === "-" ? !isSubtracted : isSubtracted),
    ];
  return [{ factors: factorsIn(node, code), isSubtracted }];
}

/** What is divided by is no factor, so that a quotient is one factor that mentions all it is made of. */
function factorsIn(expression: Node, code: string): string[] {
  const node = bare(expression);
  if (node.type === "BinaryExpression" && node.operator === "*")
    return [...factorsIn(node.left, code), ...factorsIn(node.right, code)];
  return [code.slice(startOf(node), endOf(node))];
}
