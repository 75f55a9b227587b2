// Findings in words: what a line gives, what it should give and where, and what to think about next.

import type { Node } from "@babel/types";
import type { Span } from "../core/span.ts";
import type { Reporter } from "../diagnostics/report.ts";
import { isBroken } from "./case.ts";
import { describeForward, describeValue } from "./forward/tell.ts";
import type { Explained, MistakeName } from "./mistakes/types.ts";
import type { ComparedGradient, Outcome } from "./outcome.ts";
import { helpersOf, type Pass, type Subject } from "./subject.ts";
import { endOf, isFunction, lineAt, namesRead, returnsSomething, startOf, walk } from "./syntax.ts";
import type { Run, Trial } from "./trial.ts";
import type { Truth } from "./truth.ts";
import type { UserText } from "./parse.ts";
import type { Finding } from "./types.ts";
import { agree } from "./vectors.ts";
import { afterWords, describePoint, difference } from "./words.ts";
import type { Suspect } from "./suspect.ts";

export interface Told {
  readonly user: UserText;
  readonly subject: Subject;
  readonly truth: Truth;
  readonly trial: Trial;
}

export interface ToldOutcome extends Told {
  readonly runs: readonly Run[];
  readonly outcome: Outcome;
}

export const describeFinding = { forward: describeForward, value: describeValue, result, backward };

/** Reports a finding and hands it on. */
export function tellFinding(finding: Finding, reporter: Reporter): Finding {
  const { pass, span, message, explanation, nudge, line } = finding;
  const code = pass === "forward" ? "WG5020" : line === undefined ? "WG5022" : "WG5021";
  const likely = explanation === undefined ? "" : `. Likely: ${explanation}`;
  reporter.report(code, span, { message: `${message}${likely}` }, nudge);
  return finding;
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
    ? missingWords(wrong, pass, user.text)
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
      ? returnNudge(pass, [truth.valueName, ...outcome.gradients.map(({ name }) => name)])
      : `Name the gradients after their variables, dq for q, and each of them can be checked by itself.`,
    answer: undefined,
  };
}

/** Why no gradient by an input comes out. */
function missingWords({ input, name }: ComparedGradient, { fn, body, name: called }: Pass, text: string): string {
  const nothing = `no gradient by ${input} comes out`;
  if (fn === undefined) return `${nothing}: there is no ${name}`;
  const sets = body.flatMap((statement) => linesSetting(statement, name, text));
  const there = sets.length === 0 ? "" : `; ${name} is computed on line ${sets.at(-1)}`;
  if (!returnsSomething(fn)) return `${nothing}: ${called} returns nothing${there}`;
  return sets.length === 0
    ? `${nothing}: there is no ${name}`
    : `${nothing}: ${name} is computed on line ${sets.at(-1)}, and not returned`;
}

/** A script has nothing to return. */
function returnNudge({ fn }: Pass, names: readonly string[]): string | undefined {
  return fn === undefined ? undefined : `return { ${names.join(", ")} } hands all of them out.`;
}

function linesSetting(statement: Node, name: string, text: string): number[] {
  const lines: number[] = [];
  walk(statement, (node) => {
    const target = node.type === "VariableDeclarator" ? node.id : node.type === "AssignmentExpression" ? node.left : undefined;
    if (target?.type === "Identifier" && target.name === name) lines.push(lineAt(text, startOf(node)));
    return !isFunction(node);
  });
  return lines;
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
  const firstBroken = explained?.name === "not-a-number" ? after.findIndex(isBroken) : -1;
  const firstOff = truth.points.findIndex((_, point) => isOff(point));
  const index = Math.max(0, firstBroken < 0 ? firstOff : firstBroken);
  const [got = [], expected = []] = [after[index], wantedAfter[index]];
  const at = describePoint(truth.points[index]!, trial);
  const name = adjoint.isResult && adjoint.name === adjoint.of ? `the gradient by ${adjoint.of}` : adjoint.name;
  const shape = adjoint.input === undefined ? undefined : shapeOf(adjoint.input, truth, index);
  const when = adjoint.isResult ? "" : verdict === "missing" ? " when all is added" : afterWords(write, user.text);
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
    nudge: explained?.nudge ?? `${nudgeFor(suspect, user.text)}${unseen(suspect, user)}`,
    answer,
  };
}

/** What a line does inside a function of the user's own, or in one round of a loop, is seen only by its effect. */
function unseen({ write }: Suspect, { program, text }: UserText): string {
  const helpers = helpersOf(program);
  const called = [...namesRead(write.right ?? write.node)].filter((name) => helpers.has(name));
  const inside =
    called.length === 0
      ? ""
      : ` What ${called.join(" and ")} ${called.length === 1 ? "does" : "do"} inside is not looked at line by line.`;
  const { loop } = write;
  if (loop === undefined) return inside;
  const [first, last] = [lineAt(text, startOf(loop)), lineAt(text, endOf(loop))];
  return first === last
    ? inside
    : `${inside} Lines ${first} to ${last} are a loop, judged by what it leaves behind: print a round of it.`;
}

/** What to think about where no known mistake explains the numbers. */
function nudgeFor({ adjoint, contributions }: Suspect, text: string): string {
  const lines = [...new Set(contributions.map(({ read }) => lineAt(text, startOf(read.node))))];
  const { stage } = contributions[0] ?? {};
  if (lines.length === 0) return `Is there a use of ${adjoint.of} in the forward pass that this line goes back through?`;
  const arriving = stage === undefined ? "what arrives there" : `the gradient of ${stage}`;
  return `${adjoint.of} is used on line ${lines.join(", ")}: multiply ${arriving} by the derivative of that line by ${adjoint.of}.`;
}

function shapeOf(input: string, truth: Truth, point: number): readonly number[] | undefined {
  return truth.points[point]!.inputs.get(input)?.shape;
}
