// Which lines of a generated module the code pane shows: the function of the mode, which tells the story, or all of them.

export interface Excerpt {
  /** First and last line, counted from 0. */
  readonly first: number;
  readonly last: number;
}

/** From the function in which line `from` stands to the end of the one called `name`: a mode may call other functions for its passes. */
export function functionsFrom(lines: readonly string[], from: number, name: string): Excerpt {
  const own = functionLines(lines, name);
  const start = lines.findLastIndex((line, at) => at <= from && line.startsWith("export function "));
  return start < 0 ? own : { first: Math.min(docStart(lines, start), own.first), last: own.last };
}

/** The function called `name` with its doc comment; the whole text where there is none. */
export function functionLines(lines: readonly string[], name: string): Excerpt {
  const start = lines.findIndex((line) => line.startsWith(`export function ${name}(`));
  if (start < 0) return { first: 0, last: lines.length - 1 };
  const end = lines.indexOf("}", start);
  return { first: docStart(lines, start), last: end < 0 ? lines.length - 1 : end };
}

function docStart(lines: readonly string[], start: number): number {
  let first = start;
  while (first > 0 && /^\s*(?:\/\*\*|\*)/.test(lines[first - 1]!)) first--;
  return first;
}
