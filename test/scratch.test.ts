import { test } from "vitest";
import { compileFunction } from "../src/compiler/function.ts";
import { createGraph } from "../src/ir/graph.ts";
import { instantiate } from "../src/ops/build.ts";
import { parseExpression } from "../src/core/syntax.ts";
import { createNameAllocator } from "../src/core/words.ts";

function go(text: string, inputs: string[], style: any, mode: any = "grad", stages: [string, string][] = []) {
  const graph = createGraph();
  const names = new Map(inputs.map((n) => [n, graph.input(n) as any]));
  const stageNames = new Map();
  for (const [n, t] of stages) { const node = instantiate(graph, parseExpression(t), names); names.set(n, node); stageNames.set(node, n); }
  const out = instantiate(graph, parseExpression(text), names);
  const fn: any = { name: "f", inputs: inputs.map((n) => ({ name: n, node: names.get(n), role: "param", span: { start: 0, end: 0 } })), outputs: [out], isVector: false, stageNames, span: { start: 0, end: 0 } };
  const r = compileFunction({ graph, fn, wrt: new Set(inputs.map((_, i) => i)), mode, style, ties: "each", module: createNameAllocator(), renamed: [] });
  console.log(r.emitted.text, r.counts);
}
test("s7", () => {
  const s7 = "(x + sigmoid(y)) / (sigmoid(x) + square(x + y))";
  go(s7, ["x", "y"], "staged");
  go(s7, ["x", "y"], "tidy");
  go(s7, ["x", "y"], "fast");
  go("sigmoid(w0*x0 + w1*x1 + w2)", ["w0", "x0", "w1", "x1", "w2"], "staged");
  go("2 * (x*y + max(z, w))", ["x", "y", "z", "w"], "staged");
  go("q * z", ["x", "y", "z"], "staged", "grad", [["q", "x + y"]]);
  go(s7, ["x", "y"], "tidy", "hessian");
  go("x * sin(y)", ["x", "y"], "tidy", "hvp");
  go("x * sin(y)", ["x", "y"], "tidy", "jvp");
});
test("more", () => {
  go("log(exp(a) + exp(b) + exp(c)) - b", ["a", "b", "c"], "staged");
  go("log(exp(a) + exp(b) + exp(c)) - b", ["a", "b", "c"], "tidy");
  go("-(y*log(1/(1+exp(-w*x))) + (1-y)*log(1 - 1/(1+exp(-w*x))))", ["y", "w", "x"], "tidy");
  go("1/(1+exp(-(w0*x0 + w1*x1 + w2)))", ["w0", "x0", "w1", "x1", "w2"], "staged");
  go("x * x * sin(x) / sqrt(x * x + y ** 2)", ["x", "y"], "staged");
});
