// The staged style: one gate per line, numbered, backward lines that cite the stage and the rule. What course notes would print.

import type { BackwardLine, BackwardPlan } from "../../passes/backward.ts";
import type { StagedPlan } from "../../passes/plan.ts";
import type { Node } from "../../ir/graph.ts";
import { opNamed } from "../../ops/registry.ts";
import { namesRead, toExpression, type ExpressionContext } from "./expression.ts";
import { inputParameters, property, writeFunctionHead, writeInterface, writeReturnObject, writeUnpacking } from "./pieces.ts";
import { printExpression, printStatement } from "./print.ts";
import type { Signature } from "./signature.ts";
import type { TraceMark, Writer, Written } from "./writer.ts";
import { countOperations, type Expression } from "../../core/syntax.ts";

/** Writes `f`, `fGrad`, `fForward` and `fBackward`; the counts are those of `fGrad`. */
export function writeStaged(writer: Writer, signature: Signature, plan: StagedPlan, formula: string): Written {
  const context: ExpressionContext = { nameOf: (node) => plan.names.get(node) };
  const emission = { writer, signature, plan, context, formula };
  writeValueFunction(emission);
  writeResultInterface(emission);
  const written = writeGradFunction(emission);
  writeForwardFunction(emission);
  writeBackwardFunction(emission);
  return written;
}

interface Emission {
  readonly writer: Writer;
  readonly signature: Signature;
  readonly plan: StagedPlan;
  readonly context: ExpressionContext;
  readonly formula: string;
}

function writeValueFunction(emission: Emission): void {
  const { writer, signature, plan, formula } = emission;
  writeFunctionHead(writer, {
    doc: [formula],
    name: signature.value,
    parameters: inputParameters(signature),
    returns: "number",
  });
  writeUnpacking(writer, signature, readBy(emission, forwardValues(plan)));
  const last = plan.forward.at(-1);
  for (const line of plan.forward) if (line !== last) writeForwardLine(emission, line, false);
  const returned = printStatement("return ", toExpression(plan.output, emission.context, last === undefined), "  ");
  writer.writeFrom(last?.stage.node ?? "definition", () => writer.writeLine(returned));
  writer.writeLine("}");
  writer.writeLine();
}

function writeResultInterface({ writer, signature }: Emission): void {
  const wrt = signature.inputs.filter((input) => input.wrt);
  const gradients = signature.packed
    ? [{ name: "gradient", type: "number[]", doc: `partial derivatives, in the order of the inputs` }]
    : wrt.map((input, index) => ({
        name: signature.gradientProperties[index]!,
        type: "number",
        doc: partial(signature, input.name),
      }));
  writeInterface(writer, signature.resultType, `What ${signature.derivative} returns.`, [
    { name: signature.valueProperty, type: "number", doc: "the value" },
    ...gradients,
  ]);
}

function partial(signature: Signature, input: string): string {
  return `∂${signature.value}/∂${input}`;
}

function writeGradFunction(emission: Emission): Written {
  const { writer, signature, plan } = emission;
  writeFunctionHead(writer, {
    doc: [`The value and the gradient of ${signature.value}, forward then backward.`],
    name: signature.derivative,
    parameters: inputParameters(signature),
    returns: signature.resultType,
  });
  writeUnpacking(writer, signature, readBy(emission, [...forwardValues(plan), ...backwardValues(plan.grad)]));
  let forward = 0;
  if (plan.forward.length > 0) writer.writeLine("  // forward");
  for (const line of plan.forward) {
    const { name, stage } = line;
    const what = { kind: "stage", in: signature.derivative, index: stage.number, variable: name, isArray: false } as const;
    writer.track(what, () => void (forward += writeForwardLine(emission, line, true)));
  }
  let backward = 0;
  if (plan.grad.lines.length > 0) {
    writer.writeLine();
    writer.writeLine("  // backward, last stage first");
    writer.writeBackward(() => void (backward = writeBackwardLines(emission, plan.grad, signature.derivative)));
    writer.writeLine();
  }
  const value = property(signature.valueProperty, printExpression(toExpression(plan.output, emission.context, true)));
  writer.track({ kind: "answer", in: signature.derivative }, () =>
    writeReturnObject(writer, [value, ...gradientProperties(emission, plan.grad)]),
  );
  const mark = { name: signature.derivative, stages: tracedStages(plan) };
  writer.writeLine("}");
  writer.writeLine();
  return { counts: { forward, backward }, mark };
}

/** Every stage with its adjoint's variable, where it has one. (The output's own is the seed, 1.) */
function tracedStages({ names, grad, forward }: StagedPlan): TraceMark["stages"] {
  const reached = new Set(grad.lines.map((line) => line.target));
  return forward.map(({ stage, name, help }) => {
    const adjoint = help || !reached.has(stage.node) ? undefined : grad.variables.get(stage.node);
    return { name, variable: name, adjoint: adjoint && names.get(adjoint)! };
  });
}

function writeForwardFunction(emission: Emission): void {
  const { writer, signature, plan } = emission;
  const kept = keptProperties(emission);
  writeInterface(writer, signature.forwardType, `What ${signature.forward} keeps for ${signature.backward}.`, [
    { name: signature.valueProperty, type: "number", doc: "the value" },
    ...kept.map(({ name, boolean }) => ({ name, type: boolean ? "boolean" : "number" })),
  ]);
  writeFunctionHead(writer, {
    doc: [`The forward pass of ${signature.value} alone.`],
    name: signature.forward,
    parameters: inputParameters(signature),
    returns: signature.forwardType,
  });
  writeUnpacking(writer, signature, readBy(emission, [...forwardValues(plan), ...plan.kept]));
  for (const line of plan.forward) writeForwardLine(emission, line, true);
  const value = property(signature.valueProperty, printExpression(toExpression(plan.output, emission.context, true)));
  writeReturnObject(writer, [value, ...kept.map(({ name, variable }) => property(name, variable))]);
  writer.writeLine("}");
  writer.writeLine();
}

/** What forward keeps besides the value: property and variable. The value itself is kept once. */
function keptProperties({ plan, signature }: Emission): { name: string; variable: string; boolean: boolean }[] {
  return plan.kept
    .filter((node) => node !== plan.output || plan.output.kind === "input")
    .map((node) => ({ variable: plan.names.get(node)!, boolean: node.type.dtype === "boolean" }))
    .map((each) => ({ ...each, name: each.variable === signature.valueProperty ? `${each.variable}_` : each.variable }));
}

function writeBackwardFunction(emission: Emission): void {
  const { writer, signature, plan } = emission;
  const wrt = signature.inputs.filter((input) => input.wrt);
  const gradients = signature.packed
    ? [{ name: "gradient", type: "number[]" }]
    : wrt.map((_, index) => ({ name: signature.gradientProperties[index]!, type: "number" }));
  writeInterface(writer, signature.backwardType, `What ${signature.backward} returns.`, gradients);
  const fields = keptFields(emission);
  const keptName = fields.length > 0 ? signature.keptName : `_${signature.keptName}`; // strict projects complain of what is not read
  const seed = { name: plan.seedName, type: "number", default: "1" };
  writeFunctionHead(writer, {
    doc: [
      `The backward pass of ${signature.value} alone: from what ${signature.forward} kept and the gradient ${plan.seedName} that arrives at ${signature.value}.`,
    ],
    name: signature.backward,
    parameters: [{ name: keptName, type: signature.forwardType }, seed],
    returns: signature.backwardType,
  });
  if (fields.length > 0) writeDestructuring(emission, fields);
  writer.writeBackward(() => void writeBackwardLines(emission, plan.backward));
  writeReturnObject(writer, gradientProperties(emission, plan.backward));
  writer.writeLine("}");
}

function keptFields(emission: Emission): string[] {
  const { plan, signature } = emission;
  const value = plan.kept.includes(plan.output) && plan.output.kind === "call";
  const own = value ? [renamedField(signature.valueProperty, plan.names.get(plan.output)!)] : [];
  return [...own, ...keptProperties(emission).map(({ name, variable }) => renamedField(name, variable))];
}

function renamedField(name: string, variable: string): string {
  return name === variable ? name : `${name}: ${variable}`;
}

function writeDestructuring({ writer, signature }: Emission, fields: readonly string[]): void {
  const flat = `  const { ${fields.join(", ")} } = ${signature.keptName};`;
  writer.writeLine(
    flat.length <= 100 ? flat : `  const {\n${fields.map((field) => `    ${field},\n`).join("")}  } = ${signature.keptName};`,
  );
}

function writeForwardLine(emission: Emission, line: StagedPlan["forward"][number], numbered: boolean): number {
  const expression = toExpression(line.node, emission.context);
  const comment = numbered ? ` // (${line.stage.number})${forwardNote(emission.plan, line)}` : "";
  const { writer } = emission;
  writer.writeFrom(line.stage.node, () => writer.writeLine(printStatement(`const ${line.name} = `, expression, "  ") + comment));
  return countOperations(expression);
}

/** The gate's name where the code does not say it. */
function forwardNote(plan: StagedPlan, line: StagedPlan["forward"][number]): string {
  const { node } = line.stage;
  const written = opNamed(node.op).js.kind;
  const plain = ["add", "sub", "mul", "div", "neg", "pow", "square", "cube", "recip", "select", "lt", "le", "gt", "ge"];
  if (line.help) return plan.firstHelp.has(line.node) ? " log-sum-exp, shifted by the largest so that nothing overflows" : "";
  return written === "call" || plain.includes(node.op) ? "" : ` ${node.op}`;
}

/** With `tracked`, the name of the function, whose steps can be followed there. */
function writeBackwardLines(emission: Emission, backward: BackwardPlan, tracked?: string): number {
  const explained = new Set<Node | number>();
  let operations = 0;
  for (const [index, line] of backward.lines.entries()) {
    const write = (): void => void (operations += writeBackwardLine(emission, backward, line, explained));
    if (tracked === undefined) write();
    else {
      const variable = emission.plan.names.get(backward.variables.get(line.target)!)!;
      emission.writer.track({ kind: "step", in: tracked, index, variable, isArray: false }, write);
    }
  }
  return operations;
}

function writeBackwardLine(
  emission: Emission,
  backward: BackwardPlan,
  line: BackwardLine,
  explained: Set<Node | number>,
): number {
  const { plan, context, writer } = emission;
  const name = plan.names.get(backward.variables.get(line.target)!)!;
  const negated = line.action === "grow" && line.value.kind === "call" && line.value.op === "neg" && !plan.names.has(line.value);
  const value = negated ? (line.value as Extract<Node, { kind: "call" }>).args[0]! : line.value;
  const expression = toExpression(value, context, true);
  const prefix =
    line.action === "grow" ? `${name} ${negated ? "-=" : "+="} ` : `${line.action === "set" ? "const" : "let"} ${name} = `;
  writer.writeFrom(line.stage.node, () =>
    writer.writeLine(printStatement(prefix, expression, "  ") + backwardNote(emission, line, explained)),
  );
  return countOperations(expression) + (line.action === "grow" ? 1 : 0);
}

/** `// (3) σ′ = σ(1 − σ); += because x forks` */
function backwardNote({ plan }: Emission, line: BackwardLine, explained: Set<Node | number>): string {
  const number = line.stage.number;
  const identity = line.from.kind === "call" && !explained.has(number) ? opNamed(line.from.op).identity : undefined;
  if (identity !== undefined) explained.add(number);
  const forks = line.action === "grow" && !explained.has(line.target);
  if (forks) explained.add(line.target);
  const target = plan.names.get(line.target)!;
  const parts = [identity, forks ? `+= because ${target} forks` : undefined].filter((part) => part !== undefined);
  return ` // (${number})${parts.length > 0 ? ` ${parts.join("; ")}` : ""}`;
}

function gradientProperties(emission: Emission, backward: BackwardPlan): string[] {
  const { signature, context } = emission;
  const values = backward.results.map((node): Expression =>
    node === undefined ? { kind: "number", value: 0 } : toExpression(node, context, true),
  );
  const texts = values.map(printExpression);
  if (signature.packed) return [`gradient: [${texts.join(", ")}]`];
  return texts.map((text, index) => property(signature.gradientProperties[index]!, text));
}

function forwardValues(plan: StagedPlan): Node[] {
  return [plan.output, ...plan.forward.map((line) => line.node)];
}

function backwardValues(backward: BackwardPlan): Node[] {
  return [...backward.lines.map((line) => line.value), ...backward.results.filter((node) => node !== undefined)];
}

/** Whether lines that compute `values` mention a variable; only asked for packed inputs. */
function readBy({ plan, signature, context }: Emission, values: readonly Node[]): (name: string) => boolean {
  if (!signature.packed) return () => true;
  const lines = new Set(plan.forward.map((line) => line.node));
  const read = namesRead(
    values.flatMap((value) => (value.kind === "call" && lines.has(value) ? value.args : [value])),
    context,
  );
  return (name) => read.has(name);
}
