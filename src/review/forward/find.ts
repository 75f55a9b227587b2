// Finds the line of a forward pass that is wrong: the first one with which, were it to give what a stage of the source gives, the value would be
// right at every point; or which, written otherwise, makes it so. Where there is none, a line that has the name of a stage and another value.

import type { Edit } from "../case.ts";
import type { MistakeName } from "../mistakes/types.ts";
import { agreeEverywhere, type PerPoint } from "../per-point.ts";
import { readOutlet } from "../probe.ts";
import type { SetSite } from "../sites.ts";
import { bare, namesRead, startOf } from "../syntax.ts";
import { run } from "../trial.ts";
import { agree } from "../vectors.ts";
import { explainNumbers } from "./mistakes.ts";
import { linesOf, namesakesOf, quantitiesBefore, type ForwardRequest, type Line } from "./lines.ts";
import { exchanges, slips, type Rewrite } from "./rewrites.ts";

export interface ForwardFinding {
  readonly write: SetSite;
  readonly got: PerPoint;
  readonly wanted: PerPoint;
  /** What the source calls it. */
  readonly stage: string | undefined;
  readonly explained: Explanation | undefined;
  /** Where the fault is, if not on the line but in a function that it calls. */
  readonly helper: string | undefined;
  /** Lines before it that have no counterpart in the source: one of them may be to blame instead. */
  readonly leading: readonly SetSite[];
}

export interface Explanation {
  readonly name: MistakeName;
  readonly explanation: string;
  readonly nudge: string;
  readonly edits?: readonly Edit[];
}

interface Culprit extends Line {
  readonly wanted: PerPoint;
  readonly stage: string | undefined;
}

export function findForward(request: ForwardRequest): ForwardFinding | undefined {
  const lines = linesOf(request);
  const culprits = culpritsOf(lines, request);
  const [first] = culprits;
  const leading = leadingTo(first, lines);
  const inHelper = rewriteHelper(lines, request, (name) => request.wrongHelpers.has(name));
  if (inHelper !== undefined) return inHelper;
  for (const line of leading) {
    const found = rewriteToRight(line, request);
    if (found !== undefined) return found;
  }
  for (const culprit of culprits) {
    const explained = explainCulprit(culprit, request);
    if (explained !== undefined) return { ...culprit, explained, helper: undefined, leading: [] };
  }
  const likely = namesakeExplained(leading, request) ?? rewriteHelper([...leading, ...culprits], request, () => true);
  if (likely !== undefined) return likely;
  const named = leading.length > 0 ? differsByName(lines, request) : undefined;
  if (named !== undefined) return { ...named, explained: explainCulprit(named, request), helper: undefined, leading: [] };
  return first && { ...first, explained: undefined, helper: undefined, leading: leading.map(({ write }) => write) };
}

const MOST_CULPRITS = 4;

/** Lines that need only give what a stage gives: first those that have its name, then those that give what no stage does. */
function culpritsOf(lines: readonly Line[], request: ForwardRequest): Culprit[] {
  const { reference } = request;
  const inner = reference.slice(0, -1); // the value is everybody's namesake
  const isNamesake = ({ write }: Line): boolean => namesakesOf(write, inner).length > 0;
  const open = lines.filter(({ standing }) => standing === "open");
  const alike = lines.filter(({ standing }) => standing === "alike").toReversed(); // of copies the last one: what is copied is right
  const isCopy = ({ write }: Line): boolean => write.right !== undefined && bare(write.right).type === "Identifier";
  const ordered = [
    ...alike.filter(isCopy), // nothing is done there, and something should be
    ...open.filter(isNamesake),
    ...open.filter((line) => !isNamesake(line)),
    ...alike.filter((line) => !isCopy(line)),
  ];
  const culprits: Culprit[] = [];
  for (const line of ordered) {
    const stages = [...namesakesOf(line.write, reference), ...reference];
    const stage = stages.find(({ values }) => mendsAll(line, values, request));
    if (stage !== undefined) culprits.push({ ...line, wanted: stage.values, stage: stage.isNamed ? stage.variable : undefined });
    if (culprits.length === MOST_CULPRITS) break;
  }
  return culprits;
}

/** Whether the value is right at every point once the line gives these numbers. */
function mendsAll({ write, got }: Line, values: PerPoint, { trial, truth, runs, outlet }: ForwardRequest): boolean {
  if (values.some((each, point) => each?.length !== got[point]?.length) || agreeEverywhere(values, got)) return false;
  return truth.points.every((each, point) => {
    const passing = runs[point]!.passings.get(write.id)?.count;
    const move = { site: write.id, passing, change: { kind: "replace", values: values[point]! } } as const;
    return isRight(readOutlet(outlet, run(trial, each, { move, isRecording: outlet.kind === "site" })), each.value);
  });
}

function isRight(value: number | undefined, wanted: number): boolean {
  return value !== undefined && agree([value], [wanted]);
}

/** Open lines that a culprit reads, directly or not; all where there is no culprit. */
function leadingTo(culprit: Line | undefined, lines: readonly Line[]): Line[] {
  const open = lines.filter(({ standing }) => standing === "open");
  if (culprit === undefined) return open;
  const names = namesRead(culprit.write.right ?? culprit.write.node);
  const leading: Line[] = [];
  for (const line of open.toReversed()) {
    if (startOf(line.write.node) >= startOf(culprit.write.node) || !names.has(line.write.variable)) continue;
    leading.unshift(line);
    for (const name of namesRead(line.write.right ?? line.write.node)) names.add(name);
  }
  return leading;
}

/** A line that makes the value right when it is written otherwise. */
function rewriteToRight(line: Line, request: ForwardRequest): ForwardFinding | undefined {
  const { truth, outlet, retry } = request;
  for (const rewrite of rewritesOf(line.write, request)) {
    const after: (readonly number[] | undefined)[] = [];
    const isMended = retry(rewrite.edits, ({ point, lastOf, output }) => {
      after.push(lastOf(line.write));
      return isRight(output(outlet), truth.points[point]!.value);
    });
    if (isMended && !agreeEverywhere(after, line.got))
      return { ...line, wanted: after, stage: undefined, explained: rewrite, helper: undefined, leading: [] };
  }
  return undefined;
}

/** Where more than one line is wrong: the first that has a stage's name, and a known mistake between it and that stage. */
function namesakeExplained(lines: readonly Line[], request: ForwardRequest): ForwardFinding | undefined {
  for (const line of lines) {
    for (const stage of namesakesOf(line.write, request.reference)) {
      const culprit = { ...line, wanted: stage.values, stage: stage.isNamed ? stage.variable : undefined };
      const explained = explainCulprit(culprit, request);
      if (explained !== undefined) return { ...culprit, explained, helper: undefined, leading: [] };
    }
  }
  return undefined;
}

/** A function of the user's own, called on one of the lines, that makes the value right when it is written otherwise. */
function rewriteHelper(
  lines: readonly Line[],
  request: ForwardRequest,
  isTried: (name: string) => boolean,
): ForwardFinding | undefined {
  const { truth, outlet, retry, helpers, text } = request;
  const tried = new Set<string>();
  for (const line of lines) {
    for (const name of namesRead(line.write.right ?? line.write.node)) {
      const root = helpers.get(name);
      if (root === undefined || tried.has(name) || !isTried(name)) continue;
      tried.add(name);
      for (const rewrite of [...slips({ root, text, names: [] }), ...exchanges({ root, text, names: [] })]) {
        const after: (readonly number[] | undefined)[] = [];
        const isMended = retry(rewrite.edits, ({ point, lastOf, output }) => {
          after.push(lastOf(line.write));
          return isRight(output(outlet), truth.points[point]!.value);
        });
        if (isMended) return { ...line, wanted: after, stage: undefined, explained: rewrite, helper: name, leading: [] };
      }
    }
  }
  return undefined;
}

function explainCulprit(culprit: Culprit, request: ForwardRequest): Explanation | undefined {
  const { got, wanted, write } = culprit;
  const slip = firstThatGives(slips(lineOf(write, request)), culprit, request);
  if (slip !== undefined) return slip;
  const numbers = explainNumbers({ got, wanted, quantities: quantitiesBefore(write, request) });
  return numbers ?? firstThatGives(exchanges(lineOf(write, request)), culprit, request);
}

function firstThatGives(rewrites: Iterable<Rewrite>, { write, wanted }: Culprit, { retry }: ForwardRequest): Rewrite | undefined {
  for (const rewrite of rewrites) {
    const gives = retry(rewrite.edits, ({ point, lastOf }) => {
      const value = lastOf(write);
      return value !== undefined && wanted[point] !== undefined && agree(value, wanted[point]);
    });
    if (gives) return rewrite;
  }
  return undefined;
}

function* rewritesOf(write: SetSite, request: ForwardRequest): Generator<Rewrite> {
  yield* slips(lineOf(write, request));
  yield* exchanges(lineOf(write, request));
}

function lineOf(write: SetSite, request: ForwardRequest): Parameters<typeof slips>[0] {
  const root = write.how === "store" ? (write.loop ?? write.node) : (write.right ?? write.node);
  return { root, text: request.text, names: quantitiesBefore(write, request).map(({ text }) => text) };
}

/** The first line with the name that the source gives a stage, and another value. */
function differsByName(lines: readonly Line[], { reference }: ForwardRequest): Culprit | undefined {
  for (const line of lines) {
    const stage = reference.slice(0, -1).find(({ variable, isNamed }) => isNamed && variable === line.write.variable);
    const isAlike = stage?.values.every((each, point) => each?.length === line.got[point]?.length);
    if (stage !== undefined && isAlike === true && !agreeEverywhere(stage.values, line.got))
      return { ...line, wanted: stage.values, stage: stage.variable };
  }
  return undefined;
}
