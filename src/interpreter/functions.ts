// Reads functions and statements of generated code. Understands what the styles and modes write, no more: anything else is an Error.

import { readExpression, type Context } from "./expressions.ts";
import { variable, type Evaluate, type Frame, type Scope } from "./scope.ts";

type Call = (...args: readonly unknown[]) => unknown;

/** A statement answers what its function returns with it, or this to go on. */
const NEXT = Symbol("next");

/** `function f(x, y) { ... }` after its name. */
export function readFunction(context: Context): Evaluate {
  return functionOf(context, readBody);
}

/** `(a, b) => ...`. */
export function readArrow(context: Context): Evaluate {
  return functionOf(context, (inner) => {
    inner.reader.expect("=>");
    return inner.reader.peek().text === "{" ? readBody(inner) : readExpression(inner).read;
  });
}

/** Parameters and body: what makes the function in a frame. */
function functionOf(context: Context, readRest: (inner: Context) => Evaluate): Evaluate {
  const inner = { ...context, scope: context.scope.inner() };
  const params = readParameters(inner);
  const run = readRest(inner);
  const isPlain = params.every(({ plain }) => plain);
  const size = inner.scope.size();
  if (isPlain && size === params.length + 1 && params.length <= 4) return smallFunction(params.length, run);
  return isPlain ? plainFunction(params.length, size, run) : anyFunction(params, size, run);
}

function anyFunction(params: readonly Parameter[], size: number, run: Evaluate): (outer: Frame) => Call {
  return (outer) =>
    (...args) => {
      const frame = new Array<unknown>(size);
      frame[0] = outer;
      for (let i = 0; i < params.length; i++) params[i]!.receive(frame, args[i]);
      return run(frame);
    };
}

/** Of names only, which have the first slots. */
function plainFunction(params: number, size: number, run: Evaluate): (outer: Frame) => Call {
  return (outer) =>
    (...args) => {
      const frame = new Array<unknown>(size);
      frame[0] = outer;
      for (let i = 0; i < params; i++) frame[i + 1] = args[i];
      return run(frame);
    };
}

/** A function of nothing but its parameters, such as kernels call for each element. */
function smallFunction(params: number, run: Evaluate): (outer: Frame) => Call {
  switch (params) {
    case 0:
      return (outer) => () => run([outer]);
    case 1:
      return (outer) => (a) => run([outer, a]);
    case 2:
      return (outer) => (a, b) => run([outer, a, b]);
    case 3:
      return (outer) => (a, b, c) => run([outer, a, b, c]);
    default:
      return (outer) => (a, b, c, d) => run([outer, a, b, c, d]);
  }
}

type Receive = (frame: Frame, value: unknown) => void;

interface Parameter {
  readonly receive: Receive;
  /** Whether it is a name without a default. */
  readonly plain: boolean;
}

function readParameters(context: Context): Parameter[] {
  const { reader } = context;
  if (reader.peek().kind === "name") return [readParameter(context)];
  const params: Parameter[] = [];
  reader.expect("(");
  while (!reader.skip(")")) {
    if (params.length > 0) reader.expect(",");
    if (reader.skip(")")) break; // a comma after the last
    params.push(readParameter(context));
  }
  return params;
}

function readParameter(context: Context): Parameter {
  const isName = context.reader.peek().kind === "name";
  const receive = readPattern(context);
  if (!context.reader.skip("=")) return { receive, plain: isName };
  const standard = readExpression(context).read;
  return { receive: (frame, value) => receive(frame, value === undefined ? standard(frame) : value), plain: false };
}

/** A name, or `{ m, then: then_ }`. */
function readPattern(context: Context): Receive {
  const { reader } = context;
  if (!reader.skip("{")) return declare(context, reader.name());
  const keys: string[] = [];
  const receivers: Receive[] = [];
  while (!reader.skip("}")) {
    if (keys.length > 0) reader.expect(",");
    if (reader.skip("}")) break; // a comma after the last
    const key = reader.next().text;
    keys.push(key);
    receivers.push(declare(context, reader.skip(":") ? reader.name() : key));
  }
  return (frame, value) => {
    for (let i = 0; i < keys.length; i++) receivers[i]!(frame, (value as Readonly<Record<string, unknown>>)[keys[i]!]);
  };
}

/** A new variable here. */
function declare({ scope, top }: Context, name: string): Receive {
  scope.declare(name);
  return variable(scope.find(name)!, top).write; // declared in this line
}

/** Statements in brackets, as what a function does. */
function readBody(context: Context): Evaluate {
  context.reader.expect("{");
  const execute = readStatements(context);
  return (frame) => {
    const result = execute(frame);
    return result === NEXT ? undefined : result;
  };
}

/** Statements up to the bracket that closes them, which is passed. */
function readStatements(context: Context): Evaluate {
  const statements: Evaluate[] = [];
  while (!context.reader.skip("}")) statements.push(readStatement(context));
  const count = statements.length;
  return (frame) => {
    for (let i = 0; i < count; i++) {
      const result = statements[i]!(frame);
      if (result !== NEXT) return result;
    }
    return NEXT;
  };
}

export function readStatement(context: Context): Evaluate {
  const { reader } = context;
  if (reader.skip("{")) return readStatements(within(context, context.scope.block()));
  if (reader.skip("for")) return readLoop(within(context, context.scope.block()));
  if (reader.skip("if")) return readChoice(context);
  const execute = reader.skip("return") ? readReturn(context) : readSimple(context);
  reader.expect(";");
  return execute;
}

function readReturn(context: Context): Evaluate {
  return context.reader.peek().text === ";" ? () => undefined : readExpression(context).read;
}

/** `const x = ...`, `let x = ...`, an assignment, a call. */
function readSimple(context: Context): Evaluate {
  const { reader } = context;
  if (!reader.skip("const") && !reader.skip("let")) return effectOf(readExpression(context).read);
  const receive = readPattern(context);
  reader.expect("=");
  const value = readExpression(context).read;
  return effectOf((frame) => receive(frame, value(frame)));
}

function effectOf(evaluate: Evaluate): Evaluate {
  return (frame) => {
    evaluate(frame);
    return NEXT;
  };
}

/** `if (...) ...` after its word; generated code has no `else`. */
function readChoice(context: Context): Evaluate {
  context.reader.expect("(");
  const decide = readExpression(context).read;
  context.reader.expect(")");
  const execute = readStatement(context);
  return (frame) => (decide(frame) ? execute(frame) : NEXT);
}

/** What follows `for`. */
function readLoop(context: Context): Evaluate {
  context.reader.expect("(");
  return context.reader.peek(2).text === "of" ? readWalk(context) : readCount(context);
}

/** `const name of names) ...`. */
function readWalk(context: Context): Evaluate {
  const { reader } = context;
  reader.expect("const");
  const receive = declare(context, reader.name());
  reader.expect("of");
  const list = readExpression(context).read;
  reader.expect(")");
  const body = readStatement(context);
  return (frame) => {
    for (const item of list(frame) as Iterable<unknown>) {
      receive(frame, item);
      const result = body(frame);
      if (result !== NEXT) return result;
    }
    return NEXT;
  };
}

/** `let i = 0; i < n; i++, row++) ...`. */
function readCount(context: Context): Evaluate {
  const { reader } = context;
  const start = readSimple(context);
  reader.expect(";");
  const test = readExpression(context).read;
  reader.expect(";");
  const steps = [readExpression(context).read];
  while (reader.skip(",")) steps.push(readExpression(context).read);
  reader.expect(")");
  const body = readStatement(context);
  return (frame) => {
    start(frame);
    for (; test(frame);) {
      const result = body(frame);
      if (result !== NEXT) return result;
      for (const step of steps) step(frame);
    }
    return NEXT;
  };
}

function within(context: Context, scope: Scope): Context {
  return { ...context, scope };
}
