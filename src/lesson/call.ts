// Calls the functions that a lesson is told from with a point given by name.

import type { Derivation, ToldInput } from "../compiler/derivation.ts";
import type { Precision } from "../compiler/precision.ts";
import { toArgument } from "../compiler/tensors.ts";
import type { CompiledFunction } from "../compiler/types.ts";
import { dimSymbols, evaluateDim, shapeText, type Sizes } from "../ir/dims.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import type { LessonPoint } from "./types.ts";

/** The inputs as tensors, by position, and the sizes they imply. */
export interface PointTensors {
  readonly tensors: readonly Tensor[];
  readonly sizes: Sizes;
}

/** Throws a RangeError that names each input without a value, and each array whose length fits no size. */
export function readPoint(fn: CompiledFunction, derivation: Derivation, point: LessonPoint): PointTensors {
  const { inputs } = derivation;
  const needed = [...inputs.map(({ input }) => input.name), ...(fn.sizes ?? [])];
  const missing = needed.filter((name) => !Object.hasOwn(point, name));
  if (missing.length > 0) throw new RangeError(`no value for ${missing.join(", ")}`);
  const sizes = findSizes(fn, derivation, point);
  return { tensors: inputs.map(({ input }) => tensorOf(input, point, sizes)), sizes };
}

/** Sizes of symbolic dimensions: each input whose shape leaves one unknown tells it by its length. */
function findSizes(fn: CompiledFunction, { inputs }: Derivation, point: LessonPoint): Sizes {
  const sizes = new Map<string, number>((fn.sizes ?? []).map((name) => [name, Number(point[name])]));
  for (let found = -1; found !== sizes.size;) {
    found = sizes.size;
    for (const { input } of inputs) findSize(input, point, sizes);
  }
  return sizes;
}

function findSize({ name, node }: ToldInput["input"], point: LessonPoint, sizes: Map<string, number>): void {
  const { shape } = node.type;
  const [symbol, ...others] = new Set(shape.flatMap(dimSymbols).filter((each) => !sizes.has(each)));
  const value = point[name]!;
  if (symbol === undefined || others.length > 0 || typeof value === "number" || !shape.includes(symbol)) return;
  const known = shape.filter((dim) => dim !== symbol);
  if (known.some((dim) => dimSymbols(dim).includes(symbol))) return;
  const rest = known.reduce((product: number, dim) => product * evaluateDim(dim, sizes), 1);
  const size = Math.round((value.length / rest) ** (1 / (shape.length - known.length)));
  if (rest * size ** (shape.length - known.length) !== value.length)
    throw new RangeError(`${name} has ${value.length} values, which fit no ${symbol} of its shape ${shapeText(shape)}`);
  sizes.set(symbol, size);
}

function tensorOf({ name, node }: ToldInput["input"], point: LessonPoint, sizes: Sizes): Tensor {
  const value = point[name]!;
  const shape = node.type.shape.map((dim) => evaluateDim(dim, sizes));
  const data = typeof value === "number" ? Float64Array.of(value) : Float64Array.from(value);
  const count = shape.reduce((product, size) => product * size, 1);
  if (data.length !== count)
    throw new RangeError(`${name} must have ${count} values for its shape [${shape.join(", ")}], not ${data.length}`);
  return { shape, data };
}

/** Arguments of the forward function. */
export function argumentsOf(
  fn: CompiledFunction,
  derivation: Derivation,
  { tensors, sizes }: PointTensors,
  precision: Precision,
): unknown[] {
  const { inputs } = derivation;
  const args = inputs.map(({ input }, index) => toArgument(tensors[index]!, input.node.type, precision));
  const extra = (fn.sizes ?? []).map((name) => sizes.get(name)!);
  if (fn.result.packed) return [tensors.map(({ data }) => data[0]!)];
  if (derivation.kind === "numbers" || !derivation.isNetwork) return [...args, ...extra];
  const named = (part: ToldInput["part"]): Record<string, unknown> | undefined => {
    const own = inputs.flatMap((input, index) => (input.part === part ? [[input.variable, args[index]] as const] : []));
    return own.length === 0 ? undefined : Object.fromEntries(own);
  };
  const state = named("state");
  const data = inputs.flatMap(({ part }, index) => (part === "data" ? [args[index]] : []));
  return [named("parameter") ?? {}, ...(state === undefined ? [] : [state]), ...data, ...extra];
}
