// Large, deep and senseless sources: an answer or a diagnostic, soon, and never an exception.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateAt, functionsOf, lastOf, read } from "./source.ts";

const MANY = 100_000;
const times = (count: number, line: (index: number) => string, separator = "\n"): string =>
  Array.from({ length: count }, (_, index) => line(index)).join(separator);

describe("large sources", () => {
  test("100,000 statements", () => {
    const fn = lastOf(times(MANY, (index) => `x${index + 1} = sin(x${index}) * 0.5`));
    expect([fn.name, fn.inputs.length, fn.stageNames.size]).toEqual([`x${MANY}`, 1, MANY - 1]);
  }, 60_000);

  test("a sum of 100,000 terms", () => {
    expect(evaluateAt(lastOf(times(MANY, () => "x", " + ")), { x: 1 })).toEqual([MANY]);
  }, 60_000);

  test("a percentage of a percentage, 10,000 times", () => {
    expect(evaluateAt(lastOf("x" + " + 10%".repeat(10_000)), { x: 0 })).toEqual([0]);
  });

  test("100,000 brackets and 100,000 calls in each other", () => {
    expect(lastOf("(".repeat(MANY) + "x" + ")".repeat(MANY)).outputs[0]!.kind).toBe("input");
    expect(evaluateAt(lastOf("abs(".repeat(MANY) + "x" + ")".repeat(MANY)), { x: -3 })).toEqual([3]);
  }, 60_000);

  test.each([59, 60, 61, 119, 120, 121, 10_000])("%d calls of several arguments in each other", (depth) => {
    const fn = lastOf("max(1, x, 2 + ".repeat(depth) + "x" + " - y, 0)".repeat(depth));
    expect(evaluateAt(fn, { x: 0.5, y: 1 })).toEqual([depth + 0.5]);
  });

  test.each([3, 4, 5, 8, 500])("%d remainders in each other, which mathjs reads twice each", (depth) => {
    expect(evaluateAt(lastOf("9 % (4 + ".repeat(depth) + "x" + ")".repeat(depth)), { x: 1 })).toEqual([depth % 2 === 0 ? 1 : 4]);
  });

  test("a mistake deep inside keeps its place", () => {
    const text = "(".repeat(5000) + "x + cm2(y) + 1e999" + ")".repeat(5000);
    const places = read(text).diagnostics.map(({ code, span }) => [code, text.slice(span!.start, span!.end), span!.start]);
    expect(places).toEqual([
      ["WG1101", "cm2", 5004],
      ["WG1209", "1e999", 5013],
    ]);
  });

  test("chains of functions and of stages", () => {
    const chain = times(20_000, (index) => (index === 0 ? "f0(x) = x" : `f${index}(x) = sin(f${index - 1}(x))`));
    expect(functionsOf(chain)).toHaveLength(20_000);
    const shared = times(60, (index) => (index === 0 ? "g0(x) = x" : `g${index}(x) = g${index - 1}(x) * g${index - 1}(x)`));
    expect(evaluateAt(lastOf(shared), { x: 1 })).toEqual([1]);
  }, 60_000);

  test.each([
    ["open brackets", "(".repeat(MANY)],
    ["closed brackets", "]".repeat(MANY)],
    ["signs", "-".repeat(MANY) + "x"],
    ["powers", times(MANY, () => "x", "^")],
    ["cases", "x > 0 ? 1 : ".repeat(MANY) + "x"],
    ["indices", "x[".repeat(MANY) + "1" + "]".repeat(MANY)],
    ["unknown characters", "§".repeat(MANY)],
    ["quotes", "'\"".repeat(MANY)],
    ["unknown names", "f(x) = " + times(MANY, (index) => `k${index}`, " + ")],
    ["unknown functions", times(MANY, (index) => `sigmo${index}(x)`, " + ")],
    ["digits", "1".repeat(MANY)],
  ])("100,000 %s", (_what, text) => expect(read(text).diagnostics.length).toBeGreaterThan(0), 60_000);
});

const PIECES =
  "x y f g 1 2.5 .5 1e3 0x1F 3e 1e+ ( ) ( ) [ ] { } , ; : ? = == != < <= + - * / ^ % ! ' \" . ?. ?? .* & | ~ ^| << >>> " +
  "mod to in and or not xor true NaN i pi param input const sin max log sigmoid floor # cm \u00b7 \u00d7 \u200b \ud835 \0 __proto__ constructor end";
const SOUP = fc
  .array(fc.oneof(fc.constantFrom(...PIECES.split(" ")), fc.constantFrom(" ", "\n", "\r\n", "\t", "")), { maxLength: 60 })
  .map((parts) => parts.join(" "));
const CODE = fc
  .array(
    fc.constantFrom("x", "f(x) = ", "sin(", ")", "2", " + ", "\n", "y", " = ", "[", "]", ", ", "%", "(", "-", " ? ", " : ", ";"),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(""));

describe.each([
  ["any text", fc.string({ unit: "binary", maxLength: 200 })],
  ["tokens", SOUP],
  ["near-code", CODE],
])("%s", (_kind, texts) => {
  test("is read or refused, never thrown at", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const started = performance.now();
        const { functions, diagnostics } = read(text);
        expect(performance.now() - started).toBeLessThan(20_000); // a hang, not a slow machine
        expect(functions.length > 0 || diagnostics.some(({ severity }) => severity === "error")).toBe(true);
        for (const { span } of diagnostics) {
          if (span !== undefined) expect(0 <= span.start && span.start < span.end && span.end <= text.length).toBe(true);
        }
      }),
      { numRuns: 4000, seed: 11 },
    );
  }, 60_000);
});
