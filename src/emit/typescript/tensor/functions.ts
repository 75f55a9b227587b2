// Functions over tensors as text: the door, the value, what all others have in common. For expressions.

import { shapeText } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import { writeFunctionHead, type FunctionHead, type Parameter } from "../pieces.ts";
import type { Signature } from "../signature.ts";
import { createWriter, type MarkedText, type Origin, type Writer } from "../writer.ts";
import { callCode, printCode, printFlat, type Code } from "./code.ts";
import { planDoor, type Door } from "./door.ts";
import { codeOf, type LineContext } from "./lines.ts";
import { lineContext, typeText, writeMarked, writeStatement, type ModuleContext, kindText, reads } from "./module.ts";

export interface TensorEmission {
  readonly module: ModuleContext;
  readonly signature: Signature;
  readonly sizesName: string;
  readonly door: Door;
  readonly formula: string;
  readonly output: Node;
}

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
  const doc =
    door.sizes.length > 0
      ? `Checks the arguments of ${signature.value} and finds the sizes that their lengths imply.`
      : `Checks the arguments of ${signature.value}.`;
  const returns = door.sizes.length === 0 ? "void" : `{ ${door.sizes.map((name) => `${name}: number`).join("; ")} }`;
  writeFunctionHead(writer, { doc: [doc], name: sizesName, parameters: parameters(emission), returns, exported: false });
  for (const line of door.lines) writer.writeLine(line);
  if (door.sizes.length > 0) writer.writeLine(`  return { ${door.sizes.join(", ")} };`);
  writer.writeLine("}");
}

export function parameters({ signature, door }: TensorEmission): Parameter[] {
  return [
    ...signature.inputs.map(({ name, node }) => ({ name, type: typeText(node.type) })),
    ...door.explicit.map((name) => ({ name, type: "number" })),
  ];
}

export function argumentNames({ signature, door }: TensorEmission): string[] {
  return [...signature.inputs.map((input) => input.name), ...door.explicit];
}

/** `const { n } = fSizes(W, X);` with the sizes that `body` mentions. */
export function doorLine(sizesName: string, door: Door, args: readonly string[], body: string): string {
  const read = door.sizes.filter((name) => reads(body, name));
  const call = `${sizesName}(${args.join(", ")});`;
  return read.length === 0 ? `  ${call}` : `  const { ${read.join(", ")} } = ${call}`;
}

/** Writes `body` into a function that begins with the door. */
export function writeFunction(writer: Writer, emission: TensorEmission, head: FunctionHead, body: MarkedText<Origin>): void {
  writeFunctionHead(writer, head);
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
  const returned = printCode("return ", resultCode(output, context, returnsLast), "  ");
  body.writeFrom(output, () => writeMarked(body, returned));
  const head: FunctionHead = {
    doc: [
      ...(emission.formula === "" ? [`The value of ${signature.value}.`] : [emission.formula]),
      "",
      ...argumentDocs(emission, resultText(emission)),
    ],
    name: signature.value,
    parameters: parameters(emission),
    returns: typeText(output.type),
  };
  writeFunction(writer, emission, head, body.finish());
  writer.writeLine();
}

/** A result that the caller may keep: never one of the arguments itself. */
export function resultCode(node: Node, context: LineContext, isLine = false): Code {
  const { code, isFresh } = codeOf(node, context, isLine);
  const isArgument = !isFresh && node.type.shape.length > 0 && (isLine || sourceOf(node).kind === "input");
  return isArgument ? callCode(`${printFlat(code)}.slice`) : code;
}

export function sourceOf(node: Node): Node {
  return node.kind === "call" && node.op === "reshape" ? sourceOf(node.args[0]!) : node;
}

export function gradientFields({ signature }: TensorEmission): { name: string; type: string; doc: string }[] {
  return signature.inputs
    .filter((input) => input.wrt)
    .map(({ name, node }, index) => ({
      name: signature.gradientProperties[index]!,
      type: typeText(node.type),
      doc: `∂${signature.value}/∂${name}${node.type.shape.length > 0 ? `, ${shapeText(node.type.shape)}` : ""}`,
    }));
}

export function valueField({ signature, output }: TensorEmission): { name: string; type: string; doc: string } {
  const shape = output.type.shape.length > 0 ? `, ${shapeText(output.type.shape)}` : "";
  return { name: signature.valueProperty, type: typeText(output.type), doc: `the value${shape}` };
}
