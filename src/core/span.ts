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
