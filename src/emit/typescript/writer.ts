// Collects generated text, remembering which parts are types (so that the very same text runs as JavaScript), which are backward code, what
// declares its exports, and what its lines come from.

import type { Span } from "../../core/span.ts";
import type { Node } from "../../ir/graph.ts";

export interface EmittedText {
  readonly text: string;
  /** What TypeScript has and JavaScript has not: annotations, interfaces, `export`. */
  readonly typeRanges: readonly Span[];
  /** Backward statements, where verification plants its faults. */
  readonly backwardRanges: readonly Span[];
  /** What of it the module exports, as a declaration file has it: each with its doc comment and the end of its line. */
  readonly declarations: readonly string[];
  /** Lines whose variables can be shown, and where their function answers; in order. */
  readonly tracked: readonly (Tracked & Span)[];
}

/** What a line of the function `in` leaves behind: a stage its value, a backward step the gradient it sets or adds to. */
export type Tracked =
  | {
      readonly kind: "stage" | "step";
      readonly in: string;
      /** The stage's number, or the step's place in the backward pass. */
      readonly index: number;
      readonly variable: string;
      readonly isArray: boolean;
    }
  | { readonly kind: "answer"; readonly in: string };

/** What lines come from: a node that they compute or whose adjoint they hand on, or the function's definition as a whole. */
export type Origin = Node | "definition";

/** From `start` to the next mark all lines come from `of`: from nothing in the source where that is undefined. */
export interface Mark<Of> {
  readonly start: number;
  readonly of: Of | undefined;
}

/** Text of whose lines it is known what they come from. */
export interface MarkedText<Of> extends EmittedText {
  /** In order. */
  readonly marks: readonly Mark<Of>[];
}

export interface TextWriter {
  write(text: string): void;
  writeLine(text?: string): void;
  /** Text that only TypeScript has. */
  writeType(text: string): void;
}

export interface Writer<Of = Origin> extends TextWriter {
  writeBackward(write: () => void): void;
  /** Lines that come from `of`. */
  writeFrom(of: Of | undefined, write: () => void): void;
  /** Says what all lines from here on come from. */
  mark(of: Of | undefined): void;
  /** Adds to what is exported. */
  declare(text: string): void;
  /** Lines that leave something behind, or return it. */
  track(what: Tracked, write: () => void): void;
  /** What lines of `emitted` come from that say nothing themselves is what lines written here come from. */
  append(emitted: MarkedText<Of>): void;
  readonly length: number;
  finish(): MarkedText<Of>;
}

export function createWriter<Of = Origin>(): Writer<Of> {
  const parts: string[] = [];
  const typeRanges: Span[] = [];
  const backwardRanges: Span[] = [];
  const declarations: string[] = [];
  const marks: Mark<Of>[] = [];
  const tracked: (Tracked & Span)[] = [];
  let current: Of | undefined;
  let length = 0;

  const write = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  const mark = (of: Of | undefined): void => {
    if (marks.at(-1)?.start === length) marks.pop(); // nothing was written since
    marks.push({ start: length, of });
    current = of;
  };
  return {
    write,
    mark,
    writeLine: (text = "") => write(text + "\n"),
    writeType(text) {
      typeRanges.push({ start: length, end: length + text.length });
      write(text);
    },
    writeBackward(body) {
      const start = length;
      body();
      backwardRanges.push({ start, end: length });
    },
    writeFrom(of, body) {
      const around = current;
      mark(of);
      body();
      mark(around);
    },
    declare: (text) => void declarations.push(text),
    track(what, body) {
      const start = length;
      body();
      tracked.push({ ...what, start, end: length });
    },
    append(emitted) {
      const around = current;
      const shift = (span: Span): Span => ({ start: span.start + length, end: span.end + length });
      for (const range of emitted.typeRanges) typeRanges.push(shift(range));
      for (const range of emitted.backwardRanges) backwardRanges.push(shift(range));
      for (const text of emitted.declarations) declarations.push(text);
      for (const line of emitted.tracked) tracked.push({ ...line, ...shift(line) });
      for (const { start, of } of emitted.marks) marks.push({ start: start + length, of: of ?? around });
      write(emitted.text);
      mark(around);
    },
    get length() {
      return length;
    },
    finish: () => ({ text: parts.join(""), typeRanges, backwardRanges, declarations, marks, tracked }),
  };
}

/** The same text with marks of another kind. */
export function mapMarks<From, To>(text: MarkedText<From>, toOther: (of: From) => To): MarkedText<To> {
  return { ...text, marks: text.marks.map(({ start, of }) => ({ start, of: of === undefined ? undefined : toOther(of) })) };
}

/** The stages whose variables are in scope where the function `name` answers: for showing their values. */
export interface TraceMark {
  readonly name: string;
  readonly stages: readonly { readonly name: string; readonly variable: string; readonly adjoint: string | undefined }[];
}

export interface OperationCount {
  readonly forward: number;
  readonly backward: number;
}

/** What writing a function's code answers beside the text. */
export interface Written {
  readonly counts: OperationCount;
  readonly mark: TraceMark | undefined;
}

/** The emitted text as JavaScript: itself, less its type ranges. Offsets of backward ranges no longer hold. */
export function eraseTypes({ text, typeRanges }: Pick<EmittedText, "text" | "typeRanges">): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of typeRanges) {
    parts.push(text.slice(at, start));
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** What the lines of the JavaScript come from, those that come from something: in order, lines counted from 0. */
export function originsOfLines<Of>(emitted: MarkedText<Of>, javascript: string): { readonly line: number; readonly of: Of }[] {
  const marks = marksAfterErasing(emitted);
  const found: { line: number; of: Of }[] = [];
  let next = 0;
  for (let start = 0, line = 0; start < javascript.length; line++) {
    const end = lineEnd(javascript, start);
    const first = firstOfLine(javascript, start);
    while (next < marks.length && marks[next]!.start <= first) next++;
    const of = marks[next - 1]?.of;
    if (of !== undefined && first < end) found.push({ line, of });
    start = end + 1;
  }
  return found;
}

/** Where the line that begins at `start` ends. */
export function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

/** Where the code of the line that begins at `start` begins: its end where it is empty. */
export function firstOfLine(text: string, start: number): number {
  let at = start;
  while (text[at] === " ") at++;
  return at;
}

function marksAfterErasing<Of>({ typeRanges, marks }: MarkedText<Of>): Mark<Of>[] {
  const erased = afterErasing(typeRanges);
  return marks.map(({ start, of }) => ({ start: erased(start), of }));
}

/** Where offsets of the text, asked for in order, are in the JavaScript; what lies in a type is where that begins. */
export function afterErasing(typeRanges: readonly Span[]): (offset: number) => number {
  let erased = 0;
  let next = 0;
  return (offset) => {
    for (let range = typeRanges[next]; range !== undefined && range.end <= offset; range = typeRanges[++next])
      erased += range.end - range.start;
    return Math.min(offset, typeRanges[next]?.start ?? offset) - erased;
  };
}
