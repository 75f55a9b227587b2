// What the stages of the compiled source are worth at the points of a review: what the lines of a user's forward pass are held against.

import type { Compilation } from "../../compiler/types.ts";
import { readPoint } from "../../lesson/call.ts";
import { recordLines } from "../../lesson/record.ts";
import { toldOf } from "../../lesson/told.ts";
import type { PerPoint } from "../per-point.ts";
import type { Truth } from "../truth.ts";

export interface ReferenceStage {
  /** As the compiled code calls it. */
  readonly variable: string;
  /** Whether the source gives it this name, and not the compiler. */
  readonly isNamed: boolean;
  readonly values: PerPoint;
}

/** In order; none where the source was not compiled in stages. */
export function referenceStages(compilation: Compilation, truth: Truth): ReferenceStage[] {
  const fn = compilation.functions.at(-1);
  if (fn?.derivation === undefined) return [];
  const { derivation } = fn;
  const told = toldOf(derivation);
  const recordings = truth.points.map(({ inputs, sizes }) => {
    const values = Object.fromEntries([...inputs].map(([name, { shape, data }]) => [name, shape.length === 0 ? data[0]! : data]));
    return recordLines({
      compilation,
      fn,
      told,
      at: readPoint(fn, derivation, { ...values, ...Object.fromEntries(sizes) }),
    }).stages;
  });
  return [...(recordings[0]?.keys() ?? [])].map((variable) => ({
    variable,
    isNamed: new RegExp(`^\\s*${variable.replaceAll("$", "\\$")}\\s*(\\([^)]*\\)\\s*)?=`, "m").test(compilation.source.text),
    values: recordings.map((stages) => Array.from(stages.get(variable)?.data ?? [])),
  }));
}
