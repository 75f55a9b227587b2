// The parts of functions that all styles share: doc comments, parameter lists, result interfaces, return statements.

import { LINE_WIDTH } from "./print.ts";
import type { Signature } from "./signature.ts";
import type { Writer } from "./writer.ts";

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly default?: string;
}

/** `/** ... *\/` over one or several lines. */
export function writeDoc(writer: Writer, lines: readonly string[]): void {
  if (lines.length === 1 && lines[0]!.length + 8 <= LINE_WIDTH) return writer.writeLine(`/** ${lines[0]} */`);
  writer.writeLine("/**");
  for (const line of lines) writer.writeLine(line === "" ? " *" : ` * ${line}`);
  writer.writeLine(" */");
}

/** `export function name(a: number, b: number): R {`, its parameters a line each where they do not fit. */
export function writeFunctionHead(
  writer: Writer,
  name: string,
  parameters: readonly Parameter[],
  returns: string,
  exported = true,
): void {
  const texts = parameters.map((each) =>
    each.default === undefined ? `${each.name}: ${each.type}` : `${each.name} = ${each.default}`,
  );
  const flat = `${exported ? "export " : ""}function ${name}(${texts.join(", ")}): ${returns} {`;
  const broken = flat.length > LINE_WIDTH;
  if (exported) writer.writeType("export ");
  writer.write(`function ${name}(${broken ? "\n  " : ""}`);
  parameters.forEach((parameter, index) => {
    if (index > 0) writer.write(broken ? ",\n  " : ", ");
    writer.write(parameter.name);
    if (parameter.default === undefined) writer.writeType(`: ${parameter.type}`);
    else writer.write(` = ${parameter.default}`);
  });
  writer.write(broken ? ",\n)" : ")");
  writer.writeType(`: ${returns}`);
  writer.writeLine(" {");
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
  writer.writeType(`${lines.join("\n")}\n}\n`);
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
