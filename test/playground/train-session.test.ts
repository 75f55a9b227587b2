// Training behind the page: the same losses as calling the generated code by hand, natively and interpreted; requests answered between slices.

import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { interpretModule } from "../../src/interpreter/module.ts";
import { compileNetwork } from "../../src/compiler/network-source.ts";
import { load } from "../../src/compiler/load.ts";
import { countRight } from "../../src/playground/train/answers.ts";
import { makeDataSet } from "../../src/playground/train/data-sets.ts";
import { describeFlow, flowRatio } from "../../src/playground/train/gradient-flow.ts";
import { presets } from "../../src/playground/train/presets.ts";
import { withOptimizer, withRate } from "../../src/playground/train/spec.ts";
import { stateFor } from "../../src/playground/train/state.ts";
import { loadRequest, lossesOf, startRun } from "./training-run.ts";

const preset = (name: string) => presets.find((one) => one.name === name)!.state;
const RUN = { kind: "run", until: undefined, pace: 0 } as const;

afterEach(() => vi.unstubAllGlobals());

type Arrays = Record<string, Float64Array>;
type Call = (...args: unknown[]) => never;

/** XOR by hand: the calls of examples/xor.js. */
function xorByHand(
  exports: Readonly<Record<string, unknown>>,
  steps: number,
): { losses: number[]; params: Arrays; answers: Float64Array } {
  const call = (name: string): Call => exports[name] as Call;
  const X = Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1);
  const y = Float64Array.of(0, 1, 1, 0);
  const params: Arrays = call("xorInit")(1);
  const optimizer: unknown = call("xorOptimizer")();
  const losses = Array.from({ length: steps }, (): number => call("xorStep")(params, optimizer, X, y));
  return { losses, params, answers: call("xorPredict")(params, X) };
}

const NAMES = ["xorInit", "xorOptimizer", "xorStep", "xorPredict"];

test("XOR comes to the four right answers, with the losses of the generated step called by hand", () => {
  const state = preset("xor");
  const run = startRun();
  run.send(loadRequest(state));
  run.send({ ...RUN, until: state.until });
  const compiled = compileNetwork(state.spec, { verify: false });
  const byHand = xorByHand(load(compiled), state.until);
  expect(lossesOf(run)).toEqual(byHand.losses);
  const picture = run.reports("picture").at(-1)!;
  expect(picture.steps).toBe(state.until);
  expect(picture.networks[0]!.answers).toEqual(byHand.answers);
  expect(run.reports("progress").at(-1)).toMatchObject({ running: false, steps: state.until, stopped: "limit" });
  const { data, networks } = run.reports("loaded")[0]!;
  expect(countRight(networks[0]!, data, picture.networks[0]!.answers)).toBe(4);
});

test("the interpreter takes the same steps to the bit, without running text", () => {
  const { spec, until } = preset("xor");
  const compiled = compileNetwork(spec, { verify: false });
  const native = xorByHand(load(compiled), until);
  vi.stubGlobal("Function", () => {
    throw new EvalError("no text is run here");
  });
  const interpreted = xorByHand(interpretModule(compiled.javascript, NAMES), until);
  expect(interpreted.losses).toEqual(native.losses);
  expect(interpreted.params).toEqual(native.params);
});

test.each(presets.map(({ name, state }) => [name, state] as const))("the preset %s loads, and its loss falls", (_, state) => {
  const run = startRun();
  run.send(loadRequest(state));
  expect([...run.reports("rejected"), ...run.reports("unfit"), ...run.reports("failed")]).toEqual([]);
  const before = run.reports("picture").at(-1)!;
  run.send({ kind: "advance", steps: 60 });
  const after = run.reports("picture").at(-1)!;
  expect(after.steps).toBe(60);
  after.networks.forEach(({ loss }, at) => expect(loss).toBeLessThan(before.networks[at]!.loss));
});

test("the bars are means and maxima of the generated gradients", () => {
  const { spec } = preset("two-layer");
  const run = startRun();
  run.send(loadRequest(preset("two-layer")));
  const { flow, loss } = run.reports("picture")[0]!.networks[0]!;
  const exports = load(compileNetwork(spec, { verify: false })) as Record<string, Call>;
  const { X, answers } = makeDataSet({ name: "three-blobs", seed: 1 });
  const params: Arrays = exports["twoLayerInit"]!(1);
  const made: { loss: number; gradients: Arrays } = exports["twoLayerGrad"]!(params, X, Int32Array.from(answers));
  expect(loss).toBe(made.loss);
  expect(flow.map(({ layer }) => layer)).toEqual(["dense 1", "dense 2"]);
  ["W1", "W2"].forEach((name, at) => {
    const gradient = Array.from(made.gradients[name]!, Math.abs);
    expect(flow[at]!.mean).toBeCloseTo(gradient.reduce((sum, value) => sum + value, 0) / gradient.length, 14);
    expect(flow[at]!.max).toBe(Math.max(...gradient));
    expect(flow[at]!.norm).toBeCloseTo(Math.hypot(...gradient), 14);
    expect(flow[at]!.parameterNorm).toBeCloseTo(Math.hypot(...params[name]!), 12);
  });
});

test("through ten sigmoids the gradient vanishes, through ten ReLUs it arrives", () => {
  const run = startRun();
  run.send(loadRequest(preset("vanishing")));
  const [sigmoid, relu] = run.reports("picture")[0]!.networks;
  expect(sigmoid!.flow).toHaveLength(11);
  expect(flowRatio(sigmoid!.flow)).toBeLessThan(1e-5);
  expect(flowRatio(relu!.flow)).toBeGreaterThan(0.1);
  expect(describeFlow(sigmoid!.flow)).toContain("it vanishes on its way back");
  expect(describeFlow(relu!.flow)).toContain("it arrives whole");
  run.send({ kind: "advance", steps: 375 });
  const later = run.reports("picture").at(-1)!.networks[0]!;
  expect(describeFlow(later.flow, sigmoid!.flow)).toContain("hardly any is left in any layer");
});

test("pause is heard between slices, and one step is one step", () => {
  const run = startRun();
  run.send(loadRequest(preset("xor")));
  let slices = 0;
  run.send(RUN, () => {
    slices++;
    if (slices === 3) run.send({ kind: "pause" });
  });
  const paused = run.reports("progress").at(-1)!;
  expect(slices).toBeLessThan(6);
  expect(paused.running).toBe(false);
  expect(paused.steps).toBeGreaterThan(0);
  run.send({ kind: "advance", steps: 1 });
  expect(run.reports("progress").at(-1)!.steps).toBe(paused.steps + 1);
  expect(lossesOf(run)).toHaveLength(paused.steps + 1);
});

test("a pace is kept, counted from where the run began", () => {
  const run = startRun(1);
  run.send(loadRequest(preset("xor")));
  run.send({ kind: "advance", steps: 7 });
  let time = 0;
  let stepsAtEnd = 0;
  run.send({ ...RUN, pace: 50 }, () => {
    time++;
    if (time === 200) run.send({ kind: "pause" });
  });
  stepsAtEnd = run.reports("progress").at(-1)!.steps;
  const rates = run
    .reports("progress")
    .filter(({ running }) => running)
    .map(({ stepsPerSecond }) => stepsPerSecond);
  expect(stepsAtEnd).toBeGreaterThan(50);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  expect(mean).toBeGreaterThan(40);
  expect(mean).toBeLessThan(60);
});

test("reset gives the weights of the seed again", () => {
  const run = startRun();
  run.send(loadRequest(preset("xor")));
  const start = run.reports("picture")[0]!;
  run.send({ kind: "advance", steps: 5 });
  run.send({ kind: "reset", seed: 1 });
  expect(run.reports("picture").at(-1)!).toEqual(start);
  run.send({ kind: "reset", seed: 2 });
  expect(run.reports("picture").at(-1)!.networks[0]!.loss).not.toBe(start.networks[0]!.loss);
});

test("another rate goes on with the same weights and the same memory of the optimizer; other layers start again", () => {
  const state = { ...preset("softplus"), batch: 8 };
  const run = startRun();
  run.send(loadRequest(state));
  run.send({ kind: "advance", steps: 10 });
  run.send(loadRequest({ ...state, spec: withRate(state.spec, 0.03) }, { keep: true }));
  run.send({ kind: "advance", steps: 10 });
  const straight = startRun();
  straight.send(loadRequest(state));
  straight.send({ kind: "advance", steps: 20 });
  expect(run.reports("loaded").at(-1)!.kept).toBe(true);
  expect(lossesOf(run)).toEqual(lossesOf(straight));
  run.send(loadRequest({ ...state, spec: state.spec.replace("dense: 8", "dense: 9") }, { keep: true }));
  expect(run.reports("loaded").at(-1)!.kept).toBe(false);
  expect(run.reports("progress").at(-1)!.steps).toBe(0);
});

test("a loss that is no longer finite stops training", () => {
  const state = preset("softplus");
  const run = startRun();
  run.send(loadRequest({ ...state, spec: state.spec.replace("adam: { rate: 0.03 }", "sgd: { rate: 100 }") }));
  run.send({ ...RUN, until: 5000 });
  const last = run.reports("progress").at(-1)!;
  expect(last).toMatchObject({ running: false, stopped: "diverged" });
  expect(last.steps).toBeLessThan(5000);
});

test.each([
  ["no optimizer", "input: [batch, 2]\nlayers:\n  - dense: 1\nloss: mse\n", "has no optimizer"],
  ["no loss", "input: [batch, 2]\nlayers:\n  - dense: 1\n", "has no loss"],
  ["a loss per row", "input: [batch, 2]\nlayers:\n  - dense: 1\nloss: { type: mse, reduction: none }\n", "one per row"],
] as const)("a spec that cannot be trained is told so: %s", (_, spec, text) => {
  const run = startRun();
  run.send(loadRequest({ ...stateFor(spec), data: "xor" }));
  expect(run.reports("unfit")[0]!.problem).toContain(text);
  expect(run.reports("unfit")[0]!.networks[0]!.code).toContain("export function");
  run.send(RUN);
  expect(run.reports("progress")).toEqual([]);
});

test("what is wrong with a spec comes back with its place, and the training that there was goes on", () => {
  const state = preset("xor");
  const run = startRun();
  run.send(loadRequest(state));
  run.send({ kind: "advance", steps: 3 });
  run.send(loadRequest({ ...state, spec: state.spec.replace("- sigmoid", "- sigmoidd") }, { keep: true, id: 2 }));
  const [rejected] = run.reports("rejected");
  expect(rejected).toMatchObject({ id: 2, network: 0 });
  const { start, end } = rejected!.diagnostics[0]!.span!;
  expect(state.spec.replace("- sigmoid", "- sigmoidd").slice(start, end)).toBe("sigmoidd");
  run.send({ kind: "advance", steps: 1 });
  expect(run.reports("progress").at(-1)!.steps).toBe(4);
});

test.each([
  ["two-layer", "three-spirals", 3],
  ["hand-net", "xor", 2],
  ["softmax-regression", "clouds", 3],
  ["residual", "difference", undefined],
])("without a data set the first that suits is taken: for %s %s", (name, data, classes) => {
  const spec = readFileSync(new URL(`../../examples/${name}.net.yaml`, import.meta.url), "utf8");
  const run = startRun();
  run.send(loadRequest(stateFor(withOptimizer(spec))));
  expect(run.reports("loaded")[0]!.data).toMatchObject({ name: data, classes });
  run.send({ kind: "advance", steps: 2 });
  expect(lossesOf(run).every(Number.isFinite)).toBe(true);
});

test("networks with running statistics and dropout train and predict", () => {
  const spec = `input: [batch, 2]
layers:
  - dense: 8
  - batchNorm
  - relu
  - dropout: 0.2
  - dense: 1
loss: binary-cross-entropy
optimizer: { adam: { rate: 0.02 } }
`;
  const run = startRun();
  run.send(loadRequest({ ...stateFor(spec), data: "circles" }));
  run.send({ kind: "advance", steps: 150 });
  expect(run.reports("failed")).toEqual([]);
  const { data, networks } = run.reports("loaded")[0]!;
  expect(countRight(networks[0]!, data, run.reports("picture").at(-1)!.networks[0]!.answers)).toBeGreaterThan(0.8 * data.rows);
});
