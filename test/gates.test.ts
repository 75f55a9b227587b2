// Gates: each operation by itself, nothing rewritten: the same mathematics, told in smaller steps.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile, evaluateAt, load } from "../src/index.ts";
import { lessonOf } from "../src/lesson/lesson.ts";
import { samplePoint } from "../src/lesson/sample.ts";
import type { Node } from "../src/ir/graph.ts";
import { systems } from "./systems.ts";

const sources = systems
  .filter(({ options = {} }) => (options.mode ?? "grad") === "grad")
  .map(({ name }) => ({ name, text: readFileSync(join(import.meta.dirname, "../examples", `${name}.math`), "utf8") }))
  .filter(({ text }) => compile(text, { verify: false }).ok);

describe.each(sources)("$name", ({ text }) => {
  const joined = compile(text, { verify: false });
  const each = compile(text, { gates: "each" });

  it("passes its check", () => {
    expect(each.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(each.verification.status).toBe("passed");
    expect(each.functions.at(-1)!.rewrites).toEqual([]);
  });

  it("has the gradient of the joined lines", () => {
    const point = samplePoint(joined) as Readonly<Record<string, number>>; // numbers alone
    const [a, b] = [evaluateAt(joined, point), evaluateAt(each, point)];
    expect(b.value).toBeCloseTo(a.value, 9);
    for (const [name, gradient] of Object.entries(a.gradient)) expect(b.gradient[name]).toBeCloseTo(gradient, 8);
  });

  it("has one operation a line", () => {
    const { derivation } = each.functions.at(-1)!;
    if (derivation?.kind !== "numbers") throw new Error("no stages");
    const { forward, names } = derivation.plan;
    const isRead = (node: Node): boolean => node.kind === "const" || names.has(node);
    for (const { node, help } of forward) if (node.kind === "call" && !help) expect(node.args.every(isRead)).toBe(true);
    expect(lessonOf(each).stages.length).toBeGreaterThanOrEqual(lessonOf(joined).stages.length - 2);
  });
});

it("draws the sigmoid as it is written", () => {
  const { stages } = lessonOf(compile("f(x) = 1 / (1 + exp(-x))", { gates: "each" }));
  expect(stages.map(({ symbol }) => symbol)).toEqual(["−x", "exp", "+1", "1/x"]);
});

it("keeps a loss over tensors as it is written", () => {
  const compilation = compile(
    "input X[n, 3]\ninput y[n] integer\nparam W[3, 4]\nH = X * W\nf = sum(log(sum(exp(H), 2)) - pick(H, y)) / n",
    {
      gates: "each",
    },
  );
  expect(compilation.verification.status).toBe("passed");
  expect(lessonOf(compilation).stages.map(({ op }) => op)).not.toContain("crossEntropy");
  expect(Object.keys(load(compilation))).toContain("fGrad");
});
