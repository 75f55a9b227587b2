// The expression syntax that op definitions, rewrite rules and emitted code share: a subset of JavaScript expressions.
// Here it is only a tree and a parser; what the names mean is the reader's business.

import { unreachable } from "./unreachable.ts";

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "**" | "<" | "<=" | ">" | ">=" | "===" | "!==" | "&&" | "||";
export type UnaryOperator = "-" | "!";

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  /** A variable or dotted path, `x` or `Math.PI`; a trailing `...` marks one that stands for a list. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly callee: string; readonly args: readonly Expression[] }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "conditional"; readonly test: Expression; readonly yes: Expression; readonly no: Expression };

/** Binding strengths as in JavaScript; larger binds tighter. */
export const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  "||": 2,
  "&&": 3,
  "===": 5,
  "!==": 5,
  "<": 6,
  "<=": 6,
  ">": 6,
  ">=": 6,
  "+": 8,
  "-": 8,
  "*": 9,
  "/": 9,
  "%": 9,
  "**": 11,
};
export const CONDITIONAL_PRECEDENCE = 1;
export const UNARY_PRECEDENCE = 10;

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([\p{ID_Start}_$][\p{ID_Continue}$]*(?:\.[\p{ID_Start}_$][\p{ID_Continue}$]*)*(?:\.\.\.)?)|(===|!==|<=|>=|&&|\|\||\*\*|[-+*/%<>!?:(),]))/uy;

/** Parses text written by us (op tables, rules). Throws on a mistake, which is a bug of ours. */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  let at = 0;

  const peek = (): string | undefined => tokens[at];
  const expect = (token: string): void => {
    if (tokens[at++] !== token) throw new Error(`expected '${token}' in formula: ${text}`);
  };

  function conditional(): Expression {
    const test = binary(2);
    if (peek() !== "?") return test;
    at++;
    const yes = conditional();
    expect(":");
    return { kind: "conditional", test, yes, no: conditional() };
  }

  function binary(minimum: number): Expression {
    let left = unary();
    for (;;) {
      const operator = peek() as BinaryOperator; // looked up in the table before it is believed
      const precedence = PRECEDENCE[operator];
      if (precedence === undefined || precedence < minimum) return left;
      at++;
      const right = operator === "**" ? binary(precedence) : binary(precedence + 1);
      left = { kind: "binary", operator, left, right };
    }
  }

  function unary(): Expression {
    const token = peek();
    if (token !== "-" && token !== "!") return primary();
    at++;
    return { kind: "unary", operator: token, operand: unary() };
  }

  function primary(): Expression {
    const token = tokens[at++];
    if (token === undefined) throw new Error(`unexpected end of formula: ${text}`);
    if (token === "(") {
      const inner = conditional();
      expect(")");
      return inner;
    }
    if (/^\d/.test(token)) return { kind: "number", value: Number(token) };
    if (!/^[\p{ID_Start}_$]/u.test(token)) throw new Error(`unexpected '${token}' in formula: ${text}`);
    if (peek() !== "(") return { kind: "name", name: token };
    at++;
    const args: Expression[] = [];
    while (peek() !== ")") {
      if (args.length > 0) expect(",");
      args.push(conditional());
    }
    at++;
    return { kind: "call", callee: token, args };
  }

  const result = conditional();
  if (at !== tokens.length) throw new Error(`unexpected '${tokens[at]}' in formula: ${text}`);
  return result;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`cannot read formula at ${from}: ${text}`);
    tokens.push(match[1] ?? match[2] ?? match[3]!);
  }
  return tokens;
}

/** How often `expression` mentions a name. */
export function countMentions(expression: Expression, name: string): number {
  let count = 0;
  substitute(expression, (mentioned) => {
    if (mentioned === name) count++;
    return undefined;
  });
  return count;
}

/** The functions an expression calls, at any depth. */
export function calleesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
    case "name":
      return [];
    case "call":
      return [expression.callee, ...expression.args.flatMap(calleesOf)];
    case "unary":
      return calleesOf(expression.operand);
    case "binary":
      return [...calleesOf(expression.left), ...calleesOf(expression.right)];
    case "conditional":
      return [expression.test, expression.yes, expression.no].flatMap(calleesOf);
    default:
      return unreachable(expression);
  }
}

/** Operators, calls and selections in an expression: what the op counts in headers and reports count. A sign is not an operation. */
export function countOperations(expression: Expression): number {
  switch (expression.kind) {
    case "number":
    case "name":
      return 0;
    case "unary":
      return countOperations(expression.operand) + (expression.operator === "-" && expression.operand.kind !== "number" ? 1 : 0);
    case "call":
      return 1 + expression.args.reduce((sum, arg) => sum + countOperations(arg), 0);
    case "binary":
      return 1 + countOperations(expression.left) + countOperations(expression.right);
    case "conditional":
      return 1 + [expression.test, expression.yes, expression.no].reduce((sum, part) => sum + countOperations(part), 0);
  }
}

/** A copy of `expression` with names replaced; `replace` answers undefined to leave one as it is. */
export function substitute(expression: Expression, replace: (name: string) => Expression | undefined): Expression {
  const go = (e: Expression): Expression => {
    switch (e.kind) {
      case "number":
        return e;
      case "name":
        return replace(e.name) ?? e;
      case "call":
        return { ...e, args: e.args.map(go) };
      case "unary":
        return { ...e, operand: go(e.operand) };
      case "binary":
        return { ...e, left: go(e.left), right: go(e.right) };
      case "conditional":
        return { ...e, test: go(e.test), yes: go(e.yes), no: go(e.no) };
      default:
        return unreachable(e);
    }
  };
  return go(expression);
}
