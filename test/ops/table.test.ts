// Every op of the table through the whole pipeline: emitted text against its meaning, its derivative and the derivative of that against
// differences, in every style. Adding an op adds its test.

import { describe, expect, test } from "vitest";
import { definitions } from "../../src/ops/definitions.ts";
import { parseExpression } from "../../src/core/syntax.ts";
import { instantiate, rawCall } from "../../src/ops/build.ts";
import type { OpDefinition } from "../../src/ops/define.ts";
import { ops } from "../../src/ops/registry.ts";
import type { Node } from "../../src/ir/graph.ts";
import { compileGraph, type TestInput } from "../support.ts";

/** Parameters that are conditions or orders, not variables: what they are fixed at. */
const FIXED: Readonly<Record<string, number>> = { n: 3 };

function inputsOf(op: OpDefinition): TestInput[] {
  if (op.variadic) return ["a", "b", "c"].map((name) => ({ name, domain: op.domain[0]! }));
  return op.params.map((name, index) => ({ name, domain: op.domain[index]! }));
}

const smooth = [...ops.values()].filter(
  (op) => op.rule !== undefined && op.result === "real" && op.name !== "select" && op.name !== "polygamma",
);

describe.each(smooth)("$name", (op) => {
  test.each([
    { mode: "grad", style: "staged" },
    { mode: "grad", style: "tidy" },
    { mode: "grad", style: "fast" },
    { mode: "hessian", style: "tidy" },
    { mode: "jvp", style: "fast" },
  ] as const)("$mode $style", (options) => {
    const compilation = compileGraph(inputsOf(op), (graph, nodes) => rawCall(graph, op.name, nodes), options);
    expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const everywhereZero = op.rule!.formulas.every((formula) => formula === undefined);
    if (!everywhereZero) expect(compilation.verification).toMatchObject({ status: "passed" });
    else expect(compilation.verification.status).not.toBe("failed");
  });

  test("has a sample interval for each parameter, a doc and a stage name", () => {
    expect(op.domain).toHaveLength(op.params.length);
    expect(op.doc).not.toBe("");
    expect(op.stageName).not.toBe("");
  });
});

test("polygamma of fixed order", () => {
  const build = compileGraph([{ name: "x", domain: [0.5, 5] }], (graph, [x]) =>
    rawCall(graph, "polygamma", [graph.constant(FIXED["n"]!), x!]),
  );
  expect(build.verification.status).toBe("passed");
});

const comparisons = [...ops.values()].filter(
  (op) => op.result === "boolean" && op.params.length === 2 && op.family === "comparison",
);

test.each(comparisons)("selection by $name routes value and gradient", (op) => {
  const truth = op.name === "and" || op.name === "or";
  const compilation = compileGraph([{ name: "x" }, { name: "y" }], (graph, [x, y]) => {
    const sides = truth ? [x!, y!].map((side) => rawCall(graph, "gt", [side, graph.constant(0)])) : [x!, y!];
    const condition = rawCall(graph, op.name, sides);
    return rawCall(graph, "select", [condition, rawCall(graph, "square", [x!]), rawCall(graph, "sin", [y!])]);
  });
  expect(compilation.verification.status).toBe("passed");
});

test.each(Object.entries(definitions))("definition of %s", (_, definition) => {
  const variables = definition.params.filter((param) => definition.defaults?.[param] === undefined);
  for (const mode of ["grad", "hessian"] as const) {
    const compilation = compileGraph(
      variables.map((name) => ({ name })),
      (graph, nodes) => {
        const names = variables.map((name, index) => [name, nodes[index]!] as readonly [string, Node]);
        const defaults = Object.entries(definition.defaults ?? {}).map(([name, value]) => [name, graph.constant(value)] as const);
        return instantiate(graph, parseExpression(definition.formula), new Map([...names, ...defaults]));
      },
      { mode },
    );
    expect(compilation.verification.status).toBe("passed");
  }
});
