// Log-sum-exp written out, its exponentials shared with the softmax.

import { describe, expect, test } from "vitest";
import { createGraph } from "../../src/ir/graph.ts";
import { postOrder } from "../../src/ir/walk.ts";
import { expand } from "../../src/passes/expand.ts";
import { evaluateNode, nodeOf, textOf } from "./text.ts";

const LOSS = "logsumexp(a, b, c) - a";
const SHARES = ["a", "b", "c"].map((name) => `exp(${name} - logsumexp(a, b, c))`);
const shift = "max(a, b, c)";
const sum = `((exp((a - ${shift})) + exp((b - ${shift}))) + exp((c - ${shift})))`;

test("a softmax reuses the exponentials of the forward pass", () => {
  const graph = createGraph();
  const roots = [LOSS, ...SHARES].map((text) => nodeOf(graph, text));
  const replaced = expand(graph, roots);
  expect(textOf(replaced.get(roots[0]!)!)).toBe(`((${shift} + log(${sum})) - a)`);
  expect(textOf(replaced.get(roots[2]!)!)).toBe(`(exp((b - ${shift})) / ${sum})`);
  const calls = postOrder(roots.map((root) => replaced.get(root)!)).filter((node) => node.kind === "call");
  expect(calls.filter((node) => node.op === "exp")).toHaveLength(3);
});

test("a logit that is the constant 0 has its share too", () => {
  const graph = createGraph();
  const root = nodeOf(graph, "exp(-logsumexp(0, a))");
  expect(textOf(expand(graph, [root]).get(root)!)).toBe("(exp((0 - max(0, a))) / (exp((0 - max(0, a))) + exp((a - max(0, a)))))");
});

test("an exponential of another difference is left", () => {
  const graph = createGraph();
  const root = nodeOf(graph, "exp(d - logsumexp(a, b))");
  expect(textOf(expand(graph, [root]).get(root)!)).toContain("exp((d - (max(a, b) + log(");
});

test("norms inside norms", () => {
  const graph = createGraph();
  const root = nodeOf(graph, "logsumexp(logsumexp(a, b), c)");
  const at = { a: 1, b: 2, c: 3 };
  expect(evaluateNode(expand(graph, [root]).get(root)!, at)).toBeCloseTo(evaluateNode(root, at), 14);
});

describe("is stable", () => {
  test.each([
    { a: 1000, b: -1000, c: 999 },
    { a: -1000, b: -1001, c: -1000.5 },
    { a: -Infinity, b: 1, c: 2 },
    { a: 0, b: 0, c: 0 },
  ])("at %j", (at) => {
    const graph = createGraph();
    const loss = nodeOf(graph, "logsumexp(a, b, c)");
    const shares = SHARES.map((text) => nodeOf(graph, text));
    const replaced = expand(graph, [loss, ...shares]);
    expect(evaluateNode(replaced.get(loss)!, at)).toBeCloseTo(evaluateNode(loss, at), 12);
    const total = shares.map((share) => evaluateNode(replaced.get(share)!, at)).reduce((a, b) => a + b);
    expect(total).toBeCloseTo(1, 14);
    shares.forEach((share) => expect(evaluateNode(replaced.get(share)!, at)).toBeCloseTo(evaluateNode(share, at), 12));
  });
});
