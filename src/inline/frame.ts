// Diagnostics as the text of an error: code frames made at once, without colours, for whoever has only a message to show.

import { escapeControls } from "../diagnostics/escape.ts";
import { excerpt } from "../diagnostics/excerpt.ts";
import { createLocator, type Locator } from "../diagnostics/locate.ts";
import type { Diagnostic } from "../diagnostics/report.ts";

const WIDTH = 100;
const MOST_SHOWN = 10;

/** All errors among the diagnostics of `text`, each with the lines it is in. */
export function frameErrors(diagnostics: readonly Diagnostic[], text: string): string {
  const locate = createLocator(text);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const blocks = errors.slice(0, MOST_SHOWN).map((diagnostic) => frameOne(diagnostic, text, locate));
  if (errors.length > MOST_SHOWN) blocks.push(`... and ${errors.length - MOST_SHOWN} more`);
  return blocks.join("\n\n");
}

function frameOne({ code, message, span, suggestion }: Diagnostic, text: string, locate: Locator): string {
  const safe = message.split("\n").map(escapeControls).join("\n  ");
  const place = span && locate(span.start);
  const lines = [`${place === undefined ? "" : `${place.line}:${place.column}: `}${code}: ${safe}`];
  if (span !== undefined) lines.push(...frameLines(text, span, locate));
  if (suggestion !== undefined) lines.push(`  help: ${escapeControls(suggestion)}`);
  return lines.join("\n");
}

function frameLines(text: string, span: NonNullable<Diagnostic["span"]>, locate: Locator): string[] {
  const { firstLine, line, column, endColumn, ...shown } = excerpt(text, span, locate, WIDTH);
  const texts = shown.text.split("\n");
  const width = String(firstLine + texts.length - 1).length;
  return texts.flatMap((content, index) => {
    const number = firstLine + index;
    const row = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${content}`.trimEnd();
    return number === line ? [row, `  ${" ".repeat(width)} | ${" ".repeat(column - 1)}${"^".repeat(endColumn - column)}`] : [row];
  });
}
