// What kind of statement a line is, from its first tokens: a declaration, an assignment, a function definition, or a value.
// Heads are read here; mathjs sees expressions only.

import type { Span } from "../../core/span.ts";
import type { Reporter } from "../../diagnostics/report.ts";
import type { TensorType } from "../../ir/shape.ts";
import { inspect } from "./inspect.ts";
import { OPERATOR_WORDS, type Token } from "./lexer.ts";
import { RESERVED } from "./names.ts";
import { readExpression } from "./read.ts";
import type { TokenLine } from "./statements.ts";
import { poison, type Syntax } from "./syntax.ts";

export interface Name {
  /** NFC-normalised. */
  readonly text: string;
  readonly span: Span;
}

export type Role = "param" | "input" | "const";

export interface Bound {
  readonly side: "low" | "high";
  readonly value: Syntax;
  /** Declared with `<` or `>`. */
  readonly excluded: boolean;
}

/** One name of a declaration: `x`, `x in [0, 1]`, `x > 0`, `a = 2.5`, `W [5, 10]`, `y [n] integer below 10`. */
export interface DeclaredName {
  readonly name: Name;
  /** Undefined for a number. */
  readonly shape?: { readonly sizes: readonly Syntax[]; readonly span: Span } | undefined;
  readonly dtype?: TensorType["dtype"] | undefined;
  /** What class indices stay below. */
  readonly below?: Syntax | undefined;
  readonly bounds: readonly Bound[];
  readonly value?: Syntax;
}

export type Statement =
  | { readonly kind: "declaration"; readonly role: Role; readonly names: readonly DeclaredName[]; readonly span: Span }
  | { readonly kind: "assignment"; readonly name: Name; readonly body: Syntax; readonly span: Span }
  | {
      readonly kind: "definition";
      readonly name: Name;
      readonly params: readonly Name[];
      readonly body: Syntax;
      readonly span: Span;
    }
  | { readonly kind: "value"; readonly body: Syntax; readonly span: Span };

export function readStatement(line: TokenLine, reporter: Reporter): Statement {
  const { tokens, span } = line;
  const clean = inspect(tokens, reporter) && !line.broken;
  const role = declaredRole(tokens);
  if (role !== undefined) {
    const names = clean ? readDeclaration(tokens.slice(1), reporter) : [];
    return { kind: "declaration", role, names, span };
  }
  const head = readHead(tokens, reporter);
  const body = clean && head.sound ? readBody(tokens, head.length, reporter) : poison(span);
  if (head.name === undefined) return { kind: "value", body, span };
  if (head.params === undefined) return { kind: "assignment", name: head.name, body, span };
  return { kind: "definition", name: head.name, params: head.params, body, span };
}

/** `param x`, `input x`, `const x`: two names in a row. `param = 2` and `param mod 3` are a user's own `param`. */
function declaredRole([first, second]: readonly Token[]): Role | undefined {
  if (first?.kind !== "word" || second?.kind !== "word" || OPERATOR_WORDS.has(second.text)) return undefined;
  return first.text === "param" || first.text === "input" || first.text === "const" ? first.text : undefined;
}

interface Head {
  readonly name?: Name;
  readonly params?: readonly Name[];
  /** Tokens up to and with the `=`. */
  readonly length: number;
  readonly sound: boolean;
}

function readHead(tokens: readonly Token[], reporter: Reporter): Head {
  const [first, second] = tokens;
  if (first?.kind === "word" && second?.text === "=") {
    return { name: nameOf(first), length: 2, sound: checkReserved(first, reporter) };
  }
  const equals = topLevelEquals(tokens);
  if (equals === -1) return { length: 0, sound: true };
  if (first?.kind === "word" && second?.text === "(" && tokens[equals - 1]?.text === ")") {
    const params = readParams(tokens.slice(2, equals - 1));
    if (params !== undefined) {
      const sound = [first, ...params].map((token) => checkReserved(token, reporter)).every(Boolean);
      return { name: nameOf(first), params: params.map(nameOf), length: equals + 1, sound };
    }
  }
  const place = { start: first!.start, end: (tokens[equals - 1] ?? first!).end };
  reporter.report("WG1010", place, {}, "write '==' to compare");
  return { length: 0, sound: false };
}

/** Index of the first `=` outside brackets, −1 for none. */
function topLevelEquals(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.kind === "open") depth++;
    if (token.kind === "close") depth--;
    return depth === 0 && token.text === "=";
  });
}

/** `x, y, z`: the words, or undefined where it is something else. */
function readParams(tokens: readonly Token[]): Token[] | undefined {
  const isList = tokens.every((token, index) => (index % 2 === 0 ? token.kind === "word" : token.text === ","));
  if (!isList || (tokens.length > 0 && tokens.length % 2 === 0)) return undefined;
  return tokens.filter((token) => token.kind === "word");
}

function readBody(tokens: readonly Token[], from: number, reporter: Reporter): Syntax {
  const body = from === 0 ? tokens : tokens.slice(from);
  if (body.length === 0) {
    const equals = tokens[from - 1]!;
    reporter.report("WG1001", equals, { detail: "the expression ends after '=', where a value should follow" });
    return poison(equals);
  }
  return readValue(body, reporter);
}

/** An expression in which no `=` may stand any more. */
function readValue(tokens: readonly Token[], reporter: Reporter): Syntax {
  const equals = tokens.find((token) => token.text === "=");
  if (equals === undefined) return readExpression(tokens, reporter);
  reporter.report("WG1009", equals, {}, "write '==' to compare");
  return poison(equals);
}

/** `x, y in [0, 1], z > 0`, without the word before. */
function readDeclaration(tokens: readonly Token[], reporter: Reporter): DeclaredName[] {
  const names: DeclaredName[] = [];
  for (const item of splitAtCommas(tokens)) {
    const read = item.length === 0 ? undefined : readDeclaredName(item, reporter);
    if (read !== undefined) names.push(read);
    if (item.length === 0) reporter.report("WG1011", { start: tokens[0]!.start, end: tokens.at(-1)!.end });
  }
  return names;
}

function readDeclaredName(item: readonly Token[], reporter: Reporter): DeclaredName | undefined {
  const [first] = item;
  if (first?.kind !== "word") {
    reporter.report("WG1011", first);
    return undefined;
  }
  if (!checkReserved(first, reporter)) return undefined;
  const [type, rest] = readType(item.slice(1), reporter);
  return { ...readLimits(nameOf(first), rest, reporter), ...type };
}

type DeclaredType = Pick<DeclaredName, "shape" | "dtype" | "below">;

/** `[n, 10] integer below 10`, each part of which may be missing, and what follows. */
function readType(tokens: readonly Token[], reporter: Reporter): [type: DeclaredType, rest: readonly Token[]] {
  const type: { -readonly [key in keyof DeclaredType]: DeclaredType[key] } = {};
  let rest = tokens;
  if (rest[0]?.text === "[") {
    const close = closing(rest);
    type.shape = readShape(rest.slice(0, close + 1), reporter);
    rest = rest.slice(close + 1);
  }
  const word = rest[0]?.text;
  if (word === "integer" || word === "boolean" || word === "real") {
    type.dtype = word;
    rest = rest.slice(1);
  }
  if (rest[0]?.text !== "below") return [type, rest];
  if (rest.length > 1) type.below = readValue(rest.slice(1), reporter);
  else reporter.report("WG1011", rest[0], {}, "write 'below 10'");
  return [type, []];
}

/** The index of the bracket that closes the first one. */
function closing(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.kind === "open") depth++;
    if (token.kind === "close") depth--;
    return depth === 0;
  });
}

/** `[n, 10]`, with its brackets. */
function readShape(tokens: readonly Token[], reporter: Reporter): DeclaredName["shape"] {
  const span = { start: tokens[0]!.start, end: tokens.at(-1)!.end };
  const parts = splitAtCommas(tokens.slice(1, -1));
  if (parts.every((part) => part.length > 0)) return { sizes: parts.map((part) => readValue(part, reporter)), span };
  reporter.report("WG1011", span, {}, "write sizes and names of sizes: '[n, 10]'");
  return { sizes: [poison(span)], span };
}

/** What follows the type: nothing, a domain or a value. */
function readLimits(name: Name, item: readonly Token[], reporter: Reporter): DeclaredName {
  const [second, ...rest] = item;
  if (second === undefined) return { name, bounds: [] };
  if (second.text === "in") return { name, bounds: readInterval(rest, second, reporter) };
  if (rest.length === 0 || second.kind !== "operator") {
    reporter.report("WG1011", second);
    return { name, bounds: [] };
  }
  if (second.text === "=") return { name, bounds: [], value: readValue(rest, reporter) };
  const excluded = second.text.length === 1;
  if (second.text === ">" || second.text === ">=") {
    return { name, bounds: [{ side: "low", value: readValue(rest, reporter), excluded }] };
  }
  if (second.text === "<" || second.text === "<=") {
    return { name, bounds: [{ side: "high", value: readValue(rest, reporter), excluded }] };
  }
  reporter.report("WG1011", second);
  return { name, bounds: [] };
}

/** `[low, high]`. */
function readInterval(tokens: readonly Token[], after: Token, reporter: Reporter): Bound[] {
  const isBracketed = tokens[0]?.text === "[" && tokens.at(-1)?.text === "]";
  const sides = isBracketed ? splitAtCommas(tokens.slice(1, -1)) : [];
  const [low, high] = sides;
  if (sides.length !== 2 || low!.length === 0 || high!.length === 0) {
    const place = tokens.length === 0 ? after : { start: tokens[0]!.start, end: tokens.at(-1)!.end };
    reporter.report("WG1011", place, {}, "write 'in [low, high]'");
    return [];
  }
  return [
    { side: "low", value: readValue(low!, reporter), excluded: false },
    { side: "high", value: readValue(high!, reporter), excluded: false },
  ];
}

function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "open") depth++;
    if (token.kind === "close") depth--;
    if (token.text === "," && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

function checkReserved(token: Token, reporter: Reporter): boolean {
  if (!RESERVED.has(token.text)) return true;
  reporter.report("WG1113", token, { name: token.text });
  return false;
}

function nameOf(token: Token): Name {
  return { text: token.text.normalize("NFC"), span: { start: token.start, end: token.end } };
}
