// Findings in words: what a line gives, what it should give and where, and what to think about next.

import type { Span } from "../core/span.ts";
import type { Reporter } from "../diagnostics/report.ts";
import type { Edit } from "./case.ts";
import type { Explained, MistakeName } from "./mistakes.ts";
import type { Outcome } from "./outcome.ts";
import { extentOf, type Subject } from "./subject.ts";
import { endOf, startOf, walk } from "./syntax.ts";
import type { Run, Trial } from "./trial.ts";
import type { Truth, TruthPoint } from "./truth.ts";
import type { UserText } from "./parse.ts";
import type { Finding } from "./types.ts";
import { agree, largest } from "./vectors.ts";
import type { Suspect } from "./walk.ts";

interface Told {
  readonly user: UserText;
  readonly subject: Subject;
  readonly truth: Truth;
  readonly trial: Trial;
}

interface ToldOutcome extends Told {
  readonly runs: readonly Run[];
  readonly outcome: Outcome;
}

export const describeFinding = { forward, result, backward };

/** Reports a finding and hands it on. */
export function tellFinding(finding: Finding, reporter: Reporter): Finding {
  const { pass, span, message, explanation, nudge, line } = finding;
  const code = pass === "forward" ? "WG5020" : line === undefined ? "WG5022" : "WG5021";
  const likely = explanation === undefined ? "" : `. Likely: ${explanation}`;
  reporter.report(code, span, { message: `${message}${likely}` }, nudge);
  return finding;
}

function forward({ user, subject, truth, outcome, trial }: ToldOutcome): Finding {
  const got = outcome.value.kind === "wrong" ? outcome.value.got : [];
  const index = truth.points.findIndex(({ value }, point) => got[point] === undefined || !agree([got[point]], [value]));
  const point = truth.points[Math.max(0, index)]!;
  const value = got[Math.max(0, index)];
  const at = describePoint(point, trial);
  const name = outcome.valueVariable ?? truth.valueName;
  const span = valueSpan(subject, trial, name);
  return {
    pass: "forward",
    variable: name,
    of: undefined,
    line: span && lineAt(user.text, span.start),
    span,
    got: value === undefined ? [] : [value],
    expected: [point.value],
    at,
    message: `the forward pass gives ${show(value)}, and should give ${show(point.value)} at ${at}`,
    mistake: undefined,
    explanation: undefined,
    nudge: "Mend the forward pass first: the backward pass can only be as right as what it goes back through.",
    answer: undefined,
  };
}

/** The last line that sets the value, or the return. */
function valueSpan(subject: Subject, trial: Trial, name: string): Span | undefined {
  const site = trial.instrumented.sites.findLast(
    (each) =>
      each.kind === "set" &&
      each.variable === name &&
      each.pass !== "backward" &&
      each.how !== "parameter" &&
      each.how !== "result",
  );
  if (site !== undefined) return { start: startOf(site.node), end: endOf(site.node) };
  const pass = subject.kind === "pair" ? subject.forward : subject.pass;
  const last = pass.body.at(-1);
  return last === undefined ? extentOf(pass) : { start: startOf(last), end: endOf(last) };
}

function result({ user, subject, truth, outcome, trial }: ToldOutcome): Finding {
  const wrong = outcome.gradients.find(({ isRight }) => !isRight)!;
  const index = Math.max(
    0,
    wrong.expected.findIndex((right, point) => wrong.got[point] === undefined || !agree(wrong.got[point], right)),
  );
  const at = describePoint(truth.points[index]!, trial);
  const got = wrong.got[index];
  const isMissing = wrong.got.every((each) => each === undefined);
  const pass = subject.kind === "pair" ? subject.backward : subject.pass;
  const returned = isMissing ? undefined : returnSpan(pass.fn ?? pass.body.at(-1));
  const message = isMissing
    ? `no gradient by ${wrong.input} comes out: there is no ${wrong.name}`
    : `${difference(wrong.name, got ?? [], wrong.expected[index]!, shapeOf(wrong.input, truth, index))} at ${at}`;
  return {
    pass: "backward",
    variable: wrong.name,
    of: wrong.input,
    line: returned && lineAt(user.text, returned.start),
    span: returned,
    got: got ?? [],
    expected: wrong.expected[index]!,
    at,
    message,
    mistake: undefined,
    explanation: undefined,
    nudge: isMissing
      ? undefined
      : `Name the gradients after their variables, dq for q, and each of them can be checked by itself.`,
    answer: undefined,
  };
}

function returnSpan(node: Parameters<typeof walk>[0] | undefined): Span | undefined {
  let span: Span | undefined;
  if (node !== undefined)
    walk(node, (each) => {
      if (each.type === "ReturnStatement") span = { start: startOf(each), end: endOf(each) };
    });
  return span ?? (node && { start: startOf(node), end: endOf(node) });
}

function backward(
  { user, truth, trial }: Told,
  suspect: Suspect,
  explained: (Explained & { readonly name: MistakeName }) | undefined,
  answer: string | undefined,
): Finding {
  const { adjoint, write, after, wantedAfter, verdict } = suspect;
  const isOff = (point: number): boolean => {
    const [got, right] = [after[point], wantedAfter[point]];
    return got !== undefined && right !== undefined && !agree(got, right);
  };
  const index = Math.max(
    0,
    truth.points.findIndex((_, point) => isOff(point)),
  );
  const [got = [], expected = []] = [after[index], wantedAfter[index]];
  const at = describePoint(truth.points[index]!, trial);
  const name = adjoint.isResult && adjoint.name === adjoint.of ? `the gradient by ${adjoint.of}` : adjoint.name;
  const shape = adjoint.input === undefined ? undefined : shapeOf(adjoint.input, truth, index);
  const when = adjoint.isResult ? "" : verdict === "missing" ? " when all is added" : " after this line";
  const span = { start: startOf(write.node), end: endOf(write.node) };
  return {
    pass: "backward",
    variable: adjoint.name,
    of: adjoint.of,
    line: lineAt(user.text, span.start),
    span,
    got,
    expected,
    at,
    message: `${difference(name, got, expected, shape, when)} at ${at}`,
    mistake: explained?.name,
    explanation: explained?.explanation,
    nudge: explained?.nudge ?? nudgeFor(suspect, user.text),
    answer,
  };
}

/** What to think about where no known mistake explains the numbers. */
function nudgeFor({ adjoint, contributions }: Suspect, text: string): string {
  const lines = [...new Set(contributions.map(({ read }) => lineAt(text, startOf(read.node))))];
  const { stage } = contributions[0] ?? {};
  if (lines.length === 0) return `Is there a use of ${adjoint.of} in the forward pass that this line goes back through?`;
  const arriving = stage === undefined ? "what arrives there" : `the gradient of ${stage}`;
  return `${adjoint.of} is used on line ${lines.join(", ")}: multiply ${arriving} by the derivative of that line by ${adjoint.of}.`;
}

function difference(
  name: string,
  got: readonly number[],
  expected: readonly number[],
  shape: readonly number[] | undefined,
  when = "",
): string {
  if (got.length === 0)
    return `${name} is no number${when}, and should be ${expected.length === 1 ? show(expected[0]) : `${expected.length} numbers`}`;
  if (got.length !== expected.length)
    return `${name} has ${elements(got.length)}${when}, and should have ${elements(expected.length)}${shape && shape.length > 0 ? ` (${shape.join(" x ")})` : ""}`;
  if (expected.length === 1) return `${name} is ${show(got[0])}${when}, and should be ${show(expected[0])}`;
  const off = expected.map((value, index) => (Number.isNaN(got[index]) ? Infinity : Math.abs(value - got[index]!)));
  const most = off.indexOf(largest(off));
  return `${name}${place(most, shape)} is ${show(got[most])}${when}, and should be ${show(expected[most])}`;
}

function elements(count: number): string {
  return count === 1 ? "1 element" : `${count} elements`;
}

/** `[1][2]` where the shape is known, else the place in the flat list. */
function place(index: number, shape: readonly number[] | undefined): string {
  if (shape === undefined || shape.length < 2) return `[${index}]`;
  let rest = index;
  const places = shape.toReversed().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return places
    .toReversed()
    .map((at) => `[${at}]`)
    .join("");
}

function shapeOf(input: string, truth: Truth, point: number): readonly number[] | undefined {
  return truth.points[point]!.inputs.get(input)?.shape;
}

export function show(value: number | undefined): string {
  return value === undefined ? "nothing" : String(Number(value.toPrecision(5)));
}

const MOST_SHOWN = 8;

/** `x = 3, y = -4`; of tensors the sizes. */
export function describePoint({ inputs, sizes }: TruthPoint, { names, seed }: Pick<Trial, "names" | "seed">): string {
  const numbers = [...inputs].filter(([, { shape }]) => shape.length === 0);
  const shown = numbers
    .slice(0, MOST_SHOWN)
    .map(([name, { data }]) => `${names.parameters.get(name) ?? name} = ${show(data[0])}`);
  const more = numbers.length > MOST_SHOWN ? ["..."] : [];
  const dims = [...sizes].map(([name, size]) => `${name} = ${size}`);
  const arriving = seed === 1 ? [] : [`d${names.truth.valueName} = ${seed}`];
  return [...shown, ...more, ...dims, ...arriving].join(", ") || "the first point";
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The line with the edits made. */
export function answerLine(text: string, { write }: Suspect, edits: readonly Edit[]): string {
  const start = text.lastIndexOf("\n", startOf(write.node)) + 1;
  const edited = [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
  const grown = edited.length - text.length;
  const found = text.indexOf("\n", endOf(write.node));
  const end = (found < 0 ? text.length : found) + grown;
  return edited.slice(start, end).trim();
}
