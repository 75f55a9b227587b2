// What is wrong in a forward pass, in words.

import type { Span } from "../../core/span.ts";
import type { SetSite } from "../sites.ts";
import { extentOf, type Subject } from "../subject.ts";
import { endOf, lineAt, startOf } from "../syntax.ts";
import type { ToldOutcome } from "../tell.ts";
import type { Trial } from "../trial.ts";
import type { Truth } from "../truth.ts";
import type { Finding } from "../types.ts";
import { agree } from "../vectors.ts";
import { afterWords, answerLine, describePoint, difference, show } from "../words.ts";
import type { ForwardFinding } from "./find.ts";

export function describeForward({ user, truth, trial }: ToldOutcome, found: ForwardFinding): Finding {
  const { write, wanted, explained, leading } = found;
  const index = Math.max(
    0,
    found.got.findIndex((each, point) => !agree(each ?? [], wanted[point] ?? [])),
  );
  const [got, expected] = [found.got[index] ?? [], wanted[index] ?? []];
  const span = found.helper === undefined ? { start: startOf(write.node), end: endOf(write.node) } : editedSpan(found);
  const name = nameOfValue(write.variable, truth);
  const at = describePoint(truth.points[index]!, trial);
  const lines = [...new Set(leading.map(({ node }) => lineAt(user.text, startOf(node))))];
  const after =
    found.helper === undefined
      ? afterWords(write, user.text)
      : ` where line ${lineAt(user.text, startOf(write.node))} calls ${found.helper}`;
  const doubt =
    lines.length === 0
      ? ""
      : `; the fault may lie in line ${lines.join(" or ")}, which lead${lines.length === 1 ? "s" : ""} up to it`;
  return {
    pass: "forward",
    variable: write.variable,
    of: undefined,
    line: lineAt(user.text, span.start),
    span,
    got,
    expected,
    at,
    message: `${difference(name, got, expected, undefined, after)} at ${at}${doubt}`,
    mistake: explained?.name,
    explanation: explained?.explanation,
    nudge: explained?.nudge ?? forwardNudge(found),
    answer: explained?.edits && answerLine(user.text, span, explained.edits),
  };
}

/** What the edits of an explanation change. */
function editedSpan({ write, explained }: ForwardFinding): Span {
  const edits = explained?.edits ?? [];
  if (edits.length === 0) return { start: startOf(write.node), end: endOf(write.node) };
  return { start: Math.min(...edits.map(({ start }) => start)), end: Math.max(...edits.map(({ end }) => end)) };
}

/** `#0`, the first element of what is returned, is the value. */
function nameOfValue(variable: string, { valueName }: Truth): string {
  return variable.startsWith("#") ? valueName : variable;
}

function forwardNudge({ stage }: ForwardFinding): string {
  return stage === undefined
    ? "Put the numbers in by hand on this line: which operation gives another number than the source does?"
    : `Compare this line with the one of ${stage} in the source, operation by operation.`;
}

/** Where no line can be named. */
export function describeValue({ user, subject, truth, outcome, trial }: ToldOutcome, right: readonly SetSite[]): Finding {
  const got = outcome.value.kind === "wrong" ? outcome.value.got : [];
  const index = truth.points.findIndex(({ value }, point) => got[point] === undefined || !agree([got[point]], [value]));
  const point = truth.points[Math.max(0, index)]!;
  const own = got[Math.max(0, index)];
  const at = describePoint(point, trial);
  const name = outcome.valueVariable ?? truth.valueName;
  const span = valueSpan(subject, trial, name);
  return {
    pass: "forward",
    variable: name,
    of: undefined,
    line: span && lineAt(user.text, span.start),
    span,
    got: own === undefined ? [] : [own],
    expected: [point.value],
    at,
    message: `the forward pass gives ${show(own)}, and should give ${show(point.value)} at ${at}`,
    mistake: undefined,
    explanation: undefined,
    nudge: `${rightWords(right)}Mend the forward pass first: the backward pass can only be as right as what it goes back through.`,
    answer: undefined,
  };
}

/** `q (line 2) is right so far. ` */
function rightWords(right: readonly SetSite[]): string {
  const names = [...new Set(right.map(({ variable }) => variable))].filter((name) => !name.startsWith("#"));
  if (names.length === 0) return "";
  return `What the source computes as well: ${names.join(", ")}. Look at the other lines. `;
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
