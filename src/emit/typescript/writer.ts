// Collects generated text, remembering which parts are types (so that the very same text runs as JavaScript) and which are backward code.

import type { Span } from "../../core/span.ts";

export interface EmittedText {
  readonly text: string;
  /** What TypeScript has and JavaScript has not: annotations, interfaces, `export`. */
  readonly typeRanges: readonly Span[];
  /** Backward statements, where verification plants its faults. */
  readonly backwardRanges: readonly Span[];
}

export interface Writer {
  write(text: string): void;
  writeLine(text?: string): void;
  /** Text that only TypeScript has. */
  writeType(text: string): void;
  writeBackward(write: () => void): void;
  append(emitted: EmittedText): void;
  readonly length: number;
  finish(): EmittedText;
}

export function createWriter(): Writer {
  const parts: string[] = [];
  const typeRanges: Span[] = [];
  const backwardRanges: Span[] = [];
  let length = 0;

  const write = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  return {
    write,
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
    append(emitted) {
      const shift = (span: Span): Span => ({ start: span.start + length, end: span.end + length });
      for (const range of emitted.typeRanges) typeRanges.push(shift(range));
      for (const range of emitted.backwardRanges) backwardRanges.push(shift(range));
      write(emitted.text);
    },
    get length() {
      return length;
    },
    finish: () => ({ text: parts.join(""), typeRanges, backwardRanges }),
  };
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
