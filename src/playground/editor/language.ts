// Colours the expression language while it is typed. Knows words and numbers, no grammar: what is wrong the compiler says.

import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StreamParser } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const DECLARATIONS = new Set(["param", "input", "const"]);
const WORDS = new Set(["in", "below", "integer", "real", "mod", "and", "or", "xor", "not", "true", "false"]);
const CONSTANTS = new Set(["pi", "e", "tau", "phi"]);

/** Whether nothing but blanks came before on this line. */
interface LineState {
  atStart: boolean;
}

const parser: StreamParser<LineState> = {
  name: "wengert",
  startState: () => ({ atStart: true }),
  token(stream, state) {
    if (stream.sol()) state.atStart = true;
    if (stream.eatSpace()) return null;
    const isFirst = state.atStart;
    state.atStart = false;
    if (stream.match(/^#.*/)) return "lineComment";
    if (stream.match(/^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/i)) return "number";
    const word = stream.match(/^[\p{ID_Start}$_][\p{ID_Continue}$]*/u) as RegExpMatchArray | null; // a pattern gives a match
    if (word !== null) return wordStyle(word[0], isFirst, stream.match(/^\s*\(/, false) !== null && stream.string);
    if (stream.match(/^[-+*/^=<>!.:',]+/)) return "operator";
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "["] } },
};

/** `line` is the text where a parenthesis follows, false where none does. */
function wordStyle(word: string, isFirst: boolean, line: string | false): string | null {
  if (isFirst && DECLARATIONS.has(word)) return "keyword";
  if (line !== false) return isFirst && /=/.test(line) ? "definition" : "function";
  if (WORDS.has(word)) return "keyword";
  if (CONSTANTS.has(word)) return "atom";
  return "variableName";
}

export const expressionLanguage = StreamLanguage.define({
  ...parser,
  tokenTable: { definition: tags.definition(tags.variableName), function: tags.function(tags.variableName) },
});

/** Colours come from the page's custom properties, so light and dark need no second style. */
export const highlighting = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.definitionKeyword, tags.modifier], color: "var(--syntax-keyword)" },
    { tag: tags.lineComment, color: "var(--syntax-comment)", fontStyle: "italic" },
    { tag: tags.blockComment, color: "var(--syntax-comment)", fontStyle: "italic" },
    { tag: [tags.number, tags.atom, tags.bool], color: "var(--syntax-number)" },
    { tag: tags.string, color: "var(--syntax-string)" },
    { tag: tags.function(tags.variableName), color: "var(--syntax-function)" },
    { tag: tags.definition(tags.variableName), color: "var(--syntax-function)" },
    { tag: [tags.propertyName, tags.typeName], color: "var(--syntax-function)" },
    { tag: tags.operator, color: "var(--syntax-operator)" },
  ]),
);
