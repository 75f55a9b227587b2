// `gen verify <source...>`: what the check found out; with --faults, whether the check itself finds planted mistakes.

import { toJson } from "../diagnostics/escape.ts";
import type { FaultReport } from "../compiler/faults.ts";
import { compileSources, exitCodeOf, reportDiagnostics, type CompiledSource } from "./compile.ts";
import { EXIT } from "./exit.ts";
import { compileOptions, type CompileFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { describeSources } from "./json.ts";
import { count, verificationLines } from "./report.ts";

export interface VerifyFlags extends CompileFlags {
  readonly faults?: true;
  readonly limit: number;
  readonly json?: true;
}

export async function verifySources(args: readonly string[], flags: VerifyFlags, io: Io): Promise<number> {
  const compiled = await compileSources(args, flags, io);
  const checked = exitCodeOf(compiled);
  const faults = checked === EXIT.good && flags.faults ? await plant(compiled, flags) : [];
  const exitCode = faults.some((report) => report.survivors.length > 0) ? EXIT.verification : checked;
  if (flags.json) {
    const document = describeSources(compiled, { exitCode });
    io.stdout.write(`${toJson(flags.faults ? { ...Object(document), faults } : document)}\n`);
    return exitCode;
  }
  await reportDiagnostics(compiled, io);
  compiled.forEach(({ compilation, source }, index) => {
    const lines = (compilation?.functions ?? []).flatMap((fn) => verificationLines(fn, source.text));
    const report = faults[index];
    if (report !== undefined) lines.push(...faultLines(report));
    if (lines.length > 0) io.stdout.write(`${lines.join("\n")}\n`);
  });
  return exitCode;
}

async function plant(compiled: readonly CompiledSource[], flags: VerifyFlags): Promise<FaultReport[]> {
  const { checkFaults } = await import("../compiler/faults.ts");
  return compiled.map(({ compilation, source }) =>
    checkFaults(compilation!, { ...compileOptions(flags, source.name), limit: flags.limit }),
  ); // only good sources get here
}

function faultLines({ planted, caught, equivalent, survivors }: FaultReport): string[] {
  const without =
    equivalent > 0 ? ` (${count(equivalent, "other")} changed no result and ${equivalent === 1 ? "is" : "are"} no fault)` : "";
  return [
    `faults: ${caught} of ${planted} caught${without}`,
    ...survivors.map(({ description, line }) => `  not caught: line ${line}: ${description}`),
  ];
}
