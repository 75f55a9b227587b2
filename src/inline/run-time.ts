// Tags without the bundler plugin: the source is compiled where the template is first evaluated, and never again.

import { compile, load } from "../compiler.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import type { Mode } from "../emit/typescript/signature.ts";
import { bindValues, checkValues, type Callee } from "./bind.ts";
import { frameErrors } from "./frame.ts";
import { tellDiagnostics, type Shown } from "./places.ts";
import { readTemplate, type Template } from "./template.ts";

type Call = (...args: unknown[]) => unknown;

/** A template's function before its values are bound. */
interface Made extends Callee {
  readonly call: Call;
  /** The hidden inputs of the template's gaps. */
  readonly hidden: readonly (string | undefined)[];
}

/** A tag that compiles. Its functions are kept by the place of the template, and by its text. */
export function createTag(mode: Mode): (strings: TemplateStringsArray, ...values: readonly unknown[]) => Call {
  const byPlace = new WeakMap<TemplateStringsArray, Made>();
  const byText = new Map<string, Made>();
  return (strings, ...values) => {
    if (!Array.isArray(strings)) throw new TypeError(`wengert: ${mode} is a tag: write ${mode}\`f(x) = ...\``);
    let made = byPlace.get(strings);
    if (made === undefined) {
      const texts = strings.map((text, index) => text ?? strings.raw[index]!); // undefined after a false escape
      const key = JSON.stringify(texts);
      made = byText.get(key) ?? make(mode, texts);
      byText.set(key, made);
      byPlace.set(strings, made);
    }
    checkValues(mode, values);
    return bindValues(made.call, made, made.hidden, values);
  };
}

function make(mode: Mode, strings: readonly string[]): Made {
  warnOnce(mode);
  const template = readTemplate(strings);
  if (template.problems.length > 0) throw problem(mode, strings, template, []);
  // The check stays: it costs 2 to 20 ms for numbers, 100 ms for a layer or two, once, and a build would have made it.
  const compilation = compile(template.text, { mode });
  const fn = compilation.functions.at(-1);
  if (!compilation.ok || fn === undefined) throw problem(mode, strings, template, compilation.diagnostics);
  const call = load(compilation)[fn.exports["derivative"]!] as unknown as Call; // exports are untyped text until here
  return { call, inputs: fn.inputs, packed: fn.result.packed, hidden: template.inputs };
}

const GAP = "${…}";

function problem(mode: Mode, strings: readonly string[], template: Template, found: readonly Diagnostic[]): Error {
  const text = strings.join(GAP);
  const labels = template.inputs.map(() => GAP);
  const telling = { template, shown: shownAs(strings), labels };
  const plainly = labels.length === 0 ? undefined : compile(template.literal.text, { mode }).diagnostics;
  const diagnostics = tellDiagnostics(telling, found, plainly);
  return new Error(`wengert: this ${mode} template has errors\n\n${frameErrors(diagnostics, text)}\n`);
}

/** Where the strings are in the text that shows a gap as `${…}`. */
function shownAs(strings: readonly string[]): Shown {
  let at = 0;
  return strings.map((text) => {
    const start = at;
    at += text.length + GAP.length;
    return Array.from({ length: text.length + 1 }, (_, index) => start + index);
  });
}

/** Of all copies of this module that a page may have loaded. */
const WARNED = Symbol.for("wengert.inline.warned");

function warnOnce(mode: Mode): void {
  const shared = globalThis as { [WARNED]?: true };
  if (shared[WARNED]) return;
  shared[WARNED] = true;
  console.warn(
    `wengert: a ${mode} template was compiled at run time, and others will be. It works, but the compiler is loaded with the page and each ` +
      'template costs milliseconds. To have them compiled when the project is built, add wengert\'s plugin to the bundler: import wengert from "wengert/vite", ' +
      "or from wengert/rollup, wengert/rolldown, wengert/webpack, wengert/rspack, wengert/esbuild; `npx gen init` tells which and where.",
  );
}
