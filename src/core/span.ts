// Places in a source text. Knows nothing of what the text means.

/** A half-open range of UTF-16 offsets, `[start, end)`, into one source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text to compile and the name diagnostics call it by (a path, or `<expression>`). */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** The smallest span that covers all of `spans`; undefined for none. */
export function cover(spans: readonly Span[]): Span | undefined {
  if (spans.length === 0) return undefined;
  let start = Infinity;
  let end = -Infinity;
  for (const span of spans) {
    if (span.start < start) start = span.start;
    if (span.end > end) end = span.end;
  }
  return { start, end };
}

/** 1-based line and column (in UTF-16 units) of an offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
