// Runs generated code so that it keeps what each of its lines leaves behind: a copy of the variable after every stage and step.

import { runModule, type Exports } from "../compiler/load.ts";
import type { Precision } from "../compiler/precision.ts";
import { toReals } from "../compiler/tensors.ts";
import type { Compilation, CompiledFunction, TrackedLines } from "../compiler/types.ts";
import { evaluateDim, type Sizes } from "../ir/dims.ts";
import type { Tensor } from "../ops/tensor/define.ts";
import { argumentsOf, type PointTensors } from "./call.ts";
import { onesOf } from "./measure.ts";
import type { Told } from "./told.ts";

/** What the lines left behind. */
export interface Recording {
  /** By variable. */
  readonly stages: ReadonlyMap<string, Tensor>;
  /** By index of the step. */
  readonly steps: ReadonlyMap<number, Tensor>;
  /** What a growing variable held before the step. */
  readonly before: ReadonlyMap<number, Tensor>;
}

export interface RecordRequest {
  readonly compilation: Compilation;
  readonly fn: CompiledFunction;
  /** What the function's derivation tells. */
  readonly told: Told;
  readonly at: PointTensors;
}

/** The forward and backward lines of a function at a point. */
export function recordLines({ compilation, fn, told, at }: RecordRequest): Recording {
  const derivation = fn.derivation!; // who asks has looked
  const { forward, backward } = derivation;
  const precision = precisionOf(compilation);
  const args = argumentsOf(fn, derivation, at, precision);
  const left = new Map(record(compilation, forward, args));
  if (backward !== forward) {
    const kept = runModule(compilation.javascript, [forward])[forward]!(...args);
    for (const entry of record(compilation, backward, [kept, ...seeds(told, at.sizes, precision)])) left.set(...entry);
  }
  return arrange(left, told, at.sizes);
}

/** What arrives at a result that is a tensor: 1 for each element. A number's is 1 anyway. */
function seeds({ output }: Told, sizes: Sizes, precision: Precision): unknown[] {
  const shape = output.type.shape.map((dim) => evaluateDim(dim, sizes));
  return shape.length === 0 ? [] : [toReals(onesOf(shape).data, precision)];
}

/** Text in single precision has the name of no other arrays. */
function precisionOf({ javascript }: Compilation): Precision {
  return javascript.includes("Float64Array") ? "f64" : "f32";
}

type Line = Exclude<TrackedLines, { kind: "answer" }>;
type Left = number | boolean | ArrayLike<number>;

/** What each line of the function `name` left in its variable. */
function record({ javascript, tracked }: Compilation, name: string, args: readonly unknown[]): [Line, Left][] {
  const own = tracked.filter((line) => line.in === name);
  const lines = own.filter((line): line is Line => line.kind !== "answer");
  const answer = own.find(({ kind }) => kind === "answer")!; // where there are lines
  const prefix = unusedName(javascript);
  const parts: string[] = [];
  let from = 0;
  lines.forEach(({ end, variable, isArray }, index) => {
    parts.push(javascript.slice(from, end), `  const ${prefix}${index} = ${variable}${isArray ? ".slice()" : ""};\n`);
    from = end;
  });
  const names = lines.map((_, index) => `${prefix}${index}`);
  parts.push(javascript.slice(from, answer.start), `  return [${names.join(", ")}];\n`, javascript.slice(answer.end));
  const run = runModule(parts.join(""), [name])[name] as Exports[string];
  const values = run(...args) as Left[];
  return lines.map((line, index) => [line, values[index]!]);
}

function unusedName(text: string): string {
  let name = "after";
  while (text.includes(name)) name += "_";
  return name;
}

function arrange(left: ReadonlyMap<Line, Left>, told: Told, sizes: Sizes): Recording {
  const shapeOf = new Map(told.stages.map(({ name, node }) => [name, node.type.shape.map((dim) => evaluateDim(dim, sizes))]));
  const stages = new Map<string, Tensor>();
  const steps = new Map<number, Tensor>();
  const before = new Map<number, Tensor>();
  const held = new Map<string, Tensor>();
  for (const [line, value] of left) {
    const target = line.kind === "step" ? told.lines[line.index]!.target : undefined;
    const shape =
      target === undefined ? (shapeOf.get(line.variable) ?? []) : target.type.shape.map((dim) => evaluateDim(dim, sizes));
    const tensor: Tensor = { shape, data: typeof value === "object" ? Float64Array.from(value) : Float64Array.of(Number(value)) };
    if (line.kind === "stage") stages.set(line.variable, tensor);
    else {
      const earlier = held.get(line.variable);
      if (earlier !== undefined) before.set(line.index, earlier);
      steps.set(line.index, tensor);
      held.set(line.variable, tensor);
    }
  }
  return { stages, steps, before };
}
