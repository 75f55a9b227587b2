// Walks the syntax tree of a user's text. Knows no types, no scopes beyond the names that nested functions bind.

import type { Node } from "@babel/types";
import { childrenOf } from "../core/syntax-tree.ts";

export type FunctionNode = Extract<
  Node,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" | "ObjectMethod" | "ClassMethod" }
>;

/** Every node at or below, parents first. `enter` answers false to leave out what is below. */
export function walk(node: Node, enter: (node: Node) => boolean | void): void {
  if (enter(node) === false) return;
  for (const child of childrenOf(node)) walk(child, enter);
}

export function startOf(node: Node): number {
  return node.start ?? 0;
}

export function endOf(node: Node): number {
  return node.end ?? 0;
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

export function isFunction(node: Node): node is FunctionNode {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod)$/.test(node.type);
}

export function isLoop(node: Node): boolean {
  return /^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

/** The identifiers that a pattern binds. */
export function patternNames(pattern: Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) => patternNames(property.type === "RestElement" ? property : property.value));
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? patternNames(element) : []));
    case "AssignmentPattern":
      return patternNames(pattern.left);
    case "RestElement":
      return patternNames(pattern.argument);
    default:
      return [];
  }
}

/** What a function's parameters and the declarations inside it bind, nested functions apart. */
export function namesBound(fn: FunctionNode): Set<string> {
  const names = new Set(fn.params.flatMap((param) => patternNames(param)));
  walk(fn.body, (node) => {
    if (node.type === "VariableDeclarator") for (const name of patternNames(node.id)) names.add(name);
    if (node.type === "FunctionDeclaration" && node.id) names.add(node.id.name);
    return !isFunction(node);
  });
  return names;
}

/** Names of the variables an expression or statement mentions, properties and types apart. */
export function namesRead(root: Node): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node, parent: Node | undefined): void => {
    if (node.type.startsWith("TS") && !/^TS(As|NonNull|Satisfies)Expression$/.test(node.type)) return;
    if (node.type === "Identifier" && !isPropertyName(node, parent)) names.add(node.name);
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(root, undefined);
  return names;
}

/** Whether an identifier names a property or a label where it stands, and no variable. */
export function isPropertyName(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression" || parent.type === "OptionalMemberExpression")
    return parent.property === node && !parent.computed;
  if (parent.type === "ObjectProperty") return parent.key === node && !parent.computed && !parent.shorthand;
  if (parent.type === "ObjectMethod" || parent.type === "ClassMethod" || parent.type === "ClassProperty")
    return parent.key === node;
  return parent.type === "LabeledStatement" || parent.type === "BreakStatement" || parent.type === "ContinueStatement";
}

/** `x` of `x as number`, `x!` and `(x)`. */
export function bare(node: Node): Node {
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "ParenthesizedExpression":
      return bare(node.expression);
    default:
      return node;
  }
}

/** Whether a function gives anything back. */
export function returnsSomething({ body }: FunctionNode): boolean {
  if (body.type !== "BlockStatement") return true;
  let isFound = false;
  walk(body, (node) => {
    if (node.type === "ReturnStatement" && node.argument) isFound = true;
    return !isFunction(node);
  });
  return isFound;
}
