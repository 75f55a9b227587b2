// The code of a template's function as pieces that fit into a module: only what the function needs, under names that nothing there has.

import type { Program, Statement } from "@babel/types";
import type { Compilation } from "../compiler/types.ts";
import { createNameAllocator } from "../core/words.ts";
import { parseGenerated } from "./inline-parse.ts";
import { findReferences, namesDeclared, namesIn, type Reference } from "./inline-scope.ts";

/** A top-level function or constant of generated code. */
interface Piece {
  readonly name: string;
  /** With its doc comment. */
  readonly text: string;
  /** Where other pieces, and itself, are named in the text. */
  readonly references: readonly {
    readonly name: string;
    readonly start: number;
    readonly end: number;
    readonly isShorthand: boolean;
  }[];
}

/** What a template's function is made of. */
export interface GeneratedCode {
  /** The name of the function in its own code. */
  readonly entry: string;
  /** Its parameters. */
  readonly params: readonly string[];
  readonly pieces: readonly Piece[];
  /** All names that the code uses for anything. */
  readonly names: ReadonlySet<string>;
  /** What the check found, from the code's header. */
  readonly remark: string;
}

/** Takes the derivative of the last function, and what it calls, from a compilation that succeeded. */
export function extractCode({ javascript, functions }: Pick<Compilation, "javascript" | "functions">): GeneratedCode {
  const entry = functions.at(-1)!.exports["derivative"]!; // what compiled has a function, and its derivative
  const program = parseGenerated(javascript);
  const pieces = new Map(piecesOf(program, javascript).map((piece) => [piece.name, piece]));
  const needed = reachable(entry, pieces);
  return {
    entry,
    params: paramsOf(program, entry),
    pieces: [...pieces.values()].filter(({ name }) => needed.has(name)),
    names: namesIn(program),
    remark:
      javascript
        .split("\n")
        .find((line) => line.startsWith(`// ${entry}: `))
        ?.slice(entry.length + 5) ?? "",
  };
}

function piecesOf(program: Program, javascript: string): Piece[] {
  const references = findReferences(program, namesDeclared(program));
  return program.body.map((statement): Piece => {
    const start = docStart(statement);
    const end = statement.end!; // what was parsed has places
    const within = references.filter(({ node }) => node.start! >= start && node.end! <= end);
    return {
      name: nameOf(statement),
      text: javascript.slice(start, end),
      references: within.map((reference) => ({
        name: reference.name,
        start: reference.node.start! - start,
        end: reference.node.end! - start,
        isShorthand: isShorthand(reference),
      })),
    };
  });
}

function docStart({ leadingComments, start }: Statement): number {
  const doc = leadingComments?.at(-1);
  return doc?.type === "CommentBlock" && doc.value.startsWith("*") ? doc.start! : start!;
}

/** Generated code has functions, and constants one by one. */
function nameOf(statement: Statement): string {
  if (statement.type === "FunctionDeclaration" && statement.id) return statement.id.name;
  const id = statement.type === "VariableDeclaration" ? statement.declarations[0]?.id : undefined;
  if (id?.type === "Identifier") return id.name;
  throw new Error(`generated code has a ${statement.type} at its top level`);
}

function isShorthand({ parents: [parent] }: Reference): boolean {
  return parent?.type === "ObjectProperty" && parent.shorthand;
}

function paramsOf(program: Program, name: string): string[] {
  const found = program.body.find((statement) => statement.type === "FunctionDeclaration" && statement.id?.name === name);
  if (found?.type !== "FunctionDeclaration") throw new Error(`generated code has no function ${name}`);
  return found.params.flatMap((param) => {
    const pattern = param.type === "AssignmentPattern" ? param.left : param;
    return pattern.type === "Identifier" ? [pattern.name] : [];
  });
}

/** The pieces that a piece needs, itself among them. */
function reachable(name: string, pieces: ReadonlyMap<string, Piece>): Set<string> {
  const found = new Set<string>();
  const stack = [name];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    stack.push(...(pieces.get(at)?.references ?? []).map((reference) => reference.name));
  }
  return found;
}

/** What has been put into a module so far. */
export interface CodeModule {
  /** Adds the function of a template with all that it needs, below a heading, and answers what it is called. */
  add(code: GeneratedCode, heading: string): string;
  /** Adds a function that a template needs beside it, written when it has a name. */
  addFunction(wanted: string, write: (name: string) => string): string;
  /** Likewise one that such functions call. */
  addHelper(wanted: string, write: (name: string) => string): string;
  /** The text of all that was added, what functions call below them. */
  text(): string;
}

/** `taken` are the names of the module; `generated` is all code that will be added. */
export function createCodeModule(taken: ReadonlySet<string>, generated: readonly GeneratedCode[]): CodeModule {
  const local = new Set(generated.flatMap(({ names }) => [...names]));
  const params = new Set(generated.flatMap((code) => code.params));
  const allocator = createNameAllocator(taken);
  const added = new Map<string, string>();
  const functions: string[] = [];
  const helpers: string[] = [];

  /** Its own name, at which no local stands in its way; else one that no code has for anything. */
  function nameFor(wanted: string): string {
    if (allocator.isFree(wanted) && !params.has(wanted)) return allocator.allocate(wanted);
    for (;;) {
      const name = allocator.allocate(wanted);
      if (!local.has(name)) return name;
    }
  }

  /** What is written alike is one function. */
  function addWritten(texts: string[], wanted: string, write: (name: string) => string): string {
    const key = write("");
    const name = added.get(key) ?? nameFor(wanted);
    if (!added.has(key)) texts.push(write(name));
    added.set(key, name);
    return name;
  }

  return {
    text: () => [...functions, ...helpers].join("\n\n"),
    add({ entry, pieces }, heading) {
      const keys = new Map(pieces.map((piece) => [piece.name, identityOf(piece.name, pieces)]));
      const fresh = pieces.filter(({ name }) => !added.has(keys.get(name)!));
      for (const { name } of fresh) added.set(keys.get(name)!, nameFor(name));
      const names = new Map([...keys].map(([name, key]) => [name, added.get(key)!]));
      for (const piece of fresh) {
        if (piece.name === entry) functions.push(`${heading}\n${rename(piece, names)}`);
        else helpers.push(rename(piece, names));
      }
      return names.get(entry)!;
    },
    addFunction: (wanted, write) => addWritten(functions, wanted, write),
    addHelper: (wanted, write) => addWritten(helpers, wanted, write),
  };
}

/** Pieces of the same text are the same where all that they need is. */
function identityOf(name: string, pieces: readonly Piece[]): string {
  const byName = new Map(pieces.map((piece) => [piece.name, piece]));
  const needed = reachable(name, byName);
  return [name, ...pieces.filter((piece) => needed.has(piece.name)).map(({ text }) => text)].join("\0");
}

function rename({ text, references }: Piece, names: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  let at = 0;
  for (const { name, start, end, isShorthand } of references) {
    const now = names.get(name)!; // what a piece names is a piece
    parts.push(text.slice(at, start), isShorthand && now !== name ? `${name}: ${now}` : now);
    at = end;
  }
  return parts.join("") + text.slice(at);
}
