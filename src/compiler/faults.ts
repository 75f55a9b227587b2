// Checks the check: plants one mistake at a time in the backward code of a compilation and verifies what comes out.

import type { Span } from "../core/span.ts";
import { createLocator } from "../diagnostics/locate.ts";
import { createReporter } from "../diagnostics/report.ts";
import { parseExpressionSource } from "../frontends/expression/expression.ts";
import { parseNetworkSource } from "../frontends/network/network.ts";
import type { FrontendResult, SourceFunction } from "../frontends/source.ts";
import { isEquivalent, plantFaults, type Fault } from "../verify/faults.ts";
import { createRandom, seedOf } from "../verify/prng.ts";
import { verifyTensors } from "../verify/tensor-check.ts";
import type { TensorVerifySpec } from "../verify/tensor-verification.ts";
import type { Verification } from "../verify/verification.ts";
import { callerFor, runModule, type Caller, type Exports } from "./load.ts";
import { trainingSpec, type NetworkVerifyRequest } from "./network-verification.ts";
import { compileNetwork, generationOf } from "./network.ts";
import { isTensorFunction } from "./tensor-function.ts";
import { pointsOf, tensorAnswers } from "./tensor-answers.ts";
import { functionSpec } from "./tensor-verification.ts";
import type { Compilation, CompiledFunction, CompileOptions } from "./types.ts";
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
  const subjects = subjectsOf(compilation, options);
  const { javascript } = compilation;
  const ranges = rangesIn(javascript, compilation);
  const faults = plantFaults(javascript, ranges, { limit: options.limit ?? 100 });
  const survivors: Fault[] = [];
  let equivalent = 0;
  for (const fault of faults) {
    const verdict = tryMutant(subjects, compilation, fault.code);
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

/** One function as the faults see it: its answers where mutants are compared with it, and its check. */
interface Subject {
  readonly answers: readonly (readonly number[])[];
  answer(exports: Exports): readonly (readonly number[])[];
  verify(exports: Exports): Verification;
}

/** Reads the source once more: a compilation does not carry its graph. */
function subjectsOf(compilation: Compilation, options: CompileOptions): Subject[] {
  const exports = exportsOf(compilation, compilation.javascript);
  const { functions, source } = compilation;
  if (functions[0]?.exports["init"] !== undefined) {
    const request = networkRequest(compilation, options);
    return [tensorSubject((each) => trainingSpec({ ...request, exports: each }), exports)];
  }
  const parsed = parseExpressionSource(source, createReporter());
  return parsed.functions.map((fn, index): Subject => {
    const compiled = functions[index]!;
    const wrt = fn.inputs.flatMap((input, at) => (compiled.wrt.includes(input.name) ? [at] : []));
    const mode = options.mode ?? "grad";
    if (!isTensorFunction(fn))
      return scalarSubject(
        { source: fn, fn: compiled, wrt: new Set(wrt), mode, seed: options.seed, origins: parsed.origins },
        exports,
      );
    const request = { source: fn, fn: compiled, wrt, mode, seed: options.seed };
    return tensorSubject((each) => functionSpec({ ...request, exports: each }), exports);
  });
}

function networkRequest({ source }: Compilation, options: CompileOptions): Omit<NetworkVerifyRequest, "exports"> {
  const network = parseNetworkSource(source, createReporter())!; // it compiled
  return { network, output: compileNetwork(generationOf(network, options)), seed: options.seed };
}

interface ScalarSubject {
  readonly source: SourceFunction;
  readonly fn: CompiledFunction;
  readonly wrt: ReadonlySet<number>;
  readonly mode: NonNullable<CompileOptions["mode"]>;
  readonly seed: number | undefined;
  readonly origins: FrontendResult["origins"];
}

function scalarSubject({ fn, ...request }: ScalarSubject, exports: Exports): Subject {
  const points = drawPoints(request.source);
  const answer = (from: Exports): number[][] => points.map((point) => answersAt(callerFor(fn, from), point, request));
  return {
    answers: answer(exports),
    answer,
    verify: (from) => verifyCompiled({ ...request, caller: callerFor(fn, from) }),
  };
}

/** The points are those that the check of the original looks at. */
function tensorSubject(specFor: (exports: Exports) => TensorVerifySpec, exports: Exports): Subject {
  const spec = specFor(exports);
  const points = pointsOf(spec);
  const answer = (from: Exports): number[][] => {
    const { emitted } = specFor(from);
    return points.map((point) => tensorAnswers(emitted, point, spec).flat());
  };
  return { answers: answer(exports), answer, verify: (from) => verifyTensors(specFor(from)) };
}

function exportsOf({ functions }: Compilation, javascript: string): Exports {
  return runModule(
    javascript,
    functions.flatMap((fn) => Object.values(fn.exports)),
  );
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
function answersAt(caller: Caller, point: readonly number[], { wrt, mode }: Pick<ScalarSubject, "wrt" | "mode">): number[] {
  const direction = Array.from(wrt, (_, index) => 1 + index / 8);
  const { value, gradient, rest } = caller.derivative(point, mode === "jvp" || mode === "hvp" ? direction : undefined);
  return [...value, ...gradient, ...rest, ...(caller.backward?.(point, 0.75) ?? [])];
}

type Verdict = "caught" | "survived" | "equivalent";

/** Code that cannot run is caught too. */
function tryMutant(subjects: readonly Subject[], compilation: Compilation, javascript: string): Verdict {
  try {
    const exports = exportsOf(compilation, javascript);
    const isSame = subjects.every(({ answers, answer }) =>
      isEquivalent(
        answers,
        answer(exports).map((row, at) => roundTo(answers[at]!, row)),
      ),
    );
    if (isSame) return "equivalent";
    return subjects.some(({ verify }) => verify(exports).status === "failed") ? "caught" : "survived";
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

/** Backward statements have no types in them but the mark of an element: they stand in the JavaScript as they are, in the same order. */
function rangesIn(javascript: string, { code, backwardRanges }: Compilation): Span[] {
  let from = 0;
  return backwardRanges.map((range) => {
    const text = code.slice(range.start, range.end).replaceAll("]!", "]");
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
