// Where the parts of a configuration are written: its value side by side with its syntax tree, as the tree that network specs are checked in.

import { parse } from "@babel/parser";
import type { Expression, File, Node, ObjectExpression } from "@babel/types";
import type { Span } from "../core/span.ts";
import type { SpecEntry, SpecNode } from "../frontends/network/read.ts";

/** The value with a place for every part that is written out; parts that are computed have the place of what computes them. */
export function placeConfig(text: string, value: unknown): SpecNode {
  const written = findExport(text);
  return placeValue(value, written, { start: written?.start ?? 0, end: written?.end ?? 0 });
}

/** No configuration is so deep, unless it holds itself. */
const DEEPEST = 10;

function placeValue(value: unknown, written: Node | undefined, around: Span, depth = 0): SpecNode {
  const expression = written && bare(written);
  const span = expression === undefined ? around : spanOf(expression);
  if (depth > DEEPEST) return { kind: "scalar", value: null, span, size: 1 };
  if (Array.isArray(value)) {
    const elements = expression?.type === "ArrayExpression" ? expression.elements : [];
    const isPlain = elements.length === value.length && elements.every((element) => element?.type !== "SpreadElement");
    const items = value.map((item, at) => placeValue(item, isPlain ? (elements[at] ?? undefined) : undefined, span, depth + 1));
    return { kind: "list", value, span, size: 1, items };
  }
  if (typeof value !== "object" || value === null) return { kind: "scalar", value, span, size: 1 };
  const properties = expression?.type === "ObjectExpression" ? propertiesOf(expression) : new Map<string, Property>();
  const entries = Object.entries(value).map(([name, inner]): [string, SpecEntry] => {
    const property = properties.get(name);
    return [name, { key: property?.key ?? span, node: placeValue(inner, property?.value, property?.key ?? span, depth + 1) }];
  });
  return { kind: "map", value, span, size: 1, entries: new Map(entries) };
}

interface Property {
  readonly key: Span;
  readonly value: Node;
}

function propertiesOf({ properties }: ObjectExpression): Map<string, Property> {
  const found = new Map<string, Property>();
  for (const property of properties) {
    if (property.type !== "ObjectProperty" || property.computed) continue;
    const { key } = property;
    const name = key.type === "Identifier" ? key.name : key.type === "StringLiteral" ? key.value : undefined;
    if (name !== undefined) found.set(name, { key: spanOf(key), value: property.value });
  }
  return found;
}

/** The expression that is exported by default; undefined where it cannot be told from the text alone. */
function findExport(text: string): Node | undefined {
  const file = tryParse(text);
  const exported = file?.program.body.find((statement) => statement.type === "ExportDefaultDeclaration");
  if (file === undefined || exported === undefined) return undefined;
  const value = bare(exported.declaration);
  if (value.type !== "Identifier") return value;
  for (const statement of file.program.body) {
    if (statement.type !== "VariableDeclaration") continue;
    const found = statement.declarations.find(({ id }) => id.type === "Identifier" && id.name === value.name)?.init;
    if (found) return bare(found);
  }
  return value;
}

function tryParse(text: string): File | undefined {
  try {
    return parse(text, { sourceType: "module", plugins: ["typescript"], errorRecovery: true });
  } catch {
    return undefined; // it has run, so it is a module in some way that we need not understand
  }
}

/** Less what types and `defineConfig()` put around it. */
function bare(node: Node): Node {
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "ParenthesizedExpression":
      return bare(node.expression);
    case "CallExpression":
      return node.arguments.length === 1 && isExpression(node.arguments[0]!) ? bare(node.arguments[0]) : node;
    default:
      return node;
  }
}

function isExpression(node: Node): node is Expression {
  return node.type !== "SpreadElement";
}

function spanOf({ start, end }: Node): Span {
  return { start: start ?? 0, end: end ?? 0 };
}
