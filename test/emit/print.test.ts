// The printer lays code out as prettier does, so that prettier need not run on what users get; and text means what the tree means.

import fc from "fast-check";
import * as prettier from "prettier";
import { expect, test } from "vitest";
import { parseExpression, type BinaryOperator, type Expression } from "../../src/core/syntax.ts";
import { LINE_WIDTH, printExpression, printStatement } from "../../src/emit/typescript/print.ts";

const name = fc
  .constantFrom("x", "y", "sigX", "aRatherLongStageName", "another_quite_long_name")
  .map((text): Expression => ({ kind: "name", name: text }));
const number = fc.constantFrom(0, 1, 2, 0.5, 1e-10, 1e21, 123.25).map((value): Expression => ({ kind: "number", value }));
const operators: readonly BinaryOperator[] = ["+", "-", "*", "/", "**", "+", "*"];

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    name,
    number,
    fc.record({
      kind: fc.constant("binary" as const),
      operator: fc.constantFrom(...operators),
      left: tie("expression"),
      right: tie("expression"),
    }),
    fc.record({ kind: fc.constant("unary" as const), operator: fc.constant("-" as const), operand: tie("expression") }),
    fc.record({
      kind: fc.constant("call" as const),
      callee: fc.constantFrom("Math.exp", "erf"),
      args: fc.tuple(tie("expression")),
    }),
    fc.record({
      kind: fc.constant("conditional" as const),
      test: fc.record({
        kind: fc.constant("binary" as const),
        operator: fc.constantFrom(">" as const, "<=" as const),
        left: name,
        right: number,
      }),
      yes: tie("expression"),
      no: tie("expression"),
    }),
  ),
}));

test("what is printed reads back as the same tree", () => {
  const check = fc.property(expression, (tree) => {
    expect(parseExpression(printExpression(tree))).toEqual(tree);
  });
  fc.assert(check, { numRuns: 500 });
});

test("prettier changes nothing on a line that fits", async () => {
  await fc.assert(
    fc.asyncProperty(expression, async (tree) => {
      const line = printStatement("const value = ", tree, "");
      fc.pre(line.length <= LINE_WIDTH);
      expect(await prettier.format(line, { parser: "typescript", printWidth: LINE_WIDTH })).toBe(`${line}\n`);
    }),
    { numRuns: 400 },
  );
});

const long = (count: number, operator: string): string =>
  Array.from({ length: count }, (_, index) => `someLongStageName${index}`).join(` ${operator} `);

test.each([
  ["a sum that fits the next line", long(4, "+")],
  ["a sum that does not", long(8, "+")],
  ["differences", long(8, "-")],
  ["products", long(7, "*")],
  ["a call", `Math.max(${long(6, ",").replaceAll(" ,", ",")})`],
  ["a sum of products", `${long(3, "*")} + ${long(3, "*")} + ${long(2, "*")}`],
])("prettier changes nothing on %s", async (_, text) => {
  const printed = printStatement("const value = ", parseExpression(text), "  ");
  const inFunction = (body: string): string => `function f() {\n${body}\n}\n`;
  expect(await prettier.format(inFunction(printed), { parser: "typescript", printWidth: LINE_WIDTH })).toBe(inFunction(printed));
});
