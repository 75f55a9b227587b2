// Hidden inputs: names that a source uses without declaring them or listing them among the parameters of its functions. Here they are
// declared as constants, and handed down to every function that needs them, as the user would have written it.

import { createReporter } from "../diagnostics/report.ts";
import { tokenize, type Token } from "../frontends/expression/lexer.ts";
import { splitStatements } from "../frontends/expression/statements.ts";

/** Text to put in the place of other text, or of none. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface HiddenInputs {
  /** What makes the text one that may use the names everywhere, in order. */
  readonly edits: readonly Edit[];
  /** `const rate = value1` gives a hidden input the user's own name: by the name it had. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** What has to be changed in `text` so that it may use `names`, which mean nothing else in it, everywhere. */
export function hideInputs(text: string, names: ReadonlySet<string>): HiddenInputs {
  if (names.size === 0) return { edits: [], renamed: new Map() };
  // Brackets that do not match are reported when the text is compiled.
  const lines = splitStatements(tokenize(text), createReporter()).map(({ tokens }) => tokens);
  const aliases = lines.flatMap((tokens) => aliasesIn(tokens, names));
  const renamed = new Map(aliases.map(({ name, alias }) => [name, alias]));
  const needs = needsOf(lines, new Set([...names].map((name) => renamed.get(name) ?? name)));
  const edits = [...aliases.map(({ edit }) => edit), ...lines.flatMap((tokens) => handDown(tokens, needs))];
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const nameless = [...names].filter((name) => !renamed.has(name));
  // On the same line, so that lines keep their numbers.
  const declaration = { start, end: start, text: `const ${nameless.join(", ")}; ` };
  return {
    edits: [...(nameless.length > 0 ? [declaration] : []), ...edits.sort((left, right) => left.start - right.start)],
    renamed,
  };
}

interface Alias {
  readonly name: string;
  readonly alias: string;
  /** Leaves the alias declared, without a value. */
  readonly edit: Edit;
}

/** `rate = value1` in `const a = 2, rate = value1`. */
function aliasesIn(tokens: readonly Token[], names: ReadonlySet<string>): Alias[] {
  if (tokens[0]?.text !== "const" || tokens[1]?.kind !== "word") return [];
  return tokens.flatMap((token, index): Alias[] => {
    const [equals, value, after] = tokens.slice(index + 1, index + 4);
    const isItem = token.kind === "word" && equals?.text === "=";
    if (!isItem || value === undefined || !names.has(wordOf(value)) || (after !== undefined && after.text !== ",")) return [];
    return [{ name: wordOf(value), alias: wordOf(token), edit: { start: token.end, end: value.end, text: "" } }];
  });
}

interface Needs {
  /** By the name of a stage or a function: the hidden names its value depends on, in order. */
  readonly of: ReadonlyMap<string, readonly string[]>;
  readonly functions: ReadonlySet<string>;
}

function needsOf(lines: readonly (readonly Token[])[], names: ReadonlySet<string>): Needs {
  const of = new Map<string, readonly string[]>();
  const functions = new Set<string>();
  for (const tokens of lines) {
    const head = headOf(tokens);
    if (head === undefined) continue;
    const words = new Set(
      tokens.filter(({ kind }) => kind === "word").flatMap((token) => [wordOf(token), ...(of.get(wordOf(token)) ?? [])]),
    );
    const needed = [...names].filter((name) => words.has(name));
    if (needed.length > 0) of.set(head, needed);
    if (isDefinition(tokens)) functions.add(head);
  }
  return { of, functions };
}

/** What a line gives a name to. */
function headOf(tokens: readonly Token[]): string | undefined {
  const isHead = tokens[0]?.kind === "word" && (tokens[1]?.text === "=" || isDefinition(tokens));
  return isHead ? wordOf(tokens[0]!) : undefined;
}

/** Whether a line begins with `f(...) =`. */
function isDefinition(tokens: readonly Token[]): boolean {
  return tokens[0]?.kind === "word" && tokens[1]?.text === "(" && tokens[closing(tokens, 1) + 1]?.text === "=";
}

/** One more argument, or several, in the head of a definition and in each call of a function that needs them. */
function handDown(tokens: readonly Token[], { of, functions }: Needs): Edit[] {
  return tokens.flatMap((token, index) => {
    const needed = token.kind === "word" && tokens[index + 1]?.text === "(" ? of.get(wordOf(token)) : undefined;
    const close = needed === undefined ? -1 : closing(tokens, index + 1);
    if (needed === undefined || close === -1 || !functions.has(wordOf(token))) return [];
    const { start } = tokens[close]!;
    return [{ start, end: start, text: (close === index + 2 ? "" : ", ") + needed.join(", ") }];
  });
}

/** The index of the bracket that closes the one at `open`, −1 where none does. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]!.kind === "open") depth++;
    if (tokens[index]!.kind === "close" && --depth === 0) return index;
  }
  return -1;
}

function wordOf({ text }: Token): string {
  return text.normalize("NFC");
}
