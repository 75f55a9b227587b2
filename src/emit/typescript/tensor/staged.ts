// The staged style over tensors: a line per gate, backward lines that cite the stage and the rule, the two passes together and apart.

import { shapeText } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import { identityOf } from "../../identity.ts";
import { tensorOps } from "../../../ops/tensor/registry.ts";
import type { Stage } from "../../../passes/stage.ts";
import type { TensorBackwardLine, TensorPlan } from "../../../passes/tensor-plan.ts";
import { braced, property, writeFunctionHead, writeInterface, writeReturnObject } from "../pieces.ts";
import { createWriter, type Writer } from "../writer.ts";
import { callCode, printCode, printFlat, textCode } from "./code.ts";
import { addingCode, codeOf, type LineContext } from "./lines.ts";
import {
  gradientFields,
  parameters,
  resultCode,
  valueField,
  writeFunction,
  writeSizesFunction,
  writeValue,
  type TensorEmission,
} from "./functions.ts";
import { lineContext, typeText, writeArrayCheck, writeMarked, writeStatement, zeros, reads } from "./module.ts";

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
  for (const stage of plan.stages) writeStage(body, forward, stage, signature.derivative);
  body.writeLine();
  body.writeLine("  // backward, last stage first");
  body.writeBackward(() => writeBackwardLines(body, context, plan, { of: signature.derivative }));
  body.writeLine();
  const value = property(signature.valueProperty, printFlat(resultCode(emission.output, context)));
  const text = createWriter();
  writeReturnObject(text, [value, ...gradientProperties(emission, plan, context)]);
  body.track({ kind: "answer", in: signature.derivative }, () => writeMarked(body, text.finish().text.trimEnd()));
  const head = {
    doc: [`The value and the gradient of ${signature.value}, forward then backward.`],
    name: signature.derivative,
    parameters: parameters(emission),
    returns: signature.resultType,
  };
  writeFunction(writer, emission, head, body.finish());
  writer.writeLine();
}

/** `// (1) [batch, 784] x [784, 128]`, in the function `of`. */
export function writeStage(writer: Writer, context: LineContext, stage: Stage, of: string): void {
  const { name, node, number } = stage;
  const what = { kind: "stage", in: of, index: number, variable: name, isArray: node.type.shape.length > 0 } as const;
  writer.track(what, () => writeStatement(writer, context, stage, ` // (${number})${stageNote(stage)}`));
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

/** The backward lines of the function `of`. */
export function writeBackwardLines(
  writer: Writer,
  context: LineContext,
  plan: TensorPlan,
  { of, withNotes = true }: { readonly of: string; readonly withNotes?: boolean },
): void {
  const explained = new Set<unknown>();
  const results = new Set<Node | undefined>(plan.results);
  for (const [index, line] of plan.backward.entries()) {
    const isArray = line.target.type.shape.length > 0;
    writer.track({ kind: "step", in: of, index, variable: line.name, isArray }, () =>
      writeBackwardLine(writer, context, line, { plan, explained, results, withNotes }),
    );
  }
}

interface BackwardNotes {
  readonly plan: TensorPlan;
  readonly explained: Set<unknown>;
  readonly results: ReadonlySet<Node | undefined>;
  readonly withNotes: boolean;
}

function writeBackwardLine(writer: Writer, context: LineContext, line: TensorBackwardLine, notes: BackwardNotes): void {
  writer.writeFrom(line.stage?.node ?? "definition", () => writeMarked(writer, backwardText(context, line, notes)));
}

function backwardText(context: LineContext, line: TensorBackwardLine, notes: BackwardNotes): string {
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
    return printCode(prefix, code, "  ") + note;
  }
  if (action === "grow") return printCode("", addingCode(value, textCode(name), own), "  ") + note;
  const { code, isFresh } = codeOf(value, own);
  const isResult = target.kind === "input";
  const held = !isFresh && (grows || isResult) ? callCode(`${printFlat(code)}.slice`) : code;
  return printCode(`const ${name} = `, held, "  ") + note;
}

/** `// (3) σ′ = σ(1 − σ); += because H1 forks` */
function backwardNote({ stage, from, target, action }: TensorBackwardLine, { plan, explained }: BackwardNotes): string {
  const number = stage === undefined ? "" : ` (${stage.number})`;
  const identity = from === undefined || explained.has(from) ? undefined : identityOf(from);
  if (from !== undefined) explained.add(from);
  const forks = action === "grow" && !explained.has(target);
  if (forks) explained.add(target);
  const parts = [identity, forks ? `+= because ${plan.names.get(target)!} forks` : undefined].filter(
    (part) => part !== undefined,
  );
  return ` //${number}${parts.length > 0 ? ` ${parts.join("; ")}` : ""}`;
}

function gradientProperties({ signature }: TensorEmission, plan: TensorPlan, context: LineContext): string[] {
  const wrt = signature.inputs.filter((input) => input.wrt);
  return plan.results.map((node, index) => {
    const code = node === undefined ? zeros(wrt[index]!.node.type) : codeOf(node, context).code;
    return property(signature.gradientProperties[index]!, printFlat(code));
  });
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
  for (const stage of plan.stages) writeStage(body, context, stage, signature.forward);
  const value = property(signature.valueProperty, printFlat(codeOf(output, context).code));
  const text = createWriter();
  writeReturnObject(text, [value, ...fields.map(({ name, variable }) => property(name, variable))]);
  body.track({ kind: "answer", in: signature.forward }, () => writeMarked(body, text.finish().text.trimEnd()));
  const head = {
    doc: [`The forward pass of ${signature.value} alone.`],
    name: signature.forward,
    parameters: parameters(emission),
    returns: signature.forwardType,
  };
  writeFunction(writer, emission, head, body.finish());
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
  lines.writeBackward(() => writeBackwardLines(lines, context, plan, { of: signature.backward }));
  const returned = createWriter();
  writeReturnObject(returned, gradientProperties(emission, plan, context));
  lines.track({ kind: "answer", in: signature.backward }, () => writeMarked(lines, returned.finish().text.trimEnd()));
  const body = lines.finish();
  const own =
    plan.kept.includes(output) && output.kind === "call" ? [renamed(signature.valueProperty, plan.names.get(output)!)] : [];
  const read = [
    ...own,
    ...keptFields(emission, plan)
      .filter(({ variable }) => reads(body.text, variable))
      .map(({ name, variable }) => renamed(name, variable)),
  ];
  const seed =
    output.type.shape.length === 0
      ? { name: seedName, type: "number", default: "1" }
      : { name: seedName, type: typeText(output.type) };
  const kept = { name: read.length > 0 ? signature.keptName : `_${signature.keptName}`, type: signature.forwardType };
  writeFunctionHead(writer, {
    doc: [
      `The backward pass of ${signature.value} alone: from what ${signature.forward} kept and the gradient ${seedName} that arrives at ${signature.value}.`,
    ],
    name: signature.backward,
    parameters: [kept, seed],
    returns: signature.backwardType,
  });
  if (read.length > 0) writer.writeLine(braced("  const ", read, "  ", ` = ${signature.keptName};`));
  writer.append(body);
  writer.writeLine("}");
}

function renamed(name: string, variable: string): string {
  return name === variable ? name : `${name}: ${variable}`;
}
