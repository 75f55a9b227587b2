// Sources made straight from graphs, for tests of what comes after the front end.

import { compileParsed } from "../src/compiler.ts";
import type { Compilation, CompileOptions } from "../src/compiler/types.ts";
import { parseExpression } from "../src/core/syntax.ts";
import { createReporter } from "../src/diagnostics/report.ts";
import type { FunctionInput } from "../src/frontends/source.ts";
import { createGraph, type Graph, type InputNode, type Node } from "../src/ir/graph.ts";
import { instantiate } from "../src/ops/build.ts";
import type { Interval } from "../src/ops/define.ts";

const NOWHERE = { start: 0, end: 0 };

export interface TestInput {
  readonly name: string;
  readonly domain?: Interval;
  readonly role?: FunctionInput["role"];
}

/** Compiles the function `f` that `build` makes of its inputs. */
export function compileGraph(
  inputs: readonly TestInput[],
  build: (graph: Graph, nodes: readonly InputNode[]) => Node,
  options: CompileOptions = {},
): Compilation {
  const graph = createGraph();
  const nodes = inputs.map(({ name }) => graph.input(name));
  const declared = inputs.map((input, index): FunctionInput => ({
    name: input.name,
    node: nodes[index]!,
    role: input.role ?? "param",
    span: NOWHERE,
    ...(input.domain && { domain: input.domain }),
  }));
  const outputs = [build(graph, nodes)];
  const fn = { name: "f", inputs: declared, outputs, isVector: false, stageNames: new Map(), span: NOWHERE };
  return compileParsed({ name: "<test>", text: "" }, { graph, functions: [fn], origins: new Map() }, options, createReporter());
}

/** Compiles a formula in the language of the op tables. */
export function compileFormula(formula: string, inputs: readonly TestInput[], options: CompileOptions = {}): Compilation {
  return compileGraph(
    inputs,
    (graph, nodes) =>
      instantiate(graph, parseExpression(formula), new Map(inputs.map(({ name }, index) => [name, nodes[index]!]))),
    options,
  );
}
