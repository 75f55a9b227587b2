// Cuts generated JavaScript into tokens: names, numbers, strings and punctuation, without blanks, comments and copied kernels.

export type TokenKind = "name" | "number" | "string" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Of a string its value. */
  readonly text: string;
  /** How many brackets are open around it; a bracket is outside of what it holds. */
  readonly depth: number;
  /** Whether it is the bracket before the parameters of an arrow function. */
  readonly opensArrow: boolean;
}

/** How many characters are to be passed over that stand at an offset outside of all brackets. */
export type PassedOver = (at: number) => number;

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const SIGN = /===|!==|\*\*=|=>|<=|>=|&&|\|\||\*\*|\+\+|--|[-+*/]=|[-+*/%<>=!?:;,.()[\]{}]/y;
const BLANKS = /\s+/y;

const END: Token = { kind: "end", text: "the end", depth: 0, opensArrow: false };

/** The tokens of `text`, the last of kind `end`. Throws for what generated code does not have. */
export function tokenize(text: string, passedOver: PassedOver): Token[] {
  const tokens: { kind: TokenKind; text: string; depth: number; opensArrow: boolean }[] = [];
  const open: number[] = [];
  let closed = -1; // the bracket whose partner was the last token
  let at = 0;
  const take = (kind: TokenKind, end: number): void => {
    const taken = text.slice(at, end);
    if (closed >= 0 && taken === "=>") tokens[closed]!.opensArrow = true;
    closed = -1;
    if (kind === "sign" && isClosing(taken)) closed = open.pop() ?? -1;
    const depth = open.length;
    if (kind === "sign" && isOpening(taken)) open.push(tokens.length);
    const value = kind === "string" ? (JSON.parse(taken) as string) : taken; // written by JSON.stringify
    tokens.push({ kind, text: value, depth, opensArrow: false });
    at = end;
  };
  while (at < text.length) {
    const passed = endOfBlank(text, at) - at || (open.length === 0 ? passedOver(at) : 0);
    if (passed > 0) at += passed;
    else take(...nextToken(text, at));
  }
  return [...tokens, END];
}

function isOpening(sign: string): boolean {
  return sign === "(" || sign === "[" || sign === "{";
}

function isClosing(sign: string): boolean {
  return sign === ")" || sign === "]" || sign === "}";
}

/** Where blanks or a comment that begin at an offset end: there, if none do. */
function endOfBlank(text: string, at: number): number {
  if (text.startsWith("//", at)) return endAfter(text, "\n", at);
  if (text.startsWith("/*", at)) return endAfter(text, "*/", at + 2);
  return endOf(BLANKS, text, at) ?? at;
}

function endAfter(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

const DIGIT = /\d/;

/** The token that begins at an offset: what it is, and where it ends. Its first character tells which pattern it has. */
function nextToken(text: string, at: number): [kind: TokenKind, end: number] {
  const first = text[at]!;
  const isNumber = DIGIT.test(first) || (first === "." && DIGIT.test(text[at + 1] ?? ""));
  const end = isNumber ? endOf(NUMBER, text, at) : first === '"' ? endOf(STRING, text, at) : endOf(SIGN, text, at);
  if (end !== undefined) return [isNumber ? "number" : first === '"' ? "string" : "sign", end];
  const endOfName = endOf(NAME, text, at);
  if (endOfName === undefined) throw new Error(`generated code that cannot be interpreted: ${text.slice(at, at + 40)}`);
  return ["name", endOfName];
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The tokens one after another. */
export interface Reader {
  /** The token that comes, or one further on. */
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether this sign or word comes; if so, it is passed. */
  skip(text: string): boolean;
  expect(text: string): void;
  name(): string;
  fail(): never;
}

export function readTokens(tokens: readonly Token[]): Reader {
  let at = 0;
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? END;
  const isAt = (text: string): boolean => peek().text === text && peek().kind !== "string";
  const fail = (): never => {
    throw new Error(`generated code that cannot be interpreted, at '${peek().text}'`);
  };
  return {
    peek,
    fail,
    next: () => tokens[at++] ?? END,
    skip(text) {
      if (!isAt(text)) return false;
      at++;
      return true;
    },
    expect(text) {
      if (!isAt(text)) fail();
      at++;
    },
    name() {
      const token = peek();
      if (token.kind !== "name") fail();
      at++;
      return token.text;
    },
  };
}
