// Networks against PyTorch in double precision: loss, output, every gradient, every updated parameter, through the generated code. The numbers
// are made by test/golden/networks.py.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../src/compiler/network-source.ts";
import { runModule } from "../src/compiler/load.ts";
import type { Compilation } from "../src/compiler/types.ts";

type Numbers = readonly number[];
type Arrays = Record<string, Float64Array>;

interface Step {
  readonly loss: number;
  readonly parameters: Readonly<Record<string, Numbers>>;
  readonly state?: Readonly<Record<string, Numbers>>;
}

interface Case {
  readonly name: string;
  readonly spec: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, Numbers>>;
  readonly data: Readonly<Record<string, Numbers>>;
  readonly batches?: readonly Readonly<Record<string, Numbers>>[];
  readonly expected: {
    readonly loss: number | Numbers;
    readonly output: Numbers;
    readonly gradients: Readonly<Record<string, Numbers>>;
    readonly inputGradients?: Readonly<Record<string, Numbers>>;
    readonly state?: Readonly<Record<string, Numbers>>;
    readonly predicted?: Numbers;
  };
  readonly steps?: readonly Step[];
}

const cases = JSON.parse(readFileSync(join(import.meta.dirname, "golden/networks.json"), "utf8")) as Case[];

/** Recurrent layers are unrolled: their specs need the number of steps. */
function specOf({ spec, sizes }: Case): string {
  const unrolled = /\b(rnn|lstm|gru)\b/.test(spec) && sizes["time"] !== undefined;
  return unrolled ? spec.replace(/\btime\b/g, String(sizes["time"])) : spec;
}

describe.each(cases)("$name", (each) => {
  const compilation = compileNetwork(specOf(each), { verify: false, wrt: Object.keys(each.expected.inputGradients ?? {}) });

  test("compiles", () => {
    expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("equals PyTorch", () => {
    const run = callsOf(compilation, each.sizes);
    const { data, expected } = each;
    const state = run.state();
    const first = run.grad(parametersOf(each), state, data);
    expectClose(first.loss, [expected.loss].flat(), "loss");
    for (const [name, wanted] of Object.entries(expected.gradients)) {
      // A parameter that nothing reads (the recurrent weights of a single step) is left out.
      expectClose(first.gradients[name] ?? wanted.map(() => 0), wanted, name);
    }
    for (const [name, wanted] of Object.entries(expected.inputGradients ?? {})) expectClose(first.gradients[name]!, wanted, name);
    for (const [name, wanted] of Object.entries(expected.state ?? {})) expectClose(first.state[name]!, wanted, name);
    const predicted = run.predict(parametersOf(each), { ...state, ...first.state }, data);
    if (expected.state === undefined) expectClose(predicted, expected.output, "output");
    else expectClose(predicted, expected.predicted!, "prediction");
  });

  test("equals PyTorch in the tidy style", () => {
    const tidy = compileNetwork(specOf(each), { verify: false, style: "tidy" });
    const run = callsOf(tidy, each.sizes);
    const { loss, gradients } = run.grad(parametersOf(each), run.state(), each.data);
    expectClose(loss, [each.expected.loss].flat(), "loss");
    for (const [name, got] of Object.entries(gradients)) expectClose(got, each.expected.gradients[name]!, name);
  });

  if (each.steps === undefined) return;

  test("steps like PyTorch", () => {
    const run = callsOf(compilation, each.sizes);
    const parameters = parametersOf(each);
    const state = run.state();
    const optimizer = run.optimizer();
    const perStep = each.batches === undefined ? 1 : each.batches.length / each.steps!.length;
    let call = 0;
    for (const step of each.steps!) {
      let loss = 0;
      for (let part = 0; part < perStep; part++)
        loss += run.step(parameters, state, optimizer, each.batches?.[call++] ?? each.data) / perStep;
      expectClose([loss], [step.loss], "loss");
      for (const [name, wanted] of Object.entries(step.parameters)) expectClose(parameters[name]!, wanted, name);
      for (const [name, wanted] of Object.entries(step.state ?? {})) expectClose(state[name]!, wanted, name);
    }
  });
});

function parametersOf({ parameters }: Case): Arrays {
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, Float64Array.from(values)]));
}

/** The exports of a network, with running statistics and data in their places. */
function callsOf(compilation: Compilation, known: Case["sizes"]) {
  const { exports: names, inputs, sizes = [] } = compilation.functions[0]!;
  const exports = runModule(compilation.javascript, Object.values(names)) as unknown as Record<
    string,
    (...args: unknown[]) => never
  >;
  const call = (role: string, ...args: unknown[]): never => exports[names[role]!]!(...args);
  const hasState = names["initState"] !== undefined;
  const carried = (state: Arrays): unknown[] => (hasState ? [state] : []);
  const dataOf = (data: Case["data"], only: (name: string) => boolean = () => true): unknown[] => [
    ...inputs
      .filter(({ name }) => only(name))
      .map(({ name, shape, dtype }) => {
        if (shape.length === 0) return 1;
        return dtype === "real" ? Float64Array.from(data[name]!) : Int32Array.from(data[name]!);
      }),
    ...sizes.map((name) => known[name]),
  ];
  return {
    state: (): Arrays => (hasState ? call("initState") : {}),
    optimizer: (): unknown => call("optimizer"),
    grad(parameters: Arrays, state: Arrays, data: Case["data"]) {
      const kept = call("forward", parameters, ...carried(state), ...dataOf(data)) as Record<string, number | Float64Array>;
      const { loss } = kept;
      const seed = typeof loss === "number" ? [] : [new Float64Array((loss as Float64Array).length).fill(1)];
      const next = Object.entries(kept).filter(([name]) => name.endsWith("Next"));
      return {
        loss: [loss as number].flat().length === 1 && typeof loss === "number" ? [loss] : Array.from(loss as Float64Array),
        gradients: call("backward", kept, ...seed) as Arrays,
        state: Object.fromEntries(next.map(([name, value]) => [name.slice(0, -4), value as Float64Array])),
      };
    },
    predict(parameters: Arrays, state: Arrays, data: Case["data"]): ArrayLike<number> {
      const value = call("predict", parameters, ...carried(state), ...dataOf(data, (name) => name !== "y" && name !== "seed"));
      return typeof value === "number" ? [value] : value;
    },
    step: (parameters: Arrays, state: Arrays, optimizer: unknown, data: Case["data"]): number =>
      call("step", parameters, ...carried(state), optimizer, ...dataOf(data)),
  };
}

function expectClose(got: ArrayLike<number>, wanted: Numbers, what: string): void {
  expect(got, what).toBeDefined();
  expect(got.length, what).toBe(wanted.length);
  wanted.forEach((value, index) => {
    const off = Math.abs(got[index]! - value);
    if (!(off <= 1e-9 + 1e-9 * Math.abs(value))) expect.fail(`${what}[${index}]: ${got[index]!}, PyTorch has ${value}`);
  });
}
