// A long text in chunks of lines, so that only those near what is looked at are drawn. Knows nothing of how lines look.

/** Lines of one chunk. */
const CHUNK = 100;
/** Texts up to this long are one chunk. */
const SHORT = 400;

export interface Chunk {
  /** First line, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

export function chunksOf(first: number, last: number): readonly Chunk[] {
  const end = last + 1;
  if (end - first <= SHORT) return [{ first, end }];
  return Array.from({ length: Math.ceil((end - first) / CHUNK) }, (_, at) => ({
    first: first + at * CHUNK,
    end: Math.min(end, first + (at + 1) * CHUNK),
  }));
}
