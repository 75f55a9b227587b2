// `gen <source...>`: compile, then print, write or compare. Nothing is written unless all sources are good.

import { evaluateAt, type Evaluation } from "../compiler/trace.ts";
import { toJson } from "../diagnostics/escape.ts";
import { compileSources, exitCodeOf, reportDiagnostics, type CompiledSource } from "./compile.ts";
import { derivationsOf } from "./derivations.ts";
import { EXIT, usageError } from "./exit.ts";
import type { CompileFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { describeSources } from "./json.ts";
import type { OutputFile } from "../project/outputs.ts";
import { moduleName } from "../project/plan.ts";
import type { LoadedSource } from "../project/source-file.ts";
import { deliveredLines, findStale, printStale } from "./files.ts";
import { planTargets, writeTargets } from "./targets.ts";
import { checkPoints, parsePoints, type Point } from "./points.ts";
import { evaluationLines, summaryLines } from "./report.ts";

export interface GenerateFlags extends CompileFlags {
  readonly out?: string;
  readonly at?: readonly string[];
  readonly json?: true;
  readonly check?: true;
  readonly dryRun?: true;
  readonly latex?: true;
  readonly force?: true;
  readonly quiet?: true;
}

export async function generate(args: readonly string[], flags: GenerateFlags, io: Io): Promise<number> {
  if (flags.check && flags.out === undefined) throw usageError("--check compares with a file: name it with --out");
  const points = parsePoints(flags.at ?? []);
  const compiled = await compileSources(args, flags, io);
  const exitCode = exitCodeOf(compiled);
  if (exitCode !== EXIT.good) return fail(compiled, flags, io, exitCode);

  checkTargets(points, compiled);
  const texts = await textsOf(compiled, flags);
  const files =
    flags.out === undefined ? undefined : planTargets({ out: flags.out, cwd: io.cwd, ...namesOf(compiled, texts, flags) });
  const results = compiled.map(({ compilation }) => points.map((point) => evaluateAt(compilation!, point))); // only good sources get here
  const delivery: Delivery = { compiled, texts, files, points, results, flags, io };
  if (flags.json) return deliverJson(delivery);
  await reportDiagnostics(compiled, io, { quiet: flags.quiet === true });
  return flags.check ? reportStale(delivery) : deliver(delivery);
}

async function fail(compiled: readonly CompiledSource[], flags: GenerateFlags, io: Io, exitCode: number): Promise<number> {
  if (flags.json) io.stdout.write(`${toJson(describeSources(compiled, { exitCode }))}\n`);
  else await reportDiagnostics(compiled, io, { quiet: flags.quiet === true });
  return exitCode;
}

interface Delivery {
  readonly compiled: readonly CompiledSource[];
  readonly texts: readonly string[];
  readonly files: readonly OutputFile[] | undefined;
  readonly points: readonly Point[];
  /** Per source, one for each point. */
  readonly results: readonly (readonly Evaluation[])[];
  readonly flags: GenerateFlags;
  readonly io: Io;
}

function inputsOf({ compilation }: CompiledSource): string[] {
  return compilation?.functions.at(-1)?.inputs.map((input) => input.name) ?? [];
}

function hasTensors(compilation: CompiledSource["compilation"]): boolean {
  return compilation?.functions.at(-1)?.inputs.some((input) => input.shape.length > 0) ?? false;
}

function checkTargets(points: readonly Point[], compiled: readonly CompiledSource[]): void {
  const tensors =
    points.length === 0
      ? undefined
      : compiled.find(({ compilation, source }) => source.kind === "network" || hasTensors(compilation));
  if (tensors !== undefined)
    throw usageError(`--at gives numbers, and inputs of ${tensors.source.name} are tensors; call the generated function`);
  checkPoints(
    points,
    compiled.map((each) => ({ source: each.source.name, inputs: inputsOf(each) })),
  );
}

async function textsOf(compiled: readonly CompiledSource[], flags: GenerateFlags): Promise<string[]> {
  if (!flags.latex) return compiled.map(({ compilation }) => compilation!.code); // only good sources get here
  const { derivationLatex } = await import("../emit/derivation-latex.ts");
  const derivations = await Promise.all(compiled.map((each) => derivationsOf(each)));
  return derivations.map((each) => each.map(derivationLatex).join("\n"));
}

function namesOf(compiled: readonly CompiledSource[], texts: readonly string[], flags: GenerateFlags) {
  const outputs = compiled.map(({ source, compilation }, index) => ({
    name: outputName(source.stem ?? compilation!.functions.at(-1)!.exports["value"]!, source.kind, flags), // a good source exports its function
    source: source.name,
    file: source.file,
    text: texts[index]!,
  }));
  return { outputs };
}

function outputName(stem: string, kind: LoadedSource["kind"], { latex, mode }: GenerateFlags): string {
  return latex ? `${stem}.tex` : moduleName(stem, kind, mode);
}

/** Standard output stays one TypeScript text: tables of values are comments in it. With --out they are all that is printed there. */
function deliver(delivery: Delivery): number {
  const { compiled, texts, files, flags, io } = delivery;
  const tables = tablesOf(delivery);
  const isWatched = io.stderr.isTerminal && !flags.quiet;
  if (files === undefined) {
    const prefix = flags.latex ? "%" : "//";
    const parts = texts.map((text, index) => [text, ...tables[index]!.map((lines) => `\n${commented(lines, prefix)}`)].join(""));
    io.stdout.write(parts.join("\n"));
  } else {
    const written = writeTargets(files, writing(flags));
    io.stdout.write(
      tables
        .flat()
        .map((lines) => `${lines.join("\n")}\n`)
        .join("\n"),
    );
    if (isWatched || flags.dryRun) io.stderr.write(deliveredLines(written, writing(flags)));
  }
  if (isWatched)
    io.stderr.write(
      compiled
        .flatMap(({ compilation }) => summaryLines(compilation!))
        .map((line) => `${line}\n`)
        .join(""),
    );
  return EXIT.good;
}

/** Per source, the lines of one table for each point. */
function tablesOf({ compiled, points, results }: Delivery): string[][][] {
  return compiled.map((each, index) => {
    const names = inputsOf(each);
    return points.map((point, at) => {
      const inputs = Object.fromEntries(names.map((name) => [name, point[name]!])); // checkPoints saw to it
      return evaluationLines(results[index]![at]!, inputs);
    });
  });
}

function commented(lines: readonly string[], prefix: string): string {
  return lines.map((line) => `${prefix} ${line}\n`).join("");
}

function writing({ force, dryRun }: GenerateFlags): { force: boolean; dryRun: boolean } {
  return { force: force === true, dryRun: dryRun === true };
}

async function reportStale({ files, flags, io }: Delivery): Promise<number> {
  const stale = findStale(files!); // --check was refused without --out
  await printStale(stale, io, { quiet: flags.quiet === true });
  return stale.length > 0 ? EXIT.stale : EXIT.good;
}

function deliverJson({ compiled, files, texts, results, flags, io }: Delivery): number {
  const stale = flags.check ? findStale(files!) : []; // --check was refused without --out
  const written = files !== undefined && !flags.check ? writeTargets(files, writing(flags)) : [];
  const exitCode = stale.length > 0 ? EXIT.stale : EXIT.good;
  const document = describeSources(compiled, {
    exitCode,
    results,
    written: written.map(({ file, status }) => ({ path: file.shown, status })),
    stale: stale.map(({ file }) => file.shown),
    ...(flags.latex && { latex: texts }),
  });
  io.stdout.write(`${toJson(document)}\n`);
  return exitCode;
}
