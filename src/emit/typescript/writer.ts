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
}

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
    append(emitted) {
      const around = current;
      const shift = (span: Span): Span => ({ start: span.start + length, end: span.end + length });
      for (const range of emitted.typeRanges) typeRanges.push(shift(range));
      for (const range of emitted.backwardRanges) backwardRanges.push(shift(range));
      for (const text of emitted.declarations) declarations.push(text);
      for (const { start, of } of emitted.marks) marks.push({ start: start + length, of: of ?? around });
      write(emitted.text);
      mark(around);
    },
    get length() {
      return length;
    },
    finish: () => ({ text: parts.join(""), typeRanges, backwardRanges, declarations, marks }),
  };
}

/** The same text with marks of another kind. */
export function mapMarks<From, To>(text: MarkedText<From>, toOther: (of: From) => To): MarkedText<To> {
  return { ...text, marks: text.marks.map(({ start, of }) => ({ start, of: of === undefined ? undefined : toOther(of) })) };
}

/** Where a function returns its result, and the stages whose variables are in scope there: for showing their values. */
export interface TraceMark {
  readonly name: string;
  /** Offsets of the return statement. */
  readonly start: number;
  readonly end: number;
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
  let erased = 0;
  let next = 0;
  return marks.map(({ start, of }) => {
    for (let range = typeRanges[next]; range !== undefined && range.end <= start; range = typeRanges[++next])
      erased += range.end - range.start;
    return { start: Math.min(start, typeRanges[next]?.start ?? start) - erased, of };
  });
}
