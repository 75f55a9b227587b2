// `gen <source...>`: compile, then print, write or compare. Nothing is written unless all sources are good.

import { evaluateAt, type Evaluation } from "../compiler/trace.ts";
import { toJson } from "../diagnostics/escape.ts";
import { compileSources, exitCodeOf, reportDiagnostics, type CompiledSource } from "./compile.ts";
import { EXIT, usageError } from "./exit.ts";
import type { CompileFlags } from "./flags.ts";
import type { FormatName } from "./format-names.ts";
import { formats, type Format } from "./formats.ts";
import type { Io } from "./io.ts";
import { describeSources } from "./json.ts";
import type { OutputFile } from "../project/outputs.ts";
import type { Lesson, Numbers } from "../lesson/types.ts";
import { deliveredLines, findStale, printStale } from "./files.ts";
import { planTargets, writeTargets } from "./targets.ts";
import { checkPoints, parsePoints, type Point } from "./points.ts";
import { evaluationLines, summaryLines } from "./report.ts";
import { numbersLines } from "./numbers-table.ts";

export interface GenerateFlags extends CompileFlags {
  readonly out?: string;
  readonly at?: readonly string[];
  readonly json?: true;
  readonly check?: true;
  readonly dryRun?: true;
  readonly latex?: true;
  readonly svg?: true;
  readonly format?: FormatName;
  readonly unfold?: readonly string[];
  readonly force?: true;
  readonly quiet?: true;
}

export async function generate(args: readonly string[], flags: GenerateFlags, io: Io): Promise<number> {
  if (flags.check && flags.out === undefined) throw usageError("--check compares with a file: name it with --out");
  const points = parsePoints(flags.at ?? []);
  const format = formats[formatOf(flags)];
  if (flags.unfold !== undefined && format !== formats.svg && format !== formats.dot)
    throw usageError("--unfold is for circuits: use it with --svg or --format dot");
  if (format.settings.mode !== undefined && flags.mode !== format.settings.mode)
    throw usageError(`--format ${formatOf(flags)} is of the gradient (--mode grad), not of --mode ${flags.mode}`);
  const compiled = await compileSources(args, { ...flags, ...format.settings }, io);
  const exitCode = exitCodeOf(compiled);
  if (exitCode !== EXIT.good) return fail(compiled, flags, io, exitCode);

  if (points.length > 0) await checkTargets(points, compiled);
  const unfold = flags.unfold?.includes("all") ? "all" : flags.unfold && new Set(flags.unfold);
  const texts = await Promise.all(compiled.map((each) => format.textOf(each, { points, ...(unfold && { unfold }) })));
  const files =
    flags.out === undefined ? undefined : planTargets({ out: flags.out, cwd: io.cwd, ...namesOf(compiled, texts, flags) });
  const results = await Promise.all(compiled.map((each) => Promise.all(points.map((point) => resultAt(each, point)))));
  const delivery: Delivery = { compiled, texts, files, points, results, flags, format, io };
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
  readonly results: readonly (readonly Result[])[];
  readonly flags: GenerateFlags;
  readonly format: Format;
  readonly io: Io;
}

/** What a function is at a point: of numbers by `evaluateAt`, of tensors by the lesson. */
export type Result = { readonly kind: "numbers"; readonly evaluation: Evaluation } | TensorResult;

interface TensorResult {
  readonly kind: "tensors";
  readonly numbers: Numbers;
  readonly lesson: Lesson;
}

function formatOf({ format, latex, svg }: GenerateFlags): FormatName {
  const named = [format, latex && "latex", svg && "svg"].filter((each) => each !== undefined);
  const [first = "code", ...others] = [...new Set(named)] as FormatName[];
  if (others.length > 0) throw usageError(`one format at a time: ${[first, ...others].join(" or ")}`);
  return first;
}

async function checkTargets(points: readonly Point[], compiled: readonly CompiledSource[]): Promise<void> {
  const { pointInputs } = await import("./lessons.ts");
  checkPoints(
    points,
    compiled.map((each) => ({ source: each.source.name, inputs: pointInputs(each) })),
  );
}

async function resultAt({ source, compilation }: CompiledSource, point: Point): Promise<Result> {
  const fn = compilation!.functions.at(-1)!; // only good sources get here
  if (source.kind === "expression" && fn.inputs.every(({ shape }) => shape.length === 0) && fn.derivation?.kind !== "tensors")
    return { kind: "numbers", evaluation: evaluateAt(compilation!, point as Readonly<Record<string, number>>) }; // checkPoints saw to it
  if (fn.derivation === undefined)
    throw usageError(
      `--at gives values to tensors only in the staged style, with --mode grad; ${source.name} was asked for otherwise`,
    );
  const { evaluate, pointOf } = await import("./lessons.ts");
  const { lessonOf } = await import("../lesson/lesson.ts");
  return { kind: "tensors", lesson: lessonOf(compilation!), numbers: evaluate(compilation!, pointOf(compilation!, point)) };
}

function namesOf(compiled: readonly CompiledSource[], texts: readonly string[], flags: GenerateFlags) {
  const outputs = compiled.map(({ source, compilation }, index) => ({
    name: formats[formatOf(flags)].fileName(source.stem ?? compilation!.functions.at(-1)!.exports["value"]!, source.kind, flags), // a good source exports its function
    source: source.name,
    file: source.file,
    text: texts[index]!,
  }));
  return { outputs };
}

/** Standard output stays one TypeScript text: tables of values are comments in it. With --out they are all that is printed there. */
function deliver(delivery: Delivery): number {
  const { compiled, texts, files, flags, format, io } = delivery;
  const tables = tablesOf(delivery);
  const isWatched = io.stderr.isTerminal && !flags.quiet;
  if (files === undefined) {
    const parts = texts.map((text, index) => [text, ...tables[index]!.map((lines) => beside(format, lines))].join(""));
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
  return compiled.map(({ compilation }, index) => {
    const names = compilation!.functions.at(-1)!.inputs.map(({ name }) => name); // only good sources get here
    return points.map((point, at) => {
      const result = results[index]![at]!;
      if (result.kind === "tensors") return numbersLines(result.lesson, result.numbers);
      return evaluationLines(result.evaluation, Object.fromEntries(names.map((name) => [name, point[name] as number]))); // as above
    });
  });
}

function beside(format: Format, lines: readonly string[]): string {
  const comment = format.comment(lines);
  return comment === "" ? "" : `\n${comment}`;
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
    results: results.map((each) => each.map((result) => (result.kind === "numbers" ? result.evaluation : result.numbers))),
    written: written.map(({ file, status }) => ({ path: file.shown, status })),
    stale: stale.map(({ file }) => file.shown),
    ...(formatOf(flags) !== "code" && { texts, format: formatOf(flags) }),
  });
  io.stdout.write(`${toJson(document)}\n`);
  return exitCode;
}
