// Negating and scaling nodes: right in value, and as short as it can be.

import { expect, test } from "vitest";
import { createGraph } from "../../src/ir/graph.ts";
import { call } from "../../src/ops/build.ts";
import { asProduct, asSum, isNegatable, negate, scale, type Builder } from "../../src/rules/views.ts";
import { evaluateNode, nodeOf, textOf } from "./text.ts";

const point = { x: 1.5, y: -2.25, z: 3 };

function setUp(text: string): { builder: Builder; node: ReturnType<typeof nodeOf> } {
  const graph = createGraph();
  const builder: Builder = { constant: (value) => graph.constant(value), call: (op, args) => call(graph, op, args) };
  return { builder, node: nodeOf(graph, text) };
}

test.each([
  ["-x", "x"],
  ["x", "neg(x)"],
  ["x - y", "(y - x)"],
  ["-x - y", "(x + y)"],
  ["-x + y", "(x - y)"],
  ["x + -y", "(y - x)"],
  ["-2 * x", "(2 * x)"],
  ["x / -3", "(x / 3)"],
  ["-x * y / z", "((x * y) / z)"],
  ["(x - y) * z", "neg(((x - y) * z))"],
  ["-(x * y) - z + 1", "(((x * y) + z) - 1)"],
])("-(%s) is %s", (text, expected) => {
  const { builder, node } = setUp(text);
  const negated = negate(builder, node);
  expect(textOf(negated)).toBe(expected);
  expect(evaluateNode(negated, point)).toBe(-evaluateNode(node, point));
  expect(isNegatable(node)).toBe(!expected.startsWith("neg"));
});

test.each<[number, string, string]>([
  [2, "x", "(2 * x)"],
  [0.5, "x", "(x / 2)"],
  [0.5, "2 * x", "x"],
  [2, "x / 2", "x"],
  [4, "x / 2", "(2 * x)"],
  [2, "x / 8", "(x / 4)"],
  [0.5, "x * 6", "(x * 3)"],
  [-2, "-x", "(2 * x)"],
  [0.5, "2 * x * y", "(x * y)"],
  [0.5, "2 * x / y", "(x / y)"],
  [0.75, "x + y", "(0.75 * (x + y))"],
  [-1, "x - y", "(y - x)"],
  [1, "x", "x"],
])("%d * (%s) is %s", (factor, text, expected) => {
  const { builder, node } = setUp(text);
  const scaled = scale(builder, node, factor);
  expect(textOf(scaled)).toBe(expected);
  expect(evaluateNode(scaled, point)).toBeCloseTo(factor * evaluateNode(node, point), 14);
});

test("a sum of more terms than asked for is not flattened, nor a product of very many factors", () => {
  const { node } = setUp("x + y - z - (x - y)");
  expect(asSum(node, 4)).toBeUndefined();
  expect(asSum(node, 5)!.terms.map(({ sign, node }) => [sign, textOf(node)])).toEqual([
    [1, "x"],
    [1, "y"],
    [-1, "z"],
    [-1, "x"],
    [1, "y"],
  ]);
  const product = asProduct(setUp(Array(12).fill("x").join(" * y * ")).node);
  expect([product.over.length, product.under.length, product.coefficient]).toEqual([1, 0, 1]);
});
