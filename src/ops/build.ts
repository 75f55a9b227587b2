// Makes typed call nodes, folding constants and the identities that hold bit for bit. Formulas of the tables become nodes here.

import { unreachable } from "../core/unreachable.ts";
import { parseExpression, type BinaryOperator, type Expression } from "../core/syntax.ts";
import { broadcastShapes, sameShape, shapeText } from "../ir/dims.ts";
import { NO_ATTRS, type Attrs, type Graph, type Node } from "../ir/graph.ts";
import { BOOLEAN, REAL, type Dim, type TensorType } from "../ir/shape.ts";
import { definitions } from "./definitions.ts";
import { opNamed } from "./registry.ts";
import { tensorOps } from "./tensor/registry.ts";

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

/** `op(args)` as a node: a constant where all arguments are, an argument where the identity is exact. Throws where the shapes do not fit. */
export function call(graph: Graph, name: string, args: readonly Node[], attrs: Attrs = NO_ATTRS): Node {
  const made = tryCall(graph, name, args, attrs);
  if (typeof made === "string") throw new Error(`${name}: ${made}`);
  return made;
}

/** The same for arguments that a user chose: what is wrong with their shapes, in words, where something is. */
export function tryCall(graph: Graph, name: string, args: readonly Node[], attrs: Attrs = NO_ATTRS): Node | string {
  if (tensorOps.has(name)) return tensorIdentity(graph, name, args, attrs) ?? makeTensorCall(graph, name, args, attrs);
  if (args.every((arg) => arg.type.shape.length === 0)) {
    return exactIdentity(graph, name, args) ?? foldConstants(graph, name, args) ?? rawCall(graph, name, args);
  }
  const shape = broadcastShapes(args.map((arg) => arg.type.shape));
  if (shape === undefined) return `${args.map((arg) => shapeText(arg.type.shape)).join(" and ")} cannot be broadcast together`;
  const same = exactIdentity(graph, name, args);
  return same === undefined ? rawCall(graph, name, args) : broadcastTo(graph, same, shape);
}

/** `op(args)` as it stands. */
export function rawCall(graph: Graph, name: string, args: readonly Node[], attrs: Attrs = NO_ATTRS): Node {
  if (tensorOps.has(name)) return graph.call(name, args, inferType(name, args, attrs), attrs);
  return graph.call(name, args, elementwiseType(opNamed(name).result, args));
}

/** `node` itself where it has the shape, else stretched to it. */
export function broadcastTo(graph: Graph, node: Node, shape: readonly Dim[]): Node {
  return sameShape(node.type.shape, shape) ? node : rawCall(graph, "broadcast", [node], { shape });
}

function makeTensorCall(graph: Graph, name: string, args: readonly Node[], attrs: Attrs): Node | string {
  const type = tensorOps.get(name)!.infer(
    args.map((arg) => arg.type),
    attrs,
  );
  return typeof type === "string" ? type : graph.call(name, args, type, attrs);
}

function inferType(name: string, args: readonly Node[], attrs: Attrs): TensorType {
  const type = tensorOps.get(name)!.infer(
    args.map((arg) => arg.type),
    attrs,
  );
  if (typeof type === "string") throw new Error(`${name}: ${type}`);
  return type;
}

function elementwiseType(result: "real" | "boolean", args: readonly Node[]): TensorType {
  const scalar = result === "boolean" ? BOOLEAN : REAL;
  if (args.every((arg) => arg.type.shape.length === 0)) return scalar;
  const shape = broadcastShapes(args.map((arg) => arg.type.shape));
  if (shape === undefined) throw new Error(`cannot broadcast ${args.map((arg) => shapeText(arg.type.shape)).join(" and ")}`);
  return { dtype: scalar.dtype, shape };
}

/** Tensor ops that move nothing. */
function tensorIdentity(graph: Graph, name: string, args: readonly Node[], attrs: Attrs): Node | undefined {
  const [x] = args;
  switch (name) {
    case "broadcast":
      return sameShape(x!.type.shape, attrs["shape"] as readonly Dim[]) ? x : undefined;
    case "reshape":
      if (sameShape(x!.type.shape, attrs["shape"] as readonly Dim[])) return x;
      return x?.kind === "call" && x.op === "reshape" ? call(graph, "reshape", x.args, attrs) : undefined;
    case "transpose":
      return (attrs["perm"] as readonly number[]).every((axis, at) => axis === at) ? x : undefined;
    case "sum":
      return (attrs["axes"] as readonly number[]).length === 0 ? x : undefined;
    case "concat":
      return args.length === 1 ? x : undefined;
    case "slice":
      return (attrs["steps"] as readonly number[]).every((step) => step === 1) &&
        sameShape(x!.type.shape, attrs["counts"] as readonly Dim[])
        ? x
        : undefined;
    case "size":
      return typeof attrs["dim"] === "number" ? graph.constant(attrs["dim"]) : undefined;
    default:
      return undefined;
  }
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
    case "min": {
      const different = [...new Set(args)]; // an operand that stands there twice ties with itself everywhere
      if (different.length === 1) return a;
      return different.length < args.length ? call(graph, name, different) : undefined;
    }
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
