// Every tensor op through the whole compiler, by a loop over its samples: gradient in both styles, directional derivative, Hessian-vector
// product, Jacobian, Hessian. The compiler's own check says whether they are right.

import { describe, expect, test } from "vitest";
import { compileParsed } from "../src/compiler.ts";
import type { CompileOptions } from "../src/compiler/types.ts";
import { createReporter } from "../src/diagnostics/report.ts";
import type { FunctionInput } from "../src/frontends/source.ts";
import { createGraph, type Graph, type InputNode, type Node } from "../src/ir/graph.ts";
import { call } from "../src/ops/build.ts";
import type { Sample, TensorOpDefinition } from "../src/ops/tensor/define.ts";
import { tensorOps } from "../src/ops/tensor/registry.ts";

const NOWHERE = { start: 0, end: 0 };
/** Ops that only backward passes have are differentiated in the form they stand for. */
const samples = [...tensorOps.values()].flatMap((op) =>
  op.samples.flatMap((sample, index) =>
    op.params.length > 0 && op.pullback !== undefined ? [{ name: `${op.name} ${index + 1}`, op, sample }] : [],
  ),
);
const choices: readonly CompileOptions[] = [
  { style: "staged" },
  { style: "tidy" },
  { mode: "jvp" },
  { mode: "hvp" },
  { mode: "hessian" },
  { mode: "jacobian" },
];

describe.each(samples)("$name", ({ op, sample }) => {
  test.each(choices)("%j", (options) => {
    const { graph, inputs, result } = applied(op, sample);
    const output = options.mode === "jacobian" || options.mode === "jvp" ? result : weighted(graph, result);
    const fn = { name: "f", inputs, outputs: [output], isVector: false, stageNames: new Map(), span: NOWHERE };
    const compilation = compileParsed(
      { name: op.name, text: "" },
      { graph, functions: [fn], origins: new Map() },
      options,
      createReporter(),
    );
    expect(compilation.diagnostics).toEqual([]);
    expect(compilation.verification.failures).toEqual([]);
    expect(compilation.verification.status).toBe("passed");
  });
});

/** The op on inputs of the sample's shapes; matrices are kept away from singular ones by adding a multiple of the identity. */
function applied(op: TensorOpDefinition, sample: Sample): { graph: Graph; inputs: FunctionInput[]; result: Node } {
  const graph = createGraph();
  const inputs = sample.shapes.map((shape, index): FunctionInput => {
    const below = sample.indices?.[index];
    const node: InputNode = graph.input(`x${index}`, { dtype: below === undefined ? "real" : "integer", shape });
    const positive = sample.domain === "positive" ? { domain: [0.5, 2] as const } : {};
    return {
      name: node.name,
      node,
      role: below === undefined ? "param" : "input",
      ...(below !== undefined && { below }),
      ...positive,
      span: NOWHERE,
    };
  });
  const args = inputs.map(({ node }, index) => (sample.domain === "matrix" && index === 0 ? dominant(graph, node) : node));
  return { graph, inputs, result: call(graph, op.name, args, sample.attrs) };
}

function dominant(graph: Graph, matrix: Node): Node {
  const n = matrix.type.shape[0] as number;
  const ones = call(graph, "broadcast", [graph.constant(6)], { shape: [n] });
  return call(graph, "add", [call(graph, "sin", [matrix]), call(graph, "diagonalEmbed", [ones])]);
}

/** Σ c ∘ y², so that neither gradient nor Hessian is constant. */
function weighted(graph: Graph, result: Node): Node {
  const { shape } = result.type;
  const size = shape.reduce<number>((product, dim) => product * (dim as number), 1);
  const values = Array.from({ length: size }, (_, at) => 0.5 + ((at * 7) % 5) / 4);
  const square = call(graph, "square", [result]);
  if (shape.length === 0) return square;
  return call(graph, "sum", [call(graph, "mul", [square, call(graph, "literal", [], { shape, values })])], {
    axes: shape.map((_, axis) => axis),
  });
}
