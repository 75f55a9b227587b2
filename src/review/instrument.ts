// Makes a user's text tell what happens in it: hooks around every assignment and every read of a variable in the two passes, a tick in every
// loop and function. Text goes in by position; nothing else about the program changes.

import MagicString from "magic-string";
import type { Node } from "@babel/types";
import type { Site } from "./sites.ts";
import type { UserText } from "./parse.ts";
import type { Subject } from "./subject.ts";
import { hookPass, type HookContext } from "./hook.ts";
import { endOf, isFunction, isLoop, patternNames, startOf, walk } from "./syntax.ts";

export interface Instrumented {
  /** A function expression of the hooks that returns `{ forward, backward }` or `{ single }`. */
  readonly expression: string;
  readonly sites: readonly Site[];
}

/** Names of the browser and of Node that a forward and a backward pass have no use for: reading them gives undefined. */
const HIDDEN = [
  ..."process globalThis global window self document fetch require module exports XMLHttpRequest WebSocket Worker importScripts".split(
    " ",
  ),
  ..."setTimeout setInterval setImmediate queueMicrotask localStorage sessionStorage indexedDB navigator location".split(" "),
];

export interface InstrumentRequest {
  readonly user: UserText;
  readonly subject: Subject;
  /** Inputs of the source: what a script reads without declaring it. */
  readonly inputs: readonly string[];
}

export function instrument({ user, subject, inputs }: InstrumentRequest): Instrumented {
  const out = new MagicString(user.javascript);
  const hooks = freeName("$t", user.text);
  const sites: Site[] = [];
  const context = { out, hooks, sites };
  tickEverywhere(user, context);
  if (subject.kind === "pair") {
    hookPass(subject.forward, "forward", context, []);
    hookPass(subject.backward, "backward", context, []);
  } else hookPass(subject.pass, "both", context, subject.kind === "script" ? inputs : []);
  return { expression: wrap(out.toString(), { hooks, subject, user, inputs, sites }), sites };
}

/** Every loop and function spends from the budget of steps. */
function tickEverywhere({ program }: UserText, { out, hooks }: HookContext): void {
  walk(program, (node) => {
    if (isFunction(node) && node.body.type === "BlockStatement") out.appendRight(startOf(node.body) + 1, `${hooks}.tick();`);
    if (node.type === "CatchClause") out.appendRight(startOf(node.body) + 1, `${hooks}.caught();`);
    if (isLoop(node) && "body" in node) {
      const body = node.body as Node; // of a loop, a statement
      out.appendRight(startOf(body), `{${hooks}.tick();`);
      out.appendRight(endOf(body), "}");
    }
  });
}

interface Wrapping extends InstrumentRequest {
  readonly hooks: string;
  readonly sites: readonly Site[];
}

function wrap(code: string, { hooks, subject, user, inputs, sites }: Wrapping): string {
  const bound = new Set(topNames(user));
  const isOwn = (name: string): boolean => bound.has(name) || inputs.includes(name);
  const hidden = HIDDEN.filter((name) => !isOwn(name));
  const console = isOwn("console") ? "" : `const console = ${hooks}.console;`;
  const head = `function (${[hooks, ...hidden].join(", ")}) { "use strict"; ${console}\n`;
  if (subject.kind !== "script") {
    const handed =
      subject.kind === "pair"
        ? `forward: ${subject.forward.name}, backward: ${subject.backward.name}`
        : `single: ${subject.pass.name}`;
    return `${head}${code}\nreturn { ${handed} }; }`;
  }
  const parameters = inputs.filter((name) => !bound.has(name));
  const implicit = undeclared(user, new Set([...bound, ...inputs, ...hidden]));
  const first = sites.flatMap((site) =>
    site.kind === "set" && site.how === "parameter" && parameters.includes(site.variable)
      ? [`${site.variable} = ${hooks}.set(${site.id}, ${site.variable});`]
      : [],
  );
  const declared = implicit.length > 0 ? `let ${implicit.join(", ")};` : "";
  return `${head}return { single: function ({ ${parameters.join(", ")} }) { ${first.join(" ")} ${declared}\n${code}\n} }; }`;
}

function topNames({ program }: UserText): string[] {
  const names: string[] = [];
  walk(program, (node) => {
    if (node.type === "VariableDeclarator") names.push(...patternNames(node.id));
    if (node.type === "FunctionDeclaration" && node.id) names.push(node.id.name);
    return node === program || !isFunction(node);
  });
  return names;
}

/** What a script assigns without declaring it, as one does in a notebook. */
function undeclared({ program }: UserText, known: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type === "AssignmentExpression" && node.left.type === "Identifier" && !known.has(node.left.name))
      names.add(node.left.name);
    return !isFunction(node);
  });
  return [...names];
}

function freeName(wish: string, text: string): string {
  let name = wish;
  while (text.includes(name)) name += "_";
  return name;
}
