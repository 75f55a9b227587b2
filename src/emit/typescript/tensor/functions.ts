// Functions over tensors as text: value, gradient, forward and backward, directional derivatives, Jacobian and Hessian. For expressions.

import { shapeText, sizeOfShape } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { TensorType } from "../../../ir/shape.ts";
import { opNamed } from "../../../ops/registry.ts";
import { tensorOps } from "../../../ops/tensor/registry.ts";
import type { TensorBackwardLine, TensorPlan } from "../../../passes/tensor-plan.ts";
import type { Stage } from "../../../passes/stage.ts";
import type { TensorSchedule } from "../../../passes/tensor-schedule.ts";
import { braced, property, writeDoc, writeFunctionHead, writeInterface, writeReturnObject, type Parameter } from "../pieces.ts";
import type { Signature } from "../signature.ts";
import { createWriter, type EmittedText, type Writer } from "../writer.ts";
import { callCode, printCode, printFlat, textCode, type Code } from "./code.ts";
import { dimCode } from "./dims.ts";
import { planDoor, type Door } from "./door.ts";
import { addingCode, codeOf, type LineContext } from "./lines.ts";

/** What all functions of one module share. */
export interface ModuleContext {
  readonly kernels: Set<string>;
  /** Constants at the top level, by the text of their objects. */
  readonly hoisted: Map<string, Hoisted>;
  readonly allocate: (name: string) => string;
}

export interface Hoisted {
  readonly name: string;
  readonly type: string;
  readonly value: Code;
}

/** `const convolution: ConvolutionGeometry = { ... };` */
export function writeHoisted(writer: Writer, constants: Iterable<Hoisted>): void {
  for (const { name, type, value } of constants) {
    const declared = `const ${name}: ${type} = `;
    const text = printCode(declared, value, "");
    writer.writeLine();
    writer.write(`const ${name}`);
    writer.writeType(`: ${type}`);
    writer.writeLine(text.slice(`const ${name}: ${type}`.length));
  }
}

export interface TensorEmission {
  readonly module: ModuleContext;
  readonly signature: Signature;
  readonly sizesName: string;
  readonly door: Door;
  readonly formula: string;
  readonly output: Node;
}

export function typeText(type: TensorType): string {
  if (type.shape.length === 0) return "number";
  return type.dtype === "real" ? "Float64Array" : "Int32Array";
}

export function lineContext(module: ModuleContext, names: ReadonlyMap<Node, string>): LineContext {
  return {
    nameOf: (node) => names.get(node),
    use: (kernel) => void module.kernels.add(kernel),
    hoist(wanted, type, value) {
      const text = printFlat(value);
      let constant = module.hoisted.get(text);
      if (constant === undefined) module.hoisted.set(text, (constant = { name: module.allocate(wanted), type, value }));
      return textCode(constant.name);
    },
  };
}

/** Code with `]!` marks, which only TypeScript has. */
export function writeMarked(writer: Writer, text: string): void {
  const parts = text.split("]!");
  parts.forEach((part, index) => {
    writer.write(index < parts.length - 1 ? `${part}]` : part);
    if (index < parts.length - 1) writer.writeType("!");
  });
  writer.writeLine();
}

// --- the door

export function planFunctionDoor(signature: Signature, outputs: readonly Node[] = []): Door {
  const inputs = signature.inputs.map(({ name, node, below }) => ({
    access: name,
    type: node.type,
    ...(below !== undefined && { below }),
  }));
  return planDoor(inputs, [], outputs);
}

export function writeSizesFunction(writer: Writer, emission: TensorEmission): void {
  const { door, signature, sizesName } = emission;
  door.kernels.forEach((kernel) => emission.module.kernels.add(kernel));
  writeDoc(writer, [
    door.sizes.length > 0
      ? `Checks the arguments of ${signature.value} and finds the sizes that their lengths imply.`
      : `Checks the arguments of ${signature.value}.`,
  ]);
  const returns = door.sizes.length === 0 ? "void" : `{ ${door.sizes.map((name) => `${name}: number`).join("; ")} }`;
  writeFunctionHead(writer, sizesName, parameters(emission), returns, false);
  for (const line of door.lines) writer.writeLine(line);
  if (door.sizes.length > 0) writer.writeLine(`  return { ${door.sizes.join(", ")} };`);
  writer.writeLine("}");
}

function parameters({ signature, door }: TensorEmission): Parameter[] {
  return [
    ...signature.inputs.map(({ name, node }) => ({ name, type: typeText(node.type) })),
    ...door.explicit.map((name) => ({ name, type: "number" })),
  ];
}

function argumentNames({ signature, door }: TensorEmission): string[] {
  return [...signature.inputs.map((input) => input.name), ...door.explicit];
}

/** `const { n } = fSizes(W, X);` with the sizes that `body` mentions. */
export function doorLine(sizesName: string, door: Door, args: readonly string[], body: string): string {
  const read = door.sizes.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  const call = `${sizesName}(${args.join(", ")});`;
  return read.length === 0 ? `  ${call}` : `  const { ${read.join(", ")} } = ${call}`;
}

// --- whole functions

/** Writes `body` into a function that begins with the door. */
function writeFunction(
  writer: Writer,
  emission: TensorEmission,
  name: string,
  params: readonly Parameter[],
  returns: string,
  body: EmittedText,
): void {
  writeFunctionHead(writer, name, params, returns);
  writer.writeLine(doorLine(emission.sizesName, emission.door, argumentNames(emission), body.text));
  writer.append(body);
  writer.writeLine("}");
}

function argumentDocs({ signature }: TensorEmission, result: string): string[] {
  return [
    ...signature.inputs
      .filter(({ node }) => node.type.shape.length > 0)
      .map(({ name, node, below }) => `@param ${name} ${shapeText(node.type.shape)}${kindText(node.type, below)}`),
    `@returns ${result}`,
    `@throws TypeError or RangeError where an argument does not fit its shape`,
  ];
}

function kindText(type: TensorType, below: unknown): string {
  if (type.dtype === "boolean") return " of 0 and 1";
  if (type.dtype === "integer") return below === undefined ? " integers" : ` integers from 0, below ${below}`;
  return "";
}

function resultText({ output }: TensorEmission): string {
  return output.type.shape.length === 0 ? "a number" : shapeText(output.type.shape);
}

/** `export function f(...)`: the value alone, over `plan`'s stages or a schedule. */
export function writeValue(
  writer: Writer,
  emission: TensorEmission,
  lines: readonly { node: Node; name: string }[],
  names: ReadonlyMap<Node, string>,
): void {
  const { signature, output } = emission;
  const context = lineContext(emission.module, names);
  const body = createWriter();
  const last = lines.at(-1);
  const returnsLast = last?.node === output;
  for (const line of lines) if (!returnsLast || line !== last) writeStatement(body, context, line, "");
  writeMarked(body, printCode("return ", resultCode(output, context, returnsLast), "  "));
  writeDoc(writer, [
    ...(emission.formula === "" ? [`The value of ${signature.value}.`] : [emission.formula]),
    "",
    ...argumentDocs(emission, resultText(emission)),
  ]);
  writeFunction(writer, emission, signature.value, parameters(emission), typeText(output.type), body.finish());
  writer.writeLine();
}

/** A result that the caller may keep: never one of the arguments itself. */
function resultCode(node: Node, context: LineContext, isLine = false): Code {
  const { code, isFresh } = codeOf(node, context, isLine);
  const isArgument = !isFresh && node.type.shape.length > 0 && (isLine || sourceOf(node).kind === "input");
  return isArgument ? callCode(`${printFlat(code)}.slice`) : code;
}

function sourceOf(node: Node): Node {
  return node.kind === "call" && node.op === "reshape" ? sourceOf(node.args[0]!) : node;
}

export function writeStatement(
  writer: Writer,
  context: LineContext,
  { node, name }: { node: Node; name: string },
  comment: string,
): void {
  writeMarked(writer, printCode(`const ${name} = `, codeOf(node, context, true).code, "  ") + comment);
}

// --- staged

export function writeStagedTensors(
  writer: Writer,
  emission: TensorEmission,
  grad: TensorPlan | undefined,
  backward: TensorPlan,
  seedName: string,
): void {
  writeValue(writer, emission, backward.stages, backward.forwardNames);
  if (grad !== undefined) writeGrad(writer, emission, grad);
  writeForward(writer, emission, backward);
  writeBackward(writer, emission, backward, seedName);
  writer.writeLine();
  writeSizesFunction(writer, emission);
}

function gradientFields({ signature }: TensorEmission): { name: string; type: string; doc: string }[] {
  return signature.inputs
    .filter((input) => input.wrt)
    .map(({ name, node }, index) => ({
      name: signature.gradientProperties[index]!,
      type: typeText(node.type),
      doc: `∂${signature.value}/∂${name}${node.type.shape.length > 0 ? `, ${shapeText(node.type.shape)}` : ""}`,
    }));
}

function valueField({ signature, output }: TensorEmission): { name: string; type: string; doc: string } {
  const shape = output.type.shape.length > 0 ? `, ${shapeText(output.type.shape)}` : "";
  return { name: signature.valueProperty, type: typeText(output.type), doc: `the value${shape}` };
}

function writeGrad(writer: Writer, emission: TensorEmission, plan: TensorPlan): void {
  const { signature } = emission;
  writeInterface(writer, signature.resultType, `What ${signature.derivative} returns.`, [
    valueField(emission),
    ...gradientFields(emission),
  ]);
  const body = createWriter();
  const context = lineContext(emission.module, plan.names);
  if (plan.stages.length > 0) body.writeLine("  // forward");
  const forward = lineContext(emission.module, plan.forwardNames);
  for (const stage of plan.stages) writeStage(body, forward, stage);
  body.writeLine();
  body.writeLine("  // backward, last stage first");
  body.writeBackward(() => writeBackwardLines(body, context, plan));
  body.writeLine();
  const value = property(signature.valueProperty, printFlat(resultCode(emission.output, context)));
  const text = createWriter();
  writeReturnObject(text, [value, ...gradientProperties(emission, plan, context)]);
  writeMarked(body, text.finish().text.trimEnd());
  writeDoc(writer, [`The value and the gradient of ${signature.value}, forward then backward.`]);
  writeFunction(writer, emission, signature.derivative, parameters(emission), signature.resultType, body.finish());
  writer.writeLine();
}

/** `// (1) [batch, 784] x [784, 128]` */
export function writeStage(writer: Writer, context: LineContext, stage: Stage): void {
  writeStatement(writer, context, stage, ` // (${stage.number})${stageNote(stage)}`);
}

function stageNote({ node }: Stage): string {
  if (node.op === "contract") return ` ${node.args.map((arg) => shapeText(arg.type.shape)).join(" x ")}`;
  if (node.type.shape.length === 0) return "";
  const word = tensorOps.has(node.op) ? undefined : SIGNS.has(node.op) ? undefined : node.op;
  return `${word === undefined ? "" : ` ${word}`} ${shapeText(node.type.shape)}`;
}

/** Gates that the code shows as they are. */
const SIGNS = new Set([
  "add",
  "sub",
  "mul",
  "div",
  "neg",
  "pow",
  "select",
  "exp",
  "log",
  "sqrt",
  "square",
  "recip",
  "max",
  "min",
]);

export function writeBackwardLines(writer: Writer, context: LineContext, plan: TensorPlan, withNotes = true): void {
  const explained = new Set<unknown>();
  const results = new Set<Node | undefined>(plan.results);
  for (const line of plan.backward) writeBackwardLine(writer, context, line, { plan, explained, results, withNotes });
}

interface BackwardNotes {
  readonly plan: TensorPlan;
  readonly explained: Set<unknown>;
  readonly results: ReadonlySet<Node | undefined>;
  readonly withNotes: boolean;
}

function writeBackwardLine(writer: Writer, context: LineContext, line: TensorBackwardLine, notes: BackwardNotes): void {
  const { target, name, action, grows, value } = line;
  const note = notes.withNotes ? backwardNote(line, notes) : "";
  // A name that was given to this very value is what the line declares.
  const own: LineContext = {
    ...context,
    nameOf: (node) => (node === value && context.nameOf(node) === name ? undefined : context.nameOf(node)),
  };
  if (target.type.shape.length === 0) {
    const { code } = codeOf(value, own);
    const prefix = action === "grow" ? `${name} += ` : `${grows ? "let" : "const"} ${name} = `;
    return writeMarked(writer, printCode(prefix, code, "  ") + note);
  }
  if (action === "grow") return writeMarked(writer, printCode("", addingCode(value, textCode(name), own), "  ") + note);
  const { code, isFresh } = codeOf(value, own);
  const isResult = target.kind === "input";
  const held = !isFresh && (grows || isResult) ? callCode(`${printFlat(code)}.slice`) : code;
  writeMarked(writer, printCode(`const ${name} = `, held, "  ") + note);
}

/** `// (3) σ′ = σ(1 − σ); += because H1 forks` */
function backwardNote({ stage, from, target, action }: TensorBackwardLine, { plan, explained }: BackwardNotes): string {
  const number = stage === undefined ? "" : ` (${stage.number})`;
  const identity = from === undefined || explained.has(from) ? undefined : identityOf(from.op);
  if (from !== undefined) explained.add(from);
  const forks = action === "grow" && !explained.has(target);
  if (forks) explained.add(target);
  const parts = [identity, forks ? `+= because ${plan.names.get(target)!} forks` : undefined].filter(
    (part) => part !== undefined,
  );
  return ` //${number}${parts.length > 0 ? ` ${parts.join("; ")}` : ""}`;
}

function identityOf(op: string): string | undefined {
  return tensorOps.get(op)?.identity ?? (tensorOps.has(op) ? undefined : opNamed(op).identity);
}

function gradientProperties({ signature }: TensorEmission, plan: TensorPlan, context: LineContext): string[] {
  const wrt = signature.inputs.filter((input) => input.wrt);
  return plan.results.map((node, index) => {
    const code = node === undefined ? zeros(wrt[index]!.node.type) : codeOf(node, context).code;
    return property(signature.gradientProperties[index]!, printFlat(code));
  });
}

/** The gradient where nothing flows. */
export function zeros(type: TensorType): Code {
  return type.shape.length === 0 ? textCode("0") : callCode("new Float64Array", dimCode(sizeOfShape(type.shape)));
}

function writeForward(writer: Writer, emission: TensorEmission, plan: TensorPlan): void {
  const { signature, output } = emission;
  const fields = keptFields(emission, plan);
  writeInterface(writer, signature.forwardType, `What ${signature.forward} keeps for ${signature.backward}.`, [
    valueField(emission),
    ...fields.map(({ name, type, shape }) => ({ name, type, ...(shape !== "" && { doc: shape }) })),
  ]);
  const body = createWriter();
  const context = lineContext(emission.module, plan.forwardNames);
  for (const stage of plan.stages) writeStage(body, context, stage);
  const value = property(signature.valueProperty, printFlat(codeOf(output, context).code));
  const text = createWriter();
  writeReturnObject(text, [value, ...fields.map(({ name, variable }) => property(name, variable))]);
  writeMarked(body, text.finish().text.trimEnd());
  writeDoc(writer, [`The forward pass of ${signature.value} alone.`]);
  writeFunction(writer, emission, signature.forward, parameters(emission), signature.forwardType, body.finish());
  writer.writeLine();
}

interface KeptField {
  readonly name: string;
  readonly variable: string;
  readonly type: string;
  readonly shape: string;
}

/** What forward keeps beside the value: variables the backward pass reads, then the sizes. */
function keptFields({ signature, output, door }: TensorEmission, plan: TensorPlan): KeptField[] {
  const nodes = plan.kept.filter((node) => node !== output || output.kind === "input");
  const fields = nodes.map((node) => {
    const variable = plan.names.get(node)!;
    const name = variable === signature.valueProperty ? `${variable}_` : variable;
    return { name, variable, type: typeText(node.type), shape: node.type.shape.length === 0 ? "" : shapeText(node.type.shape) };
  });
  const sizes = [...door.sizes, ...door.explicit].map((name) => ({ name, variable: name, type: "number", shape: "" }));
  return [...fields, ...sizes];
}

function writeBackward(writer: Writer, emission: TensorEmission, plan: TensorPlan, seedName: string): void {
  const { signature, output } = emission;
  writeInterface(writer, signature.backwardType, `What ${signature.backward} returns.`, gradientFields(emission));
  const context = lineContext(emission.module, plan.names);
  const lines = createWriter();
  writeArrayCheck(lines, emission.module, seedName, output.type);
  lines.writeBackward(() => writeBackwardLines(lines, context, plan));
  const returned = createWriter();
  writeReturnObject(returned, gradientProperties(emission, plan, context));
  writeMarked(lines, returned.finish().text.trimEnd());
  const body = lines.finish();
  const isRead = (name: string): boolean => new RegExp(`(?<![\\w$.])${name.replace(/\$/g, "\\$")}(?![\\w$])`).test(body.text);
  const own =
    plan.kept.includes(output) && output.kind === "call" ? [renamed(signature.valueProperty, plan.names.get(output)!)] : [];
  const read = [
    ...own,
    ...keptFields(emission, plan)
      .filter(({ variable }) => isRead(variable))
      .map(({ name, variable }) => renamed(name, variable)),
  ];
  writeDoc(writer, [
    `The backward pass of ${signature.value} alone: from what ${signature.forward} kept and the gradient ${seedName} that arrives at ${signature.value}.`,
  ]);
  const seed =
    output.type.shape.length === 0
      ? { name: seedName, type: "number", default: "1" }
      : { name: seedName, type: typeText(output.type) };
  const kept = { name: read.length > 0 ? signature.keptName : `_${signature.keptName}`, type: signature.forwardType };
  writeFunctionHead(writer, signature.backward, [kept, seed], signature.backwardType);
  if (read.length > 0) writer.writeLine(braced("  const ", read, "  ", ` = ${signature.keptName};`));
  writer.append(body);
  writer.writeLine("}");
}

/** The door for an array that comes beside the inputs: a direction, an adjoint. */
export function writeArrayCheck(writer: Writer, module: ModuleContext, name: string, { shape }: TensorType): void {
  if (shape.length === 0) return;
  module.kernels.add("checkReal");
  const args = [
    textCode(JSON.stringify(name)),
    textCode(name),
    dimCode(sizeOfShape(shape)),
    textCode(JSON.stringify(shapeText(shape))),
  ];
  writer.writeLine(printCode("", callCode("checkReal", ...args), "  "));
}

function renamed(name: string, variable: string): string {
  return name === variable ? name : `${name}: ${variable}`;
}

// --- schedules: tidy, jvp, hvp

export interface ScheduledResult {
  /** Property, node, type and doc of each result. */
  readonly fields: readonly { readonly name: string; readonly node: Node; readonly doc: string }[];
  readonly directions: readonly { readonly name: string; readonly node: Node }[];
}

export function writeScheduled(
  writer: Writer,
  emission: TensorEmission,
  schedule: TensorSchedule,
  result: ScheduledResult,
  doc: string,
): void {
  const { signature } = emission;
  const context = lineContext(emission.module, schedule.names);
  writeInterface(writer, signature.resultType, `What ${signature.derivative} returns.`, [
    valueField(emission),
    ...result.fields.map(({ name, node, doc: text }) => ({ name, type: typeText(node.type), doc: text })),
  ]);
  const body = createWriter();
  for (const { name, node } of result.directions) writeArrayCheck(body, emission.module, name, node.type);
  const derivedFrom = schedule.statements.findIndex((statement) => statement.part === "backward");
  schedule.statements.forEach((statement, index) => {
    if (index === derivedFrom && index > 0) body.writeLine();
    if (statement.part === "backward") body.writeBackward(() => writeStatement(body, context, statement, ""));
    else writeStatement(body, context, statement, "");
  });
  const returned = createWriter();
  const given = new Set<string>();
  const fresh = (node: Node): string => {
    const { code, isFresh } = codeOf(node, context);
    const text = printFlat(code);
    const isShared = !isFresh && node.type.shape.length > 0 && (given.has(text) || sourceOf(node).kind === "input");
    given.add(text);
    return isShared ? `${text}.slice()` : text;
  };
  writeReturnObject(returned, [
    property(signature.valueProperty, fresh(emission.output)),
    ...result.fields.map(({ name, node }) => property(name, fresh(node))),
  ]);
  body.writeBackward(() => writeMarked(body, returned.finish().text.trimEnd()));
  writeDoc(writer, [doc]);
  const params = [...parameters(emission), ...result.directions.map(({ name, node }) => ({ name, type: typeText(node.type) }))];
  writeFunctionHead(writer, signature.derivative, params, signature.resultType);
  const finished = body.finish();
  writer.writeLine(doorLine(emission.sizesName, emission.door, argumentNames(emission), finished.text));
  writer.append(finished);
  writer.writeLine("}");
  writer.writeLine();
}
