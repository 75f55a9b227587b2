// Networks against PyTorch in double precision: what the graph means, by the reference evaluator. Generated code is compared in
// test/networks.test.ts; where only that fails, the compiler is wrong and not a table of layers. test/golden/networks.py makes the numbers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createReporter } from "../../../src/diagnostics/report.ts";
import { parseNetworkSource } from "../../../src/frontends/network/network.ts";
import type { SourceNetwork } from "../../../src/frontends/network/source.ts";
import type { InputNode, Node } from "../../../src/ir/graph.ts";
import type { Tensor } from "../../../src/ops/tensor/define.ts";
import { compileTensorTape, evaluateShape } from "../../../src/verify/tensor-evaluate.ts";

type Numbers = readonly number[];
type Values = Readonly<Record<string, Numbers>>;

interface Case {
  readonly name: string;
  readonly spec: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, Numbers>>;
  readonly parameters: Values;
  readonly data: Values;
  readonly expected: {
    readonly loss: number | Numbers;
    readonly output: Numbers;
    readonly state?: Values;
    readonly predicted?: Numbers;
  };
}

const cases = JSON.parse(readFileSync(join(import.meta.dirname, "../../golden/networks.json"), "utf8")) as Case[];

test.each(cases)("$name", (each) => {
  const network = parsed(each);
  const shapes = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape]));
  expect(each.shapes).toMatchObject(shapes); // not all: over one step nothing uses a recurrent layer's Wh
  const { expected } = each;
  const { training, states, predict } = network;
  const first = evaluated(network, each, [training.output, training.loss!, ...states.map(({ next }) => next)]);
  expectClose(first[0]!, expected.output, "output");
  expectClose(first[1]!, [expected.loss].flat(), "loss");
  states.forEach(({ name }, index) => expectClose(first[2 + index]!, expected.state![name]!, name));
  const [predicted] = evaluated(network, each, [predict.output], expected.state);
  expectClose(predicted!, expected.predicted ?? expected.output, "prediction");
});

/** Recurrent layers are unrolled: their specs need the number of steps. */
function specOf({ spec, sizes }: Case): string {
  const isUnrolled = /\b(rnn|lstm|gru)\b/.test(spec) && sizes["time"] !== undefined;
  return isUnrolled ? spec.replace(/\btime\b/g, String(sizes["time"])) : spec;
}

function parsed(each: Case): SourceNetwork {
  const reporter = createReporter();
  const network = parseNetworkSource({ name: "net.yaml", text: specOf(each) }, reporter);
  expect(reporter.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return network!;
}

/** Running statistics have their initial values unless there are some in `state`. */
function evaluated(network: SourceNetwork, each: Case, outputs: readonly Node[], state: Values = {}): Numbers[] {
  const sizes = new Map(Object.entries(each.sizes));
  const inputs = new Map<InputNode, Tensor>();
  const put = (node: InputNode, values: Numbers): void => {
    const shape = evaluateShape(node.type.shape, sizes);
    expect(values.length, node.name).toBe(shape.reduce((product, size) => product * size, 1));
    inputs.set(node, { shape, data: Float64Array.from(values) });
  };
  for (const { name, node } of network.parameters) put(node, each.parameters[name]!);
  for (const { name, node } of network.inputs) put(node, each.data[name]!);
  for (const { name, node, shape, initial } of network.states) put(node, state[name] ?? Array<number>(shape[0]!).fill(initial));
  return compileTensorTape(outputs, sizes)
    .run(inputs)
    .map(({ data }) => [...data]);
}

function expectClose(got: Numbers, wanted: Numbers, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  wanted.forEach((value, index) => {
    const off = Math.abs(got[index]! - value);
    if (!(off <= 1e-9 + 1e-9 * Math.abs(value))) expect.fail(`${what}[${index}]: ${got[index]!}, PyTorch has ${value}`);
  });
}
