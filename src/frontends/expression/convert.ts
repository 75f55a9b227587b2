// From a syntax tree to graph nodes. What names and functions of the user's mean is asked of a scope. Iterative throughout.

import { unreachable } from "../../core/unreachable.ts";
import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { Graph, Node, NodeId } from "../../ir/graph.ts";
import { call } from "../../ops/build.ts";
import { applicationOf, buildCall } from "./calls.ts";
import { builtins, type BuiltinCallee } from "./functions.ts";
import { buildIndex, endValue } from "./indexing.ts";
import { listOf } from "./lists.ts";
import { UNITS } from "./names.ts";
import { checkBroadcast, type Application } from "./operand.ts";
import { excess, noteSize, type SizeNodes } from "./sizes.ts";
import { argumentsOf, type Syntax } from "./syntax.ts";
import { asReal, asTruth } from "./truth.ts";

/** A node, or undefined where there was a mistake, which has been reported. */
export type Value = Node | undefined;

export interface Conversion {
  readonly graph: Graph;
  readonly reporter: Reporter;
  readonly origins: Map<NodeId, Span[]>;
  /** Nodes whose value changes with an input that can be differentiated. */
  readonly active: Set<Node>;
  /** The whole source. */
  readonly text: string;
  readonly lineOf: (offset: number) => number;
  /** Where a name was declared or assigned. */
  readonly placeOf: (name: string) => Span | undefined;
  /** Names of sizes, each with the place where it first stands. */
  readonly dimensions: Map<string, Span>;
  readonly sizes: SizeNodes;
  /** The numbers that lists were written of, row by row. */
  readonly entries: Map<Node, readonly Node[]>;
}

export interface Scope {
  /** Reports what has no value. */
  valueOf(name: string, span: Span): Value;
  /** Whether the user gave the name a meaning, by declaration, assignment or parameter list. */
  knows(name: string): boolean;
  /** What `name(...)` calls; undefined, reported, where nothing. */
  calleeOf(name: string, span: Span): Callee | undefined;
}

export type Callee = BuiltinCallee | UserCallee;
export interface UserCallee {
  readonly params: number;
  readonly apply: (application: Application) => Value;
}

/** Of the many places one node may come from, this many are kept. */
const ORIGINS_KEPT = 16;

export function convert(root: Syntax, scope: Scope, conversion: Conversion): Value {
  if (isUnitProduct(root, scope)) return reportUnit(root, conversion);
  const stack: Frame[] = [];
  const indexing: IndexFrame[] = [];
  const enter = (syntax: Syntax): void => {
    const frame: Frame = { syntax, values: [] };
    stack.push(frame);
    if (syntax.kind === "index") indexing.push({ syntax, values: frame.values });
  };
  enter(root);
  for (;;) {
    const top = stack.at(-1)!;
    const next = argumentsOf(top.syntax)[top.values.length];
    if (next !== undefined) {
      const special = specialValue(next, top, indexing, conversion);
      if (isUnitProduct(next, scope)) top.values.push(reportUnit(next, conversion));
      else if (special !== NOT_SPECIAL) top.values.push(special);
      else enter(next);
      continue;
    }
    const value = withinLimits(build(top.syntax, top.values, scope, conversion), top.syntax, conversion);
    note(value, top.syntax, top.values, conversion);
    stack.pop();
    if (top.syntax.kind === "index") indexing.pop();
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

interface IndexFrame extends Frame {
  readonly syntax: Extract<Syntax, { kind: "index" }>;
}

const NOT_SPECIAL = Symbol("not special");

/** What only some places know: `end` in an index, and Infinity as the order of a norm. */
function specialValue(
  next: Syntax,
  user: Frame,
  indexing: readonly IndexFrame[],
  conversion: Conversion,
): Value | typeof NOT_SPECIAL {
  if (next.kind !== "name") return NOT_SPECIAL;
  if (next.name === "end" && indexing.length > 0) {
    const frame = indexing.findLast(({ values }) => values.length > 0); // in the object of an index `end` belongs to the one around
    if (frame !== undefined) return endValue(frame.syntax, frame.values, conversion);
  }
  const isOrder = user.syntax.kind === "call" && user.syntax.callee === "norm" && user.values.length === 1;
  return isOrder && next.name === "Infinity" ? conversion.graph.constant(Infinity) : NOT_SPECIAL;
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
      if (!checkBroadcast(applicationOf("?", syntax, [test, yes, no], conversion))) return undefined;
      return call(graph, "select", [asTruth(graph, test), asReal(graph, yes), asReal(graph, no)]);
    }
    case "chain":
      return buildChain(syntax, args, conversion);
    case "list":
      return buildList(syntax, args, conversion);
    case "range":
      reporter.report("WG1202", syntax.span);
      return undefined;
    case "index":
      return buildIndex(syntax, args, conversion);
    case "called":
      if (args[0] !== undefined) reporter.report("WG1105", syntax.at, { name: "this" });
      return undefined;
    case "poison":
    case "text":
      return undefined;
    default:
      return unreachable(syntax);
  }
}

/** `a < b < c` is `a < b and b < c`. */
function buildChain(syntax: Extract<Syntax, { kind: "chain" }>, args: readonly Value[], conversion: Conversion): Value {
  const { operators } = syntax;
  const { graph } = conversion;
  const nodes = args.filter((arg) => arg !== undefined);
  if (nodes.length < args.length || !checkBroadcast(applicationOf("<", syntax, nodes, conversion))) return undefined;
  let all: Value;
  for (let index = 0; index < operators.length; index++) {
    const [left, right] = [nodes[index]!, nodes[index + 1]!];
    const step = builtins.get(operators[index]!)!.build(graph, [asReal(graph, left), asReal(graph, right)]);
    all = all === undefined ? step : call(graph, "and", [all, step]);
  }
  return all;
}

/** `[a, b]`: entries of one shape. */
function buildList(syntax: Extract<Syntax, { kind: "list" }>, args: readonly Value[], conversion: Conversion): Value {
  const { graph, reporter } = conversion;
  if (args.length === 0) reporter.report("WG1201", syntax.span, { found: "this list is empty" });
  const nodes = args.filter((arg) => arg !== undefined).map((arg) => asReal(graph, arg));
  if (nodes.length < args.length || nodes.length === 0) return undefined;
  return listOf(applicationOf("[", syntax, nodes, conversion));
}

/** The value, unless it is larger than anybody means. */
function withinLimits(value: Value, syntax: Syntax, { reporter }: Conversion): Value {
  const found = value === undefined || value.type.shape.length === 0 ? undefined : excess(value.type.shape);
  if (found === undefined) return value;
  reporter.report("WG1230", syntax.span, { found });
  return undefined;
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

function note(value: Value, syntax: Syntax, args: readonly Value[], { origins, active, sizes }: Conversion): void {
  if (value === undefined) return;
  if (sizes.size > 0) noteSize(value, sizes);
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
    if (node.kind === "call") for (const arg of node.args) stack.push(arg);
  }
}
