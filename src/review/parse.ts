// Reads a user's TypeScript or JavaScript: its tree, and its text less the types, every character still in its place. What cannot be run
// alone (imports, enums) is refused by name.

import { parse } from "@babel/parser";
import type { Node, Program } from "@babel/types";
import type { Reporter } from "../diagnostics/report.ts";
import { childrenOf } from "../core/syntax-tree.ts";
import { endOf, startOf } from "./syntax.ts";

export interface UserText {
  readonly text: string;
  /** `text` with blanks where types and `export` stood: JavaScript whose offsets are those of `text`. */
  readonly javascript: string;
  readonly program: Program;
}

const MOST_ERRORS = 5;

/** Undefined where there are errors, which are reported. */
export function parseUserText(text: string, reporter: Reporter): UserText | undefined {
  const program = tryParse(text, reporter);
  if (program === undefined) return undefined;
  const ranges = erasedRanges(program, reporter);
  return reporter.hasErrors ? undefined : { text, javascript: blank(text, ranges), program };
}

interface SyntaxProblem {
  readonly message: string;
  readonly pos?: number;
}

function tryParse(text: string, reporter: Reporter): Program | undefined {
  const problems: SyntaxProblem[] = [];
  try {
    const file = parse(text, {
      sourceType: "module",
      plugins: ["typescript"],
      errorRecovery: true,
      attachComment: false,
      createParenthesizedExpressions: true,
    });
    problems.push(...(file.errors as unknown as SyntaxProblem[])); // babel's own type of them lacks the place
    if (problems.length === 0) return file.program;
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    problems.push(problem as SyntaxProblem);
  }
  for (const { message, pos = 0 } of problems.slice(0, MOST_ERRORS)) {
    const detail = message.replace(/\s*\(\d+:\d+\)$/, "");
    reporter.report("WG5001", { start: pos, end: pos + 1 }, { detail });
  }
  return undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function erasedRanges(program: Program, reporter: Reporter): Range[] {
  const ranges: Range[] = [];
  const erase = (start: number, end: number): void => void ranges.push({ start, end });
  const visit = (node: Node): void => {
    const refused = refusal(node);
    if (refused !== undefined)
      return void reporter.report(refused.code, { start: startOf(node), end: endOf(node) }, refused.values);
    switch (node.type) {
      case "ImportDeclaration":
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
      case "TSDeclareFunction":
      case "TSTypeAnnotation":
      case "TSTypeParameterDeclaration":
      case "TSTypeParameterInstantiation":
        return erase(startOf(node), endOf(node));
      case "ExportNamedDeclaration":
        if (!node.declaration) return erase(startOf(node), endOf(node));
        erase(startOf(node), startOf(node.declaration));
        return visit(node.declaration);
      case "ExportDefaultDeclaration":
        erase(startOf(node), startOf(node.declaration));
        return visit(node.declaration);
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
        erase(endOf(node.expression), endOf(node));
        return visit(node.expression);
      case "TSTypeAssertion":
        erase(startOf(node), startOf(node.expression));
        return visit(node.expression);
      default:
    }
    if ("declare" in node && node.declare === true) return erase(startOf(node), endOf(node));
    if (node.type === "Identifier" && node.optional === true) erase(startOf(node) + node.name.length, optionalEnd(node));
    if (node.type === "VariableDeclarator" && node.definite === true) eraseDefinite(node.id, erase);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return ranges;
}

/** The `!` of `let x!: number`. */
function eraseDefinite(id: Node, erase: (start: number, end: number) => void): void {
  if (id.type === "Identifier") erase(startOf(id) + id.name.length, endOf(id));
}

function optionalEnd(node: Extract<Node, { type: "Identifier" }>): number {
  return node.typeAnnotation ? startOf(node.typeAnnotation) : endOf(node);
}

type Refusal = { readonly code: "WG5002" | "WG5003"; readonly values: Readonly<Record<string, string>> };

function refusal(node: Node): Refusal | undefined {
  switch (node.type) {
    case "ImportDeclaration": {
      const onlyTypes = node.importKind === "type";
      return onlyTypes ? undefined : { code: "WG5002", values: { from: node.source.value } };
    }
    case "ImportExpression":
      return { code: "WG5002", values: { from: "..." } };
    case "CallExpression":
      return node.callee.type === "Import" ? { code: "WG5002", values: { from: "..." } } : undefined;
    case "ExportAllDeclaration":
      return { code: "WG5002", values: { from: node.source.value } };
    case "ExportNamedDeclaration":
      return node.source ? { code: "WG5002", values: { from: node.source.value } } : undefined;
    case "TSEnumDeclaration":
      return { code: "WG5003", values: { what: "an enum" } };
    case "TSModuleDeclaration":
      return node.declare === true ? undefined : { code: "WG5003", values: { what: "a namespace" } };
    case "TSParameterProperty":
      return { code: "WG5003", values: { what: "a parameter property" } };
    case "TSImportEqualsDeclaration":
    case "TSExportAssignment":
      return { code: "WG5003", values: { what: "an assignment of a module" } };
    case "ClassDeclaration":
    case "ClassExpression":
      return { code: "WG5003", values: { what: "a class" } };
    case "AwaitExpression":
    case "YieldExpression":
      return { code: "WG5003", values: { what: "code that waits" } };
    default:
      return undefined;
  }
}

/** Blanks instead of the ranges; line breaks stay. */
function blank(text: string, ranges: readonly Range[]): string {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  let result = "";
  let at = 0;
  for (const { start, end } of sorted) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    result += text.slice(at, from) + text.slice(from, end).replace(/[^\n\r]/g, " ");
    at = end;
  }
  return result + text.slice(at);
}
