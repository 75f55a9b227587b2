// The lines of generated code that an explanation speaks of, each with the place where it does.

import type { Block, CodeReference, Explanation } from "./types.ts";

export interface ListedLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Id of the entry that tells it, and its name for those who do not see where the link leads. */
  readonly target: string | undefined;
  readonly label: string;
}

export interface Listing {
  readonly title: string;
  readonly lines: readonly ListedLine[];
}

export function listingOf({ sections }: Explanation): Listing[] {
  const blocks = sections.flatMap((section) => section.blocks);
  return [
    { title: "forward", lines: sorted(blocks.flatMap(stageLines)) },
    { title: "backward", lines: sorted(blocks.flatMap(stepLines)) },
  ].filter(({ lines }) => lines.length > 0);
}

function stageLines(block: Block): ListedLine[] {
  return block.kind === "stage" ? linesOf(block.code, `stage-${block.number}`, `stage ${block.number}`) : [];
}

function stepLines(block: Block): ListedLine[] {
  if (block.kind !== "backward") return [];
  const of = block.number === undefined ? "backward" : `back through stage ${block.number}`;
  return block.steps.flatMap(({ index, code }) => linesOf(code, `step-${index + 1}`, of));
}

/** The first line of a statement leads to what is told of it. */
function linesOf({ text, first }: CodeReference, target: string, label: string): ListedLine[] {
  return text.split("\n").map((line, index) => ({
    line: first + index,
    text: line,
    target: index === 0 ? target : undefined,
    label,
  }));
}

/** In the order of the code, each line once. */
function sorted(lines: readonly ListedLine[]): ListedLine[] {
  const byNumber = new Map<number, ListedLine>();
  for (const line of lines) if (!byNumber.has(line.line)) byNumber.set(line.line, line);
  return [...byNumber.values()].sort((a, b) => a.line - b.line);
}
