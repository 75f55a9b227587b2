import katex from "katex";
import { describe, expect, it } from "vitest";
import { latexName } from "../../src/emit/latex-names.ts";
import { latexNumber, latexOf } from "../../src/emit/latex.ts";
import { createGraph, type Graph, type Node } from "../../src/ir/graph.ts";
import { rawCall } from "../../src/ops/build.ts";
import { ops } from "../../src/ops/registry.ts";

function render(latex: string): string {
  return katex.renderToString(latex, {
    throwOnError: true,
    strict: (code: string) => (code === "unicodeTextInMathMode" ? "ignore" : "error"),
  });
}

/** One call of every op, its arguments made by `argument`. */
function callOf(graph: Graph, name: string, argument: (index: number) => Node): Node {
  const { params, variadic } = ops.get(name)!;
  const count = variadic ? 3 : params.length;
  return rawCall(
    graph,
    name,
    Array.from({ length: count }, (_, index) => argument(index)),
  );
}

describe("every op", () => {
  for (const name of ops.keys()) {
    it(`${name} renders, alone and around and inside every other`, () => {
      const graph = createGraph();
      const inputs = ["x", "w0", "theta"].map((each) => graph.input(each));
      const plain = callOf(graph, name, (index) => inputs[index]!);
      expect(latexOf(plain)).not.toMatch(/\{x\.{3}\}|undefined/);
      render(latexOf(plain));
      for (const other of ops.keys()) render(latexOf(callOf(graph, other, () => plain)));
    });
  }

  it("shows each of its operands", () => {
    const graph = createGraph();
    for (const name of ops.keys()) {
      const latex = latexOf(callOf(graph, name, (index) => graph.input(`q${index}`)));
      const { params, variadic } = ops.get(name)!;
      for (let index = 0; index < (variadic ? 3 : params.length); index++) expect(latex, name).toContain(`q_{${index}}`);
    }
  });
});

describe("parentheses", () => {
  const graph = createGraph();
  const [x, y, z] = ["x", "y", "z"].map((name) => graph.input(name)) as [Node, Node, Node];
  const of = (op: string, ...args: Node[]): Node => rawCall(graph, op, args);
  const cases: [Node, string][] = [
    [of("mul", of("add", x, y), z), "\\left(x + y\\right) \\cdot z"],
    [of("add", of("mul", x, y), z), "x \\cdot y + z"],
    [of("sub", x, of("sub", y, z)), "x - \\left(y - z\\right)"],
    [of("sub", of("sub", x, y), z), "x - y - z"],
    [of("sub", x, of("neg", y)), "x - \\left(-y\\right)"],
    [of("mul", x, of("neg", y)), "x \\cdot \\left(-y\\right)"],
    [of("mul", of("neg", x), y), "\\left(-x\\right) \\cdot y"],
    [of("neg", of("mul", x, y)), "-x \\cdot y"],
    [of("neg", of("add", x, y)), "-\\left(x + y\\right)"],
    [of("mul", x, of("mul", y, z)), "x \\cdot \\left(y \\cdot z\\right)"],
    [of("div", of("add", x, y), of("sub", y, z)), "\\frac{x + y}{y - z}"],
    [of("pow", of("div", x, y), z), "{\\left(\\frac{x}{y}\\right)}^{z}"],
    [of("pow", of("pow", x, y), z), "{\\left({x}^{y}\\right)}^{z}"],
    [of("pow", x, of("pow", y, z)), "{x}^{{y}^{z}}"],
    [of("square", of("neg", x)), "{\\left(-x\\right)}^{2}"],
    [of("square", of("sin", x)), "{\\left(\\sin\\left(x\\right)\\right)}^{2}"],
    [of("mul", of("log", x), y), "\\ln \\left(x\\right) \\cdot y"],
    [of("exp", of("add", x, y)), "e^{x + y}"],
    [of("square", of("exp", x)), "{\\left(e^{x}\\right)}^{2}"],
    [of("max", of("add", x, y), z), "\\max\\left(x + y, z\\right)"],
    [of("sigmoid", of("mul", x, y)), "\\sigma\\left(x \\cdot y\\right)"],
    [of("and", of("lt", x, y), of("or", of("lt", y, z), of("lt", x, z))), "x < y \\land \\left(y < z \\lor x < z\\right)"],
    [
      of("add", of("select", of("lt", x, y), x, y), z),
      "\\left(\\begin{cases}x & x < y \\\\ y & \\text{otherwise}\\end{cases}\\right) + z",
    ],
    [of("mul", x, graph.constant(-3)), "x \\cdot \\left(-3\\right)"],
    [of("square", graph.constant(1e-10)), "{\\left(10^{-10}\\right)}^{2}"],
  ];
  it.each(cases)("%#", (node, expected) => {
    expect(latexOf(node)).toBe(expected);
    render(expected);
  });
});

describe("names and numbers", () => {
  it.each([
    ["x", "x"],
    ["w0", "w_{0}"],
    ["x_1", "x_{1}"],
    ["x12", "x_{12}"],
    ["alpha", "\\alpha"],
    ["theta2", "\\theta_{2}"],
    ["θ", "\\theta"],
    ["x_max", "x_{\\mathrm{max}}"],
    ["sigX", "\\mathrm{sigX}"],
    ["w1x", "\\mathrm{w1x}"],
    ["a_b_2", "a_{b,2}"],
    ["_", "\\mathrm{\\_}"],
    ["__proto__", "\\mathrm{\\_\\_proto\\_\\_}"],
    ["$", "\\mathrm{\\$}"],
    ["変数", "\\text{変数}"],
  ])("%s", (name, expected) => {
    expect(latexName(name).text).toBe(expected);
    render(expected);
  });

  it("no name becomes a command of its own", () => {
    for (const name of ["input", "def", "\\input", "a}b", "x^2", "a{", "%", "a#b", "~", "a&b"]) {
      const { text } = latexName(name);
      expect(text.replace(/\\(mathrm|text)\{([^{}]*)\}|_\{\d+\}/g, "$2")).not.toMatch(/[\\{}%#^~&]/);
      render(text);
    }
  });

  it.each([
    [3, "3"],
    [-0.5, "-0.5"],
    [1e-10, "10^{-10}"],
    [1.5e300, "1.5 \\cdot 10^{300}"],
    [Math.PI, "\\pi"],
    [-Math.E, "-e"],
    [Infinity, "\\infty"],
    [NaN, "\\mathrm{NaN}"],
  ])("%d", (value, expected) => {
    expect(latexNumber(value).text).toBe(expected);
    render(expected);
  });
});

describe("large nodes", () => {
  it("end in an ellipsis, whether deep or wide", () => {
    const graph = createGraph();
    let deep: Node = graph.input("x");
    for (let at = 0; at < 100_000; at++) deep = rawCall(graph, "sin", [deep]);
    const wide = rawCall(
      graph,
      "max",
      Array.from({ length: 10_000 }, (_, at) => graph.input(`x${at}`)),
    );
    expect(latexOf(deep).length).toBeLessThan(5000);
    expect(latexOf(deep)).toContain("\\cdots");
    render(latexOf(deep));
    expect(latexOf(wide)).toContain("\\cdots");
  });
});
