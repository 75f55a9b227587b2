// Cuts generated JavaScript into tokens: names, numbers, strings and punctuation, without blanks and comments.

export type TokenKind = "name" | "number" | "string" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Of a string its value. */
  readonly text: string;
}

const SKIPPED = String.raw`\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/`;
const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*`;
const NUMBER = String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?`;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const SIGN = String.raw`===|!==|\*\*=|=>|<=|>=|&&|\|\||\*\*|\+\+|--|[-+*/]=|[-+*/%<>=!?:;,.()[\]{}]`;

const TOKEN = new RegExp(`(${SKIPPED})|(${NAME})|(${NUMBER})|(${STRING})|(${SIGN})`, "uy");
const END: Token = { kind: "end", text: "the end" };

/** The tokens of `text`, the last of kind `end`. Throws for what generated code does not have. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`generated code that cannot be interpreted: ${text.slice(at, at + 40)}`);
    at = TOKEN.lastIndex;
    const [, , name, number, string, sign] = match;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (string !== undefined)
      tokens.push({ kind: "string", text: JSON.parse(string) as string }); // written by JSON.stringify
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return [...tokens, END];
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
