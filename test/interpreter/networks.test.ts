// Networks interpreted and run by the engine: parameters, both passes, answers and training agree to the last bit.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../src/compiler/network-source.ts";
import type { Compilation, CompileOptions } from "../../src/compiler/types.ts";
import { argumentMaker, bothWays, doubles, singles, sizesOf, type Both } from "./both.ts";

const examples = join(import.meta.dirname, "../../examples");
const sources = readdirSync(examples)
  .filter((name) => name.endsWith(".net.yaml"))
  .map((name) => ({ name, text: readFileSync(join(examples, name), "utf8") }));

/** Everything that a network's exports answer when called as a program would. */
function session({ javascript, functions }: Compilation, run: Both["run"], precision: CompileOptions["precision"]): unknown[] {
  const fn = functions[0]!;
  const { init, initState, forward, backward, grad, predict, optimizer, step } = fn.exports as Readonly<Record<string, string>>;
  const argument = argumentMaker(fn, 77, precision === "f32" ? singles : doubles);
  const known = new Map<string, unknown>([...sizesOf(fn), ...fn.inputs.map((input) => [input.name, argument(input)] as const)]);
  const call = (name: string): never => run[name]!(...parametersOf(javascript, name).map((each) => known.get(each))) as never;
  known.set("params", run[init!]!(3));
  if (initState !== undefined) known.set("state", run[initState]!());
  const kept = call(forward!);
  const answers: unknown[] = [known.get("params"), kept, run[backward!]!(kept)];
  if (grad !== undefined) answers.push(call(grad));
  if (step !== undefined && optimizer !== undefined) {
    known.set("optimizer", run[optimizer]!());
    for (let calls = 0; calls < 9; calls++) answers.push(call(step));
    answers.push(known.get("params"), known.get("optimizer"), known.get("state"));
  }
  answers.push(call(predict!));
  return answers.map(digest);
}

/** Large arrays down to the last bit, in a form that compares quickly. */
function digest(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const reals = value as Float64Array | Float32Array | Int32Array; // what networks have
    const bytes = new Uint8Array(reals.buffer, reals.byteOffset, reals.byteLength);
    return [reals.constructor.name, reals.some(Number.isNaN) ? "NaN" : "", createHash("sha1").update(bytes).digest("hex")];
  }
  if (typeof value === "number") return digest(Float64Array.of(value));
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([key, part]) => [key, digest(part)]);
}

function parametersOf(javascript: string, name: string): string[] {
  const list = new RegExp(`^function ${name}\\(([^)]*)\\)`, "m").exec(javascript)![1]!;
  return list.split(",").map((each) => each.trim()).filter((each) => each !== ""); // prettier-ignore
}

function compare(text: string, options: CompileOptions): void {
  const compilation = compileNetwork(text, { ...options, verify: false });
  expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const { run, interpreted } = bothWays(compilation);
  const answers = session(compilation, run, options.precision);
  expect(session(compilation, interpreted, options.precision)).toEqual(answers);
  expect(JSON.stringify(answers)).not.toContain("NaN");
}

const isLong = process.env["LONG"] !== undefined;
const USUAL: readonly CompileOptions[] = [{ style: "staged" }, { precision: "f32" }];
const OTHERS: readonly CompileOptions[] = [{ style: "tidy" }, { wrt: ["X"] }];

describe.each(sources)("$name", ({ text }) => {
  test.each<CompileOptions>(isLong ? [...USUAL, ...OTHERS] : USUAL)("%o", (options) => {
    if (options.wrt === undefined || !text.includes("integer")) compare(text, options);
  });
});

const HEAD = "input: [batch, 3]\nlayers:\n  - dense: 4\n  - tanh\n  - dense: 2\n";

test.each([
  "optimizer: sgd",
  "optimizer: { sgd: { rate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 } }\naccumulate: 2",
  "optimizer: { adam: { rate: 0.1, weightDecay: 0.1 } }\nschedule: { cosine: { steps: 6, warmup: 3 } }\nclip: { norm: 0.01 }",
  "optimizer: adamw\nschedule: { exponential: { decay: 0.9 } }\nclip: { value: 0.001 }\naccumulate: 3",
  "optimizer: { rmsprop: }\nschedule: { step: { every: 2, factor: 0.5 } }",
  "optimizer: { rmsprop: { weightDecay: 0.1 } }\nschedule: { warmup: 5 }\nregularization: { l1: 0.25, l2: 2 }",
])("training by %s", (trainer) => compare(`${HEAD}loss: mse\n${trainer}\n`, {}));

test.each(["he", "he-uniform", "xavier", "xavier-uniform", "uniform", "normal", "zeros", "ones", "{ uniform: 0.5 }"])(
  "weights that start as %s",
  (init) => compare(`${HEAD}loss: huber\ninit: ${init}\n`, {}),
);

test.each(["mae", "huber", "binary-cross-entropy", "cross-entropy", "hinge", "multiclass-hinge", "cosine"])("loss %s", (loss) =>
  compare(`${HEAD}loss: ${loss}\n`, {}),
);

test.each(["gelu", "{ dropout: 0.5 }", "batchNorm", "rmsNorm", "softmax", "{ residual: [{ dense: 3 }, elu] }"])(
  "layer %s",
  (layer) => compare(`input: [batch, 3]\nlayers:\n  - ${layer}\n  - dense: 2\nloss: mse\noptimizer: sgd\n`, {}),
);

test.each([
  "input: [batch, 2, 8, 8]\nlayers:\n  - conv2d: { filters: 4, kernel: 3 }\n  - { groupNorm: { groups: 2 } }\n  - averagePool: 2\n  - globalMaxPool\n  - dense: 2\nloss: mse\n",
  "input: [batch, 5, 3]\nlayers:\n  - gru: 4\n  - dense: 2\nloss: mse\n",
  "input: [batch, 5, 3]\nlayers:\n  - rnn: 4\n  - dense: 2\nloss: mse\n",
])("%s", (text) => compare(text, {}));
