// Calls of the user's functions, which are written out. Where the arguments have the parameters' types, on the graph; where their
// shapes are others, the body is read again for them: what `*` means depends on shapes.

import { catalog } from "../../diagnostics/catalog.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { dimSymbols, sameShape, shapeText } from "../../ir/dims.ts";
import type { InputNode, Node } from "../../ir/graph.ts";
import type { Dim } from "../../ir/shape.ts";
import { postOrder } from "../../ir/walk.ts";
import { call } from "../../ops/build.ts";
import type { Conversion, Value } from "./convert.ts";
import { describe, type Application, type Operand } from "./operand.ts";
import type { Budget, Owner, Stage, UserFunction } from "./scope.ts";
import { argumentsOf, type Syntax } from "./syntax.ts";
import { asReal } from "./truth.ts";

/** How a body is read again, and how much of that is left. */
export interface Reading {
  readonly read: (body: Syntax, owner: Owner, conversion: Conversion) => Value;
  readonly budget: Budget;
}

export function callUser(definition: UserFunction, application: Application, reading: Reading): Value {
  const { syntax, conversion } = application;
  definition.called = true;
  if (definition.isVector) {
    conversion.reporter.report("WG1217", syntax.span, { name: definition.name.text });
    return undefined;
  }
  const operands = application.operands.map((operand, index): Operand => {
    const isCondition = definition.params[index]!.type.dtype === "boolean";
    return isCondition ? operand : { node: asReal(conversion.graph, operand.node), syntax: operand.syntax };
  });
  const known = { ...application, operands };
  const isExact = definition.params.every(({ type }, index) => {
    const given = operands[index]!.node.type;
    return type.dtype === given.dtype && sameShape(type.shape, given.shape);
  });
  return isExact ? substitute(definition, known, reading.budget) : instantiate(definition, known, reading);
}

/** The function's value with its parameters replaced: on the graph, so what was shared stays shared. */
function substitute(definition: UserFunction, { operands, syntax, conversion }: Application, budget: Budget): Value {
  const [body] = definition.outputs;
  if (body === undefined || definition.params.every((param, index) => param === operands[index]!.node)) return body;
  const replaced = new Map<Node, Node>(definition.params.map((param, index) => [param, operands[index]!.node]));
  if (budget.left > 0) {
    for (const node of postOrder([body])) {
      budget.left--;
      if (node.kind !== "call" || !node.args.some((arg) => replaced.has(arg))) continue;
      const args = node.args.map((arg) => replaced.get(arg) ?? arg);
      replaced.set(node, call(conversion.graph, node.op, args, node.attrs));
    }
    if (budget.left > 0) return replaced.get(body) ?? body;
  }
  return reportGrowth(syntax, budget, conversion);
}

function reportGrowth({ span }: Syntax, budget: Budget, { reporter }: Conversion): undefined {
  if (!budget.exceeded) reporter.report("WG1118", span);
  budget.exceeded = true;
}

/** The body read again with the arguments in place of the parameters. */
function instantiate(definition: UserFunction, application: Application, reading: Reading): Value {
  const { operands, syntax, conversion } = application;
  if (definition.outputs[0] === undefined) return undefined; // it was wrong already
  const sizes = sizesOf(definition, application);
  if (sizes === undefined) return undefined;
  const params = new Map(definition.params.map((param, index) => [param.name, operands[index]!.node]));
  const owner: Owner = {
    name: definition.name.text,
    params,
    uses: new Map(),
    inputs: new Set(),
    sizes: new Map(),
    instance: { sizes, stages: new Map() },
  };
  const places = new Map(definition.params.map((param, index) => [param.name, operands[index]!.syntax.span]));
  return readAgain(
    definition.body,
    owner,
    reading,
    {
      ...conversion,
      reporter: errorsOnly(conversion.reporter),
      placeOf: (name) => places.get(name) ?? conversion.placeOf(name),
    },
    syntax,
  );
}

/** The value of a stage that a function reads, for arguments of other shapes. */
export function stageAgain(stage: Stage, owner: Owner, reading: Reading, conversion: Conversion): Value {
  const { stages } = owner.instance!; // whoever calls this has one
  if (!stages.has(stage)) stages.set(stage, readAgain(stage.body, owner, reading, conversion, stage.body));
  return stages.get(stage);
}

function readAgain(body: Syntax, owner: Owner, { read, budget }: Reading, conversion: Conversion, syntax: Syntax): Value {
  budget.left -= sizeOfSyntax(body);
  return budget.left > 0 ? read(body, owner, conversion) : reportGrowth(syntax, budget, conversion);
}

function sizeOfSyntax(body: Syntax): number {
  let size = 0;
  const stack = [body];
  for (let syntax = stack.pop(); syntax !== undefined; syntax = stack.pop()) {
    size++;
    for (const arg of argumentsOf(syntax)) stack.push(arg);
  }
  return size;
}

/** Warnings were given when the body was first read. */
function errorsOnly(reporter: Reporter): Reporter {
  return {
    report: (code, span, values, suggestion) => {
      if (catalog[code].severity === "error") reporter.report(code, span, values, suggestion);
    },
    diagnostics: reporter.diagnostics,
    get hasErrors() {
      return reporter.hasErrors;
    },
  };
}

/** What the names of sizes in the parameters' shapes are for these arguments; undefined, reported, where they do not fit. */
function sizesOf(definition: UserFunction, application: Application): Map<string, Dim> | undefined {
  const sizes = new Map<string, Dim>();
  let isSound = true;
  for (const [index, operand] of application.operands.entries()) {
    const param = definition.params[index]!;
    if (fits(param, operand.node, sizes)) continue;
    isSound = false;
    const found = describe(operand, application.conversion);
    const values = { name: definition.name.text, param: param.name, wanted: wantedText(param, sizes), found };
    application.conversion.reporter.report("WG1224", operand.syntax.span, values);
  }
  return isSound ? sizes : undefined;
}

/** A parameter without a declared shape takes any; a name of a size takes the size it meets first. */
function fits({ type }: InputNode, { type: given }: Node, sizes: Map<string, Dim>): boolean {
  if (type.dtype !== "real" && type.dtype !== given.dtype) return false;
  if (type.shape.length === 0 && type.dtype === "real") return true;
  if (type.shape.length !== given.shape.length) return false;
  return type.shape.every((dim, axis) => {
    const own = given.shape[axis]!;
    const known = typeof dim === "number" ? dim : sizes.get(dim);
    if (known === undefined) for (const name of dimSymbols(dim)) sizes.set(name, own);
    return known === undefined || known === own;
  });
}

function wantedText({ type }: InputNode, sizes: ReadonlyMap<string, Dim>): string {
  const shape = shapeText(type.shape.map((dim) => (typeof dim === "number" ? dim : (sizes.get(dim) ?? dim))));
  return type.dtype === "real" ? shape : `${type.dtype} ${shape}`;
}
