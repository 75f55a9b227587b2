// A network as a module: parameters, initialisation, forward, backward, gradient, prediction, training step.

import { shapeText, sizeOfShape } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { Parameter as TrainedParameter, State } from "../../../frontends/network/layer.ts";
import type { Trainer } from "../../../frontends/network/source.ts";
import type { FunctionInput } from "../../../frontends/source.ts";
import type { TensorPlan } from "../../../passes/tensor-plan.ts";
import type { TensorSchedule } from "../../../passes/tensor-schedule.ts";
import { braced, property, writeFunctionHead, writeInterface, writeReturnObject, type Parameter } from "../pieces.ts";
import { createWriter, type Writer } from "../writer.ts";
import { callCode, printCode, printFlat, textCode } from "./code.ts";
import { dimCode } from "./dims.ts";
import { planDoor } from "./door.ts";
import {
  lineContext,
  typeText,
  writeArrayCheck,
  writeMarked,
  writeStatement,
  zeros,
  type ModuleContext,
  kindText,
  reads,
} from "./module.ts";
import { writeBackwardLines, writeStage } from "./staged.ts";
import { writeInit } from "./init.ts";
import { codeOf } from "./lines.ts";
import type { NetworkNames } from "./network-names.ts";
import { writeStep } from "./step.ts";

export interface NetworkEmission {
  readonly module: ModuleContext;
  readonly names: NetworkNames;
  readonly title: string;
  readonly parameters: readonly TrainedParameter[];
  readonly states: readonly State[];
  readonly inputs: readonly FunctionInput[];
  readonly predictInputs: readonly FunctionInput[];
  /** Data inputs whose gradient was asked for too. */
  readonly wrtInputs: readonly FunctionInput[];
  /** What backward starts from: the loss, or the output where there is none. */
  readonly result: Node;
  readonly resultName: string;
  /** Values of the running statistics after a step, in the order of `states`. */
  readonly nextStates: readonly Node[];
  readonly plan: TensorPlan;
  readonly seedName: string;
  readonly predict: TensorSchedule;
  readonly output: Node;
  readonly trainer: Trainer | undefined;
  readonly isStaged: boolean;
  /** Sizes that no length tells: arguments after the data. */
  readonly sizes: readonly string[];
}

export function writeNetwork(writer: Writer, emission: NetworkEmission): void {
  writeParams(writer, emission);
  writeInit(writer, emission);
  writeForward(writer, emission);
  writeBackward(writer, emission);
  if (emission.result.type.shape.length === 0) writeGrad(writer, emission);
  writePredict(writer, emission);
  if (emission.trainer !== undefined) writeStep(writer, emission, emission.trainer);
  writeChecks(writer, emission);
}

function writeParams(writer: Writer, { names, title, parameters, states, wrtInputs }: NetworkEmission): void {
  writeInterface(
    writer,
    names.params,
    `The parameters of ${title}, and their gradients.`,
    parameters.map(({ name, shape, layer }) => ({ name, type: "Float64Array", doc: `${layer}: ${shapeText(shape)}` })),
  );
  if (wrtInputs.length > 0) {
    writeInterface(
      writer,
      `${names.gradients} extends ${names.params}`,
      "Gradients by the parameters and by data.",
      wrtInputs.map(({ name, node }) => ({ name, type: "Float64Array", doc: shapeText(node.type.shape) })),
    );
  }
  if (states.length > 0) {
    writeInterface(
      writer,
      names.state,
      `What training carries along without a gradient: running statistics.`,
      states.map(({ name, shape }) => ({ name, type: "Float64Array", doc: shapeText(shape) })),
    );
  }
}

/** `params, state, X, y`. */
export function trainingParameters(emission: NetworkEmission): Parameter[] {
  return [...commonParameters(emission), ...dataParameters(emission, emission.inputs)];
}

function dataParameters({ sizes }: NetworkEmission, inputs: readonly FunctionInput[]): Parameter[] {
  return [...inputs.map(inputParameter), ...sizes.map((name) => ({ name, type: "number" }))];
}

function commonParameters({ names, states }: NetworkEmission): Parameter[] {
  const state = states.length > 0 ? [{ name: "state", type: names.state }] : [];
  return [{ name: "params", type: names.params }, ...state];
}

function inputParameter({ name, node }: FunctionInput): Parameter {
  return { name, type: typeText(node.type) };
}

function dataDocs(inputs: readonly FunctionInput[]): string[] {
  return inputs.map(({ name, node, below }) => {
    const { shape } = node.type;
    if (shape.length === 0) return `@param ${name} ${name === "seed" ? "seeds the dropout masks" : "a number"}`;
    return `@param ${name} ${shapeText(shape)}${kindText(node.type, below)}`;
  });
}

const THROWS = "@throws TypeError or RangeError where an argument does not fit its shape";

/** The lines that check the data and find its sizes. */
function doorLines(
  { module, sizes }: NetworkEmission,
  inputs: readonly FunctionInput[],
  body: string,
  read: readonly Node[],
): string[] {
  const door = planDoor(
    inputs.map(({ name, node, below }) => ({ access: name, type: node.type, ...(below !== undefined && { below }) })),
    sizes,
    read,
  );
  door.kernels.forEach((kernel) => module.kernels.add(kernel));
  const later = (index: number): string => door.lines.slice(index + 1).join("\n") + body;
  return door.lines.map((line, index) => {
    const declared = /^ {2}const (\w+) = (checkSize\([\s\S]*)$/.exec(line);
    return declared && !reads(later(index), declared[1]!) ? `  ${declared[2]!}` : line;
  });
}

function unpack(nodes: readonly { readonly name: string }[], from: string, body: string): string[] {
  const read = nodes.filter(({ name }) => reads(body, name)).map(({ name }) => name);
  return read.length === 0 ? [] : [braced("  const ", read, "  ", ` = ${from};`)];
}

function writeForward(writer: Writer, emission: NetworkEmission): void {
  const { names, plan, states, inputs, result, resultName, nextStates, module } = emission;
  const kept = keptFields(emission);
  const next = states.map((state, index) => ({ name: `${state.name}Next`, node: nextStates[index]! }));
  writeInterface(
    writer,
    names.forwardType,
    `What ${names.forward} returns: ${resultName === "loss" ? "the loss" : "the output"}, and what ${names.backward} needs.`,
    [
      {
        name: resultName,
        type: typeText(result.type),
        doc: result.type.shape.length === 0 ? "the loss" : shapeText(result.type.shape),
      },
      ...next.map(({ name, node }) => ({
        name,
        type: "Float64Array",
        doc: `running statistics after this batch, ${shapeText(node.type.shape)}`,
      })),
      ...kept.map(({ name, type, doc }) => ({ name, type, ...(doc !== "" && { doc }) })),
    ],
  );
  const context = lineContext(module, plan.forwardNames);
  const body = createWriter();
  for (const stage of plan.stages) {
    if (emission.isStaged) writeStage(body, context, stage, names.forward);
    else writeStatement(body, context, stage, "");
  }
  const returned = createWriter();
  const resultCode = printFlat(codeOf(result, context).code);
  writeReturnObject(returned, [
    property(resultName, resultCode),
    ...next.map(({ name, node }) => property(name, printFlat(codeOf(node, context).code))),
    ...kept.map(({ name, variable }) => property(name, variable)),
  ]);
  body.track({ kind: "answer", in: names.forward }, () => writeMarked(body, returned.finish().text.trimEnd()));
  const text = body.finish();
  writeFunctionHead(writer, {
    doc: [`The forward pass of ${emission.title} in training.`, "", ...dataDocs(inputs), THROWS],
    name: names.forward,
    parameters: trainingParameters(emission),
    returns: names.forwardType,
  });
  writeHead(writer, emission, inputs, text.text, [result]);
  writer.append(text);
  writer.writeLine("}");
  writer.writeLine();
}

/** Door and unpacking of parameters and running statistics. */
function writeHead(
  writer: Writer,
  emission: NetworkEmission,
  inputs: readonly FunctionInput[],
  body: string,
  read: readonly Node[],
): void {
  const { names, parameters, states } = emission;
  writer.writeLine(`  ${names.check}(params${states.length > 0 ? ", state" : ""});`);
  for (const line of doorLines(emission, inputs, body, read)) writer.writeLine(line);
  for (const line of unpack(parameters, "params", body)) writer.writeLine(line);
  for (const line of unpack(states, "state", body)) writer.writeLine(line);
}

function keptFields({
  plan,
  result,
  inputs,
  resultName,
  sizes,
}: NetworkEmission): { name: string; variable: string; type: string; doc: string }[] {
  const taken = new Set<Node>(result.kind === "input" ? [] : [result]);
  const fields = plan.kept
    .filter((node) => !taken.has(node))
    .map((node) => {
      const variable = plan.names.get(node)!;
      return {
        name: variable === resultName ? `${variable}_` : variable,
        variable,
        type: typeText(node.type),
        doc: node.type.shape.length === 0 ? "" : shapeText(node.type.shape),
      };
    });
  const door = planDoor(
    inputs.map(({ name, node }) => ({ access: name, type: node.type })),
    sizes,
  );
  return [...fields, ...[...door.sizes, ...door.explicit].map((name) => ({ name, variable: name, type: "number", doc: "" }))];
}

function writeBackward(writer: Writer, emission: NetworkEmission): void {
  const { names, plan, result, resultName, seedName, parameters, wrtInputs, module, title } = emission;
  const context = lineContext(module, plan.names);
  const body = createWriter();
  writeArrayCheck(body, module, seedName, result.type);
  if (emission.isStaged) body.writeLine("  // last stage first");
  body.writeBackward(() => writeBackwardLines(body, context, plan, { of: names.backward, withNotes: emission.isStaged }));
  const targets = [...parameters, ...wrtInputs];
  const returned = createWriter();
  writeReturnObject(
    returned,
    targets.map(({ name, node }, index) => {
      const found = plan.results[index];
      return property(name, printFlat(found === undefined ? zeros(node.type) : codeOf(found, context).code));
    }),
  );
  body.track({ kind: "answer", in: names.backward }, () => writeMarked(body, returned.finish().text.trimEnd()));
  const text = body.finish();
  const fields = [
    ...(plan.kept.includes(result) && result.kind === "call" ? [{ name: resultName, variable: plan.names.get(result)! }] : []),
    ...keptFields(emission),
  ];
  const read = fields
    .filter(({ variable }) => reads(text.text, variable))
    .map(({ name, variable }) => (name === variable ? name : `${name}: ${variable}`));
  const seed =
    result.type.shape.length === 0 ? { name: seedName, type: "number", default: "1" } : { name: seedName, type: "Float64Array" };
  writeFunctionHead(writer, {
    doc: [
      `The backward pass of ${title}: gradients from what ${names.forward} kept and the gradient ${seedName} of the ${resultName}.`,
    ],
    name: names.backward,
    parameters: [{ name: read.length > 0 ? "kept" : "_kept", type: names.forwardType }, seed],
    returns: wrtInputs.length > 0 ? names.gradients : names.params,
  });
  if (read.length > 0) writer.writeLine(braced("  const ", read, "  ", " = kept;"));
  writer.append(text);
  writer.writeLine("}");
  writer.writeLine();
}

function writeGrad(writer: Writer, emission: NetworkEmission): void {
  const { names, inputs, states, title, wrtInputs } = emission;
  const gradients = wrtInputs.length > 0 ? names.gradients : names.params;
  const next = states.length > 0 ? [{ name: "state", type: names.state, doc: "running statistics after this batch" }] : [];
  writeInterface(writer, names.gradType, `What ${names.grad} returns.`, [
    { name: "loss", type: "number", doc: "the loss" },
    { name: "gradients", type: gradients, doc: "its gradient by every parameter" },
    ...next,
  ]);
  writeFunctionHead(writer, {
    doc: [`The loss of ${title} and its gradients: forward, then backward.`, "", ...dataDocs(inputs), THROWS],
    name: names.grad,
    parameters: trainingParameters(emission),
    returns: names.gradType,
  });
  const args = trainingParameters(emission).map(({ name }) => name);
  writer.writeLine(`  const kept = ${names.forward}(${args.join(", ")});`);
  const fields = ["loss: kept.loss", `gradients: ${names.backward}(kept)`];
  if (states.length > 0)
    fields.push(
      braced(
        "state: ",
        states.map(({ name }) => `${name}: kept.${name}Next`),
        "    ",
        "",
      ),
    );
  writeReturnObject(writer, fields);
  writer.writeLine("}");
  writer.writeLine();
}

function writePredict(writer: Writer, emission: NetworkEmission): void {
  const { names, predict, output, predictInputs, module, title } = emission;
  const context = lineContext(module, predict.names);
  const body = createWriter();
  const last = predict.statements.at(-1);
  const returnsLast = last?.node === output;
  for (const statement of predict.statements)
    if (!returnsLast || statement !== last) writeStatement(body, context, statement, "");
  const { code, isFresh } = codeOf(output, context, returnsLast);
  const owned =
    isFresh || predict.statements.some(({ name }) => name === printFlat(code)) ? code : callCode(`${printFlat(code)}.slice`);
  const returned = printCode("return ", output.type.shape.length === 0 ? code : owned, "  ");
  body.writeFrom(output, () => writeMarked(body, returned));
  const text = body.finish();
  writeFunctionHead(writer, {
    doc: [`What ${title} answers, ${shapeText(output.type.shape)}.`, "", ...dataDocs(predictInputs), THROWS],
    name: names.predict,
    parameters: [...commonParameters(emission), ...dataParameters(emission, predictInputs)],
    returns: typeText(output.type),
  });
  writeHead(writer, emission, predictInputs, text.text, [output]);
  writer.append(text);
  writer.writeLine("}");
  writer.writeLine();
}

function writeChecks(writer: Writer, emission: NetworkEmission): void {
  const { names, parameters, states, module, title } = emission;
  module.kernels.add("checkReal");
  writeFunctionHead(writer, {
    doc: [`Checks the shapes of the parameters of ${title}.`],
    name: names.check,
    parameters: commonParameters(emission),
    returns: "void",
    exported: false,
  });
  const line = (access: string, shape: readonly number[]): string =>
    printCode(
      "",
      callCode(
        "checkReal",
        textCode(JSON.stringify(access)),
        textCode(access),
        dimCode(sizeOfShape(shape)),
        textCode(JSON.stringify(shapeText(shape))),
      ),
      "  ",
    );
  for (const { name, shape } of parameters) writer.writeLine(line(`params.${name}`, shape));
  for (const { name, shape } of states) writer.writeLine(line(`state.${name}`, shape));
  writer.writeLine("}");
}
