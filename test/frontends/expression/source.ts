// Helpers for the tests of the expression front end: read a source, evaluate its graph with the ops' own numeric meaning.

import type { Diagnostic } from "../../../src/diagnostics/report.ts";
import { createReporter } from "../../../src/diagnostics/report.ts";
import { parseExpressionSource } from "../../../src/frontends/expression/expression.ts";
import type { FrontendResult, SourceFunction } from "../../../src/frontends/source.ts";
import type { Node } from "../../../src/ir/graph.ts";
import { postOrder } from "../../../src/ir/walk.ts";
import { evaluateOp } from "../../../src/ops/build.ts";

export interface Read extends FrontendResult {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function read(text: string): Read {
  const reporter = createReporter();
  const result = parseExpressionSource({ name: "test", text }, reporter);
  return { ...result, text, diagnostics: reporter.diagnostics };
}

/** The functions of a source without mistakes. */
export function functionsOf(text: string): readonly SourceFunction[] {
  const { functions, diagnostics } = read(text);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (errors.length > 0) throw new Error(`${text}: ${errors.map((error) => error.message).join("; ")}`);
  return functions;
}

export function lastOf(text: string): SourceFunction {
  return functionsOf(text).at(-1)!;
}

export function evaluateAt(fn: SourceFunction, inputs: Readonly<Record<string, number>>): number[] {
  const values = valuesAt(fn, inputs);
  return fn.outputs.map((output) => values.get(output)!);
}

/** The value of every node. */
export function valuesAt(fn: SourceFunction, inputs: Readonly<Record<string, number>>): Map<Node, number> {
  const values = new Map<Node, number>();
  for (const node of postOrder(fn.outputs)) values.set(node, valueOf(node, values, inputs));
  return values;
}

function valueOf(node: Node, values: ReadonlyMap<Node, number>, inputs: Readonly<Record<string, number>>): number {
  if (node.kind === "const") return node.value;
  if (node.kind === "input") return Object.hasOwn(inputs, node.name) ? inputs[node.name]! : NaN;
  const args = node.args.map((arg) => values.get(arg)!);
  return evaluateOp(node.op, args);
}

/** `code text` of each diagnostic: what it says and exactly what it points at. */
export function complaints(text: string): string[] {
  return read(text).diagnostics.map(({ code, span }) => `${code} ${span === undefined ? "" : text.slice(span.start, span.end)}`);
}
