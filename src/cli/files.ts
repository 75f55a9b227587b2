// What a run says of the files it wrote, would write, or found stale.

import { escapeControls } from "../diagnostics/escape.ts";
import { readOutput, type Delivered, type OutputFile } from "../project/outputs.ts";
import { foldLineEnds } from "../project/source-file.ts";
import { usageError } from "./exit.ts";
import type { Io } from "./io.ts";

/** `wrote src/loss.grad.ts`, a line each. */
export function deliveredLines(delivered: readonly Delivered[], { dryRun }: { readonly dryRun: boolean }): string {
  const words = { written: dryRun ? "would write" : "wrote", unchanged: "unchanged:" } as const;
  return delivered
    .map(({ file, status }) => (status in words ? `${words[status as keyof typeof words]} ${escapeControls(file.shown)}\n` : ""))
    .join("");
}

export interface Stale {
  readonly file: OutputFile;
  /** What is on disk; undefined where there is nothing. */
  readonly before: string | undefined;
}

export function findStale(files: readonly OutputFile[]): Stale[] {
  return files
    .map((file) => ({ file, before: textOf(file) }))
    .filter(({ file, before }) => before !== file.text && foldLineEnds(before ?? "") !== file.text);
}

function textOf(file: OutputFile): string | undefined {
  const { text, problem } = readOutput(file);
  if (problem !== undefined) throw usageError(`cannot read ${file.shown}: ${problem}`);
  return text;
}

/** Names each stale file, with what it differs in. */
export async function printStale(stale: readonly Stale[], io: Io, { quiet }: { readonly quiet: boolean }): Promise<void> {
  if (stale.length === 0) return;
  const { unifiedDiff } = await import("../project/stale.ts");
  for (const { file, before } of stale) {
    const lines = quiet ? [] : unifiedDiff(file.shown, before, file.text).map((line) => `  ${line}`);
    io.stderr.write(`${[`stale: ${file.shown}`, ...lines].map(escapeControls).join("\n")}\n`);
  }
  if (!quiet) io.stderr.write("run the same command without --check to write it anew\n");
}
