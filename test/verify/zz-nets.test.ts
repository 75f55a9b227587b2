import { readFileSync, writeFileSync } from "node:fs";
import { test } from "vitest";
import { createReporter } from "../../src/diagnostics/report.ts";
import { parseNetworkSource } from "../../src/frontends/network/network.ts";
import { compileTensorTape } from "../../src/verify/tensor-evaluate.ts";
import { verifyTensors } from "../../src/verify/tensor-check.ts";
import { reverse } from "../../src/passes/differentiate.ts";
import type { Tensor } from "../../src/ops/tensor/define.ts";

const cases = JSON.parse(readFileSync("test/golden/networks.json", "utf8"));
test("nets", () => {
  const out: string[] = [];
  for (const c of cases) {
    const reporter = createReporter();
    let network;
    try { network = parseNetworkSource({ name: "n", text: /rnn|lstm|gru/.test(c.name) ? c.spec.replace(/batch, time/g, `batch, ${c.sizes.time}`) : c.spec }, reporter); } catch (e) { out.push(`THROW ${c.name} ${(e as Error).message}`); continue; }
    if (!network) { out.push(`SPEC ${c.name}: ${reporter.diagnostics.map((d: any) => d.message).join("; ")}`); continue; }
    const loss = network.training.loss;
    if (!loss) { out.push(`NOLOSS ${c.name}`); continue; }
    const sizes = new Map(Object.entries(c.sizes)) as Map<string, number>;
    const params = network.parameters.map(({ name, node }) => ({ name, node, role: "param" as const, span: network.span }));
    const states = network.states.map(({ name, node }) => ({ name, node, role: "input" as const, domain: [0.1, 2] as const, span: network.span }));
    const inputs = [...params, ...states, ...network.inputs];
    try {
      const tape = compileTensorTape([loss, network.training.output], sizes);
      const given = new Map(inputs.map(({ name, node }) => {
        const shape = node.type.shape.map((d) => typeof d === "number" ? d : sizes.get(d)!);
        const count = shape.reduce((a, b) => a * b, 1);
        const values = c.parameters[name] ?? c.data[name];
        const data = values === undefined ? new Float64Array(count).fill(/^var/.test(name) ? 1 : 0) : Float64Array.from([values].flat(9));
        if (data.length !== count) throw new Error(`length of ${name}: ${data.length} ${shape}`);
        return [node, { shape, data }] as const;
      }));
      const [value] = tape.run(given);
      const expected = [c.expected.loss].flat(9);
      const bad = expected.findIndex((x: number, i: number) => !(Math.abs(x - value!.data[i]!) <= 1e-9 + 1e-9 * Math.abs(x)));
      if (bad >= 0) out.push(`VALUE ${c.name}: ${value!.data[bad]} expected ${expected[bad]}`);
      const graph = network.graph;
      const seed = graph.input("the seed", loss.type);
      const nodes = params.map(({ node }) => node);
      const pass = reverse(graph, new Map([[loss, seed]]), nodes);
      const used = nodes.map((n) => pass.adjoints.get(n));
      const tapes = new Map<string, ReturnType<typeof compileTensorTape>>();
      const emittedBackward = (point: readonly Tensor[], seeds: readonly Tensor[]) => {
        const sz = new Map<string, number>();
        inputs.forEach(({ node }, i) => node.type.shape.forEach((d, a) => { if (typeof d === "string") sz.set(d, point[i]!.shape[a]!); }));
        const key = JSON.stringify([...sz]);
        if (!tapes.has(key)) tapes.set(key, compileTensorTape(used.filter((x) => x !== undefined), sz));
        const got = tapes.get(key)!.run(new Map([...inputs.map(({ node }, i) => [node, point[i]!] as const), [seed, seeds[0]!] as const]));
        let k = 0;
        return nodes.map((n, i) => used[i] ? got[k++]! : { shape: point[i]!.shape, data: new Float64Array(point[i]!.data.length) });
      };
      // gradients against goldens
      const point = inputs.map(({ node }) => given.get(node)!);
      const grads = emittedBackward(point, [{ shape: value!.shape, data: new Float64Array(value!.data.length).fill(1) }]);
      params.forEach(({ name }, i) => {
        const e = [c.expected.gradients[name]].flat(9);
        const b = e.findIndex((x: number, j: number) => !(Math.abs(x - grads[i]!.data[j]!) <= 1e-8 + 1e-8 * Math.abs(x)));
        if (b >= 0) out.push(`GRAD ${c.name} ${name}[${b}]: ${grads[i]!.data[b]} expected ${e[b]}`);
      });
      const seeds = Number(process.env["SEEDS"] ?? 1);
      for (let s = 0; s < seeds; s++) {
        const t = performance.now();
        const v = verifyTensors({ name: c.name, inputs, wrt: params.map((_, i) => i), outputs: [loss], sizes: network.sizes, seed: s + Number(process.env["FROM"] ?? 0), emitted: { backward: emittedBackward } });
        const ms = Math.round(performance.now() - t);
        out.push(`${v.status} ${ms}ms ${c.name} err ${v.maxRelativeError.toExponential(1)} points ${v.points} dirs ${v.directions} coords ${v.coordinatesChecked}/${v.coordinatesTotal} | ${v.notes.join(" | ")} ${v.failures.length ? JSON.stringify(v.failures.slice(0, 2)) : ""}`);
      }
    } catch (e) { out.push(`THROW ${c.name} ${(e as Error).stack?.split("\n").slice(0, 4).join(" <- ")}`); }
  }
  writeFileSync("/tmp/nets.log", out.join("\n"));
}, 3000000);
