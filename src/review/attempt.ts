// One attempt to run a user's code at every point, as it is or written otherwise.

import type { Reporter } from "../diagnostics/report.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { Edit } from "./case.ts";
import { instrument } from "./instrument.ts";
import { compareOutcome, type Outcome } from "./outcome.ts";
import { parseUserText, type UserText } from "./parse.ts";
import { readOutlet, type Outlet } from "./probe.ts";
import type { Hooks } from "./recorder.ts";
import type { SetSite } from "./sites.ts";
import { findSubjects, subjectName, type Subject, type Wanted } from "./subject.ts";
import { run, type Functions, type Problem, type Run, type Trial } from "./trial.ts";
import type { Truth } from "./truth.ts";
import type { Runner } from "./types.ts";

export interface AttemptRequest {
  readonly user: UserText;
  readonly subject: Subject;
  readonly truth: Truth;
  readonly wanted: Wanted;
  readonly runner: Runner;
  readonly reporter: Reporter;
}

export interface Attempt {
  readonly trial: Trial;
  readonly runs: readonly Run[];
  readonly problem: Problem | undefined;
  readonly outcome: Outcome;
}

export function attempt(trial: Trial, truth: Truth): Attempt {
  const runs: Run[] = [];
  for (const point of truth.points) {
    runs.push(run(trial, point, { isRecording: true }));
    if (runs.at(-1)!.problem !== undefined) break; // the next ones would only take as long
  }
  const { problem } = runs.at(-1)!;
  return { trial, runs, problem, outcome: compareOutcome(trial, runs) };
}

/** Undefined, and reported, where the engine refuses the text. */
export function makeFunctions(request: AttemptRequest): Pick<Trial, "instrumented" | "make"> | undefined {
  const { user, subject, wanted, runner, reporter } = request;
  const instrumented = instrument({ user, subject, inputs: wanted.inputs });
  try {
    return { instrumented, make: runner(instrumented.expression) as (hooks: Hooks) => Functions }; // a function, as the text says
  } catch (problem) {
    const detail = problem instanceof Error ? problem.message : String(problem);
    reporter.report("WG5001", undefined, { detail });
    return undefined;
  }
}

/** Whether the code passes at every point once its text is edited. */
export type Retry = (edits: readonly Edit[], accepts: (retried: Retried) => boolean) => boolean;

export interface Retried {
  readonly point: number;
  /** What a line leaves behind now. */
  lastOf(site: SetSite): readonly number[] | undefined;
  /** The number that comes out. */
  output(outlet: Outlet): number | undefined;
}

export function createRetry(request: AttemptRequest, trial: Trial): Retry {
  return (edits, accepts) => {
    const edited = editTrial(edits, request, trial);
    if (edited === undefined) return false;
    const twins = new Map<SetSite, SetSite | undefined>();
    const twinOf = (site: SetSite): SetSite | undefined => {
      if (!twins.has(site)) twins.set(site, findTwin(site, trial, edited));
      return twins.get(site);
    };
    return request.truth.points.every((each, point) => {
      const result = run(edited, each, { isRecording: true });
      const lastOf = (site: SetSite): readonly number[] | undefined =>
        result.events.findLast((event) => event.site === twinOf(site)?.id)?.value;
      const output = (outlet: Outlet): number | undefined =>
        outlet.kind === "returned" ? readOutlet(outlet, result) : lastOf(trial.instrumented.sites[outlet.site] as SetSite)?.[0]; // an outlet is a place where something is set
      return accepts({ point, lastOf, output });
    });
  };
}

function editTrial(edits: readonly Edit[], request: AttemptRequest, trial: Trial): Trial | undefined {
  const reporter = createReporter();
  const user = parseUserText(applyEdits(request.user.text, edits), reporter);
  if (user === undefined) return undefined;
  const name = subjectName(trial.subject);
  const subject = findSubjects(user.program, request.wanted, reporter).find((each) => subjectName(each) === name);
  if (subject === undefined) return undefined;
  const made = makeFunctions({ ...request, user, subject, reporter });
  return made && { ...trial, ...made, subject };
}

/** The same place in the edited text: the setting of that variable with the same number. */
function findTwin(site: SetSite, before: Trial, after: Trial): SetSite | undefined {
  const same = ({ instrumented }: Trial): SetSite[] =>
    instrumented.sites.filter((each): each is SetSite => each.kind === "set" && each.variable === site.variable);
  return same(after)[same(before).findIndex(({ id }) => id === site.id)];
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, { start, end, text: inserted }) => result.slice(0, start) + inserted + result.slice(end), text);
}
