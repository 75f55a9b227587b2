// Offsets to lines and columns, for many questions about one text.

export interface Place {
  /** 1-based; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly lineStart: number;
  /** Where the line ends, its line break not counted. */
  readonly lineEnd: number;
}

export type Locator = (offset: number) => Place;

/** Finds the lines of `text` once; then each question takes logarithmic time. */
export function createLocator(text: string): Locator {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const lineStart = starts[low]!;
    const next = starts[low + 1];
    let lineEnd = next === undefined ? text.length : next - 1;
    if (lineEnd > lineStart && text[lineEnd - 1] === "\r") lineEnd--;
    return { line: low + 1, column: offset - lineStart + 1, lineStart, lineEnd };
  };
}
