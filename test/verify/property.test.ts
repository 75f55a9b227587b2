// Random functions with gradients from dual numbers, written here and sharing nothing with the op table: never a false alarm; and the
// same functions with one derivative tampered with: never a pass.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGraph, type Node } from "../../src/ir/graph.ts";
import { call } from "../../src/ops/build.ts";
import { verifyFunction } from "../../src/verify/check.ts";
import { emittedGrad, sourceFrom, type TestSource } from "./sources.ts";

/** A value and its gradient. */
type Dual = readonly [value: number, gradient: readonly number[]];

const unary =
  (f: (x: number) => number, slope: (x: number) => number) =>
  ([x]: readonly Dual[]): Dual => {
    const s = slope(x![0]);
    return [f(x![0]), x![1].map((d) => (d === 0 ? 0 : d * s))];
  };
const binary =
  (f: (x: number, y: number) => number, dx: (x: number, y: number) => number, dy: (x: number, y: number) => number) =>
  ([x, y]: readonly Dual[]): Dual => {
    const [a, b] = [dx(x![0], y![0]), dy(x![0], y![0])];
    return [f(x![0], y![0]), x![1].map((d, i) => (d === 0 ? 0 : d * a) + (y![1][i] === 0 ? 0 : y![1][i]! * b))];
  };
const flat =
  (f: (...x: number[]) => number) =>
  (args: readonly Dual[]): Dual => [f(...args.map((arg) => arg[0])), args[0]![1].map(() => 0)];
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const RULES: Readonly<Record<string, readonly [arity: number, rule: (args: readonly Dual[]) => Dual]>> = {
  add: [
    2,
    binary(
      (x, y) => x + y,
      () => 1,
      () => 1,
    ),
  ],
  sub: [
    2,
    binary(
      (x, y) => x - y,
      () => 1,
      () => -1,
    ),
  ],
  mul: [
    2,
    binary(
      (x, y) => x * y,
      (_, y) => y,
      (x) => x,
    ),
  ],
  div: [
    2,
    binary(
      (x, y) => x / y,
      (_, y) => 1 / y,
      (x, y) => -(x / y) / y,
    ),
  ],
  neg: [
    1,
    unary(
      (x) => -x,
      () => -1,
    ),
  ],
  square: [
    1,
    unary(
      (x) => x * x,
      (x) => 2 * x,
    ),
  ],
  exp: [1, unary(Math.exp, Math.exp)],
  log: [1, unary(Math.log, (x) => 1 / x)],
  sqrt: [1, unary(Math.sqrt, (x) => 0.5 / Math.sqrt(x))],
  sin: [1, unary(Math.sin, Math.cos)],
  cos: [1, unary(Math.cos, (x) => -Math.sin(x))],
  tanh: [1, unary(Math.tanh, (x) => 1 / Math.cosh(x) ** 2)],
  atan: [1, unary(Math.atan, (x) => 1 / (1 + x * x))],
  asin: [1, unary(Math.asin, (x) => 1 / Math.sqrt((1 - x) * (1 + x)))],
  sigmoid: [1, unary(logistic, (x) => logistic(x) * logistic(-x))],
  abs: [1, unary(Math.abs, Math.sign)],
  relu: [
    1,
    unary(
      (x) => Math.max(0, x),
      (x) => (x > 0 ? 1 : 0),
    ),
  ],
  max: [
    2,
    binary(
      Math.max,
      (x, y) => (x >= y ? 1 : 0),
      (x, y) => (y >= x ? 1 : 0),
    ),
  ],
  min: [
    2,
    binary(
      Math.min,
      (x, y) => (x <= y ? 1 : 0),
      (x, y) => (y <= x ? 1 : 0),
    ),
  ],
  floor: [1, flat(Math.floor)],
  mod: [
    2,
    binary(
      (x, y) => (y === 0 ? x : x - y * Math.floor(x / y)),
      () => 1,
      (x, y) => -Math.floor(x / y),
    ),
  ],
  atan2: [
    2,
    binary(
      Math.atan2,
      (y, x) => x / (x * x + y * y),
      (y, x) => -y / (x * x + y * y),
    ),
  ],
  hypot: [
    2,
    binary(
      Math.hypot,
      (x, y) => (x === 0 && y === 0 ? 0 : x / Math.hypot(x, y)),
      (x, y) => (x === 0 && y === 0 ? 0 : y / Math.hypot(x, y)),
    ),
  ],
  choose: [3, ([c, x, y]) => (c![0] > 0.5 ? x! : y!)],
};
const OPS = Object.keys(RULES);
const INPUTS = ["x", "y", "z"];
const CONSTANTS = [2, 0.5, -1, 3, 1e-3, 100];

interface Step {
  readonly op: string;
  readonly picks: readonly number[];
}
interface Program {
  readonly source: TestSource;
  /** Evaluates with one operation tampered with; -1 for none. */
  readonly gradient: (point: readonly number[], tampered: number) => Dual;
  readonly length: number;
}

const steps = fc.array(
  fc.record({ op: fc.constantFrom(...OPS), picks: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }) }),
  { minLength: 1, maxLength: 16 },
);

/** The graph and the dual evaluation of a random program; each step likes to read what was made last. */
function build(program: readonly Step[]): Program {
  const graph = createGraph();
  const inputs = INPUTS.map((name) => graph.input(name));
  const nodes: Node[] = [...inputs, ...CONSTANTS.map((value) => graph.constant(value))];
  const reads = program.map(({ op, picks }) => {
    const args = picks.slice(0, RULES[op]![0]).map((pick, i) => (i === 0 && pick % 3 ? nodes.length - 1 : pick % nodes.length));
    const [a, b, c] = args.map((at) => nodes[at]!);
    nodes.push(
      op === "choose"
        ? call(graph, "select", [call(graph, "gt", [a!, graph.constant(0.5)]), b!, c!])
        : call(
            graph,
            op,
            args.map((at) => nodes[at]!),
          ),
    );
    return args;
  });
  return {
    source: sourceFrom(graph, inputs, [nodes.at(-1)!]),
    length: program.length,
    gradient(point, tampered) {
      const duals: Dual[] = point.map((x, i) => [x, INPUTS.map((_, k) => (i === k ? 1 : 0))]);
      for (const value of CONSTANTS) duals.push([value, INPUTS.map(() => 0)]);
      program.forEach(({ op }, at) => {
        const read = reads[at]!;
        const isOne = (op === "max" || op === "min") && nodes[read[0]!] === nodes[read[1]!]; // does not tie with itself
        const args = read.map((position) => duals[position]!);
        const [value, gradient] = isOne ? args[0]! : RULES[op]![1](args);
        duals.push([value, at === tampered ? gradient.map((d) => -d) : gradient]);
      });
      return duals.at(-1)!;
    },
  };
}

const verify = ({ source, gradient }: Program, tampered = -1) =>
  verifyFunction({ source, wrt: [0, 1, 2], emitted: emittedGrad(source, (...point) => [...gradient(point, tampered)[1]]) });

const RUNS = Number(process.env["RUNS"] ?? 400);
const SHOWS = process.env["RUNS"] !== undefined;
const SEED = Number(process.env["SEED"] ?? 1);

describe("random functions", () => {
  it("with right gradients never fail", { timeout: 600_000 }, () => {
    const counts: Record<string, number> = {};
    const start = performance.now();
    fc.assert(
      fc.property(steps, (program) => {
        const result = verify(build(program));
        const status = result.noRealPoint ? "no real point" : result.status;
        counts[status] = (counts[status] ?? 0) + 1;
        expect(result.failures).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    if (SHOWS) console.log(JSON.stringify(counts), `${((performance.now() - start) / RUNS).toFixed(2)} ms each`);
    expect(counts["passed"]! / RUNS).toBeGreaterThan(0.6);
  });

  it("with one derivative tampered with never pass where that matters", { timeout: 600_000 }, () => {
    const counts: Record<string, number> = {};
    fc.assert(
      fc.property(steps, fc.nat(1000), (program, pick) => {
        const built = build(program);
        const tampered = pick % built.length;
        let differs = false;
        const result = verifyFunction({
          source: built.source,
          wrt: [0, 1, 2],
          emitted: emittedGrad(built.source, (...point) => {
            const right = built.gradient(point, -1)[1];
            const wrong = built.gradient(point, tampered)[1];
            if (right.some((d, i) => Math.abs(d - wrong[i]!) > 1e-2 * (Math.abs(d) + Math.abs(wrong[i]!)))) differs = true;
            return [...wrong];
          }),
        });
        const status = result.noRealPoint ? "no real point" : result.status;
        if (differs) counts[status] = (counts[status] ?? 0) + 1;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    if (SHOWS) console.log("tampered:", JSON.stringify(counts));
    const seen = Object.entries(counts).reduce((sum, [status, count]) => sum + (status === "no real point" ? 0 : count), 0);
    expect(counts["failed"]! / seen).toBeGreaterThan(0.85);
    expect((counts["passed"] ?? 0) / seen).toBeLessThan(0.02);
  });
});
