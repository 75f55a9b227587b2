// What the functions of one module of tensor code share: kernels used, constants at the top level, single lines.

import { shapeText, sizeOfShape } from "../../../ir/dims.ts";
import type { Node } from "../../../ir/graph.ts";
import type { TensorType } from "../../../ir/shape.ts";
import type { TextWriter, Writer } from "../writer.ts";
import { callCode, printCode, printFlat, textCode, type Code } from "./code.ts";
import { dimCode } from "./dims.ts";
import { codeOf, type LineContext } from "./lines.ts";

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
export function writeHoisted(writer: TextWriter, constants: Iterable<Hoisted>): void {
  for (const { name, type, value } of constants) {
    const declared = `const ${name}: ${type} = `;
    const text = printCode(declared, value, "");
    writer.writeLine();
    writer.write(`const ${name}`);
    writer.writeType(`: ${type}`);
    writer.writeLine(text.slice(`const ${name}: ${type}`.length));
  }
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

/** Whether generated text reads a variable: its name as a word that is no property and no key. */
export function reads(text: string, name: string): boolean {
  const word = name.replaceAll("$", "\\$");
  return new RegExp(`(?<![\\p{ID_Continue}$.])${word}(?![\\p{ID_Continue}$:])`, "u").test(text);
}

/** What kind of integers an argument holds, for its doc line; empty for reals. */
export function kindText(type: TensorType, below: unknown): string {
  if (type.dtype === "boolean") return " of 0 and 1";
  if (type.dtype === "integer") return below === undefined ? " integers" : ` integers from 0, below ${below}`;
  return "";
}

/** Code with `]!` marks, which only TypeScript has. */
export function writeMarked(writer: TextWriter, text: string): void {
  const parts = text.split("]!");
  parts.forEach((part, index) => {
    writer.write(index < parts.length - 1 ? `${part}]` : part);
    if (index < parts.length - 1) writer.writeType("!");
  });
  writer.writeLine();
}

export function writeStatement(
  writer: Writer,
  context: LineContext,
  { node, name }: { node: Node; name: string },
  comment: string,
): void {
  const text = printCode(`const ${name} = `, codeOf(node, context, true).code, "  ") + comment;
  writer.writeFrom(node, () => writeMarked(writer, text));
}

/** The gradient where nothing flows. */
export function zeros(type: TensorType): Code {
  return type.shape.length === 0 ? textCode("0") : callCode("new Float64Array", dimCode(sizeOfShape(type.shape)));
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
