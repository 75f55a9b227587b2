// `gen explain <source...>`: the derivation, as text or LaTeX. `gen explain WG1203` explains a diagnostic instead.

import { compileSources, exitCodeOf, reportDiagnostics } from "./compile.ts";
import { derivationsOf, EXPLAINED } from "./derivations.ts";
import { EXIT } from "./exit.ts";
import type { CompileFlags } from "./flags.ts";
import type { Io } from "./io.ts";

export interface ExplainFlags extends Pick<CompileFlags, "wrt" | "ties" | "seed"> {
  readonly latex?: true;
}

export async function explainSources(args: readonly string[], flags: ExplainFlags, io: Io): Promise<number> {
  if (args.length > 0 && args.every((arg) => /^WG\d{4}$/i.test(arg)))
    return (await import("./errors.ts")).explainErrors(args, io);
  const compiled = await compileSources(args, { ...flags, ...EXPLAINED }, io);
  await reportDiagnostics(compiled, io);
  const exitCode = exitCodeOf(compiled);
  if (exitCode !== EXIT.good) return exitCode;
  const derivations = (await Promise.all(compiled.map(derivationsOf))).flat();
  const print = flags.latex
    ? (await import("../emit/derivation-latex.ts")).derivationLatex
    : (await import("../emit/derivation-text.ts")).derivationText;
  io.stdout.write(derivations.map(print).join("\n"));
  return EXIT.good;
}
