// Where arrays are changed in place, and where gradients are put into an object of gradients.

import type { Node } from "@babel/types";
import { GRADIENT_HOLDERS } from "./names.ts";
import { bare, walk } from "./syntax.ts";

/** Methods that change the array they are called on. */
export const MUTATING = /^(push|pop|shift|unshift|splice|fill|set|sort|reverse|copyWithin)$/;

export interface Store {
  readonly variable: string;
  readonly store: Node;
  readonly right: Node | undefined;
  readonly operator: string | undefined;
}

/** Changes of arrays in place: `h[i] = ...`, `h.push(...)`, and whatever a call that stands alone is given. */
export function storesIn(root: Node): Store[] {
  const stores: Store[] = [];
  walk(root, (node) => {
    if (node.type === "AssignmentExpression") {
      const variable = baseOf(node.left);
      if (variable !== undefined && node.left.type !== "Identifier" && heldGradient(node.left) === undefined)
        stores.push({ variable, store: node, right: node.right, operator: node.operator });
    }
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression" && node.callee.property.type === "Identifier") {
      const variable = baseOf(node.callee.object);
      if (variable !== undefined && MUTATING.test(node.callee.property.name))
        stores.push({ variable, store: node, right: undefined, operator: undefined });
    }
    if (node.type === "ExpressionStatement" && node.expression.type === "CallExpression") {
      const call = node.expression;
      for (const argument of call.callee.type === "Identifier" ? call.arguments : [])
        if (argument.type === "Identifier")
          stores.push({ variable: argument.name, store: node, right: undefined, operator: undefined });
    }
  });
  return stores;
}

/** `h` of `h[i][j]`. */
function baseOf(node: Node): string | undefined {
  const inner = bare(node);
  if (inner.type === "MemberExpression") return baseOf(inner.object);
  return inner.type === "Identifier" ? inner.name : undefined;
}

/** `dW1` of `grads.W1` and `grads.dW1`. */
export function heldGradient(node: Node): string | undefined {
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier" || !GRADIENT_HOLDERS.has(node.object.name))
    return undefined;
  const name = !node.computed && node.property.type === "Identifier" ? node.property.name : undefined;
  const literal = node.computed && node.property.type === "StringLiteral" ? node.property.value : undefined;
  const key = name ?? literal;
  return key === undefined ? undefined : key.startsWith("d") ? key : `d${key}`;
}
