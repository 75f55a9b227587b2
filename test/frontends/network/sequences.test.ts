// Recurrent and attention layers: what they refuse, in words, and the names of their stages. Their numbers are in golden/networks.json.

import { expect, test } from "vitest";
import { createReporter } from "../../../src/diagnostics/report.ts";
import { parseNetworkSource } from "../../../src/frontends/network/network.ts";
import { postOrder } from "../../../src/ir/walk.ts";

function parse(input: string, ...layers: readonly string[]) {
  const text = `name: net\ninputs: ${input}\nlayers:\n${layers.map((layer) => `  - ${layer}\n`).join("")}loss: mse\n`;
  const reporter = createReporter();
  return {
    network: parseNetworkSource({ text, name: "net.yaml" }, reporter),
    problems: reporter.diagnostics.map(({ message }) => message),
  };
}

const SEQUENCE = "{ X: [batch, time, 6] }";

test.each([
  [SEQUENCE, "lstm: 4", "the length of the sequences must be known: give a number in place of 'time'"],
  ["{ X: [batch, 6] }", "gru: 4", "it takes sequences [batch, time, features], and what arrives has 2 axes"],
  ["{ X: [batch, 6] }", "attention: 2", "it takes sequences [batch, time, features], and what arrives has 2 axes"],
  [SEQUENCE, "attention: 4", "4 heads cannot share a width of 6"],
  [SEQUENCE, "transformerBlock: 4", "4 heads cannot share a width of 6"],
  ["{ X: [batch, time, width] }", "attention: 2", "give a number in place of 'width'"],
  [SEQUENCE, "attention: { heads: 2, mask: X }", "its mask 'X' must have the shape [batch, time], not [batch, time, 6]"],
  [SEQUENCE, "attention: { heads: 2, mask: nothing }", "there is no input or layer 'nothing'"],
  [SEQUENCE, "{ scaledDotProductAttention: {}, from: [X, X] }", "it takes three inputs, `from: [q, k, v]`, not 2"],
  ["{ X: [batch, 9, 6] }", "positionalEmbedding: 8", "it has 8 positions, and the sequences have 9 steps"],
])("of %s, %s is refused", (input, layer, problem) => {
  const { network, problems } = parse(input, layer);
  expect(network).toBeUndefined();
  expect(problems.join("\n")).toContain(problem);
});

test("stages are named after the step and the layer", () => {
  const { network } = parse("{ X: [batch, 2, 6] }", "lstm: { units: 3, return: all }", "gru: 3");
  const names = [...network!.stageNames.values()];
  for (const name of ["i1_1", "c2_1", "h2_1", "r2_2", "z1_2", "n2_2", "h2_2"]) expect(names).toContain(name);
});

test("the products with the inputs are one for the whole sequence, and nothing is transposed", () => {
  const { network } = parse("{ X: [batch, 5, 6] }", "lstm: 3");
  const nodes = postOrder([network!.training.output]);
  const products = nodes.filter((node) => node.kind === "call" && node.op === "contract");
  expect(products.length).toBe(5);
  expect(nodes.some((node) => node.kind === "call" && node.op === "transpose")).toBe(false);
});

test("attention moves nothing in memory, whatever is not known of its sizes", () => {
  const { network } = parse(
    `{ X: [batch, time, 6], mask: { shape: [batch, time], dtype: boolean } }`,
    "transformerBlock: { heads: 2, causal: true, mask: mask }",
  );
  const ops = postOrder([network!.training.output]).flatMap((node) => (node.kind === "call" ? [node.op] : []));
  for (const moved of ["transpose", "slice", "concat", "broadcast"]) expect(ops).not.toContain(moved);
});
