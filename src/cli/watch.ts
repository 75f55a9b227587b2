// `gen --watch`: what the watcher did, round by round. Errors that are mended disappear from the screen.

import type { ProjectOptions } from "../project/project.ts";
import { watchProject, type Round } from "../project/watch.ts";
import { reportDiagnostics } from "./compile.ts";
import { EXIT } from "./exit.ts";
import type { Io } from "./io.ts";
import { reportOutcomes, type ProjectFlags } from "./project.ts";
import { count } from "./report.ts";

const CLEAR_SCREEN = "\u001b[2J\u001b[3J\u001b[H";

/** Runs until the process is told to stop. */
export async function watch(options: ProjectOptions, flags: ProjectFlags, io: Io): Promise<number> {
  let hadErrors = false;
  const onRound = async (round: Round): Promise<void> => {
    if (io.stderr.isTerminal && !flags.quiet) io.stderr.write(CLEAR_SCREEN);
    await reportRound(round, flags, io);
    const errors = errorsOf(round);
    if (!flags.quiet) io.stderr.write(`${state(round, errors, hadErrors)}\n`);
    hadErrors = errors > 0;
  };
  const watching = await watchProject({ ...options, delivery: { force: flags.force === true }, onRound });
  try {
    await Promise.race([io.untilStopped(), watching.failed]);
  } finally {
    await watching.close();
  }
  return EXIT.good;
}

/** Every error there is, also of sources that this round did not touch; files of this round. */
async function reportRound({ project, fresh, all, orphans }: Round, flags: ProjectFlags, io: Io): Promise<void> {
  const touched = new Set(fresh.map(({ job }) => job.file));
  const broken = all.filter(({ job, diagnostics }) => !touched.has(job.file) && diagnostics.some(isError));
  await reportOutcomes(project, [...broken.map((outcome) => ({ ...outcome, delivered: [] })), ...fresh], flags, io);
  await reportDiagnostics([{ source: { name: "watching", text: "" }, diagnostics: orphans }], io);
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === "error";
}

function errorsOf({ project, all }: Round): number {
  return [...project.problems, ...all.flatMap(({ diagnostics }) => diagnostics)].filter(isError).length;
}

function state({ project }: Round, errors: number, hadErrors: boolean): string {
  const found =
    errors > 0
      ? `${count(errors, "error")}; outputs of what is wrong stay as they were`
      : hadErrors
        ? "all good again"
        : "all good";
  return `${found}. Watching ${count(project.plan.jobs.length, "source")}; Ctrl+C ends it.`;
}
