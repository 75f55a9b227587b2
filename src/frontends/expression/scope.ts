// What names mean while the statements of a source are read from top to bottom.

import type { Span } from "../../core/span.ts";
import { nearest } from "../../diagnostics/suggest.ts";
import type { InputNode, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { convert, type Callee, type Conversion, type Scope, type Value } from "./convert.ts";
import type { Declarations } from "./declarations.ts";
import type { Name } from "./forms.ts";
import { builtins, callables, elsewhereCalled, unsupported } from "./functions.ts";
import { OPERATOR_WORDS } from "./lexer.ts";
import { CONSTANTS, LOOK_LIKE_CONSTANTS } from "./names.ts";
import { sizeNode } from "./sizes.ts";
import type { Syntax } from "./syntax.ts";
import { callUser, stageAgain, type Reading } from "./user-calls.ts";

/** What is being read: a function with its parameters, or a line of the program, whose unknown names are inputs. */
export interface Owner {
  readonly name: string | undefined;
  /** Undefined for the program. */
  readonly params?: ReadonlyMap<string, Node>;
  /** The stages it reads, each with the first place where. */
  readonly uses: Map<Stage, Span>;
  /** The program's inputs it reads by name. */
  readonly inputs: Set<string>;
  /** The names of sizes it reads as numbers, each with the first place where. */
  readonly sizes: Map<string, Span>;
  /** Set where a function is read again for arguments of other shapes: what its names of sizes are there. */
  readonly instance?: { readonly sizes: ReadonlyMap<string, Dim>; readonly stages: Map<Stage, Value> };
}

/** `q = x + y`. */
export interface Stage {
  readonly name: Name;
  readonly index: number;
  readonly body: Syntax;
  readonly value: Value;
  readonly owner: Owner;
  used: boolean;
}

/** `g(t) = ...`. */
export interface UserFunction {
  readonly name: Name;
  readonly params: readonly InputNode[];
  readonly body: Syntax;
  /** Undefined where the body was wrong. */
  readonly outputs: readonly Value[];
  readonly isVector: boolean;
  called: boolean;
}

export type Binding =
  { readonly kind: "stage"; readonly stage: Stage } | { readonly kind: "function"; readonly definition: UserFunction };

export interface Names {
  readonly declared: Declarations;
  /** What has been assigned and defined so far. */
  readonly bound: Map<string, Binding>;
  /** What is assigned or defined anywhere, so that a use above can be told from an unknown name. */
  readonly heads: ReadonlyMap<string, "assignment" | "definition">;
  /** The program's inputs, each with its first place. */
  readonly inputs: Map<string, FreeInput>;
  readonly budget: Budget;
}

export interface FreeInput {
  readonly node: InputNode;
  readonly span: Span;
}

/** Nodes that may still be visited to write out calls; what functions of functions expand to can be exponential. */
export interface Budget {
  left: number;
  exceeded: boolean;
  /** How many unknown names are still looked for among the known ones. */
  searches: number;
}

export function createScope(names: Names, owner: Owner, conversion: Conversion): Scope {
  return {
    knows: (name) =>
      owner.params?.has(name) ||
      names.declared.has(name) ||
      names.bound.has(name) ||
      names.heads.has(name) ||
      conversion.dimensions.has(name),
    valueOf: (name, span) => {
      const bound = boundValue(name, span, names, owner, conversion);
      return bound === NOT_BOUND ? unboundValue(name, span, names, owner, conversion) : bound;
    },
    calleeOf: (name, span) => calleeOf(name, span, names, owner, conversion),
  };
}

/** How a body is read again. */
function reading(names: Names): Reading {
  const read: Reading["read"] = (body, owner, conversion) => convert(body, createScope(names, owner, conversion), conversion);
  return { read, budget: names.budget };
}

const NOT_BOUND = Symbol("not bound");

/** The value of a name that the user gave a meaning. */
function boundValue(name: string, span: Span, names: Names, owner: Owner, conversion: Conversion): Value | typeof NOT_BOUND {
  const { reporter } = conversion;
  const declared = names.declared.get(name);
  if (declared !== undefined && declared.type === undefined) return undefined; // its declaration was wrong
  const param = owner.params?.get(name);
  if (param !== undefined) return param;
  const binding = names.bound.get(name);
  if (binding?.kind === "stage") {
    binding.stage.used = true;
    if (owner.instance !== undefined) return stageAgain(binding.stage, owner, reading(names), conversion);
    if (!owner.uses.has(binding.stage)) owner.uses.set(binding.stage, span);
    return binding.stage.value;
  }
  if (binding?.kind === "function" || (names.heads.get(name) === "definition" && !names.declared.has(name))) {
    reporter.report("WG1106", span, { name }, `write '${name}(...)' to call it`);
    return undefined;
  }
  if (declared !== undefined) {
    declared.used = true;
    if (declared.isNumber) return declared.value;
    if (owner.params === undefined) return freeInput(name, span, names, owner, conversion);
    reporter.report("WG1112", span, { name, owner: owner.name ?? "" }, `add '${name}' to the parameters of '${owner.name}'`);
    return undefined;
  }
  if (conversion.dimensions.has(name)) {
    if (!owner.sizes.has(name)) owner.sizes.set(name, span);
    return sizeNode(owner.instance?.sizes.get(name) ?? name, conversion.graph, conversion.sizes);
  }
  if (!names.heads.has(name)) return NOT_BOUND;
  if (owner.name === name)
    reporter.report("WG1111", span, { name, problem: "is assigned from itself" }, "give the new value a name of its own");
  else reporter.report("WG1111", span, { name, problem: "is assigned only below" }, "move its line up");
  return undefined;
}

/** The value of a name that only the language knows, or nobody. */
function unboundValue(name: string, span: Span, names: Names, owner: Owner, conversion: Conversion): Value {
  const { graph, reporter } = conversion;
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return graph.constant(constant);
  if (name === "i") reporter.report("WG1206", span, {}, "declare 'param i' if it is an input");
  else if (name === "NaN" || name === "Infinity") reporter.report("WG1210", span, { name });
  else if (name === "null" || name === "undefined") reporter.report("WG1211", span, { name });
  else if (name === "in") reporter.report("WG1207", span, { found: "a unit" });
  else if (OPERATOR_WORDS.has(name))
    reporter.report("WG1106", span, { name }, `put brackets around a percentage before '${name}': '(10%)'`);
  else if (owner.params === undefined && builtins.has(name)) {
    reporter.report("WG1106", span, { name }, `write '${name}(...)' to call it, or declare 'param ${name}' if it is an input`);
  } else if (owner.params === undefined) return freeInput(name, span, names, owner, conversion);
  else if (builtins.has(name))
    reporter.report("WG1106", span, { name }, `write '${name}(...)' to call it, or make it a parameter`);
  else {
    const near = search(name, names, () => [...owner.params!.keys(), ...names.bound.keys(), ...CONSTANTS.keys()]);
    const instead = near === undefined ? `add '${name}' to the parameters of '${owner.name}'` : `did you mean '${near}'?`;
    reporter.report("WG1104", span, { name, owner: owner.name ?? "" }, instead);
  }
  return undefined;
}

function freeInput(name: string, span: Span, names: Names, owner: Owner, { graph, reporter, active }: Conversion): Node {
  owner.inputs.add(name);
  const known = names.inputs.get(name);
  if (known !== undefined) return known.node;
  const declared = names.declared.get(name);
  const node = graph.input(name, declared?.type);
  names.inputs.set(name, { node, span });
  if (declared?.role !== "const") active.add(node);
  const lookAlike = declared === undefined ? LOOK_LIKE_CONSTANTS.get(name) : undefined;
  if (lookAlike !== undefined) {
    reporter.report("WG1119", span, { name, constant: lookAlike }, `write '${lookAlike}', or declare 'param ${name}'`);
  }
  return node;
}

function calleeOf(name: string, span: Span, names: Names, owner: Owner, conversion: Conversion): Callee | undefined {
  const { reporter } = conversion;
  const binding = names.bound.get(name);
  const isParam = owner.params?.has(name) ?? false;
  if (binding?.kind === "function" && !isParam) {
    const { definition } = binding;
    return { params: definition.params.length, apply: (application) => callUser(definition, application, reading(names)) };
  }
  if (isParam || binding !== undefined || names.declared.has(name) || names.heads.get(name) === "assignment") {
    reporter.report("WG1105", span, { name: `'${name}'` }, `write '${name} * (...)' to multiply`);
  } else if (owner.name === name) reporter.report("WG1109", span, { name });
  else if (names.heads.has(name)) reporter.report("WG1110", span, { name }, `move the definition of '${name}' up`);
  else if (callables.has(name)) return callables.get(name);
  else reportUnknownFunction(name, span, names, conversion);
  return undefined;
}

function reportUnknownFunction(name: string, span: Span, names: Names, { reporter }: Conversion): void {
  const reason = unsupported.get(name);
  if (reason !== undefined)
    return reporter.report(reason, span, {
      name,
      found: `'${name}' is not among the functions of matrices here`,
      operator: name,
    });
  if (name === "if" || name === "ifelse" || name === "where") {
    return reporter.report("WG1101", span, { name }, "write 'condition ? value : other'");
  }
  if (name === "clamp" || name === "clip") return reporter.report("WG1101", span, { name }, "write 'min(max(x, low), high)'");
  if (CONSTANTS.has(name) || names.inputs.has(name)) {
    return reporter.report("WG1105", span, { name: `'${name}'` }, `write '${name} * (...)' to multiply`);
  }
  const near = elsewhereCalled.get(name) ?? search(name, names, () => [...functionNames(names), ...callables.keys()]);
  const multiply = name.length === 1 ? `write '${name} * (...)' to multiply` : undefined;
  reporter.report("WG1101", span, { name }, multiply ?? (near && `did you mean '${near}'?`));
}

function functionNames(names: Names): string[] {
  return [...names.bound].filter(([, binding]) => binding.kind === "function").map(([name]) => name);
}

/** The nearest of `candidates`; after many a mistake nobody is helped by one more, and each costs a pass over all names. */
function search(name: string, { budget }: Names, candidates: () => string[]): string | undefined {
  return budget.searches-- > 0 ? nearest(name, candidates()) : undefined;
}
