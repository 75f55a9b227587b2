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

const BLANK = String.raw`[ \t\u00A0]+|\r(?=\n)|#[^\r\n]*`;
const EXPONENT = String.raw`(?:[eE](?:[+-]\d*|\d+(?:\.(?![*/^]))?|\.(?![*/^])))?`;
const NUMBER = String.raw`0[box][A-Za-z0-9_$]*(?:\.[A-Za-z0-9_$]*)?|(?:\d+(?:\.(?![*/^])\d*)?|\.\d+)${EXPONENT}`;
// U+00B7 and U+0387, middle dots, may stand inside a JavaScript name; here they are a slip for `*`.
// Beyond the basic plane only the mathematical letters: what else engines and type checkers take for a letter there differs by version.
const UNSURE = String.raw`[\u{10000}-\u{1D3FF}\u{1D800}-\u{10FFFF}]`;
const NAME_PART = String.raw`(?![\u00B7\u0387]|${UNSURE})[\p{ID_Continue}$\p{Default_Ignorable_Code_Point}]`;
const WORD = String.raw`(?!${UNSURE})[\p{ID_Start}$_](?:${NAME_PART})*`;
const LONG_OPERATOR = String.raw`>>>|>>|<<|==|!=|<=|>=|\.\*|\./|\.\^|\^\||\?\?|\?\.(?!\d)`;
const STRING = String.raw`"(?:[^"\\\r\n]|\\.)*"?`;

const TOKEN = new RegExp([BLANK, NUMBER, WORD, LONG_OPERATOR, STRING, String.raw`[\s\S]`].join("|"), "uy");
const LETTER = new RegExp(String.raw`(?!${UNSURE})[\p{ID_Start}$_]`, "u");

/** The tokens of `text`, without blanks and comments. Carriage returns count as part of the line end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  while (start < text.length) {
    TOKEN.lastIndex = start;
    TOKEN.test(text); // always matches: its last alternative is any character
    const end = TOKEN.lastIndex;
    const kind = kindOf(text, start, end);
    if (kind !== undefined) tokens.push({ kind, text: text.slice(start, end), start, end });
    start = end;
  }
  return tokens;
}

/** By its first character; undefined for blanks. */
function kindOf(text: string, start: number, end: number): TokenKind | undefined {
  const first = text[start]!;
  if (/[A-Za-z_$]/.test(first)) return "word";
  if (/\d/.test(first) || (first === "." && /\d/.test(text[start + 1] ?? ""))) return "number";
  switch (first) {
    case " ":
    case "\t":
    case "\u00A0":
    case "#":
      return undefined;
    case "\r":
      return text[end] === "\n" ? undefined : "newline";
    case "\n":
      return "newline";
    case "(":
    case "[":
    case "{":
      return "open";
    case ")":
    case "]":
    case "}":
      return "close";
    case '"':
      return "string";
    case "'":
      return "quote";
    default:
      if ("-+*/%^!~&|=:?<>.,;".includes(first)) return "operator";
      return LETTER.test(text.slice(start, end)) ? "word" : "unknown";
  }
}
