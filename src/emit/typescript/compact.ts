// The tidy style, and every mode beyond grad: both passes as one schedule of short statements, results as an object.

import type { Node } from "../../ir/graph.ts";
import type { ModeResult } from "../../passes/modes.ts";
import type { Schedule, Statement } from "../../passes/schedule.ts";
import { countOperations } from "../../core/syntax.ts";
import { namesRead, toExpression, type ExpressionContext } from "./expression.ts";
import {
  braced,
  inputParameters,
  property,
  writeFunctionHead,
  writeInterface,
  writeUnpacking,
  type Parameter,
} from "./pieces.ts";
import { printExpression, printStatement } from "./print.ts";
import type { Signature } from "./signature.ts";
import type { TraceMark, Writer, Written } from "./writer.ts";

export interface CompactPlan {
  /** Of the value alone; made when asked for. */
  readonly value: () => Schedule;
  /** Of value and derivatives together. */
  readonly all: Schedule;
  readonly result: ModeResult;
}

/** Writes `f` and the mode's function. */
export function writeCompact(writer: Writer, signature: Signature, plan: CompactPlan, formula: string): Written {
  writeValueFunction(writer, signature, plan, formula);
  writeResultInterface(writer, signature, plan.result);
  return writeDerivativeFunction(writer, signature, plan);
}

function writeValueFunction(writer: Writer, signature: Signature, plan: CompactPlan, formula: string): void {
  const schedule = plan.value();
  const context = contextOf(schedule);
  const outputs = plan.result.outputs;
  writeFunctionHead(writer, {
    doc: [formula],
    name: signature.value,
    parameters: inputParameters(signature),
    returns: valueType(signature),
  });
  writeUnpacking(writer, signature, readBy(signature, schedule, outputs));
  const last = schedule.statements.at(-1);
  const returnsLast = !signature.isVector && last?.node === outputs[0];
  for (const statement of schedule.statements) if (!returnsLast || statement !== last) writeStatement(writer, statement, context);
  if (signature.isVector) writer.writeLine(bracketed("  return ", texts(outputs, context), "  ", ";"));
  else {
    const returned = printStatement("return ", toExpression(outputs[0]!, context, !returnsLast), "  ");
    writer.writeFrom(outputs[0]!, () => writer.writeLine(returned));
  }
  writer.writeLine("}");
  writer.writeLine();
}

function valueType(signature: Signature): string {
  const count = signature.outputNames.length;
  if (!signature.isVector) return "number";
  return count <= 8 ? `[${Array<string>(count).fill("number").join(", ")}]` : "number[]";
}

function writeResultInterface(writer: Writer, signature: Signature, result: ModeResult): void {
  const fields = derivedFields(signature, result).map(({ name, doc, type }) => ({ name, type, doc }));
  writeInterface(writer, signature.resultType, `What ${signature.derivative} returns.`, [
    { name: signature.valueProperty, type: valueType(signature), doc: "the value" },
    ...fields,
  ]);
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  readonly print: (context: ExpressionContext) => string;
}

/** The properties of a result beside the value. */
function derivedFields(signature: Signature, result: ModeResult): Field[] {
  const wrt = signature.inputs.filter((input) => input.wrt);
  return result.derived.flatMap(({ kind, rows }): Field[] => {
    const row = rows[0]!;
    switch (kind) {
      case "gradient":
        if (signature.packed) return [list("gradient", "partial derivatives, in the order of the inputs", row)];
        return row.map((node, index) =>
          single(signature.gradientProperties[index]!, `∂${signature.value}/∂${wrt[index]!.name}`, node),
        );
      case "product":
        if (signature.packed) return [list("product", "the Hessian times the direction", row)];
        return row.map((node, index) =>
          single(`h${wrt[index]!.source}`, `component of the Hessian times (${signature.directions.join(", ")})`, node),
        );
      case "tangent": {
        const doc = "derivative along the direction";
        return [
          signature.isVector
            ? list(`v${signature.value}`, doc, row, valueType(signature))
            : single(`v${signature.value}`, doc, row[0]!),
        ];
      }
      case "jacobian":
        return [matrix("J", "J[i][j] = ∂ output i / ∂ input j", rows)];
      case "hessian":
        return [matrix("H", `H[i][j] = ∂²${signature.value} / ∂ input i ∂ input j`, rows)];
    }
  });
}

function single(name: string, doc: string, node: Node): Field {
  return { name, doc, type: "number", print: (context) => property(name, texts([node], context)[0]!) };
}

function list(name: string, doc: string, nodes: readonly Node[], type = "number[]"): Field {
  return { name, doc, type, print: (context) => bracketed(`${name}: `, texts(nodes, context), "    ", "") };
}

function matrix(name: string, doc: string, rows: readonly (readonly Node[])[]): Field {
  const print = (context: ExpressionContext): string => {
    const lines = rows.map((row) => bracketed("", texts(row, context), "      ", ""));
    if (rows.length > 1 && rows[0]!.length > 1) return `${name}: [\n${lines.map((line) => `      ${line},\n`).join("")}    ]`;
    return bracketed(`${name}: `, lines, "    ", "");
  };
  return { name, doc, type: "number[][]", print };
}

function writeDerivativeFunction(writer: Writer, signature: Signature, plan: CompactPlan): Written {
  const { all, result } = plan;
  const context = contextOf(all);
  const fields = derivedFields(signature, result);
  writeFunctionHead(writer, {
    doc: [derivativeDoc(signature)],
    name: signature.derivative,
    parameters: derivativeParameters(signature),
    returns: signature.resultType,
  });
  const derivedNodes = result.derived.flatMap(({ rows }) => rows.flat());
  const isRead = readBy(signature, all, [...result.outputs, ...derivedNodes]);
  writeUnpacking(writer, signature, isRead);
  writeDirectionUnpacking(writer, signature, isRead);
  const count = { forward: 0, backward: 0 };
  const forward = all.statements.filter((statement) => statement.part === "forward");
  const backward = all.statements.filter((statement) => statement.part === "backward");
  for (const statement of forward) count.forward += writeStatement(writer, statement, context);
  const outputs = texts(result.outputs, context);
  const value = signature.isVector
    ? bracketed(`${signature.valueProperty}: `, outputs, "    ", "")
    : property(signature.valueProperty, outputs[0]!);
  writer.writeBackward(() => {
    for (const statement of backward) count.backward += writeStatement(writer, statement, context);
    writer.track({ kind: "answer", in: signature.derivative }, () =>
      writer.writeLine(braced("  return ", [value, ...fields.map((field) => field.print(context))], "  ", ";")),
    );
  });
  const mark = { name: signature.derivative, stages: tracedStages(plan) };
  writer.writeLine("}");
  return { counts: { ...count, backward: count.backward + inlineOperations(derivedNodes, context) }, mark };
}

/** Forward variables with the variable of their adjoint, where it has one. */
function tracedStages({ all, result }: CompactPlan): TraceMark["stages"] {
  const adjointOf = new Map<Node, string>();
  for (const [adjoint, node] of result.adjointOf) {
    const name = all.names.get(adjoint);
    if (name !== undefined && !adjointOf.has(node)) adjointOf.set(node, name);
  }
  return all.statements
    .filter(({ part }) => part === "forward")
    .map(({ name, node }) => ({ name, variable: name, adjoint: adjointOf.get(node) }));
}

/** Operations written straight into the result. */
function inlineOperations(nodes: readonly Node[], context: ExpressionContext): number {
  return nodes.reduce((sum, node) => sum + countOperations(toExpression(node, context, true)), 0);
}

export function derivativeDoc(signature: Signature): string {
  const { value, mode, directions } = signature;
  switch (mode) {
    case "grad":
      return `The value and the gradient of ${value}.`;
    case "jvp":
      return `The value of ${value} and its derivative along ${directionText(directions)}.`;
    case "jacobian":
      return `The value and the Jacobian of ${value}.`;
    case "hessian":
      return `The value, the gradient and the Hessian of ${value}.`;
    case "hvp":
      return `The value and the gradient of ${value}, and its Hessian times ${directionText(directions)}.`;
  }
}

function directionText(directions: readonly string[]): string {
  return directions.length <= 8 ? `(${directions.join(", ")})` : "the direction v";
}

export function derivativeParameters(signature: Signature): Parameter[] {
  const inputs = inputParameters(signature);
  if (signature.mode !== "jvp" && signature.mode !== "hvp") return inputs;
  if (signature.packed) return [...inputs, { name: signature.directionName, type: "ArrayLike<number>" }];
  return [...inputs, ...signature.directions.map((name) => ({ name, type: "number" }))];
}

function writeDirectionUnpacking(writer: Writer, signature: Signature, isRead: (name: string) => boolean): void {
  if (!signature.packed || (signature.mode !== "jvp" && signature.mode !== "hvp")) return;
  signature.directions.forEach((name, index) => {
    if (!isRead(name)) return;
    writer.write(`  const ${name} = ${signature.directionName}[${index}]`);
    writer.writeType("!");
    writer.writeLine(";");
  });
}

function writeStatement(writer: Writer, statement: Statement, context: ExpressionContext): number {
  const expression = toExpression(statement.node, context);
  writer.writeFrom(statement.node, () => writer.writeLine(printStatement(`const ${statement.name} = `, expression, "  ")));
  return countOperations(expression);
}

export function contextOf(schedule: Schedule, fast = false): ExpressionContext {
  return { nameOf: (node) => schedule.names.get(node), fast };
}

function texts(nodes: readonly Node[], context: ExpressionContext): string[] {
  return nodes.map((node) => printExpression(toExpression(node, context, true)));
}

/** `prefix[a, b]suffix` on one line or a line per item. */
function bracketed(prefix: string, items: readonly string[], indent: string, suffix: string): string {
  const flat = `${prefix}[${items.join(", ")}]${suffix}`;
  if (flat.length + indent.length <= 100 && !flat.includes("\n")) return flat;
  return `${prefix}[\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent}]${suffix}`;
}

/** Whether any statement or result mentions a variable. Everything is read where inputs are parameters. */
function readBy(signature: Signature, schedule: Schedule, results: readonly Node[]): (name: string) => boolean {
  if (!signature.packed) return () => true;
  const read = namesRead([...schedule.statements.flatMap(({ node }) => node.args), ...results], contextOf(schedule));
  return (name) => read.has(name);
}
