// `gen check mine.ts --against f.math`: a hand-written forward and backward pass against the truth.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Compilation } from "../compiler/types.ts";
import { escapeControls, toJson } from "../diagnostics/escape.ts";
import { locateDiagnostics } from "../diagnostics/render.ts";
import { decode, sourceOf, type LoadedSource } from "../project/source-file.ts";
import type { LessonPoint } from "../lesson/types.ts";
import type { Compared, Review } from "../review/types.ts";
import { compileSources, exitCodeOf, reportDiagnostics, type CompiledSource } from "./compile.ts";
import { EXIT, usageError } from "./exit.ts";
import type { CompileFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { checkPoints, parsePoints, type Point } from "./points.ts";

export interface CheckFlags extends Pick<CompileFlags, "wrt" | "ties" | "seed"> {
  readonly against: string;
  readonly function?: string;
  readonly at?: readonly string[];
  readonly showAnswer?: true;
  readonly json?: true;
}

export async function checkFile(file: string, flags: CheckFlags, io: Io): Promise<number> {
  if (file === "-" && flags.against === "-") throw usageError("standard input can be the file or the source, not both");
  const points = parsePoints(flags.at ?? []);
  const mine = await readMine(file, io);
  const [truth] = await compileSources([flags.against], { ...flags, mode: "grad", style: "staged" }, io);
  const exitCode = exitCodeOf([truth!]); // one argument, one source
  if (exitCode !== EXIT.good || truth!.compilation === undefined) {
    await reportDiagnostics([truth!], io);
    if (flags.json)
      io.stdout.write(`${toJson({ ok: false, exitCode, diagnostics: locateDiagnostics(truth!.diagnostics, truth!.source) })}\n`);
    return exitCode;
  }
  const at = await lessonPoints(points, truth!);
  const review = mine.diagnostics.length > 0 ? unread(mine) : await reviewFile(mine, truth!.compilation, { ...flags, at });
  return flags.json ? printJson(review, io) : printText(review, flags, io);
}

/** The points of `--at`, which must fit the source. */
async function lessonPoints(points: readonly Point[], truth: CompiledSource): Promise<LessonPoint[]> {
  if (points.length === 0) return [];
  const { pointInputs, pointOf } = await import("./lessons.ts");
  if (truth.compilation!.functions.at(-1)?.derivation === undefined) throw usageError("--at needs a function that has stages");
  checkPoints(points, [{ source: truth.source.name, inputs: pointInputs(truth) }]);
  return points.map((point) => pointOf(truth.compilation!, point)); // compiled: only good sources get here
}

type ReviewFlags = Omit<CheckFlags, "at"> & { readonly at: readonly LessonPoint[] };

async function reviewFile(mine: LoadedSource, against: Compilation, flags: ReviewFlags): Promise<Review> {
  const { reviewBackward } = await import("../review/review.ts");
  const options = {
    name: mine.name,
    at: flags.at,
    ...(flags.function !== undefined && { function: flags.function }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
  };
  try {
    return await reviewBackward(mine.text, against, options);
  } catch (problem) {
    if (problem instanceof RangeError && flags.at.length > 0) throw usageError(`${problem.message}, in --at`); // a length that fits no size
    throw problem;
  }
}

function unread(source: LoadedSource): Review {
  return { kind: "unreadable", source, diagnostics: source.diagnostics };
}

async function readMine(file: string, io: Io): Promise<LoadedSource> {
  if (file === "-") return decode(sourceOf("<stdin>", ""), await io.readStdin());
  if (/\.(math|ya?ml|json)$/i.test(file))
    throw usageError(`${file} is a source, not code; write gen check mine.ts --against ${file}`);
  try {
    return decode(sourceOf(file, ""), await readFile(resolve(io.cwd, file)));
  } catch (problem) {
    const { code = "unknown reason" } = problem as NodeJS.ErrnoException; // fs rejects with nothing else
    throw usageError(code === "ENOENT" ? `there is no file ${file}` : `cannot read ${file}: ${code}`);
  }
}

async function printText(review: Review, { showAnswer }: CheckFlags, io: Io): Promise<number> {
  await reportDiagnostics([review], io);
  if (review.kind === "right") io.stdout.write(`${escapeControls(rightLine(review.compared))}\n`);
  if (review.kind !== "unreadable") for (const line of numberLines(review.compared)) io.stdout.write(`${escapeControls(line)}\n`);
  if (review.kind === "wrong" && showAnswer) {
    const { answer, expected, variable, at } = review.finding;
    const numbers = expected.map(short).join(", ");
    io.stdout.write(
      answer === undefined
        ? `should be: ${variable} = ${numbers} at ${at}\n`
        : `the line as it should be:\n  ${escapeControls(answer)}\n`,
    );
  }
  return exitOf(review);
}

/** `fGrad is right: f, dx, dy at 5 points, largest error 2e-16`. */
function rightLine({ subject, names, points, largestError }: Compared): string {
  const error = largestError === 0 ? "no error" : `largest relative error ${largestError.toExponential(0)}`;
  const verb = / and |, /.test(subject) ? "are" : "is";
  return `${subject} ${verb} right: ${names.join(", ")} at ${points} points, ${error}`;
}

/** Of each point that was asked for, a line of its own for every number. */
function numberLines({ numbers }: Compared): string[] {
  const show = (values: readonly number[]): string =>
    values.length === 1
      ? short(values[0]!)
      : `[${values.slice(0, MOST_SHOWN).map(short).join(", ")}${values.length > MOST_SHOWN ? ", ..." : ""}]`;
  return numbers.flatMap(({ at, rows }) => [
    `at ${at}:`,
    ...rows.map(({ name, got, expected, isRight }) =>
      isRight
        ? `  ${name} = ${show(expected)}`
        : `  ${name} = ${got === undefined ? "nothing" : show(got)}, and should be ${show(expected)}`,
    ),
  ]);
}

const MOST_SHOWN = 12;

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function printJson(review: Review, io: Io): number {
  const { source, diagnostics } = review;
  const exitCode = exitOf(review);
  io.stdout.write(
    `${toJson({
      ok: review.kind === "right",
      exitCode,
      kind: review.kind,
      source: source.name,
      diagnostics: locateDiagnostics(diagnostics, source),
      ...(review.kind !== "unreadable" && { compared: review.compared }),
      ...(review.kind === "wrong" && { finding: review.finding }),
    })}\n`,
  );
  return exitCode;
}

function exitOf(review: Review): number {
  if (review.kind === "right") return EXIT.good;
  return review.kind === "wrong" ? EXIT.verification : EXIT.source;
}
