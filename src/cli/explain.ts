// `gen explain <source...>`: the derivation told, as Markdown, a page, or LaTeX. `gen explain WG1203` explains a diagnostic instead.

import { sourceHash } from "../compiler/header.ts";
import { MARKUP_MARK } from "../core/marks.ts";
import type { PagePart } from "../lesson/explanation/page.ts";
import type { ExplanationOptions, Surroundings } from "../lesson/explanation/types.ts";
import type { Lesson, Numbers } from "../lesson/types.ts";
import { compileSources, exitCodeOf, reportDiagnostics, type CompiledSource } from "./compile.ts";
import { derivationsLatex, EXPLAINED, lessonsIn } from "./derivations.ts";
import { EXIT, usageError } from "./exit.ts";
import { deliveredLines } from "./files.ts";
import type { CompileFlags } from "./flags.ts";
import type { ExplanationFormat } from "./format-names.ts";
import type { Io } from "./io.ts";
import { checkPoints, parsePoints, type Point } from "./points.ts";
import { planTargets, writeTargets } from "./targets.ts";

export interface ExplainFlags extends Pick<CompileFlags, "wrt" | "ties" | "gates" | "seed"> {
  readonly format?: ExplanationFormat;
  readonly latex?: true;
  readonly out?: string;
  readonly at?: readonly string[];
  readonly all?: true;
  readonly force?: true;
}

export async function explainSources(args: readonly string[], flags: ExplainFlags, io: Io): Promise<number> {
  if (args.length > 0 && args.every((arg) => /^WG\d{4}$/i.test(arg)))
    return (await import("./errors.ts")).explainErrors(args, io);
  const format = formatOf(flags);
  const point = onePoint(flags);
  if (format === "latex" && point !== undefined)
    throw usageError("LaTeX has the formulas without numbers; leave out --at, or take --format html");
  const compiled = await compileSources(args, { ...flags, ...EXPLAINED }, io);
  await reportDiagnostics(compiled, io);
  const exitCode = exitCodeOf(compiled);
  if (exitCode !== EXIT.good) return exitCode;
  if (point !== undefined) await checkTargets(point, compiled);
  const request: Request = { compiled, point, format, flags };
  if (flags.out === undefined) io.stdout.write(await textOf(request, compiled));
  else await writeFiles(request, flags.out, io);
  return EXIT.good;
}

interface Request {
  readonly compiled: readonly CompiledSource[];
  readonly point: Point | undefined;
  readonly format: ExplanationFormat;
  readonly flags: ExplainFlags;
}

function formatOf({ format, latex }: ExplainFlags): ExplanationFormat {
  if (latex && format !== undefined && format !== "latex") throw usageError(`one format at a time: latex or ${format}`);
  return latex ? "latex" : (format ?? "markdown");
}

function onePoint({ at }: ExplainFlags): Point | undefined {
  const points = parsePoints(at ?? []);
  if (points.length > 1) throw usageError("an explanation has the numbers of one point; --at gives several");
  return points[0];
}

async function checkTargets(point: Point, compiled: readonly CompiledSource[]): Promise<void> {
  const { pointInputs } = await import("./lessons.ts");
  checkPoints(
    [point],
    compiled.map((each) => ({ source: each.source.name, inputs: pointInputs(each) })),
  );
}

/** A file per source, under a mark that says who wrote it. */
async function writeFiles(request: Request, out: string, io: Io): Promise<void> {
  const { compiled, format, flags } = request;
  const outputs = await Promise.all(
    compiled.map(async (each) => ({
      name: `${each.source.stem ?? each.compilation!.functions.at(-1)!.exports["value"]!}${ENDINGS[format]}`, // a good source exports its function
      source: each.source.name,
      file: each.source.file,
      text: marked(each, format, await textOf(request, [each])),
    })),
  );
  const options = { force: flags.force === true, dryRun: false };
  const written = writeTargets(planTargets({ out, cwd: io.cwd, outputs }), options);
  if (io.stderr.isTerminal) io.stderr.write(deliveredLines(written, options));
}

const ENDINGS: Readonly<Record<ExplanationFormat, string>> = {
  markdown: ".explained.md",
  html: ".explained.html",
  latex: ".tex",
};

/** LaTeX says it anyway. */
function marked({ source }: CompiledSource, format: ExplanationFormat, text: string): string {
  return format === "latex"
    ? text
    : `${MARKUP_MARK} from source ${sourceHash(source.text)}. Change the source, not this file. -->\n${text}`;
}

async function textOf({ point, format, flags }: Request, compiled: readonly CompiledSource[]): Promise<string> {
  if (format === "latex") return (await Promise.all(compiled.map(derivationsLatex))).join("\n");
  const told = (await Promise.all(compiled.map((each) => tell(each, point)))).flat();
  return format === "html" ? htmlOf(told, flags) : markdownOf(told, flags);
}

interface Told {
  readonly lesson: Lesson;
  readonly numbers: Numbers | undefined;
  readonly isSample: boolean;
  /** Names that the source gives to parts of the function. */
  readonly assigned: readonly string[];
  readonly surroundings: Surroundings | undefined;
}

/** Every function of a source; numbers are those of the last, which is what the source is about. */
async function tell(source: CompiledSource, point: Point | undefined): Promise<Told[]> {
  const lessons = await lessonsIn(source);
  const [{ lessonAt, pointOf }, { surroundingsOf }] = await Promise.all([
    import("./lessons.ts"),
    import("../lesson/explanation/surroundings.ts"),
  ]);
  const above = lessons
    .slice(0, -1)
    .map((lesson): Told => ({ lesson, numbers: undefined, isSample: false, assigned: [], surroundings: undefined }));
  if (lessons.length === 0) return [];
  const { compilation } = source;
  const last = lessonAt(source, point);
  const surroundings =
    point === undefined || last.numbers === undefined || compilation === undefined
      ? undefined
      : surroundingsOf(compilation, pointOf(compilation, point), last.numbers);
  const assigned = lessons.length > 1 ? [] : assignedNames(source.source.text); // of several functions nobody knows whose they are
  return [...above, { ...last, assigned, surroundings }];
}

/** `a` of `a = sigmoid(z)`; a network spec has no such lines. */
function assignedNames(text: string): string[] {
  return [...text.matchAll(/^[ \t]*([\p{L}_][\p{L}\p{N}_]*)[ \t]*=(?!=)/gmu)].map(([, name]) => name!);
}

async function markdownOf(told: readonly Told[], flags: ExplainFlags): Promise<string> {
  const [{ explanationOf }, { explanationMarkdown }] = await Promise.all([
    import("../lesson/explanation/explanation.ts"),
    import("../lesson/explanation/markdown.ts"),
  ]);
  return told.map((each) => explanationMarkdown(explanationOf(each.lesson, each.numbers, optionsOf(each, flags)))).join("\n");
}

async function htmlOf(told: readonly Told[], flags: ExplainFlags): Promise<string> {
  const [{ explanationOf }, { explanationHtml }, { loadMath }, { readMathAssets }] = await Promise.all([
    import("../lesson/explanation/explanation.ts"),
    import("../lesson/explanation/page.ts"),
    import("../lesson/explanation/math.ts"),
    import("./math-assets.ts"),
  ]);
  const parts = await Promise.all(
    told.map(async (each): Promise<PagePart> => {
      const explanation = explanationOf(each.lesson, each.numbers, optionsOf(each, flags));
      return { explanation, circuit: await circuitOf(each) };
    }),
  );
  return explanationHtml(parts, { math: await loadMath(), assets: readMathAssets() });
}

/** In pixels, little more than the column beside the code: wider circuits go on in rows, so that nobody reads them shrunk. */
const PICTURE_WIDTH = 690;

async function circuitOf({ lesson, numbers }: Told): Promise<string> {
  const [{ circuitOf: circuit }, { drawSvg }] = await Promise.all([
    import("../lesson/circuit/circuit.ts"),
    import("../lesson/circuit/draw-svg.ts"),
  ]);
  return drawSvg(circuit(lesson, numbers === undefined ? {} : { numbers }), { rowWidth: PICTURE_WIDTH });
}

function optionsOf({ lesson, numbers, isSample, assigned, surroundings }: Told, { all }: ExplainFlags): ExplanationOptions {
  const isOfTensors = numbers !== undefined && lesson.inputs.some(({ shape }) => shape !== ""); // too much to name
  const point = isSample ? "a sample point (seed 1)" : isOfTensors ? "the point given" : undefined;
  return { ...(point !== undefined && { point }), ...(all && { all }), assigned, surroundings };
}
