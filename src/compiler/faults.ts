// Checks the check: plants one mistake at a time in the backward code of a compilation and verifies what comes out.

import type { Span } from "../core/span.ts";
import { createLocator } from "../diagnostics/locate.ts";
import { createReporter } from "../diagnostics/report.ts";
import { parseExpressionSource } from "../frontends/expression/expression.ts";
import type { FrontendResult, SourceFunction } from "../frontends/source.ts";
import { isEquivalent, plantFaults, type Fault } from "../verify/faults.ts";
import { createRandom, seedOf } from "../verify/prng.ts";
import { callerFor, runModule, type Caller } from "./load.ts";
import type { Compilation, CompileOptions } from "./types.ts";
import { verifyCompiled } from "./verification.ts";

export interface FaultReport {
  /** Faults that change a result. */
  readonly planted: number;
  readonly caught: number;
  /** Changes of the text that changed no result anywhere, and so are no faults. */
  readonly equivalent: number;
  readonly survivors: readonly { readonly description: string; readonly line: number }[];
}

export interface FaultCheckOptions extends CompileOptions {
  /** At most so many faults; default 100. */
  readonly limit?: number;
}

/** `compilation` must be good, and `options` those it was made with. */
export function checkFaults(compilation: Compilation, options: FaultCheckOptions = {}): FaultReport {
  const trials = trialsOf(compilation, options);
  const { javascript } = compilation;
  const ranges = rangesIn(javascript, compilation);
  const faults = plantFaults(javascript, ranges, { limit: options.limit ?? 100 });
  const survivors: Fault[] = [];
  let equivalent = 0;
  for (const fault of faults) {
    const verdict = tryMutant(trials, compilation, fault.code);
    if (verdict === "equivalent") equivalent++;
    if (verdict === "survived") survivors.push(fault);
  }
  const planted = faults.length - equivalent;
  return {
    planted,
    caught: planted - survivors.length,
    equivalent,
    survivors: survivors.map(({ description, line }) => ({ description, line: lineInCode(line, ranges, compilation) })),
  };
}

/** One function, what it was made from, and its answers where they are compared. */
interface Trial {
  readonly source: SourceFunction;
  readonly wrt: ReadonlySet<number>;
  readonly mode: NonNullable<CompileOptions["mode"]>;
  readonly seed: number | undefined;
  readonly origins: FrontendResult["origins"];
  readonly points: readonly (readonly number[])[];
  readonly answers: readonly (readonly number[])[];
}

/** Reads the source once more: a compilation does not carry its graph. */
function trialsOf(compilation: Compilation, options: CompileOptions): Trial[] {
  const parsed = parseExpressionSource(compilation.source, createReporter());
  const callers = callersOf(compilation, compilation.javascript);
  return parsed.functions.map((source, index): Trial => {
    const chosen = compilation.functions[index]!.wrt;
    const wrt = new Set(source.inputs.flatMap((input, at) => (chosen.includes(input.name) ? [at] : [])));
    const points = drawPoints(source);
    const { origins } = parsed;
    const mode = options.mode ?? "grad";
    const answers = points.map((point) => answersAt(callers[index]!, point, { wrt, mode }));
    return { source, wrt, mode, seed: options.seed, origins, points, answers };
  });
}

function callersOf({ functions }: Compilation, javascript: string): Caller[] {
  const exports = runModule(
    javascript,
    functions.flatMap((fn) => Object.values(fn.exports)),
  );
  return functions.map((fn) => callerFor(fn, exports));
}

const POINTS = 24;

/** Points of several sizes inside the declared domains, some with equal inputs, where ties are decided. */
function drawPoints({ name, inputs }: SourceFunction): number[][] {
  const random = createRandom(seedOf(name));
  return Array.from({ length: POINTS }, (_, round) => {
    const size = 10 ** ((round % 4) - 1);
    const same = size * (2 * random.next() - 1);
    return inputs.map(({ domain: [low, high] = [-Infinity, Infinity] }) => {
      const drawn = round % 6 === 5 ? same : size * (2 * random.next() - 1);
      if (drawn >= low && drawn <= high) return drawn;
      const [from, to] = [Math.max(low, -size), Math.min(high, size)];
      return from <= to ? from + (to - from) * random.next() : Math.min(Math.max(drawn, low), high);
    });
  });
}

/** Everything a caller answers at a point, in one row. */
function answersAt(caller: Caller, point: readonly number[], { wrt, mode }: Pick<Trial, "wrt" | "mode">): number[] {
  const direction = Array.from(wrt, (_, index) => 1 + index / 8);
  const { value, gradient, rest } = caller.derivative(point, mode === "jvp" || mode === "hvp" ? direction : undefined);
  return [...value, ...gradient, ...rest, ...(caller.backward?.(point, 0.75) ?? [])];
}

type Verdict = "caught" | "survived" | "equivalent";

/** Code that cannot run is caught too. */
function tryMutant(trials: readonly Trial[], compilation: Compilation, javascript: string): Verdict {
  try {
    const callers = callersOf(compilation, javascript);
    const mutated = trials.map((trial, index) =>
      trial.points.map((point, at) => roundTo(trial.answers[at]!, answersAt(callers[index]!, point, trial))),
    );
    if (trials.every(({ answers }, index) => isEquivalent(answers, mutated[index]!))) return "equivalent";
    const verifications = trials.map(({ source, wrt, mode, seed, origins }, index) =>
      verifyCompiled({ source, wrt, mode, caller: callers[index]!, seed, origins }),
    );
    return verifications.some(({ status }) => status === "failed") ? "caught" : "survived";
  } catch {
    return "caught";
  }
}

const ROUNDING = 1e-9;

/** What differs from the original by rounding alone, as a product in another order does, counts as the same. */
function roundTo(original: readonly number[], mutant: readonly number[]): number[] {
  return mutant.map((value, index) => {
    const right = original[index]!;
    return Math.abs(value - right) <= ROUNDING * (Math.abs(value) + Math.abs(right)) ? right : value;
  });
}

/** Backward statements have no types in them: they stand in the JavaScript as they are, in the same order. */
function rangesIn(javascript: string, { code, backwardRanges }: Compilation): Span[] {
  let from = 0;
  return backwardRanges.map((range) => {
    const text = code.slice(range.start, range.end);
    const start = javascript.indexOf(text, from);
    if (start === -1) throw new Error("a backward range of the code is not in the JavaScript");
    from = start + text.length;
    return { start, end: from };
  });
}

function lineInCode(line: number, ranges: readonly Span[], { code, javascript, backwardRanges }: Compilation): number {
  const [locateInJavascript, locateInCode] = [createLocator(javascript), createLocator(code)];
  for (let at = ranges.length - 1; at >= 0; at--) {
    const first = locateInJavascript(ranges[at]!.start).line;
    if (first <= line) return line - first + locateInCode(backwardRanges[at]!.start).line;
  }
  return line;
}
