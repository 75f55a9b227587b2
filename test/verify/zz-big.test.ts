import { test } from "vitest";
import { createReporter } from "../../src/diagnostics/report.ts";
import { parseNetworkSource } from "../../src/frontends/network/network.ts";
import { compileTensorTape } from "../../src/verify/tensor-evaluate.ts";
import { verifyTensors } from "../../src/verify/tensor-check.ts";
import { reverse } from "../../src/passes/differentiate.ts";
import type { Tensor } from "../../src/ops/tensor/define.ts";
const specs: Record<string, string> = {
  mlp: "name: mlp\ninput: [batch, 784]\nlayers: [{dense: 128}, relu, {dense: 64}, relu, {dense: 10}]\nloss: cross-entropy\n",
  deep: "name: deep\ninput: [batch, 20]\nlayers:\n  - repeat: 50\n    layers: [{dense: 20}, tanh]\n  - dense: 1\nloss: mse\n",
  conv: "name: conv\ninput: [batch, 1, 28, 28]\nlayers: [{conv2d: {filters: 16, kernel: 3, padding: same}}, relu, maxPool, {conv2d: {filters: 32, kernel: 3, padding: same}}, relu, maxPool, flatten, {dense: 10}]\nloss: cross-entropy\n",
  convBig: "name: conv\ninput: [batch, 3, 64, 64]\nlayers: [{conv2d: {filters: 64, kernel: 3, padding: same}}, relu, {conv2d: {filters: 64, kernel: 3, padding: same}}, relu, maxPool, {conv2d: {filters: 128, kernel: 3, padding: same}}, relu, maxPool, flatten, {dense: 10}]\nloss: cross-entropy\n",
  transformer: "name: t\ninputs: { X: { shape: [batch, time], dtype: integer, below: 100 } }\nlayers: [{embedding: {rows: 100, width: 64}}, {repeat: 4, layers: [{transformerBlock: 4}]}, {dense: 100}]\nloss: cross-entropy\n",
};
for (const [name, text] of Object.entries(specs)) test(name, () => {
  const reporter = createReporter();
  const network = parseNetworkSource({ name, text }, reporter);
  if (!network) { console.log(reporter.diagnostics.map((d: any) => d.message)); return; }
  const loss = network.training.loss!;
  const params = network.parameters.map(({ name, node }) => ({ name, node, role: "param" as const, span: network.span }));
  const inputs = [...params, ...network.inputs];
  const graph = network.graph;
  const seed = graph.input("the seed", loss.type);
  const nodes = params.map(({ node }) => node);
  const pass = reverse(graph, new Map([[loss, seed]]), nodes);
  const tapes = new Map<string, ReturnType<typeof compileTensorTape>>();
  let inner = 0, calls = 0;
  const backward = (fault: boolean) => (point: readonly Tensor[], seeds: readonly Tensor[]) => {
    const t = performance.now();
    const sz = new Map<string, number>();
    inputs.forEach(({ node }, i) => node.type.shape.forEach((d, a) => { if (typeof d === "string") sz.set(d, point[i]!.shape[a]!); }));
    const key = JSON.stringify([...sz]);
    if (!tapes.has(key)) tapes.set(key, compileTensorTape(nodes.map((n) => pass.adjoints.get(n)!), sz));
    const r = tapes.get(key)!.run(new Map([...inputs.map(({ node }, i) => [node, point[i]!] as const), [seed, seeds[0]!] as const]));
    if (fault) r[0]!.data[(r[0]!.data.length * 0.37) | 0]! *= -1;
    inner += performance.now() - t; calls++;
    return r;
  };
  for (const [fault, s] of [[false, 1], [false, 2], [true, 1]] as const) {
    inner = calls = 0;
    const t = performance.now();
    const v = verifyTensors({ name, inputs, wrt: params.map((_, i) => i), outputs: [loss], sizes: network.sizes, seed: s, emitted: { backward: backward(fault) } });
    console.log(name, fault, `${v.status} ${Math.round(performance.now() - t)}ms (emitted ${Math.round(inner)} in ${calls}) cost err ${v.maxRelativeError.toExponential(1)} points ${v.points} dirs ${v.directions} coords ${v.coordinatesChecked}/${v.coordinatesTotal} | ${v.notes.join(" | ")} ${v.failures.length ? JSON.stringify(v.failures.slice(0, 2)) : ""}`);
  }
  const tape = [...tapes.values()][0]!;
}, 300000);
