// Sources built by hand for the verification tests, and emitted functions that follow from their op table or from closures.

import { createGraph, type Graph, type InputNode, type Node } from "../../src/ir/graph.ts";
import { postOrder } from "../../src/ir/walk.ts";
import { call, instantiate } from "../../src/ops/build.ts";
import { opNamed } from "../../src/ops/registry.ts";
import type { Interval } from "../../src/ops/define.ts";
import type { SourceFunction } from "../../src/frontends/source.ts";
import { parseExpression } from "../../src/core/syntax.ts";
import { compileEvaluator } from "../../src/verify/evaluate.ts";
import type { EmittedFunction } from "../../src/verify/verification.ts";

export interface TestSource extends SourceFunction {
  readonly graph: Graph;
}

const NOWHERE = { start: 0, end: 0 };

/** A source from names and formulas in the language of the op tables. */
export function sourceOf(
  names: readonly string[],
  formulas: string | readonly string[],
  domains: Readonly<Record<string, Interval>> = {},
): TestSource {
  const graph = createGraph();
  const inputs = new Map(names.map((name) => [name, graph.input(name)]));
  const texts = typeof formulas === "string" ? [formulas] : formulas;
  const outputs = texts.map((text) => instantiate(graph, parseExpression(text), inputs));
  return sourceFrom(graph, [...inputs.values()], outputs, domains);
}

export function sourceFrom(
  graph: Graph,
  inputs: readonly InputNode[],
  outputs: readonly Node[],
  domains: Readonly<Record<string, Interval>> = {},
): TestSource {
  return {
    graph,
    name: "f",
    inputs: inputs.map((node) => ({
      name: node.name,
      node,
      role: "param",
      ...(domains[node.name] && { domain: domains[node.name]! }),
      span: NOWHERE,
    })),
    outputs,
    isVector: outputs.length > 1,
    stageNames: new Map(),
    span: NOWHERE,
  };
}

/** All inputs, in order. */
export const all = (source: SourceFunction): number[] => source.inputs.map((_, i) => i);

/** An emitted gradient from a closure; the value is the reference's. */
export function emittedGrad(
  source: SourceFunction,
  rows: (...point: number[]) => number[],
  value?: (...point: number[]) => number,
): EmittedFunction {
  const reference = compileEvaluator(
    source.outputs,
    source.inputs.map((input) => input.node),
  );
  const values = value ? (point: readonly number[]) => [value(...point)] : (point: readonly number[]) => [...reference(point)];
  return {
    mode: "grad",
    value: values,
    gradient: (point) => ({ value: values(point), rows: [rows(...point)] }),
  };
}

/** The gradient nodes of a source, by forward accumulation over the op table: slow, simple, and right if the table is. */
export function tangentNodes(graph: Graph, outputs: readonly Node[], input: Node): Node[] {
  const zero = graph.constant(0);
  const tangents = new Map<Node, Node>();
  for (const node of postOrder(outputs)) {
    if (node === input) tangents.set(node, graph.constant(1));
    if (node.kind !== "call") continue;
    const op = opNamed(node.op);
    let sum: Node | undefined;
    node.args.forEach((arg, i) => {
      const adj = tangents.get(arg);
      const formula = op.rule?.formulas[op.variadic ? 0 : i];
      if (adj === undefined || formula === undefined) return;
      const names = new Map<string, Node>([
        ["out", node],
        ["adj", adj],
      ]);
      if (op.variadic) names.set(op.params[0]!, arg);
      else op.params.forEach((param, k) => names.set(param, node.args[k]!));
      const partial = instantiate(graph, formula, names);
      const term = op.rule!.includesAdjoint ? partial : call(graph, "mul", [partial, adj]);
      sum = sum ? call(graph, "add", [sum, term]) : term;
    });
    if (sum) tangents.set(node, sum);
  }
  return outputs.map((output) => tangents.get(output) ?? zero);
}

/** The right gradient of a source, from the op table. */
export function tableGrad(source: TestSource): EmittedFunction {
  const inputs = source.inputs.map((input) => input.node);
  const value = compileEvaluator(source.outputs, inputs);
  const columns = inputs.map((input) => compileEvaluator(tangentNodes(source.graph, source.outputs, input), inputs));
  const rows = (point: readonly number[]): number[][] => {
    const byInput = columns.map((column) => column(point));
    return source.outputs.map((_, k) => byInput.map((column) => column[k]!));
  };
  return {
    mode: source.outputs.length > 1 ? "jacobian" : "grad",
    value: (point) => [...value(point)],
    gradient: (point) => ({ value: [...value(point)], rows: rows(point) }),
    jvp: (point, direction) => ({
      value: [...value(point)],
      tangent: rows(point).map((row) => row.reduce((sum, x, i) => sum + x * direction[i]!, 0)),
    }),
  };
}
