// What a learner has put in the place of each blank, found by comparing the file with the exercise as it was written.

import { diffArrays } from "diff";
import { withoutComment } from "./statements.ts";
import type { Blank, Language } from "./types.ts";

/** What stands in a blank's place. */
export interface Attempt {
  readonly blank: Blank;
  /** JavaScript; undefined where the TODO is still there or nothing is. */
  readonly statement: string | undefined;
  /** Of the file, counted from 0; where the blank was if there is nothing. */
  readonly line: number;
}

export interface Attempts {
  readonly attempts: readonly Attempt[];
  /** Lines of the exercise itself that are not what they were, counted from 0, with what they were. */
  readonly changed: readonly { readonly line: number; readonly was: string }[];
}

interface Line {
  /** Without indentation and comment. */
  readonly text: string;
  readonly at: number;
}

/** Compares `learner` with `written`, the text of the exercise in the same language. */
export function readAttempts(written: string, learner: string, blanks: readonly Blank[], language: Language): Attempts {
  const before = codeLines(written);
  const after = codeLines(learner);
  const blankAt = new Map<Line, Blank>();
  for (const blank of blanks) {
    const line = before.find(({ text }) => text === blank.placeholder[language]);
    if (line !== undefined) blankAt.set(line, blank);
  }
  const found: Attempt[] = [];
  const changed: { line: number; was: string }[] = [];
  let [old, now] = [0, 0];
  let removed: Line[] = [];
  let added: Line[] = [];
  const flush = (): void => {
    const missing = removed.filter((line) => !blankAt.has(line));
    const places = removed.flatMap((line) => blankAt.get(line) ?? []);
    if (places.length > 0) found.push(...attribute(places, statementsOf(added), added[0]?.at ?? after[now]?.at ?? 0));
    for (const line of missing) changed.push({ line: added[0]?.at ?? after[now]?.at ?? 0, was: line.text });
    removed = [];
    added = [];
  };
  for (const part of diffArrays(before.map(textOf), after.map(textOf))) {
    const { count } = part;
    if (part.removed) removed.push(...before.slice(old, (old += count)));
    else if (part.added) added.push(...after.slice(now, (now += count)));
    else {
      flush();
      for (let i = 0; i < count; i++, old++, now++) {
        const blank = blankAt.get(before[old]!);
        if (blank !== undefined) found.push({ blank, statement: undefined, line: after[now]!.at });
      }
    }
  }
  flush();
  return { attempts: found.sort((a, b) => a.blank.number - b.blank.number), changed };
}

function textOf({ text }: Line): string {
  return text;
}

function codeLines(text: string): Line[] {
  return text
    .split(/\r?\n/)
    .map((line, at) => ({ text: line.trim().startsWith("//") ? "" : withoutComment(line.trim()), at }))
    .filter((line) => line.text !== "");
}

/** Lines put together into statements: each ends where its brackets are closed and a semicolon stands, or the next begins one. */
function statementsOf(lines: readonly Line[]): Line[] {
  const statements: Line[] = [];
  let open: Line | undefined;
  for (const line of lines) {
    if (open !== undefined && depthOf(open.text) === 0 && BEGINNING.test(line.text)) {
      statements.push({ ...open, text: `${open.text};` });
      open = undefined;
    }
    open = open === undefined ? line : { text: `${open.text} ${line.text}`, at: open.at };
    if (depthOf(open.text) > 0 || !/[;}]$/.test(open.text)) continue;
    statements.push(open);
    open = undefined;
  }
  if (open !== undefined) statements.push({ ...open, text: `${open.text};` });
  return statements;
}

/** A line that does not go on with the one before, whether or not that has its semicolon. */
const BEGINNING = /^(?:(?:const|let|for|if|return)\b|[\p{ID_Start}$_][\p{ID_Continue}$]*\s*[-+*/]?=(?!=))/u;

function depthOf(text: string): number {
  return [...text].reduce((depth, letter) => depth + ("([{".includes(letter) ? 1 : ")]}".includes(letter) ? -1 : 0), 0);
}

/** Which statement belongs to which of some blanks in a row: one each, or by the gradient that a statement sets. */
function attribute(blanks: readonly Blank[], statements: readonly Line[], line: number): Attempt[] {
  if (statements.length === blanks.length && statements.length > 0)
    return blanks.map((blank, index) => attempt(blank, [statements[index]!], line));
  const groups = new Map<Blank, Line[]>(blanks.map((blank) => [blank, []]));
  let waiting: Line[] = [];
  for (const statement of statements) {
    const sets = /^(?:const |let )?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::[^=]+)?[-+]?=/u.exec(statement.text)?.[1];
    const blank = blanks.find((each) => each.step.adjoint === sets && (groups.get(each)!.length === 0 || blanks.length === 1));
    waiting.push(statement);
    if (blank === undefined) continue;
    groups.set(blank, waiting);
    waiting = [];
  }
  const last = blanks.at(-1)!;
  groups.set(last, [...groups.get(last)!, ...waiting]);
  return blanks.map((blank) => attempt(blank, groups.get(blank)!, line));
}

function attempt(blank: Blank, statements: readonly Line[], line: number): Attempt {
  const text = statements.map((each) => withoutTypes(each.text)).join(" ");
  const isOpen = text === "" || /(?<![\w$.])TODO\s*\(/.test(text);
  return { blank, statement: isOpen ? undefined : text, line: statements[0]?.at ?? line };
}

/** What a statement of an exercise may have of TypeScript: the type of a variable, `!` after an index, `as number`. */
function withoutTypes(text: string): string {
  return text
    .replace(/^((?:const|let)\s+[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*:\s*[^=]+?\s*=(?!=|>)/u, "$1 =")
    .replace(/([\])\w])!(?!=)/g, "$1")
    .replace(/\s+as\s+(?:number|const|Float64Array)\b/g, "");
}
