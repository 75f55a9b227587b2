// Cuts a line of generated TypeScript into what is coloured alike. Generated code has no regular expressions and no nested templates.

export interface CodeToken {
  readonly kind: "keyword" | "number" | "string" | "comment" | "type" | "call" | "plain";
  readonly text: string;
}

const TOKEN =
  /(?<comment>\/\/.*|\/\*.*?(?:\*\/|$)|^\s*\*.*)|(?<string>"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*')|(?<number>\b\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?\b)|(?<word>[\p{ID_Start}$_][\p{ID_Continue}$]*)|(?<plain>\s+|[^\s\p{ID_Start}$_\d"'`/]+|.)/gu;

const KEYWORDS = new Set(
  "export function const let return if else for of in while new throw interface readonly type instanceof typeof void null undefined true false".split(
    " ",
  ),
);
const TYPES = new Set(["number", "string", "boolean", "void", "unknown"]);

/** The tokens of one line; together they are the line. */
export function tokensOf(line: string): CodeToken[] {
  const tokens: CodeToken[] = [];
  for (const { 0: text, index, groups } of line.matchAll(TOKEN)) {
    const kind = groups?.["word"] === undefined ? kindOf(groups ?? {}) : wordKind(text, line.slice(index + text.length));
    const last = tokens.at(-1);
    if (last?.kind === kind) tokens[tokens.length - 1] = { kind, text: last.text + text };
    else tokens.push({ kind, text });
  }
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): CodeToken["kind"] {
  if (groups["comment"] !== undefined) return "comment";
  if (groups["string"] !== undefined) return "string";
  return groups["number"] === undefined ? "plain" : "number";
}

function wordKind(word: string, rest: string): CodeToken["kind"] {
  if (KEYWORDS.has(word)) return "keyword";
  if (TYPES.has(word) || /^(?:Float(?:32|64)|Int32)Array$/.test(word)) return "type";
  return rest.startsWith("(") ? "call" : "plain";
}
