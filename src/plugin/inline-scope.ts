// Which identifiers of a module mean a binding of its top level, and not a local one of the same name. Knows the scopes of JavaScript, and
// of TypeScript what is left of it when it runs.

import type { Identifier, Node, Program } from "@babel/types";
import { childrenOf } from "../core/syntax-tree.ts";

/** An identifier (or the name of a JSX element) that stands for a top-level binding: its declaration, or a use of it. */
export interface Reference {
  readonly name: string;
  readonly node: Node;
  /** What it is a part of, innermost first. */
  readonly parents: readonly Node[];
}

/** All references to the top-level bindings `names`, in source order. What types refer to does not count, nor do import declarations. */
export function findReferences(program: Program, names: ReadonlySet<string>): Reference[] {
  const found: Reference[] = [];
  const nowhere: ReadonlySet<string> = new Set();
  const pending: Pending[] = program.body.map((node) => ({ node, parents: [program], hidden: nowhere })).reverse();
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { node, parents, hidden } = at;
    if (isIdentifier(node) && names.has(node.name) && !hidden.has(node.name) && isReference(node, parents)) {
      found.push({ name: node.name, node, parents });
    }
    const parts = partsOf(node).map(({ child, declares }): Pending => {
      const local = declares.filter((name) => names.has(name));
      return {
        node: child,
        parents: [node, ...parents.slice(0, 2)],
        hidden: local.length === 0 ? hidden : new Set([...hidden, ...local]),
      };
    });
    pending.push(...parts.reverse());
  }
  return found;
}

interface Pending {
  readonly node: Node;
  readonly parents: readonly Node[];
  /** Names that mean something local here. */
  readonly hidden: ReadonlySet<string>;
}

/** What statements at the top of a module declare, and imports. */
export function namesDeclared(program: Program): Set<string> {
  const imported = program.body.flatMap((node) =>
    node.type === "ImportDeclaration" ? node.specifiers.map(({ local }) => local.name) : [],
  );
  return new Set([...imported, ...program.body.flatMap(lexicalNames), ...program.body.flatMap(variableNames)]);
}

/** Every name a module writes anywhere, whatever it means. */
export function namesIn(program: Node): Set<string> {
  const names = new Set<string>();
  const stack = [program];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isIdentifier(node)) names.add(node.name);
    for (const child of childrenOf(node)) stack.push(child);
  }
  return names;
}

/** A part of a node, and the names that the node declares for that part. */
interface Part {
  readonly child: Node;
  readonly declares: readonly string[];
}

function partsOf(node: Node): Part[] {
  if (isOnlyType(node)) return [];
  if ("params" in node && "body" in node && Array.isArray(node.params)) return functionParts(node as FunctionNode);
  const declares = declaredBy(node);
  return childrenOf(node).map((child) => ({
    child,
    declares: node.type === "SwitchStatement" && child === node.discriminant ? [] : declares,
  }));
}

type FunctionNode = Node & { readonly params: Node[]; readonly body: Node; readonly id?: Identifier | null };

/** Keys and decorators are read outside; parameters do not see the variables of the body. */
function functionParts(node: FunctionNode): Part[] {
  const own = node.type === "FunctionExpression" && node.id ? [node.id.name] : [];
  const params = [...own, ...node.params.flatMap(patternNames)];
  const inBody = [...params, ...variableNames(node.body)];
  return childrenOf(node).map((child) => {
    if (child === node.body) return { child, declares: inBody };
    return { child, declares: node.params.includes(child) ? params : child === node.id ? own : [] };
  });
}

/** The names that a node declares for all of its parts. */
function declaredBy(node: Node): readonly string[] {
  switch (node.type) {
    case "BlockStatement":
      return node.body.flatMap(lexicalNames);
    case "TSModuleBlock":
    case "StaticBlock":
      return [...node.body.flatMap(lexicalNames), ...node.body.flatMap(variableNames)];
    case "SwitchStatement":
      return node.cases.flatMap(({ consequent }) => consequent.flatMap(lexicalNames));
    case "ForStatement":
      return node.init ? lexicalNames(node.init) : [];
    case "ForInStatement":
    case "ForOfStatement":
      return lexicalNames(node.left);
    case "CatchClause":
      return node.param ? patternNames(node.param) : [];
    case "ClassDeclaration":
    case "ClassExpression":
      return node.id ? [node.id.name] : [];
    case "TSEnumDeclaration":
      return [node.id.name, ...(node.members ?? []).flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []))];
    default:
      return [];
  }
}

/** What a statement declares in the block it stands in. */
function lexicalNames(statement: Node): string[] {
  switch (statement.type) {
    case "VariableDeclaration":
      return statement.kind === "var" ? [] : statement.declarations.flatMap(({ id }) => patternNames(id));
    case "FunctionDeclaration":
    case "TSDeclareFunction":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
    case "TSImportEqualsDeclaration":
      return statement.id?.type === "Identifier" ? [statement.id.name] : [];
    case "ExportNamedDeclaration": // in a namespace
      return statement.declaration ? lexicalNames(statement.declaration) : [];
    case "LabeledStatement":
      return lexicalNames(statement.body);
    default:
      return [];
  }
}

/** What `var` declares anywhere below a node, functions and classes apart. */
function variableNames(node: Node): string[] {
  const names: string[] = [];
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.type === "VariableDeclaration" && at.kind === "var")
      names.push(...at.declarations.flatMap(({ id }) => patternNames(id)));
    if (!/Function|Method|^Class|^TSModule|StaticBlock/.test(at.type)) stack.push(...childrenOf(at));
  }
  return names;
}

/** The names that a pattern binds. */
function patternNames(pattern: Node): string[] {
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
    case "TSParameterProperty":
      return patternNames(pattern.parameter);
    default:
      return [];
  }
}

/** Nodes of TypeScript that are more than types. */
const RUNNING: ReadonlySet<string> = new Set(
  (
    "TSAsExpression TSSatisfiesExpression TSNonNullExpression TSTypeAssertion TSInstantiationExpression TSEnumDeclaration TSEnumBody TSEnumMember " +
    "TSModuleDeclaration TSModuleBlock TSExportAssignment TSImportEqualsDeclaration TSQualifiedName TSParameterProperty"
  ).split(" "),
);

function isOnlyType(node: Node): boolean {
  if (node.type === "ImportDeclaration" || ("declare" in node && node.declare === true)) return true;
  return node.type.startsWith("TS") && !RUNNING.has(node.type);
}

function isIdentifier(node: Node): node is Extract<Node, { type: "Identifier" | "JSXIdentifier" }> {
  return node.type === "Identifier" || node.type === "JSXIdentifier";
}

/** Whether an identifier names a variable where it stands, and not a property, a label or the like. */
function isReference(node: Node, [parent, grandparent]: readonly Node[]): boolean {
  switch (parent?.type) {
    case "MemberExpression":
    case "OptionalMemberExpression":
      return parent.object === node || parent.computed;
    case "ObjectProperty":
    case "ClassProperty":
    case "ClassAccessorProperty":
    case "ObjectMethod":
    case "ClassMethod":
      return parent.key !== node || parent.computed === true;
    case "JSXMemberExpression":
      return parent.object === node;
    case "TSQualifiedName":
      return parent.left === node;
    case "ExportSpecifier":
      return parent.local === node && !(grandparent?.type === "ExportNamedDeclaration" && grandparent.source);
    case "JSXAttribute":
    case "JSXNamespacedName":
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "PrivateName":
    case "TSEnumMember":
    case "ImportAttribute":
    case "ExportNamespaceSpecifier":
      return "initializer" in parent && parent.initializer === node;
    default:
      return true;
  }
}
