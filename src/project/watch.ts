// Watches a project: after each save what changed is compiled and written anew. Says nothing itself; whoever started it is told of each round.

import { existsSync } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import { watch as watchFiles } from "chokidar";
import { createReporter, type Diagnostic } from "../diagnostics/report.ts";
import { CONFIG_NAMES } from "./find-config.ts";
import type { DeliveryOptions } from "./outputs.ts";
import type { Job } from "./plan.ts";
import { openProject, runJobs, type Outcome, type Project, type ProjectOptions } from "./project.ts";
import { SETTLING } from "./settling.ts";
import { isSourceFile } from "./source-file.ts";

export interface Round {
  readonly project: Project;
  /** What this round compiled. */
  readonly fresh: readonly Outcome[];
  /** The state of every source. */
  readonly all: readonly Outcome[];
  /** Outputs whose source is gone. */
  readonly orphans: readonly Diagnostic[];
}

export interface WatchOptions extends ProjectOptions {
  readonly delivery: DeliveryOptions;
  /** After each round, the first included. */
  readonly onRound: (round: Round) => Promise<void> | void;
}

export interface Watching {
  /** Rejects where a round throws: a bug of ours. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

export async function watchProject(options: WatchOptions): Promise<Watching> {
  let project = await openProject(options);
  const outcomes = new Map<string, Outcome>();
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let fail!: (problem: unknown) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => {}); // whoever waits for it hears of it

  const watcher = watchFiles(foldersOf(project), {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, stats) => isIgnored(path, project) || (stats?.isDirectory() === true && !isOnTheWay(path, project)),
  });
  watcher.on("error", () => {}); // a folder that cannot be read holds no sources of ours
  watcher.on("all", (_, path) => {
    if (!concerns(resolve(path), project)) return;
    changed.add(resolve(path));
    clearTimeout(timer);
    timer = setTimeout(() => (running = running.then(() => round([...changed])).catch(fail)), SETTLING);
  });

  const round = async (paths: readonly string[]): Promise<void> => {
    for (const path of paths) changed.delete(path);
    const before = project.plan.jobs;
    const isPlanned = paths.every((path) => existsSync(path) && before.some((job) => job.file === path));
    if (!isPlanned) {
      project = await openProject(options, project);
      watcher.add(foldersOf(project));
    }
    const jobs = isPlanned ? before.filter((job) => paths.includes(job.file)) : project.plan.jobs;
    const fresh = await runJobs(project, jobs, options.delivery);
    for (const outcome of fresh) outcomes.set(keyOf(outcome.job), outcome);
    const kept = new Set(project.plan.jobs.map(keyOf));
    for (const key of outcomes.keys()) if (!kept.has(key)) outcomes.delete(key);
    await options.onRound({ project, fresh, all: [...outcomes.values()], orphans: orphansOf(before, project) });
  };

  await new Promise<void>((ready) => watcher.once("ready", ready));
  running = round([""]); // no file is called so: everything is planned and built
  await running;
  project.builder.sweep();
  return {
    failed,
    async close() {
      clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}

function keyOf({ file, outputs }: Job): string {
  return [file, ...outputs.map(({ path }) => path)].join("\0");
}

/** Folders to watch; where one is not there yet, the nearest above it. */
function foldersOf(project: Project): string[] {
  return wantedBy(project).map((path) => {
    let at = path;
    while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
    return at;
  });
}

function wantedBy({ loaded, plan, root }: Project): string[] {
  return [...plan.searched, ...plan.jobs.map(({ file }) => file), ...(loaded ? [root, loaded.file] : [])];
}

function isIgnored(path: string, { root }: Project): boolean {
  const name = basename(path);
  return resolve(path) !== root && (name === "node_modules" || (name.startsWith(".") && name !== "." && name !== ".."));
}

/** Of the root's folders only those that lead to sources are watched; the root itself for a configuration that comes and goes. */
function isOnTheWay(path: string, project: Project): boolean {
  const folder = resolve(path) + sep;
  const isAbove = wantedBy(project).some((wanted) => (wanted + sep).startsWith(folder));
  return isAbove || project.plan.searched.some((searched) => folder.startsWith(searched + sep));
}

function concerns(path: string, { loaded, plan, root }: Project): boolean {
  if (isSourceFile(path) || plan.jobs.some((job) => job.file === path)) return true;
  return path === loaded?.file || (CONFIG_NAMES.includes(basename(path)) && dirname(path) === root);
}

function orphansOf(before: readonly Job[], { plan }: Project): readonly Diagnostic[] {
  const reporter = createReporter();
  const written = new Set(plan.jobs.flatMap(({ outputs }) => outputs.map(({ path }) => path)));
  for (const { file, name, outputs } of before) {
    if (existsSync(file)) continue;
    for (const { path, shown } of outputs)
      if (!written.has(path) && existsSync(path)) reporter.report("WG4009", undefined, { source: name, output: shown });
  }
  return reporter.diagnostics;
}
