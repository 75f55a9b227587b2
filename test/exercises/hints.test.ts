// Hints: the ladder of each blank, and that what each rule says in words is so, held against the numbers of all examples.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hintsFor } from "../../src/exercises/hints.ts";
import { ruleOf, type Claim } from "../../src/exercises/rule-words.ts";
import { shapeOf } from "../../src/exercises/statements.ts";
import { compile } from "../../src/index.ts";
import { lessonsOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { samplePoint } from "../../src/lesson/sample.ts";
import type { Lesson, LessonStep, Measure, Numbers } from "../../src/lesson/types.ts";
import { makeSource, set } from "./made.ts";

const examples = join(import.meta.dirname, "../../examples");
/** Those that take long, or whose result is not a number. */
const LEFT_OUT = /^(categorical|layer\.|camera|spectrum|deep|transformer|convnet|mlp|sequential|digits)/;
const files = readdirSync(examples).filter((name) => /\.math$|\.net\.yaml$/.test(name) && !LEFT_OUT.test(name));
const sources = [
  ...files.map((name) => ({ name, text: readFileSync(join(examples, name), "utf8") })),
  ...set.map(({ entry }) => ({ name: `${entry.name}.math`, text: entry.source })),
  { name: "select.math", text: "f(x, y) = x > y ? x * y : -x\n" },
  { name: "min.math", text: "f(x, y) = 3 * min(x, y) - abs(x) * y\n" },
  { name: "product.math", text: "f(x, y, z) = x * y * z / 4 - (x * y + 1) * z\n" },
  { name: "rows.math", text: "input X [m, 3]\nparam a [3]\nparam s\nu = X .* a - a\nf = sum(u .^ 2) + s * sum(a)\n" },
];

const seen = new Set<Claim>();

describe.each(sources)("$name", ({ name, text }) => {
  const compilation = compile(text, { name, verify: false });

  test("each rule holds for its line", () => {
    expect(compilation.ok).toBe(true);
    lessonsOf(compilation).forEach((lesson) => {
      const index = compilation.functions.findIndex((fn) => fn.name === lesson.name || fn.exports["value"] === lesson.name);
      for (const seed of [1, 2, 3]) {
        const numbers = numbersAt(compilation, samplePoint(compilation, { index, seed }), index);
        for (const step of lesson.steps) {
          if (step.action === "help") continue;
          const { claim, words } = ruleOf(lesson, step);
          seen.add(claim);
          expect(holds(claim, { lesson, step, numbers }), `${step.code.text}: ${words}`).not.toBe(false);
        }
      }
    });
  });
});

test("every kind of rule was met", () => {
  const all: Claim[] = [
    "unchanged",
    "turned",
    "routed",
    "swapped",
    "chain",
    "matrix product",
    "summed",
    "collected",
    "masked",
    "picked",
    "softmax",
  ];
  expect(all.filter((claim) => !seen.has(claim))).toEqual([]);
});

interface Situation {
  readonly lesson: Lesson;
  readonly step: LessonStep;
  readonly numbers: Numbers;
}

/** Whether a claim holds; undefined where the numbers at hand do not tell (arrays too long to be kept whole). */
function holds(claim: Claim, { lesson, step, numbers }: Situation): boolean | undefined {
  const from = step.from ?? lesson.output;
  const own = numbers.steps[step.index]!;
  if (step.local !== undefined) return holdsForNumbers(claim, own.contribution as number, own.upstream!, own.local!);
  const [c, g] = [elements(own.contribution), elements(numbers.gradients[from])];
  const [x, y] = [elements(numbers.values[step.target]), elements(numbers.values[from])];
  if (c === undefined || g === undefined || x === undefined || y === undefined) return undefined;
  const stage = lesson.stages.find(({ number }) => number === step.stage)!;
  const columns = shapeOfMeasure(own.contribution)[1] ?? 1;
  switch (claim) {
    case "unchanged":
      return same(c, g);
    case "turned":
      return same(
        c,
        g.map((each) => -each),
      );
    case "swapped": // stage = x times something, so what x is multiplied by is stage / x
      return g.length === 1
        ? near(dot(c, x), g[0]! * y[0]!)
        : same(
            c.map((each, i) => each * x[i]!),
            g.map((each, i) => each * y[i]!),
          );
    case "matrix product": {
      const others = stage.operands.map((name) => numbers.values[name]!).filter((each) => elements(each) !== undefined);
      if (others.length < stage.operands.length) return undefined;
      return others.some((other) => [...products(numbers.gradients[from]!, other)].some((product) => same(product, c)));
    }
    case "summed":
      return same(
        c,
        Array.from(c, (_, j) => sum(g.filter((_, i) => i % c.length === j))),
      );
    case "collected":
      return stage.op === "mul" ? near(c[0]! * x[0]!, dot(g, y)) : near(Math.abs(sum(c)), Math.abs(sum(g)));
    case "spread":
      return c.every((each) => near(each, c[0]!));
    case "masked":
      return same(
        c,
        g.map((each, i) => (x[i]! > 0 ? each : 0)),
      );
    case "picked":
      return c.every((each) => each === 0 || g.some((other) => near(other, each))) && near(sum(c), sum(g));
    case "softmax": {
      const targets = stage.op === "crossEntropy" ? undefined : elements(numbers.values[stage.operands[1]!]);
      return rows(c, columns).every((row, i) => {
        const scores = rows(x, columns)[i]!;
        return isLessTarget(row, scores, g[i]!, targets && rows(targets, columns)[i]!);
      });
    }
    case "chain":
      return derivative(stage.op, x, y) === undefined
        ? undefined
        : same(
            c,
            derivative(stage.op, x, y)!.map((d, i) => d * g[i]!),
          );
    case "general":
      return undefined;
    case "routed":
      return c.every((each, i) => each === 0 || near(each, g[i]!));
  }
}

function holdsForNumbers(claim: Claim, c: number, g: number, l: number): boolean {
  switch (claim) {
    case "unchanged":
      return near(c, g);
    case "turned":
      return near(c, -g);
    case "routed":
      return near(c, g) || c === 0;
    case "swapped":
    case "chain":
      return near(c, g * l);
    default:
      return false;
  }
}

function derivative(op: string, x: readonly number[], y: readonly number[]): number[] | undefined {
  const rules: Record<string, (x: number, y: number) => number> = {
    square: (each) => 2 * each,
    sigmoid: (_, out) => out * (1 - out),
    tanh: (_, out) => 1 - out * out,
    exp: (_, out) => out,
    log: (each) => 1 / each,
    softplus: (each) => 1 / (1 + Math.exp(-each)),
  };
  const rule = rules[op];
  return rule && x.map((each, i) => rule(each, y[i]!));
}

/** Whether a row of a gradient is the softmax of a row of scores less its targets, or less 1 at one place, times what arrives. */
function isLessTarget(row: readonly number[], scores: readonly number[], arrives: number, targets?: readonly number[]): boolean {
  const powers = scores.map(Math.exp);
  const left = row.map((each, i) => (powers[i]! / sum(powers)) * (targets === undefined ? 1 : sum(targets)) - each / arrives);
  if (targets !== undefined) return same(left, targets);
  return left.filter((each) => near(each, 1)).length === 1 && left.filter((each) => near(each, 0)).length === left.length - 1;
}

function* products(a: Measure, b: Measure): Generator<number[]> {
  const matrices = [a, b].map((each) => ({ shape: matrixShape(each), data: elements(each)! }));
  for (const [p, q] of [matrices, [...matrices].reverse()] as const)
    for (const left of [p!, flipped(p!)])
      for (const right of [q!, flipped(q!)]) if (left.shape[1] === right.shape[0]) yield times(left, right);
}

interface Matrix {
  readonly shape: readonly [number, number];
  readonly data: readonly number[];
}

function matrixShape(measure: Measure): [number, number] {
  const [rows = 1, columns = 1] = shapeOfMeasure(measure);
  return [rows, columns];
}

function flipped({ shape: [rows, columns], data }: Matrix): Matrix {
  return { shape: [columns, rows], data: data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!) };
}

function times(a: Matrix, b: Matrix): number[] {
  const [n, k] = a.shape;
  const m = b.shape[1];
  return Array.from({ length: n * m }, (_, at) =>
    sum(Array.from({ length: k }, (_, i) => a.data[Math.floor(at / m) * k + i]! * b.data[i * m + (at % m)]!)),
  );
}

/** All elements; undefined where they were too many to be kept. */
function elements(measure: Measure | undefined): readonly number[] | undefined {
  if (typeof measure === "number") return [measure];
  if (measure === undefined || typeof measure === "boolean") return undefined;
  return measure.elements.length === measure.shape.reduce((a, b) => a * b, 1) ? measure.elements : undefined;
}

function shapeOfMeasure(measure: Measure): readonly number[] {
  return typeof measure === "object" ? measure.shape : [];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((each, i) => each * b[i]!));
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((each, i) => near(each, b[i]!));
const rows = (values: readonly number[], columns: number): number[][] =>
  Array.from({ length: values.length / columns }, (_, i) => values.slice(i * columns, (i + 1) * columns));

test("the ladder goes from the place to the line, a rule at a time", () => {
  const { exercise } = makeSource("q = x + y\nf = q * z\n", { blanks: "all" });
  expect(exercise.blanks.map((blank) => hintsFor(exercise, blank))).toMatchInlineSnapshot(`
    [
      [
        "This line steps back through stage (2), f = q * z. What arrives there is df, the gradient of f with respect to itself, which is 1.",
        "A product swaps: q receives what arrives, times that which q is multiplied by.",
        "The local gradient is ∂f/∂q = z.",
        "The line: const dq = z;",
      ],
      [
        "This line steps back through stage (2), f = q * z. What arrives there is df, the gradient of f with respect to itself, which is 1.",
        "A product swaps: z receives what arrives, times that which z is multiplied by.",
        "The local gradient is ∂f/∂z = q.",
        "The line: const dz = q;",
      ],
      [
        "This line steps back through stage (1), q = x + y. What arrives there is dq, the gradient of f with respect to q.",
        "A sum hands on what arrives: x receives it unchanged.",
        "The local gradient is ∂q/∂x = 1.",
        "The line: const dx = dq;",
      ],
      [
        "This line steps back through stage (1), q = x + y. What arrives there is dq, the gradient of f with respect to q.",
        "A sum hands on what arrives: y receives it unchanged.",
        "The local gradient is ∂q/∂y = 1.",
        "The line: const dy = dq;",
      ],
    ]
  `);
});

/** What stands beside `name` in a product, read off the text as a reader would: factors up to a plus, a minus or a bracket. */
function factorsBeside(name: string, text: string): string[] {
  const product = text.split(/[()]| [-+] /).find((part) => part.split(" * ").includes(name)) ?? "";
  const factors = product.split(" * ");
  factors.splice(factors.indexOf(name), 1);
  return factors;
}

test("the product that a rule names, taken literally, is the answer", () => {
  const read = { plain: 0, turned: 0 };
  for (const { name, text } of [...sources, ...LITERAL]) {
    const compilation = compile(text, { name, verify: false });
    const lesson = lessonsOf(compilation).at(-1)!;
    const numbers = numbersAt(compilation, samplePoint(compilation));
    for (const step of lesson.steps) {
      const { claim, words } = ruleOf(lesson, step);
      if (claim !== "swapped" || step.local === undefined) continue;
      const stage = lesson.stages.find(({ number }) => number === step.stage)!;
      const factors = factorsBeside(step.target, stage.expression);
      const isTurned = words.includes("with the sign turned");
      read[isTurned ? "turned" : "plain"]++;
      const values = factors.map((factor) => Number(numbers.values[factor] ?? factor.replace(/^-(.*)/, "-$1")));
      const { contribution, upstream } = numbers.steps[step.index]!;
      const literal = values.reduce((a, b) => a * b, (isTurned ? -1 : 1) * upstream!);
      expect(near(literal, contribution as number), `${stage.expression}, ${step.target}: ${words}`).toBe(true);
    }
  }
  expect(read.plain).toBeGreaterThan(20);
  expect(read.turned).toBeGreaterThan(3);
});

const LITERAL = [
  { name: "a.math", text: "f(a, b, c) = c - (a * b + c)\n" },
  { name: "b.math", text: "f(a, b, c) = c - (1 - a * b)\n" },
  { name: "c.math", text: "f(a, b, c) = (a * b - c) / 2\n" },
  { name: "d.math", text: "f(a, b, c) = 3 * a * b - 2 * b * c\n" },
  { name: "e.math", text: "f(a, b, c) = -(a * b * c) + c\n" },
];

test.each([
  ["f(a, b, c, d, e) = e - (a * b + c * d)", "db", /with the sign turned, because the product is subtracted/],
  ["f(x, y) = 3 - 2 * x + y", "dx", /number in front stays in front, and so does the minus/],
  ["f(x, y) = x / 2 + y", "dx", /divided by the same number/],
  ["f(x, y) = y - (3 - x)", "dx", /unchanged/],
  ["f(x, y) = x > y ? x * y : y", "dxy", /A condition decides/],
])("of %s the rule for %s is told for the whole line", (source, adjoint, words) => {
  const compilation = compile(source);
  const lesson = lessonsOf(compilation).at(-1)!;
  const step = lesson.steps.find((each) => each.adjoint === adjoint)!;
  expect(ruleOf(lesson, step).words).toMatch(words);
});

test("max over arrays is told as a route", () => {
  const { exercise } = set[18]!;
  const step = exercise.lesson.steps.find(({ adjoint }) => adjoint === "ddiff")!;
  expect(ruleOf(exercise.lesson, step).words).toBe(
    "max routes, element by element: what arrives goes through where diff + 1 is the larger operand; elsewhere nothing does.",
  );
});

test("at a fork it says which stages read the value, and that the parts are added", () => {
  const { exercise } = makeSource("f(x) = x^2 + sigmoid(x)\n", { blanks: "all" });
  const grown = exercise.blanks.find(({ step }) => step.action === "grow")!;
  expect(hintsFor(exercise, grown)[0]).toMatchInlineSnapshot(
    `"This line steps back through stage (1), xSq = x^2. What arrives there is dxSq, the gradient of f with respect to xSq. x forks, stages (1) and (2) read it: its gradient is the sum of what comes back, and this line adds its part to dx."`,
  );
});

test("no hint but the last gives the line away, and no sentence is left unfinished", () => {
  for (const { exercise } of set) {
    for (const blank of exercise.blanks) {
      const hints = hintsFor(exercise, blank);
      expect(hints.length).toBeGreaterThanOrEqual(3);
      for (const hint of hints.slice(0, -1)) {
        expect(hint).toMatch(/[.?]$/);
        expect(hint).not.toMatch(/undefined|…|\(\)/);
        expect(hint).not.toContain(blank.answer[0]);
      }
      if (shapeOf(exercise.lesson, blank.step.target) !== "") expect(hints[0]).toContain("has the shape of");
    }
  }
});
