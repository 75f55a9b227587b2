// Runs the text of a generated module without making code from text, for pages whose security policy forbids that. What it carries along
// from templates/ word by word is not interpreted: the functions themselves run.

import type { Context } from "./expressions.ts";
import { readArrow, readFunction, readStatement } from "./functions.ts";
import { kernelsOf, type Kernel } from "./kernels.ts";
import { createScope, type Evaluate } from "./scope.ts";
import { readTokens, tokenize, type Token } from "./tokens.ts";

export type Interpreted = (...args: readonly unknown[]) => unknown;

/** What generated code uses of the language. */
const LANGUAGE = {
  Math,
  Object,
  Float64Array,
  Float32Array,
  Int32Array,
  Infinity,
  NaN,
  undefined,
  true: true,
  false: false,
  null: null,
};

/** What `names` are in a module of functions and constants. Throws an Error where the text has something that generated code has not. */
export function interpretModule(javascript: string, names: readonly string[]): Readonly<Record<string, Interpreted>> {
  const library = kernelsOf(javascript);
  const { tokens, kernels } = readModule(javascript, library.at);
  const copied = new Map([...kernels].map((name) => [name, library.valueOf(name)]));
  const globals = new Map<string, unknown>([...Object.entries(LANGUAGE), ...copied]);
  const context: Context = { reader: readTokens(tokens), scope: createScope(), top: [], globals, readArrow };
  const found = new Map([...copied, ...runDeclarations(context, declaredIn(tokens))]);
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) throw new Error(`generated code without '${missing}'`);
  return Object.fromEntries(names.map((name) => [name, found.get(name) as Interpreted])); // what it exports are functions
}

/** Runs a module: what its names are then. */
function runDeclarations(context: Context, names: readonly string[]): [name: string, value: unknown][] {
  const slots = names.map((name) => context.scope.declare(name));
  const statements: Evaluate[] = [];
  while (context.reader.peek().kind !== "end") statements.push(readDeclaration(context));
  for (const execute of statements) execute(context.top);
  return names.map((name, index) => [name, context.top[slots[index]!]]);
}

/** What stands at the top of a module: a function or a constant. Functions are there before constants are calculated. */
function readDeclaration(context: Context): Evaluate {
  const { reader, scope, top } = context;
  if (!reader.skip("function")) return readStatement(context);
  const { slot } = scope.find(reader.name())!; // every name at the top is declared before
  top[slot] = readFunction(context)(top);
  return () => undefined;
}

/** The functions and constants at the top of a module. */
function declaredIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ kind, text, depth }, index) => {
    if (depth > 0 || kind !== "name" || (text !== "function" && text !== "const")) return [];
    return tokens[index + 1]?.kind === "name" ? [tokens[index + 1]!.text] : [];
  });
}

interface ReadModule {
  /** All but the kernels. */
  readonly tokens: readonly Token[];
  readonly kernels: ReadonlySet<string>;
}

/** A function that has the text of a kernel but speaks of one that the module has not is not that kernel: it is read again, as text. */
function readModule(
  javascript: string,
  kernelAt: (offset: number) => Kernel | undefined,
  others: ReadonlySet<string> = new Set(),
): ReadModule {
  const found = new Map<string, Kernel>();
  const tokens = tokenize(javascript, (offset) => {
    const kernel = kernelAt(offset);
    if (kernel === undefined || others.has(kernel.name)) return 0;
    found.set(kernel.name, kernel);
    return kernel.text.length;
  });
  const unsound = [...found.values()].filter(({ uses }) => uses.some((used) => !found.has(used)));
  if (unsound.length > 0) return readModule(javascript, kernelAt, new Set([...others, ...unsound.map(({ name }) => name)]));
  return { tokens, kernels: new Set(found.keys()) };
}
