// The parts of functions that all styles share: doc comments, parameter lists, result interfaces, return statements.

import { LINE_WIDTH } from "./print.ts";
import type { Signature } from "./signature.ts";
import type { Writer } from "./writer.ts";

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly default?: string;
}

/** What stands before a function's body. */
export interface FunctionHead {
  /** Lines of its doc comment. */
  readonly doc: readonly string[];
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: string;
  /** Default true. */
  readonly exported?: boolean;
}

/** `export function name(a: number, b: number): R {` below its doc comment, its parameters a line each where they do not fit. */
export function writeFunctionHead(writer: Writer, head: FunctionHead): void {
  const { doc, name, parameters, returns, exported = true } = head;
  const texts = parameters.map((each) =>
    each.default === undefined ? `${each.name}: ${each.type}` : `${each.name} = ${each.default}`,
  );
  const around = layOutParameters(`${exported ? "export " : ""}function ${name}`, texts, `: ${returns} {`);
  writer.mark(undefined);
  writer.write(docText(doc));
  writer.mark("definition");
  if (exported) writer.writeType("export ");
  writer.write(`function ${name}${around.open}`);
  parameters.forEach((parameter, index) => {
    if (index > 0) writer.write(around.between);
    writer.write(parameter.name);
    if (parameter.default === undefined) writer.writeType(`: ${parameter.type}`);
    else writer.write(` = ${parameter.default}`);
  });
  writer.write(around.close);
  writer.writeType(`: ${returns}`);
  writer.writeLine(" {");
  if (exported) writer.declare(docText(doc) + declaredFunction(head));
}

/** The head as a declaration: where the code has a default, an argument may be left out. */
function declaredFunction({ name, parameters, returns }: FunctionHead): string {
  const texts = parameters.map((each) => `${each.name}${each.default === undefined ? "" : "?"}: ${each.type}`);
  const [before, after] = [`export declare function ${name}`, `: ${returns};`];
  const { open, between, close } = layOutParameters(before, texts, after);
  return `${before}${open}${texts.join(between)}${close}${after}\n`;
}

/** What stands around parameters between `before` and `after`: line ends where they do not fit in one. */
function layOutParameters(
  before: string,
  parameters: readonly string[],
  after: string,
): { open: string; between: string; close: string } {
  const flat = `${before}(${parameters.join(", ")})${after}`;
  const fits = flat.length <= LINE_WIDTH || parameters.length === 0;
  return fits ? { open: "(", between: ", ", close: ")" } : { open: "(\n  ", between: ",\n  ", close: ",\n)" };
}

/** `/** ... *\/` over one or several lines; nothing for none. */
function docText(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  if (lines.length === 1 && lines[0]!.length + 8 <= LINE_WIDTH) return `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => (line === "" ? " *\n" : ` * ${line}\n`)).join("")} */\n`;
}

/** One property of a result: `dx` when the variable has that name, else `dx: value`. */
export function property(name: string, value: string): string {
  return name === value ? name : `${name}: ${value}`;
}

/** `return { f, dx, dy };`, a property a line where they do not fit. */
export function writeReturnObject(writer: Writer, properties: readonly string[]): void {
  writer.writeLine(braced("  return ", properties, "  ", ";"));
}

/** `prefix{ a, b }suffix` on one line or a line per item. */
export function braced(prefix: string, items: readonly string[], indent: string, suffix: string): string {
  const flat = `${prefix}{ ${items.join(", ")} }${suffix}`;
  if (flat.length <= LINE_WIDTH && !flat.includes("\n")) return flat;
  return `${prefix}{\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent}}${suffix}`;
}

interface Property {
  readonly name: string;
  readonly type: string;
  readonly doc?: string;
}

/** `export interface FGrad { ... }` with a doc line for it and for each property. */
export function writeInterface(
  writer: Writer,
  name: string,
  doc: string,
  properties: readonly Property[],
  mutable: readonly Property[] = [],
): void {
  const lines = [`/** ${doc} */`, `export interface ${name} {`];
  const add = (modifier: string, each: Property): void => {
    if (each.doc !== undefined) lines.push(`  /** ${each.doc} */`);
    lines.push(`  ${modifier}${each.name}: ${each.type};`);
  };
  for (const each of properties) add("readonly ", each);
  for (const each of mutable) add("", each);
  const isEmpty = properties.length + mutable.length === 0;
  const text = `${lines.join("\n")}${isEmpty ? "" : "\n"}}\n`;
  writer.writeType(text);
  writer.declare(text);
  writer.writeLine();
}

/** The parameters for a function's inputs, packed or one by one. */
export function inputParameters(signature: Signature): Parameter[] {
  if (signature.packed) return [{ name: signature.packedName, type: "ArrayLike<number>" }];
  return signature.inputs.map((input) => ({ name: input.name, type: "number" }));
}

/** For packed inputs, `const x1 = p[0]!;` for each input that `isRead`. */
export function writeUnpacking(writer: Writer, signature: Signature, isRead: (name: string) => boolean): void {
  if (!signature.packed) return;
  signature.inputs.forEach((input, index) => {
    if (!isRead(input.name)) return;
    writer.write(`  const ${input.name} = ${signature.packedName}[${index}]`);
    writer.writeType("!");
    writer.writeLine(";");
  });
}
