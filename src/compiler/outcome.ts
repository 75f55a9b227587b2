// What every compilation ends with, whatever its source: a failure, counts, the verdict of the check as diagnostics.

import type { Span } from "../core/span.ts";
import { afterErasing, originsOfLines, type MarkedText } from "../emit/typescript/writer.ts";
import type { Reporter } from "../diagnostics/report.ts";
import type { Verification } from "../verify/verification.ts";
import { inPrecision, type Precision } from "./precision.ts";
import type { Compilation, CompiledFunction, OpCount, TrackedLines } from "./types.ts";
import { SKIPPED } from "./verification.ts";

export function failure(source: Compilation["source"], reporter: Reporter): Compilation {
  return {
    ok: false,
    diagnostics: reporter.diagnostics,
    source,
    code: "",
    javascript: "",
    declarations: "",
    origins: [],
    functions: [],
    verification: SKIPPED,
    opCount: { forward: 0, backward: 0, ratio: 0 },
    renamed: [],
    backwardRanges: [],
    tracked: [],
    traces: [],
  };
}

export interface WrittenModule {
  readonly body: MarkedText<Span>;
  /** The body less its types. */
  readonly javascript: string;
  readonly header: string;
  /** A comment below the header that only the code has. */
  readonly note?: string;
  readonly precision: Precision | undefined;
}

type ModuleTexts = Pick<Compilation, "code" | "javascript" | "declarations" | "origins" | "backwardRanges" | "tracked">;

/** The texts of a module below its header. */
export function moduleTexts({ body, javascript, header, note = "", precision }: WrittenModule): ModuleTexts {
  const top = header + note;
  const linesAbove = top.split("\n").length - 1;
  return {
    code: top + inPrecision(body.text, precision),
    javascript: top + inPrecision(javascript, precision),
    declarations: header + inPrecision(body.declarations.map((text) => `\n${text}`).join(""), precision),
    origins: originsOfLines(body, javascript).map(({ line, of }) => ({ line: line + linesAbove, span: of })),
    backwardRanges: body.backwardRanges.map(({ start, end }) => ({ start: start + top.length, end: end + top.length })),
    tracked: trackedLines(body, top),
  };
}

/** Where the tracked lines are in the code and in the JavaScript, both below `top`. */
function trackedLines({ text, typeRanges, tracked }: MarkedText<Span>, top: string): TrackedLines[] {
  const erased = afterErasing(typeRanges);
  const breaks = lineBreaks(text);
  const linesAbove = top.split("\n").length - 1;
  return tracked.map(({ start, end, ...what }) => ({
    ...what,
    first: linesAbove + breaks(start),
    last: linesAbove + breaks(end) - 1,
    start: top.length + erased(start),
    end: top.length + erased(end),
  }));
}

/** How many lines end before offsets of the text, asked for in order. */
function lineBreaks(text: string): (offset: number) => number {
  let count = 0;
  let next = text.indexOf("\n");
  return (offset) => {
    for (; next !== -1 && next < offset; next = text.indexOf("\n", next + 1)) count++;
    return count;
  };
}

export function opCount({ forward, backward }: { forward: number; backward: number }): OpCount {
  return { forward, backward, ratio: forward === 0 ? 0 : (forward + backward) / forward };
}

const WHERE_INPUTS_LIE = "if your inputs never come near that point, declare where they lie: `param x in [-3, 3]`";

/** A failed or doubtful check is a diagnostic too, so that nobody has to look for it. */
export function reportVerification(functions: readonly CompiledFunction[], reporter: Reporter): void {
  for (const fn of functions) {
    const { status, noRealPoint } = fn.verification;
    const values = { name: fn.name, detail: detail(fn.verification) };
    if (noRealPoint) reporter.report("WG3003", undefined, values);
    else if (status === "failed") reporter.report("WG3001", undefined, values, WHERE_INPUTS_LIE);
    if (status === "warned") reporter.report("WG3002", undefined, values);
  }
}

function detail({ failures, notes, maxRelativeError }: Verification): string {
  const first = failures[0];
  if (first === undefined) return notes.slice(0, 2).join("; ") || `largest relative error ${maxRelativeError.toExponential(1)}`;
  const point = Object.entries(first.point)
    .slice(0, 8)
    .map(([name, value]) => `${name} = ${value}`);
  return `${first.what}${first.input === undefined ? "" : ` by ${first.input}`}: expected ${first.expected}, got ${first.got} at ${point.join(", ")}`;
}
