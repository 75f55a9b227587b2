// Every op of the registry: its derivative rule against differences of its own evaluate.

import { describe, expect, it } from "vitest";
import { createGraph } from "../../src/ir/graph.ts";
import { rawCall } from "../../src/ops/build.ts";
import { ops } from "../../src/ops/registry.ts";
import { verifyFunction } from "../../src/verify/check.ts";
import { sourceFrom, tableGrad } from "./sources.ts";

const differentiable = [...ops.values()].filter((op) => op.rule?.formulas.some((formula) => formula !== undefined));

describe("every op's derivative rule", () => {
  it.each(differentiable.map((op) => [op.name, op] as const))("%s", (_, op) => {
    const graph = createGraph();
    const params = op.variadic ? ["a", "b", "c"] : op.params;
    const inputs = params.map((param) => graph.input(param));
    const node = rawCall(graph, op.name, inputs);
    const source = sourceFrom(graph, inputs, [node]);
    const smooth = params.flatMap((_, i) => (op.rule!.formulas[op.variadic ? 0 : i] === undefined ? [] : [i]));
    const grad = tableGrad(source);
    const result = verifyFunction({
      source,
      wrt: smooth,
      emitted: {
        mode: "grad",
        value: grad.value,
        gradient: (point) => {
          const { value, rows } = grad.gradient!(point);
          return { value, rows: rows.map((row) => smooth.map((i) => row[i]!)) };
        },
      },
    });
    expect(result.failures).toEqual([]);
    expect(result, JSON.stringify(result)).toMatchObject({ status: "passed" });
    expect(result.points).toBeGreaterThanOrEqual(10);
  });
});
