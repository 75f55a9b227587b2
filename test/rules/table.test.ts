// Every rule of the table: true in numbers, to its safety class, and applied where it should be.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseExpression } from "../../src/core/syntax.ts";
import { createGraph } from "../../src/ir/graph.ts";
import { rewrite } from "../../src/passes/simplify.ts";
import { forwardRules as allRules, type PhasedRule } from "../../src/rules/all.ts";
import { evaluateText, nodeOf, randomNumbers, rewriteText, textOf, variablesOf, type Values } from "./text.ts";

/** Those on tensors have a table of their own. */
const forwardRules = allRules.filter(({ examples }) => examples.length > 0);

const SPECIAL = [-0, 0, 1, -1, 2, 0.5, -3.7, 1e-310, -1e300, 1.7e308, Infinity, -Infinity, NaN];
const isConstant = (name: string): boolean => /^k\d*$/.test(name);

/** Constants of a rule: the one value their sample interval holds. */
function constantsOf(rule: PhasedRule): Values {
  return Object.fromEntries(
    Object.entries(rule.sample)
      .filter(([name]) => isConstant(name))
      .map(([name, [value]]) => [name, value]),
  );
}

function samplePoint(rule: PhasedRule, names: readonly string[], random: () => number): Values {
  return Object.fromEntries(
    names.map((name) => {
      const [low, high] = rule.sample[name] ?? [-4, 4];
      return [name, low + (high - low) * random()];
    }),
  );
}

function cartesian(names: readonly string[], constants: Values): Values[] {
  return names.reduce<Values[]>(
    (points, name) => {
      const values = isConstant(name) ? [constants[name]!] : SPECIAL;
      return points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
    },
    [{}],
  );
}

test("names are unique", () => {
  expect(new Set(allRules.map(({ name }) => name)).size).toBe(allRules.length);
});

describe.each(forwardRules.map((rule) => [rule.name, rule] as const))("%s", (_, rule) => {
  const constants = constantsOf(rule);

  test.each(rule.examples.map((example) => [...example]))("%s is %s", (before, after) => {
    const names = variablesOf(parseExpression(`${before} + ${after}`.includes("?") ? before : `(${before}) + (${after})`));
    const random = randomNumbers(1);
    for (let round = 0; round < 200; round++) {
      const point = samplePoint(rule, names, random);
      const [left, right] = [evaluateText(before, point), evaluateText(after, point)];
      if (rule.safety === "exact") expect(right).toBe(left);
      else if (!Number.isNaN(left)) expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(left)));
      else expect(right).toBeNaN();
    }
  });

  if (rule.safety === "exact") {
    test("is exact at zeros, infinities and NaN", () => {
      const [before, after] = rule.examples[0]!;
      for (const point of cartesian(variablesOf(parseExpression(before)), constants)) {
        expect({ point, value: evaluateText(after, point) }).toEqual({ point, value: evaluateText(before, point) });
      }
    });
  }

  test("is applied by itself", () => {
    const [before] = rule.examples[0]!;
    const graph = createGraph();
    const inputs = Object.entries(rule.sample).map(([name, domain]) => ({ node: graph.input(name), domain }));
    const others = ["x", "y"]
      .filter((name) => !(name in rule.sample))
      .map((name) => ({ node: graph.input(name), domain: [-4, 4] as const }));
    const root = nodeOf(graph, before, constants);
    const { applied } = rewrite(graph, [root], { rules: [rule], inputs: [...inputs, ...others] });
    expect(applied.map(({ rule }) => rule)).toContain(rule.name);
  });

  test.each(rule.examples.map((example) => [...example]))("among all rules, %s and %s end alike", (before, after) => {
    const graph = createGraph();
    const inputs = [..."xyabcw"].map((name) => ({ node: graph.input(name), domain: rule.sample[name] ?? ([-4, 4] as const) }));
    const settle = (text: string): string =>
      textOf(rewrite(graph, [nodeOf(graph, text, constants)], { rules: forwardRules, inputs }).roots[0]!);
    expect(settle(before)).toBe(settle(after));
  });

  if (rule.safety === "domain") {
    test("is not applied where its condition is not proved", () => {
      const graph = createGraph();
      const root = nodeOf(graph, rule.examples[0]![0], constants);
      const unknown = rewrite(graph, [root], { rules: [rule] });
      expect(unknown.applied).toEqual([]);
      const inputs = [..."xy"].map((name) => ({ node: graph.input(name), domain: [-Infinity, Infinity] as const }));
      expect(rewrite(graph, [root], { rules: [rule], inputs }).applied).toEqual([]);
    });
  }
});

interface Golden {
  readonly rule: string;
  readonly left: string;
  readonly rows: readonly { readonly at: Values; readonly value: number }[];
}
const goldens = JSON.parse(readFileSync(new URL("../golden/rules.json", import.meta.url), "utf8")) as readonly Golden[]; // written by rules.py

describe("stabilising rules hold at the extremes", () => {
  test("every one of them has goldens", () => {
    const stabilising = forwardRules
      .filter(({ safety }) => safety === "stabilising")
      .map(({ name, examples }) => [name, examples[0]![0]]);
    expect(goldens.map(({ rule, left }) => [rule, left.replace(/^e /, "Math.E ")]).sort()).toEqual(stabilising.sort());
  });

  test.each(goldens.map((golden) => [golden.rule, golden] as const))("%s", (name, { rows }) => {
    const after = forwardRules.find((rule) => rule.name === name)!.examples[0]![1];
    for (const { at, value } of rows) {
      const found = evaluateText(after, at);
      const conditioning = Math.max(1, ...Object.values(at).map((x) => Math.min(Math.abs(x), 1000))); // exp(1000 − y) has y's last digit
      expect(Math.abs(found - value), JSON.stringify({ at, found, value })).toBeLessThanOrEqual(
        8 * Number.EPSILON * conditioning * Math.abs(value),
      );
    }
  });

  test("rewriting twice changes nothing more", () => {
    for (const rule of forwardRules) {
      for (const [before] of rule.examples) {
        const once = rewriteText(before);
        const twice = rewrite(once.graph, [once.after], { rules: forwardRules });
        expect(textOf(twice.roots[0]!)).toBe(once.text);
        expect(twice.applied).toEqual([]);
      }
    }
  });
});
