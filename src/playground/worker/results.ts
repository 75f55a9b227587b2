// What a generated function returns at a point, whatever its mode and style: named tables of numbers.

import type { Exports } from "../../compiler/load.ts";
import type { CompiledFunction } from "../../compiler/types.ts";
import type { InputField, Options, Point, Result } from "../protocol.ts";
import { elementsOf, type Sizes } from "./fields.ts";

export interface Callable {
  readonly fn: CompiledFunction;
  readonly fields: readonly InputField[];
  readonly exports: Exports;
  readonly options: Options;
}

/** What a function is called with. */
export interface Call {
  readonly point: Point;
  /** Empty where the mode takes none. */
  readonly direction: Point;
  readonly sizes: Sizes;
}

/** Calls the function of the mode. Throws what the function throws. */
export function resultsAt({ fn, fields, exports, options }: Callable, { point, direction, sizes }: Call): Result[] {
  const toArgument = argumentIn(options);
  const plain = fields.map((field) => toArgument(field, point[field.name]!));
  const along = directedFields(fn, fields).map((field) => toArgument(field, direction[field.name]!));
  const call = exports[fn.exports["derivative"]!]!;
  const extra = (fn.sizes ?? []).map((name) => sizes[name]!);
  const returned = fn.result.packed
    ? call(plain, ...(along.length > 0 ? [along] : []), ...extra)
    : call(...plain, ...extra, ...along);
  const columns = fields
    .filter(({ name }) => fn.wrt.includes(name))
    .reduce((sum, field) => sum + Number(elementsOf(field, sizes)), 0);
  return fn.result.layout === "array"
    ? fromArray(fn, returned as ArrayLike<number>, columns)
    : fromObject(returned as Record<string, unknown>, fields, sizes, columns);
}

/** The inputs that have a component in the direction, where the mode takes one. */
export function directedFields(fn: CompiledFunction, fields: readonly InputField[]): readonly InputField[] {
  const isDirected = fn.exports["jvp"] !== undefined || fn.exports["hvp"] !== undefined;
  return isDirected ? fields.filter(({ name }) => fn.wrt.includes(name)) : [];
}

function argumentIn({ precision }: Options) {
  return ({ dtype, shape }: InputField, value: number | readonly number[]): unknown => {
    if (shape.length === 0) return value;
    const values = typeof value === "number" ? [value] : value;
    if (dtype !== "real") return Int32Array.from(values);
    return precision === "f32" ? Float32Array.from(values) : Float64Array.from(values);
  };
}

/** The fast style's array: the values, the gradient, then what the mode adds. */
function fromArray(fn: CompiledFunction, out: ArrayLike<number>, columns: number): Result[] {
  const all = Array.from(out);
  const { outputs, gradients } = fn.result;
  const value = table(fn.name, outputs === 1 ? [[all[0]!]] : [all.slice(0, outputs)]);
  const named = Object.entries(gradients).map(([input, at]) => table(`d${input}`, [[all[Number(at)]!]]));
  const rest = all.slice(outputs + named.length);
  return [value, ...named, ...(rest.length > 0 ? [table("rows", inRows(rest, columns))] : [])];
}

function fromObject(returned: Record<string, unknown>, fields: readonly InputField[], sizes: Sizes, columns: number): Result[] {
  return Object.entries(returned).map(([name, value]) => {
    if (typeof value === "number") return table(name, [[value]]);
    const items = Array.from(value as Iterable<number | Iterable<number>>);
    if (items.some((item) => typeof item !== "number"))
      return table(
        name,
        items.map((item) => Array.from(item as Iterable<number>)),
      );
    const width = name === "J" || name === "H" ? columns : widthOf(name, fields, sizes, items.length);
    return table(name, inRows(items as number[], width));
  });
}

/** Rows and columns of a result that the page is given. */
const MOST_SIDE = 12;

function table(name: string, rows: readonly (readonly number[])[]): Result {
  const size = [rows.length, Math.max(0, ...rows.slice(0, MOST_SIDE).map(({ length }) => length))] as const;
  return { name, size, rows: rows.slice(0, MOST_SIDE).map((row) => row.slice(0, MOST_SIDE)) };
}

/** Of the gradient of a matrix, the matrix' own width; one row for the rest. */
function widthOf(name: string, fields: readonly InputField[], sizes: Sizes, length: number): number {
  const field = fields.find((input) => [`d${input.name}`, `h${input.name}`].includes(name));
  const last = field?.shape.length === 2 ? field.shape[1]! : length;
  return typeof last === "number" ? last : (sizes[last] ?? length);
}

function inRows(values: readonly number[], width: number): number[][] {
  const step = Math.max(1, width);
  return Array.from({ length: Math.ceil(values.length / step) }, (_, row) => values.slice(row * step, (row + 1) * step));
}
