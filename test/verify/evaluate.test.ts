// The reference evaluator and the numerical derivatives by themselves.

import { describe, expect, it } from "vitest";
import { createGraph, type Node } from "../../src/ir/graph.ts";
import { call } from "../../src/ops/build.ts";
import { differentiateLine, differentiatePlane } from "../../src/verify/differences.ts";
import { compileEvaluator, compileTape } from "../../src/verify/evaluate.ts";
import { createRandom } from "../../src/verify/prng.ts";
import { createSampler } from "../../src/verify/sample.ts";
import { findTrouble } from "../../src/verify/trouble.ts";
import { sourceOf } from "./sources.ts";

const evaluate = (names: string[], formulas: string | string[], point: number[]): number[] => {
  const source = sourceOf(names, formulas);
  return [
    ...compileEvaluator(
      source.outputs,
      source.inputs.map((input) => input.node),
    )(point),
  ];
};

describe("evaluate", () => {
  it.each<[string[], string | string[], number[], number[]]>([
    [["x", "y"], "x * y", [4, -3], [-12]],
    [
      ["x", "y"],
      ["x + y", "x - y"],
      [4, -3],
      [1, 7],
    ],
    [["x"], "x > 0 ? log(x) : 0", [-1], [0]],
    [["a", "b", "c", "d"], "max(a, b, c, d)", [1, 5, 2, 3], [5]],
    [["x"], "3", [1], [3]],
    [["x", "y"], "y", [1, 2], [2]],
  ])("%j %j", (names, formulas, point, expected) => {
    expect(evaluate(names, formulas, point)).toEqual(expected);
  });

  it("does not touch the call stack", () => {
    const graph = createGraph();
    const x = graph.input("x");
    let node: Node = x;
    for (let i = 0; i < 100_000; i++) node = call(graph, "add", [node, x]);
    expect(compileEvaluator([node], [x])([2])[0]).toBe(200_002);
  });

  it("knows how far rounding may throw a result", () => {
    const noiseOf = (formula: string, at: number): number => {
      const source = sourceOf(["x"], formula);
      const tape = compileTape(
        source.outputs,
        source.inputs.map((input) => input.node),
      );
      tape.run([at]);
      const exact = tape.values[tape.outputs[0]!]!;
      const random = createRandom(1);
      const gaps = Array.from(
        { length: 20 },
        () => (tape.runPerturbed([at], random), Math.abs(tape.values[tape.outputs[0]!]! - exact)),
      );
      return Math.max(...gaps);
    };
    expect(noiseOf("(x + 1e16) - 1e16", 0.3)).toBeGreaterThan(0.5);
    expect(noiseOf("log(1 + exp(x))", -60)).toBeGreaterThan(1e-17);
    expect(noiseOf("max(x, 1)", 0.3)).toBe(0);
    expect(noiseOf("mod(-1e-30 * x, 2)", 0.3)).toBeGreaterThan(1e-17);
    expect(noiseOf("sin(x)", 0.3)).toBeLessThan(1e-15);
  });

  it("finds the first trouble that counts", () => {
    const source = sourceOf(["x"], "x > 0 ? log(x) : sqrt(x - 1)");
    const tape = compileTape(
      source.outputs,
      source.inputs.map((input) => input.node),
    );
    const troubleAt = (x: number): string | undefined => {
      tape.run([x]);
      const node = tape.nodes[findTrouble(tape)?.position ?? -1];
      return node?.kind === "call" ? node.op : undefined;
    };
    expect(troubleAt(0.5)).toBeUndefined();
    expect(troubleAt(-1)).toBe("sqrt");
  });
});

describe("differences", () => {
  const along = (f: (t: number) => number | undefined, noise = 1e-16) =>
    differentiateLine(
      (t) => {
        const value = f(t);
        return value === undefined ? undefined : [value];
      },
      { step: 0.1, noise: [noise] },
    )[0]!;

  it.each<[string, (t: number) => number | undefined, number]>([
    ["exp", Math.exp, 1],
    ["sin", (t) => Math.sin(1 + t), Math.cos(1)],
    ["a fast wave", (t) => Math.sin(1000 * t), 1000],
    ["a wave whose period is the step", (t) => Math.sin(20 * Math.PI * t), 20 * Math.PI],
    ["near the edge of its domain", (t) => (t > -1e-4 ? Math.sqrt(1e-4 + t) : undefined), 50],
    ["a piece of |x|", (t) => (t > -1e-6 ? t : undefined), 1],
    ["tiny", (t) => 1e-300 * Math.exp(t), 1e-300],
  ])("%s", (_, f, expected) => {
    const scale = Math.abs(f(0)!);
    const { value, error } = along(f, 1e-16 * scale);
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(error + 1e-15 * scale);
    expect(error).toBeLessThanOrEqual(1e-6 * Math.abs(expected));
  });

  it("knows a constant", () => {
    const { value, error } = along(() => 3);
    expect(value).toBe(0);
    expect(error).toBeLessThan(1e-13);
  });

  it("admits to noise", () => {
    const { value, error } = along((t) => 1e16 + Math.round(t) * 2, 2);
    expect(error).toBeGreaterThan(Math.abs(value - 1));
  });

  it("gives no number where there is none", () => {
    expect(along(() => undefined).error).toBe(Infinity);
  });

  it("mixed second derivatives", () => {
    const [{ value, error }] = differentiatePlane((s, t) => [Math.exp(s) * Math.sin(1 + 2 * t)], {
      step: 0.1,
      noise: [1e-16],
    }) as [{ value: number; error: number }];
    expect(value).toBeCloseTo(2 * Math.cos(1), 9);
    expect(error).toBeLessThan(1e-8);
  });
});

describe("sampling", () => {
  it.each<[string[], string]>([
    [["x"], "log(x - 3)"],
    [["x", "y"], "sqrt(1 - square(x) - square(y))"],
    [["x", "y", "z"], "acosh(x) * acos(y) * log(z)"],
    [["x"], "gamma(x)"],
    [["a", "b", "c", "d"], "asin(a * b * c * d)"],
    [["x"], "log(log(log(x)))"],
    [["x", "y"], "log(x - y) + sqrt(y - 50)"],
    [["x", "y", "z"], "asin(x - y) + asin(y - z) + log(z - 20)"],
    [["n", "x"], "polygamma(n, x)"],
    [["x"], "sqrt(x - 1) * sqrt(1.01 - x)"],
    [["x"], "exp(exp(x))"],
  ])("%j %s is real at every point drawn", (names, formula) => {
    const source = sourceOf(names, formula);
    const inputs = source.inputs.map((input) => input.node);
    const tape = compileTape(source.outputs, inputs);
    const sampler = createSampler(tape, source.inputs, createRandom(7));
    let found = 0;
    for (let round = 0; round < 12; round++) {
      const point = sampler.draw(round, 300);
      if (point === undefined) continue;
      found++;
      tape.run(point);
      expect(findTrouble(tape)).toBeUndefined();
    }
    expect(found).toBeGreaterThanOrEqual(10);
  });

  it("the same seed gives the same numbers, another gives others", () => {
    const first = (seed: number): number[] => {
      const random = createRandom(seed);
      return [random.next(), random.next(), random.below(10)];
    };
    expect(first(3)).toEqual(first(3));
    expect(first(3)).not.toEqual(first(4));
  });
});
