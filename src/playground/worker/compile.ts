// From a job's text to what the page shows of it: the code in the chosen style and mode, and beside it the staged gradient that lessons tell.

import { compile } from "../../compiler.ts";
import { load, type Exports } from "../../compiler/load.ts";
import type { Compilation, CompiledFunction } from "../../compiler/types.ts";
import type { Diagnostic } from "../../diagnostics/report.ts";
import { createReporter } from "../../diagnostics/report.ts";
import { parseExpressionSource } from "../../frontends/expression/expression.ts";
import type { SourceFunction } from "../../frontends/source.ts";
import { lessonOf } from "../../lesson/lesson.ts";
import type { Lesson } from "../../lesson/types.ts";
import type { InputField, Job, Options } from "../protocol.ts";
import { fieldsOf } from "./fields.ts";

export interface Made {
  readonly kind: "made";
  readonly text: string;
  readonly options: Options;
  readonly index: number;
  readonly shown: Compilation;
  readonly fn: CompiledFunction;
  readonly exports: Exports;
  readonly fields: readonly InputField[];
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
export function make({ text, options, index }: Pick<Job, "text" | "options" | "index">): Made | Rejected {
  const shown = compile(text, { ...options, verify: false });
  if (!shown.ok) return { kind: "rejected", diagnostics: shown.diagnostics };
  const last = shown.functions.length - 1;
  const at = index !== undefined && index >= 0 && index <= last ? index : last;
  const fn = shown.functions[at]!;
  const sources = sourceFunctions(text);
  return {
    kind: "made",
    text,
    options,
    index: at,
    shown,
    fn,
    exports: load(shown),
    fields: fieldsOf(fn, sources[at]),
    told: tell(shown, at),
  };
}

/** For what a compilation does not say of its inputs: roles and domains. */
function sourceFunctions(text: string): readonly SourceFunction[] {
  return parseExpressionSource({ name: "", text }, createReporter()).functions;
}

/** In other styles and modes the lesson is still that of the staged gradient, where there is one. */
function tell(shown: Compilation, index: number): Told | undefined {
  for (const compilation of candidates(shown)) {
    if (compilation.ok && compilation.functions[index]?.derivation !== undefined)
      return { compilation, lesson: lessonOf(compilation, index) };
  }
  return undefined;
}

function* candidates(shown: Compilation): Generator<Compilation> {
  yield shown;
  yield compile(shown.source.text, { verify: false });
}
