// What a stale file differs in, as a unified diff.

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/** Lines of one file's difference that are shown. */
const MOST_LINES = 120;

/** The difference from what is on disk (undefined: nothing) to what should be. */
export function unifiedDiff(shown: string, before: string | undefined, after: string): string[] {
  if (before === undefined) return ["there is no such file"];
  const options = { context: 2, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(shown, shown, before, after, "on disk", "from the source", options);
  const lines = patch.trimEnd().split("\n");
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `... and ${lines.length - MOST_LINES} lines more`];
}
