// How a user's functions are called and what they return: inputs by name or by position, numbers, flat or nested arrays, results by property or
// by place.

import type { Node } from "@babel/types";
import { adjointOf, GRADIENT_HOLDERS, VALUE_NAMES } from "./names.ts";
import type { Pass } from "./subject.ts";
import { patternNames, walk } from "./syntax.ts";
import type { Measured, Truth, TruthInput, TruthPoint } from "./truth.ts";
import { toVector } from "./vectors.ts";

/** How tensors are handed over: typed arrays, plain arrays, arrays of arrays. */
export type Layout = "typed" | "plain" | "nested";

/** What one parameter of the user's function gets. */
export type Binding =
  | { readonly kind: "input"; readonly input: TruthInput; readonly parameter: string }
  /** An object of several inputs by name. */
  | { readonly kind: "object"; readonly inputs: readonly TruthInput[] }
  | { readonly kind: "size"; readonly name: string }
  | { readonly kind: "absent" };

/** What each parameter stands for; the names of inputs without a place where there are any. */
export function bindParameters({ fn }: Pass, truth: Truth): Binding[] | readonly string[] {
  const sizes = new Set(truth.points.flatMap(({ sizes }) => [...sizes.keys()]));
  const byName = new Map(truth.inputs.map((input) => [input.name, input]));
  const params = fn?.params ?? [];
  const named = new Set(params.flatMap((param) => patternNames(param)).filter((name) => byName.has(name)));
  const left = truth.inputs.filter(({ name }) => !named.has(name));
  const isFree = (param: Node): boolean =>
    plainName(param) !== undefined && !byName.has(plainName(param)!) && !sizes.has(plainName(param)!);
  const free = params.filter((param) => param.type === "Identifier" && isFree(param));
  const isParams = truth.isNetwork && /^param(s|eters)$/.test((free[0] && plainName(free[0])) ?? ""); // be it a single one
  const asObject = free.length > 0 && (free.length < left.length || isParams);
  const queue = [...left];
  const objectInputs = truth.isNetwork ? left.filter(({ isParameter }) => isParameter) : left;
  const bindings = params.map((param): Binding => {
    const name = plainName(param);
    if (param.type === "ObjectPattern") return { kind: "object", inputs: truth.inputs };
    if (name === undefined) return { kind: "absent" };
    const own = byName.get(name);
    if (own !== undefined) return { kind: "input", input: own, parameter: name };
    if (sizes.has(name)) return { kind: "size", name };
    if (param.type !== "Identifier") return { kind: "absent" };
    if (asObject && param === free[0]) return takeObject(queue, objectInputs, free.length);
    const next = queue.shift();
    return next === undefined ? { kind: "absent" } : { kind: "input", input: next, parameter: name };
  });
  return queue.length === 0 || bindings.some(({ kind }) => kind === "object") ? bindings : queue.map(({ name }) => name);
}

/** The first free parameter holds as many inputs as the others leave. */
function takeObject(queue: TruthInput[], preferred: readonly TruthInput[], free: number): Binding {
  const count = preferred.length < queue.length ? preferred.length : queue.length - (free - 1);
  const taken = preferred.length < queue.length ? preferred : queue.slice(0, count);
  for (const input of taken) queue.splice(queue.indexOf(input), 1);
  return { kind: "object", inputs: taken };
}

/** `x` of `x`, `x = 1` and `x: number`. */
function plainName(param: Node): string | undefined {
  if (param.type === "Identifier") return param.name;
  return param.type === "AssignmentPattern" && param.left.type === "Identifier" ? param.left.name : undefined;
}

/** The arguments at a point, made anew each time: the user's code may change them. */
export function argumentsAt(bindings: readonly Binding[], point: TruthPoint, layout: Layout): unknown[] {
  return bindings.map((binding) => {
    switch (binding.kind) {
      case "input":
        return valueOf(binding.input, point, layout);
      case "object":
        return Object.fromEntries(binding.inputs.map((input) => [input.name, valueOf(input, point, layout)]));
      case "size":
        return point.sizes.get(binding.name);
      case "absent":
        return undefined;
    }
  });
}

export function valueOf({ name, shape, dtype }: TruthInput, point: TruthPoint, layout: Layout): unknown {
  const measured = point.inputs.get(name)!;
  if (shape.length === 0) return measured.data[0];
  if (layout === "typed") return dtype === "real" ? Float64Array.from(measured.data) : Int32Array.from(measured.data);
  return layout === "plain" ? [...measured.data] : nested(measured);
}

function nested({ shape, data }: Measured): unknown {
  const [first = 0, ...rest] = shape;
  if (rest.length === 0) return [...data];
  const width = data.length / first;
  return Array.from({ length: first }, (_, row) => nested({ shape: rest, data: data.slice(row * width, (row + 1) * width) }));
}

/** The layouts to try: what the types of the parameters say, or all. */
export function layoutsOf({ fn }: Pass, text: string, truth: Truth): Layout[] {
  if (truth.inputs.every(({ shape }) => shape.length === 0)) return ["typed"];
  let annotations = "";
  for (const param of fn?.params ?? []) {
    walk(param, (node) => {
      if (node.type === "TSTypeAnnotation") annotations += text.slice(node.start ?? 0, node.end ?? 0);
    });
  }
  if (/\[\]\s*\[\]|Array<\s*(Array<|.*\[\])|Matrix/.test(annotations)) return ["nested"];
  if (/Float64Array/.test(annotations)) return ["typed"];
  if (/number\[\]|Array<number>/.test(annotations)) return ["plain", "nested"];
  return ["typed", "nested", "plain"];
}

/** What a run gave back: the value, and the gradients by input. */
export interface Returned {
  readonly value: number | undefined;
  readonly gradients: ReadonlyMap<string, unknown>;
}

export interface ResultNames {
  readonly truth: Truth;
  /** The user's names of the inputs. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads `{ f, dx, dy }`, `{ value, gradient: { x, y } }`, `[f, dx, dy]`, `[f, [dx, dy]]`, `{ W1, b1 }`. */
export function readReturned(result: unknown, names: ResultNames): Returned {
  if (typeof result === "number") return { value: result, gradients: new Map() };
  if (Array.isArray(result)) return readArray(result, names);
  if (typeof result !== "object" || result === null) return { value: undefined, gradients: new Map() };
  return readObject(result as Readonly<Record<string, unknown>>, names);
}

function readObject(result: Readonly<Record<string, unknown>>, names: ResultNames): Returned {
  const gradients = new Map<string, unknown>();
  const wrt = differentiated(names.truth);
  for (const { name } of wrt) {
    const key = Object.keys(result).find((each) => adjointFor(each, names) === name);
    if (key !== undefined) gradients.set(name, result[key]);
  }
  for (const [key, part] of Object.entries(result)) {
    if (!GRADIENT_HOLDERS.has(key) || typeof part !== "object" || part === null) continue;
    const inner = Array.isArray(part)
      ? readGradientArray(part, names)
      : readGradients(part as Readonly<Record<string, unknown>>, names);
    for (const [name, value] of inner) if (!gradients.has(name)) gradients.set(name, value);
  }
  const valueKey = [names.truth.valueName, names.truth.name, ...VALUE_NAMES].find((each) => typeof result[each] === "number");
  return { value: valueKey === undefined ? undefined : (result[valueKey] as number), gradients };
}

/** The gradients in an object of nothing else, where they may have the names of their inputs. */
export function readGradients(part: Readonly<Record<string, unknown>>, names: ResultNames): Map<string, unknown> {
  const gradients = new Map<string, unknown>();
  for (const { name } of differentiated(names.truth)) {
    const own = names.parameters.get(name) ?? name;
    const key =
      Object.keys(part).find((each) => adjointFor(each, names) === name) ?? [name, own].find((each) => Object.hasOwn(part, each));
    if (key !== undefined) gradients.set(name, part[key]);
  }
  return gradients;
}

/** The input whose gradient a property holds by its name. */
export function adjointFor(key: string, { truth, parameters }: ResultNames): string | undefined {
  const inputs = new Map(
    truth.inputs.flatMap(({ name }) => [[name, name] as const, [parameters.get(name) ?? name, name] as const]),
  );
  const outputs = new Set([truth.name, truth.valueName]);
  const found = adjointOf(key, new Set(inputs.keys()), outputs);
  return found === undefined ? undefined : inputs.get(found);
}

function readArray(result: readonly unknown[], names: ResultNames): Returned {
  const wrt = differentiated(names.truth);
  if (result.length === wrt.length + 1 && typeof result[0] === "number")
    return { value: result[0], gradients: readGradientArray(result.slice(1), names) };
  if (result.length === 2 && typeof result[0] === "number") {
    const second = result[1];
    const gradients = Array.isArray(second)
      ? readGradientArray(second, names)
      : readGradients(Object(second) as Readonly<Record<string, unknown>>, names);
    return { value: result[0], gradients };
  }
  return { value: undefined, gradients: readGradientArray(result, names) };
}

export function readGradientArray(part: readonly unknown[], { truth }: ResultNames): Map<string, unknown> {
  const wrt = differentiated(truth);
  if (wrt.length === 1 && part.length !== 1) return new Map([[wrt[0]!.name, part]]);
  if (part.length !== wrt.length) return new Map();
  return new Map(wrt.map(({ name }, index) => [name, part[index]]));
}

export function differentiated({ inputs }: Truth): TruthInput[] {
  return inputs.filter(({ isDifferentiated }) => isDifferentiated);
}

/** Whether what came back may be a number or numbers at all. */
export function isNumeric(value: unknown): boolean {
  return toVector(value) !== undefined;
}
