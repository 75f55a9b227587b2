// Inputs as fields: ranges, points that fit, and what the generated function returns for them in every mode and style.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { evaluateAt } from "../../src/compiler.ts";
import { make, type Made } from "../../src/playground/worker/compile.ts";
import { completePoint, elementsOf, sizesOf } from "../../src/playground/worker/fields.ts";
import { resultsAt } from "../../src/playground/worker/results.ts";
import type { Options } from "../../src/playground/protocol.ts";

const USUAL: Options = { mode: "grad", style: "staged", precision: "f64" };

function made(text: string, options: Partial<Options> = {}): Made {
  const result = make({ text, options: { ...USUAL, ...options }, index: undefined });
  if (result.kind === "rejected") throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result;
}

test("fields know roles and declared domains, open ends a little inside", () => {
  const { fields } = made(
    "param p in [0, 1]\nparam s > 0\ninput X [m, 3]\ninput y [m] integer below 4\nconst a\nf = a * p * s * sum(X) + sum(y)",
  );
  expect(fields.map(({ name, role, domain, below }) => ({ name, role, domain, below }))).toEqual([
    { name: "p", role: "param", domain: [0, 1], below: undefined },
    { name: "s", role: "param", domain: [0.01, 10], below: undefined },
    { name: "X", role: "input", domain: undefined, below: undefined },
    { name: "y", role: "input", domain: undefined, below: 4 },
    { name: "a", role: "const", domain: undefined, below: undefined },
  ]);
});

test("a point keeps what fits and makes up the rest, always the same", () => {
  const { fields } = made("input X [m, 2]\nparam w [2]\nparam b\nf = sum((X * w + b) .^ 2)");
  const sizes = sizesOf(fields, { m: 4, other: 9, n: -1 });
  expect(sizes).toEqual({ m: 4 });
  const point = completePoint(fields, { w: [1, 2], b: 0.5, X: [1, 2, 3] }, sizes);
  expect(point).toMatchObject({ w: [1, 2], b: 0.5 });
  expect(point["X"]).toHaveLength(elementsOf(fields[0]!, sizes));
  expect(completePoint(fields, {}, sizes)["X"]).toEqual(point["X"]);
  expect(completePoint(fields, { constructor: 1, w: 3 }, sizes)["w"]).toHaveLength(2);
});

test.each([{ m: 0 }, { m: 1.5 }, { m: NaN }, { m: 1e9 }])("sizes stay sensible: %o", (given) => {
  const { m } = sizesOf(made("input x [m]\nf = sum(x)").fields, given);
  expect(m).toBeGreaterThanOrEqual(1);
  expect(m).toBeLessThanOrEqual(64);
});

describe("results", () => {
  const text = "f(x, y) = x * sin(y) + x^2";
  const at = { x: 1.5, y: -0.5 };
  const [dx, dy] = [Math.sin(-0.5) + 3, 1.5 * Math.cos(-0.5)];
  const hessian = [
    [2, Math.cos(-0.5)],
    [Math.cos(-0.5), 1.5 * Math.sin(0.5)],
  ];
  const value = 1.5 * Math.sin(-0.5) + 2.25;

  test.each<[Partial<Options>, Record<string, number[][]>]>([
    [{}, { f: [[value]], dx: [[dx]], dy: [[dy]] }],
    [{ style: "fast" }, { f: [[value]], dx: [[dx]], dy: [[dy]] }],
    [
      { mode: "hessian", style: "tidy" },
      { f: [[value]], dx: [[dx]], dy: [[dy]], H: hessian },
    ],
    [{ mode: "jvp" }, { f: [[value]], vf: [[dx + dy]] }],
  ])("%o", (options, expected) => {
    const all = made(text, options);
    const found = Object.fromEntries(resultsAt(all, at, {}).map(({ name, rows }) => [name, rows]));
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, rows] of Object.entries(expected))
      rows.flat().forEach((number, index) => expect(found[name]!.flat()[index]).toBeCloseTo(number, 12));
    expect(evaluateAt(made(text).shown, at).value).toBeCloseTo(value, 12);
  });

  const examples = join(import.meta.dirname, "../../examples");
  const modes = (text: string): Options["mode"][] =>
    /^\[|tanh\(W \* x/m.test(text) ? ["jacobian", "jvp"] : ["grad", "jvp", "hvp", "hessian"];
  test.each(readdirSync(examples).filter((name) => name.endsWith(".math")))("%s answers in every mode", (name) => {
    const source = readFileSync(join(examples, name), "utf8");
    for (const mode of modes(source)) {
      const result = make({ text: source, options: { ...USUAL, mode }, index: undefined });
      if (result.kind === "rejected") throw new Error(`${mode}: ${result.diagnostics[0]?.message}`);
      const sizes = sizesOf(result.fields, {});
      const rows = resultsAt(result, completePoint(result.fields, {}, sizes), sizes).flatMap((each) => each.rows.flat());
      expect(rows.length, mode).toBeGreaterThan(1);
      expect(
        rows.every((number) => Number.isFinite(number)),
        mode,
      ).toBe(true);
    }
  });
});
