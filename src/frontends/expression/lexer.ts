// Cuts a source into tokens, each with its place, as mathjs' own lexer would; what it would refuse becomes a token of kind `unknown`.
// One sticky regular expression without nested repetition: linear in the text. Knows no grammar.

import type { Span } from "../../core/span.ts";

export type TokenKind = "number" | "word" | "operator" | "open" | "close" | "newline" | "string" | "quote" | "unknown";

export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
}

/** Words that mathjs reads as operators. */
export const OPERATOR_WORDS: ReadonlySet<string> = new Set(["mod", "to", "in", "and", "xor", "or", "not"]);

// U+00B7 and U+0387, middle dots, may stand inside a JavaScript name; here they are a slip for `*`.
const NAME_START = "[\\p{ID_Start}$_]";
const NAME_PART = "(?:(?![\\u00B7\\u0387])[\\p{ID_Continue}$\\p{Default_Ignorable_Code_Point}])";
const EXPONENT = "(?:[eE](?:[+-]\\d*|\\d+(?:\\.(?![*/^]))?|\\.(?![*/^])))?";

const TOKEN = new RegExp(
  [
    "(?<blank>[ \\t\\u00A0]+|\\r(?=\\n)|#[^\\r\\n]*)",
    "(?<newline>\\r|\\n)",
    `(?<number>0[box][A-Za-z0-9_$]*(?:\\.[A-Za-z0-9_$]*)?|(?:\\d+(?:\\.(?![*/^])\\d*)?|\\.\\d+)${EXPONENT})`,
    `(?<word>${NAME_START}${NAME_PART}*)`,
    "(?<open>[(\\[{])",
    "(?<close>[)\\]}])",
    "(?<operator>>>>|>>|<<|==|!=|<=|>=|\\.\\*|\\./|\\.\\^|\\^\\||\\?\\?|\\?\\.(?!\\d)|[-+*/%^!~&|=:?<>.,;])",
    '(?<string>"(?:[^"\\\\\\r\\n]|\\\\.)*"?)',
    "(?<quote>')",
    "(?<unknown>[\\s\\S])",
  ].join("|"),
  "uy",
);

const KINDS: readonly TokenKind[] = ["newline", "number", "word", "open", "close", "operator", "string", "quote", "unknown"];

/** The tokens of `text`, without blanks and comments. Carriage returns count as part of the line end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = text.startsWith("\uFEFF") ? 1 : 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const groups = match.groups!;
    if (groups["blank"] !== undefined) continue;
    const kind = KINDS.find((candidate) => groups[candidate] !== undefined)!;
    tokens.push({ kind, text: match[0], start: match.index, end: TOKEN.lastIndex });
  }
  return tokens;
}
