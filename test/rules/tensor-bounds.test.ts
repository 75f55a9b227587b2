// Bounds of tensor ops: known cases, and every op's samples stay within what is said of them.

import { describe, expect, test } from "vitest";
import { createGraph, NO_ATTRS, type InputNode } from "../../src/ir/graph.ts";
import { createBounds } from "../../src/passes/bounds.ts";
import { operationsOf } from "../../src/passes/cost.ts";
import { rawCall } from "../../src/ops/build.ts";
import { tensorOps } from "../../src/ops/tensor/registry.ts";
import type { Property } from "../../src/rules/rule.ts";
import { evaluate, makerOf, type Make } from "./tensors.ts";
import { randomNumbers } from "./text.ts";

type Case = readonly [
  name: string,
  domain: readonly [number, number],
  build: (make: Make, x: InputNode) => ReturnType<Make[string]>,
  proved: readonly Property[],
  unproved: readonly Property[],
];

const cases: readonly Case[] = [
  ["a sum of nonnegatives", [0, 1], (m, x) => m.sum!(x, { axes: [0] }), ["nonnegative", "finite"], ["positive"]],
  ["a sum of positives", [1, 2], (m, x) => m.sum!(x, { axes: [1] }), ["positive", "finite"], []],
  ["a sum of positives that may be none", [1, 2], (m, x) => m.sum!(x, { axes: [0] }), ["nonnegative"], ["positive"]],
  ["a sum of squares", [-3, 3], (m, x) => m.sum!(m.square!(x), { axes: [0, 1] }), ["nonnegative", "finite"], []],
  ["a softmax", [-9, 9], (m, x) => m.softmax!(x, { axis: 1 }), ["positive", "finite"], []],
  ["a log-softmax", [-9, 9], (m, x) => m.logSoftmax!(x, { axis: 1 }), ["finite"], ["negative"]],
  ["the largest", [1, 2], (m, x) => m.reduceMax!(x, { axes: [1] }), ["positive", "finite"], []],
  ["what is moved", [1, 2], (m, x) => m.transpose!(x, { perm: [1, 0] }), ["positive", "finite"], []],
  [
    "what is put among zeros",
    [1, 2],
    (m, x) => m.unslice!(x, { starts: [0, 0], steps: [1, 1], shape: ["batch", 9] }),
    ["nonnegative"],
    ["positive"],
  ],
  [
    "a product of tensors",
    [1, 2],
    (m, x) => m.contract!(x, m.exp!(x), { spec: "ij,kj->ik" }),
    ["nonnegative", "finite"],
    ["positive"],
  ],
  ["a solution", [1, 2], (m, x) => m.inv!(m.contract!(x, x, { spec: "ij,ik->jk" })), [], ["finite", "nonnegative", "nonzero"]],
];

test.each(cases)("%s of x in %j", (_name, domain, build, proved, unproved) => {
  const graph = createGraph();
  const x = graph.input("x", { dtype: "real", shape: ["batch", 4] });
  const bounds = createBounds([{ node: x, domain }]);
  const node = build(makerOf(graph), x);
  for (const property of proved) expect([property, bounds.proves(node, property)]).toEqual([property, true]);
  for (const property of unproved) expect([property, bounds.proves(node, property)]).toEqual([property, false]);
});

const samples = [...tensorOps.values()].flatMap((op) =>
  op.samples.map((sample, index) => [op.name, index + 1, op, sample] as const),
);

describe.each(samples)("%s, sample %i", (_name, _index, op, sample) => {
  test.each([
    [0, 1],
    [-3, 3],
    [-2, -1],
  ])("stays within its bounds for arguments in [%d, %d]", (low, high) => {
    const graph = createGraph();
    const random = randomNumbers(5);
    const inputs = sample.shapes.map((shape, index) => {
      const below = sample.indices?.[index];
      const node = graph.input(`x${index}`, { dtype: below === undefined ? "real" : "integer", shape });
      const value = (): number => (below === undefined ? low + (high - low) * random() : Math.floor(below * random()));
      const count = shape.reduce((product, size) => product * size, 1);
      return { node, below, tensor: { shape, data: Float64Array.from({ length: count }, value) } };
    });
    const args = inputs.map(({ node }) => node);
    const node = rawCall(graph, op.name, args, sample.attrs ?? NO_ATTRS);
    const domains = inputs.map(({ node: input, below }) => ({
      node: input,
      domain: below === undefined ? ([low, high] as const) : ([0, below - 1] as const),
    }));
    const bounds = createBounds(domains).of(node);
    const { data } = evaluate(node, new Map(inputs.map(({ node: input, tensor }) => [input.name, tensor])));
    for (const value of data) {
      if (Number.isNaN(value)) expect(bounds.mayBeNaN).toBe(true);
      else expect(value >= bounds.low && value <= bounds.high, `${value} in [${bounds.low}, ${bounds.high}]`).toBe(true);
    }
  });

  test("costs a whole number of operations", () => {
    const graph = createGraph();
    const args = sample.shapes.map((shape, index) =>
      graph.input(`x${index}`, { dtype: sample.indices?.[index] === undefined ? "real" : "integer", shape }),
    );
    const node = rawCall(graph, op.name, args, sample.attrs ?? NO_ATTRS);
    expect(node.kind === "call" && operationsOf(node) >= 0 && Number.isInteger(operationsOf(node))).toBe(true);
  });
});

test("one op on a matrix costs more than many on scalars, and a matrix product more than its operands' products", () => {
  const graph = createGraph();
  const make = makerOf(graph);
  const [X, W] = [graph.input("X", { dtype: "real", shape: ["batch", 8] }), graph.input("W", { dtype: "real", shape: [8, 8] })];
  const cost = (node: ReturnType<Make[string]>): number => (node.kind === "call" ? operationsOf(node) : 0);
  expect(cost(make.add!(X, 1))).toBeGreaterThan(100 * cost(make.exp!(graph.input("s"))));
  expect(cost(make.contract!(X, W, { spec: "ij,jk->ik" }))).toBeGreaterThan(cost(make.mul!(X, X)));
  expect(cost(make.reshape!(X, { shape: ["8*batch"] }))).toBe(0);
});
