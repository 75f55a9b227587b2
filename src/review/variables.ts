// The variables of a pass: those it declares, those a script sets, those that only count.

import type { Node } from "@babel/types";
import type { Pass } from "./subject.ts";
import { bare, isFunction, namesRead, patternNames, walk } from "./syntax.ts";

export function namesDeclared(root: Node): Set<string> {
  const names = new Set<string>();
  walk(root, (node) => {
    if (node.type === "VariableDeclarator") for (const name of patternNames(node.id)) names.add(name);
  });
  return names;
}

/** The variables of a script. */
export function namesAssigned({ body }: Pass): Set<string> {
  const names = new Set<string>();
  for (const statement of body) {
    walk(statement, (node) => {
      const isVariable = node.type === "VariableDeclarator" && !(node.init && isFunction(bare(node.init)));
      if (isVariable) for (const name of patternNames(node.id)) names.add(name);
      if (node.type === "AssignmentExpression" && node.left.type === "Identifier") names.add(node.left.name);
      return !isFunction(node);
    });
  }
  return names;
}

/** Variables that count rounds and pick elements: no gradient goes through them. */
export function countersOf({ body }: Pass): Set<string> {
  const names = new Set<string>();
  for (const statement of body) {
    walk(statement, (node) => {
      if (node.type === "ForStatement" && node.init?.type === "VariableDeclaration")
        for (const { id } of node.init.declarations) for (const name of patternNames(id)) names.add(name);
      if (node.type === "UpdateExpression" && node.argument.type === "Identifier") names.add(node.argument.name);
      if (node.type === "ForInStatement") for (const name of namesRead(node.left)) names.add(name);
    });
  }
  return names;
}
