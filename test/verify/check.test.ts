// Right gradients pass, wrong ones are caught, whatever the function.

import { describe, expect, it } from "vitest";
import { createGraph, type Node } from "../../src/ir/graph.ts";
import { call } from "../../src/ops/build.ts";
import { NO_REAL_POINT, verifyFunction } from "../../src/verify/check.ts";
import type { EmittedFunction, Verification } from "../../src/verify/verification.ts";
import { all, emittedGrad, sourceFrom, sourceOf, tableGrad, type TestSource } from "./sources.ts";

const verify = (source: TestSource, emitted: EmittedFunction): Verification =>
  verifyFunction({ source, wrt: all(source), emitted });

const s = (x: number): number => 1 / (1 + Math.exp(-x));

describe("right gradients pass", () => {
  const cases: [names: string[], formula: string][] = [
    [["x", "y"], "x * y"],
    [["x", "y"], "(x + sigmoid(y)) / (sigmoid(x) + square(x + y))"],
    [["x", "y", "z", "w"], "2 * (x * y + max(z, w))"],
    [["w0", "x0", "w1", "x1", "w2"], "1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))"],
    [["x"], "x > 0 ? x : 0.1 * x"],
    [["x"], "log(x - 3)"],
    [["x", "y"], "sqrt(1 - square(x) - square(y))"],
    [["x", "y", "z"], "acosh(x) * acos(y) * log(z)"],
    [["x"], "gamma(x)"],
    [["a", "b", "c", "d"], "asin(a * b * c * d)"],
    [["x"], "log(log(log(x)))"],
    [["x"], "relu(x + 50)"],
    [["x"], "relu(x - 3000)"],
    [["x", "y"], "hypot(x, y) + logsumexp(x, y, 1)"],
    [["x"], "floor(x) + mod(x, 2)"],
    [["x", "y"], "pow(x, y)"],
    [["x"], "pow(x, 3) + pow(x, 2)"],
    [["x"], "exp(exp(x))"],
    [["x"], "sin(1000 * x)"],
    [["x"], "sigmoid(1000 * x)"],
    [["x"], "tanh(50 * x) + 3"],
    [["x", "y"], "y === 3 ? x : x * y"],
    [["x", "y"], "square(x) + 0 * y"],
    [["x"], "log(1 - exp(-square(x) - 0.01))"],
    [["x"], "abs(x) * sqrt(abs(x) + 1)"],
    [["x"], "square(x - 1e6)"],
    [["x"], "1e-200 * x"],
    [["x"], "1e200 * square(x)"],
    [["x"], "floor(x)"],
    [["x"], "sqrt(x - 1000)"],
    [["x", "y"], "log(x - 100 * y - 1000)"],
    [["x"], "polygamma(2, x)"],
    [["x"], "floor(1000 * x) + x"],
  ];
  it.each(cases)("%j %s", (names, formula) => {
    const source = sourceOf(names, formula);
    const result = verify(source, tableGrad(source));
    expect(result.failures).toEqual([]);
    expect(result, JSON.stringify(result, null, 1)).toMatchObject({ status: "passed" });
    expect(result.points).toBeGreaterThanOrEqual(10);
    for (const input of result.perInput) expect(input.checkedAt).toBeGreaterThan(0);
  });

  it("20 logarithms", () => {
    const names = Array.from({ length: 20 }, (_, i) => `x${i}`);
    const source = sourceOf(names, names.map((name) => `log(${name})`).join(" + "));
    expect(verify(source, tableGrad(source))).toMatchObject({ status: "passed", coordinatesChecked: 20 });
  });

  it("vector outputs, with forward against reverse", () => {
    const source = sourceOf(["x", "y"], ["x * y", "sin(x)", "exp(y) / (1 + square(x))"]);
    expect(verify(source, tableGrad(source))).toMatchObject({ status: "passed" });
    const table = tableGrad(source);
    expect(verify(source, { mode: "jvp", value: table.value, jvp: table.jvp! })).toMatchObject({ status: "passed" });
  });

  it("only the inputs asked for", () => {
    const source = sourceOf(["x", "y"], "x * sin(y)");
    const emitted = emittedGrad(source, (x, y) => [x * Math.cos(y)]);
    expect(verifyFunction({ source, wrt: [1], emitted })).toMatchObject({ status: "passed" });
    expect(verifyFunction({ source, wrt: [0], emitted })).toMatchObject({ status: "failed" });
  });

  it("stabilised code beside a naive reference", () => {
    const source = sourceOf(["x"], "log(1 + exp(x))");
    const stable = emittedGrad(
      source,
      (x) => [s(x)],
      (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    );
    expect(verify(source, stable)).toMatchObject({ status: "passed" });
    const difference = sourceOf(["x"], "(exp(x) - 1) / x");
    const expm1 = emittedGrad(
      difference,
      (x) => [(Math.exp(x) - Math.expm1(x) / x) / x],
      (x) => Math.expm1(x) / x,
    );
    expect(verify(difference, expm1)).toMatchObject({ failures: [] });
  });

  it("is the same every time", () => {
    const source = sourceOf(["x", "y"], "max(x, y) * exp(x) + abs(y)");
    expect(verify(source, tableGrad(source))).toEqual(verify(source, tableGrad(source)));
  });
});

describe("wrong gradients are caught", () => {
  const xy = sourceOf(["x", "y"], "x * y + sin(x)");
  const kinked = sourceOf(["x"], "x > 0 ? square(x) : 3 * x");
  const cases: [what: string, source: TestSource, rows: (...point: number[]) => number[], status: string][] = [
    ["sign", xy, (x, y) => [-(y + Math.cos(x)), x], "failed"],
    ["missing +=", xy, (_, y) => [y, 0 * y], "failed"],
    ["missing term", xy, (x, y) => [y, x], "failed"],
    ["swapped", xy, (x, y) => [x, y + Math.cos(x)], "failed"],
    ["zero", xy, () => [0, 0], "failed"],
    ["NaN", xy, (x) => [NaN, x], "failed"],
    ["Infinity", xy, (x, y) => [y + Math.cos(x), x > 1 ? Infinity : x], "failed"],
    ["too short", xy, (x, y) => [y + Math.cos(x)], "failed"],
    [
      "throws",
      xy,
      () => {
        throw new Error("no");
      },
      "failed",
    ],
    ["off by 1e-4", xy, (x, y) => [(y + Math.cos(x)) * (1 + 1e-4), x], "warned"],
    ["off by 1e-2", xy, (x, y) => [(y + Math.cos(x)) * 1.01, x], "failed"],
    ["wrong on one side", kinked, (x) => [x > 0 ? 2 * x : 2 * x], "failed"],
    ["right", kinked, (x) => [x > 0 ? 2 * x : 3], "passed"],
    ["wrong near a kink only", sourceOf(["x"], "abs(x)"), (x) => [Math.abs(x) < 1e-5 ? 0 : Math.sign(x)], "failed"],
    ["wrong branch condition", sourceOf(["x"], "relu(x - 1)"), (x) => [x > 0 ? 1 : 0], "failed"],
    ["tiny derivative taken for zero", sourceOf(["x"], "1 + 1e-6 * x"), () => [0], "failed"],
    ["sign at 1e-300", sourceOf(["x"], "1e-300 * square(x)"), (x) => [-2e-300 * x], "failed"],
    ["far away branch", sourceOf(["x"], "x > 40 ? square(x) : x"), () => [1], "failed"],
    ["flat but for one place", sourceOf(["x"], "tanh(100 - x)"), () => [0], "failed"],
    ["too rough to tell", sourceOf(["x"], "(1e-30 * x + 1e19) - 1e19"), () => [1e-25], "warned"],
    ["pieces too small to stand on", sourceOf(["x"], "sin(floor(1e12 * x))"), () => [0], "warned"],
    ["saturating", sourceOf(["x"], "tanh(200 * x)"), () => [0], "failed"],
  ];
  it.each(cases)("%s", (_, source, rows, status) => {
    const result = verify(source, emittedGrad(source, rows));
    expect(result, JSON.stringify(result, null, 1)).toMatchObject({ status });
    expect(result.failures.length > 0).toBe(status === "failed");
  });

  it("a wrong value", () => {
    const source = sourceOf(["x"], "square(x)");
    const result = verify(
      source,
      emittedGrad(
        source,
        (x) => [2 * x],
        (x) => x * x + 1e-6,
      ),
    );
    expect(result.failures[0]).toMatchObject({ what: "value" });
  });

  it("a wrong seed", () => {
    const source = sourceOf(["x"], "square(x)");
    const right = { ...emittedGrad(source, (x) => [2 * x]), backward: ([x]: readonly number[], df: number) => [2 * x! * df] };
    expect(verify(source, right)).toMatchObject({ status: "passed" });
    const wrong = { ...right, backward: ([x]: readonly number[]) => [2 * x!] };
    expect(verify(source, wrong).failures[0]).toMatchObject({ what: "seed" });
  });

  it("one wrong coordinate among many, through a direction", () => {
    const names = Array.from({ length: 300 }, (_, i) => `x${i}`);
    const source = sourceOf(names, names.map((name) => `square(${name})`).join(" + "));
    const right = verify(
      source,
      emittedGrad(source, (...x) => x.map((v) => 2 * v)),
    );
    expect(right).toMatchObject({ status: "passed", coordinatesTotal: 300 });
    expect(right.notes[0]).toMatch(/^sampled \d+ of 300 coordinates and \d+ random directions$/);
    const wrong = verify(
      source,
      emittedGrad(source, (...x) => x.map((v, i) => (i === 177 ? 0 : 2 * v))),
    );
    expect(wrong).toMatchObject({ status: "failed" });
    const bad = verify(
      source,
      emittedGrad(source, (...x) => x.map((v, i) => (i === 177 ? NaN : 2 * v))),
    );
    expect(bad.failures.some(({ what, input }) => what === "nonfinite" && input === "x177")).toBe(true);
  });

  it("a Jacobian's wrong row, and a tangent", () => {
    const source = sourceOf(["x", "y"], ["x * y", "sin(x)"]);
    const value = tableGrad(source).value;
    const gradient = ([x, y]: readonly number[]) => ({
      value: value([x!, y!]),
      rows: [
        [y!, x!],
        [-Math.cos(x!), 0],
      ],
    });
    expect(verify(source, { mode: "jacobian", value, gradient })).toMatchObject({ status: "failed" });
    const jvp = ([x, y]: readonly number[], [u, v]: readonly number[]) => ({
      value: value([x!, y!]),
      tangent: [y! * u! + x! * v!, Math.cos(x!) * u! + 1e-2 * v!],
    });
    expect(verify(source, { mode: "jvp", value, jvp }).failures[0]).toMatchObject({ what: "tangent" });
    const right = tableGrad(source);
    expect(verify(source, { ...right, jvp }).failures[0]).toMatchObject({ what: "dot-product" });
  });
});

describe("second derivatives", () => {
  const source = sourceOf(["x", "y"], "square(x) * y + sin(x * y)");
  const value = ([x, y]: readonly number[]) => [x! * x! * y! + Math.sin(x! * y!)];
  const gradient = ([x, y]: readonly number[]) => {
    const c = Math.cos(x! * y!);
    return [2 * x! * y! + c * y!, x! * x! + c * x!];
  };
  const rows = ([x, y]: readonly number[]) => {
    const [c, sine] = [Math.cos(x! * y!), Math.sin(x! * y!)];
    const mixed = 2 * x! + c - sine * x! * y!;
    return [
      [2 * y! - sine * y! * y!, mixed],
      [mixed, -sine * x! * x!],
    ];
  };
  const hessian = (change: (rows: number[][]) => void): EmittedFunction => ({
    mode: "hessian",
    value,
    hessian: (point) => {
      const made = rows(point);
      change(made);
      return { value: value(point)[0]!, gradient: gradient(point), rows: made };
    },
  });

  it("right", () => {
    const result = verify(
      source,
      hessian(() => {}),
    );
    expect(result, JSON.stringify(result, null, 1)).toMatchObject({ status: "passed" });
    const product = (point: readonly number[], v: readonly number[]) =>
      rows(point).map((row) => row[0]! * v[0]! + row[1]! * v[1]!);
    const hvp: EmittedFunction = {
      mode: "hvp",
      value,
      hvp: (point, v) => ({ value: value(point)[0]!, gradient: gradient(point), product: product(point, v) }),
    };
    expect(verify(source, hvp)).toMatchObject({ status: "passed" });
  });

  it.each<[string, (rows: number[][]) => void]>([
    ["sign", (h) => (h[0]![0]! *= -1)],
    ["asymmetric", (h) => (h[0]![1]! *= 1.1)],
    ["NaN", (h) => (h[1]![1] = NaN)],
    ["zero", (h) => h.forEach((row) => row.fill(0))],
  ])("%s", (_, change) => {
    expect(verify(source, hessian(change))).toMatchObject({ status: "failed" });
  });
});

describe("kinks", () => {
  it.each<[string[], string, string]>([
    [["x"], "abs(x)", "abs"],
    [["x"], "relu(x - 300)", "relu"],
    [["x", "y"], "max(x, y)", "max"],
    [["x", "y"], "min(x, 2 * y + 7)", "min"],
    [["x", "y"], "x > y ? x : square(y)", "gt"],
    [["x"], "floor(x) * x", "floor"],
    [["x"], "mod(x, 3) * x", "mod"],
    [["x"], "relu(sin(x))", "relu"],
  ])("%j %s is seen from both sides", (names, formula, op) => {
    const source = sourceOf(names, formula);
    const result = verify(source, tableGrad(source));
    expect(result, JSON.stringify(result, null, 1)).toMatchObject({ status: "passed" });
    expect(result.kinks).toEqual([{ op, count: 1, sides: "both" }]);
  });

  it("one that cannot be met is reported so", () => {
    const source = sourceOf(["x"], "relu(square(x) + 1)");
    const result = verify(source, tableGrad(source));
    expect(result).toMatchObject({ status: "passed", kinks: [{ op: "relu", count: 1, sides: "above" }] });
    expect(result.notes).toContain("a kink of relu was seen only from above");
  });

  it("a tie over a whole region is convention, not failure", () => {
    const source = sourceOf(["x"], "max(x, min(x, 1))");
    expect(verify(source, tableGrad(source))).toMatchObject({ status: "warned", failures: [] });
  });
});

describe("domains", () => {
  it("samples inside the declared one", () => {
    const source = sourceOf(["x"], "log(x) + log(1 - x)", { x: [0, 1] });
    const seen: number[] = [];
    const emitted = emittedGrad(source, (x) => (seen.push(x), [1 / x - 1 / (1 - x)]));
    expect(verify(source, emitted)).toMatchObject({ status: "passed" });
    expect(Math.min(...seen)).toBeGreaterThan(0);
    expect(Math.max(...seen)).toBeLessThan(1);
  });

  it("half-infinite and far away", () => {
    const source = sourceOf(["x", "y"], "sqrt(x - 5) * y", { x: [5, Infinity], y: [1e6, 1e6 + 1] });
    expect(verify(source, tableGrad(source))).toMatchObject({ status: "passed" });
  });

  it("says when the function is nowhere real", () => {
    const source = sourceOf(["x"], "sqrt(-1 - square(x))");
    const result = verify(source, tableGrad(source));
    expect(result).toMatchObject({ status: "failed", points: 0, noRealPoint: true, notes: [NO_REAL_POINT] });
  });

  it("never passes on nothing", () => {
    const source = sourceOf(["x"], "x");
    expect(verify(source, { mode: "grad", value: ([x]) => [x!] })).toMatchObject({ status: "failed" });
  });
});

describe("large graphs", () => {
  it("200,000 nodes in seconds", { timeout: 30_000 }, () => {
    const graph = createGraph();
    const inputs = Array.from({ length: 2000 }, (_, i) => graph.input(`x${i}`));
    let sum: Node = graph.constant(0);
    for (let i = 0; i < 66_000; i++) {
      const [a, b] = [inputs[i % 2000]!, inputs[(i * 7 + 1) % 2000]!];
      const term = call(graph, "mul", [a, call(graph, "sin", [call(graph, "add", [b, graph.constant(i)])])]);
      sum = call(graph, "add", [sum, term]);
    }
    const source = sourceFrom(graph, inputs, [sum]);
    const rows = (...x: number[]): number[] => {
      const dx = new Array<number>(2000).fill(0);
      for (let i = 0; i < 66_000; i++) {
        const [a, b] = [i % 2000, (i * 7 + 1) % 2000];
        dx[a]! += Math.sin(x[b]! + i);
        dx[b]! += x[a]! * Math.cos(x[b]! + i);
      }
      return dx;
    };
    const result = verify(source, emittedGrad(source, rows));
    expect(result, JSON.stringify(result.notes)).toMatchObject({ status: "passed" });
    expect(result.points).toBeGreaterThanOrEqual(3);
    const wrong = verify(
      source,
      emittedGrad(source, (...x) => rows(...x).map((v, i) => (i === 777 ? -v : v))),
    );
    expect(wrong.status).not.toBe("passed");
  });

  it("chains 100,000 deep, near 1 and vanishing", { timeout: 30_000 }, () => {
    for (const factor of [1.000001, 0.9935]) {
      const graph = createGraph();
      const x = graph.input("x");
      let product: Node = x;
      for (let i = 0; i < 100_000; i++) product = call(graph, "mul", [product, graph.constant(factor + i * 1e-12)]);
      const source = sourceFrom(graph, [x], [product]);
      let slope = 1;
      for (let i = 0; i < 100_000; i++) slope *= factor + i * 1e-12;
      expect(
        verify(
          source,
          emittedGrad(source, () => [slope]),
        ),
        `factor ${factor}`,
      ).toMatchObject({ failures: [] });
      expect(
        verify(
          source,
          emittedGrad(source, () => [-slope]),
        ).status,
        `factor ${factor}`,
      ).not.toBe("passed");
    }
  });

  it("a deep recurrence with kinks", { timeout: 30_000 }, () => {
    const graph = createGraph();
    const x = graph.input("x");
    const w = graph.input("w");
    let state: Node = x;
    const STEPS = 20_000;
    for (let i = 0; i < STEPS; i++) {
      const wave = call(graph, "sin", [call(graph, "add", [w, graph.constant(i)])]);
      state = call(graph, i % 2 ? "abs" : "atan", [
        call(graph, "add", [call(graph, "mul", [state, graph.constant(0.99999)]), wave]),
      ]);
    }
    const rows = (x: number, w: number): number[] => {
      let [value, dx, dw] = [x, 1, 0];
      for (let i = 0; i < STEPS; i++) {
        const sum = value * 0.99999 + Math.sin(w + i);
        const slope = i % 2 ? Math.sign(sum) : 1 / (1 + sum * sum);
        [dx, dw] = [dx * 0.99999 * slope, (dw * 0.99999 + Math.cos(w + i)) * slope];
        value = i % 2 ? Math.abs(sum) : Math.atan(sum);
      }
      return [dx, dw];
    };
    const source = sourceFrom(graph, [x, w], [state]);
    const result = verify(source, emittedGrad(source, rows));
    expect(result.failures).toEqual([]);
    expect(result.perInput[1]!.checkedAt).toBeGreaterThan(0);
    expect(
      verify(
        source,
        emittedGrad(source, (x, w) => rows(x, w).map((d) => -d)),
      ).status,
    ).toBe("failed");
  });
});
