// What of JavaScript the interpreter knows, what it refuses, and that it binds as the engine does.

import { describe, expect, test } from "vitest";
import { interpretModule } from "../../src/interpreter/module.ts";
import { outcome, type Call } from "./both.ts";

function both(text: string): { readonly run: Call; readonly interpreted: Call } {
  return { run: new Function(`${text}\nreturn f;`)() as Call, interpreted: interpretModule(text, ["f"])["f"]! };
}

describe("what generated code has not", () => {
  test.each([
    ["function f(x) { while (x) x; }", /cannot be interpreted/],
    ["function f(x) { return x ? 1; }", /cannot be interpreted, at ';'/],
    ["function f(x) { return `x`; }", /cannot be interpreted: `x`/],
    ["function f(x) { return globalThis; }", /it uses 'globalThis'/],
    ["function f(x) { return sum(x); }", /it uses 'sum'/],
    ["function f(x) { 1 = x; }", /cannot be interpreted, at '='/],
    ["function f(x) { return x; ", /cannot be interpreted/],
    ["class F {}", /cannot be interpreted|it uses 'class'/],
    ["function g(x) { return x; }", /without 'f'/],
    ["function", /cannot be interpreted/],
  ])("%s", (text, message) => {
    expect(() => interpretModule(text, ["f"])).toThrow(message);
  });
});

test("scopes: a block's names are its own, arrow functions see what is around them, a function may be used before it is written", () => {
  const { run, interpreted } = both(`
    // A comment, /* and in it another
    function f(x, scale = factor * 2) {
      let total = 0;
      for (let i = 0; i < 3; i++) {
        const x2 = x * i;
        { const x2 = 1000; total += x2; }
        total += apply((y) => y * scale + x2, x);
        total += apply((y) => apply((z) => z * y + apply((u) => u * scale * z * y * total, z), y), 3);
      }
      let row = 1;
      for (let i = 0; i < 3; i++, row++) total += row * i;
      const { value: v, scale: s, nested } = g(total);
      return { v, s, then: [v, -s, !s], "a b": nested, };
    }
    function apply(call, x) { return call(x); }
    function g(total) {
      const scale = 10;
      return { value: total, scale, nested: { g: [1, 2,] } };
    }
    const factor = g(5).scale;`);
  for (const args of [[2], [2, 3], [-1, undefined]]) expect(outcome(interpreted, args)).toEqual(outcome(run, args));
});

test("statements: loops over lists and counts, choices, returns out of both, counters of objects, methods", () => {
  const { run, interpreted } = both(`
    function f(params, state, limit) {
      const names = Object.keys(params);
      const zeros = () => ({ a: new Float64Array(2), b: 0 });
      const kept = zeros();
      state.step++;
      state.last = limit;
      for (const name of names) {
        if (params[name] > limit) return { name, state };
        kept.a[0] += params[name];
        kept.b -= kept.a[0] / 2;
        kept.b *= 1.5;
      }
      for (let i = 0; i < 10; i++) if (i * i > limit) return i;
      const all = names.map((name) => params[name]);
      kept.a.fill(limit, 1);
      noop(kept);
      return [kept, all, state, noop(1) === undefined, state.step >= 2 && limit !== 7 || -limit];
    }
    function noop(x) { return; }`);
  const cases = [1, 5, 7, 1000, -3].map((limit) => [{ a: 3, b: 6, c: -0 }, { step: 1, last: 0 }, limit]);
  for (const args of cases) {
    const copy = structuredClone(args);
    expect(outcome(interpreted, copy)).toEqual(outcome(run, structuredClone(args)));
  }
});

test.each([0, 1, 2, 3, 4, 5, 9])("functions and arrows of %i parameters, called with fewer and more", (count) => {
  const names = Array.from({ length: count }, (_, index) => `x${index}`);
  const sum = ["0", ...names.map((name, index) => `${index + 1} * ${name}`)].join(" + ");
  const { run, interpreted } = both(`
    function f(first, second) { return [g(${names.join(", ")}), (${names.join(", ")}) => ${sum}, Math.max(${names.join(", ")})].slice(0); }
    const ${["unused", ...names].map((name, index) => `${name} = ${index}`).join("; const ")};
    function g(${names.join(", ")}) { const all = ${sum}; return all; }`);
  const [mine, theirs] = [interpreted(), run()] as [unknown[], unknown[]];
  expect([mine[0], mine[2]]).toEqual([theirs[0], theirs[2]]);
  for (const args of [[], [1, 2], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]])
    expect(outcome(mine[1] as Call, args)).toEqual(outcome(theirs[1] as Call, args));
});

test("a function calls itself and arrows are kept", () => {
  const { run, interpreted } = both("function f(n) { return n < 2 ? n : f(n - 1) + (() => f(n - 2))(); }");
  expect(outcome(interpreted, [12])).toEqual(outcome(run, [12]));
  const kept = both("function f(n) { const add = (x) => x + n; return add; }");
  const [one, two] = [kept.interpreted(1), kept.interpreted(2)] as [Call, Call];
  expect([one(10), two(10)]).toEqual([11, 12]);
});

test("a property may be called __proto__", () => {
  const { run, interpreted } = both("function f(__proto__, x) { return { __proto__, x }; }");
  expect(outcome(interpreted, [1, 2])).toEqual(outcome(run, [1, 2]));
});

const OPERATORS = ["+", "-", "*", "/", "%", "**", "<", "<=", ">", ">=", "===", "!==", "&&", "||"];
const OPERANDS = ["a", "b", "3", "2.5", "Math.PI", "c[0]", "Math.cos(a)"];

test.each(OPERATORS)("%s of operands of all kinds", (operator) => {
  const pairs = OPERANDS.flatMap((left) =>
    OPERANDS.map((right) => `${left} ${operator} ${right}, (-${left}) ${operator} (-${right})`),
  );
  const { run, interpreted } = both(`function f(a, b, c) { return [${pairs.join(", ")}]; }`);
  for (const args of [
    [2, 3, [5]],
    [-0, 0, [NaN]],
    [1e308, -7.5, [0.1]],
    [Infinity, -Infinity, [-1]],
  ])
    expect(outcome(interpreted, args)).toEqual(outcome(run, args));
});

test.each([
  "a - b - c * d / a % b",
  "(-a) ** b ** c",
  "2 ** -c",
  "a < b ? c : a === b ? b : -d",
  "!(a > b) && c || d",
  "a / b / c",
  "a - (b - c)",
  "1e-7 * .5 + 3. - 1e+3",
])("%s binds as JavaScript does", (text) => {
  const { run, interpreted } = both(`function f(a, b, c, d) { return ${text}; }`);
  const args = [3, 2, -1.5, 0.7];
  expect(outcome(interpreted, args)).toEqual(outcome(run, args));
});
