// `gen` without sources: everything the configuration names. Also what --watch and --emit do with sources that are named.

import type { Diagnostic } from "../diagnostics/report.ts";
import { toJson } from "../diagnostics/escape.ts";
import { locateDiagnostics } from "../diagnostics/render.ts";
import type { Settings } from "../project/config.ts";
import type { Delivered } from "../project/outputs.ts";
import { findConfig } from "../project/find-config.ts";
import {
  configSource,
  filesOf,
  openProject,
  runJobs,
  type Outcome,
  type Project,
  type ProjectOptions,
} from "../project/project.ts";
import { isFileName } from "./sources.ts";
import { exitCodeOf, reportDiagnostics } from "./compile.ts";
import { EXIT, usageError } from "./exit.ts";
import { deliveredLines, findStale, printStale } from "./files.ts";
import type { GenerateFlags } from "./generate.ts";
import type { Io } from "./io.ts";
import { describeVerification } from "./json.ts";
import { createProgress } from "./progress.ts";
import { count } from "./report.ts";

export interface ProjectFlags extends GenerateFlags {
  readonly config?: string;
  readonly watch?: true;
  readonly emit?: "module" | "types" | "both";
  /** `--no-cache` says false. */
  readonly cache: boolean;
}

/** Compiles what the configuration names, or `args` where there are some; `explicit` are settings given on the command line. */
export async function generateProject(args: readonly string[], explicit: Settings, flags: ProjectFlags, io: Io): Promise<number> {
  refuseFlags(args, flags);
  const options = projectOptions(args, explicit, flags, io);
  refuseNothing(options);
  if (flags.watch) return (await import("./watch.ts")).watch(options, flags, io);
  const project = await openProject(options);
  return (await runOnce(project, flags, io)).exitCode;
}

export function projectOptions(
  args: readonly string[],
  explicit: Settings,
  { config, force, cache }: ProjectFlags,
  { cwd, env }: Io,
): ProjectOptions {
  return {
    cwd,
    env,
    overrides: explicit,
    force: force === true,
    useCache: cache,
    ...(config !== undefined && { configFile: config }),
    ...(args.length > 0 && { files: args }),
  };
}

function refuseFlags(args: readonly string[], flags: ProjectFlags): void {
  for (const [flag, isSet] of Object.entries({ "--at": flags.at, "--latex": flags.latex })) {
    if (isSet) throw usageError(`${flag} is for sources named on the command line, printed once`);
  }
  if (flags.watch && (flags.check || flags.json || flags.dryRun))
    throw usageError("--watch goes with none of --check, --dry-run and --json");
  const text = args.find((arg) => !isFileName(arg));
  if (text !== undefined) throw usageError(`--watch and --emit take files; '${text}' is none`);
  if (args.length > 0 && flags.config !== undefined) throw usageError("--config goes without sources");
}

function refuseNothing({ files, configFile, cwd }: ProjectOptions): void {
  if (files === undefined && configFile === undefined && findConfig(cwd) === undefined)
    throw usageError(`there is no wengert.config.ts in ${cwd} or above; \`gen init\` writes one`);
}

export interface Report {
  readonly exitCode: number;
  readonly outcomes: readonly Outcome[];
}

/** Compiles everything once and says what came of it. */
export async function runOnce(project: Project, flags: ProjectFlags, io: Io): Promise<Report> {
  const started = performance.now();
  const progress = createProgress(io, flags.quiet === true || flags.json === true);
  const isBroken = project.problems.some(({ severity }) => severity === "error");
  const outcomes = isBroken
    ? []
    : await runJobs(project, project.plan.jobs, {
        force: flags.force === true,
        dryRun: flags.dryRun === true || flags.check === true,
        onProgress: progress.show,
      });
  progress.clear();
  if (!flags.check && !flags.dryRun) project.builder.sweep();
  const stale = flags.check ? findStale(outcomes.filter(isReadable).flatMap(filesOf)) : [];
  const exitCode = exitOf(project, outcomes, stale.length > 0);
  if (flags.json) {
    io.stdout.write(
      `${toJson(describeProject(project, outcomes, { exitCode, stale: stale.map(({ file }) => file.shown) }, io))}\n`,
    );
    return { exitCode, outcomes };
  }
  await reportOutcomes(project, outcomes, flags, io);
  if (flags.check) await printStale(stale, io, { quiet: flags.quiet === true });
  if (!flags.quiet && !isBroken) io.stderr.write(`${summary(outcomes, stale.length, flags, performance.now() - started)}\n`);
  return { exitCode, outcomes };
}

/** Outputs that cannot even be read have been reported. */
function isReadable({ delivered }: Outcome): boolean {
  return delivered.every(({ status }) => status !== "failed");
}

/** Code frames of everything that is wrong, and a line per file written. */
export async function reportOutcomes(
  project: Project,
  outcomes: readonly Outcome[],
  flags: Pick<ProjectFlags, "quiet" | "dryRun" | "check">,
  io: Io,
): Promise<void> {
  const reports = [
    { source: configSource(project, io.cwd), diagnostics: project.problems },
    ...outcomes.map(({ source, diagnostics }) => ({ source, diagnostics })),
  ];
  await reportDiagnostics(reports, io, { quiet: flags.quiet === true });
  if (flags.quiet || flags.check) return;
  const changed = outcomes.flatMap(({ delivered }) => delivered.filter(({ status }) => status === "written"));
  io.stderr.write(deliveredLines(changed, { dryRun: flags.dryRun === true }));
}

/** A wrong configuration or file goes before a wrong source, that before a failed check, that before a stale file. */
export function exitOf(project: Project, outcomes: readonly Outcome[], isStale: boolean): number {
  const isError = ({ severity }: Diagnostic): boolean => severity === "error";
  const errors = [...project.problems, ...outcomes.flatMap(({ diagnostics }) => diagnostics)].filter(isError);
  const ofFiles = errors.filter(({ code }) => code.startsWith("WG40"));
  if (project.problems.some(isError) || ofFiles.length > 0) return EXIT.usage;
  const code = exitCodeOf([{ diagnostics: errors }]);
  return code === EXIT.good && isStale ? EXIT.stale : code;
}

function summary(outcomes: readonly Outcome[], stale: number, flags: ProjectFlags, time: number): string {
  const all = outcomes.flatMap(({ delivered }) => delivered);
  const of = (status: Delivered["status"]): number => all.filter((each) => each.status === status).length;
  const compiled = outcomes.filter(({ known }) => !known).length;
  const files = flags.check
    ? stale === 0
      ? "all files are up to date"
      : `${count(stale, "file")} stale`
    : `${count(of("written"), "file")} ${flags.dryRun ? "to write" : "written"}, ${of("unchanged")} unchanged`;
  return `${count(outcomes.length, "source")}, ${compiled} compiled and checked: ${files} (${(time / 1000).toFixed(1)} s)`;
}

function describeProject(
  project: Project,
  outcomes: readonly Outcome[],
  { exitCode, stale }: { readonly exitCode: number; readonly stale: readonly string[] },
  io: Io,
): unknown {
  return {
    ok: exitCode === EXIT.good,
    exitCode,
    ...(project.loaded && { config: configSource(project, io.cwd).name }),
    ...(stale.length > 0 && { stale }),
    diagnostics: locateDiagnostics(project.problems, configSource(project, io.cwd)),
    sources: outcomes.map(({ job, source, artifact, known, delivered, diagnostics }) => ({
      ok: artifact.ok,
      source: job.name,
      settings: job.settings,
      cached: known,
      files: delivered.map(({ file, status, detail }) => ({ path: file.shown, status, ...(detail !== undefined && { detail }) })),
      diagnostics: locateDiagnostics(diagnostics, source),
      functions: artifact.functions.map(({ name, inputs, wrt, exports, opCount, verification }) => ({
        name,
        inputs,
        wrt,
        exports,
        opCount,
        verification: describeVerification(verification, source),
      })),
    })),
  };
}
