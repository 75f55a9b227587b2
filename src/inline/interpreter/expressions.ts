// Reads the expressions of generated code into functions that evaluate them. They calculate with JavaScript's own operators and Math, so
// the numbers are those of the text when it runs.

import { CONDITIONAL_PRECEDENCE, PRECEDENCE, type BinaryOperator } from "../../core/syntax.ts";
import { variable, type Evaluate, type Place, type Scope } from "./scope.ts";
import type { Reader } from "./tokens.ts";

export interface Context {
  readonly reader: Reader;
  readonly scope: Scope;
  /** What code may use beside its own variables: Math, arrays, kernels. */
  readonly globals: ReadonlyMap<string, unknown>;
  /** Reads `(a, b) => ...` from its parameters on. */
  readonly readArrow: (context: Context) => Evaluate;
}

type Call = (...args: unknown[]) => unknown;
type Construct = new (...args: unknown[]) => unknown;
type Keyed = Record<string | number, unknown>;

const ARITHMETIC: Readonly<Record<Exclude<BinaryOperator, "&&" | "||">, (left: number, right: number) => unknown>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "**": (left, right) => left ** right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
  "===": (left, right) => left === right,
  "!==": (left, right) => left !== right,
};

/** One expression, without commas. */
export function readExpression(context: Context): Evaluate {
  const { reader } = context;
  if (startsArrow(reader)) return context.readArrow(context);
  const place = readConditional(context);
  const operator = reader.peek().text;
  if (!/^([-+*/]|\*\*)?=$/.test(operator) || reader.peek().kind !== "sign") return place.read;
  const { write } = place;
  if (write === undefined) return reader.fail();
  reader.next();
  const value = readExpression(context);
  const combined = operator === "=" ? value : binary(operator.slice(0, -1) as BinaryOperator, place.read, value);
  return (frame) => {
    const result = combined(frame);
    write(frame, result);
    return result;
  };
}

/** Expressions up to `close`, which is passed. */
export function readList(context: Context, close: string): Evaluate[] {
  const items: Evaluate[] = [];
  while (!context.reader.skip(close)) {
    if (items.length > 0) context.reader.expect(",");
    if (context.reader.skip(close)) break; // a comma after the last
    items.push(readExpression(context));
  }
  return items;
}

/** Whether `x =>` or `(x, y) =>` comes. */
function startsArrow(reader: Reader): boolean {
  if (reader.peek().kind === "name") return reader.peek(1).text === "=>";
  if (reader.peek().text !== "(") return false;
  let depth = 0;
  for (let ahead = 0; reader.peek(ahead).kind !== "end"; ahead++) {
    const { text, kind } = reader.peek(ahead);
    if (kind !== "sign") continue;
    if (text === "(") depth++;
    if (text === ")" && --depth === 0) return reader.peek(ahead + 1).text === "=>";
  }
  return false;
}

function readConditional(context: Context): Place {
  const { reader } = context;
  const test = readBinary(context, CONDITIONAL_PRECEDENCE + 1);
  if (!reader.skip("?")) return test;
  const yes = readExpression(context);
  reader.expect(":");
  const no = readExpression(context);
  return { read: (frame) => (test.read(frame) ? yes(frame) : no(frame)) };
}

function readBinary(context: Context, weakest: number): Place {
  const { reader } = context;
  let left = readUnary(context);
  for (;;) {
    const operator = reader.peek().text as BinaryOperator; // looked up in the table before it is believed
    const precedence = reader.peek().kind === "sign" ? PRECEDENCE[operator] : undefined;
    if (precedence === undefined || precedence < weakest) return left;
    reader.next();
    const right = readBinary(context, operator === "**" ? precedence : precedence + 1);
    left = { read: binary(operator, left.read, right.read) };
  }
}

function binary(operator: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  if (operator === "&&") return (frame) => left(frame) && right(frame);
  if (operator === "||") return (frame) => left(frame) || right(frame);
  const calculate = ARITHMETIC[operator];
  return (frame) => calculate(left(frame) as number, right(frame) as number);
}

function readUnary(context: Context): Place {
  const { reader } = context;
  if (reader.skip("-")) {
    const { read } = readUnary(context);
    return { read: (frame) => -(read(frame) as number) };
  }
  if (reader.skip("!")) {
    const { read } = readUnary(context);
    return { read: (frame) => !read(frame) };
  }
  const place = readPostfix(context);
  return reader.skip("++") ? increment(place, reader) : place;
}

function increment({ read, write }: Place, reader: Reader): Place {
  if (write === undefined) return reader.fail();
  return {
    read: (frame) => {
      const value = read(frame) as number;
      write(frame, value + 1);
      return value;
    },
  };
}

function readPostfix(context: Context): Place {
  const { reader } = context;
  let place = readPrimary(context);
  for (;;) {
    if (reader.skip(".")) place = readMember(place, reader.name(), context);
    else if (reader.skip("[")) place = readIndex(place, context);
    else if (reader.skip("(")) place = callOf(place.read, readList(context, ")"));
    else return place;
  }
}

/** A property, or the call of a method. */
function readMember({ read }: Place, name: string, context: Context): Place {
  if (!context.reader.skip("(")) return { read: (frame) => (read(frame) as Keyed)[name] };
  const args = readList(context, ")");
  return { read: (frame) => ((object) => (object[name] as Call)(...args.map((arg) => arg(frame))))(read(frame) as Keyed) };
}

function readIndex({ read }: Place, context: Context): Place {
  const index = readExpression(context);
  context.reader.expect("]");
  return {
    read: (frame) => (read(frame) as Keyed)[index(frame) as number],
    write: (frame, value) => void ((read(frame) as Keyed)[index(frame) as number] = value),
  };
}

function callOf(callee: Evaluate, args: readonly Evaluate[]): Place {
  return { read: (frame) => (callee(frame) as Call)(...args.map((arg) => arg(frame))) };
}

function readPrimary(context: Context): Place {
  const { reader } = context;
  const { kind, text } = reader.peek();
  if (kind === "name" && text === "new") return readNew(context);
  if (kind === "name") return readName(context);
  if (kind === "number" || kind === "string") {
    reader.next();
    const value = kind === "number" ? Number(text) : text;
    return { read: () => value };
  }
  if (reader.skip("(")) {
    const inner = readExpression(context);
    reader.expect(")");
    return { read: inner };
  }
  if (reader.skip("[")) {
    const items = readList(context, "]");
    return { read: (frame) => items.map((item) => item(frame)) };
  }
  return reader.skip("{") ? readObject(context) : reader.fail();
}

function readNew(context: Context): Place {
  const { reader } = context;
  reader.expect("new");
  const construct = readName(context).read;
  const args = reader.skip("(") ? readList(context, ")") : [];
  return { read: (frame) => new (construct(frame) as Construct)(...args.map((arg) => arg(frame))) };
}

function readName({ reader, scope, globals }: Context): Place {
  const name = reader.name();
  const found = scope.find(name);
  if (found !== undefined) return variable(found.depth, found.slot);
  if (!globals.has(name)) throw new Error(`generated code that cannot be interpreted: it uses '${name}'`);
  const value = globals.get(name);
  return { read: () => value };
}

/** `{ f, dx, "then": y }` after its bracket. */
function readObject(context: Context): Place {
  const { reader } = context;
  const properties: (readonly [key: string, value: Evaluate])[] = [];
  while (!reader.skip("}")) {
    if (properties.length > 0) reader.expect(",");
    if (reader.skip("}")) break; // a comma after the last
    const isShort = [",", "}"].includes(reader.peek(1).text);
    const key = isShort ? reader.peek().text : reader.next().text;
    if (!isShort) reader.expect(":");
    properties.push([key, isShort ? readName(context).read : readExpression(context)]);
  }
  return { read: (frame) => Object.fromEntries(properties.map(([key, value]) => [key, value(frame)])) };
}
