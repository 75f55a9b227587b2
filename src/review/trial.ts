// One run of the user's code at a point: what it returned, what was assigned on the way, and why it stopped where it did.

import type { Node } from "@babel/types";
import {
  argumentsAt,
  readGradientArray,
  readGradients,
  readReturned,
  valueOf,
  type Binding,
  type Layout,
  type ResultNames,
} from "./calls.ts";
import type { Instrumented } from "./instrument.ts";
import { createRecorder, EndlessError, type Event, type Hooks, type Move, type Passings } from "./recorder.ts";
import type { Pass, Subject } from "./subject.ts";
import { patternNames } from "./syntax.ts";
import type { TruthPoint } from "./truth.ts";
import { toVector } from "./vectors.ts";

export interface Trial {
  readonly instrumented: Instrumented;
  readonly make: (hooks: Hooks) => Functions;
  readonly subject: Subject;
  /** Of the parameters of the function that takes the inputs; none for a script. */
  readonly bindings: readonly Binding[];
  readonly layout: Layout;
  readonly names: ResultNames;
  /** The gradient that arrives at the value, where the user's backward function takes it; else 1. */
  readonly seed: number;
}

export type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

export interface Run {
  readonly value: number | undefined;
  /** What came out for each input, as it came. */
  readonly gradients: ReadonlyMap<string, unknown>;
  readonly events: readonly Event[];
  readonly passings: ReadonlyMap<number, Passings>;
  readonly problem: Problem | undefined;
}

export type Problem =
  | { readonly kind: "throws"; readonly message: string; readonly statement: number }
  | { readonly kind: "endless"; readonly statement: number };

export interface RunOptions {
  readonly move?: Move;
  readonly isRecording: boolean;
}

export function run(trial: Trial, point: TruthPoint, options: RunOptions): Run {
  const { subject, names, layout } = trial;
  const all = Object.fromEntries(names.truth.inputs.map((input) => [input.name, valueOf(input, point, layout)]));
  const recorder = createRecorder({ ...options, inputs: subject.kind === "script" ? all : {} });
  const { hooks, events, order: passings } = recorder;
  try {
    const functions = trial.make(hooks);
    const returned = call(trial, functions, point, all);
    return { ...returned, events, passings, problem: undefined };
  } catch (problem) {
    const { statement } = recorder;
    const nothing = { value: undefined, gradients: new Map<string, unknown>(), events, passings };
    if (problem instanceof EndlessError) return { ...nothing, problem: { kind: "endless", statement } };
    const message = problem instanceof Error ? problem.message : String(problem);
    return { ...nothing, problem: { kind: "throws", message, statement } };
  }
}

function call(
  { subject, bindings, layout, names, seed }: Trial,
  functions: Functions,
  point: TruthPoint,
  all: Readonly<Record<string, unknown>>,
): Pick<Run, "value" | "gradients"> {
  switch (subject.kind) {
    case "script":
      functions["single"]!(all);
      return { value: undefined, gradients: new Map() };
    case "single":
      return readReturned(functions["single"]!(...argumentsAt(bindings, point, layout)), names);
    case "pair": {
      const kept = functions["forward"]!(...argumentsAt(bindings, point, layout));
      const { value } = readReturned(kept, names);
      const result = functions["backward"]!(...backwardArguments(subject.backward, { kept, seed, all, names }));
      const gradients = Array.isArray(result)
        ? readGradientArray(result, names)
        : readGradients(Object(result) as Readonly<Record<string, unknown>>, names);
      const held = readReturned(result, names).gradients;
      return { value, gradients: gradients.size > 0 ? gradients : held };
    }
  }
}

interface BackwardRequest {
  readonly kept: unknown;
  readonly seed: number;
  readonly all: Readonly<Record<string, unknown>>;
  readonly names: ResultNames;
}

/** `(kept, df = 1)`, `(dout, cache)`, with inputs by name anywhere. */
function backwardArguments({ fn }: Pass, { kept, seed, all }: BackwardRequest): unknown[] {
  const [, cache] = Array.isArray(kept) && kept.length === 2 ? (kept as [unknown, unknown]) : [undefined, kept];
  return (fn?.params ?? []).map((param) => {
    const name = param.type === "ObjectPattern" ? undefined : patternNames(param)[0];
    if (name === undefined) return cache;
    if (isSeedName(name, param)) return seed;
    if (Object.hasOwn(all, name)) return all[name];
    const held = Object(cache) as Readonly<Record<string, unknown>>;
    return Object.hasOwn(held, name) && /^(cache|kept|context|ctx)$/.test(name) ? held[name] : cache;
  });
}

/** The parameter by which the backward function takes the gradient of the value. */
export function seedParameter({ fn }: Pass): string | undefined {
  for (const param of fn?.params ?? []) {
    const name = param.type === "ObjectPattern" ? undefined : patternNames(param)[0];
    if (name !== undefined && isSeedName(name, param)) return name;
  }
  return undefined;
}

function isSeedName(name: string, param: Node): boolean {
  if (param.type === "AssignmentPattern") return true;
  return /^(d[A-Z_a-z]*|grad\w*|upstream|seed|g|adj\w*|bar\w*)$/.test(name) && !/^(data|dims?)$/.test(name);
}

/** The last value of every variable that was assigned, by name. */
export function lastValues({ instrumented }: Trial, { events }: Run): Map<string, readonly number[] | undefined> {
  const last = new Map<string, readonly number[] | undefined>();
  for (const { site, value } of events) {
    const { variable } = instrumented.sites[site]!;
    last.set(variable, value);
  }
  return last;
}

/** Gradients as lists; what is no list of numbers stays away. */
export function gradientVectors({ gradients }: Pick<Run, "gradients">): Map<string, number[] | undefined> {
  return new Map([...gradients].map(([name, value]) => [name, toVector(value)]));
}
