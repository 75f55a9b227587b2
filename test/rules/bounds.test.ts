// Bounds: known cases with their open ends, and soundness on random formulas.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGraph } from "../../src/ir/graph.ts";
import { createBounds } from "../../src/passes/bounds.ts";
import type { Property } from "../../src/rules/rule.ts";
import { evaluateNode, nodeOf } from "./text.ts";

/** Domain of x, whether its ends are open, a formula, what is proved of it, what is not. */
const cases: readonly [[number, number], boolean, string, readonly Property[], readonly Property[]][] = [
  [[0, 1], true, "x", ["positive", "finite"], []],
  [[0, 1], false, "x", ["nonnegative", "finite"], ["positive", "nonzero"]],
  [[0, Infinity], true, "x", ["positive", "finite"], []],
  [[0, Infinity], false, "x", ["nonnegative"], ["finite"]],
  [[0, 1], true, "-x", ["negative", "nonzero"], ["positive"]],
  [[0, 1], false, "-x", [], ["negative", "nonzero", "positive"]],
  [[0, 1], true, "1 / x", ["positive", "finite"], []],
  [[0, 1], false, "1 / x", [], ["positive", "finite"]],
  [[1, 2], false, "1 / -x", ["negative", "finite"], []],
  [[1, Infinity], false, "1 / x", ["nonnegative", "finite"], ["positive"]],
  [[-1, 1], false, "1 / x", [], ["finite", "nonzero"]],
  [[-1, 1], false, "x * x", ["nonnegative"], ["positive"]],
  [[-1, 1], true, "abs(x)", ["nonnegative"], ["positive"]],
  [[-9, 9], false, "exp(x)", ["positive", "finite"], []],
  [[-Infinity, Infinity], false, "exp(x)", ["nonnegative"], ["positive", "finite"]],
  [[-2000, 2000], false, "exp(x)", ["positive", "finite"], []],
  [[-9, 9], false, "1 + exp(-x)", ["positive", "finite"], []],
  [[-9, 9], false, "1 - sigmoid(x)", ["positive", "finite"], []],
  [[-9, 9], false, "sqrt(x)", ["nonnegative"], ["finite"]],
  [[0, 9], false, "sqrt(x)", ["nonnegative", "finite"], ["positive"]],
  [[0, 9], false, "log(x)", [], ["finite", "positive"]],
  [[0, 9], true, "log(x)", ["finite"], ["positive"]],
  [[-9, 9], false, "log(1 + x * x)", ["nonnegative", "finite"], []],
  [[-9, 9], false, "sin(x)", ["finite"], ["nonnegative"]],
  [[-Infinity, Infinity], false, "sin(x)", [], ["finite"]],
  [[1, 2], false, "max(x, 0)", ["positive", "finite"], []],
  [[-1, 2], false, "min(x, 0)", ["finite"], ["negative"]],
  [[1, 2], false, "x > 1 ? x : 3", ["positive", "finite"], []],
  [[1, 2], false, "x - 1", ["finite"], ["positive", "nonzero"]],
  [[0, 1], true, "x ** 0.3", ["positive", "finite"], []],
  [[-1, 1], true, "x ** 4", ["nonnegative"], ["positive"]],
  [[0, Infinity], false, "x - x", [], ["finite"]],
  [[0, Infinity], false, "0 * x", [], ["finite"]],
];

test.each(cases)("x in %j, open %s: of %s is proved %j, and not %j", (domain, open, text, proved, unproved) => {
  const graph = createGraph();
  const bounds = createBounds([{ node: graph.input("x"), domain, open: [open, open] }]);
  const node = nodeOf(graph, text);
  for (const property of proved) expect([property, bounds.proves(node, property)]).toEqual([property, true]);
  for (const property of unproved) expect([property, bounds.proves(node, property)]).toEqual([property, false]);
});

test("nothing is known of an undeclared input, and constants need no declaration", () => {
  const graph = createGraph();
  const bounds = createBounds([]);
  expect(bounds.proves(graph.input("x"), "finite")).toBe(false);
  expect(bounds.proves(graph.constant(3), "integer")).toBe(true);
  expect(bounds.proves(graph.constant(-0.5), "integer")).toBe(false);
  expect(bounds.proves(graph.constant(NaN), "finite")).toBe(false);
});

describe("random formulas", () => {
  const formula = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("x", "y", "0", "1", "0.5", "(-2)"),
      fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/"), tie("tree")).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc
        .tuple(
          fc.constantFrom(
            "exp",
            "log",
            "sqrt",
            "abs",
            "square",
            "sigmoid",
            "tanh",
            "softplus",
            "relu",
            "cube",
            "sin",
            "-",
            "sign",
          ),
          tie("tree"),
        )
        .map(([op, a]) => (op === "-" ? `(-${a})` : `${op}(${a})`)),
      fc.tuple(fc.constantFrom("max", "min", "hypot"), tie("tree"), tie("tree")).map(([op, a, b]) => `${op}(${a}, ${b})`),
    ),
  })).tree;
  const domain = fc
    .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 3 }))
    .map(([low, width]) => [low, low + width] as const);

  test("stay within their bounds", () => {
    fc.assert(
      fc.property(
        formula,
        domain,
        domain,
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 8,
        }),
        (text, inX, inY, places) => {
          const graph = createGraph();
          const bounds = createBounds([
            { node: graph.input("x"), domain: inX },
            { node: graph.input("y"), domain: inY },
          ]);
          const node = nodeOf(graph, text);
          const { low, high, mayBeNaN } = bounds.of(node);
          const corners = [
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1],
          ] as const;
          for (const [s, t] of [...corners, ...places]) {
            const value = evaluateNode(node, { x: inX[0] + s * (inX[1] - inX[0]), y: inY[0] + t * (inY[1] - inY[0]) });
            const slack = Number.isFinite(value) ? 1e-12 * Math.abs(value) : 0;
            if (Number.isNaN(value)) expect(mayBeNaN, text).toBe(true);
            else expect(low <= value + slack && value - slack <= high, `${text}: ${value} in [${low}, ${high}]`).toBe(true);
          }
        },
      ),
      { numRuns: 3000, seed: 4 },
    );
  });
});
