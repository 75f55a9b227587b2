// reviewBackward(): a hand-written forward and backward pass against a compiled source. Touches no files; text is run by the runner it is given.

import type { Compilation } from "../compiler/types.ts";
import type { Span } from "../core/span.ts";
import { createReporter, type Reporter } from "../diagnostics/report.ts";
import { bindParameters, layoutsOf } from "./calls.ts";
import { createCase, type Edit } from "./case.ts";
import { instrument } from "./instrument.ts";
import { explain } from "./mistakes.ts";
import { compareOutcome, outletOf, type Outcome } from "./outcome.ts";
import { parseUserText, type UserText } from "./parse.ts";
import { createProbe } from "./probe.ts";
import { assignRoles } from "./roles.ts";
import { chooseRunner } from "./runner.ts";
import { findSubjects, subjectName, type Pass, type Subject, type Wanted } from "./subject.ts";
import { endOf, startOf } from "./syntax.ts";
import { answerLine, describeFinding, tellFinding } from "./tell.ts";
import { run, takesSeed, type Functions, type Problem, type Run, type Trial } from "./trial.ts";
import { truthOf, type Truth } from "./truth.ts";
import type { Hooks } from "./recorder.ts";
import type { Compared, Finding, Review, ReviewOptions, Runner } from "./types.ts";
import { agreeEverywhere, walkBackward, type Suspect } from "./walk.ts";

/**
 * Runs the forward and the backward pass in `text` at several points and compares the value and every gradient with the compiled source. Where they
 * differ, it names the first line whose effect is wrong, and the mistake that explains the numbers at every point, if a known one does.
 *
 * `text` is TypeScript or JavaScript in one of three forms: a function of the inputs that returns `{ f, dx, dy }` (or `{ value, gradient }`, or
 * `[f, dx, dy]`); a pair `fForward(x, y)` and `fBackward(kept, df = 1)`; or bare statements whose inputs are free variables. Tensors come as
 * Float64Array, row-major, or as plain or nested arrays, by what the parameters' types say or the code can use. Helper functions may stand beside;
 * imports are refused. Never throws for a mistake in `text`: those are diagnostics.
 */
export async function reviewBackward(text: string, against: Compilation, options: ReviewOptions = {}): Promise<Review> {
  const source = { name: options.name ?? "<code>", text };
  const reporter = createReporter();
  const user = parseUserText(text, reporter);
  const truth = await truthOf(against, options.seed, reporter);
  if (user === undefined || truth === undefined) return { kind: "unreadable", source, diagnostics: reporter.diagnostics };
  const wanted: Wanted = {
    inputs: truth.inputs.map(({ name }) => name),
    outputs: new Set([truth.name, truth.valueName]),
    function: options.function,
  };
  const subjects = findSubjects(user.program, wanted, reporter);
  const runner = options.runner ?? (await chooseRunner());
  const request = { user, truth, wanted, runner, reporter, against };
  let compared: Compared | undefined;
  for (const subject of subjects) {
    const result = reviewSubject({ ...request, subject });
    if (result === undefined) break;
    if (result.finding !== undefined)
      return { kind: "wrong", source, compared: result.compared, finding: result.finding, diagnostics: reporter.diagnostics };
    compared = compared === undefined ? result.compared : together(compared, result.compared);
  }
  if (reporter.hasErrors || compared === undefined) return { kind: "unreadable", source, diagnostics: reporter.diagnostics };
  return { kind: "right", source, compared, diagnostics: reporter.diagnostics };
}

function together(a: Compared, b: Compared): Compared {
  return {
    ...a,
    subject: `${a.subject}, ${b.subject}`,
    names: [...new Set([...a.names, ...b.names])],
    largestError: Math.max(a.largestError, b.largestError),
  };
}

interface Request {
  readonly user: UserText;
  readonly subject: Subject;
  readonly truth: Truth;
  readonly wanted: Wanted;
  readonly runner: Runner;
  readonly reporter: Reporter;
  readonly against: Compilation;
}

interface Verdict {
  readonly compared: Compared;
  readonly finding: Finding | undefined;
}

/** Undefined where nothing could be compared; the reason is reported. */
function reviewSubject(request: Request): Verdict | undefined {
  const { subject, truth, user, reporter } = request;
  const takesInputs = subject.kind === "pair" ? subject.forward : subject.pass;
  const bindings = subject.kind === "script" ? [] : bindParameters(takesInputs, truth);
  if (bindings.length > 0 && typeof bindings[0] === "string") {
    const values = { name: takesInputs.name, missing: (bindings as readonly string[]).join(", ") };
    reporter.report("WG5006", headOf(takesInputs), values);
    return undefined;
  }
  const parameters = new Map(
    (bindings as Exclude<typeof bindings, readonly string[]>).flatMap((binding) =>
      binding.kind === "input" ? [[binding.input.name, binding.parameter] as const] : [],
    ),
  );
  const make = makeFunctions(request);
  if (make === undefined) return undefined;
  const trial = {
    ...make,
    subject,
    bindings: bindings as Trial["bindings"],
    names: { truth, parameters },
    layout: "typed" as const,
    seed: 1,
  };
  const attempts = layoutsOf(takesInputs, user.text, truth).map((layout) => attempt({ ...trial, layout }, truth));
  const best =
    attempts.find(({ outcome }) => outcome.isValueRight) ?? attempts.find(({ problem }) => problem === undefined) ?? attempts[0]!;
  if (best.problem !== undefined) {
    reportProblem(best.problem, request);
    return undefined;
  }
  const first = judge(best, request);
  const isSeeded = subject.kind === "pair" && takesSeed(subject.backward);
  if (first?.finding !== undefined || first === undefined || !isSeeded) return first;
  return judge(attempt({ ...best.trial, seed: 1.5 }, truth), request);
}

interface Attempt {
  readonly trial: Trial;
  readonly runs: readonly Run[];
  readonly problem: Problem | undefined;
  readonly outcome: Outcome;
}

function attempt(trial: Trial, truth: Truth): Attempt {
  const runs: Run[] = [];
  for (const point of truth.points) {
    runs.push(run(trial, point, { isRecording: true }));
    if (runs.at(-1)!.problem !== undefined) break; // the next ones would only take as long
  }
  const { problem } = runs.at(-1)!;
  return { trial, runs, problem, outcome: compareOutcome(trial, runs) };
}

function makeFunctions({ user, subject, wanted, runner, reporter }: Request): Pick<Trial, "instrumented" | "make"> | undefined {
  const instrumented = instrument({ user, subject, inputs: wanted.inputs });
  try {
    return { instrumented, make: runner(instrumented.expression) as (hooks: Hooks) => Functions }; // a function, as the text says
  } catch (problem) {
    const detail = problem instanceof Error ? problem.message : String(problem);
    reporter.report("WG5001", undefined, { detail });
    return undefined;
  }
}

function judge({ trial, runs, outcome, problem }: Attempt, request: Request): Verdict | undefined {
  const { truth, reporter, subject } = request;
  if (problem !== undefined) {
    reportProblem(problem, request);
    return undefined;
  }
  const again = run(trial, truth.points[0]!, { isRecording: true });
  if (!sameNumbers(again, runs[0]!)) {
    reporter.report("WG5009", headOf(passesOf(subject)[0]!), { name: subjectName(subject) });
    return undefined;
  }
  const compared: Compared = {
    subject: subjectName(subject),
    names: outcome.names,
    points: truth.points.length,
    largestError: outcome.largestError,
  };
  if (outcome.value.kind === "nowhere") {
    reporter.report("WG5011", headOf(passesOf(subject)[0]!), { name: subjectName(subject), value: truth.valueName });
    return undefined;
  }
  if (outcome.value.kind === "wrong")
    return { compared, finding: tellFinding(describeFinding.forward({ ...request, trial, runs, outcome }), reporter) };
  if (outcome.isRight) return { compared, finding: undefined };
  const outlet = outletOf(outcome);
  const probe = createProbe(trial, truth.points, runs, outlet);
  const roles = assignRoles(probe, outcome.valueVariable);
  const walk = walkBackward(probe, roles);
  const suspect = walk.suspects[0];
  if (suspect === undefined)
    return { compared, finding: tellFinding(describeFinding.result({ ...request, trial, runs, outcome }), reporter) };
  const solves = (edits: readonly Edit[]): boolean => isSolved(edits, suspect, trial, request);
  const wrong = createCase({ suspect, probe, roles, walk, text: request.user.text, solves });
  const explained = explain(wrong);
  const answer = explained?.edits === undefined ? undefined : answerLine(request.user.text, suspect, explained.edits);
  return {
    compared,
    finding: tellFinding(describeFinding.backward({ ...request, trial }, suspect, explained, answer), reporter),
  };
}

/** Whether the line has the effect it should have once the text is edited. */
function isSolved(edits: readonly Edit[], suspect: Suspect, trial: Trial, request: Request): boolean {
  const { wanted, runner, truth } = request;
  const reporter = createReporter();
  const user = parseUserText(applyEdits(request.user.text, edits), reporter);
  if (user === undefined) return false;
  const subject = findSubjects(user.program, wanted, reporter).find((each) => subjectName(each) === subjectName(trial.subject));
  if (subject === undefined) return false;
  const made = makeFunctions({ ...request, user, subject, runner, reporter });
  if (made === undefined) return false;
  const isSame = (site: { readonly kind: string; readonly variable: string }): boolean =>
    site.kind === "set" && site.variable === suspect.write.variable;
  const ordinal = trial.instrumented.sites.filter(isSame).findIndex(({ id }) => id === suspect.write.id);
  const site = made.instrumented.sites.filter(isSame)[ordinal];
  if (site === undefined) return false;
  const edited: Trial = { ...trial, ...made, subject };
  const after = truth.points.map((point, index) => {
    if (suspect.wantedAfter[index] === undefined) return undefined;
    return run(edited, point, { isRecording: true }).events.findLast((event) => event.site === site.id)?.value;
  });
  const isTold = after.every(
    (each, index) => each !== undefined || suspect.after[index] === undefined || suspect.wantedAfter[index] === undefined,
  );
  return isTold && agreeEverywhere(after, suspect.wantedAfter);
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, { start, end, text: inserted }) => result.slice(0, start) + inserted + result.slice(end), text);
}

function sameNumbers(a: Run, b: Run): boolean {
  const numbers = ({ events, value }: Run): string => JSON.stringify([value, events.map((event) => event.value)]);
  return numbers(a) === numbers(b);
}

function passesOf(subject: Subject): Pass[] {
  return subject.kind === "pair" ? [subject.forward, subject.backward] : [subject.pass];
}

/** Where a function is named. */
function headOf({ fn }: Pass): Span | undefined {
  if (fn === undefined) return undefined;
  const named = "id" in fn ? fn.id : undefined;
  if (named) return { start: startOf(named), end: endOf(named) };
  return { start: startOf(fn), end: startOf(fn) + 1 };
}

function reportProblem(problem: Problem, { subject, reporter }: Request): void {
  const backward = subject.kind === "pair" && problem.statement < 0;
  const pass = subject.kind === "pair" ? (backward ? subject.backward : subject.forward) : subject.pass;
  const statement = pass.body[backward ? -1 - problem.statement : problem.statement];
  const span = statement === undefined ? headOf(pass) : { start: startOf(statement), end: endOf(statement) };
  if (problem.kind === "endless") reporter.report("WG5008", span, { name: pass.name });
  else reporter.report("WG5007", span, { name: pass.name, detail: problem.message });
}
