// A network spec as something that can be trained: compiled, loaded, its generated functions as typed calls.

import { compileNetwork } from "../../compiler/network-source.ts";
import { load, type Exports } from "../../compiler/load.ts";
import type { Compilation } from "../../compiler/types.ts";
import { createReporter, type Diagnostic } from "../../diagnostics/report.ts";
import { parseNetworkSource } from "../../frontends/network/network.ts";
import type { SourceNetwork } from "../../frontends/network/source.ts";
import type { Batch } from "./fit.ts";
import type { Arrays } from "./gradient-flow.ts";
import type { AnswerKind, NetworkFacts } from "./messages.ts";
import { lossOf } from "./spec.ts";

/** What training changes. */
export interface Point {
  readonly params: Arrays;
  /** Running statistics, where the network has any. */
  readonly state: Arrays | undefined;
}

/** The generated functions; all of them are undefined where the spec has no such thing. */
export interface TrainableNetwork {
  readonly source: SourceNetwork;
  readonly facts: NetworkFacts;
  /** Why it cannot be trained, in a sentence. */
  readonly problem: string | undefined;
  init(seed: number): Point;
  optimizer(): unknown;
  /** One step, in place; the loss before it. `call` seeds dropout. */
  step(point: Point, optimizer: unknown, batch: Batch, call: number): number;
  gradients(point: Point, batch: Batch, call: number): { readonly loss: number; readonly gradients: Arrays };
  loss(point: Point, batch: Batch, call: number): number;
  predict(point: Point, X: Float64Array): Float64Array;
}

export type Prepared =
  | { readonly kind: "ready"; readonly network: TrainableNetwork }
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/** Name of the source where the spec has none, hence the prefix of what is generated. */
const SOURCE_NAME = "network.net.yaml";

/** Never throws for a mistake in the spec. The code is not verified: see check.ts. */
export function prepareNetwork(text: string): Prepared {
  const compilation = compileNetwork(text, { name: SOURCE_NAME, verify: false });
  const source = compilation.ok ? parseNetworkSource({ name: SOURCE_NAME, text }, createReporter()) : undefined;
  if (source === undefined) return { kind: "rejected", diagnostics: compilation.diagnostics };
  return { kind: "ready", network: makeTrainable(compilation, source, load(compilation)) };
}

function makeTrainable(compilation: Compilation, source: SourceNetwork, exports: Exports): TrainableNetwork {
  const names = compilation.functions[0]!.exports;
  const call = (role: string, args: readonly unknown[]): unknown => exports[names[role]!]!(...args);
  const hasSeed = source.inputs.some(({ name }) => name === "seed");
  const head = ({ params, state }: Point): unknown[] => (state === undefined ? [params] : [params, state]);
  const data = ({ X, y }: Batch, seed: number): unknown[] => (hasSeed ? [X, y, seed] : [X, y]);
  return {
    source,
    facts: factsOf(compilation, source),
    problem: problemOf(source, names),
    init: (seed) => ({
      params: call("init", [seed]) as Arrays, // exports are untyped text until here, and below
      state: names["initState"] === undefined ? undefined : (call("initState", []) as Arrays),
    }),
    optimizer: () => call("optimizer", []),
    step: (point, optimizer, batch, seed) => call("step", [...head(point), optimizer, ...data(batch, seed)]) as number,
    gradients: (point, batch, seed) =>
      call("grad", [...head(point), ...data(batch, seed)]) as { loss: number; gradients: Arrays },
    loss: (point, batch, seed) => (call("forward", [...head(point), ...data(batch, seed)]) as { loss: number }).loss,
    predict: (point, X) => call("predict", [...head(point), X]) as Float64Array,
  };
}

function problemOf(source: SourceNetwork, names: Readonly<Record<string, string>>): string | undefined {
  if (source.training.loss === undefined) return "The spec has no loss, so there is nothing to make small: add `loss: mse`.";
  if (names["grad"] === undefined) return "Training needs one loss, and `reduction: none` gives one per row: take mean or sum.";
  if (source.trainer === undefined)
    return "The spec has no optimizer, so it has no step: add `optimizer: { sgd: { rate: 0.1 } }`.";
  return undefined;
}

function factsOf(compilation: Compilation, source: SourceNetwork): NetworkFacts {
  const { shape } = source.predict.output.type;
  const last = shape.at(-1);
  const { trainer } = source;
  return {
    name: source.name,
    code: compilation.code,
    parameters: source.parameters.map(({ name, shape: own, layer, isWeight }) => ({ name, shape: own, layer, isWeight })),
    optimizer: trainer && {
      kind: trainer.optimizer.kind,
      rate: trainer.optimizer.rate,
      changes: trainer.schedule !== undefined || trainer.warmup > 0,
    },
    answer: answerKind(source, lossOf(compilation.source.text)),
    outputs: shape.length > 1 && typeof last === "number" ? last : 1,
    operations: compilation.opCount,
  };
}

function answerKind({ inputs, predict: { output } }: SourceNetwork, loss: string | undefined): AnswerKind {
  const op = output.kind === "call" ? output.op : "";
  const width = output.type.shape.length > 1 ? output.type.shape.at(-1) : 1;
  const targets = inputs.find(({ name }) => name === "y");
  if (width !== 1) {
    if (op === "softmax") return "probabilities";
    return op === "logSoftmax" ? "log-probabilities" : "scores";
  }
  if (targets?.sample === "sign") return "sign";
  if (op === "sigmoid") return "probability";
  return loss?.replace(/[-_]/g, "").toLowerCase() === "binarycrossentropy" ? "logit" : "number";
}
