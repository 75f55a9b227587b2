// Expressions and statements as text, laid out as prettier would lay them out, parentheses included.

import { CONDITIONAL_PRECEDENCE, PRECEDENCE, UNARY_PRECEDENCE, type BinaryOperator, type Expression } from "../../core/syntax.ts";
import { formatNumber } from "../../core/number.ts";
import { unreachable } from "../../core/unreachable.ts";

/** Columns a line of generated code may take, comments aside. */
export const LINE_WIDTH = 100;

const ATOM_PRECEDENCE = 20;

/** The expression on one line. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return formatNumber(expression.value);
    case "name":
      return expression.name;
    case "call":
      return `${expression.callee}(${expression.args.map(printExpression).join(", ")})`;
    case "unary":
      return expression.operator + printUnaryOperand(expression.operand);
    case "binary":
      return `${printLeft(expression)} ${expression.operator} ${printRight(expression)}`;
    case "conditional":
      return `${wrap(expression.test, CONDITIONAL_PRECEDENCE + 1)} ? ${wrap(expression.yes, CONDITIONAL_PRECEDENCE + 1)} : ${printExpression(expression.no)}`;
    default:
      return unreachable(expression);
  }
}

type Binary = Extract<Expression, { kind: "binary" }>;

function printUnaryOperand(operand: Expression): string {
  return operand.kind === "unary" ? `(${printExpression(operand)})` : wrap(operand, UNARY_PRECEDENCE + 2);
}

function printLeft({ operator, left }: Binary): string {
  const own = PRECEDENCE[operator];
  if (operator === "**") return wrap(left, own + 1);
  if (left.kind === "binary" && PRECEDENCE[left.operator] === own && !flattens(left.operator, operator))
    return parenthesised(left);
  return wrapMixed(left, operator, own);
}

function printRight({ operator, right }: Binary): string {
  const own = PRECEDENCE[operator];
  if (operator === "**" && right.kind === "unary") return printExpression(right);
  return wrapMixed(right, operator, own + 1);
}

/** prettier keeps `a * b * c`, `a / b / c` and `a + b - c` flat and parenthesises `(a * b) / c`, `(a / b) * c`. */
function flattens(inner: BinaryOperator, outer: BinaryOperator): boolean {
  if (inner === "**" || outer === "**") return false;
  if (PRECEDENCE[inner] === 9) return inner === outer && inner !== "%";
  return PRECEDENCE[inner] === 8 || inner === outer;
}

/** prettier also parenthesises `(a && b) || c` and `(a % b) + c`. */
function wrapMixed(operand: Expression, outer: BinaryOperator, minimum: number): string {
  if (operand.kind !== "binary") return wrap(operand, minimum);
  const clarifies =
    (outer === "||" && operand.operator === "&&") || (operand.operator === "%" && (outer === "+" || outer === "-"));
  return clarifies ? parenthesised(operand) : wrap(operand, minimum);
}

function wrap(expression: Expression, minimum: number): string {
  return precedenceOf(expression) < minimum ? parenthesised(expression) : printExpression(expression);
}

function parenthesised(expression: Expression): string {
  return `(${printExpression(expression)})`;
}

function precedenceOf(expression: Expression): number {
  switch (expression.kind) {
    case "binary":
      return PRECEDENCE[expression.operator];
    case "unary":
      return UNARY_PRECEDENCE;
    case "conditional":
      return CONDITIONAL_PRECEDENCE;
    default:
      return ATOM_PRECEDENCE;
  }
}

/** `prefix expression;` at an indentation, broken as prettier breaks it where it does not fit. */
export function printStatement(prefix: string, expression: Expression, indent: string): string {
  const flat = printExpression(expression);
  const line = `${indent}${prefix}${flat};`;
  if (line.length <= LINE_WIDTH) return line;
  const inner = `${indent}  `;
  if (expression.kind === "call") return `${indent}${prefix}${printBrokenCall(expression, indent)};`;
  if (expression.kind !== "binary" || !prefix.endsWith("= ")) return line;
  const continued = `${indent}${prefix.trimEnd()}\n`;
  if (inner.length + flat.length + 1 <= LINE_WIDTH) return `${continued}${inner}${flat};`;
  return `${continued}${inner}${printChain(expression).join(`\n${inner}`)};`;
}

function printBrokenCall(expression: Extract<Expression, { kind: "call" }>, indent: string): string {
  const args = expression.args.map((arg) => `${indent}  ${printExpression(arg)},\n`);
  return `${expression.callee}(\n${args.join("")}${indent})`;
}

/** The operands of the outermost chain of equally binding operators, each but the last with its operator behind it. */
function printChain(expression: Binary): string[] {
  const lines: string[] = [];
  let at: Expression = expression;
  let suffix = "";
  while (
    at.kind === "binary" &&
    PRECEDENCE[at.operator] === PRECEDENCE[expression.operator] &&
    (at === expression || flattens(at.operator, expression.operator))
  ) {
    lines.unshift(printRight(at) + suffix);
    suffix = ` ${at.operator}`;
    if (
      at.left.kind !== "binary" ||
      PRECEDENCE[at.left.operator] !== PRECEDENCE[at.operator] ||
      !flattens(at.left.operator, at.operator)
    ) {
      lines.unshift(printLeft(at) + suffix);
      return lines;
    }
    at = at.left;
  }
  return lines;
}
