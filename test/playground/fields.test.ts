// Inputs as fields: ranges, points that fit, and what the generated function returns for them in every mode and style.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { evaluateAt } from "../../src/compiler.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { make, type Made } from "../../src/playground/worker/compile.ts";
import { completeDirection, completePoint, elementsOf, sizesOf } from "../../src/playground/worker/fields.ts";
import { directedFields, resultsAt } from "../../src/playground/worker/results.ts";
import { USUAL_OPTIONS, type Options, type Point } from "../../src/playground/protocol.ts";

async function made(text: string, options: Partial<Options> = {}): Promise<Made> {
  const result = await make({ text, options: { ...USUAL_OPTIONS, ...options }, index: undefined });
  if (result.kind === "rejected") throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result;
}

test("fields know roles and declared domains, open ends a little inside", async () => {
  const { fields } = await made(
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

test("a point keeps what fits and makes up the rest, always the same", async () => {
  const { fields } = await made("input X [m, 2]\nparam w [2]\nparam b\nf = sum((X * w + b) .^ 2)");
  const sizes = sizesOf(fields, { m: 4, other: 9, n: -1 });
  expect(sizes).toEqual({ m: 4 });
  const point = completePoint(fields, { w: [1, 2], b: 0.5, X: [1, 2, 3] }, sizes);
  expect(point).toMatchObject({ w: [1, 2], b: 0.5 });
  expect(point["X"]).toHaveLength(elementsOf(fields[0]!, sizes));
  expect(completePoint(fields, {}, sizes)["X"]).toEqual(point["X"]);
  expect(completePoint(fields, { constructor: 1, w: 3 }, sizes)["w"]).toHaveLength(2);
});

test.each([{ m: 0 }, { m: 1.5 }, { m: NaN }, { m: 1e9 }])("sizes stay sensible: %o", async (given) => {
  const { m } = sizesOf((await made("input x [m]\nf = sum(x)")).fields, given);
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
    [
      { mode: "jvp", wrt: ["x", "gone"] },
      { f: [[value]], vf: [[dx]] },
    ],
  ])("%o", async (options, expected) => {
    const all = await made(text, options);
    const found = Object.fromEntries(resultsAt(all, callAt(all, at)).map(({ name, rows }) => [name, rows]));
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, rows] of Object.entries(expected))
      rows.flat().forEach((number, index) => expect(found[name]!.flat()[index]).toBeCloseTo(number, 12));
    expect(evaluateAt((await made(text)).shown, at).value).toBeCloseTo(value, 12);
  });

  const examples = join(import.meta.dirname, "../../examples");
  const modes = (text: string): Options["mode"][] =>
    /^\[|tanh\(W \* x/m.test(text) ? ["jacobian", "jvp"] : ["grad", "jvp", "hvp", "hessian"];
  test.each(readdirSync(examples).filter((name) => name.endsWith(".math")))("%s answers in every mode", async (name) => {
    const source = readFileSync(join(examples, name), "utf8");
    for (const mode of modes(source)) {
      const result = await make({ text: source, options: { ...USUAL_OPTIONS, mode }, index: undefined });
      if (result.kind === "rejected") throw new Error(`${mode}: ${result.diagnostics[0]?.message}`);
      const rows = resultsAt(result, callAt(result, {})).flatMap((each) => each.rows.flat());
      expect(rows.length, mode).toBeGreaterThan(1);
      expect(
        rows.every((number) => Number.isFinite(number)),
        mode,
      ).toBe(true);
    }
  });

  test("a direction may be any; its components are 1 until somebody says otherwise", async () => {
    const jvp = await made(text, { mode: "jvp" });
    const along = (direction: Point): number => resultsAt(jvp, { ...callAt(jvp, at), direction })[1]!.rows[0]![0]!;
    const directed = directedFields(jvp.fn, jvp.fields);
    expect(along(completeDirection(directed, { x: 2, y: -1, other: 3 }, {}))).toBeCloseTo(2 * dx - dy, 12);
    expect(completeDirection(directed, { y: 0.5 }, {})).toEqual({ x: 1, y: 0.5 });
    const plain = await made(text);
    expect(directedFields(plain.fn, plain.fields)).toEqual([]);
  });

  test("a tie is split where that is asked for", async () => {
    const at = { x: 2, y: 2 };
    const gradient = async (ties: Options["ties"]): Promise<number[]> => {
      const all = await made("f(x, y) = max(x, y)", { ties });
      return resultsAt(all, callAt(all, at)).flatMap(({ rows }) => rows.flat());
    };
    expect(await gradient("each")).toEqual([2, 1, 1]);
    expect(await gradient("split")).toEqual([2, 0.5, 0.5]);
  });

  test("of large ones the page gets the first rows and columns, and how many there are", async () => {
    const all = await made("param X [100, 50]\nf = sum(X .* X)");
    const [, dX] = resultsAt(all, callAt(all, {}));
    expect(dX!.size).toEqual([100, 50]);
    expect(dX!.rows.map(({ length }) => length)).toEqual(Array(12).fill(12));
  });
});

test("a network is a source like others: its own initial parameters, data that fits, the numbers of each line", async () => {
  const text = "input: [batch, 2]\nlayers:\n  - dense: 2\n  - sigmoid\n  - dense: 1\ninit: xavier\nloss: mse\n";
  const all = await made(text, { kind: "network" });
  expect(all.fields.map(({ name, role }) => `${role} ${name}`)).toEqual([
    "param W1",
    "param b1",
    "param W2",
    "param b2",
    "input X",
    "input y",
  ]);
  const point = completePoint(all.fields, { b2: [0.5], X: [1] }, { batch: 3 }, all.start);
  expect(point).toMatchObject({ W1: all.start["W1"], b2: [0.5] });
  expect(point["X"]).toHaveLength(6);
  const { told } = all;
  const numbers = numbersAt(told!.compilation, point);
  expect(told!.lesson.stages.at(-1)!.variable).toBe("loss");
  expect(numbers.value).toBeGreaterThan(0);
  expect(Object.keys(numbers.gradients)).toEqual(expect.arrayContaining(["W1", "b1", "W2", "b2"]));
});

/** Everything that is not given as the page makes it up. */
function callAt({ fn, fields }: Made, given: Point) {
  const sizes = sizesOf(fields, {});
  return {
    point: completePoint(fields, given, sizes),
    direction: completeDirection(directedFields(fn, fields), {}, sizes),
    sizes,
  };
}
