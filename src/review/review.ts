// reviewBackward(): a hand-written forward and backward pass against a compiled source. Touches no files; text is run by the runner it is given.

import type { Compilation } from "../compiler/types.ts";
import type { Span } from "../core/span.ts";
import { createReporter } from "../diagnostics/report.ts";
import { bindParameters, layoutsOf } from "./calls.ts";
import { attempt, createRetry, makeFunctions, type Attempt, type AttemptRequest, type Retry } from "./attempt.ts";
import { createCase, type Edit } from "./case.ts";
import { wrongExtras } from "./extras.ts";
import { findForward } from "./forward/find.ts";
import { rightLines } from "./forward/lines.ts";
import { wrongHelpers } from "./forward/helpers.ts";
import { referenceStages } from "./forward/reference.ts";
import { explain } from "./mistakes/table.ts";
import { outletOf } from "./outcome.ts";
import { parseUserText } from "./parse.ts";
import { createProbe, readOutlet } from "./probe.ts";
import { assignRoles, type Adjoint } from "./roles.ts";
import { chooseRunner } from "./runner.ts";
import { findSubjects, helpersOf, subjectName, type Pass, type Subject, type Wanted } from "./subject.ts";
import { agree } from "./vectors.ts";
import { describePoint } from "./words.ts";
import { endOf, returnsSomething, startOf } from "./syntax.ts";
import { describeFinding, tellFinding } from "./tell.ts";
import { answerLine } from "./words.ts";
import { run, seedParameter, type Problem, type Run, type Trial } from "./trial.ts";
import { truthOf, type Truth } from "./truth.ts";
import type { Compared, Finding, PointNumbers, Review, ReviewOptions } from "./types.ts";
import { agreeEverywhere, type PerPoint } from "./per-point.ts";
import type { Suspect } from "./suspect.ts";
import { walkBackward } from "./walk.ts";

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
  const truth = await truthOf({ compilation: against, seed: options.seed, at: options.at ?? [], reporter });
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

interface Request extends AttemptRequest {
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
  const isSeeded = subject.kind === "pair" && seedParameter(subject.backward) !== undefined;
  if (first?.finding !== undefined || first === undefined || !isSeeded) return first;
  return judge(attempt({ ...best.trial, seed: 1.5 }, truth), request);
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
    numbers: numbersAt({ trial, runs, outcome, problem }, truth),
    largestError: outcome.largestError,
  };
  if (outcome.value.kind === "nowhere") {
    const silent = passesOf(subject).find(({ fn }) => fn !== undefined && !returnsSomething(fn));
    if (silent !== undefined)
      reporter.report("WG5022", headOf(silent), {
        message: `${silent.name} returns nothing: value and gradients must come out of it`,
      });
    else reporter.report("WG5011", headOf(passesOf(subject)[0]!), { name: subjectName(subject), value: truth.valueName });
    return undefined;
  }
  if (outcome.value.kind === "wrong") return { compared, finding: judgeForward({ trial, runs, outcome, problem }, request) };
  const outlet = outletOf(outcome);
  const { valueVariable } = outcome;
  if (outcome.isRight) {
    reportExtras(wrongExtras({ trial, truth, runs, outlet, valueVariable }), request);
    return { compared, finding: undefined };
  }
  const probe = createProbe(trial, truth.points, runs, outlet);
  const roles = assignRoles(probe, valueVariable);
  const walk = walkBackward(probe, roles);
  const { suspect } = walk;
  if (suspect === undefined)
    return { compared, finding: tellFinding(describeFinding.result({ ...request, trial, runs, outcome }), reporter) };
  const retry = createRetry(request, trial);
  const solves = (edits: readonly Edit[]): boolean => isSolved(edits, suspect, retry);
  const wrong = createCase({ suspect, probe, roles, walk, text: request.user.text, solves });
  const explained = explain(wrong);
  const { node } = suspect.write;
  const place = { start: startOf(node), end: endOf(node) };
  const answer = explained?.edits === undefined ? undefined : answerLine(request.user.text, place, explained.edits);
  return {
    compared,
    finding: tellFinding(describeFinding.backward({ ...request, trial }, suspect, explained, answer), reporter),
  };
}

/** At the points that were asked for. */
function numbersAt({ trial, runs, outcome }: Attempt, truth: Truth): PointNumbers[] {
  return truth.points.slice(0, truth.givenPoints).map((point, index): PointNumbers => {
    const row = (
      name: string,
      got: readonly number[] | undefined,
      expected: readonly number[],
    ): PointNumbers["rows"][number] => ({
      name,
      got,
      expected,
      isRight: got !== undefined && agree(got, expected),
    });
    const value = outcome.value.kind === "nowhere" ? undefined : readOutlet(outletOf(outcome), runs[index]!);
    const gradients = outcome.gradients.map(({ name, got, expected }) => row(name, got[index], expected[index]!));
    const rows = [row(outcome.names[0]!, value === undefined ? undefined : [value], [point.value]), ...gradients];
    return { at: describePoint(point, trial, `point ${index + 1}`), rows };
  });
}

/** Once for each: a variable and the property that hands it out are one gradient. */
function reportExtras(extras: readonly Adjoint[], { reporter }: Request): void {
  const seen = new Set<string>();
  for (const { name, of, writes } of extras) {
    const { node } = writes.at(-1)!;
    if (!seen.has(of)) reporter.report("WG5023", { start: startOf(node), end: endOf(node) }, { name, input: of });
    seen.add(of);
  }
}

function judgeForward({ trial, runs, outcome }: Attempt, request: Request): Finding {
  const { truth, reporter, user, against } = request;
  const reference = referenceStages(against, truth);
  const retry = createRetry(request, trial);
  const helpers = helpersOf(user.program);
  const search = {
    trial,
    truth,
    runs,
    outlet: outletOf(outcome),
    reference,
    text: user.text,
    helpers,
    wrongHelpers: wrongHelpers(user, helpers.keys(), request.runner),
    retry,
  };
  const told = { ...request, trial, runs, outcome };
  const found = findForward(search);
  return tellFinding(
    found === undefined ? describeFinding.value(told, rightLines(search)) : describeFinding.forward(told, found),
    reporter,
  );
}

/** Whether the line has the effect it should have once the text is edited. */
function isSolved(edits: readonly Edit[], { write, after, wantedAfter }: Suspect, retry: Retry): boolean {
  const told: PerPoint[number][] = [];
  const isTold = retry(edits, ({ point, lastOf }) => {
    const value = wantedAfter[point] === undefined ? undefined : lastOf(write);
    told.push(value);
    return value !== undefined || after[point] === undefined || wantedAfter[point] === undefined;
  });
  return isTold && agreeEverywhere(told, wantedAfter);
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
