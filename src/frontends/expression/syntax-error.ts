// What mathjs says when it cannot read a text, as a diagnostic at the token that stopped it, in words of ours.

import type { Reporter } from "../../diagnostics/report.ts";
import type { Piece } from "./align.ts";
import type { MathSyntaxError } from "./mathjs.ts";

/** The text mathjs was given, and what it was joined from, with one blank between. */
export interface ReadText {
  readonly text: string;
  readonly parts: readonly string[];
  readonly pieces: readonly Piece[];
}

export function reportSyntaxError(error: MathSyntaxError, read: ReadText, reporter: Reporter): void {
  const index = pieceAt(read, error.char - 1);
  const before = read.pieces[index - 1];
  const found = read.pieces[index] ?? before!;
  const place = { start: found.start, end: found.end };
  const atEnd = index === read.pieces.length;
  const detail = describe(error.message, found.text, atEnd);
  const suggestion = atEnd ? undefined : suggest(found.text, before);
  reporter.report("WG1001", place, { detail }, suggestion);
}

/** The index of the piece that holds an offset of the text; one past the last at its end. */
function pieceAt(read: ReadText, offset: number): number {
  let end = 0;
  for (let index = 0; index < read.parts.length; index++) {
    end += read.parts[index]!.length + 1;
    if (offset < end && offset < read.text.length) return index;
  }
  return read.pieces.length;
}

function describe(message: string, found: string, atEnd: boolean): string {
  if (message.startsWith("False part")) return "a ':' with the value of the other case is missing here";
  if (message.startsWith("The true-expression")) return "the value between '?' and ':' is missing";
  if (message.startsWith("Digit expected")) return "the exponent of this number has no digits";
  if (atEnd) return `the expression ends after '${found}', where a value should follow`;
  if (message.startsWith("Value expected")) return `a value was expected here, not '${found}'`;
  if (message.startsWith("Parenthesis )")) return `')' or an operator was expected here, not '${found}'`;
  if (message.startsWith("Parenthesis ]") || message.startsWith("End of matrix")) {
    return `']' or an operator was expected here, not '${found}'`;
  }
  return `'${found}' was not expected here`;
}

function suggest(found: string, before: Piece | undefined): string | undefined {
  if (found === "*" && before?.text === "*") return "write '^' for a power";
  if (found === "!") return "write 'not' for a negation";
  if (before !== undefined && /^[\d.]/.test(found)) return "write '*' between the two";
  return undefined;
}
