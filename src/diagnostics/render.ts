// Diagnostics as people read them, code frames with `file:line:column`, and as JSON. Knows nothing of streams: colour is asked for.

import type { SourceText } from "../core/span.ts";
import { escapeControls } from "./escape.ts";
import { excerpt, type Excerpt } from "./excerpt.ts";
import { createLocator, type Locator } from "./locate.ts";
import type { Diagnostic } from "./report.ts";

export interface RenderOptions {
  readonly colour: boolean;
  /** Columns a line may take. */
  readonly width: number;
}

export interface LocatedDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly source: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly suggestion?: string;
}

/** More than these are counted, not shown. */
const MOST_SHOWN = 25;
const LONGEST_MESSAGE = 600;

/** All diagnostics of a source with their frames, most urgent first, and how many were left out. */
export async function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: SourceText,
  options: RenderOptions,
): Promise<string> {
  if (diagnostics.length === 0) return "";
  const [{ codeFrameColumns }, { createColors }] = await Promise.all([loadCodeFrame(), loadColours()]);
  const colours = createColors(options.colour);
  const locate = createLocator(source.text);
  const paint = {
    error: (text: string) => colours.red(colours.bold(text)),
    warning: (text: string) => colours.yellow(colours.bold(text)),
    note: (text: string) => colours.cyan(colours.bold(text)),
  };
  const blocks = byUrgency(diagnostics)
    .slice(0, MOST_SHOWN)
    .map((diagnostic) => {
      const lines = [
        `${colours.bold(`${place(diagnostic, source, locate)}:`)} ${paint[diagnostic.severity](diagnostic.severity)} ${diagnostic.code}: ${shorten(diagnostic.message)}`,
      ];
      if (diagnostic.span !== undefined) {
        const { text, firstLine, ...marked } = excerpt(source.text, diagnostic.span, locate, options.width);
        lines.push(frame(codeFrameColumns, { text, firstLine, ...marked }, options.colour));
      }
      if (diagnostic.suggestion !== undefined) lines.push(`  ${colours.cyan("help:")} ${shorten(diagnostic.suggestion)}`);
      return lines.join("\n");
    });
  const left = diagnostics.length - blocks.length;
  if (left > 0) blocks.push(`... and ${left} more; --json lists them all`);
  return blocks.join("\n\n") + "\n";
}

/** `2 errors, 1 warning`; empty for none. */
export function summarise(diagnostics: readonly Diagnostic[]): string {
  const counted = (["error", "warning", "note"] as const).map((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? "" : `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counted.filter((text) => text !== "").join(", ");
}

/** Diagnostics as data, with 1-based lines and columns. */
export function locateDiagnostics(diagnostics: readonly Diagnostic[], source: SourceText): LocatedDiagnostic[] {
  const locate = createLocator(source.text);
  return diagnostics.map(({ code, severity, message, span, suggestion }) => {
    const start = span && locate(span.start);
    const end = span && locate(span.end);
    return {
      code,
      severity,
      message,
      source: source.name,
      ...(start && { line: start.line, column: start.column }),
      ...(end && { endLine: end.line, endColumn: end.column }),
      ...(suggestion !== undefined && { suggestion }),
    };
  });
}

const URGENCY = { error: 0, warning: 1, note: 2 } as const;

function byUrgency(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const start = (diagnostic: Diagnostic): number => diagnostic.span?.start ?? -1;
  return [...diagnostics].sort((a, b) => URGENCY[a.severity] - URGENCY[b.severity] || start(a) - start(b));
}

function place({ span }: Diagnostic, source: SourceText, locate: Locator): string {
  const name = escapeControls(source.name).replaceAll("\t", " ");
  if (span === undefined) return name;
  const { line, column } = locate(span.start);
  return `${name}:${line}:${column}`;
}

function shorten(text: string): string {
  const safe = text.split("\n").map(escapeControls).join("\n    ");
  return safe.length <= LONGEST_MESSAGE ? safe : `${safe.slice(0, LONGEST_MESSAGE)}...`;
}

type CodeFrameColumns = typeof import("@babel/code-frame").codeFrameColumns;

function frame(codeFrameColumns: CodeFrameColumns, marked: Excerpt, colour: boolean): string {
  const options = { startLine: marked.firstLine, linesAbove: 2, linesBelow: 1, forceColor: colour }; // its types lack startLine
  const { line, column, endColumn } = marked;
  return codeFrameColumns(marked.text, { start: { line, column }, end: { line, column: endColumn } }, options);
}

/** CommonJS packages: their exports stand in `default` when run by Node, which types do not say. */
async function loadCodeFrame(): Promise<{ codeFrameColumns: CodeFrameColumns }> {
  const loaded = await import("@babel/code-frame");
  return "codeFrameColumns" in loaded
    ? loaded
    : (loaded as unknown as { default: { codeFrameColumns: CodeFrameColumns } }).default;
}

async function loadColours(): Promise<{ createColors: typeof import("picocolors").createColors }> {
  return (await import("picocolors")).default;
}
