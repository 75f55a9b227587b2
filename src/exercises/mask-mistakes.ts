// Mistakes at a gate that lets through or not: its condition forgotten, turned round, or that of another variable. Whether such a line is wrong
// depends on the numbers: the positive part of z is positive where z is.

import type { CallExpression, Node } from "@babel/types";
import type { Lesson } from "../lesson/types.ts";
import { isFunction, patternNames } from "../review/syntax.ts";
import { around, parseStatement, replaced, textOf, type ParsedStatement } from "./edits.ts";
import { namesIn, shapeOf } from "./statements.ts";
import type { Blank, Mistake } from "./types.ts";

/** Of the line of a blank; none where it has no condition and no sign. */
export function maskMistakes(lesson: Lesson, blank: Blank, statement: string): Mistake[] {
  if (!/\?|Math\.sign\(/.test(statement)) return [];
  const parsed = parseStatement(statement);
  const scope = scopeAt(lesson, blank);
  return parsed.nodes.flatMap((node) => [
    ...(node.type === "ConditionalExpression" ? conditionMistakes(parsed, node.test, scope) : []),
    ...(isSign(node) ? signMistakes(parsed, node, scope) : []),
  ]);
}

/** A variable that the line may read. */
export interface Readable {
  readonly name: string;
  /** Empty of a number. */
  readonly shape: string;
}

/** Inputs, stages, and the gradients of the lines above. */
export function scopeAt(lesson: Lesson, { step }: Blank): Readable[] {
  const values = [...lesson.inputs, ...lesson.stages].map(({ variable, shape }) => ({ name: variable, shape }));
  const gradients = lesson.steps
    .filter(({ action, index }) => action !== "help" && index < step.index)
    .map(({ adjoint, target }) => ({ name: adjoint, shape: shapeOf(lesson, target) }))
    .filter(({ name }) => name !== step.adjoint);
  return [...new Map([...values, ...gradients].map((each) => [each.name, each])).values()];
}

function conditionMistakes(parsed: ParsedStatement, test: Node, scope: readonly Readable[]): Mistake[] {
  if (/[=!]==/.test(textOf(parsed, test))) return []; // a guard of a single place, not a gate
  const others = conditions(parsed, test, scope).map((condition) => mask(replaced(parsed, test, condition)));
  return [
    { kind: "always", statement: replaced(parsed, test, "true") },
    { kind: "never", statement: replaced(parsed, test, "false") },
    { kind: "inverted", statement: replaced(parsed, test, `!(${textOf(parsed, test)})`) },
    ...others,
    ...otherArrays(parsed, test, scope).map(mask),
  ];
}

function mask(statement: string): Mistake {
  return { kind: "mask", statement };
}

/** The sign of each number at hand, and which of two is larger. */
function conditions(parsed: ParsedStatement, test: Node, scope: readonly Readable[]): string[] {
  const numbers = numbersAt(parsed, test, scope);
  const near = namesIn(parsed.text).filter((name) => numbers.includes(name));
  const compared = [...new Set([...near, ...numbers])].slice(0, MOST_COMPARED);
  return [
    ...numbers.flatMap((name) => [`${name} > 0`, `${name} < 0`]),
    ...compared.flatMap((left) => compared.flatMap((right) => (left === right ? [] : [`${left} > ${right}`]))),
  ];
}

/** Pairs grow with the square of it. */
const MOST_COMPARED = 7;
const MOST_NUMBERS = 24;

/** Inside a function of elements its parameters; else the numbers in scope. */
function numbersAt(parsed: ParsedStatement, node: Node, scope: readonly Readable[]): string[] {
  const fn = around(parsed, node, isFunction);
  const names =
    fn !== undefined && isFunction(fn)
      ? fn.params.flatMap((param) => patternNames(param))
      : scope.filter(({ shape }) => shape === "").map(({ name }) => name);
  return names.slice(-MOST_NUMBERS);
}

function isSign(node: Node): node is CallExpression {
  return (
    node.type === "CallExpression" &&
    node.callee.type === "MemberExpression" &&
    node.callee.property.type === "Identifier" &&
    node.callee.property.name === "sign"
  );
}

function signMistakes(parsed: ParsedStatement, call: CallExpression, scope: readonly Readable[]): Mistake[] {
  const own = textOf(parsed, call.arguments[0]!);
  const others = numbersAt(parsed, call, scope).filter((name) => name !== own);
  return [
    { kind: "always", statement: replaced(parsed, call, "1") },
    ...others.map((name) => mask(replaced(parsed, call, `Math.sign(${name})`))),
    ...otherArrays(parsed, call, scope).map(mask),
  ];
}

/** Element by element: the same function of another array of the same shape. */
function otherArrays(parsed: ParsedStatement, node: Node, scope: readonly Readable[]): string[] {
  const fn = around(parsed, node, isFunction);
  const call = fn && around(parsed, fn, ({ type }) => type === "CallExpression");
  if (fn === undefined || !isFunction(fn) || call?.type !== "CallExpression") return [];
  const read = namesIn(textOf(parsed, node));
  return fn.params.flatMap((param, index) => {
    const argument = call.arguments[index];
    if (argument === undefined || !read.includes(patternNames(param)[0] ?? "")) return [];
    const own = scope.find(({ name }) => name === textOf(parsed, argument));
    return scope
      .filter(({ name, shape }) => shape === own?.shape && name !== own.name)
      .map(({ name }) => replaced(parsed, argument, name));
  });
}
