// A template's strings as the source that is compiled, with the way back to what the user wrote. Numbers known only at run time stand
// in its gaps: each becomes an input of its own that is not differentiated.

import { createNameAllocator } from "../core/words.ts";
import type { Span } from "../core/span.ts";
import { createReporter, type Diagnostic } from "../diagnostics/report.ts";
import { tokenize } from "../frontends/expression/lexer.ts";
import { RESERVED } from "../frontends/expression/names.ts";
import { hideInputs, type Edit } from "./hidden-inputs.ts";

export interface Template {
  /** What is compiled. */
  readonly text: string;
  /** For each gap the input that stands for its value; undefined where a comment swallows it. */
  readonly inputs: readonly (string | undefined)[];
  /** Those of them whose names the user never wrote. */
  readonly invented: ReadonlySet<string>;
  /** The strings with those names in the gaps, and nothing else: what places are told in. */
  readonly filled: Filled;
  /** The strings with a plain number in each gap, whose mistakes are told without names the user never wrote. */
  readonly literal: Filled;
  /** Gaps that are glued to a name or a number; nothing can be compiled then. */
  readonly problems: readonly Diagnostic[];
  /** A place in `text` as a place in `filled`. */
  readonly toFilled: (span: Span) => Span;
}

/** Strings joined by texts in their gaps. */
export interface Filled {
  readonly text: string;
  readonly gaps: readonly Span[];
}

const LITERAL = "2";

/**
 * Reads the cooked strings of a template; `wanted` are the names its gaps would like to have, where they have one.
 */
export function readTemplate(strings: readonly string[], wanted: readonly (string | undefined)[] = []): Template {
  const names = chooseNames(strings, wanted);
  const filled = fill(strings, names);
  const { inputs, problems } = readGaps(filled, names);
  const hidden = new Set(problems.length > 0 ? [] : inputs.filter((name) => name !== undefined));
  const { edits, renamed } = hideInputs(filled.text, hidden);
  return {
    text: edit(filled.text, edits),
    inputs: inputs.map((name) => (name === undefined ? undefined : (renamed.get(name) ?? name))),
    invented: new Set([...hidden].filter((name) => !renamed.has(name))),
    filled,
    literal: fill(strings, Array<string>(strings.length - 1).fill(LITERAL)),
    problems,
    toFilled: ({ start, end }) => {
      const [from, to] = [before(start, edits, "start"), before(end, edits, "end")];
      return { start: from, end: Math.max(from, to) };
    },
  };
}

/** A name for each gap that means nothing else in the source. */
function chooseNames(strings: readonly string[], wanted: readonly (string | undefined)[]): string[] {
  const words = strings.flatMap((text) => text.normalize("NFC").match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []);
  const { allocate } = createNameAllocator([...words, ...MEANINGFUL, ...RESERVED]);
  return strings.slice(1).map((_, index) => allocate(wanted[index] ?? `value${index + 1}`));
}

/** What begins a declaration, and what a source without a name may be called. */
const MEANINGFUL = ["param", "input", "const", "f", "result", "value", "output"];

function fill(strings: readonly string[], texts: readonly string[]): Filled {
  const gaps: Span[] = [];
  let text = strings[0] ?? "";
  texts.forEach((part, index) => {
    gaps.push({ start: text.length, end: text.length + part.length });
    text += part + strings[index + 1]!;
  });
  return { text, gaps };
}

/** What each gap is in the source: a word of its own, a part of a comment, or a mistake. */
function readGaps({ text, gaps }: Filled, names: readonly string[]): Pick<Template, "inputs" | "problems"> {
  if (gaps.length === 0) return { inputs: [], problems: [] };
  const reporter = createReporter();
  const tokens = tokenize(text);
  const inputs = gaps.map((gap, index) => {
    const token = tokens.find(({ end }) => end > gap.start);
    if (token === undefined || token.start >= gap.end) return undefined;
    const isAlone = token.start === gap.start && token.end === gap.end && !/[\d.]/.test(text[gap.start - 1] ?? "");
    if (!isAlone) reporter.report("WG1001", gap, { detail: GLUED }, "put a blank or an operator between");
    return names[index];
  });
  return { inputs, problems: reporter.diagnostics };
}

const GLUED = "an interpolated value is a number by itself, not a part of a name or of another number";

function edit(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, text: now } of edits) {
    parts.push(text.slice(from, start), now);
    from = end;
  }
  return parts.join("") + text.slice(from);
}

/** Where an offset of the edited text was before. At a place where text was taken out a span ends before it, and starts behind. */
function before(offset: number, edits: readonly Edit[], side: "start" | "end"): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    const now = start + shift;
    if (offset < now || (offset === now && (side === "end" || start === end))) break;
    if (offset < now + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}
