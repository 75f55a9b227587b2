// Diagnostics of a template's source, told in the text that the user sees: the template as it stands in a file, or as a frame shows it.

import type { Span } from "../core/span.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import type { Filled, Template } from "./template.ts";

/** For each string of a template, where each of its UTF-16 units is in the text shown, and where the string ends. */
export type Shown = readonly (readonly number[])[];

export interface Telling {
  readonly template: Template;
  readonly shown: Shown;
  /** What the gaps are called there: `${rate}`. */
  readonly labels: readonly string[];
}

/**
 * What is wrong with a template. `found` are the diagnostics of its text; `plainly` compiles the template with plain numbers in its gaps:
 * a mistake that is one there too is told without the names that only stand for the gaps.
 */
export function tellDiagnostics(
  telling: Telling,
  found: readonly Diagnostic[],
  plainly: readonly Diagnostic[] | undefined,
): Diagnostic[] {
  const { template } = telling;
  if (template.problems.length > 0) return template.problems.map((problem) => tell(problem, template.filled, telling));
  if (plainly?.some(({ severity }) => severity === "error"))
    return plainly.map((diagnostic) => tell(diagnostic, template.literal, telling));
  return found.map((diagnostic) => {
    const placed = diagnostic.span === undefined ? diagnostic : { ...diagnostic, span: template.toFilled(diagnostic.span) };
    return tell(placed, template.filled, telling);
  });
}

function tell(diagnostic: Diagnostic, filled: Filled, telling: Telling): Diagnostic {
  const { span, suggestion } = diagnostic;
  return {
    ...diagnostic,
    message: withLabels(diagnostic.message, telling),
    ...(suggestion !== undefined && { suggestion: withLabels(suggestion, telling) }),
    ...(span !== undefined && { span: placeOf(span, filled, telling.shown) }),
  };
}

/** A message in which gaps are called what the user wrote. Names stand between quotes there. */
function withLabels(message: string, { template, labels }: Telling): string {
  const labelOf = new Map(
    template.inputs.flatMap((name, index) => (name !== undefined && template.invented.has(name) ? [[name, labels[index]!]] : [])),
  );
  if (labelOf.size === 0) return message;
  return message.replace(/'[^']*'/g, (quoted) => quoted.replace(WORD, (word) => labelOf.get(word) ?? word));
}

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

function placeOf({ start, end }: Span, filled: Filled, shown: Shown): Span {
  return { start: offsetIn(start, filled, shown, "start"), end: offsetIn(end, filled, shown, "end") };
}

/** A span that begins in a gap begins where the gap does, and one that ends in it ends with it. */
function offsetIn(offset: number, { gaps }: Filled, shown: Shown, side: "start" | "end"): number {
  let partStart = 0;
  for (const [index, gap] of gaps.entries()) {
    const isInside = side === "start" ? offset >= gap.start && offset < gap.end : offset > gap.start && offset <= gap.end;
    if (isInside) return side === "start" ? shown[index]!.at(-1)! : shown[index + 1]![0]!;
    if (offset <= gap.start) return shown[index]![offset - partStart]!;
    partStart = gap.end;
  }
  const last = shown[gaps.length]!;
  return last[Math.min(offset - partStart, last.length - 1)]!;
}
