// Calls of kernels as text, laid out as prettier would lay them out.

import type { Expression } from "../../../core/syntax.ts";
import { LINE_WIDTH, printExpression, printStatement } from "../print.ts";

export type Code =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "call"; readonly callee: string; readonly args: readonly Code[] }
  | { readonly kind: "arrow"; readonly params: readonly string[]; readonly body: Expression }
  | { readonly kind: "list"; readonly items: readonly Code[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [name: string, value: Code])[] };

export const textCode = (text: string): Code => ({ kind: "text", text });
export const listCode = (items: readonly Code[]): Code => ({ kind: "list", items });
export const callCode = (callee: string, ...args: readonly Code[]): Code => ({ kind: "call", callee, args });

/** The code on one line. */
export function printFlat(code: Code): string {
  switch (code.kind) {
    case "text":
      return code.text;
    case "expression":
      return printExpression(code.expression);
    case "call":
      return `${code.callee}(${code.args.map(printFlat).join(", ")})`;
    case "arrow":
      return `${arrowHead(code.params)} ${arrowBody(code.body)}`;
    case "list":
      return `[${code.items.map(printFlat).join(", ")}]`;
    case "object":
      return `{ ${code.entries.map(([name, value]) => `${name}: ${printFlat(value)}`).join(", ")} }`;
  }
}

/** `prefix code;` at an indentation. */
export function printCode(prefix: string, code: Code, indent: string): string {
  if (code.kind === "expression") return printStatement(prefix, code.expression, indent);
  return indent + prefix + layOut(code, indent, prefix.length + indent.length, 1) + ";";
}

/** The code broken where it must be; `used` columns stand before it on its line, `after` follow it. */
function layOut(code: Code, indent: string, used: number, after: number): string {
  const flat = printFlat(code);
  if (used + flat.length + after <= LINE_WIDTH && !isBroken(code)) return flat;
  switch (code.kind) {
    case "call":
      return layOutCall(code, indent, used);
    case "list":
      return breakItems("[", code.items, "]", indent);
    case "object":
      return `{\n${code.entries.map(([name, value]) => `${indent}  ${name}: ${layOut(value, `${indent}  `, indent.length + name.length + 4, 1)},\n`).join("")}${indent}}`;
    case "arrow":
      return `${arrowHead(code.params)}\n${indent}  ${printExpression(code.body)}`;
    default:
      return flat;
  }
}

/** What prettier breaks whatever its length: a list of lists, and arguments among which a call takes a function. */
function isBroken(code: Code): boolean {
  if (code.kind === "call") return takesFunctionInside(code) || code.args.some(isBroken);
  if (code.kind !== "list") return false;
  const nested = code.items.length > 1 && code.items.every((item) => item.kind === "list" && item.items.length > 1);
  return nested || code.items.some(isBroken);
}

function takesFunctionInside({ args }: Code & { kind: "call" }): boolean {
  return args.length > 1 && args.some((arg) => arg.kind === "call" && arg.args.some(({ kind }) => kind === "arrow"));
}

function layOutCall(code: Code & { kind: "call" }, indent: string, used: number): string {
  const { callee, args } = code;
  const last = args.at(-1);
  const head = `${callee}(${args
    .slice(0, -1)
    .map((arg) => `${printFlat(arg)}, `)
    .join("")}`;
  const isSplit = takesFunctionInside(code) || args.slice(0, -1).some(isBroken);
  if (last?.kind === "arrow" && !isSplit) {
    const fitsAlone = last.body.kind !== "conditional" && indent.length + 2 + printFlat(last).length + 1 <= LINE_WIDTH;
    const opening = head + arrowHead(last.params);
    const room = last.body.kind === "conditional" ? LINE_WIDTH - 1 : LINE_WIDTH;
    if (!fitsAlone && used + opening.length <= room) return `${opening}\n${indent}  ${printExpression(last.body)},\n${indent})`;
  }
  if (last?.kind === "object" && !isSplit && used + head.length + 1 <= LINE_WIDTH) {
    return `${head}${breakObject(last, indent)})`;
  }
  return breakItems(`${callee}(`, args, ")", indent);
}

function breakObject({ entries }: Code & { kind: "object" }, indent: string): string {
  return `{\n${entries.map(([name, value]) => `${indent}  ${name}: ${printFlat(value)},\n`).join("")}${indent}}`;
}

function breakItems(open: string, items: readonly Code[], close: string, indent: string): string {
  const inner = `${indent}  `;
  return `${open}\n${items.map((item) => `${inner}${layOut(item, inner, inner.length, 1)},\n`).join("")}${indent}${close}`;
}

function arrowHead(params: readonly string[]): string {
  return `(${params.join(", ")}) =>`;
}

function arrowBody(body: Expression): string {
  const text = printExpression(body);
  return body.kind === "conditional" ? `(${text})` : text;
}
