// From nodes to JavaScript expressions: op templates filled in, operands by name or written out.

import { substitute, type Expression } from "../../core/syntax.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { CallNode, Node } from "../../ir/graph.ts";
import { opNamed } from "../../ops/registry.ts";

export interface ExpressionContext {
  /** The variable that holds a node; undefined to write the node out. */
  readonly nameOf: (node: Node) => string | undefined;
  /** What stands for a node that has no variable but is no plain op either: a size, an element. */
  readonly expressionOf?: (node: Node) => Expression | undefined;
  /** Templates for speed instead of for reading. */
  readonly fast?: boolean;
}

/** The node's own formula over its named operands, or its name if `asOperand` and it has one. */
export function toExpression(node: Node, context: ExpressionContext, asOperand = false): Expression {
  const name = asOperand ? context.nameOf(node) : undefined;
  if (name !== undefined) return { kind: "name", name };
  const given = asOperand ? context.expressionOf?.(node) : undefined;
  if (given !== undefined) return given;
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
  const filled = substitute(template, (name) => byParam.get(name));
  return args.some((arg) => arg.kind === "unary") ? dropSigns(filled) : filled;
}

/** `--x` is `x` and `|-x|` is `|x|`, bit for bit. */
function dropSigns(expression: Expression): Expression {
  switch (expression.kind) {
    case "number":
    case "name":
      return expression;
    case "unary": {
      const operand = dropSigns(expression.operand);
      const twice = expression.operator === "-" && operand.kind === "unary" && operand.operator === "-";
      return twice ? operand.operand : { ...expression, operand };
    }
    case "call": {
      const args = expression.args.map(dropSigns);
      const [only] = args;
      const unsigned = expression.callee === "Math.abs" && only?.kind === "unary" && only.operator === "-";
      return { ...expression, args: unsigned ? [only.operand] : args };
    }
    case "binary":
      return { ...expression, left: dropSigns(expression.left), right: dropSigns(expression.right) };
    case "conditional":
      return { ...expression, test: dropSigns(expression.test), yes: dropSigns(expression.yes), no: dropSigns(expression.no) };
    default:
      return unreachable(expression);
  }
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

/** How many times a line mentions the argument at `index`. */
export function mentionsOf(node: CallNode, index: number, fast: boolean): number {
  const definition = opNamed(node.op);
  const mentions = fast ? definition.mentionsFast : definition.mentions;
  return mentions[definition.variadic ? 0 : index]!;
}

/** About how many operations writing `node` out takes, without writing it. */
export function weigh(node: Node, nameOf: ExpressionContext["nameOf"]): number {
  if (node.kind !== "call") return 0;
  let weight = opNamed(node.op).operations;
  for (const arg of node.args) if (nameOf(arg) === undefined) weight += weigh(arg, nameOf);
  return weight;
}

/** The variables that lines over `operands` mention, with the nodes they hold, following what is written inline. */
export function namesRead(operands: readonly Node[], { nameOf }: Pick<ExpressionContext, "nameOf">): Map<string, Node> {
  const read = new Map<string, Node>();
  const pending = [...operands];
  while (pending.length > 0) {
    const node = pending.pop()!;
    const name = nameOf(node);
    if (name !== undefined) read.set(name, node);
    else if (node.kind === "call") pending.push(...node.args);
  }
  return read;
}
