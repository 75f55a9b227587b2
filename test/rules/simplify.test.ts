// The driver: what sharing, names and frozen values forbid, where old nodes went, and that rewriting keeps values and settles.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGraph, type CallNode, type Graph, type Node } from "../../src/ir/graph.ts";
import { postOrder } from "../../src/ir/walk.ts";
import { call, evaluateOp } from "../../src/ops/build.ts";
import { operationCount } from "../../src/passes/cost.ts";
import { rewrite } from "../../src/passes/simplify.ts";
import { backwardRules, forwardRules } from "../../src/rules/all.ts";
import { evaluateNode, nodeOf, rewriteText, textOf } from "./text.ts";

const rules = forwardRules;

describe("sharing and names", () => {
  test("a shared product is not factored away", () => {
    const graph = createGraph();
    const [first, sum] = [nodeOf(graph, "a * b"), nodeOf(graph, "a * b + a * c")];
    const { roots } = rewrite(graph, [first, sum], { rules });
    expect(roots.map(textOf)).toEqual(["(a * b)", "((a * b) + (a * c))"]);
  });

  test("a named stage survives a rewrite that only tidies", () => {
    const graph = createGraph();
    const [q, f] = [nodeOf(graph, "-b"), nodeOf(graph, "a + -b")];
    expect(rewrite(graph, [f], { rules }).roots.map(textOf)).toEqual(["(a - b)"]);
    expect(rewrite(graph, [f], { rules, keep: new Set([q]) }).roots.map(textOf)).toEqual(["(a + neg(b))"]);
  });

  test("a named stage survives even where an op could be saved", () => {
    const graph = createGraph();
    const [q, f] = [nodeOf(graph, "-a"), nodeOf(graph, "-(-a * b)")];
    expect(rewrite(graph, [f], { rules }).roots.map(textOf)).toEqual(["(a * b)"]);
    expect(rewrite(graph, [f], { rules, keep: new Set([q]) }).roots.map(textOf)).toEqual(["neg((neg(a) * b))"]);
  });

  test("a named stage keeps its name through a rewrite of itself", () => {
    const graph = createGraph();
    const [q, f] = [nodeOf(graph, "x * x"), nodeOf(graph, "x * x * x")];
    const { roots, replaced } = rewrite(graph, [f], { rules, keep: new Set([q]) });
    expect(textOf(roots[0]!)).toBe("(square(x) * x)");
    expect(textOf(replaced.get(q)!)).toBe("square(x)");
  });

  test("a stabilising rewrite takes a named stage apart", () => {
    const graph = createGraph();
    const [den, f] = [nodeOf(graph, "1 + exp(-x)"), nodeOf(graph, "1 / (1 + exp(-x))")];
    const { roots, replaced } = rewrite(graph, [f], { rules, keep: new Set([den]) });
    expect(roots.map(textOf)).toEqual(["sigmoid(x)"]);
    expect(replaced.get(den)).toBe(den);
  });

  test("exp(x) - 1 keeps an exp(x) that is needed anyway", () => {
    const graph = createGraph();
    const { roots } = rewrite(graph, [nodeOf(graph, "exp(x)"), nodeOf(graph, "exp(x) - 1")], { rules });
    expect(roots.map(textOf)).toEqual(["exp(x)", "(exp(x) - 1)"]);
  });

  test("frozen nodes stay, and cost nothing", () => {
    const graph = createGraph();
    const forward = nodeOf(graph, "a + -b");
    const backward = nodeOf(graph, "2 * (a + -b)");
    const { roots } = rewrite(graph, [backward], { rules: backwardRules, frozen: new Set(postOrder([forward])) });
    expect(roots.map(textOf)).toEqual(["(2 * (a + neg(b)))"]);
  });

  test("every old node is mapped, and what is applied is told in order", () => {
    const { before, replaced, names, text } = rewriteText("-(y * log(1 / (1 + exp(-z))) + (1 - y) * log(1 - 1 / (1 + exp(-z))))");
    for (const node of postOrder([before])) expect(replaced.has(node)).toBe(true);
    expect(text).toBe("(softplus(z) - (y * z))");
    expect(names).toEqual(["sigmoid", "log of sigmoid", "log of complement", "binary cross-entropy", "negated difference"]);
  });

  test("adjoint rules leave forward values as they are", () => {
    const graph = createGraph();
    const roots = ["exp(a - logsumexp(a, b)) - 1", "(1 - sigmoid(-x)) * sigmoid(-x)", "1 / (1 + exp(-x))"].map((text) =>
      nodeOf(graph, text),
    );
    expect(rewrite(graph, roots, { rules: backwardRules }).roots).toEqual(roots);
  });
});

describe("conditions", () => {
  const cases: readonly [string, Record<string, [number, number]>, boolean, string][] = [
    ["x / x", { x: [1, 2] }, false, "1"],
    ["x / x", { x: [0, 2] }, false, "(x / x)"],
    ["x / x", { x: [0, 2] }, true, "1"],
    ["x / x", { x: [1, Infinity] }, false, "(x / x)"],
    ["0 * x", { x: [-9, 9] }, false, "0"],
    ["0 * log(x)", { x: [0, 9] }, false, "(0 * log(x))"],
    ["0 * log(x)", { x: [1, 9] }, false, "0"],
    ["(x ** 2) ** 0.5", { x: [0, 9] }, false, "x"],
    ["abs(exp(x))", {}, false, "exp(x)"],
    ["abs(x * x)", {}, false, "square(x)"],
    ["abs(x * y)", { x: [-3, -1], y: [-3, 0] }, false, "(x * y)"],
    ["abs(x - y)", { x: [2, 3], y: [0, 1] }, false, "(x - y)"],
    ["abs(x - y)", { x: [0, 3], y: [0, 1] }, false, "abs((x - y))"],
    ["exp(log(x))", { x: [0, Infinity] }, false, "x"],
    ["exp(log(x))", { x: [-1, 1] }, false, "exp(log(x))"],
    ["log(x ** y)", { x: [0, Infinity] }, true, "(y * log(x))"],
    ["log(x ** 2)", { x: [-1, 1] }, false, "log(square(x))"],
    ["relu(sigmoid(x))", { x: [-9, 9] }, false, "sigmoid(x)"],
    ["relu(x)", { x: [0, 9] }, false, "relu(x)"],
    ["x + y - x", { x: [-9, 9] }, false, "y"],
    ["square(sin(x)) + square(cos(x))", { x: [-9, 9] }, false, "1"],
  ];
  test.each(cases)("%s with %j, open %j, is %s", (text, domains, open, expected) => {
    expect(rewriteText(text, { domains, open }).text).toBe(expected);
  });
});

/** A random DAG: each step applies an op to earlier nodes, so that nodes are shared. */
const UNARY = ["neg", "exp", "log", "square", "sqrt", "sigmoid", "tanh", "abs", "softplus", "log1p", "relu", "sin", "cos"];
const BINARY = ["add", "sub", "mul", "div", "add", "sub", "mul"];
const steps = fc.array(fc.record({ op: fc.constantFrom(...UNARY, ...BINARY, ...BINARY), left: fc.nat(30), right: fc.nat(30) }), {
  minLength: 3,
  maxLength: 25,
});

function buildRandom(graph: Graph, recipe: readonly { op: string; left: number; right: number }[]): Node[] {
  const nodes: Node[] = [
    graph.input("x"),
    graph.input("y"),
    graph.input("z"),
    ...[0, 1, -1, 2, 0.5, -3].map((value) => graph.constant(value)),
  ];
  for (const { op, left, right } of recipe) {
    const args = [nodes[(nodes.length - 1 - (left % nodes.length)) % nodes.length]!, nodes[right % nodes.length]!];
    nodes.push(call(graph, op, BINARY.includes(op) ? args : args.slice(0, 1)));
  }
  return nodes;
}

/** How far the value moves when each intermediate result is a few units in the last place off: what rounding excuses. */
function roundingNoise(root: Node, values: Readonly<Record<string, number>>): number {
  const noises = new Map<Node, number>();
  const value = new Map(postOrder([root]).map((node) => [node, evaluateNode(node, values)]));
  for (const node of postOrder([root])) {
    const result = value.get(node)!;
    let noise = 4e-16 * Math.abs(result);
    const args = node.kind === "call" ? node.args : [];
    args.forEach((arg, index) => {
      const slips = [-1, 1].map((sign) => {
        const moved = args.map((other, place) => value.get(other)! + (place === index ? sign * noises.get(arg)! : 0));
        return Math.abs(evaluateOp((node as CallNode).op, moved) - result); // it has arguments
      });
      noise += Math.max(...slips.map((slip) => (Number.isNaN(slip) ? Infinity : slip)));
    });
    noises.set(node, noise);
  }
  return noises.get(root)!;
}

describe("random graphs", () => {
  const coordinate = fc.double({ min: -3, max: 3, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-6);
  const points = fc.record({ x: coordinate, y: coordinate, z: coordinate });

  test("keep their values, and never go from a number to NaN", () => {
    fc.assert(
      fc.property(steps, points, (recipe, point) => {
        const graph = createGraph();
        const root = buildRandom(graph, recipe).at(-1)!;
        const before = evaluateNode(root, point);
        const noise = roundingNoise(root, point);
        if (!Number.isFinite(before) || !(noise < 1e-3 * (1 + Math.abs(before)))) return;
        const after = evaluateNode(rewrite(graph, [root], { rules }).roots[0]!, point);
        expect(Math.abs(after - before)).toBeLessThanOrEqual(8 * noise + 1e-12 * Math.abs(before) + 1e-300);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  test("settle: rewriting twice changes nothing more", () => {
    fc.assert(
      fc.property(steps, (recipe) => {
        const graph = createGraph();
        const roots = buildRandom(graph, recipe).slice(-3);
        const once = rewrite(graph, roots, { rules });
        const twice = rewrite(graph, once.roots, { rules });
        expect(twice.applied).toEqual([]);
        expect(twice.roots.map(textOf)).toEqual(once.roots.map(textOf));
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  test("never cost more, except to stabilise", () => {
    const frugal = rules.filter((rule) => rule.frugal);
    fc.assert(
      fc.property(steps, fc.nat(2), (recipe, kept) => {
        const graph = createGraph();
        const nodes = buildRandom(graph, recipe);
        const roots = nodes.slice(-3);
        const keep = new Set(nodes.slice(-5, -5 + kept));
        const result = rewrite(graph, roots, { rules: frugal, keep });
        expect(operationCount(result.roots)).toBeLessThanOrEqual(operationCount(roots));
        for (const node of postOrder(roots)) expect(result.replaced.has(node)).toBe(true);
      }),
      { numRuns: 2000, seed: 3 },
    );
  });
});
