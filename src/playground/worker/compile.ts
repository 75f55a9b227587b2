// From a job's text to what the page shows of it: the code in the chosen style and mode, and beside it the staged gradient that lessons tell.

import { load, type Exports } from "../../compiler/load.ts";
import type { Compilation, CompiledFunction } from "../../compiler/types.ts";
import type { Diagnostic } from "../../diagnostics/report.ts";
import { lessonOf } from "../../lesson/lesson.ts";
import { initialParameters } from "../../lesson/sample.ts";
import type { Lesson, LessonPoint } from "../../lesson/types.ts";
import type { InputField, Job, Options } from "../protocol.ts";
import { fieldsOf, networkFields } from "./fields.ts";
import { compileSource, parseFunctions } from "./source.ts";

export interface Made {
  readonly kind: "made";
  readonly text: string;
  readonly options: Options;
  readonly index: number;
  readonly shown: Compilation;
  readonly fn: CompiledFunction;
  readonly exports: Exports;
  readonly fields: readonly InputField[];
  /** Values that the source itself gives to inputs: the initial parameters of a network. */
  readonly start: LessonPoint;
  readonly told: Told | undefined;
}

/** The staged gradient; a source may have none that the lesson can tell. */
export interface Told {
  readonly compilation: Compilation;
  readonly lesson: Lesson;
}

export interface Rejected {
  readonly kind: "rejected";
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles without the check, which is asked for apart. */
export async function make({ text, options, index }: Pick<Job, "text" | "options" | "index">): Promise<Made | Rejected> {
  const shown = await compileSource(text, options, false);
  if (!shown.ok) return { kind: "rejected", diagnostics: shown.diagnostics };
  const last = shown.functions.length - 1;
  const at = index !== undefined && index >= 0 && index <= last ? index : last;
  const fn = shown.functions[at]!;
  const told = await tell(shown, options, at);
  const common = { kind: "made", text, options, index: at, shown, fn, exports: load(shown), told } as const;
  if (options.kind === "expression") return { ...common, fields: fieldsOf(fn, parseFunctions(text)[at]), start: {} };
  const derivation = told?.compilation.functions[at]?.derivation;
  return { ...common, fields: networkFields(derivation?.inputs ?? []), start: readable(initialParameters(shown, fn)) };
}

/** Four digits: numbers that somebody can follow by hand, and type. */
function readable(point: LessonPoint): LessonPoint {
  const rounded = (value: number): number => Number(value.toPrecision(4));
  return Object.fromEntries(
    Object.entries(point).map(([name, value]) => [name, typeof value === "number" ? rounded(value) : Array.from(value, rounded)]),
  );
}

/** In other styles and modes the lesson is still that of the staged gradient, where there is one. */
async function tell(shown: Compilation, options: Options, index: number): Promise<Told | undefined> {
  const own = toldBy(shown, index);
  if (own !== undefined || (options.style === "staged" && options.mode === "grad")) return own;
  return toldBy(await compileSource(shown.source.text, { ...options, style: "staged", mode: "grad" }, false), index);
}

function toldBy(compilation: Compilation, index: number): Told | undefined {
  if (!compilation.ok || compilation.functions[index]?.derivation === undefined) return undefined;
  return { compilation, lesson: lessonOf(compilation, index) };
}
