// `gen explain <source...>`: the derivation told, as Markdown, a page, or LaTeX. `gen explain WG1203` explains a diagnostic instead.

import { sourceHash } from "../compiler/header.ts";
import { MARKUP_MARK } from "../core/marks.ts";
import type { PagePart } from "../lesson/explanation/page.ts";
import type { ExplanationOptions } from "../lesson/explanation/types.ts";
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
}

/** Every function of a source; numbers are those of the last, which is what the source is about. */
async function tell(source: CompiledSource, point: Point | undefined): Promise<Told[]> {
  const lessons = await lessonsIn(source);
  const { lessonAt } = await import("./lessons.ts");
  const above = lessons.slice(0, -1).map((lesson): Told => ({ lesson, numbers: undefined, isSample: false }));
  return lessons.length === 0 ? [] : [...above, lessonAt(source, point)];
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

async function circuitOf({ lesson, numbers }: Told): Promise<string> {
  const [{ circuitOf: circuit }, { drawSvg }] = await Promise.all([
    import("../lesson/circuit/circuit.ts"),
    import("../lesson/circuit/draw-svg.ts"),
  ]);
  return drawSvg(circuit(lesson, numbers === undefined ? {} : { numbers }));
}

function optionsOf({ isSample }: Told, { all }: ExplainFlags): ExplanationOptions {
  return { ...(isSample && { point: "a sample point (seed 1)" }), ...(all && { all }) };
}
