// The inputs of a function as fields to fill in, and points that fit them: what was given where it fits, else small numbers that are always the same.

import type { ToldInput } from "../../compiler/derivation.ts";
import type { CompiledFunction } from "../../compiler/types.ts";
import type { FunctionInput, SourceFunction } from "../../frontends/source.ts";
import { dimSymbols, evaluateDim, sizeOfShape } from "../../ir/dims.ts";
import type { LessonPoint } from "../../lesson/types.ts";
import type { InputField, Point } from "../protocol.ts";

/** What an open dimension is until somebody says otherwise. */
const USUAL_SIZE = 3;

/** Beyond it a number field would be hopeless, and the page only sets sizes. */
const LARGEST_SIZE = 64;

export type Sizes = Readonly<Record<string, number>>;

export function fieldsOf(fn: CompiledFunction, source: SourceFunction | undefined): InputField[] {
  return fn.inputs.map(({ name, shape, dtype }) => {
    const declared = source?.inputs.find((input) => input.name === name);
    return {
      name,
      shape,
      dtype,
      role: declared?.role ?? "param",
      domain: declared && finiteDomain(declared),
      below: typeof declared?.below === "number" ? declared.below : undefined,
      sample: declared?.sample,
    };
  });
}

/** The parameters of a network, its running statistics, its data. */
export function networkFields(inputs: readonly ToldInput[]): InputField[] {
  return inputs.map(({ input, part }) => ({
    name: input.name,
    shape: input.node.type.shape,
    dtype: input.node.type.dtype,
    role: part === "parameter" ? "param" : "input",
    domain: finiteDomain(input),
    below: typeof input.below === "number" ? input.below : undefined,
    sample: input.sample,
  }));
}

/** A slider needs both ends. Where one is open the value stays a little inside. */
function finiteDomain({ domain, open }: FunctionInput): readonly [number, number] | undefined {
  if (domain === undefined) return undefined;
  const [low, high] = domain;
  if (low === -Infinity && high === Infinity) return undefined;
  const from = Number.isFinite(low) ? low : high - 10;
  const to = Number.isFinite(high) ? high : low + 10;
  const margin = (to - from) / 1000;
  return [open?.[0] && Number.isFinite(low) ? from + margin : from, open?.[1] && Number.isFinite(high) ? to - margin : to];
}

/** Every open dimension with its size. */
export function sizesOf(fields: readonly InputField[], given: Sizes): Sizes {
  const names = [...new Set(fields.flatMap(({ shape }) => shape.flatMap(dimSymbols)))];
  return Object.fromEntries(names.map((name) => [name, sizeNamed(name, given)]));
}

function sizeNamed(name: string, given: Sizes): number {
  const size = Object.hasOwn(given, name) ? given[name]! : USUAL_SIZE;
  return Number.isInteger(size) && size >= 1 ? Math.min(size, LARGEST_SIZE) : USUAL_SIZE;
}

/** A value for every field: what was given where it fits, else what the source starts with. */
export function completePoint(fields: readonly InputField[], given: Point, sizes: Sizes, start: LessonPoint = {}): Point {
  const entries = fields.map((field) => {
    const value = fitting(field, given, sizes) ?? fitting(field, plain(start, field.name), sizes) ?? usualValue(field, sizes);
    return [field.name, value] as const;
  });
  return Object.fromEntries(entries);
}

/** One entry with a plain array in place of a typed one. */
function plain(point: LessonPoint, name: string): Point {
  const value = Object.hasOwn(point, name) ? point[name]! : undefined;
  if (value === undefined) return {};
  return { [name]: typeof value === "number" ? value : Array.from(value) };
}

/** The components of a direction by the inputs that are differentiated: 1 where nothing fits. */
export function completeDirection(fields: readonly InputField[], given: Point, sizes: Sizes): Point {
  return Object.fromEntries(
    fields.map((field) => [field.name, fitting({ ...field, below: undefined }, given, sizes) ?? onesLike(field, sizes)]),
  );
}

function onesLike(field: InputField, sizes: Sizes): number | readonly number[] {
  return field.shape.length === 0 ? 1 : new Array<number>(elementsOf(field, sizes)).fill(1);
}

/** What was given, if it is of the right kind and length. */
function fitting(field: InputField, given: Point, sizes: Sizes): number | readonly number[] | undefined {
  const value = Object.hasOwn(given, field.name) ? given[field.name]! : undefined;
  if (field.shape.length === 0) return typeof value === "number" ? value : undefined;
  if (typeof value !== "object" || value.length !== elementsOf(field, sizes)) return undefined;
  const fits = field.below === undefined || value.every((element) => element >= 0 && element < field.below!);
  return fits ? value : undefined;
}

export function elementsOf({ shape }: InputField, sizes: Sizes): number {
  return evaluateDim(sizeOfShape(shape), new Map(Object.entries(sizes)));
}

/** Small numbers from the field's name alone, so that a link shows everybody the same. */
function usualValue(field: InputField, sizes: Sizes): number | readonly number[] {
  const next = generator(field.name);
  if (field.shape.length === 0) return usualNumber(field, next);
  const values = Array.from({ length: elementsOf(field, sizes) }, () => usualNumber(field, next));
  if (field.sample === "sign") return values.map((value) => (value < 0 ? -1 : 1));
  return field.sample === "distribution" ? normalised(values, field, sizes) : values;
}

function usualNumber({ dtype, domain, below, role }: InputField, next: () => number): number {
  if (dtype === "integer") return Math.floor(next() * (below ?? 3));
  if (dtype === "boolean") return next() < 0.5 ? 0 : 1;
  const [low, high] = domain ?? (role === "const" ? [0.5, 1.5] : [-2, 2]);
  const value = low + (high - low) * (0.1 + 0.8 * next());
  return Number(value.toPrecision(2));
}

/** Rows that sum to 1. */
function normalised(values: readonly number[], { shape }: InputField, sizes: Sizes): number[] {
  const width = evaluateDim(shape.at(-1)!, new Map(Object.entries(sizes)));
  const positive = values.map((value) => Math.abs(value) + 0.1);
  return positive.map((value, at) => {
    const start = at - (at % width);
    return value / positive.slice(start, start + width).reduce((sum, part) => sum + part, 0);
  });
}

/** Mulberry32, seeded by a hash of the text. */
function generator(seed: string): () => number {
  let state = 2166136261;
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
