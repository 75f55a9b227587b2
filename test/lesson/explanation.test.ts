// What explanations say: of every example in every format, with the numbers of the lesson, and with every formula readable by KaTeX.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import katex from "katex";
import { beforeAll, describe, expect, it } from "vitest";
import { compileNetwork } from "../../src/compiler/network-source.ts";
import { compile } from "../../src/compiler.ts";
import type { Compilation } from "../../src/compiler/types.ts";
import { explanationOf } from "../../src/lesson/explanation/explanation.ts";
import { explanationFragment } from "../../src/lesson/explanation/html.ts";
import { derivationLatex } from "../../src/lesson/explanation/latex.ts";
import { explanationMarkdown } from "../../src/lesson/explanation/markdown.ts";
import { loadMath, type RenderMath } from "../../src/lesson/explanation/math.ts";
import { surroundingsOf } from "../../src/lesson/explanation/surroundings.ts";
import type { Block, Explanation } from "../../src/lesson/explanation/types.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { samplePoint } from "../../src/lesson/sample.ts";
import type { Lesson, LessonPoint, Numbers } from "../../src/lesson/types.ts";

const examples = resolve(import.meta.dirname, "../../examples");
const SOURCES = readdirSync(examples).filter((name) => /\.(math|net\.yaml)$/.test(name) && !/^(categorical|layer)\./.test(name)); // lists have no gradient

function compileExample(name: string): Compilation {
  const text = readFileSync(resolve(examples, name), "utf8");
  return name.endsWith(".math") ? compile(text, { verify: false }) : compileNetwork(text, { name, verify: false });
}

function tell(
  text: string,
  point?: LessonPoint,
): { lesson: Lesson; numbers: Numbers | undefined; explanation: Explanation; markdown: string } {
  const compilation = compile(text, { verify: false });
  const lesson = lessonOf(compilation);
  const numbers = point && numbersAt(compilation, point);
  const surroundings = point && surroundingsOf(compilation, point, numbers!);
  const explanation = explanationOf(lesson, numbers, { surroundings });
  return { lesson, numbers, explanation, markdown: explanationMarkdown(explanation) };
}

let math: RenderMath;
beforeAll(async () => void (math = await loadMath()));

describe.each(SOURCES)("%s", (name) => {
  const compilation = compileExample(name);
  const lesson = lessonOf(compilation);
  const numbers = numbersAt(compilation, samplePoint(compilation));

  it.each([
    ["with numbers", numbers],
    ["without", undefined],
  ])("is told in every format, %s", (_, given) => {
    const explanation = explanationOf(lesson, given);
    const markdown = explanationMarkdown(explanation);
    const html = explanationFragment(explanation, { math });
    for (const text of [markdown, html, derivationLatex(lesson)]) expect(text).not.toMatch(/undefined|\[object|adjoint of/);
    expect(markdown).not.toMatch(/`[^`\n]*\\[a-z]+/i); // no LaTeX in code spans
    expect(markdown.match(/^## .*/gm)).toEqual(expect.arrayContaining(["## Forward, first stage first", "## The gradient"]));
  });

  it("tells every stage and step once, with its line of code as it stands there", () => {
    const blocks = explanationOf(lesson, numbers, { all: true }).sections.flatMap((section) => section.blocks);
    const stages = blocks.flatMap((block) => (block.kind === "stage" ? [block] : []));
    const steps = blocks.flatMap((block) => (block.kind === "backward" ? block.steps : []));
    expect(stages.map(({ number }) => number)).toEqual(lesson.stages.map(({ number }) => number));
    expect(steps.map(({ index }) => index)).toEqual(lesson.steps.map(({ index }) => index));
    const lines = compilation.code.split("\n");
    for (const { code } of [...stages, ...steps]) {
      const there = lines.slice(code.first - 1, code.last).map((line) => line.slice(2));
      code.text.split("\n").forEach((line, index) => expect(there[index]).toContain(line));
    }
  });

  it("prints rows of LaTeX that KaTeX reads", () => {
    const displays = derivationLatex(lesson).match(/\\begin\{align\*\}[\s\S]*?\\end\{align\*\}/g) ?? [];
    expect(displays.length).toBeGreaterThan(0);
    for (const display of displays) katex.renderToString(display, { displayMode: true, throwOnError: true, strict: "error" });
  });
});

const S7 = "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)";

describe("numbers put in", () => {
  const { lesson, numbers, explanation, markdown } = tell(S7, { x: 3, y: -4 });

  it("are those of the lesson", () => {
    const steps = explanation.sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === "backward" ? block.steps : []));
    expect(steps.length).toBe(lesson.steps.length);
    for (const { index, formula } of steps)
      expect(lastNumber(formula.text)).toBeCloseTo(numbers!.steps[index]!.contribution as number, 2);
    for (const [variable, value] of Object.entries(numbers!.values)) {
      const shown = explanation.sections
        .flatMap(({ blocks }) => blocks)
        .find((block) => block.kind === "stage" && block.formula.text.startsWith(`${variable} = `));
      if (shown?.kind === "stage") expect(lastNumber(shown.formula.text)).toBeCloseTo(value as number, 2);
    }
  });

  /** Every equality between numbers in a formula holds, to the digits shown. */
  it("make true equations", () => {
    const formulas = [...markdown.matchAll(/`([^`]+)`/g)].map(([, text]) => text!).filter((text) => text.includes(" = "));
    let checked = 0;
    for (const formula of formulas) {
      const sides = formula
        .split(/ \+?= /)
        .map(evaluate)
        .filter((value) => value !== undefined);
      for (const side of sides.slice(1)) expect(side, formula).toBeCloseTo(sides[0]!, 2);
      checked += Math.max(0, sides.length - 1);
    }
    expect(checked).toBeGreaterThan(15);
  });

  it.each([
    [
      "a sum at a fork",
      "`x` forks into (2), (3) and (4), so its gradient is the sum of what comes back: `dx = 1.583 − 0.03576 + 0.5121 = 2.06`",
    ],
    [
      "the chain rule in symbols, names and numbers",
      "`dxPlusY = dxPlusYSq · ∂xPlusYSq/∂xPlusY = dxPlusYSq · 2 · xPlusY = −0.7916 · 2 · (−1) = 1.583`, since (u²)′ = 2u",
    ],
    ["a local gradient", "`∂invDen/∂den = −1 / den² = −1 / 1.953² = −0.2623`, since (1/u)′ = −1/u²"],
    ["the line of code", "line 44: `const dxPlusY = 2 * xPlusY * dxPlusYSq;`"],
    ["the last stage, where 1 arrives", "`dnum = ∂f/∂num = invDen = 0.5121`"],
    ["what distributes", "(4) gives `1.583` to `x` and `y`"],
    ["what swaps", "at (8) `num` receives it times `invDen = 0.5121` and `invDen` receives it times `num = 3.018`"],
    ["what scales", "(5) by `2 · xPlusY = −2`"],
  ])("tell %s", (_, text) => expect(markdown).toContain(text));
});

/** The number at the end of a formula. */
function lastNumber(text: string): number {
  return Number(/([−\d.e]+)$/.exec(text)![1]!.replaceAll("−", "-"));
}

/** A formula of numbers alone; undefined where a name is in it. */
function evaluate(text: string): number | undefined {
  if (/[\p{L}∂]/u.test(text.replace(/\de−?\d/g, "")) && !/^sigmoid\([−\d.]+\)$/.test(text)) return undefined;
  const source = text
    .replaceAll("−", "-")
    .replaceAll("·", "*")
    .replaceAll("²", "**2")
    .replace(/-([\d.]+)\*\*2/g, "-($1**2)");
  return new Function("sigmoid", `return ${source}`)((x: number) => 1 / (1 + Math.exp(-x))) as number;
}

describe("the reading of the flow", () => {
  it.each<[string, string, LessonPoint, string]>([
    ["max", "max(x, y)", { x: 4, y: 2 }, "at (1) all of `1` goes to `x`, the larger, nothing to `y`"],
    ["min", "min(x, y) * 3", { x: 4, y: 2 }, "at (1) all of `3` goes to `y`, the smaller, nothing to `x`"],
    ["a tie", "max(x, y)", { x: 2, y: 2 }, "at (1) all of `1` goes to each of `x` and `y` (a tie)"],
    ["relu, open", "relu(x) * 2", { x: 2 }, "at (1) all of `2` goes to `x`, which is positive"],
    ["relu, shut", "relu(x) * 2", { x: -2 }, "at (1) nothing passes to `x`"],
    ["a tie with a number", "max(x, 1)", { x: 1 }, "at (1) all of `1` goes to `x` (a tie)"],
    ["min by its own name", "min(x, y)", { x: 1, y: 2 }, "Min routes: all that arrives goes to the smallest operand"],
    ["a sign", "-x", { x: 1 }, "A sign turns what arrives: (1) gives `1`, with its sign turned, to `x`."],
    ["one gate alone", "sin(x)", { x: 1 }, "- This gate scales what arrives by its local gradient: (1)"],
    ["a difference", "(x - y)^2", { x: 3, y: 1 }, "(1) gives `4` to `x` and, with the sign turned, to `y`"],
    ["a factor that is a number", "2 * sin(x)", { x: 1 }, "(2) by `2`"],
  ])("%s", (_, text, point, told) => expect(tell(text, point).markdown).toContain(told));

  it("says what stands in the gradient where nothing flows", () => {
    expect(tell("f(x, y) = floor(x) + y").markdown).toMatch(/∂f\/∂x` *\| 0: nothing flows there/);
  });
});

const SMALL_STEPS = /small step|moves/;

describe("where there is no derivative", () => {
  it.each<[string, string, LessonPoint, readonly string[]]>([
    [
      "abs at 0",
      "abs(y)",
      { y: 0 },
      [
        "`y` is 0, where `abs` bends",
        "abs′(0) = 0",
        "upwards `f` changes by `1` per unit of `y`, downwards by `−1`",
        "| `0.01` ",
      ],
    ],
    [
      "relu at 0",
      "3 * relu(x)",
      { x: 0 },
      ["relu′(0) = 0", "upwards `f` changes by `3`", "downwards by `0`; the code gives `0`"],
    ],
    ["floor at a whole number", "floor(x)", { x: 2 }, ["`floor` jumps at whole numbers", "`f` jumps here as `x` changes"]],
    ["a power of 0 at 0", "x^y", { x: 0, y: 0 }, ["`f` jumps here as `y` changes", "| `−1` "]],
    [
      "a tie",
      "max(x, y)",
      { x: 1, y: 1 },
      ["`x` and `y` tie", "local gradient 1", "By `x` there is no derivative", "By `y` there is no derivative"],
    ],
    ["a tie with a number", "max(x, 1)", { x: 1 }, ["`x` and `1` tie", "By `x` there is no derivative"]],
    [
      "a condition at equality",
      "x > 1 ? x : 2 - x",
      { x: 1 },
      ["`x` and `1` are equal, where the condition changes", "By `x` there is no derivative"],
    ],
    ["an edge", "log(x)^0 * asin(x)", { x: 1 }, ["derivative does not exist"]],
    ["a slope that the conventions miss", "relu(x) - relu(-x)", { x: 0 }, ["has the slope `1` here, but the code gives `0`"]],
    ["outside of the domain", "log(x)", { x: -1 }, ["`log` is not defined here", "its value is NaN"]],
    ["a division by 0", "x / y", { x: 1, y: 0 }, ["`invY` is infinite", "`f` is infinite at this point"]],
    ["an infinite slope", "sqrt(x)", { x: 0 }, ["By `x` the derivative does not exist at this point"]],
  ])("says so: %s", (_, text, point, told) => {
    const { markdown } = tell(text, point);
    for (const each of told) expect(markdown).toContain(each);
    const [, result] = markdown.split("## The gradient");
    expect(result).not.toMatch(SMALL_STEPS);
  });

  it.each<[string, string, LessonPoint]>([
    ["a corner that is squared away", "abs(x) * x + y", { x: 0, y: 1 }],
    ["a minimum", "x^2", { x: 0 }],
    ["a steep place", "exp(20 * x)", { x: 1 }],
    ["a large number", "1e8 + x", { x: 1 }],
    ["a high frequency", "sin(300 * x)", { x: 0.1 }],
    ["the sum of many", "tanh(x) + x^3 / 7 + sqrt(x)", { x: 0.5 }],
  ])("and not where there is one: %s", (_, text, point) => {
    const [, result] = tell(text, point).markdown.split("## The gradient");
    expect(result).toMatch(SMALL_STEPS);
    expect(result).not.toMatch(/no derivative|convention|slope/);
  });

  it("says which convention --ties split takes", () => {
    const compilation = compile("max(x, y)", { verify: false, ties: "split" });
    const point = { x: 1, y: 1 };
    const numbers = numbersAt(compilation, point);
    const surroundings = surroundingsOf(compilation, point, numbers);
    const markdown = explanationMarkdown(explanationOf(lessonOf(compilation), numbers, { surroundings }));
    expect(markdown).toContain("those that tie share the gradient equally");
    expect(markdown).toMatch(/\| `0\.5` \| `0\.005` +\| `0\.01` /);
  });

  it("tells of a kink nearby", () => {
    expect(tell("relu(x)", { x: 0.004 }).markdown).toContain("`x` is close to 0, where `relu` bends, `0.004` away");
    expect(tell("relu(x)", { x: 0.5 }).markdown).not.toContain("corner");
  });
});

it("an input handed on goes by the function's name", () => {
  const { markdown } = tell("f(x) = x", { x: 3 });
  expect(markdown).toContain("`f = 3` at `x = 3`");
  expect(markdown).toContain("`∂f/∂x`");
});

describe("what was rewritten", () => {
  it("tells what became of a name that is gone", () => {
    const source = "input y\nz = w * x\na = sigmoid(z)\nL = -(y * log(a) + (1 - y) * log(1 - a))";
    const lesson = lessonOf(compile(source, { verify: false }));
    const markdown = explanationMarkdown(explanationOf(lesson, undefined, { assigned: ["z", "a", "L"] }));
    expect(markdown).toContain("`a` has no stage any more");
    expect(markdown).not.toContain("log 0 becomes");
  });

  it("is told before and after, with the class and the reason", () => {
    const { markdown } = tell("1 / (1 + exp(-x))");
    expect(markdown).toContain("`1 / (1 + exp(-x))` became `sigmoid(x)`, by the rule `sigmoid` (stabilising)");
    expect(markdown).toMatch(/the same function of real numbers.*Why: /);
  });
});

describe("tensors", () => {
  const text = (name: string): string => {
    const compilation = compileExample(name);
    return explanationMarkdown(explanationOf(lessonOf(compilation), numbersAt(compilation, samplePoint(compilation))));
  };

  it.each([
    [
      "two-layer.math",
      "`dZ1 = dH · W2ᵀ`, [m, 3] by [3, 4], has the shape of `Z1`; `dW2 = Z1ᵀ · dH`, [4, m] by [m, 3], has the shape of `W2`",
    ],
    ["two-layer.math", "here 4 of 8 elements pass"],
    ["two-layer.math", "every term has the local gradient `1 / m`"],
    [
      "two-layer.math",
      "p is the softmax of `H`, y is onehot(`y`): 1 at the class that `y` names, counted from 0, and 0 elsewhere",
    ],
    ["two-layer.math", "`dH = (softmax(H) − onehot(y)) / m`"],
    ["two-layer.math", "data: class indices, counted from 0"],
    ["svm.math", "(2) uses `b` of shape [3] throughout [n, 3]"],
    ["deep-sigmoid.net.yaml", "(6) to (35) repeat the block (3) to (5) 10 times more"],
    ["deep-sigmoid.net.yaml", "(35) back to (6) go as (5) back to (3) do, below."],
    ["residual.net.yaml", "(18) to (47) repeat the block (3) to (17) 2 times more"],
    ["lstm.net.yaml", "(22) to (65) repeat the block (11) to (21) 4 times more"],
  ])("%s: %s", (name, told) => expect(text(name)).toContain(told));

  it.each([
    [
      "param w[2]\nparam x[2]\nf = sum(w .* x)^2",
      "_(2) back through `sumWTimesX`: no line of its own; a sum hands what arrives to every term",
    ],
    ["param A[2, 2]\nparam b[2]\nf = sum(solve(A, b))", "- `AT = Aᵀ`"],
    ["param A[2, 2]\nparam b[2]\nf = sum(solve(A, b))", "- `db = solve(AT, 1)`, since"],
  ])("%s: %s", (source, told) => expect(tell(source).markdown).toContain(told));

  it("are counted right: what passes a relu", () => {
    const compilation = compileExample("two-layer.math");
    const numbers = numbersAt(compilation, samplePoint(compilation));
    const { elements } = numbers.values["Z1"] as { elements: readonly number[] };
    expect(elements.filter((element) => element > 0)).toHaveLength(4);
  });
});

describe("a long function", () => {
  const lines = (count: number, line: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => line(at)).join("\n");

  it("that repeats is told once", () => {
    const { lesson, explanation } = tell(lines(2000, (at) => `s${at + 1} = sin(s${at}) * 1.01`));
    expect(lesson.stages.length).toBe(4000);
    expect(explanationMarkdown(explanation).length).toBeLessThan(5000);
  });

  it("that does not is told from both ends", () => {
    const names = ["sin", "cos", "tanh", "exp", "sigmoid"];
    const source = lines(
      400,
      (at) =>
        `s${at + 1} = ${names[(at * at * 7 + (at >> 2)) % 5]!}(s${at} * ${1 + ((at * 37) % 11) / 10}) + s${(at * 13) % (at + 1)}`,
    );
    const { lesson, explanation } = tell(source);
    const shown = explanation.sections.flatMap(({ blocks }) => blocks).filter(({ kind }) => kind === "stage").length;
    expect(lesson.stages.length).toBeGreaterThan(400);
    expect(shown).toBeLessThanOrEqual(80);
    expect(explanation.sections.flatMap(({ blocks }) => blocks).some(isFolded)).toBe(true);
    const all = explanationOf(lesson, undefined, { all: true }).sections.flatMap(({ blocks }) => blocks);
    expect(all.some(isFolded)).toBe(false);
  });

  it("does not confuse stages that only look alike", () => {
    const { explanation } = tell(lines(30, (at) => `s${at + 1} = sin(s${at % 3 === 0 ? 0 : at}) + s${at}`));
    const blocks = explanation.sections.flatMap((section) => section.blocks);
    const folds = blocks.flatMap((block) => (block.kind === "folded" && "prose" in block ? [block.prose.join("")] : []));
    for (const fold of folds) expect(fold).not.toMatch(/^\(2\) /);
  });
});

function isFolded(block: Block): boolean {
  return block.kind === "folded";
}

it.each([
  ["staged.math", { x: 3, y: -4 }, undefined],
  ["two-layer.math", undefined, "a sample point (seed 1)"],
] as const)("the explanation of %s reads as reviewed", async (name, point, named) => {
  const compilation = compileExample(name);
  const lesson = lessonOf(compilation);
  const numbers = numbersAt(compilation, point ?? samplePoint(compilation));
  const surroundings = point && surroundingsOf(compilation, point, numbers);
  const markdown = explanationMarkdown(explanationOf(lesson, numbers, named === undefined ? { surroundings } : { point: named }));
  await expect(markdown).toMatchFileSnapshot(`../../generated/${name.replace(".math", "")}.explained.md`);
});
