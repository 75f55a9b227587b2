// The data sets are seeded, fit the networks they are given to, and come in batches that each row is in once per epoch.

import { expect, test } from "vitest";
import { parseNetworkSource } from "../../src/frontends/network/network.ts";
import type { SourceNetwork } from "../../src/frontends/network/source.ts";
import { createReporter } from "../../src/diagnostics/report.ts";
import { createBatches } from "../../src/playground/train/batches.ts";
import { dataSetNames, dataSets, makeDataSet } from "../../src/playground/train/data-sets.ts";
import { fitData } from "../../src/playground/train/fit.ts";

function network(last: string, loss: string, features = 2): SourceNetwork {
  const text = `input: [batch, ${features}]\nlayers:\n  - dense: 3\n  - tanh\n${last}\nloss: ${loss}\n`;
  return parseNetworkSource({ name: "n.net.yaml", text }, createReporter())!;
}

test.each(dataSetNames)("%s is the same for the same seed, and finite", (name) => {
  const data = makeDataSet({ name, seed: 3 });
  expect(makeDataSet({ name, seed: 3 })).toEqual(data);
  expect(data.X.length).toBe(data.rows * data.features);
  expect([...data.X, ...data.answers].every(Number.isFinite)).toBe(true);
  if (data.classes !== undefined) expect(new Set(data.answers).size).toBe(data.classes);
  const other = makeDataSet({ name, seed: 4 });
  if (dataSets[name].drawn === undefined) expect(other).toEqual(data);
  else expect(other.answers.join() + other.X.join()).not.toBe(data.answers.join() + data.X.join());
});

test("rows and noise are as asked for", () => {
  const still = makeDataSet({ name: "circles", seed: 1, rows: 40, noise: 0 });
  expect(still.rows).toBe(40);
  const radii = Array.from(still.answers, (_, row) => Math.hypot(still.X[2 * row]!, still.X[2 * row + 1]!));
  radii.forEach((radius, row) => expect(radius).toBeCloseTo(still.answers[row] === 0 ? 1 : 0.45, 12));
  const wide = makeDataSet({ name: "difference", seed: 1, rows: 5, noise: 0 }, { features: 4, classes: 2 });
  expect(wide.X.length).toBe(20);
  wide.answers.forEach((answer, row) => expect(answer).toBe(wide.X[4 * row]! - wide.X[4 * row + 1]!));
});

test.each([
  ["one output and a loss over numbers", "  - dense: 1", "mse", "xor", [0, 1, 1, 0]],
  ["one output and the signs of a hinge", "  - dense: 1", "hinge", "xor", [-1, 1, 1, -1]],
  ["class indices", "  - dense: 2", "cross-entropy", "xor", [0, 1, 1, 0]],
  ["rows of probabilities", "  - dense: 2", "{ type: cross-entropy, targets: one-hot }", "xor", [1, 0, 0, 1, 0, 1, 1, 0]],
] as const)("answers are given as %s", (_, last, loss, name, y) => {
  const fit = fitData(network(last, loss), makeDataSet({ name, seed: 1 }));
  expect(fit.kind === "fits" && [...fit.data.y]).toEqual(y);
});

test.each([
  [
    "other inputs",
    network("  - dense: 1", "mse", 3),
    "xor",
    "XOR has 2 inputs per row, the network takes 3: write `input: [batch, 2]`.",
  ],
  ["too few outputs", network("  - dense: 1", "mse"), "three-blobs", "3 classes, the network has 1 output"],
  ["too few classes", network("  - dense: 2", "cross-entropy"), "three-blobs", "3 classes, the network has 2 outputs"],
  ["numbers for classes", network("  - dense: 2", "cross-entropy", 1), "sine", "numbers as answers"],
  ["numbers for yes or no", network("  - dense: 1", "binary-cross-entropy", 1), "sine", "numbers as answers"],
] as const)("data that do not fit are told apart: %s", (_, source, name, text) => {
  const fit = fitData(source, makeDataSet({ name, seed: 1 }));
  expect(fit.kind === "unfit" && fit.problem).toContain(text);
});

test("mini-batches hold each row once per epoch, in an order that the seed decides", () => {
  const source = network("  - dense: 3", "cross-entropy");
  const fit = fitData(source, makeDataSet({ name: "three-blobs", seed: 1, rows: 50 }));
  if (fit.kind !== "fits") throw new Error(fit.problem);
  const { data } = fit;
  const batches = createBatches(data, 16, 7);
  expect(batches.perEpoch).toBe(4);
  const epoch = (first: number): string[] =>
    [0, 1, 2, 3].flatMap((step) => {
      const { rows, X, y } = batches.at(first + step);
      return Array.from({ length: rows }, (_, row) => [...X.subarray(2 * row, 2 * row + 2), y[row]].join());
    });
  const rows = Array.from({ length: 50 }, (_, row) => [...data.X.subarray(2 * row, 2 * row + 2), data.y[row]].join());
  expect(epoch(0).toSorted()).toEqual(rows.toSorted());
  expect(epoch(4)).not.toEqual(epoch(0));
  expect(epoch(4).toSorted()).toEqual(rows.toSorted());
  expect([...createBatches(data, 16, 7).at(6).X]).toEqual([...batches.at(6).X]);
  expect([...createBatches(data, 16, 8).at(0).X]).not.toEqual([...batches.at(0).X]);
  expect(createBatches(data, 0, 7).at(3)).toBe(data);
});

test("clouds come in as many dimensions and classes as the network has", () => {
  const data = makeDataSet({ name: "clouds", seed: 1, rows: 60, noise: 0 }, { features: 5, classes: 4 });
  const rows = Array.from(data.answers, (kind, row) => [kind, ...data.X.subarray(5 * row, 5 * row + 5)].join());
  expect(new Set(rows).size).toBe(4);
});
