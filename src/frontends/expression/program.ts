// The statements of a source, read from top to bottom into functions. Definitions become functions of their own; assignments are
// stages; a last line that is a value or an assignment makes of the stages one more function, the program.

import type { Span } from "../../core/span.ts";
import { dimSymbols } from "../../ir/dims.ts";
import type { InputNode, Node } from "../../ir/graph.ts";
import type { FunctionInput, SourceFunction } from "../source.ts";
import { inferBounds } from "./class-bounds.ts";
import { convert, type Conversion, type Value } from "./convert.ts";
import { listOf } from "./lists.ts";
import type { Declarations } from "./declarations.ts";
import type { Name, Statement } from "./forms.ts";
import { createScope, type Budget, type Names, type Owner, type Stage, type UserFunction } from "./scope.ts";
import type { Syntax } from "./syntax.ts";
import { asReal } from "./truth.ts";

type Definition = Extract<Statement, { kind: "definition" }>;
type ProgramLine = Extract<Statement, { kind: "assignment" | "value" }>;
type Executable = Definition | ProgramLine;

/** Node visits for writing out calls of functions; more than any source a person wrote needs, and a matter of seconds. */
const BUDGET = 500_000;

export function readProgram(
  statements: readonly Statement[],
  declared: Declarations,
  given: Conversion,
): readonly SourceFunction[] {
  const lines = statements.filter((statement) => statement.kind !== "declaration");
  const last = lines.at(-1);
  if (last === undefined) return [];
  const budget: Budget = { left: BUDGET, exceeded: false, searches: 50 };
  const names: Names = { declared, bound: new Map(), heads: headsOf(lines), inputs: new Map(), budget };
  const conversion: Conversion = { ...given, placeOf: (name) => placeOf(name, names) };
  const stages: Stage[] = [];
  const definitions: UserFunction[] = [];
  const functions: SourceFunction[] = [];

  for (const [index, line] of lines.entries()) {
    if (line.kind === "definition") {
      const { definition, exported } = readDefinition(line, names, conversion);
      definitions.push(definition);
      functions.push(exported);
    } else if (line === last) {
      functions.push(readResult(line, names, conversion));
    } else if (line.kind === "assignment") {
      stages.push(readStage(line, stages.length, names, conversion));
    } else {
      if (line.body.kind !== "poison") conversion.reporter.report("WG1013", line.span, {}, continuationHint(lines[index + 1]));
      readValue(line.body, programOwner(undefined), names, conversion);
    }
  }
  if (last.kind === "definition") for (const definition of definitions) definition.called = true;
  if (!conversion.reporter.hasErrors) warnUnused(stages, definitions, declared, conversion);
  return functions;
}

/** Where a shape comes from. */
function placeOf(name: string, { bound, declared }: Names): Span | undefined {
  const binding = bound.get(name);
  return binding?.kind === "stage" ? binding.stage.name.span : declared.get(name)?.span;
}

function headsOf(lines: readonly Executable[]): Map<string, "assignment" | "definition"> {
  const heads = new Map<string, "assignment" | "definition">();
  for (const line of lines) {
    if (line.kind !== "value" && !heads.has(line.name.text)) heads.set(line.name.text, line.kind);
  }
  return heads;
}

function continuationHint(next: Executable | undefined): string {
  const isSigned = next?.kind === "value" && leftmost(next.body).startsWith("unary");
  return isSigned
    ? "to go on in the next line, end this one with the operator"
    : "give it a name: 'name = ...', or put it in a list: '[a, b]'";
}

/** What an expression begins with: the name of its leftmost operator. */
function leftmost(syntax: Syntax): string {
  let at = syntax;
  while (at.kind === "call" && at.form !== "function" && at.args[0] !== undefined && !at.callee.startsWith("unary"))
    at = at.args[0];
  return at.kind === "call" ? at.callee : "";
}

/** `q = x + y` above the last line. */
function readStage(line: ProgramLine, index: number, names: Names, conversion: Conversion): Stage {
  const name = line.kind === "assignment" ? line.name : { text: "", span: line.span };
  const owner = programOwner(name.text);
  const value = readValue(line.body, owner, names, conversion);
  const stage: Stage = { name, index, body: line.body, value, owner, used: false };
  if (claim(name, names, conversion)) names.bound.set(name.text, { kind: "stage", stage });
  else stage.used = true; // its name is another's: one report is enough
  return stage;
}

function programOwner(name: string | undefined): Owner {
  return { name, uses: new Map(), inputs: new Set(), sizes: new Map() };
}

function readValue(body: Syntax, owner: Owner, names: Names, conversion: Conversion): Value {
  return convert(body, createScope(names, owner, conversion), conversion);
}

interface Outputs {
  readonly outputs: readonly Value[];
  /** A list of numbers, each an output of its own. A list of tensors is one tensor. */
  readonly isVector: boolean;
}

/** The outputs of a body: the items of a list, or one value. */
function readOutputs(body: Syntax, owner: Owner, names: Names, conversion: Conversion): Outputs {
  if (body.kind !== "list") return { outputs: [readValue(body, owner, names, conversion)], isVector: false };
  if (body.args.length === 0) conversion.reporter.report("WG1201", body.span, { found: "this list is empty" });
  const outputs = body.args.map((item) => readValue(item, owner, names, conversion));
  const nodes = outputs.filter((output) => output !== undefined);
  if (nodes.length < outputs.length || nodes.every((node) => node.type.shape.length === 0)) return { outputs, isVector: true };
  const operands = nodes.map((node, index) => ({ node: asReal(conversion.graph, node), syntax: body.args[index]! }));
  return { outputs: [listOf({ name: "[", syntax: body, operands, conversion })], isVector: false };
}

/** Whether `name` may be given a meaning here; reports where it has one. */
function claim(name: Name, names: Names, { reporter, dimensions }: Conversion): boolean {
  const binding = names.bound.get(name.text);
  const isDimension = dimensions.has(name.text);
  const taken = binding?.kind ?? (isDimension ? "dimension" : names.declared.has(name.text) ? "declaration" : undefined);
  if (taken === undefined) return true;
  reporter.report("WG1107", name.span, { name: name.text, as: `a ${taken}` }, "give it a name of its own");
  return false;
}

function readDefinition(
  line: Definition,
  names: Names,
  conversion: Conversion,
): { definition: UserFunction; exported: SourceFunction } {
  const params = readParams(line, names, conversion);
  const owner: Owner = { name: line.name.text, params, uses: new Map(), inputs: new Set(), sizes: new Map() };
  const read = readOutputs(line.body, owner, names, conversion);
  checkInputsOfStages(owner, names.budget, conversion);
  const definition: UserFunction = {
    name: line.name,
    params: line.params.map((param) => params.get(param.text)!),
    body: line.body,
    ...read,
    called: false,
  };
  if (claim(line.name, names, conversion)) names.bound.set(line.name.text, { kind: "function", definition });
  else definition.called = true;
  const inputs = line.params.map((param) => inputOf(param.text, params.get(param.text)!, param.span, names.declared));
  return { definition, exported: exportFunction(line, { name: line.name.text, owner, inputs, ...read }, names, conversion) };
}

function readParams(line: Definition, names: Names, conversion: Conversion): Map<string, InputNode> {
  const { graph, reporter, origins, active, dimensions } = conversion;
  const params = new Map<string, InputNode>();
  for (const { text: name, span } of line.params) {
    const binding = names.bound.get(name);
    const declared = names.declared.get(name);
    if (params.has(name)) reporter.report("WG1108", span, { name });
    else if (name === line.name.text) reporter.report("WG1107", span, { name, as: "the function itself" });
    else if (binding !== undefined) reporter.report("WG1107", span, { name, as: `a ${binding.kind}` });
    else if (declared?.isNumber) reporter.report("WG1107", span, { name, as: "a constant" });
    else if (dimensions.has(name)) reporter.report("WG1107", span, { name, as: "a dimension" });
    if (declared !== undefined) declared.used = true;
    const node = graph.input(name, declared?.type);
    params.set(name, node);
    if (declared?.role !== "const") active.add(node);
    const known = origins.get(node.id);
    if (known === undefined) origins.set(node.id, [span]);
  }
  return params;
}

/** A function may use a stage only if what the stage is computed from is among its parameters. */
function checkInputsOfStages(owner: Owner, budget: Budget, { reporter }: Conversion): void {
  if (owner.uses.size === 0) return;
  const missing = new Map<string, Stage>();
  for (const stage of stagesBehind(owner, budget)) {
    for (const input of stage.owner.inputs) if (!owner.params!.has(input) && !missing.has(input)) missing.set(input, stage);
  }
  for (const [input, stage] of missing) {
    const span = owner.uses.get(stage) ?? firstUse(owner);
    reporter.report(
      "WG1112",
      span,
      { name: input, owner: owner.name ?? "" },
      `add '${input}' to the parameters of '${owner.name}'`,
    );
  }
}

function firstUse(owner: Owner): Span | undefined {
  return owner.uses.values().next().value;
}

/** All stages that `owner` needs, directly or through others, in source order. */
function stagesBehind(owner: Owner, budget: Budget): Stage[] {
  const found = new Set<Stage>();
  const stack = [...owner.uses.keys()];
  for (let stage = stack.pop(); stage !== undefined; stage = stack.pop()) {
    if (found.has(stage)) continue;
    budget.left--;
    found.add(stage);
    stack.push(...stage.owner.uses.keys());
  }
  return [...found].sort((a, b) => a.index - b.index);
}

/** The last line, where it is no definition: with the stages it needs, a function. */
function readResult(line: ProgramLine, names: Names, conversion: Conversion): SourceFunction {
  const owner = programOwner(line.kind === "assignment" ? line.name.text : undefined);
  const read = readOutputs(line.body, owner, names, conversion);
  if (line.kind === "assignment") claim(line.name, names, conversion);
  const name = line.kind === "assignment" ? line.name.text : unusedName(names, conversion);
  const inputs = programInputs(owner, names);
  return exportFunction(line, { name, owner, inputs, ...read }, names, conversion);
}

/** What a nameless result is called: `f`, unless the source means something else by it. */
function unusedName(names: Names, { dimensions }: Conversion): string {
  const isTaken = (name: string): boolean =>
    dimensions.has(name) || names.heads.has(name) || names.inputs.has(name) || names.declared.has(name);
  const candidates = ["f", "result", "value", "output"];
  for (let count = 2; ; count++) {
    const free = candidates.find((name) => !isTaken(name));
    if (free !== undefined) return free;
    candidates.push(`result${count}`);
  }
}

/** Declared names first, as declared; then the others by first appearance. */
function programInputs(owner: Owner, names: Names): FunctionInput[] {
  const needed = new Set(owner.inputs);
  for (const stage of stagesBehind(owner, names.budget)) for (const input of stage.owner.inputs) needed.add(input);
  const inputs: FunctionInput[] = [];
  for (const [name, declared] of names.declared) {
    const free = names.inputs.get(name);
    if (free !== undefined && needed.has(name)) inputs.push(inputOf(name, free.node, declared.span, names.declared));
  }
  for (const [name, { node, span }] of names.inputs) {
    if (needed.has(name) && !names.declared.has(name)) inputs.push(inputOf(name, node, span, names.declared));
  }
  return inputs;
}

function inputOf(name: string, node: InputNode, span: Span, declarations: Declarations): FunctionInput {
  const declared = declarations.get(name);
  return {
    name,
    node,
    role: declared?.role ?? "param",
    ...(declared?.domain && { domain: declared.domain }),
    ...(declared?.open && { open: declared.open }),
    ...(declared?.below !== undefined && { below: declared.below }),
    span,
  };
}

interface Parts extends Outputs {
  readonly name: string;
  readonly owner: Owner;
  readonly inputs: readonly FunctionInput[];
}

function exportFunction(line: Executable, parts: Parts, names: Names, conversion: Conversion): SourceFunction {
  const outputs = parts.outputs.filter((output) => output !== undefined).map((output) => asReal(conversion.graph, output));
  const stageNames = stageNamesOf(parts.owner, names.budget);
  const { name, isVector } = parts;
  checkSizes(parts, names.budget, conversion);
  const inputs = inferBounds(parts.inputs, outputs, conversion);
  if (inputs.length === 0 && !conversion.reporter.hasErrors) conversion.reporter.report("WG1120", line.span, { name });
  return { name, inputs, outputs, isVector, stageNames, span: line.span };
}

/** A name of a size is a number only where an input has that size. */
function checkSizes({ name, owner, inputs }: Parts, budget: Budget, { reporter, dimensions }: Conversion): void {
  if (dimensions.size === 0) return;
  const known = new Set(inputs.flatMap(({ node }) => node.type.shape.flatMap(dimSymbols)));
  for (const { sizes } of [owner, ...stagesBehind(owner, budget).map((stage) => stage.owner)]) {
    for (const [size, span] of sizes) {
      if (!known.has(size))
        reporter.report("WG1223", span, { name: size, owner: name }, `let an input of '${name}' have that size`);
      known.add(size);
    }
  }
}

/** Inputs and constants have names or need none; of several names for one node the first counts. */
function stageNamesOf(owner: Owner, budget: Budget): Map<Node, string> {
  const stageNames = new Map<Node, string>();
  for (const { value, name } of stagesBehind(owner, budget)) {
    if (value?.kind === "call" && !stageNames.has(value)) stageNames.set(value, name.text);
  }
  return stageNames;
}

function warnUnused(
  stages: readonly Stage[],
  definitions: readonly UserFunction[],
  declared: Declarations,
  { reporter }: Conversion,
): void {
  for (const { used, name } of stages) if (!used) reporter.report("WG1115", name.span, { name: name.text });
  for (const { called, name } of definitions) if (!called) reporter.report("WG1116", name.span, { name: name.text });
  for (const { used, name, span } of declared.values()) if (!used) reporter.report("WG1117", span, { name });
}
