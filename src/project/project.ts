// A project: its configuration, its jobs, what they yield and where that is written. What the command line, the watcher and the plugin all do.

import { relative, resolve } from "node:path";
import type { SourceText } from "../core/span.ts";
import { createReporter, type Diagnostic } from "../diagnostics/report.ts";
import { createBuilder, type Builder, type BuildOptions, type Built } from "./build.ts";
import { cacheFolder, NO_CACHE, openCache } from "./cache.ts";
import type { Settings } from "./config.ts";
import { loadConfig, type LoadedConfig } from "./config-file.ts";
import { findConfig } from "./find-config.ts";
import { deliver, type Delivered, type DeliveryOptions, type OutputFile } from "./outputs.ts";
import { planFiles, planProject, type Job, type Plan, type PlanRequest } from "./plan.ts";

export interface ProjectOptions {
  /** Where the command runs: the configuration is looked for here and above. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A configuration file by name. */
  readonly configFile?: string;
  /** Sources by name, in place of a configuration. */
  readonly files?: readonly string[];
  /** Settings that win over the configuration's. */
  readonly overrides?: Settings;
  readonly force?: boolean;
  readonly useCache?: boolean;
}

export interface Project {
  readonly root: string;
  readonly builder: Builder;
  /** Undefined where there is no configuration. */
  readonly loaded: LoadedConfig | undefined;
  /** What the configuration was called that has been taken away. */
  readonly gone: string | undefined;
  readonly plan: Plan;
  /** What is wrong with the configuration, or worth knowing about it. */
  readonly problems: readonly Diagnostic[];
}

/** Reads the configuration and finds the sources. `before` hands over its builder, and with it what has been compiled. */
export async function openProject(options: ProjectOptions, before?: Project): Promise<Project> {
  const { cwd, files, overrides = {}, force = false } = options;
  const loaded = files === undefined ? await loadOwn(options) : undefined;
  const root = loaded?.root ?? cwd;
  const builder =
    before?.builder ?? createBuilder(options.useCache === false ? NO_CACHE : openCache(cacheFolder(root, options.env)));
  const gone = loaded === undefined ? (before?.loaded?.source.name ?? before?.gone) : undefined;
  const reporter = createReporter();
  if (gone !== undefined) reporter.report("WG4002", undefined, { name: gone });
  const plan = await planOf({ loaded, files, overrides, cwd, force });
  return {
    root,
    builder,
    loaded,
    gone,
    plan,
    problems: [...reporter.diagnostics, ...(loaded?.diagnostics ?? []), ...plan.diagnostics],
  };
}

async function loadOwn({ cwd, configFile }: ProjectOptions): Promise<LoadedConfig | undefined> {
  const file = configFile === undefined ? findConfig(cwd) : resolve(cwd, configFile);
  return file === undefined ? undefined : loadConfig(file, cwd);
}

interface Planning extends Omit<PlanRequest, "loaded"> {
  readonly loaded: LoadedConfig | undefined;
  readonly files: readonly string[] | undefined;
}

async function planOf({ loaded, files, ...rest }: Planning): Promise<Plan> {
  if (files !== undefined) return planFiles(files, rest);
  const isWrong = loaded === undefined || loaded.diagnostics.some(({ severity }) => severity === "error");
  return isWrong ? NO_PLAN : planProject({ ...rest, loaded });
}

const NO_PLAN: Plan = { jobs: [], diagnostics: [], searched: [] };

export interface Outcome extends Built {
  readonly delivered: readonly Delivered[];
  /** Of the source and of writing its outputs. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles jobs and writes what has changed. A source that is wrong leaves its outputs as they were. */
export async function runJobs(
  { builder }: Pick<Project, "builder">,
  jobs: readonly Job[],
  options: BuildOptions & DeliveryOptions,
): Promise<Outcome[]> {
  const built = await builder.build(jobs, options);
  return built.map((each) => {
    const delivered = deliver(filesOf(each), options);
    return { ...each, delivered, diagnostics: [...each.artifact.diagnostics, ...delivered.flatMap(problemsOf)] };
  });
}

export function filesOf({ job, artifact }: Built): OutputFile[] {
  if (!artifact.ok) return [];
  return job.outputs.map(({ kind, path, shown }) => ({
    path,
    shown,
    text: kind === "module" ? artifact.code : artifact.declarations,
  }));
}

function problemsOf({ status, file, detail }: Delivered): readonly Diagnostic[] {
  const reporter = createReporter();
  if (status === "refused")
    reporter.report("WG4006", undefined, { output: file.shown }, "move it away, or overwrite it: gen --force");
  if (status === "failed") reporter.report("WG4008", undefined, { output: file.shown, detail: detail ?? "" });
  return reporter.diagnostics;
}

/** The configuration as a source of diagnostics. */
export function configSource({ loaded, root }: Project, cwd: string): SourceText {
  return loaded?.source ?? { name: relative(cwd, root) || ".", text: "" };
}
