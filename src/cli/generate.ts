// `gen <source...>`: compile, then print, write or compare. Nothing is written unless all sources are good.

import { evaluateAt, type Evaluation } from "../compiler/trace.ts";
import { escapeControls, toJson } from "../diagnostics/escape.ts";
import { compileSources, exitCodeOf, reportDiagnostics, type CompiledSource } from "./compile.ts";
import { derivationsOf } from "./derivations.ts";
import { EXIT, usageError } from "./exit.ts";
import type { CompileFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { describeSources } from "./json.ts";
import { firstDifference, planFiles, readOutput, writeFiles, type OutputFile, type WriteResult } from "./outputs.ts";
import { checkPoints, parsePoints, type Point } from "./points.ts";
import { evaluationLines, summaryLines } from "./report.ts";

export interface GenerateFlags extends CompileFlags {
  readonly out?: string;
  readonly at?: readonly string[];
  readonly json?: true;
  readonly check?: true;
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
    flags.out === undefined ? undefined : planFiles({ out: flags.out, cwd: io.cwd, ...namesOf(compiled, texts, flags) });
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
  const ending = (kind: string): string => (flags.latex ? ".tex" : kind === "network" ? ".net.ts" : ".grad.ts");
  const outputs = compiled.map(({ source, compilation }, index) => ({
    name: (source.stem ?? compilation!.functions.at(-1)!.exports["value"]!) + ending(source.kind), // a good source exports its function
    source: source.name,
    file: source.file,
    text: texts[index]!,
  }));
  return { outputs };
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
    const written = writeFiles(files, flags.force === true);
    io.stdout.write(
      tables
        .flat()
        .map((lines) => `${lines.join("\n")}\n`)
        .join("\n"),
    );
    if (isWatched) io.stderr.write(writtenLines(written));
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

function writtenLines(results: readonly WriteResult[]): string {
  return results
    .map(({ file, status }) => `${status === "written" ? "wrote" : "unchanged:"} ${escapeControls(file.shown)}\n`)
    .join("");
}

function deliverJson({ compiled, files, texts, results, flags, io }: Delivery): number {
  const stale = flags.check ? staleFiles(files!) : []; // --check was refused without --out
  const written = files !== undefined && !flags.check ? writeFiles(files, flags.force === true) : [];
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

interface Stale {
  readonly file: OutputFile;
  readonly before: string | undefined;
}

function staleFiles(files: readonly OutputFile[]): Stale[] {
  return files.map((file) => ({ file, before: readOutput(file) })).filter(({ file, before }) => before !== file.text);
}

function reportStale({ files, flags, io }: Delivery): number {
  const stale = staleFiles(files!); // --check was refused without --out
  for (const { file, before } of stale) {
    const lines = before === undefined ? ["  there is no such file"] : firstDifference(before, file.text);
    const text = [`stale: ${file.shown}`, ...(flags.quiet ? [] : lines)];
    io.stderr.write(`${text.map(escapeControls).join("\n")}\n`);
  }
  if (stale.length > 0 && !flags.quiet) io.stderr.write("run the same command without --check to write it anew\n");
  return stale.length > 0 ? EXIT.stale : EXIT.good;
}
