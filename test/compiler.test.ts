// The programmatic face: options, names, diagnostics of options, output and verification.

import { describe, expect, test } from "vitest";
import { catalog } from "../src/diagnostics/catalog.ts";
import { compile, evaluateAt, load, type CompileOptions } from "../src/index.ts";

const chain = (count: number): string => Array.from({ length: count }, (_, i) => `x${i + 1} = x${i} + x0`).join("\n");

const provoked: readonly [code: string, source: string, options?: CompileOptions][] = [
  ["WG1301", "[x, y]"],
  ["WG1301", "[x, y]", { mode: "hessian" }],
  ["WG1302", "x * y", { wrt: ["z"] }],
  ["WG1303", "const a\na * x", { wrt: ["a"] }],
  ["WG1304", chain(50_001), { verify: false }],
  ["WG1301", "param X [2, 3]\nX"],
  ["WG1305", "layers: [{ dense: 2 }]\ninput: [n, 3]\nloss: mse", { kind: "network", mode: "hessian" }],
  ["WG1306", "param X [2, 3]\n[sum(X), 2]", { mode: "jacobian" }],
  ["WG1309", "x * y", { gates: "each", style: "tidy" }],
  ["WG1309", "x * y", { gates: "each", mode: "hessian" }],
  ["WG1307", "param X [2, 3]\nsum(X)", { style: "fast" }],
  ["WG1308", "x * y", { precision: "f32" }],
  ["WG2001", "class * x"],
  ["WG3001", "sqrt(x - x) + x"],
  ["WG3002", "max(x + y, y + x) * y"],
  ["WG3003", "sqrt(-1 - x^2)"],
];

test.each(provoked)("%s is reported for %j", (code, source, options) => {
  const { diagnostics, ok } = compile(source, options);
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
  expect(ok).toBe(!diagnostics.some(({ severity }) => severity === "error"));
});

test("every diagnostic of options, output and verification is provoked here", () => {
  const codes = Object.keys(catalog).filter((code) => /^WG(13|2|3)/.test(code));
  expect([...new Set(provoked.map(([code]) => code))].sort()).toEqual(codes.sort());
});

describe("names", () => {
  const sources = [
    "f(x, dx) = x * dx",
    "f(dx, ddx, x) = x * dx * ddx",
    "dx(x) = x^2",
    "f(df) = df^2",
    "class * await + arguments * eval",
    "__proto__ * constructor + toString",
    "f(kept, out, p, w, v) = kept * out * p * w * v",
    "f(Math, Float64Array, NaN2) = Math * exp(Float64Array) + NaN2",
    "f(erf2, gamma2) = erf(erf2) * lgamma(gamma2)",
    "g(gamma, digamma) = lgamma(gamma) * digamma",
    "q = x + y\nsum = q * x\nsum * q",
    "num = x * y\nden = x + y\nnum / den / (x / y)",
    "fGrad(x) = x^2\nf(x) = fGrad(x) * x",
    "F(x) = x^2",
    "constructor(x) = x^3",
    "α * β_1 + γ",
  ];

  test.each(sources.flatMap((source) => (["staged", "tidy", "fast"] as const).map((style) => [style, source] as const)))(
    "%s code of %j is free of collisions",
    (style, source) => {
      const compilation = compile(source, { style });
      expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(compilation.verification.status).toBe("passed");
      const fn = compilation.functions.at(-1)!;
      const point = Object.fromEntries(fn.inputs.map(({ name }, index) => [name, 0.5 + index / 7]));
      expect(Object.values(evaluateAt(compilation, point).gradient).every(Number.isFinite)).toBe(true);
      expect(new Set(Object.values(fn.exports)).size).toBe(new Set([...Object.keys(fn.exports), "derivative"]).size - 1);
    },
  );

  test("renamings are shown", () => {
    const { diagnostics, renamed } = compile("class * x");
    expect(renamed).toEqual([{ from: "class", to: "class_" }]);
    expect(diagnostics.map(({ severity, message }) => [severity, message])).toEqual([
      ["note", "'class' is called 'class_' in the output"],
    ]);
  });

  test.each([
    ["(x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)", "sigY num sigX xPlusY xPlusYSq den invDen f"],
    ["1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", "dot f"],
    ["2 * (x*y + max(z, w))", "xy maxZW sum f"],
    ["exp(-x^2 / 2)", "xSq quot f"],
    ["log(exp(a) + exp(b)) - a", "shift expA expB sumExp lse f"],
    ["sqrt(x^2 + y^2) * x", "norm f"],
    ["sin(x) * cos(y)", "sinX cosY f"],
  ])("stages of %s are called %s", (source, names) => {
    const point = { x: 0.5, y: 0.25, z: 1, w: 2, w0: 1, w1: 1, w2: 1, x0: 1, x1: 1, a: 0.5, b: 0.25 };
    expect(
      evaluateAt(compile(source), point)
        .stages.map(({ name }) => name)
        .join(" "),
    ).toBe(names);
  });
});

describe("options", () => {
  test("wrt leaves the rest without gradient code", () => {
    const compilation = compile("f(x, y) = x * sin(y)", { wrt: ["x"] });
    expect(compilation.code).not.toMatch(/dy/);
    expect(compilation.functions[0]!.wrt).toEqual(["x"]);
  });

  test("data and constants are not differentiated unless asked for", () => {
    const source = "param w\ninput x\nconst a\nw * x + a";
    expect(compile(source).functions[0]!.wrt).toEqual(["w"]);
    expect(compile(source, { wrt: ["w", "x"] }).functions[0]!.wrt).toEqual(["w", "x"]);
  });

  test.each([
    ["each", 1, 1],
    ["split", 0.5, 0.5],
  ] as const)("ties %s", (ties, dx, dy) => {
    const { fGrad } = load(compile("f(x, y) = max(x, y)", { ties })) as unknown as { fGrad: (x: number, y: number) => object };
    expect(fGrad(2, 2)).toEqual({ f: 2, dx, dy });
  });

  test("the same input gives the same bytes", () => {
    const once = compile("gamma(x) * max(x, y)");
    expect(compile("gamma(x) * max(x, y)").code).toBe(once.code);
  });

  test("more than a hundred inputs come packed, and gradients leave packed", () => {
    const source = Array.from({ length: 120 }, (_, i) => `x${i}^2`).join(" + ");
    for (const style of ["staged", "tidy", "fast"] as const) {
      const compilation = compile(source, { style });
      expect(compilation.verification.status).toBe("passed");
      const point = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`x${i}`, i]));
      expect(evaluateAt(compilation, point).gradient["x7"]).toBe(14);
    }
  });

  test("branches not taken give no NaN", () => {
    const sources = [
      "x > 0 ? sqrt(x) : 0",
      "x > 0 ? log(x) * x : x^2",
      "max(sqrt(x), 1)",
      "x > 1 ? 1 / (x - 1) : exp(-1000 * x) * 0 + x",
    ];
    for (const source of sources) {
      for (const style of ["staged", "tidy", "fast"] as const) {
        const compilation = compile(`param x in [-4, 4]\n${source}`, { style, verify: false });
        for (const x of [-1, 0]) expect(evaluateAt(compilation, { x }).gradient["x"], `${source} at ${x}`).not.toBeNaN();
      }
    }
  });
});

test.each(["f23(x, y) = x^2 * sin(23 * y) + exp(x)", "p11(x, y) = x * sin(31 * y) + x^8"])(
  "a fast oscillation beside something huge is no mistake: %s",
  (text) => {
    expect(compile(text).diagnostics).toEqual([]);
  },
);

test.each([
  ["f(x) = max(x, x)^2", "x^2"],
  ["f(x, y) = max(x, y, x)", "max(x, y)"],
  ["f(x) = min(x, x, x) * 2", "x * 2"],
])("%s: an operand that stands there twice does not tie with itself", (source, formula) => {
  expect(compile(source).functions[0]!.formula).toBe(formula);
});
