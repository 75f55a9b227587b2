// What every compilation ends with, whatever its source: a failure, counts, the verdict of the check as diagnostics.

import type { Reporter } from "../diagnostics/report.ts";
import type { Verification } from "../verify/verification.ts";
import type { Compilation, CompiledFunction, OpCount } from "./types.ts";
import { SKIPPED } from "./verification.ts";

export function failure(source: Compilation["source"], reporter: Reporter): Compilation {
  return {
    ok: false,
    diagnostics: reporter.diagnostics,
    source,
    code: "",
    javascript: "",
    functions: [],
    verification: SKIPPED,
    opCount: { forward: 0, backward: 0, ratio: 0 },
    renamed: [],
    backwardRanges: [],
    traces: [],
  };
}

export function opCount({ forward, backward }: { forward: number; backward: number }): OpCount {
  return { forward, backward, ratio: forward === 0 ? 0 : (forward + backward) / forward };
}

/** A failed or doubtful check is a diagnostic too, so that nobody has to look for it. */
export function reportVerification(functions: readonly CompiledFunction[], reporter: Reporter): void {
  for (const fn of functions) {
    const { status, noRealPoint } = fn.verification;
    const values = { name: fn.name, detail: detail(fn.verification) };
    if (noRealPoint) reporter.report("WG3003", undefined, values);
    else if (status === "failed") reporter.report("WG3001", undefined, values);
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
