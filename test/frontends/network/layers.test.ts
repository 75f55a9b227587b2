// The tables of layers and losses: shapes of what they give, what they refuse and in which words, the gates they are made of. Their numbers
// are compared with PyTorch's in golden.test.ts.

import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createReporter } from "../../../src/diagnostics/report.ts";
import { layers } from "../../../src/frontends/network/layers/all.ts";
import { losses } from "../../../src/frontends/network/losses.ts";
import { parseNetworkSource } from "../../../src/frontends/network/network.ts";
import { shapeText } from "../../../src/ir/dims.ts";
import type { InputNode, Node } from "../../../src/ir/graph.ts";
import { postOrder } from "../../../src/ir/walk.ts";
import { compileTensorTape } from "../../../src/verify/tensor-evaluate.ts";

function parse(input: string, list: readonly string[], rest = "") {
  const inputs = input.startsWith("{") ? `{ X: ${input} }` : `{ X: [${input}] }`;
  const text = `name: net\ninputs: ${inputs}\nlayers:\n${list.map((layer) => `  - ${layer}\n`).join("")}${rest}\n`;
  const reporter = createReporter();
  return {
    network: parseNetworkSource({ text, name: "net.yaml" }, reporter),
    problems: reporter.diagnostics.map(({ message }) => message).join("\n"),
  };
}

function opsOf(node: Node): string[] {
  return postOrder([node]).flatMap((each) => (each.kind === "call" ? [each.op] : []));
}

const TOKENS = "{ shape: [batch, time], dtype: integer, below: 7 }";

test.each([
  ["batch, 784", "dense: 10", "[batch, 10]"],
  ["784", "dense: 10", "[10]"],
  ["batch, time, 6", "dense: 4", "[batch, time, 4]"],
  ["batch, 2, time, 6", "dense: { units: 4, bias: false, activation: leaky-relu }", "[batch, 2, time, 4]"],
  ["batch, 5", "relu", "[batch, 5]"],
  ["batch, 5", "elu: 0.5", "[batch, 5]"],
  ["batch, time, 5", "softmax: 1", "[batch, time, 5]"],
  ["batch, 5", "layerNorm", "[batch, 5]"],
  ["batch, time, 5", "rmsNorm", "[batch, time, 5]"],
  ["batch, 6, height, width", "groupNorm: 3", "[batch, 6, height, width]"],
  ["batch, 6, time", "batchNorm", "[batch, 6, time]"],
  ["batch, 5", "dropout: 0.5", "[batch, 5]"],
  [TOKENS, "embedding: { rows: 7, width: 3 }", "[batch, time, 3]"],
  ["batch, 3, 8, 6", "conv2d: { filters: 4, kernel: 3 }", "[batch, 4, 6, 4]"],
  ["batch, 3, height, width", "conv2d: { filters: 4, kernel: 3, padding: same }", "[batch, 4, height, width]"],
  ["batch, 3, 9, 9", "conv2d: { filters: 4, kernel: [3, 5], stride: 2, padding: [1, 2] }", "[batch, 4, 5, 5]"],
  ["batch, 3, time", "conv1d: { filters: 4, kernel: 3 }", "[batch, 4, time - 2]"],
  ["batch, 3, 8, 8", "depthwiseConv2d: { kernel: 3, multiplier: 2 }", "[batch, 6, 6, 6]"],
  ["batch, 3, 4, 4", "convTranspose2d: { filters: 2, kernel: 2, stride: 2 }", "[batch, 2, 8, 8]"],
  ["batch, 3, 8, 8", "maxPool", "[batch, 3, 4, 4]"],
  ["batch, 3, 9", "averagePool: { size: 3, stride: 2, padding: 1 }", "[batch, 3, 5]"],
  ["batch, 3, height, width", "globalAveragePool", "[batch, 3]"],
  ["batch, 3, time", "globalMaxPool", "[batch, 3]"],
  ["batch, 3, 4, 4", "flatten", "[batch, 48]"],
  ["batch, 2, time", "flatten", "[batch, 2 * time]"],
  ["batch, 12", "reshape: [3, -1]", "[batch, 3, 4]"],
  ["batch, time, 3", "permute: [0, 2, 1]", "[batch, 3, time]"],
  ["batch, 3", "concatenate: [X, X]", "[batch, 6]"],
  ["batch, 3", "concatenate: { from: [X, X], axis: 0 }", "[2 * batch, 3]"],
  ["batch, 3", "add: [X, X]", "[batch, 3]"],
])("of [%s], %s gives %s", (input, layer, shape) => {
  const { network, problems } = parse(input, [layer]);
  expect(problems).toBe("");
  expect(shapeText(network!.training.output.type.shape)).toBe(shape);
  expect(network!.predict.output.type).toEqual(network!.training.output.type);
});

test.each([
  ["batch, features", "dense: 4", "it needs a known number of features: in [batch, features] it is 'features'"],
  [TOKENS, "dense: 4", "it takes real numbers, not integers [batch, time]"],
  [TOKENS, "relu", "it takes real numbers, not integers [batch, time]"],
  ["batch, 3", "softmax: 2", "there is no axis 2 in [batch, 3]"],
  ["batch, 3", "softmax: -3", "there is no axis -3 in [batch, 3]"],
  ["batch, 3", "embedding: { rows: 5, width: 2 }", "it takes integers, and [batch, 3] is real"],
  ["batch, width", "layerNorm", "[batch, width]"],
  ["batch, 6", "groupNorm: 4", "6 channels cannot be shared out over 4 groups"],
  ["batch, 3", "conv2d: { filters: 2, kernel: 3 }", "[batch, channels, height, width]"],
  ["batch, 3, 4, 4", "conv1d: { filters: 2, kernel: 3 }", "not [batch, 3, 4, 4]"],
  ["batch, 3, 4, 4", "conv2d: { filters: 2, kernel: 5 }", "does not fit into [batch, 3, 4, 4]"],
  ["batch, 3, 4, 4", "conv2d: { filters: 4, kernel: 3, groups: 2 }", "3 channels cannot be shared out over 2 groups"],
  ["batch, 3, 4, 4", "conv2d: { filters: 2, kernel: 3, padding: same, stride: 2 }", "stride"],
  ["batch, 3, 4, 4", "convTranspose2d: { filters: 2, kernel: 2, padding: 9 }", "leaves nothing of [batch, 3, 4, 4]"],
  ["batch, 3, 8, 8", "maxPool: { size: 2, padding: 2 }", "at most half its size"],
  ["batch, 3, 3, 3", "maxPool: 4", "does not fit into [batch, 3, 3, 3]"],
  ["batch, 3", "globalMaxPool", "it takes [batch, channels, ...], not [batch, 3]"],
  ["batch, 7", "reshape: [2, -1]", "[7] has 7 elements"],
  ["batch, 7", "reshape: [2, 3]", "cannot become [batch, 2, 3]"],
  ["batch, 7", "permute: [0, 2]", "[0, 2] is no order of the axes of [batch, 7]"],
])("of [%s], %s is refused", (input, layer, problem) => {
  const { network, problems } = parse(input, [layer]);
  expect(network).toBeUndefined();
  expect(problems).toContain(problem);
});

test.each([
  ["add: [X, wide]", "[batch, 3] and [batch, 4] cannot be broadcast together"],
  ["multiply: [X, wide]", "[batch, 3] and [batch, 4] cannot be broadcast together"],
  ["concatenate: { from: [X, wide], axis: 0 }", "[batch, 3] and [batch, 4] cannot be joined along axis 0"],
])("%s names both shapes", (layer, problem) => {
  expect(parse("batch, 3", ["{ dense: 4, name: wide }", layer]).problems).toContain(problem);
});

test.each([
  ["dense: 0", "at least 1"],
  ["dense: -3", "at least 1"],
  ["dense: 2.5", "a whole number"],
  ["dense: 1.0e+300", "at most 1073741824"],
  ["dense: many", "must be a number, not the text 'many'"],
  ["dense", "units"],
  ["dense: { units: 3, biass: true }", "biass"],
  ["dense: { units: 3, activation: rellu }", "activation"],
  ["dense: { units: 3, l2: -1 }", "at least 0"],
  ["dense: { units: 3, l1: .inf }", "number"],
  ["dense: { units: 3, init: she }", "init"],
  ["relu: 3", "relu"],
  ["relu: { slope: 1 }", "slope"],
  ["leakyRelu: .nan", "number"],
  ["elu: { alpha: -1 }", "at least 0"],
  ["dropout: 1", "less than 1"],
  ["dropout: -0.1", "at least 0"],
  ["layerNorm: { epsilon: -1 }", "at least 0"],
  ["batchNorm: { momentum: 2 }", "at most 1"],
  ["conv2d: { filters: 2 }", "kernel"],
  ["conv2d: { filters: 2, kernel: 0 }", "at least 1"],
  ["conv2d: { filters: 2, kernel: 3, padding: sane }", "padding"],
  ["reshape: { shape: [] }", "at least 1 entry"],
])("the options of %s are refused", (layer, problem) => {
  const { network, problems } = parse("batch, 3", [layer]);
  expect(network).toBeUndefined();
  expect(problems).toContain(problem);
});

describe("every option of every table", () => {
  const tables = { ...layers, ...losses };
  test.each(Object.entries(tables))("of %s is described", (name, { doc, options }) => {
    expect(doc).not.toBe("");
    expect(options).toBeInstanceOf(z.ZodObject);
    for (const [option, schema] of Object.entries((options as z.ZodObject).shape as Record<string, z.ZodType>)) {
      expect(schema.description ?? described(schema), `${name}: ${option}`).toBeTruthy();
    }
    const { main } = layers[name] ?? {};
    if (main !== undefined) expect((options as z.ZodObject).shape).toHaveProperty(main);
  });
});

/** A description under `optional()` or `default()`. */
function described(schema: z.ZodType): string | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? (schema.unwrap() as z.ZodType).description
    : undefined;
}

test("every function of one argument is a layer", () => {
  for (const name of [
    "relu",
    "sigmoid",
    "tanh",
    "softplus",
    "abs",
    "exp",
    "sin",
    "erf",
    "square",
    "silu",
    "gelu",
    "mish",
    "logSigmoid",
  ]) {
    expect(layers).toHaveProperty(name);
  }
  for (const name of ["add2", "recip", "max", "not", "pow", "hypot"]) expect(layers).not.toHaveProperty(name);
});

test("stages are named as in textbooks", () => {
  const { network } = parse("batch, 3", [
    "dense: 4",
    "relu",
    "dense: { units: 4, activation: tanh }",
    "{ dense: 2, name: out }",
    "softmax",
  ]);
  expect([...network!.stageNames.values()]).toEqual(["Z1", "H1", "Z2", "H2", "out", "P1"]);
  expect(network!.parameters.map(({ name }) => name)).toEqual(["W1", "b1", "W2", "b2", "outW", "outB"]);
  expect(network!.parameters.map(({ isWeight }) => isWeight)).toEqual([true, false, true, false, true, false]);
});

test("dense layers start as He or as asked, biases at zero", () => {
  const { network } = parse("batch, 3", ["dense: 4", "dense: { units: 2, init: xavier }"]);
  expect(network!.parameters.map(({ init }) => init)).toMatchObject([
    { kind: "he", fanIn: 3, fanOut: 4 },
    { kind: "zeros" },
    { kind: "xavier", fanIn: 4, fanOut: 2 },
    { kind: "zeros" },
  ]);
});

test("a dense layer is one product and one sum, tied weights are not transposed in memory", () => {
  const { network } = parse("batch, 5", [
    "{ dense: { units: 3, bias: false }, name: code }",
    "dense: { units: 5, share: code, transposed: true }",
  ]);
  expect(opsOf(network!.training.output)).toEqual(["contract", "contract", "add"]);
});

test("dropout is there in training only", () => {
  const { network } = parse("batch, 3", ["dropout: 0.5", "dropout: 0"]);
  expect(opsOf(network!.training.output)).toEqual(["dropoutMask", "mul"]);
  expect(opsOf(network!.predict.output)).toEqual([]);
});

test.each([
  ["cross-entropy", [], "crossEntropy"],
  ["{ type: cross-entropy, targets: one-hot }", [], "softmaxCrossEntropy"],
  ["cross-entropy", ["softmax"], "pick"],
  ["cross-entropy", ["sigmoid"], "crossEntropy"],
  ["{ type: cross-entropy, from: probabilities }", ["sigmoid"], "pick"],
  ["binary-cross-entropy", [], "softplus"],
  ["binary-cross-entropy", ["sigmoid"], "log"],
])("loss %s after %j is made of %s", (loss, last, op) => {
  const { network, problems } = parse("batch, 3", ["dense: 3", ...last], `loss: ${loss}`);
  expect(problems).toBe("");
  expect(opsOf(network!.training.loss!)).toContain(op);
});

test.each([
  ["cross-entropy", "integer", "[batch, time]", 3],
  ["nll", "integer", "[batch, time]", 3],
  ["multiclass-hinge", "integer", "[batch, time]", 3],
  ["{ type: cross-entropy, targets: one-hot }", "real", "[batch, time, 3]", undefined],
  ["mse", "real", "[batch, time, 3]", undefined],
  ["cosine", "real", "[batch, time, 3]", undefined],
])("loss %s takes %s targets %s", (loss, dtype, shape, below) => {
  const { network } = parse("batch, time, 4", ["dense: 3"], `loss: ${loss}`);
  const y = network!.inputs.find(({ name }) => name === "y")!;
  expect(y.node.type.dtype).toBe(dtype);
  expect(shapeText(y.node.type.shape)).toBe(shape);
  expect(y.below).toBe(below);
});

test.each([
  ["{ type: cross-entropy, classWeights: [1, 2] }", ["dense: 3"], "there are 2 class weights for the 3 classes of [batch, 3]"],
  ["{ type: cross-entropy, labelSmoothing: 2 }", ["dense: 3"], "at most 1"],
  ["{ type: cross-entropy, classWeights: [1, -2, 1] }", ["dense: 3"], "at least 0"],
  ["{ type: huber, delta: 0 }", ["dense: 3"], "greater than 0"],
  ["{ type: smooth-l1, beta: 0 }", ["dense: 3"], "greater than 0"],
  ["{ type: mse, delta: 1 }", ["dense: 3"], "delta"],
  ["nll", ["dense: 3", "softmax"], "nll takes log-probabilities"],
])("loss %s after %j is refused", (loss, list, problem) => {
  const { network, problems } = parse("batch, 3", list, `loss: ${loss}`);
  expect(network).toBeUndefined();
  expect(problems).toContain(problem);
});

test.each([
  ["the divergence of targets that are 0", "kl", [-1, -2, -3], [0, 1, 0], 2],
  ["the cosine of a row of zeros", "cosine", [0, 0, 0], [1, 2, 3], 1],
  ["the binary cross-entropy of large logits", "binary-cross-entropy", [800, -800, 0], [1, 0, 0], Math.LN2],
  ["the hinge at its corner", "hinge", [1, -1, 2], [1, -1, -1], 3],
])("%s is a number", (_, loss, x, y, wanted) => {
  const { network, problems } = parse("batch, 3", ["reshape: [3]"], `loss: { type: ${loss}, reduction: sum }`);
  expect(problems).toBe("");
  const shape = [1, 3];
  const values: Record<string, readonly number[]> = { X: x, y };
  const inputs = new Map(
    network!.inputs.map(({ name, node }): [InputNode, { shape: number[]; data: Float64Array }] => [
      node,
      { shape, data: Float64Array.from(values[name]!) },
    ]),
  );
  const [result] = compileTensorTape([network!.training.loss!], new Map([["batch", 1]])).run(inputs);
  expect(result!.data[0]).toBeCloseTo(wanted, 12);
});
