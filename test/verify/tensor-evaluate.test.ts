// The reference evaluator of tensor graphs against the evaluator of scalars and against arithmetic by hand.

import { describe, expect, it } from "vitest";
import type { Node } from "../../src/ir/graph.ts";
import type { Tensor } from "../../src/ops/tensor/define.ts";
import { compileEvaluator } from "../../src/verify/evaluate.ts";
import { createRandom } from "../../src/verify/prng.ts";
import { compileTensorTape, resolveAttrs } from "../../src/verify/tensor-evaluate.ts";
import { createBuilder } from "./tensor-cases.ts";

const tensor = (shape: readonly number[], data: ArrayLike<number>): Tensor => ({ shape, data: Float64Array.from(data) });
const counting = (shape: readonly number[], first = 1): Tensor =>
  tensor(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i),
  );

describe("elementwise ops", () => {
  it("broadcast as NumPy does", () => {
    const { op, input } = createBuilder();
    const [a, b, c] = [input("a", ["n", 3]), input("b", [3]), input("c", ["n", 1])];
    const sum = op("add", [op("mul", [a, b]), c]);
    const sizes = new Map([["n", 2]]);
    const values = new Map([
      [a, counting([2, 3])],
      [b, tensor([3], [10, 20, 30])],
      [c, tensor([2, 1], [0.5, -0.5])],
    ]);
    expect(compileTensorTape([sum], sizes).run(values)).toEqual([tensor([2, 3], [10.5, 40.5, 90.5, 39.5, 99.5, 179.5])]);
  });

  it("take constants, conditions and any number of arguments", () => {
    const { op, input, constant } = createBuilder();
    const x = input("x", [4]);
    const chosen = op("select", [op("lt", [x, constant(2.5)]), op("neg", [x]), constant(7)]);
    const most = op("max", [x, constant(2), op("neg", [x])]);
    const values = new Map([[x, counting([4])]]);
    expect(
      compileTensorTape([chosen, most], new Map())
        .run(values)
        .map(({ data }) => [...data]),
    ).toEqual([
      [-1, -2, 7, 7],
      [2, 2, 3, 4],
    ]);
  });

  it("mean on scalars what the evaluator of scalars says", () => {
    const { op, input } = createBuilder();
    const [x, y] = [input("x", []), input("y", [])];
    const f = op("div", [op("sin", [op("mul", [x, y])]), op("add", [op("exp", [x]), op("square", [y])])]);
    const values = new Map([
      [x, tensor([], [0.3])],
      [y, tensor([], [-1.7])],
    ]);
    expect(compileTensorTape([f], new Map()).run(values)[0]).toEqual(tensor([], compileEvaluator([f], [x, y])([0.3, -1.7])));
  });
});

describe("tensor ops", () => {
  it("see sizes for the names of dimensions", () => {
    const { op, input } = createBuilder();
    const x = input("x", ["n", "m"]);
    const flat = op("reshape", [x], { shape: ["m*n"] });
    const count = op("size", [], { dim: "m*n+1" });
    const sizes = new Map([
      ["n", 2],
      ["m", 3],
    ]);
    const [reshaped, size] = compileTensorTape([flat, count], sizes).run(new Map([[x, counting([2, 3])]]));
    expect(reshaped).toEqual(counting([6]));
    expect(size).toEqual(tensor([], [7]));
    expect(resolveAttrs({ shape: ["m*n", 4], rows: "n", spec: "ij,j->i", rate: 0.5 }, sizes)).toEqual({
      shape: [6, 4],
      rows: 2,
      spec: "ij,j->i",
      rate: 0.5,
    });
  });

  it("compute a layer and its loss", () => {
    const { op, input } = createBuilder();
    const [X, W, y] = [input("X", ["batch", 2]), input("W", [2, 3]), input("y", ["batch"], { dtype: "integer" })];
    const losses = op("crossEntropy", [op("contract", [X, W], { spec: "ij,jk->ik" }), y]);
    const values = new Map([
      [X, tensor([2, 2], [1, 0, 0, 1])],
      [W, tensor([2, 3], [Math.log(1), Math.log(2), Math.log(5), 800, 0, 0])],
      [y, tensor([2], [2, 0])],
    ]);
    const [result] = compileTensorTape([losses], new Map([["batch", 2]])).run(values);
    expect(result!.data[0]).toBeCloseTo(Math.log(8 / 5), 14);
    expect(result!.data[1]).toBe(0);
  });
});

describe("a tape", () => {
  const build = () => {
    const { op, input } = createBuilder();
    const [x, y] = [input("x", [2]), input("y", [2])];
    const left = op("exp", [x]);
    const product = op("mul", [left, y]);
    return { x, y, left, product, tape: compileTensorTape([product, left], new Map()) };
  };

  it("gives results of their own each time", () => {
    const { x, y, tape } = build();
    const [first] = tape.run(
      new Map([
        [x, tensor([2], [0, 0])],
        [y, counting([2])],
      ]),
    );
    tape.run(
      new Map([
        [x, tensor([2], [1, 1])],
        [y, counting([2])],
      ]),
    );
    expect(first).toEqual(counting([2]));
  });

  it("computes anew only what depends on inputs said to have changed", () => {
    const { x, y, tape } = build();
    const values = new Map([
      [x, tensor([2], [0, 0])],
      [y, counting([2])],
    ]);
    tape.run(values);
    const before = tape.spent();
    expect(before).toBe(tape.cost);
    const changed = new Map([...values, [y, counting([2], 5)] as const]);
    expect(tape.run(changed, new Set<Node>([y]))[0]).toEqual(counting([2], 5));
    expect(tape.spent() - before).toBeLessThan(tape.cost);
  });

  it("knows about how far rounding may throw a result", () => {
    const { op, input } = createBuilder();
    const x = input("x", [3]);
    const mean = op("sum", [x], { axes: [0] });
    const cancelled = op("sub", [op("add", [mean, op("exp", [mean])]), op("exp", [mean])]);
    const tape = compileTensorTape([cancelled], new Map());
    const values = new Map([[x, tensor([3], [3.1, 5.2, 7.3])]]);
    const [value] = tape.run(values);
    const random = createRandom(1);
    const gaps = Array.from({ length: 8 }, () => Math.abs(tape.runPerturbed(values, random)[0]!.data[0]! - value!.data[0]!));
    const largest = Math.max(...gaps);
    expect(largest).toBeGreaterThan(1e-11); // of numbers near e^15.6 some 1e-9 is lost
    expect(largest).toBeLessThan(1e-8);
    expect(tape.run(values)).toEqual([value]);
  });

  it("says which input it has no value for", () => {
    const { x, tape } = build();
    expect(() => tape.run(new Map([[x, counting([2])]]))).toThrow("no value for input y");
  });
});
