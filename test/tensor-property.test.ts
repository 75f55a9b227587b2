// Random programs over tensors, full of forks, views and stretches, through the whole compiler: its own check must pass in every style and mode.

import fc from "fast-check";
import { expect, test } from "vitest";
import { compileParsed } from "../src/compiler.ts";
import type { CompileOptions } from "../src/compiler/types.ts";
import { createReporter } from "../src/diagnostics/report.ts";
import type { FunctionInput } from "../src/frontends/source.ts";
import { createGraph, type Graph, type Node } from "../src/ir/graph.ts";
import { broadcastShapes } from "../src/ir/dims.ts";
import { call, tryCall } from "../src/ops/build.ts";
import type { Dim } from "../src/ir/shape.ts";

const NOWHERE = { start: 0, end: 0 };
const SHAPES: readonly (readonly Dim[])[] = [["n", 3], ["n", 3], [3, 2], [3], ["n"], ["n", 1], []];

/** Numbers that pick an op and its arguments. */
type Step = readonly [op: number, first: number, second: number, detail: number];

type Make = (graph: Graph, a: Node, b: Node, detail: number) => Node | string;

const unary =
  (op: string): Make =>
  (graph, a) =>
    tryCall(graph, op, [a]);
const binary =
  (op: string): Make =>
  (graph, a, b) =>
    broadcastShapes([a.type.shape, b.type.shape]) === undefined ? "no" : tryCall(graph, op, [a, b]);
const along =
  (op: string): Make =>
  (graph, a, _, detail) =>
    a.type.shape.length === 0 ? "no" : tryCall(graph, op, [a], { axis: detail % a.type.shape.length });
const over =
  (op: string): Make =>
  (graph, a, _, detail) =>
    a.type.shape.length === 0 ? "no" : tryCall(graph, op, [a], { axes: [detail % a.type.shape.length] });

const MAKERS: readonly Make[] = [
  binary("add"),
  binary("sub"),
  binary("mul"),
  binary("mul"),
  (graph, a, b) => binary("div")(graph, a, call(graph, "add", [call(graph, "square", [b]), graph.constant(1)]), 0),
  unary("tanh"),
  unary("sigmoid"),
  unary("neg"),
  unary("relu"),
  (graph, a) => tryCall(graph, "exp", [call(graph, "tanh", [a])]),
  (graph, a, _, detail) => tryCall(graph, "mul", [graph.constant(detail / 3 - 1), a]),
  over("sum"),
  over("sum"),
  over("reduceMax"),
  over("norm"),
  along("softmax"),
  along("logSoftmax"),
  along("logSumExp"),
  (graph, a) => (a.type.shape.length === 2 ? tryCall(graph, "transpose", [a], { perm: [1, 0] }) : "no"),
  (graph, a, b) =>
    a.type.shape.length === 2 && b.type.shape.length === 2 ? tryCall(graph, "contract", [a, b], { spec: "ij,jk->ik" }) : "no",
  (graph, a, b) =>
    a.type.shape.length === 2 && b.type.shape.length === 2 ? tryCall(graph, "contract", [a, b], { spec: "ij,ik->jk" }) : "no",
  (graph, a, b) =>
    a.type.shape.length === 1 && b.type.shape.length === 1 ? tryCall(graph, "contract", [a, b], { spec: "i,j->ij" }) : "no",
  (graph, a) => tryCall(graph, "reshape", [a], { shape: [...a.type.shape, 1] }),
  (graph, a, b) =>
    a.type.shape.length === 2 && b.type.shape.length === 2 ? tryCall(graph, "concat", [a, b], { axis: 1 }) : "no",
  (graph, a, _, detail) => {
    const { shape } = a.type;
    if (shape.length !== 2 || shape[1] !== 3) return "no";
    return tryCall(graph, "slice", [a], { starts: [0, detail % 2], steps: [1, 1], counts: [shape[0]!, 2] });
  },
];

function program(steps: readonly Step[]): { graph: Graph; inputs: FunctionInput[]; output: Node; stageNames: Map<Node, string> } {
  const graph = createGraph();
  const inputs = SHAPES.map((shape, index): FunctionInput => ({
    name: `x${index}`,
    node: graph.input(`x${index}`, { dtype: "real", shape }),
    role: index === 1 ? "input" : "param",
    span: NOWHERE,
  }));
  const nodes: Node[] = inputs.map(({ node }) => node);
  const stageNames = new Map<Node, string>();
  for (const [op, first, second, detail] of steps) {
    // The last few are read more often, so that programs are deep; earlier ones make forks.
    const pick = (at: number): Node => nodes[at % 3 === 0 ? at % nodes.length : Math.max(0, nodes.length - 1 - (at % 4))]!;
    const made = MAKERS[op % MAKERS.length]!(graph, pick(first), pick(second), detail);
    if (typeof made === "string" || made.kind !== "call" || made.type.shape.length > 3) continue;
    if (detail === 5 && !stageNames.has(made)) stageNames.set(made, `q${nodes.length}`);
    nodes.push(made);
  }
  const scalars = nodes.slice(-4).map((node) => {
    const { shape } = node.type;
    return shape.length === 0 ? node : call(graph, "sum", [call(graph, "tanh", [node])], { axes: shape.map((_, axis) => axis) });
  });
  return { graph, inputs, output: scalars.reduce((sum, node) => call(graph, "add", [sum, node])), stageNames };
}

const step = fc.tuple(fc.nat(999), fc.nat(99), fc.nat(99), fc.nat(6));
const choices: readonly CompileOptions[] = [{ style: "staged" }, { style: "tidy" }, { mode: "jvp" }, { mode: "hvp" }];

test.each(choices)("random programs, %j", (options) => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const { graph, inputs, output, stageNames } = program(steps);
      const fn = { name: "f", inputs, outputs: [output], isVector: false, stageNames, span: NOWHERE };
      const compilation = compileParsed(
        { name: "f", text: "" },
        { graph, functions: [fn], origins: new Map() },
        options,
        createReporter(),
      );
      if (compilation.diagnostics.some(({ severity }) => severity === "error")) {
        expect.fail(`${compilation.diagnostics.map(({ message }) => message).join("\n")}\n${compilation.code}`);
      }
    }),
    { numRuns: process.env["LONG"] === undefined ? 40 : 1500 },
  );
});
