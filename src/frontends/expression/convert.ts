// From a syntax tree to graph nodes. What names and functions of the user's mean is asked of a scope. Iterative throughout.

import { unreachable } from "../../core/unreachable.ts";
import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { Graph, Node, NodeId } from "../../ir/graph.ts";
import { call } from "../../ops/build.ts";
import { builtins, type Builtin } from "./functions.ts";
import { UNITS } from "./names.ts";
import { argumentsOf, type CallSyntax, type Syntax } from "./syntax.ts";

/** A node, or undefined where there was a mistake, which has been reported. */
export type Value = Node | undefined;

export interface Conversion {
  readonly graph: Graph;
  readonly reporter: Reporter;
  readonly origins: Map<NodeId, Span[]>;
  /** Nodes whose value changes with an input that can be differentiated. */
  readonly active: Set<Node>;
}

export interface Scope {
  /** Reports what has no value. */
  valueOf(name: string, span: Span): Value;
  /** Whether the user gave the name a meaning, by declaration, assignment or parameter list. */
  knows(name: string): boolean;
  /** What `name(...)` calls; undefined, reported, where nothing. */
  calleeOf(name: string, span: Span): Callee | undefined;
}

export type Callee = Builtin | UserCallee;
export interface UserCallee {
  readonly params: number;
  readonly apply: (args: readonly Node[], span: Span) => Value;
}

/** Of the many places one node may come from, this many are kept. */
const ORIGINS_KEPT = 16;

export function convert(root: Syntax, scope: Scope, conversion: Conversion): Value {
  if (isUnitProduct(root, scope)) return reportUnit(root, conversion);
  const stack: Frame[] = [{ syntax: root, values: [] }];
  for (;;) {
    const top = stack.at(-1)!;
    const next = argumentsOf(top.syntax)[top.values.length];
    if (next !== undefined) {
      if (isUnitProduct(next, scope)) top.values.push(reportUnit(next, conversion));
      else stack.push({ syntax: next, values: [] });
      continue;
    }
    const value = build(top.syntax, top.values, scope, conversion);
    note(value, top.syntax, top.values, conversion);
    stack.pop();
    const user = stack.at(-1);
    if (user === undefined) return value;
    user.values.push(value);
  }
}

interface Frame {
  readonly syntax: Syntax;
  /** Of the arguments so far. */
  readonly values: Value[];
}

/** As a real: a condition counts 1 or 0. */
export function asReal(graph: Graph, node: Node): Node {
  return node.type.dtype === "boolean" ? call(graph, "select", [node, graph.constant(1), graph.constant(0)]) : node;
}

/** As a condition: a real holds where it is not 0. */
function asTruth(graph: Graph, node: Node): Node {
  return node.type.dtype === "boolean" ? node : call(graph, "ne", [node, graph.constant(0)]);
}

function build(syntax: Syntax, args: readonly Value[], scope: Scope, conversion: Conversion): Value {
  const { graph, reporter } = conversion;
  switch (syntax.kind) {
    case "number":
      if (Number.isFinite(syntax.value)) return graph.constant(syntax.value);
      if (Number.isNaN(syntax.value)) reporter.report("WG1001", syntax.span, { detail: "this is not a number" });
      else reporter.report("WG1209", syntax.span);
      return undefined;
    case "name":
      return scope.valueOf(syntax.name, syntax.span);
    case "call":
      return buildCall(syntax, args, scope, conversion);
    case "conditional": {
      const [test, yes, no] = args;
      if (test === undefined || yes === undefined || no === undefined) return undefined;
      return call(graph, "select", [asTruth(graph, test), asReal(graph, yes), asReal(graph, no)]);
    }
    case "chain":
      return buildChain(syntax.operators, args, graph);
    case "list":
      reporter.report("WG1201", syntax.span, { found: "a list stands inside an expression" });
      return undefined;
    case "poison":
      return undefined;
    default:
      return unreachable(syntax);
  }
}

/** `a < b < c` is `a < b and b < c`. */
function buildChain(operators: readonly string[], args: readonly Value[], graph: Graph): Value {
  let all: Value;
  for (let index = 0; index < operators.length; index++) {
    const [left, right] = [args[index], args[index + 1]];
    if (left === undefined || right === undefined) return undefined;
    const step = builtins.get(operators[index]!)!.build(graph, [asReal(graph, left), asReal(graph, right)]);
    all = all === undefined ? step : call(graph, "and", [all, step]);
  }
  return all;
}

function buildCall(syntax: CallSyntax, args: readonly Value[], scope: Scope, conversion: Conversion): Value {
  const { graph, reporter } = conversion;
  const { callee: name, at, span } = syntax;
  if (name === "to" && syntax.form === "operator") {
    reporter.report("WG1207", at, { found: "a conversion of units" });
    return undefined;
  }
  const callee = syntax.form === "function" ? scope.calleeOf(name, at) : builtins.get(name);
  if (callee === undefined) return undefined;
  if (!checkArity(name, callee, syntax, reporter)) return undefined;
  const nodes = args.filter((arg) => arg !== undefined);
  if (nodes.length < args.length) return undefined;
  if ("apply" in callee)
    return callee.apply(
      nodes.map((node) => asReal(graph, node)),
      span,
    );
  const read = callee.operands === "truth" ? asTruth : asReal;
  const operands = nodes.map((node) => read(graph, node));
  if (callee.takesDigits && !checkDigits(operands[1], syntax, reporter)) return undefined;
  warnIfFlat(name, callee, operands, syntax, conversion);
  const value = callee.build(graph, operands);
  warnIfNotFinite(value, operands, span, reporter);
  return value;
}

function checkArity(name: string, callee: Callee, syntax: CallSyntax, reporter: Reporter): boolean {
  const [minimum, maximum] = "apply" in callee ? [callee.params, callee.params] : [callee.minimum, callee.maximum];
  const count = syntax.args.length;
  if (count >= minimum && count <= maximum) return true;
  const suggestion = name === "norm" ? "'hypot' is the norm of several numbers" : undefined;
  reporter.report("WG1103", syntax.at, { name, wanted: arityText(minimum, maximum), count }, suggestion);
  return false;
}

function arityText(minimum: number, maximum: number): string {
  if (minimum === maximum) return plural(minimum);
  return maximum === Infinity ? `${minimum} or more arguments` : `${minimum} or ${plural(maximum)}`;
}

function plural(count: number): string {
  return `${count === 0 ? "no" : count} ${count === 1 ? "argument" : "arguments"}`;
}

function checkDigits(digits: Node | undefined, syntax: CallSyntax, reporter: Reporter): boolean {
  if (digits === undefined) return true;
  if (digits.kind === "const" && Number.isInteger(digits.value) && digits.value >= 0 && digits.value <= 15) return true;
  reporter.report("WG1215", syntax.args[1]!.span, { what: "the number of digits must be a whole number from 0 to 15" });
  return false;
}

function warnIfFlat(name: string, callee: Builtin, args: readonly Node[], syntax: CallSyntax, conversion: Conversion): void {
  const isActive = args[0] !== undefined && conversion.active.has(args[0]);
  if (callee.isFlat && isActive) conversion.reporter.report("WG1216", syntax.span, { name });
}

/** `1 / 0`, `sqrt(-1)`: a constant that folds to no number. Infinity may be meant, so this is no error. */
function warnIfNotFinite(value: Node, args: readonly Node[], span: Span, reporter: Reporter): void {
  if (value.kind !== "const" || Number.isFinite(value.value)) return;
  if (args.some((arg) => arg.kind === "const" && !Number.isFinite(arg.value))) return; // said before
  if (args.every((arg) => arg.kind === "const")) reporter.report("WG1218", span, { value: String(value.value) });
}

/** `5 cm`: a literal times a well-known unit, unless the user says that the name is theirs. */
function isUnitProduct(syntax: Syntax, scope: Scope): boolean {
  if (syntax.kind !== "call" || syntax.form !== "implicit") return false;
  const [left, right] = syntax.args;
  const unit = right?.kind === "call" && right.callee === "pow" && right.form === "operator" ? right.args[0] : right;
  return left?.kind === "number" && unit?.kind === "name" && UNITS.has(unit.name) && !scope.knows(unit.name);
}

function reportUnit(syntax: Syntax, { reporter }: Conversion): undefined {
  reporter.report("WG1207", syntax.span, { found: "a unit" }, "write '*' between the two if it is an input");
}

function note(value: Value, syntax: Syntax, args: readonly Value[], { origins, active }: Conversion): void {
  if (value === undefined) return;
  const known = origins.get(value.id);
  if (known === undefined) noteAll(value, syntax.span, origins);
  else if (known.length < ORIGINS_KEPT) known.push(syntax.span);
  if (value.kind === "call" && args.some((arg) => arg !== undefined && active.has(arg))) active.add(value);
}

/** One call may have made several nodes; those without a place get this one. */
function noteAll(made: Node, span: Span, origins: Map<NodeId, Span[]>): void {
  const stack = [made];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (origins.has(node.id)) continue;
    origins.set(node.id, [span]);
    if (node.kind === "call") stack.push(...node.args);
  }
}
