// `gen init`: a first configuration and a first example for the project in this folder, and what to do next. It never asks.

import { lstatSync } from "node:fs";
import { unreachable } from "../core/unreachable.ts";
import { escapeControls, toJson } from "../diagnostics/escape.ts";
import { firstFiles, usualConfigurationName } from "../init/first-files.ts";
import { firstSteps, type FirstSteps, type Step } from "../init/first-steps.ts";
import { deliver, type Delivered, type OutputFile } from "../project/outputs.ts";
import { surveyFolder, type Survey } from "../init/survey.ts";
import { EXIT, usageError } from "./exit.ts";
import type { Io } from "./io.ts";

export interface InitFlags {
  readonly force?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export async function initProject(flags: InitFlags, io: Io): Promise<number> {
  const survey = await surveyFolder(io.cwd, io.env["npm_config_user_agent"]);
  if (survey.kind === "obstacle") throw usageError(`cannot read ${survey.file}: ${survey.detail}`);
  const { configuration, example } = firstFiles(survey, configurationName(survey, flags.force === true));
  const isKept = isThere(example);
  const outcome: Outcome = {
    survey,
    delivered: deliverAll(isKept || survey.sources.length > 0 ? [configuration] : [configuration, example], flags),
    kept: isKept ? [example.shown] : [],
    steps: firstSteps(survey, configuration.shown),
  };
  io.stdout.write(flags.json ? `${toJson(describe(outcome, flags))}\n` : printed(outcome, flags));
  return EXIT.good;
}

interface Outcome {
  readonly survey: Survey;
  readonly delivered: readonly Delivered[];
  /** An example that was there. */
  readonly kept: readonly string[];
  readonly steps: FirstSteps;
}

/** The name to write: of a configuration that is there only with --force, and then its own, so that there are never two. */
function configurationName(survey: Survey, force: boolean): string {
  const [found, ...others] = survey.configurations;
  if (found === undefined) return usualConfigurationName(survey);
  if (others.length > 0)
    throw usageError(`there are several configurations: ${survey.configurations.join(", ")}; remove all but one`);
  if (!force) throw usageError(`${found} is there already; --force overwrites it, and \`gen\` compiles what it names`);
  if (/\.c[tj]s$/.test(found)) throw usageError(`${found} is CommonJS, which wengert does not write; remove it first`);
  return found;
}

/** A link to nowhere counts: writing would follow it. */
function isThere({ path }: OutputFile): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // whatever is amiss, writing will say
  }
}

function deliverAll(files: readonly OutputFile[], flags: InitFlags): Delivered[] {
  const delivered = deliver(files, { force: flags.force === true, dryRun: flags.dryRun === true, together: true });
  for (const { status, file, detail } of delivered) {
    if (status === "failed") throw usageError(`cannot write ${file.shown}: ${detail}`);
    if (status === "refused") throw usageError(`${file.shown} is there already; --force overwrites it`); // it came while we looked around
  }
  return delivered;
}

/** Its keys are an interface: add, do not rename. */
function describe({ survey, delivered, kept, steps }: Outcome, flags: InitFlags): unknown {
  const { packageManager, workspace, language, typescript, bundlers, sourceFolder, sources, isInstalled } = survey;
  const files = delivered.map(({ file, status }) => ({ path: file.shown, ...(!flags.dryRun && { status }), text: file.text }));
  return {
    ok: true,
    exitCode: EXIT.good,
    found: {
      packageJson: survey.packageJson !== undefined,
      packageManager,
      ...(workspace !== undefined && { workspace }),
      language,
      modules: survey.packageJson?.type ?? "commonjs",
      ...(typescript !== undefined && { typescript: describeTypeScript(typescript) }),
      bundlers: bundlers.map(({ bundler, file }) => ({
        name: bundler.name,
        plugin: `wengert/${bundler.entry}`,
        ...(file !== undefined && { file }),
      })),
      sourceFolder,
      sources,
      isInstalled,
    },
    written: flags.dryRun ? [] : files,
    ...(flags.dryRun && { planned: files }),
    kept,
    steps: steps.required,
    plugin: steps.plugin,
    direct: steps.direct,
  };
}

function describeTypeScript({ file, moduleResolution, allowArbitraryExtensions, allowTsEndings }: Survey["typescript"] & {}) {
  return { file, ...(moduleResolution !== undefined && { moduleResolution }), allowArbitraryExtensions, allowTsEndings };
}

function printed(outcome: Outcome, flags: InitFlags): string {
  const { survey, steps } = outcome;
  const parts = [
    [foundLine(survey), ...fileLines(outcome, flags)],
    ...section("Next:", steps.required),
    ...section("The plugin keeps what is generated up to date whenever something is built:", steps.plugin),
    ...section("With it, code can also import the source itself, with no module between:", steps.direct),
  ];
  return `${parts.map((lines) => lines.map(escapeControls).join("\n")).join("\n\n")}\n`;
}

function section(title: string, steps: readonly Step[]): string[][] {
  return steps.length === 0 ? [] : [[title], ...blocks(steps)];
}

/** Lines that belong together: commands that follow one another, an edit, notes. */
function blocks(steps: readonly Step[]): string[][] {
  const found: { readonly kind: Step["kind"]; readonly lines: string[] }[] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (step.kind !== "edit" && last?.kind === step.kind) last.lines.push(...stepLines(step));
    else found.push({ kind: step.kind, lines: stepLines(step) });
  }
  return found.map(({ lines }) => lines);
}

function stepLines(step: Step): string[] {
  switch (step.kind) {
    case "command":
      return [step.comment === undefined ? `  ${step.command}` : `  ${step.command.padEnd(24)} # ${step.comment}`];
    case "edit":
      return [`${step.place}:`, ...indented(step.code)];
    case "note":
      return [step.text];
    default:
      return unreachable(step);
  }
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`));
}

function foundLine({ packageManager, workspace, language, bundlers, sourceFolder, sources }: Survey): string {
  const parts = [
    packageManager.agent,
    ...(workspace === undefined ? [] : [workspace === "." ? "the root of a workspace" : `the workspace of ${workspace}`]),
    language === "typescript" ? "TypeScript" : "JavaScript",
    ...bundlers.map(({ bundler }) => bundler.title),
    sourceFolder === "." ? "code at the top" : `code in ${sourceFolder}/`,
    ...(sources.length === 0 ? [] : [sources.length === 1 ? sources[0]! : `${sources.length} sources`]),
  ];
  return `found ${parts.join(", ")}`;
}

function fileLines({ delivered, kept, survey }: Outcome, flags: InitFlags): string[] {
  const [source] = survey.sources;
  return [
    ...delivered.flatMap(({ file, status }) =>
      flags.dryRun ? [`would write ${file.shown}:`, ...indented(file.text)] : [`${WORDS[status]} ${file.shown}`],
    ),
    ...kept.map((file) => `left ${file} as it is`),
    ...(source === undefined || kept.length > 0 ? [] : [`no example, as ${source} is there`]),
  ];
}

const WORDS: Readonly<Record<Delivered["status"], string>> = {
  written: "wrote",
  unchanged: "unchanged:",
  refused: "refused:",
  failed: "failed:",
};
