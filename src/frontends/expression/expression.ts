// The expression front end: text in mathjs syntax, over numbers and tensors, to functions over one graph.

import type { SourceText } from "../../core/span.ts";
import { createLocator, type Locator } from "../../diagnostics/locate.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { createGraph } from "../../ir/graph.ts";
import type { FrontendResult, SourceFunction } from "../source.ts";
import type { Conversion } from "./convert.ts";
import { readDeclarations } from "./declarations.ts";
import { readStatement } from "./forms.ts";
import { tokenize } from "./lexer.ts";
import { readProgram } from "./program.ts";
import { splitStatements } from "./statements.ts";

/** Reports every mistake it finds, each at its place; after an error there are no functions. */
export function parseExpressionSource(source: SourceText, reporter: Reporter): FrontendResult {
  const conversion = createConversion(source.text, reporter);
  try {
    const functions = readFunctions(source.text, conversion);
    const { graph, origins } = conversion;
    return { graph, origins, functions: reporter.hasErrors ? [] : functions };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reporter.report("WG1008", undefined); // a stack overflow below us is still the source's doing
    return { graph: conversion.graph, origins: conversion.origins, functions: [] };
  }
}

function createConversion(text: string, reporter: Reporter): Conversion {
  let locate: Locator | undefined; // only messages ask, and lines are found once
  return {
    graph: createGraph(),
    reporter,
    origins: new Map(),
    active: new Set(),
    text,
    lineOf: (offset) => (locate ??= createLocator(text))(offset).line,
    placeOf: () => undefined,
    dimensions: new Map(),
    sizes: new Map(),
    entries: new Map(),
  };
}

function readFunctions(text: string, conversion: Conversion): readonly SourceFunction[] {
  const { reporter } = conversion;
  const zero = text.indexOf("\0");
  if (zero !== -1) {
    reporter.report("WG1005", { start: zero, end: zero + 1 });
    return [];
  }
  const statements = splitStatements(tokenize(text), reporter).map((line) => readStatement(line, reporter));
  const declared = readDeclarations(statements, conversion);
  if (statements.some((statement) => statement.kind !== "declaration")) return readProgram(statements, declared, conversion);
  reporter.report("WG1002", undefined);
  return [];
}
