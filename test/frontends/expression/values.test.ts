// What accepted sources mean, against mathjs' own evaluation.

import { all, create } from "mathjs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Node } from "../../../src/ir/graph.ts";
import { complaints, evaluateAt, functionsOf, lastOf, valuesAt } from "./source.ts";

const mathjs = create(all!, {});
const POINT = { x: 0.75, y: 2.5, z: 3.25, a: 1.5, b: 0.5, w: -2 };

const AS_MATHJS = [
  [
    "x + y * z",
    "x - y - z",
    "x / y / z",
    "x / y * z",
    "-x^2",
    "(-x)^2",
    "2^-x",
    "2^3^x",
    "x^y^z",
    "-x^-y",
    "+x",
    "--x",
    "x - -y",
  ],
  ["2x", "2x^2", "1/2x", "1/2 x", "x/2y", "2/3x y", "-1/2x", "1/2(x + y)", "(x + y)(x - y)"],
  ["2 (x + 1)", "(x) 2", "x y z", "2 x y", "sqrt(x)(y)", "3!x", "2^3!", "x y^2", "x^2y", "1/x y", "6/2(1 + x)"],
  [
    "5%",
    "x + 10%",
    "x - 10%",
    "x + y - 5% ",
    "10% * x",
    "x * 10%",
    "x % y",
    "-5 % 3",
    "7 % 3 * x",
    "x mod y",
    "50% + x",
    "x + 5% * 3",
    "x + (10%)",
  ],
  ["x + 10% + 10% + 10%", "(x + y) + 50%", "2 x + 10%", "5%3", "x%2 + 1"],
  ["x < y", "x <= y ? x : y", "x > y ? x : y > z ? y : z", "x == x", "x != y", "0 < x < 1", "0 < x < 1 < y <= z", "1 > x > 2"],
  [
    "x and y",
    "x > 0 or y > 9",
    "not x",
    "not (x > 9)",
    "x > 0 xor y > 0",
    "true + x",
    "(x > 0) + (y > 0)",
    "not x == y",
    "x > 0 and y > 0 ? 3 : 4",
  ],
  ["x ? y : z", "x>1?.5:.25", "w < 0 ? -w : w", "(x < 1) * y"],
  ["0x1F + x", "0b101 x", "0o17", "0x1.8", "1e3x", "1.5e-3", ".5x", "2.x", "2.*x", "x.*y", "x./y", "x.^y", "2e x"],
  [
    "sin(x) + cos(y) * tan(x)",
    "exp(-x^2 / 2)",
    "log(y)",
    "log(z, 2)",
    "log(z, 10)",
    "log(z, y)",
    "log2(z)",
    "log10(z)",
    "log1p(x)",
    "expm1(x)",
  ],
  [
    "sqrt(x)",
    "cbrt(x)",
    "nthRoot(y)",
    "nthRoot(y, 3)",
    "abs(w)",
    "sign(w)",
    "floor(z)",
    "ceil(z)",
    "round(z)",
    "fix(w)",
    "floor(z, 1)",
  ],
  [
    "max(x, y, z)",
    "min(x, y, z)",
    "hypot(x, y, z)",
    "add(x, y, z)",
    "multiply(x, y, z)",
    "subtract(x, y)",
    "divide(x, y)",
    "pow(x, y)",
  ],
  [
    "mod(z, x)",
    "unaryMinus(x)",
    "unaryPlus(x)",
    "dotMultiply(x, y)",
    "dotDivide(x, y)",
    "dotPow(x, y)",
    "square(x)",
    "cube(x)",
    "atan2(x, y)",
  ],
  ["sum(x, y, z)", "mean(x, y, z)", "prod(x, y, z)", "norm(w)", "gamma(y)", "lgamma(y)", "erf(x)", "factorial(4) + x", "4! + x"],
  ["larger(x, y)", "smallerEq(x, y)", "equal(x, y)", "unequal(x, y)", "and(x, y, z)", "or(x, y)", "xor(x, y)", "not(x)"],
  [
    "sinh(x)",
    "cosh(x)",
    "tanh(x)",
    "asin(x)",
    "acos(x)",
    "atan(x)",
    "asinh(x)",
    "acosh(y)",
    "atanh(x)",
    "sec(x)",
    "csc(x)",
    "cot(x)",
  ],
  ["sech(x)", "csch(x)", "coth(x)", "asec(y)", "acsc(y)", "acot(y)", "asech(x)", "acsch(x)", "acoth(y)"],
  ["pi x", "2 pi", "PI", "e^x", "E x", "tau", "phi", "LN2", "LN10", "LOG2E", "LOG10E", "SQRT2", "SQRT1_2"],
  ["x +\ny", "(x\n+ y)", "x * # why\n y", "max(x,\r\n y)", "\uFEFFx + y", "x\u00A0+ y"],
].flat();

describe("an expression means what mathjs says", () => {
  test.each(AS_MATHJS)("%s", (text) => {
    const wanted = Number(mathjs.evaluate(text.replace("\uFEFF", "").replaceAll("\r", ""), { ...POINT }));
    expect(evaluateAt(lastOf(text), POINT)[0]).toBeCloseTo(wanted, 9);
  });
});

test.each([
  ["round(z, 1)", 3.3],
  ["ln(y)", Math.log(2.5)],
  ["sigmoid(x)", 1 / (1 + Math.exp(-0.75))],
  ["leaky_relu(w)", -0.02],
  ["elu(w, 2)", 2 * Math.expm1(-2)],
  ["logsumexp(x, y)", Math.log(Math.exp(0.75) + Math.exp(2.5))],
  ["polygamma(1, y)", 0.49035775610023486],
  ["x # a comment", 0.75],
  ["max(x, y,\n z)", 3.25],
  ["log(x, e)", Math.log(0.75)],
])("%s is %d", (text, wanted) => expect(evaluateAt(lastOf(text), POINT)[0]).toBeCloseTo(wanted, 9));

const EXPRESSION = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom("x", "y", "z", "a", "b", "2", "0.5", "3", "pi", "1e1"),
    fc
      .tuple(
        tie("tree"),
        fc.constantFrom(" + ", " - ", " * ", "/", " ", "^", "%", " < ", " == ", " and ", ".*", " xor ", " >= "),
        tie("tree"),
      )
      .map((parts) => parts.join("")),
    fc.tuple(fc.constantFrom("-", "+", "not ", "(", "sin(", "2", "max(1, "), tie("tree")).map(([open, tree]) => {
      return open.includes("(") ? `${open}${tree})` : open + tree;
    }),
    fc.tuple(tie("tree"), fc.constantFrom("%", " + 10%", "^2", "(x + 1)", " y")).map((parts) => parts.join("")),
    fc.tuple(tie("tree"), tie("tree"), tie("tree")).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
  ),
}));

/** `x (y)` is a call, and `x% and y` the remainder of x by `and`; mathjs minds them only in a branch it takes. */
const REFUSED = /(?<![a-z])(?:[xyzab]|pi) *\(|% *(?:and|xor)/;

test("random expressions mean what mathjs says", () => {
  let compared = 0;
  fc.assert(
    fc.property(EXPRESSION.tree, (text) => {
      const wanted = mathjsValue(text);
      if (wanted === undefined || REFUSED.test(text)) return;
      if (complaints(text).some((complaint) => complaint.startsWith("WG1218"))) return; // a constant that is no number
      const fn = lastOf(text);
      if (isTouchy(valuesAt(fn, POINT))) return;
      compared++;
      const [value] = evaluateAt(fn, POINT);
      const scale = Math.max(1, Math.abs(wanted));
      expect(Math.abs(value! - wanted) / scale, `${text}: ${value} against ${wanted}`).toBeLessThan(1e-6);
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(compared).toBeGreaterThan(800);
});

/** NaN as a condition is false to mathjs, and not 0 to us; and mathjs takes nearly equal for equal. */
function isTouchy(values: ReadonlyMap<Node, number>): boolean {
  return [...values].some(([node, value]) => {
    if (Number.isNaN(value) || Math.abs(value) > 1e6) return true; // the sine of a large number shows its last bit
    if (node.kind !== "call" || !TOLERANT.has(node.op)) return false;
    const [left, right] = node.args.map((arg) => values.get(arg)!) as [number, number];
    const steps = node.op === "mod" ? left / right : 0.5;
    const isNear = Math.abs(left - right) < 1e-9 * Math.max(1, Math.abs(left));
    return (isNear && left !== right) || Math.abs(steps - Math.round(steps)) < 1e-9;
  });
}

const TOLERANT = new Set(["lt", "le", "gt", "ge", "eq", "ne", "mod"]);

/** Undefined where mathjs refuses, leaves the reals or grows large. */
function mathjsValue(text: string): number | undefined {
  try {
    const value: unknown = mathjs.evaluate(text, { ...POINT });
    const isNumber = typeof value === "number" || typeof value === "boolean";
    return isNumber && Number.isFinite(Number(value)) && Math.abs(Number(value)) < 1e12 ? Number(value) : undefined;
  } catch {
    return undefined;
  }
}

describe("functions and stages", () => {
  test("a bare expression is f, its inputs by first appearance", () => {
    const f = lastOf("z * x + y");
    expect([f.name, f.inputs.map((input) => input.name), f.isVector]).toEqual(["f", ["z", "x", "y"], false]);
  });

  test("stages are named, the last line names the function", () => {
    const fn = lastOf("q = x + y; r = q\nc = 2; same = x\nf = q * z * c * same * r");
    expect(fn.name).toBe("f");
    expect([...fn.stageNames].map(([node, name]) => [node.kind, name])).toEqual([["call", "q"]]);
    expect(evaluateAt(fn, { x: -2, y: 5, z: -4 })).toEqual([3 * -4 * 2 * -2 * 3]);
  });

  test("a definition may use stages above it whose inputs it has", () => {
    const f = lastOf("q = x + y\nf(x, y, z) = q * z");
    expect(f.inputs.map((input) => input.name)).toEqual(["x", "y", "z"]);
    expect([...f.stageNames.values()]).toEqual(["q"]);
    expect(evaluateAt(f, { x: -2, y: 5, z: -4 })).toEqual([-12]);
  });

  test("functions call functions above, in source order, with arguments in place of parameters", () => {
    const functions = functionsOf("g(t) = t^2\nh(t, u) = g(u + 1) * g(t) + (g(t) > 1)\nr = h(y, 2x)");
    expect(functions.map((fn) => fn.name)).toEqual(["g", "h", "r"]);
    expect(evaluateAt(functions[2]!, { x: 3, y: 2 })).toEqual([197]);
    expect(functions[2]!.inputs.map((input) => input.name)).toEqual(["y", "x"]);
  });

  test("a function's condition stays one for its callers", () => {
    const [isIn, f] = functionsOf("inside(t) = 0 < t < 1\nf(t) = inside(t) ? 5 : 6");
    expect(isIn!.outputs[0]!.type.dtype).toBe("real");
    expect([evaluateAt(isIn!, { t: 0.5 }), evaluateAt(f!, { t: 0.5 }), evaluateAt(f!, { t: 2 })]).toEqual([[1], [5], [6]]);
  });

  test("parameters are exchanged all at once", () => {
    expect(evaluateAt(lastOf("g(x, y) = x - 2y\nh(x, y) = g(y, x)"), { x: 10, y: 1 })).toEqual([-19]);
  });

  test("lists are vector-valued", () => {
    for (const text of ["[x * y, x + y, 3]", "J = [x * y, x + y, 3]", "f(x, y) = [x * y, x + y, 3]", "([x * y, x + y, 3])"]) {
      const fn = lastOf(text);
      expect([fn.isVector, evaluateAt(fn, { x: 2, y: 5 })]).toEqual([true, [10, 7, 3]]);
    }
    expect(lastOf("[x]").isVector).toBe(true);
  });

  test("declarations set role, domain and order", () => {
    const fn = lastOf("param w, x in [0, 2pi]\ninput t >= -1\nconst c < 10\nconst a = 2.5, b = 2a\nz + c*t + x*w*b");
    expect(fn.inputs.map(({ name, role, domain }) => [name, role, domain])).toEqual([
      ["w", "param", undefined],
      ["x", "param", [0, 2 * Math.PI]],
      ["t", "input", [-1, Infinity]],
      ["c", "const", [-Infinity, 10]],
      ["z", "param", undefined],
    ]);
    const [g] = functionsOf("const k in [1, 2]\ng(x, k) = k * x");
    expect(g!.inputs.map(({ name, role, domain }) => [name, role, domain])).toEqual([
      ["x", "param", undefined],
      ["k", "const", [1, 2]],
    ]);
  });

  test("names of the user's hide those of the language", () => {
    expect(evaluateAt(lastOf("param e, i\ne * i"), { e: 3, i: 4 })).toEqual([12]);
    expect(evaluateAt(lastOf("f(e, pi) = e + pi"), { e: 3, pi: 4 })).toEqual([7]);
    expect(evaluateAt(lastOf("tau = 2x; tau + 1"), { x: 3 })).toEqual([7]);
    expect(evaluateAt(lastOf("sigmoid(t) = 2t; sigmoid(x)"), { x: 3 })).toEqual([6]);
    expect(evaluateAt(lastOf("param gamma, cm\ngamma + 5 cm"), { gamma: 1, cm: 2 })).toEqual([11]);
    expect(evaluateAt(lastOf("param = 3; param * x"), { x: 2 })).toEqual([6]);
  });

  test("odd names are names like any other", () => {
    const names = [
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "class",
      "end",
      "ß",
      "größe",
      "Δt",
      "имя",
      "変数",
      "$x",
      "_",
      "valueOf",
    ];
    const fn = lastOf(names.join(" + "));
    expect(fn.inputs.map((input) => input.name)).toEqual(names);
    expect(functionsOf("constructor(__proto__) = __proto__ + 1\ntoString = constructor(valueOf)")).toHaveLength(2);
  });

  test("two spellings of one name are one name", () => {
    expect(lastOf("a\u0308 + \u00e4").inputs.map((input) => input.name)).toEqual(["\u00e4"]);
  });

  test("a nameless result steps aside for an f of the user's", () => {
    expect(lastOf("f * x").name).toBe("result");
    expect(functionsOf("f(x) = x^2\nf(3y)").map((fn) => fn.name)).toEqual(["f", "result"]);
  });

  test("origins point at what was written", () => {
    const text = "q = x + y\nf = q * sin(z)";
    const reporter = lastOf(text);
    expect(text.slice(reporter.span.start, reporter.span.end)).toBe("f = q * sin(z)");
  });
});
