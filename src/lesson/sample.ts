// A small, seeded point for any function, so that there are numbers to look at where nobody gave some.

import type { Derivation } from "../compiler/derivation.ts";
import { runModule } from "../compiler/load.ts";
import type { Compilation, CompiledFunction } from "../compiler/types.ts";
import type { FunctionInput } from "../frontends/source.ts";
import type { Sizes } from "../ir/dims.ts";
import { createRandom } from "../verify/prng.ts";
import { chooseSizes, createTensorSampler } from "../verify/tensor-sample.ts";
import { toldOf } from "./told.ts";
import { numbersAt } from "./numbers.ts";
import type { LessonPoint, Measure } from "./types.ts";

export interface SampleOptions {
  /** Of the compilation's functions, default the last. */
  readonly index?: number;
  readonly seed?: number;
  /** Sizes of symbolic dimensions; small numbers that differ where not given. */
  readonly sizes?: Sizes;
}

/** Values of every input, inside its declared domain: numbers and row-major arrays. The same seed gives the same point. */
export function samplePoint(compilation: Compilation, options: SampleOptions = {}): LessonPoint {
  const { index = compilation.functions.length - 1, seed = 1 } = options;
  const fn = compilation.functions[index];
  if (fn?.derivation === undefined) throw new RangeError(`${fn?.name ?? "nothing"} has no stages to sample for`);
  const { derivation } = fn;
  const inputs = derivation.inputs.map(({ input }) => input);
  const { output } = toldOf(derivation);
  const sizes = sizesOf(derivation, options.sizes);
  const sampler = createTensorSampler(inputs, [output], sizes, createRandom(seed));
  const extra = (fn.sizes ?? []).map((name) => [name, sizes.get(name)!] as const);
  let point: LessonPoint = {};
  for (let round = 0; round < ROUNDS; round++) {
    const values = sampler.draw(round).map(({ data }, index) => readable(inputs[index]!, data));
    point = Object.fromEntries([...inputs.map(({ name }, index) => [name, values[index]!] as const), ...extra]);
    if (isReal(numbersAt(compilation, point, index).value)) break;
  }
  return { ...point, ...initialParameters(compilation, fn, seed) };
}

/** Of a network, the parameters and running statistics that its own initialisation gives. */
export function initialParameters({ javascript }: Compilation, { exports }: CompiledFunction, seed = 1): LessonPoint {
  const { init, initState } = exports;
  if (init === undefined) return {};
  const made = runModule(javascript, initState === undefined ? [init] : [init, initState]);
  const state = initState === undefined ? {} : (made[initState]!() as LessonPoint);
  return { ...(made[init]!(seed) as LessonPoint), ...state }; // typed arrays by name
}

/** Each at another scale: most functions are real at one of them. */
const ROUNDS = 6;

function isReal(value: Measure): boolean {
  return typeof value === "object" ? Number.isFinite(value.norm) : typeof value === "boolean" || Number.isFinite(value);
}

/** Numbers that can be read and followed by hand, where nothing more is asked of them than to be real. */
function readable({ node, domain, sample }: FunctionInput, data: Float64Array): number | Float64Array {
  const isFree = node.type.dtype === "real" && domain === undefined && sample === undefined;
  const values = isFree ? data.map(rounded) : data;
  return node.type.shape.length === 0 ? values[0]! : values;
}

/** Sizes for all symbolic dimensions of the inputs. */
function sizesOf({ inputs }: Derivation, given: Sizes = new Map()): Sizes {
  const [sizes] = chooseSizes(
    inputs.map(({ input }) => input.node),
    given,
    1,
  );
  if (sizes === undefined) throw new RangeError("no size fits the shapes of the inputs");
  return sizes;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100 || 0.01;
}
