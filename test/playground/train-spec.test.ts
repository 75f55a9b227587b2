// Quick picks rewrite a spec so that it stays valid, says what was picked, and keeps everything else as it was.

import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { compileNetwork } from "../../src/compiler/network-source.ts";
import { presets } from "../../src/playground/train/presets.ts";
import {
  ACTIVATIONS,
  hiddenLayersOf,
  lossOf,
  rateOf,
  withHiddenLayers,
  withOptimizer,
  withRate,
} from "../../src/playground/train/spec.ts";
import { readState, stateFor } from "../../src/playground/train/state.ts";

const xor = presets[0]!.state.spec;
const stacks = presets
  .filter(({ state }) => hiddenLayersOf(state.spec) !== undefined)
  .map(({ name, state }) => [name, state.spec] as const);
const example = (name: string): string => readFileSync(new URL(`../../examples/${name}.net.yaml`, import.meta.url), "utf8");

function compiles(text: string): boolean {
  return compileNetwork(text, { name: "n.net.yaml", verify: false }).ok;
}

test("hidden layers are written as the examples write them, and the rest stays", () => {
  expect(withHiddenLayers(xor, { count: 5, width: 7 })).toBe(
    xor.replace("  - dense: 4\n  - sigmoid\n", "  - repeat: 5\n    layers:\n      - dense: 7\n      - sigmoid\n"),
  );
  expect(withHiddenLayers(xor, { count: 2, activation: "tanh" })).toBe(
    xor.replace("  - dense: 4\n  - sigmoid\n", "  - dense: 4\n  - tanh\n".repeat(2)),
  );
  expect(withHiddenLayers(xor, {})).toBe(xor);
});

test.each(stacks)("every pick leaves %s a valid spec that says what was picked", (_, spec) => {
  for (const count of [1, 2, 3, 10]) {
    const picked = withHiddenLayers(spec, { count, width: 6 });
    expect(hiddenLayersOf(picked)).toMatchObject({ count, width: 6 });
    expect(compiles(picked)).toBe(true);
  }
  for (const activation of ACTIVATIONS) {
    const picked = withHiddenLayers(spec, { activation });
    expect(hiddenLayersOf(picked)?.activation).toBe(activation);
    expect(compiles(picked)).toBe(true);
  }
  const faster = withRate(spec, 0.25);
  expect(rateOf(faster)).toBe(0.25);
  expect(withRate(faster, rateOf(spec)!)).toBe(spec);
  expect(compiles(faster)).toBe(true);
  expect(lossOf(faster)).toBe(lossOf(spec));
});

test.each([
  [
    "a bias left out stays left out",
    presets.find(({ name }) => name === "two-layer")!.state.spec,
    "- dense: { units: 6, bias: false }",
  ],
  ["layers that are repeated", example("deep-relu"), "- dense: 6"],
] as const)("%s", (_, spec, line) => {
  expect(withHiddenLayers(spec, { width: 6, count: 4 })).toContain(`    layers:\n      ${line}\n`);
});

test.each([
  ["residual", example("residual")],
  ["convolutions", example("convnet")],
  ["layers in one line", "input: [batch, 2]\nlayers: [dense: 3, tanh, dense: 1]\nloss: mse\n"],
  ["layers of several widths", example("mlp")],
  ["no hidden layer", example("softmax-regression")],
  ["something that is no spec", "layers: [\n"],
])("what is no plain stack is left alone: %s", (_, spec) => {
  expect(hiddenLayersOf(spec)).toBeUndefined();
  expect(withHiddenLayers(spec, { count: 3 })).toBe(spec);
});

test.each([
  ["optimizer: adam # good\n", "optimizer: { adam: { rate: 0.02 } } # good\n"],
  ["optimizer: { sgd: { momentum: 0.9 } }\n", "optimizer: { sgd: { rate: 0.02, momentum: 0.9 } }\n"],
  ["optimizer:\n  sgd:\n    rate: 1.0e-4 # small\n", "optimizer:\n  sgd:\n    rate: 0.02 # small\n"],
  ["loss: mse\n", "loss: mse\n"],
])("the rate is written into %j", (before, after) => {
  expect(withRate(before, 0.02)).toBe(after);
});

test("a spec without optimizer gets one", () => {
  const spec = withOptimizer(example("deep-sigmoid"));
  expect(rateOf(spec)).toBe(0.1);
  expect(compiles(spec)).toBe(true);
  expect(withOptimizer(spec)).toBe(spec);
});

test("what comes by an address is put right", () => {
  const usual = presets[0]!.state;
  expect(readState(undefined, usual)).toEqual(usual);
  expect(readState(JSON.parse(JSON.stringify(usual)), usual)).toEqual(usual);
  expect(readState({ seed: -1, batch: 1e9, pace: "fast", data: "__proto__", until: 2.5 }, usual)).toEqual(usual);
  expect(readState({ spec: "input: [batch, 1]", rival: 3 }, usual)).toMatchObject({
    spec: "input: [batch, 1]",
    rival: undefined,
    data: undefined,
  });
  expect(readState({ spec: "x".repeat(1e6) }, usual).spec).toBe(usual.spec);
  for (const { state } of presets) expect(readState(JSON.parse(JSON.stringify(state)), usual)).toEqual(state);
  expect(readState(JSON.parse(JSON.stringify(stateFor("x"))), usual)).toMatchObject({ spec: "x", data: undefined });
});
