// Reads generated functions and runs them without making code from text, for pages whose security policy forbids that. Understands
// what the staged and tidy styles write, no more; the kernels that they call run as they are.

import { readExpression, type Context } from "./expressions.ts";
import { createScope, variable, type Evaluate, type Frame, type Scope } from "./scope.ts";
import { readTokens, tokenize } from "./tokens.ts";

export type Interpreted = (...args: readonly unknown[]) => unknown;

/** What a statement did: undefined to go on, or what the function returns. */
type Completion = { readonly value: unknown } | undefined;
type Execute = (frame: Frame) => Completion;

/** What generated code uses of the language. */
const LANGUAGE = { Math, Float64Array, Int32Array, Infinity, NaN, undefined, true: true, false: false };

/**
 * The function `name` of a module that declares functions and constants. `kernels` are functions it may call that are not in it.
 * Throws an Error where the text has something that generated code has not.
 */
export function interpretModule(javascript: string, name: string, kernels: Readonly<Record<string, unknown>>): Interpreted {
  const scope = createScope();
  const tokens = tokenize(javascript);
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "name" && token.text === "function") scope.declare(tokens[index + 1]!.text);
  }
  const context: Context = {
    reader: readTokens(tokens),
    scope,
    globals: new Map(Object.entries({ ...LANGUAGE, ...kernels })),
    readArrow,
  };
  const statements: Execute[] = [];
  while (context.reader.peek().kind !== "end") statements.push(readDeclaration(context));
  const frame: Frame = { slots: [], parent: undefined };
  for (const execute of statements) execute(frame);
  const found = scope.find(name);
  if (found === undefined) throw new Error(`generated code without '${name}'`);
  return frame.slots[found.slot] as Interpreted;
}

/** What stands at the top of a module: a function or a constant. */
function readDeclaration(context: Context): Execute {
  const { reader, scope } = context;
  if (!reader.skip("function")) return readStatement(context);
  const place = scope.find(reader.name())!; // declared above
  const make = readFunction(context, readBody);
  return (frame) => void (frame.slots[place.slot] = make(frame));
}

type ReadBody = (context: Context) => Execute;

/** Parameters and body. */
function readFunction(context: Context, body: ReadBody): Evaluate {
  const inner = { ...context, scope: context.scope.inner() };
  const params = readParameters(inner);
  const execute = body(inner);
  return (parent) =>
    (...args: readonly unknown[]) => {
      const frame: Frame = { slots: [], parent };
      params.forEach((param, index) => param(frame, args[index]));
      return execute(frame)?.value;
    };
}

type Receive = (frame: Frame, value: unknown) => void;

function readParameters(context: Context): Receive[] {
  const { reader } = context;
  if (reader.peek().kind === "name") return [readPattern(context)];
  const params: Receive[] = [];
  reader.expect("(");
  while (!reader.skip(")")) {
    if (params.length > 0) reader.expect(",");
    if (reader.skip(")")) break; // a comma after the last
    params.push(readParameter(context));
  }
  return params;
}

function readParameter(context: Context): Receive {
  const receive = readPattern(context);
  if (!context.reader.skip("=")) return receive;
  const standard = readExpression(context);
  return (frame, value) => receive(frame, value === undefined ? standard(frame) : value);
}

/** A name, or `{ m, then: then_ }`. */
function readPattern({ reader, scope }: Context): Receive {
  if (!reader.skip("{")) return variable(0, scope.declare(reader.name())).write;
  const parts: (readonly [key: string, write: Receive])[] = [];
  while (!reader.skip("}")) {
    if (parts.length > 0) reader.expect(",");
    if (reader.skip("}")) break; // a comma after the last
    const key = reader.next().text;
    parts.push([key, variable(0, scope.declare(reader.skip(":") ? reader.name() : key)).write]);
  }
  return (frame, value) => {
    for (const [key, write] of parts) write(frame, (value as Record<string, unknown>)[key]);
  };
}

function readArrow(context: Context): Evaluate {
  return readFunction(context, (inner) => {
    inner.reader.expect("=>");
    if (inner.reader.peek().text === "{") return readBody(inner);
    const value = readExpression(inner);
    return (frame) => ({ value: value(frame) });
  });
}

function readBody(context: Context): Execute {
  context.reader.expect("{");
  return readStatements(context);
}

/** Statements up to the bracket that closes them, which is passed. */
function readStatements(context: Context): Execute {
  const statements: Execute[] = [];
  while (!context.reader.skip("}")) statements.push(readStatement(context));
  return (frame) => {
    for (const execute of statements) {
      const completion = execute(frame);
      if (completion !== undefined) return completion;
    }
    return undefined;
  };
}

function readStatement(context: Context): Execute {
  const { reader } = context;
  if (reader.skip("{")) return readStatements(within(context, context.scope.block()));
  if (reader.skip("for")) return readLoop(within(context, context.scope.block()));
  const execute = reader.skip("return") ? readReturn(context) : readSimple(context);
  reader.expect(";");
  return execute;
}

function readReturn(context: Context): Execute {
  const value = readExpression(context);
  return (frame) => ({ value: value(frame) });
}

/** `const x = ...`, `let x = ...`, an assignment, a call. */
function readSimple(context: Context): Execute {
  const { reader } = context;
  const isConstant = reader.skip("const");
  if (!isConstant && !reader.skip("let")) return effectOf(readExpression(context));
  const receive = readPattern(context);
  reader.expect("=");
  const value = readExpression(context);
  return (frame) => void receive(frame, value(frame));
}

function effectOf(evaluate: Evaluate): Execute {
  return (frame) => void evaluate(frame);
}

/** `for (let i = 0; i < n; i++, row++) { ... }` after its first word. */
function readLoop(context: Context): Execute {
  const { reader } = context;
  reader.expect("(");
  const start = readSimple(context);
  reader.expect(";");
  const test = readExpression(context);
  reader.expect(";");
  const steps = [readExpression(context)];
  while (reader.skip(",")) steps.push(readExpression(context));
  reader.expect(")");
  const body = readStatement(context);
  return (frame) => {
    start(frame);
    for (; test(frame);) {
      const completion = body(frame);
      if (completion !== undefined) return completion;
      for (const step of steps) step(frame);
    }
    return undefined;
  };
}

function within(context: Context, scope: Scope): Context {
  return { ...context, scope };
}
