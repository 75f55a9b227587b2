// Just enough of TypeScript's tokens to find statements in emitted code. Knows nothing of what they mean.

export interface Token {
  readonly kind: "name" | "number" | "string" | "punctuation";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One statement: its tokens, without the final `;` or the brace that opens or closes a block. */
export interface Statement {
  readonly tokens: readonly Token[];
  /** The blocks it stands in, outermost first, by a number of their own. */
  readonly blocks: readonly number[];
}

const NAME_START = /[A-Za-z_$]/;
const NAME = /[\w$]/;
const DIGIT = /[0-9]/;
const OPERATORS = [
  "===",
  "!==",
  "**=",
  "=>",
  "...",
  "**",
  "+=",
  "-=",
  "*=",
  "/=",
  "<=",
  ">=",
  "&&",
  "||",
  "++",
  "--",
  "??",
  "==",
];

/** The tokens of `code` from `start` to `end`; comments and white space are left out. */
export function tokenizeRange(code: string, start: number, end: number): Token[] {
  const tokens: Token[] = [];
  let at = start;
  const push = (kind: Token["kind"], to: number): void => {
    tokens.push({ kind, text: code.slice(at, to), start: at, end: to });
    at = to;
  };
  while (at < end) {
    const char = code[at]!;
    if (code.startsWith("//", at)) at = endOr(code.indexOf("\n", at), end);
    else if (code.startsWith("/*", at)) at = endOr(code.indexOf("*/", at), end - 2) + 2;
    else if (char === '"' || char === "'" || char === "`") push("string", endOfString(code, at));
    else if (NAME_START.test(char)) push("name", endWhile(code, at, NAME));
    else if (DIGIT.test(char) || (char === "." && DIGIT.test(code[at + 1] ?? ""))) push("number", endOfNumber(code, at));
    else if (/\s/.test(char)) at++;
    else push("punctuation", at + (OPERATORS.find((operator) => code.startsWith(operator, at))?.length ?? 1));
  }
  return tokens;
}

const endOr = (found: number, otherwise: number): number => (found < 0 ? otherwise : found);

function endWhile(code: string, from: number, pattern: RegExp): number {
  let at = from;
  while (at < code.length && pattern.test(code[at]!)) at++;
  return at;
}

function endOfNumber(code: string, from: number): number {
  let at = from;
  while (at < code.length && (/[\w.]/.test(code[at]!) || (/[+-]/.test(code[at]!) && /e/i.test(code[at - 1]!)))) at++;
  return at;
}

function endOfString(code: string, from: number): number {
  let at = from + 1;
  while (at < code.length && code[at] !== code[from]) at += code[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** Tokens as statements. A brace opens a block unless it stands where an expression is expected. */
export function splitStatements(tokens: readonly Token[]): Statement[] {
  const statements: Statement[] = [];
  const blocks: number[] = [];
  let current: Token[] = [];
  let depth = 0;
  let made = 0;
  const finish = (): void => {
    if (current.length > 0) statements.push({ tokens: current, blocks: [...blocks] });
    current = [];
  };
  for (const token of tokens) {
    const opensBlock = token.text === "{" && depth === 0 && !expectsExpression(current);
    if (opensBlock) {
      finish();
      blocks.push(made++);
    } else if (token.text === "}" && depth === 0) {
      finish();
      blocks.pop();
    } else if (token.text === ";" && depth === 0) {
      finish();
    } else {
      if (token.kind === "punctuation" && "([{".includes(token.text)) depth++;
      if (token.kind === "punctuation" && ")]}".includes(token.text)) depth--;
      current.push(token);
    }
  }
  finish();
  return statements;
}

function expectsExpression(tokens: readonly Token[]): boolean {
  const first = tokens[0]?.text;
  const last = tokens.at(-1)?.text;
  if (first === "return" || last === "=" || last === "+=") return true;
  return (first === "const" || first === "let") && last !== ")" && last !== "=>";
}
