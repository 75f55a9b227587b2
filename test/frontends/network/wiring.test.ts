// How a list of layers becomes nodes: forms of writing, names, blocks, sharing, penalties, what training and prediction have in common.

import { describe, expect, test } from "vitest";
import type { SourceNetwork } from "../../../src/frontends/network/source.ts";
import { shapeText } from "../../../src/ir/dims.ts";
import type { Node } from "../../../src/ir/graph.ts";
import { postOrder } from "../../../src/ir/walk.ts";
import { networkOf, read } from "./source.ts";

const HEAD = "input: [batch, 4]\nlayers:\n";

/** A node as text, to compare graphs of different networks. */
function formula(node: Node): string {
  if (node.kind === "const") return String(node.value);
  if (node.kind === "input") return node.name;
  const attrs = Object.entries(node.attrs).map(([name, value]) => `; ${name}=${String(value)}`);
  return `${node.op}(${node.args.map(formula).join(", ")}${attrs.join("")})`;
}

function parametersOf({ parameters }: SourceNetwork): string {
  return parameters.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(", ");
}

describe("forms that mean the same", () => {
  const plain = "  - dense: 3\n  - leakyRelu\n  - { dense: 4, name: out }\n  - add: [out, X]\n";
  test.each([
    "  - dense: { units: 3 }\n  - leaky-relu\n  - dense: { units: 4, name: out }\n  - { add: { from: [out, X] } }\n",
    "  - { layer: dense, units: 3 }\n  - leakyRelu:\n  - { layer: dense, units: 4, name: out }\n  - { layer: add, from: [out, X] }\n",
    "  - dense: 3\n  - { leaky-relu: { slope: 0.01 } }\n  - { name: out, dense: 4 }\n  - { add: , from: [out, X] }\n",
    "  - { dense: 3, from: X }\n  - leakyRelu\n  - { name: out, dense: 4 }\n  - add: [out, X]\n",
  ])("%j", (layers) => {
    expect(formula(networkOf(HEAD + layers).training.output)).toBe(formula(networkOf(HEAD + plain).training.output));
  });

  test("JSON", () => {
    const json = `{ "input": ["batch", 4], "layers": [{ "dense": 3 }, "leakyRelu", { "dense": 4, "name": "out" }, { "add": ["out", "X"] }] }`;
    expect(formula(networkOf(json).training.output)).toBe(formula(networkOf(HEAD + plain).training.output));
  });
});

test.each([
  ["  - dense: 3\n  - relu\n  - dense: 2\n", "W1 [4, 3], b1 [3], W2 [3, 2], b2 [2]"],
  ["  - { dense: 3, name: hidden }\n  - dense: { units: 2, bias: false }\n", "hiddenW [4, 3], hiddenB [3], W1 [3, 2]"],
  ["  - { repeat: 2, layers: [{ dense: 4 }] }\n", "W1 [4, 4], b1 [4], W2 [4, 4], b2 [4]"],
  ["  - { repeat: 2, layers: [{ dense: 4, name: h }] }\n", "h1W [4, 4], h1B [4], h2W [4, 4], h2B [4]"],
  [
    "  - { repeat: 2, layers: [{ repeat: 2, layers: [{ dense: { units: 4, bias: false }, name: h }] }] }\n",
    "h1_1W [4, 4], h1_2W [4, 4], h2_1W [4, 4], h2_2W [4, 4]",
  ],
  ["  - { dense: 4, name: a }\n  - { dense: 4, share: a }\n  - dense: 2\n", "aW [4, 4], aB [4], W2 [4, 2], b2 [2]"],
  [
    "  - { repeat: 3, layers: [{ dense: 4, name: a }, { dense: 4, share: a }] }\n",
    "a1W [4, 4], a1B [4], a2W [4, 4], a2B [4], a3W [4, 4], a3B [4]",
  ],
  ["  - { dense: 2, name: code }\n  - dense: { units: 4, share: code, transposed: true }\n", "codeW [4, 2], codeB [2], b1 [4]"],
  ["  - { dense: 2, name: unused }\n  - { dense: 3, from: X }\n", "W1 [4, 3], b1 [3]"],
  ["  - layerNorm\n  - dense: 2\n  - layerNorm\n", "gamma1 [4], beta1 [4], W1 [4, 2], b1 [2], gamma2 [2], beta2 [2]"],
])("parameters of %j are %s", (layers, wanted) => expect(parametersOf(networkOf(HEAD + layers))).toBe(wanted));

describe("names in blocks", () => {
  test("mean the layer of the same copy", () => {
    const { training } = networkOf(
      HEAD + "  - { repeat: 2, layers: [{ tanh: , name: t }, { sin: , from: t }, { add: [t, X] }] }\n",
    );
    expect(formula(training.output)).toBe("add(tanh(add(tanh(X), X)), X)");
  });

  test("are seen from blocks inside", () => {
    const inner = "{ repeat: 2, layers: [{ add: [t, X] }] }";
    const { training } = networkOf(HEAD + `  - { repeat: 2, layers: [{ tanh: , name: t }, ${inner}] }\n`);
    expect(formula(training.output)).toBe("add(tanh(add(tanh(X), X)), X)");
  });

  test("are to be had outside by their number", () => {
    const { training } = networkOf(HEAD + "  - { repeat: 2, layers: [{ tanh: , name: t }] }\n  - add: [t1, t2]\n");
    expect(formula(training.output)).toBe("add(tanh(X), tanh(tanh(X)))");
  });

  test("of a residual block are those of the list around it", () => {
    const { training } = networkOf(HEAD + "  - { residual: [{ tanh: , name: t }], name: r }\n  - multiply: [t, r]\n");
    expect(formula(training.output)).toBe("mul(tanh(X), add(X, tanh(X)))");
  });
});

test("a chosen output and an input that enters later", () => {
  const text =
    "inputs: { A: [batch, 2], B: [batch, 2] }\nlayers:\n  - { tanh: , name: a }\n  - { add: [a, B], name: sum }\n  - sin\noutput: sum\n";
  const { network, diagnostics } = read(text);
  expect(formula(network!.training.output)).toBe("add(tanh(A), B)");
  expect(network!.inputs.map(({ name }) => name)).toEqual(["A", "B"]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["WG1432"]);
});

test("names from the spec are names of stages", () => {
  const { stageNames, training } = networkOf(HEAD + "  - { dense: 3, name: scores }\n  - softmax\n");
  const names = new Map([...stageNames].map(([node, name]) => [name, node]));
  expect(names.get("scores")).toBe((training.output as { args: readonly Node[] }).args[0]);
  expect(names.has("P1")).toBe(true);
});

describe("training and prediction", () => {
  const dropped = networkOf(HEAD + "  - dense: 3\n  - dropout: 0.5\n  - dense: 2\n  - dropout: 0.25\nloss: mse\n");

  test("have the same parameters; only training drops, by a seed that comes last", () => {
    expect(dropped.inputs.map(({ name }) => name)).toEqual(["X", "y", "seed"]);
    expect(dropped.inputs.at(-1)!.node.type).toEqual({ dtype: "integer", shape: [] });
    expect(dropped.predictInputs.map(({ name }) => name)).toEqual(["X"]);
    const used = new Set(postOrder([dropped.predict.output]));
    expect(dropped.parameters.every(({ node }) => used.has(node))).toBe(true);
    expect(formula(dropped.predict.output)).not.toContain("dropoutMask");
  });

  test("each dropout has a stream of its own", () => {
    const streams = [...formula(dropped.training.output).matchAll(/stream=(\d)/g)].map(([, stream]) => stream);
    expect(streams.sort()).toEqual(["0", "1"]);
  });

  test("are one where nothing tells them apart", () => {
    const { training, predict } = networkOf(HEAD + "  - dense: 3\n  - relu\n");
    expect(predict.output).toBe(training.output);
  });

  test("running statistics go from one step to the next", () => {
    const { states, predict, training } = networkOf(HEAD + "  - dense: 3\n  - batchNorm\nloss: mse\n");
    expect(states.map(({ name, shape, initial }) => [name, shape, initial])).toEqual([
      ["mean1", [3], 0],
      ["variance1", [3], 1],
    ]);
    for (const { name, next, node } of states) {
      expect(next).not.toBe(node);
      expect(formula(predict.output)).toContain(name);
      expect(formula(training.output)).not.toContain(name);
    }
  });
});

describe("the loss", () => {
  const lossOf = (layers: string, rest: string): string => formula(networkOf(HEAD + layers + rest).training.loss!);
  const dense = "  - dense: { units: 3, bias: false }\n";

  test.each([
    ["mse", /^div\(sum\(square\(sub\(.*\)\); axes=0,1\), size\(; dim=3\*batch\)\)$/],
    ["{ type: mse, reduction: sum }", /^sum\(square\(.*; axes=0,1\)$/],
    ["{ type: mse, reduction: batch-mean }", /^div\(sum\(.*; axes=0,1\), size\(; dim=batch\)\)$/],
    ["{ type: mse, reduction: none }", /^square\(sub\(.*\)\)$/],
    ["cross-entropy", /^div\(sum\(crossEntropy\(contract\(.*\), y\); axes=0\), size\(; dim=batch\)\)$/],
  ])("%s", (loss, wanted) => expect(lossOf(dense, `loss: ${loss}\n`)).toMatch(wanted));

  test("targets are sampled where they make sense, and classes stay below their number", () => {
    const targetOf = (rest: string, layers = dense) => networkOf(HEAD + layers + rest).inputs.find(({ name }) => name === "y")!;
    expect(targetOf("loss: cross-entropy\n")).toMatchObject({ below: 3, role: "const" });
    expect(targetOf("loss: { type: cross-entropy, targets: one-hot }\n")).toMatchObject({
      sample: "distribution",
      role: "input",
    });
    expect(targetOf("loss: binary-cross-entropy\n", dense + "  - sigmoid\n")).toMatchObject({ domain: [0, 1] });
    expect(targetOf("loss: hinge\n", "  - dense: 1\n")).toMatchObject({ sample: "sign" });
  });

  test("penalties are on weights, those of a layer instead of the general ones, shared weights once", () => {
    const penalties = (layers: string, rest = ""): string[] =>
      [...lossOf(layers, `loss: mse\n${rest}`).matchAll(/mul\(([\d.]+), sum\((\w+)\((\w+)\)/g)].map(
        ([, rate, op, name]) => `${rate} ${op} ${name}`,
      );
    const two = "  - { dense: { units: 4, l2: 0.5 }, name: a }\n  - dense: 3\n";
    expect(penalties(two)).toEqual(["0.5 square aW"]);
    expect(penalties(two, "regularization: { l1: 0.25, l2: 2 }\n").sort()).toEqual(
      ["0.25 abs W1", "0.25 abs aW", "0.5 square aW", "2 square W1"].sort(),
    );
    expect(penalties("  - { dense: 4, name: a }\n  - { dense: 4, share: a }\n", "regularization: { l2: 2 }\n")).toEqual([
      "2 square aW",
    ]);
  });
});

test.each([
  ["sgd", { kind: "sgd", rate: 0.01, momentum: 0, nesterov: false, weightDecay: 0 }],
  ["{ adam: { rate: 0.1 } }", { kind: "adam", rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }],
  ["adamw", { kind: "adamw", rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }],
  ["{ rmsprop: }", { kind: "rmsprop", rate: 0.01, alpha: 0.99, epsilon: 1e-8, weightDecay: 0 }],
])("optimizer %s", (optimizer, wanted) => {
  const { trainer } = networkOf(`${HEAD}  - dense: 3\nloss: mse\noptimizer: ${optimizer}\n`);
  expect(trainer).toEqual({ optimizer: wanted, schedule: undefined, warmup: 0, clip: undefined, accumulate: 1 });
});

test.each([
  ["{ cosine: { steps: 10, warmup: 3 } }", { kind: "cosine", steps: 10, minimum: 0 }, 3],
  ["{ exponential: { decay: 0.9 } }", { kind: "exponential", decay: 0.9 }, 0],
  ["{ step: { every: 5, factor: 0.5 } }", { kind: "step", every: 5, factor: 0.5 }, 0],
  ["{ warmup: 7 }", undefined, 7],
])("schedule %s", (schedule, wanted, warmup) => {
  const rest = `loss: mse\noptimizer: sgd\nschedule: ${schedule}\nclip: { value: 0.5 }\naccumulate: 4\n`;
  expect(networkOf(`${HEAD}  - dense: 3\n${rest}`).trainer).toMatchObject({
    schedule: wanted,
    warmup,
    clip: { kind: "value", limit: 0.5 },
    accumulate: 4,
  });
});

test.each([
  ["", "he"],
  ["init: xavier\n", "xavier"],
  ["init: { uniform: 0.1 }\n", "uniform"],
])("weights start as the spec says: %j", (rest, kind) => {
  const { parameters } = networkOf(`${HEAD}  - dense: 3\n  - dense: { units: 2, init: zeros }\n${rest}`);
  expect(parameters.map(({ init }) => init.kind)).toEqual([kind, "zeros", "zeros", "zeros"]);
});

test.each([
  ["nets/my-net.net.yaml", "", "myNet"],
  ["C:\\nets\\mlp.net.json", "", "mlp"],
  ["3.net.yaml", "", "network"],
  ["x.net.yaml", "name: chosen\n", "chosen"],
])("a network in %s with %j is called %s", (file, head, wanted) =>
  expect(networkOf(`${head}${HEAD}  - relu\n`, file).name).toBe(wanted),
);

test("inputs have their kinds, and indices the bound of the table they index", () => {
  const text =
    "inputs:\n  X: { shape: [batch, time], dtype: integer }\n  mask: { shape: [batch, time], dtype: boolean }\ndims: { time: 5 }\nlayers:\n" +
    "  - embedding: { rows: 7, width: 4 }\n  - attention: { heads: 2, mask: mask }\n";
  const { inputs, sizes } = networkOf(text);
  expect(inputs.map(({ name, node, role, below }) => [name, node.type.dtype, role, below])).toEqual([
    ["X", "integer", "const", 7],
    ["mask", "boolean", "const", undefined],
  ]);
  expect([...sizes]).toEqual([["time", 5]]);
});

test("every node of the loss knows where it comes from", () => {
  const text = HEAD + "  - dense: { units: 3, activation: gelu }\n  - mish\n  - residual: [{ dense: 3 }]\nloss: mse\n";
  const { training, origins } = networkOf(text);
  const missing = postOrder([training.loss!]).filter((node) => node.kind === "call" && !origins.has(node.id));
  expect(missing).toEqual([]);
});

describe("large networks", () => {
  test("200 residual layers, written out or repeated, make the same nodes", () => {
    const rest = "loss: mse\noptimizer: adam\n";
    const written = networkOf(`${HEAD}${"  - residual: [{ dense: 4 }, relu]\n".repeat(200)}${rest}`);
    const repeated = networkOf(`${HEAD}  - { repeat: 200, layers: [{ residual: [{ dense: 4 }, relu] }] }\n${rest}`);
    expect(parametersOf(repeated)).toBe(parametersOf(written));
    expect(postOrder([repeated.training.loss!]).length).toBe(postOrder([written.training.loss!]).length);
  });

  test("a transformer of twelve blocks and width 768 is built from its shapes alone", () => {
    const before = process.memoryUsage();
    const { parameters } = networkOf(`inputs: { X: { shape: [batch, time], dtype: integer } }
layers:
  - embedding: { rows: 50257, width: 768, name: token }
  - positionalEmbedding: 1024
  - { repeat: 12, layers: [{ transformerBlock: { heads: 12, causal: true } }] }
  - layerNorm
  - dense: { units: 50257, share: token, transposed: true, bias: false }
loss: cross-entropy
optimizer: adamw
`);
    const count = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count).toBe(124_439_808); // as published for GPT-2
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(1e6);
  });
});
