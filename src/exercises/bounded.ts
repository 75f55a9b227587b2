// Code of a learner, made to end: every loop and function spends from a budget of steps.

import { parse } from "@babel/parser";
import type { Node } from "@babel/types";
import MagicString from "magic-string";
import { endOf, isFunction, isLoop, startOf, walk } from "../review/syntax.ts";

/** More than an exercise's code takes by far, and over in a moment. */
const MOST_STEPS = 1_000_000;

/** To throw and catch takes as long as some thousand steps. */
const CAUGHT = 1000;

/** What the error says that ends such code. */
export const ENDLESS = "it does not end";

/** The same code with the budget. Code that does not parse stays as it is: it cannot run either. */
export function bounded(javascript: string): string {
  const program = tryParse(javascript);
  if (program === undefined) return javascript;
  const tick = freeName("$tick", javascript);
  const out = new MagicString(javascript);
  walk(program, (node) => {
    if (isFunction(node)) tickIn(out, node.body, tick);
    if (node.type === "CatchClause") out.appendRight(startOf(node.body) + 1, `${tick}s += ${CAUGHT};`);
    if (isLoop(node) && "body" in node) tickIn(out, node.body as Node, tick); // of a loop, a statement
  });
  const budget = `let ${tick}s = 0;\nfunction ${tick}() {\n  if (++${tick}s > ${MOST_STEPS}) throw new Error("${ENDLESS}");\n}\n`;
  return `${budget}${out.toString()}`;
}

function tryParse(javascript: string): Node | undefined {
  try {
    return parse(javascript, { sourceType: "module", attachComment: false, createParenthesizedExpressions: true }).program;
  } catch {
    return undefined;
  }
}

/** Of a block, a statement or the expression of an arrow function. */
function tickIn(out: MagicString, body: Node, tick: string): void {
  if (body.type === "BlockStatement") {
    out.appendRight(startOf(body) + 1, `${tick}();`);
    return;
  }
  const isStatement = /Statement$|Declaration$/.test(body.type);
  out.appendRight(startOf(body), isStatement ? `{${tick}();` : `(${tick}(), `);
  out.appendLeft(endOf(body), isStatement ? "}" : ")");
}

function freeName(wish: string, text: string): string {
  let name = wish;
  while (text.includes(name)) name += "_";
  return name;
}
