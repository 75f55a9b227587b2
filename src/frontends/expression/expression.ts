// The expression front end: text in mathjs syntax, over real scalars, to functions over one graph.

import type { SourceText, Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import { createGraph, type Node, type NodeId } from "../../ir/graph.ts";
import type { FrontendResult } from "../source.ts";
import type { Conversion } from "./convert.ts";
import { readDeclarations } from "./declarations.ts";
import { readStatement } from "./forms.ts";
import { tokenize } from "./lexer.ts";
import { readProgram } from "./program.ts";
import { splitStatements } from "./statements.ts";

/** Reports every mistake it finds, each at its place; after an error there are no functions. */
export function parseExpressionSource(source: SourceText, reporter: Reporter): FrontendResult {
  const graph = createGraph();
  const origins = new Map<NodeId, Span[]>();
  const nothing: FrontendResult = { graph, functions: [], origins };
  const zero = source.text.indexOf("\0");
  if (zero !== -1) {
    reporter.report("WG1005", { start: zero, end: zero + 1 });
    return nothing;
  }
  const conversion: Conversion = { graph, reporter, origins, active: new Set<Node>() };
  const statements = splitStatements(tokenize(source.text), reporter).map((line) => readStatement(line, reporter));
  const declared = readDeclarations(statements, conversion);
  if (statements.every((statement) => statement.kind === "declaration")) {
    reporter.report("WG1002", undefined);
    return nothing;
  }
  const functions = readProgram(statements, declared, conversion);
  return reporter.hasErrors ? nothing : { graph, functions, origins };
}
