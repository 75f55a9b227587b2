// The truth a review compares with: values and gradients of the compiled source at seeded points.

import { load } from "../compiler/load.ts";
import type { Compilation, CompiledFunction } from "../compiler/types.ts";
import { createReporter, type Reporter } from "../diagnostics/report.ts";
import { parseExpressionSource } from "../frontends/expression/expression.ts";
import type { FunctionInput } from "../frontends/source.ts";
import { evaluateDim } from "../ir/dims.ts";
import type { Node } from "../ir/graph.ts";
import type { Dim } from "../ir/shape.ts";
import { createRandom, seedOf, type Random } from "../verify/prng.ts";
import { drawInside, isInside } from "../verify/sample.ts";
import { chooseSizes, createTensorSampler } from "../verify/tensor-sample.ts";

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
  readonly points: readonly TruthPoint[];
  readonly isNetwork: boolean;
}

interface Model {
  readonly inputs: readonly FunctionInput[];
  readonly outputs: readonly Node[];
  readonly sizes: ReadonlyMap<string, number>;
}

const SCALAR_POINTS = 5;
const TENSOR_POINTS = 3;

/** Reports and returns undefined where the source has no gradient that one could write by hand. */
export async function truthOf(
  compilation: Compilation,
  seed: number | undefined,
  reporter: Reporter,
): Promise<Truth | undefined> {
  const fn = compilation.functions.at(-1);
  if (!compilation.ok || fn === undefined) return refuse("did not compile", compilation, reporter);
  if (fn.exports["grad"] === undefined) return refuse("has no single number to differentiate", compilation, reporter);
  const isNetwork = fn.exports["predict"] !== undefined;
  const model = isNetwork ? await networkModel(compilation) : expressionModel(compilation);
  if (typeof model === "string") return refuse(model, compilation, reporter);
  const names = isNetwork ? [...model.inputs.filter(({ role }) => role === "param").map(({ name }) => name), ...fn.wrt] : fn.wrt;
  const wrt = new Set(names);
  const inputs = model.inputs.map(({ name, node, role }): TruthInput => ({
    name,
    shape: node.type.shape,
    dtype: node.type.dtype,
    isParameter: isNetwork && role === "param",
    isDifferentiated: wrt.has(name),
  }));
  const random = createRandom(seed ?? seedOf(compilation.source.text));
  const measure = measurer(compilation, fn, inputs, isNetwork);
  const points = inputs.every(({ shape }) => shape.length === 0)
    ? scalarPoints(model, random, measure)
    : tensorPoints(model, random, measure);
  if (points.length === 0) return refuse("has a gradient at no point that was tried", compilation, reporter);
  return { name: fn.name, valueName: fn.result.value, inputs, points, isNetwork };
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

type Measure = (inputs: ReadonlyMap<string, Measured>, sizes: ReadonlyMap<string, number>) => TruthPoint | undefined;

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

/** Numbers that are easy to put in by hand at first; then any. Never 0, 1 or −1, where mistakes cannot be seen. */
function scalarPoints({ inputs }: Model, random: Random, measure: Measure): TruthPoint[] {
  const points: TruthPoint[] = [];
  for (let tried = 0; tried < 400 && points.length < SCALAR_POINTS; tried++) {
    const [low, high] = RANGES[tried % RANGES.length]!;
    const step = points.length === 0 && tried < 200 ? 0.5 : 0.01;
    const used = new Set<number>();
    const draw = (source: Random): number => {
      for (let again = 0; again < 50; again++) {
        const value = Math.round(source.between(low, high) / step) * step;
        const tidy = Number(value.toFixed(2));
        if (![0, 1, -1].includes(tidy) && !used.has(Math.abs(tidy))) return tidy;
      }
      return source.between(low, high);
    };
    const values = inputs.map((input): [string, Measured] => {
      const rounded = Number(drawInside(input.domain, draw, random).toFixed(3));
      const value = isInside(rounded, input.domain) ? rounded : drawInside(input.domain, draw, random);
      used.add(Math.abs(value));
      return [input.name, { shape: [], data: [value] }];
    });
    const point = measure(new Map(values), new Map());
    if (point !== undefined && [...point.gradients.values()].some(([first]) => Math.abs(first!) > 1e-3)) points.push(point);
  }
  return points;
}

const RANGES: readonly (readonly [number, number])[] = [
  [-2.5, 2.5],
  [-4, 4],
  [0.2, 3],
  [-2, 2],
  [0.1, 0.9],
  [-1.5, 1.5],
  [1.2, 4],
];

/** Sizes of symbolic dimensions differ from point to point, so that a constant is told from a size. */
function tensorPoints(model: Model, random: Random, measure: Measure): TruthPoint[] {
  const { inputs, outputs } = model;
  const nodes = [...inputs.map(({ node }) => node as Node), ...outputs];
  const settings = chooseSizes(nodes, new Map(), TENSOR_POINTS);
  const points: TruthPoint[] = [];
  if (settings.length === 0) return points;
  for (let tried = 0; tried < 60 && points.length < TENSOR_POINTS; tried++) {
    const sizes = settings[points.length % settings.length]!;
    const drawn = createTensorSampler(inputs, outputs, sizes, random).draw(tried);
    const values = drawn.map(({ shape, data }, index): [string, Measured] => {
      const { name, domain, sample, node } = inputs[index]!;
      const isFree = domain === undefined && sample === undefined && node.type.dtype === "real";
      return [name, { shape, data: Array.from(data, (value) => (isFree ? Number(value.toFixed(2)) || 0.05 : value)) }];
    });
    const point = measure(new Map(values), sizes);
    if (point !== undefined) points.push(point);
  }
  return points;
}

/** How many elements an input has at a point. */
export function sizeAt(shape: readonly Dim[], sizes: ReadonlyMap<string, number>): number {
  return shape.reduce<number>((product, dim) => product * evaluateDim(dim, sizes), 1);
}
