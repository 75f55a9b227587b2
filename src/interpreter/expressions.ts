// Reads the expressions of generated code into functions that evaluate them. They calculate with JavaScript's own operators and Math, so
// the numbers are those of the text when it runs.

import { CONDITIONAL_PRECEDENCE, PRECEDENCE, type BinaryOperator } from "../core/syntax.ts";
import { binary, constant, negate } from "./arithmetic.ts";
import { callOf, methodCall } from "./calls.ts";
import { variable, type Evaluate, type Frame, type Place, type Scope } from "./scope.ts";
import type { Reader } from "./tokens.ts";

export interface Context {
  readonly reader: Reader;
  readonly scope: Scope;
  /** The module's variables. */
  readonly top: Frame;
  /** What code may use beside its own variables: Math, arrays, kernels. */
  readonly globals: ReadonlyMap<string, unknown>;
  /** Reads `(a, b) => ...` from its parameters on. */
  readonly readArrow: (context: Context) => Evaluate;
}

type Construct = new (...args: unknown[]) => unknown;
type Keyed = Record<string | number, unknown>;

/** One expression, without commas. */
export function readExpression(context: Context): Place {
  const { reader } = context;
  if (startsArrow(reader)) return { read: context.readArrow(context) };
  const place = readConditional(context);
  const operator = reader.peek().text;
  if (reader.peek().kind !== "sign" || !/^([-+*/]|\*\*)?=$/.test(operator)) return place;
  const { write } = place;
  if (write === undefined) return reader.fail();
  reader.next();
  const value = readExpression(context);
  const result = operator === "=" ? value.read : binary(operator.slice(0, -1) as BinaryOperator, place, value);
  return { read: assignment(place, write, result) };
}

function assignment({ slot }: Place, write: Required<Place>["write"], value: Evaluate): Evaluate {
  if (slot !== undefined) return (frame) => (frame[slot] = value(frame));
  return (frame) => {
    const result = value(frame);
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
    items.push(readExpression(context).read);
  }
  return items;
}

/** Whether `x =>` or `(x, y) =>` comes. */
function startsArrow(reader: Reader): boolean {
  return reader.peek().opensArrow || (reader.peek().kind === "name" && reader.peek(1).text === "=>");
}

function readConditional(context: Context): Place {
  const { reader } = context;
  const test = readBinary(context, CONDITIONAL_PRECEDENCE + 1);
  if (!reader.skip("?")) return test;
  const decide = test.read;
  const yes = readExpression(context).read;
  reader.expect(":");
  const no = readExpression(context).read;
  return { read: (frame) => (decide(frame) ? yes(frame) : no(frame)) };
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
    left = { read: binary(operator, left, right) };
  }
}

function readUnary(context: Context): Place {
  const { reader } = context;
  if (reader.skip("-")) return negate(readUnary(context));
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
    else if (reader.skip("(")) place = callOf(place, readList(context, ")"));
    else return place;
  }
}

/** A property, or the call of a method. What Math has never changes. */
function readMember({ read, constant: known }: Place, name: string, context: Context): Place {
  if (known?.value === Math) return constant(Math[name as keyof Math]);
  if (context.reader.skip("(")) return { read: methodCall(read, name, readList(context, ")")) };
  return {
    read: (frame) => (read(frame) as Keyed)[name],
    write: (frame, value) => void ((read(frame) as Keyed)[name] = value),
  };
}

function readIndex({ read }: Place, context: Context): Place {
  const index = readExpression(context).read;
  context.reader.expect("]");
  return {
    read: (frame) => (read(frame) as Keyed)[index(frame) as number],
    write: (frame, value) => void ((read(frame) as Keyed)[index(frame) as number] = value),
  };
}

function readPrimary(context: Context): Place {
  const { reader } = context;
  const { kind, text } = reader.peek();
  if (kind === "name" && text === "new") return readNew(context);
  if (kind === "name") return readName(context);
  if (kind === "number" || kind === "string") {
    reader.next();
    return constant(kind === "number" ? Number(text) : text);
  }
  if (reader.skip("(")) {
    const { read, constant: known, slot } = readExpression(context);
    reader.expect(")");
    return { read, ...(known && { constant: known }), ...(slot !== undefined && { slot }) };
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

function readName({ reader, scope, globals, top }: Context): Place {
  const name = reader.name();
  const found = scope.find(name);
  if (found !== undefined) return variable(found, top);
  if (!globals.has(name)) throw new Error(`generated code that cannot be interpreted: it uses '${name}'`);
  return constant(globals.get(name));
}

/** `{ f, dx, "then": y }` after its bracket. */
function readObject(context: Context): Place {
  const { reader } = context;
  const keys: string[] = [];
  const values: Evaluate[] = [];
  while (!reader.skip("}")) {
    if (keys.length > 0) reader.expect(",");
    if (reader.skip("}")) break; // a comma after the last
    const isShort = [",", "}"].includes(reader.peek(1).text);
    keys.push(isShort ? reader.peek().text : reader.next().text);
    if (!isShort) reader.expect(":");
    values.push((isShort ? readName(context) : readExpression(context)).read);
  }
  return { read: objectOf(keys, values) };
}

function objectOf(keys: readonly string[], values: readonly Evaluate[]): Evaluate {
  // An assignment to __proto__ would not make a property.
  if (keys.includes("__proto__")) return (frame) => Object.fromEntries(keys.map((key, index) => [key, values[index]!(frame)]));
  return (frame) => {
    const made: Keyed = {};
    for (let i = 0; i < keys.length; i++) made[keys[i]!] = values[i]!(frame);
    return made;
  };
}
