// Finds what is to be checked in a user's file: one function that goes forward and backward, a pair of functions, or a bare script.

import type { Node, Program, Statement } from "@babel/types";
import type { Reporter } from "../diagnostics/report.ts";
import { adjointOf } from "./names.ts";
import { endOf, isFunction, namesBound, namesRead, startOf, walk, type FunctionNode } from "./syntax.ts";

/** A function of the file, or the file itself. */
export interface Pass {
  readonly name: string;
  /** Undefined for a script. */
  readonly fn: FunctionNode | undefined;
  readonly body: readonly Statement[];
}

export type Subject =
  | { readonly kind: "single"; readonly pass: Pass }
  | { readonly kind: "pair"; readonly forward: Pass; readonly backward: Pass }
  | { readonly kind: "script"; readonly pass: Pass };

export interface Wanted {
  /** Names of the source's inputs, and of what is differentiated. */
  readonly inputs: readonly string[];
  readonly outputs: ReadonlySet<string>;
  readonly function: string | undefined;
}

interface NamedFunction {
  readonly name: string;
  readonly fn: FunctionNode;
}

const FORWARD = /^(.*?)_?(?:forward|fwd|forwardPass)$/i;
const BACKWARD = /^(.*?)_?(?:backward|bwd|backwardPass|backprop)$/i;

/** What to check, the most likely first; reports where there is nothing. */
export function findSubjects(program: Program, wanted: Wanted, reporter: Reporter): Subject[] {
  const functions = topFunctions(program);
  const found = wanted.function === undefined ? guess(program, functions, wanted) : named(wanted.function, functions);
  if (found.length > 0) return found;
  const known = functions.map(({ name }) => name).join(", ") || "none";
  if (wanted.function !== undefined) reporter.report("WG5005", undefined, { name: wanted.function, known });
  else reporter.report("WG5004", undefined, { inputs: wanted.inputs.map((name) => `d${name}`).join(", ") });
  return [];
}

function named(name: string, functions: readonly NamedFunction[]): Subject[] {
  const exact = functions.find((each) => each.name === name);
  const pair = pairsOf(functions).find(
    ({ forward, backward }) =>
      forward.name === name || backward.name === name || FORWARD.exec(forward.name)?.[1]?.toLowerCase() === name.toLowerCase(),
  );
  if (pair !== undefined && (exact === undefined || FORWARD.test(name) || BACKWARD.test(name))) return [subjectOfPair(pair)];
  return exact === undefined ? [] : [{ kind: "single", pass: passOf(exact) }];
}

function guess(program: Program, functions: readonly NamedFunction[], wanted: Wanted): Subject[] {
  const script = program.body.filter((statement) => !isDeclarationOfFunction(statement));
  if (assignsGradient(script, wanted))
    return [{ kind: "script", pass: { name: "the script", fn: undefined, body: program.body } }];
  const pairs = pairsOf(functions);
  const inPairs = new Set(pairs.flatMap(({ forward, backward }) => [forward.name, backward.name]));
  const called = calledByOthers(functions);
  const singles = functions
    .filter(({ name, fn }) => !inPairs.has(name) && fn.params.length > 0 && !called.has(name))
    .filter(({ fn }) => ![...namesRead(fn.body)].some((name) => inPairs.has(name)))
    .map((each) => ({ ...each, score: scoreOf(each, wanted) }))
    .sort((a, b) => b.score - a.score);
  const chosen = singles.filter(({ score }) => score > 0).slice(0, 1);
  const lone = pairs.length === 0 && chosen.length === 0 ? singles.slice(0, 1) : chosen;
  return [...lone.map((each): Subject => ({ kind: "single", pass: passOf(each) })), ...pairs.slice(0, 1).map(subjectOfPair)];
}

/** How much a function looks like one that returns the gradients. */
function scoreOf({ name, fn }: NamedFunction, { inputs, outputs }: Wanted): number {
  const known = new Set([...inputs, ...namesBound(fn)]);
  const mentioned = new Set<string>();
  walk(fn.body, (node) => {
    if (node.type === "Identifier") mentioned.add(node.name);
    if (node.type === "ObjectProperty" && node.key.type === "Identifier") mentioned.add(node.key.name);
  });
  const gradients = [...mentioned].filter((each) => adjointOf(each, known, outputs) !== undefined).length;
  const own = [...namesBound(fn)].filter((each) => inputs.includes(each)).length;
  const isNamed = /grad|backprop/i.test(name) ? 1 : 0;
  return gradients === 0 ? isNamed : gradients + 2 * own + 3 * isNamed;
}

/** Whether statements outside functions set a gradient of an input, or of something they computed. */
function assignsGradient(statements: readonly Statement[], { inputs, outputs }: Wanted): boolean {
  const assigned = new Set<string>();
  for (const statement of statements) {
    walk(statement, (node) => {
      if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && !(node.init && isFunction(node.init)))
        assigned.add(node.id.name);
      if (node.type === "AssignmentExpression" && node.left.type === "Identifier") assigned.add(node.left.name);
      return !isFunction(node);
    });
  }
  const known = new Set([...inputs, ...assigned]);
  return [...assigned].some((name) => adjointOf(name, known, outputs) !== undefined);
}

function isDeclarationOfFunction(statement: Statement): boolean {
  return /^(FunctionDeclaration|ExportNamedDeclaration|ExportDefaultDeclaration|TS)/.test(statement.type);
}

function topFunctions(program: Program): NamedFunction[] {
  return program.body.flatMap((statement) => {
    const declared =
      (statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration") && statement.declaration
        ? statement.declaration
        : statement;
    if (declared.type === "FunctionDeclaration") return declared.id ? [{ name: declared.id.name, fn: declared }] : [];
    if (declared.type !== "VariableDeclaration") return [];
    return declared.declarations.flatMap(({ id, init }) => {
      const value = init && unwrap(init);
      const isNamed = id.type === "Identifier" && value && isFunction(value);
      return isNamed ? [{ name: id.name, fn: value }] : [];
    });
  });
}

/** Bodies of the functions at the top of a file, by name. */
export function helpersOf(program: Program): Map<string, Node> {
  return new Map(topFunctions(program).map(({ name, fn }) => [name, fn.body]));
}

function unwrap(node: Node): Node {
  return node.type === "ParenthesizedExpression" ? unwrap(node.expression) : node;
}

interface Pair {
  readonly forward: NamedFunction;
  readonly backward: NamedFunction;
}

function pairsOf(functions: readonly NamedFunction[]): Pair[] {
  return functions.flatMap((forward) => {
    const stem = FORWARD.exec(forward.name)?.[1];
    if (stem === undefined) return [];
    const backward = functions.find(({ name }) => BACKWARD.exec(name)?.[1] === stem);
    return backward === undefined ? [] : [{ forward, backward }];
  });
}

function subjectOfPair({ forward, backward }: Pair): Subject {
  return { kind: "pair", forward: passOf(forward), backward: passOf(backward) };
}

function passOf({ name, fn }: NamedFunction): Pass {
  const body = fn.body.type === "BlockStatement" ? fn.body.body : [];
  return { name, fn, body };
}

/** Helpers: functions that other functions of the file call. */
function calledByOthers(functions: readonly NamedFunction[]): Set<string> {
  const called = new Set<string>();
  for (const { name, fn } of functions) {
    for (const read of namesRead(fn.body)) if (read !== name) called.add(read);
  }
  return called;
}

/** `fGrad`, `fForward and fBackward`, `the script`. */
export function subjectName(subject: Subject): string {
  return subject.kind === "pair" ? `${subject.forward.name} and ${subject.backward.name}` : subject.pass.name;
}

/** Where the statements of a pass begin and end. */
export function extentOf({ fn, body }: Pass): { readonly start: number; readonly end: number } {
  if (fn !== undefined) return { start: startOf(fn), end: endOf(fn) };
  return { start: body.length === 0 ? 0 : startOf(body[0]!), end: body.length === 0 ? 0 : endOf(body.at(-1)!) };
}
