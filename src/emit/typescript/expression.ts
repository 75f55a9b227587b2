// From nodes to JavaScript expressions: op templates filled in, operands by name or written out.

import { substitute, type Expression } from "../../core/syntax.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { CallNode, Node } from "../../ir/graph.ts";
import { opNamed } from "../../ops/registry.ts";

export interface ExpressionContext {
  /** The variable that holds a node; undefined to write the node out. */
  readonly nameOf: (node: Node) => string | undefined;
  /** Templates for speed instead of for reading. */
  readonly fast?: boolean;
}

/** The node's own formula over its named operands, or its name if `asOperand` and it has one. */
export function toExpression(node: Node, context: ExpressionContext, asOperand = false): Expression {
  const name = asOperand ? context.nameOf(node) : undefined;
  if (name !== undefined) return { kind: "name", name };
  switch (node.kind) {
    case "const":
      return constantExpression(node.value);
    case "input":
      return { kind: "name", name: context.nameOf(node) ?? node.name };
    case "call":
      return callExpression(node, context);
    default:
      return unreachable(node);
  }
}

function callExpression(node: CallNode, context: ExpressionContext): Expression {
  const definition = opNamed(node.op);
  const template = context.fast ? definition.jsFast : definition.js;
  const args = node.args.map((arg) => toExpression(arg, context, true));
  if (definition.variadic) return spreadArguments(template, args);
  const byParam = new Map(definition.params.map((param, index) => [param, args[index]!]));
  return substitute(template, (name) => byParam.get(name));
}

/** `Math.max(x...)` with the list in the place of `x...`. */
function spreadArguments(template: Expression, args: readonly Expression[]): Expression {
  if (template.kind !== "call") throw new Error("a variadic op must be emitted as one call");
  return { ...template, args };
}

const NAMED_CONSTANTS = new Map<number, string>([
  [Math.PI, "Math.PI"],
  [Math.E, "Math.E"],
  [Math.LN2, "Math.LN2"],
  [Math.LN10, "Math.LN10"],
  [Math.SQRT2, "Math.SQRT2"],
  [Math.SQRT1_2, "Math.SQRT1_2"],
]);

function constantExpression(value: number): Expression {
  const named = NAMED_CONSTANTS.get(value);
  if (named !== undefined) return { kind: "name", name: named };
  if (value < 0 || Object.is(value, -0)) return { kind: "unary", operator: "-", operand: constantExpression(-value) };
  return { kind: "number", value };
}

/** How many times a template mentions each of an op's arguments; a variadic one mentions each once. */
export function mentionsPerArgument(node: CallNode, fast: boolean): readonly number[] {
  const definition = opNamed(node.op);
  if (definition.variadic) return node.args.map(() => 1);
  const template = fast ? definition.jsFast : definition.js;
  return definition.params.map((param) => countMentions(template, param));
}

function countMentions(expression: Expression, name: string): number {
  let count = 0;
  substitute(expression, (mentioned) => {
    if (mentioned === name) count++;
    return undefined;
  });
  return count;
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
