// The truth a review compares with: values and gradients of the compiled source at seeded points, and at those asked for.

import { load } from "../compiler/load.ts";
import type { Compilation, CompiledFunction } from "../compiler/types.ts";
import { createReporter, type Reporter } from "../diagnostics/report.ts";
import { parseExpressionSource } from "../frontends/expression/expression.ts";
import type { FunctionInput } from "../frontends/source.ts";
import type { Dim } from "../ir/shape.ts";
import { readPoint } from "../lesson/call.ts";
import type { LessonPoint } from "../lesson/types.ts";
import { createRandom, seedOf } from "../verify/prng.ts";
import { compileGates } from "./gates.ts";
import { choosePoints, type Measure, type Model } from "./points.ts";

/** Something comes in: a number where `shape` is empty, else an array. */
export interface TruthInput {
  readonly name: string;
  readonly shape: readonly Dim[];
  readonly dtype: "real" | "integer" | "boolean";
  readonly isParameter: boolean;
  readonly isDifferentiated: boolean;
}

export interface Measured {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface TruthPoint {
  /** By input name. */
  readonly inputs: ReadonlyMap<string, Measured>;
  /** Sizes of symbolic dimensions. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly value: number;
  /** By input name, row-major. */
  readonly gradients: ReadonlyMap<string, readonly number[]>;
}

export interface Truth {
  readonly name: string;
  /** What the value is called: the function's name, `loss`. */
  readonly valueName: string;
  readonly inputs: readonly TruthInput[];
  /** Those that were asked for come first. */
  readonly points: readonly TruthPoint[];
  readonly givenPoints: number;
  readonly isNetwork: boolean;
}

export interface TruthRequest {
  readonly compilation: Compilation;
  /** Of the seeded points; by the text of the source where there is none. */
  readonly seed: number | undefined;
  /** Points to look at first. */
  readonly at: readonly LessonPoint[];
  readonly reporter: Reporter;
}

/** Reports and returns undefined where the source has no gradient that one could write by hand. */
export async function truthOf({ compilation, seed, at, reporter }: TruthRequest): Promise<Truth | undefined> {
  const fn = compilation.functions.at(-1);
  if (!compilation.ok || fn === undefined) return refuse("did not compile", compilation, reporter);
  if (fn.exports["grad"] === undefined) return refuse("has no single number to differentiate", compilation, reporter);
  const isNetwork = fn.exports["predict"] !== undefined;
  const model = isNetwork ? await networkModel(compilation) : expressionModel(compilation);
  if (typeof model === "string") return refuse(model, compilation, reporter);
  const names = isNetwork ? [...model.inputs.filter(({ role }) => role === "param").map(({ name }) => name), ...fn.wrt] : fn.wrt;
  const wrt = new Set(names);
  if (wrt.size === 0) return refuse("asks for the gradient by no input", compilation, reporter);
  const inputs = model.inputs.map(({ name, node, role }): TruthInput => ({
    name,
    shape: node.type.shape,
    dtype: node.type.dtype,
    isParameter: isNetwork && role === "param",
    isDifferentiated: wrt.has(name),
  }));
  const random = createRandom(seed ?? seedOf(compilation.source.text));
  const measure = measurer(compilation, fn, inputs, isNetwork);
  const given = at.map((point) => givenPoint(point, { compilation, model, measure }));
  const problem = given.find((each) => typeof each === "string");
  if (problem !== undefined) return refuse(problem, compilation, reporter);
  const chosen = choosePoints(model, random, measure);
  if (chosen.length === 0) return refuse("has a gradient at no point that was tried", compilation, reporter);
  const points = [...given.filter((each) => typeof each !== "string"), ...chosen];
  return { name: fn.name, valueName: fn.result.value, inputs, points, givenPoints: given.length, isNetwork };
}

interface GivenRequest {
  readonly compilation: Compilation;
  readonly model: Model;
  readonly measure: Measure;
}

/** A point that was asked for; or what is the matter with it. */
function givenPoint(at: LessonPoint, { compilation, model, measure }: GivenRequest): TruthPoint | string {
  const fn = compilation.functions.at(-1)!;
  if (fn.derivation === undefined) return "was not compiled in stages";
  const { tensors, sizes } = readPoint(fn, fn.derivation, at);
  const values = new Map(
    fn.derivation.inputs.map(({ input }, index): [string, Measured] => {
      const { shape, data } = tensors[index]!;
      return [input.name, { shape, data: [...data] }];
    }),
  );
  const shown = [...values].flatMap(([name, { shape, data }]) => (shape.length === 0 ? [`${name} = ${data[0]}`] : []));
  const where = shown.length === 0 ? "the point given" : shown.join(", ");
  if (compileGates(model.inputs, model.outputs, sizes).standingAt(values).isCorner)
    return `has a corner at ${where}, where its gradient is what convention says`;
  return measure(values, sizes) ?? `has no finite gradient at ${where}`;
}

function refuse(problem: string, { source }: Compilation, reporter: Reporter): undefined {
  reporter.report("WG5010", undefined, { source: source.name, problem });
  return undefined;
}

function expressionModel({ source, functions }: Compilation): Model | string {
  const parsed = parseExpressionSource(source, createReporter());
  const fn = parsed.functions.find(({ name }) => name === functions.at(-1)!.name);
  if (fn === undefined) return "has no function";
  return {
    inputs: fn.inputs.filter(({ role }) => role !== "const" || fn.inputs.length > 0),
    outputs: fn.outputs,
    sizes: new Map(),
  };
}

async function networkModel({ source }: Compilation): Promise<Model | string> {
  const { parseNetworkSource } = await import("../frontends/network/network.ts");
  const network = parseNetworkSource(source, createReporter());
  const loss = network?.training.loss;
  if (network === undefined || loss === undefined) return "has no loss";
  if (network.states.length > 0) return "keeps running statistics, which no check by differences can follow";
  const parameters = network.parameters.map(({ name, node }): FunctionInput => ({
    name,
    node,
    role: "param",
    span: network.span,
  }));
  if (network.inputs.some(({ node }) => node.type.dtype === "integer" && node.type.shape.length === 0))
    return "drops values at random, so that no two forward passes are alike";
  return { inputs: [...parameters, ...network.inputs], outputs: [loss], sizes: network.sizes };
}

function measurer(compilation: Compilation, fn: CompiledFunction, inputs: readonly TruthInput[], isNetwork: boolean): Measure {
  const grad = load(compilation)[fn.exports["grad"]!] as unknown as (...args: unknown[]) => Record<string, unknown>;
  const { result } = fn;
  const argument = ({ name, shape, dtype }: TruthInput, point: ReadonlyMap<string, Measured>): unknown => {
    const { data } = point.get(name)!;
    if (shape.length === 0) return data[0]!;
    return dtype === "real" ? Float64Array.from(data) : Int32Array.from(data);
  };
  const numbers = (value: unknown): number[] => (typeof value === "number" ? [value] : Array.from(value as ArrayLike<number>));
  return (point, sizes) => {
    const parameters = inputs.filter(({ isParameter }) => isParameter);
    const data = inputs.filter(({ isParameter }) => !isParameter).map((input) => argument(input, point));
    const params = Object.fromEntries(parameters.map((input) => [input.name, argument(input, point)]));
    const explicit = (fn.sizes ?? []).map((name) => sizes.get(name));
    const packed = result.packed ? [Float64Array.from(data as number[])] : data;
    const out = isNetwork ? grad(params, ...data, ...explicit) : grad(...packed, ...explicit);
    const wrt = inputs.filter(({ isDifferentiated }) => isDifferentiated);
    const gradientOf = ({ name }: TruthInput, index: number): number[] => {
      if (isNetwork) return numbers((out["gradients"] as Record<string, unknown>)[name]);
      if (result.packed) return [(out["gradient"] as ArrayLike<number>)[index]!];
      return numbers(out[result.gradients[name]!]);
    };
    const value = out[result.value] as number;
    const gradients = new Map(wrt.map((input, index) => [input.name, gradientOf(input, index)]));
    const isSound = [value, ...[...gradients.values()].flat()].every((each) => Number.isFinite(each) && Math.abs(each) < 1e6);
    return isSound ? { inputs: point, sizes, value, gradients } : undefined;
  };
}
