// Lessons tell what is: every line of the code, and numbers that the chain rule connects and that the code itself answers.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileNetwork } from "../../src/compiler/network-source.ts";
import { compile, evaluateAt, load, type Compilation } from "../../src/index.ts";
import { lessonOf, lessonsOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { samplePoint } from "../../src/lesson/sample.ts";
import type { Lesson, Measure, Numbers, TensorMeasure } from "../../src/lesson/types.ts";

const folder = join(import.meta.dirname, "../../examples");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const files = readdirSync(folder).filter((name) => /\.(math|net\.yaml)$/.test(name));

/** Vector-valued sources have a Jacobian only, which has stages over tensors alone. */
function compiled(name: string): Compilation | undefined {
  if (name.endsWith(".net.yaml")) return compileNetwork(read(name), { verify: false });
  const gradient = compile(read(name), { verify: false });
  return gradient.ok ? gradient : undefined;
}

const sizeOf = (measure: Measure): number => (typeof measure === "object" ? measure.norm : Math.abs(Number(measure)));
const elementsOf = (measure: Measure): readonly number[] => (typeof measure === "object" ? measure.elements : [Number(measure)]);

const lessons = files.flatMap((name) => {
  const compilation = compiled(name);
  return compilation === undefined ? [] : lessonsOf(compilation).map((lesson, index) => ({ name, compilation, lesson, index }));
});

describe.each(lessons)("$name, $lesson.name", ({ compilation, lesson, index }) => {
  const at = samplePoint(compilation, { index });
  const numbers = numbersAt(compilation, at, index);
  const { derivation } = compilation.functions[index]!;

  it("stands in the code where it says", () => {
    const lines = compilation.code.split("\n");
    for (const { code } of [...lesson.stages, ...lesson.steps]) {
      const shown = lines.slice(code.first, code.last + 1).join("\n");
      const statements = code.text.split("\n").map((line) => line.trim());
      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) expect(shown).toContain(statement);
    }
    for (const { adjoint, code } of lesson.steps) expect(code.text).toContain(adjoint);
    for (const { variable, code } of lesson.stages) expect(code.text).toContain(`const ${variable} =`);
  });

  it("reads only what came before", () => {
    const known = new Set(lesson.inputs.map(({ variable }) => variable));
    for (const { variable, operands } of lesson.stages) {
      for (const operand of operands) expect(known, `${variable} reads ${operand}`).toContain(operand);
      known.add(variable);
    }
    expect(known).toContain(lesson.output);
    const adjoints = new Set([lesson.seed]);
    for (const { upstream, adjoint } of lesson.steps) {
      expect(adjoints).toContain(upstream);
      adjoints.add(adjoint);
    }
  });

  it("writes everything out", () => {
    const texts = [...lesson.stages, ...lesson.steps].flatMap(({ expression, latex }) => [expression, latex]);
    for (const text of texts) expect(text).toMatch(/^(?!.*(undefined|…|NaN)).+$/s);
  });

  it("gives every stage a value and every input the gradient that the code answers", () => {
    for (const { variable } of lesson.stages) expect(sizeOf(numbers.values[variable]!)).toBeGreaterThanOrEqual(0);
    const answers = gradientsByCode(compilation, index, at);
    const wrt = lesson.inputs.filter((input) => input.wrt);
    expect(Object.keys(answers).length).toBe(wrt.length);
    for (const { variable, name } of wrt) {
      const told = elementsOf(numbers.gradients[variable]!);
      expect(told).toEqual(Array.from(answers[name]!).slice(0, told.length));
    }
  });

  it("adds contributions up to gradients", () => {
    for (const [target, steps] of byTarget(lesson)) {
      const total = numbers.gradients[target]!;
      elementsOf(total).forEach((element, i) => {
        const sum = steps.reduce((so, step) => so + elementsOf(numbers.steps[step]!.contribution)[i]!, 0);
        expect(sum).toBeCloseTo(element, 8);
      });
    }
  });

  it("multiplies what arrives by the local gradient", () => {
    for (const { index: step, local } of lesson.steps) {
      if (local === undefined) continue;
      const { upstream, local: factor, contribution } = numbers.steps[step]!;
      expect(upstream! * factor!).toBeCloseTo(contribution as number, 8);
    }
  });

  it("has the backward lines that the code has", () => {
    if (derivation?.kind !== "numbers") return;
    const { grad, backward } = derivation.plan;
    expect(backward.lines.map(({ target, stage }) => [target, stage.number])).toEqual(
      grad.lines.map(({ target, stage }) => [target, stage.number]),
    );
  });
});

function byTarget({ steps }: Lesson): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { target, index, action } of steps) if (action !== "help") found.set(target, [...(found.get(target) ?? []), index]);
  return found;
}

/** What the module answers when it is called as anybody would. */
function gradientsByCode(
  compilation: Compilation,
  index: number,
  point: Readonly<Record<string, number | ArrayLike<number>>>,
): Record<string, ArrayLike<number>> {
  const fn = compilation.functions[index]!;
  const derivation = fn.derivation!;
  const exports = load(compilation);
  const isNetwork = derivation.kind === "tensors" && derivation.isNetwork;
  const typed = (name: string): unknown => {
    const value = point[name]!;
    const dtype = derivation.inputs.find(({ input }) => input.name === name)?.input.node.type.dtype;
    if (typeof value === "number") return value;
    return dtype === "real" ? Float64Array.from(value) : Int32Array.from(value);
  };
  const named = (part: string): Record<string, unknown> =>
    Object.fromEntries(
      derivation.inputs.filter((each) => each.part === part).map(({ input }) => [input.name, typed(input.name)]),
    );
  const data = [...fn.inputs.map(({ name }) => typed(name)), ...(fn.sizes ?? []).map(typed)];
  const state = named("state");
  const args = isNetwork ? [named("parameter"), ...(Object.keys(state).length > 0 ? [state] : []), ...data] : data;
  const call = exports[fn.exports["derivative"]!]!;
  if (isNetwork) {
    const result = call(...args) as { gradients: Record<string, Float64Array> };
    return result.gradients;
  }
  if (fn.exports["grad"] === undefined) {
    const shape = derivation.kind === "tensors" ? (numbersAt(compilation, point, index).value as TensorMeasure).shape : [];
    const ones = new Float64Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    const result = exports[fn.exports["backward"]!]!(exports[fn.exports["forward"]!]!(...args), ones);
    return byInput(fn.wrt, result);
  }
  if (fn.result.packed)
    return Object.fromEntries(
      Object.entries(evaluateAt(compilation, point as never, index).gradient).map(([name, value]) => [name, [value]]),
    );
  return byInput(fn.wrt, call(...args));
}

function byInput(wrt: readonly string[], result: unknown): Record<string, ArrayLike<number>> {
  const all = result as Record<string, number | Float64Array>;
  return Object.fromEntries(
    wrt.map((name) => {
      const value = all[`d${name}`]!;
      return [name, typeof value === "number" ? [value] : value];
    }),
  );
}

describe("the numbers of S7 at (3, -4)", () => {
  const compilation = compile(read("staged.math"));
  const numbers: Numbers = numbersAt(compilation, { x: 3, y: -4 });
  const { steps } = lessonOf(compilation);

  it("are those of evaluateAt", () => {
    const { stages, gradient, value } = evaluateAt(compilation, { x: 3, y: -4 });
    expect(numbers.value).toBe(value);
    expect(numbers.gradients["x"]).toBe(gradient["x"]);
    for (const { name, value, gradient } of stages) {
      expect(numbers.values[name]).toBe(value);
      expect(numbers.gradients[name]).toBe(gradient ?? 1);
    }
  });

  it("tell the parts of the sum at a fork", () => {
    const parts = steps.filter(({ target }) => target === "x").map(({ index }) => numbers.steps[index]!.contribution as number);
    expect(parts.map((part) => part.toFixed(4))).toEqual(["1.5832", "-0.0358", "0.5121"]);
  });
});

describe("blocks", () => {
  it("are layers of a network", () => {
    const { stages } = lessonOf(compileNetwork(read("mlp.net.yaml"), { verify: false }));
    expect([...new Set(stages.map(({ block }) => block))]).toEqual([
      "dense 1",
      "relu 1",
      "dense 2",
      "relu 2",
      "dense 3",
      "cross-entropy 1",
      "regularization 1",
    ]);
  });

  it("are stages that a person named, with what leads up to them alone", () => {
    const { stages } = lessonOf(compile("h = tanh(a * x + b)\ng = exp(x) * h\nf = g + h"));
    expect(stages.map(({ variable, block }) => [variable, block])).toEqual([
      ["expX", "g"],
      ["ax", "h"],
      ["axPlusB", "h"],
      ["h", "h"],
      ["g", "g"],
      ["f", undefined],
    ]);
  });
});

it("an input that nothing flows to has a gradient of zeros", () => {
  const { gradients } = numbersAt(compile("param w[2], v[3]\nf = sum(w) + 0 * sum(v)"), { w: [1, 2], v: [3, 4, 5] });
  expect(gradients["v"]).toMatchObject({ shape: [3], norm: 0, elements: [0, 0, 0] });
});

describe("points", () => {
  it("must have all inputs", () => {
    expect(() => numbersAt(compile("x * y"), { x: 1 })).toThrow("no value for y");
  });

  it("tell open sizes by lengths", () => {
    const compilation = compile("input X[n, d]\nparam w[d]\nf = sum(X * w)");
    const { values } = numbersAt(compilation, { X: [1, 2, 3, 4, 5, 6], w: [1, 1, 1] });
    expect(values["f"]).toBe(21);
    expect(() => numbersAt(compilation, { X: [1, 2, 3, 4], w: [1, 1, 1] })).toThrow(/X has 4 values/);
  });

  it("are the same for a seed", () => {
    const compilation = compile(read("two-layer.math"));
    expect(samplePoint(compilation)).toEqual(samplePoint(compilation));
    expect(samplePoint(compilation, { seed: 2 })).not.toEqual(samplePoint(compilation));
  });
});
