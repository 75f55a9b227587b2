// Makes typed call nodes, folding constants and the identities that hold bit for bit. Formulas of the tables become nodes here.

import { unreachable } from "../core/unreachable.ts";
import { parseExpression, type BinaryOperator, type Expression } from "../core/syntax.ts";
import type { Graph, Node } from "../ir/graph.ts";
import { BOOLEAN, REAL } from "../ir/shape.ts";
import { definitions } from "./definitions.ts";
import { opNamed } from "./registry.ts";

export const OPERATOR_OPS: Readonly<Record<BinaryOperator, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "mod",
  "**": "pow",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  "===": "eq",
  "!==": "ne",
  "&&": "and",
  "||": "or",
};

/** Named constants a formula may use. */
export const CONSTANTS: Readonly<Record<string, number>> = {
  "Math.PI": Math.PI,
  "Math.E": Math.E,
  "Math.LN2": Math.LN2,
  "Math.LN10": Math.LN10,
  "Math.SQRT2": Math.SQRT2,
  "Math.SQRT1_2": Math.SQRT1_2,
  Infinity,
  NaN,
};

/** `op(args)` as a node: a constant where all arguments are, an argument where the identity is exact. */
export function call(graph: Graph, name: string, args: readonly Node[]): Node {
  return exactIdentity(graph, name, args) ?? foldConstants(graph, name, args) ?? rawCall(graph, name, args);
}

/** `op(args)` as it stands. */
export function rawCall(graph: Graph, name: string, args: readonly Node[]): Node {
  return graph.call(name, args, opNamed(name).result === "boolean" ? BOOLEAN : REAL);
}

/** The numeric meaning of a call on numbers; booleans are 0 and 1. */
export function evaluateOp(name: string, args: readonly number[]): number {
  return opNamed(name).evaluate(...args);
}

function foldConstants(graph: Graph, name: string, args: readonly Node[]): Node | undefined {
  if (name === "select") return undefined;
  const values: number[] = [];
  for (const arg of args) {
    if (arg.kind !== "const") return undefined;
    values.push(arg.value);
  }
  return graph.constant(evaluateOp(name, values));
}

/** Identities that hold for every double, −0, ±∞ and NaN among them. `x + 0` is not one: −0 + 0 is 0. */
function exactIdentity(graph: Graph, name: string, args: readonly Node[]): Node | undefined {
  const [a, b, c] = args;
  if (a === undefined) return undefined;
  switch (name) {
    case "mul":
      if (isConstant(a, 1)) return b;
      if (isConstant(b, 1)) return a;
      if (isConstant(a, -1)) return call(graph, "neg", [b!]);
      if (isConstant(b, -1)) return call(graph, "neg", [a]);
      return undefined;
    case "div":
      if (isConstant(b, 1)) return a;
      return isConstant(b, -1) ? call(graph, "neg", [a]) : undefined;
    case "neg":
      return a.kind === "call" && a.op === "neg" ? a.args[0] : undefined;
    case "sub":
      return isConstant(b, 0) ? a : undefined;
    case "select":
      if (b === c) return b;
      return a.kind === "const" ? (a.value !== 0 ? b : c) : undefined;
    case "and":
    case "or":
      return knownSide(name, a, b!);
    case "max":
    case "min":
      return args.length === 1 ? a : undefined;
    default:
      return undefined;
  }
}

/** `true and c` is `c`, `false and c` is false, and so on; two constants fold elsewhere. Comparisons of constants are 0 or 1 by then. */
function knownSide(name: "and" | "or", a: Node, b: Node): Node | undefined {
  if ((a.kind === "const") === (b.kind === "const")) return undefined;
  const [known, other] = a.kind === "const" ? [a, b] : [b, a];
  return isConstant(known, 0) === (name === "or") ? other : known;
}

export function isConstant(node: Node | undefined, value: number): boolean {
  return node?.kind === "const" && Object.is(node.value, value);
}

/** The node a formula stands for, with its names looked up in `names`. */
export function instantiate(graph: Graph, formula: Expression, names: ReadonlyMap<string, Node>): Node {
  const go = (e: Expression): Node => {
    switch (e.kind) {
      case "number":
        return graph.constant(e.value);
      case "name":
        return names.get(e.name) ?? graph.constant(constantNamed(e.name));
      case "unary":
        return call(graph, e.operator === "-" ? "neg" : "not", [go(e.operand)]);
      case "binary":
        return call(graph, OPERATOR_OPS[e.operator], [go(e.left), go(e.right)]);
      case "conditional":
        return call(graph, "select", [go(e.test), go(e.yes), go(e.no)]);
      case "call":
        return Object.hasOwn(definitions, e.callee)
          ? callDefinition(graph, e.callee, e.args.map(go))
          : call(graph, e.callee, e.args.map(go));
      default:
        return unreachable(e);
    }
  };
  return go(formula);
}

/** A call of a defined function, written out. Arguments left out take their defaults. */
export function callDefinition(graph: Graph, name: string, args: readonly Node[]): Node {
  const definition = definitions[name]!;
  const names = new Map<string, Node>();
  definition.params.forEach((param, index) => names.set(param, args[index] ?? graph.constant(definition.defaults![param]!)));
  return instantiate(graph, parseExpression(definition.formula), names);
}

function constantNamed(name: string): number {
  const value = CONSTANTS[name];
  if (value === undefined) throw new Error(`unknown name '${name}' in a formula`);
  return value;
}
