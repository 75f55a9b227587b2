// Dimensions as code: numbers, names of sizes, products of them.

import { parseExpression, type Expression } from "../../../core/syntax.ts";
import { dimText } from "../../../ir/dims.ts";
import type { Dim } from "../../../ir/shape.ts";
import type { Code } from "./code.ts";

export function dimExpression(dim: Dim): Expression {
  return typeof dim === "number" ? { kind: "number", value: dim } : parseExpression(dimText(dim));
}

export function dimCode(dim: Dim): Code {
  return { kind: "expression", expression: dimExpression(dim) };
}

export function shapeCode(shape: readonly Dim[]): Code {
  return { kind: "list", items: shape.map(dimCode) };
}
