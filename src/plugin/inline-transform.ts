// Compiles the templates of `wengert/inline` away: each becomes a reference to a function that is written into the module.

import type { Program, TemplateLiteral } from "@babel/types";
import MagicString, { type SourceMap } from "magic-string";
import type { Compilation } from "../compiler/types.ts";
import { escapeControls } from "../diagnostics/escape.ts";
import type { Diagnostic } from "../diagnostics/report.ts";
import type { Mode } from "../emit/typescript/signature.ts";
import { tellDiagnostics } from "../inline/places.ts";
import { readTemplate, type Template } from "../inline/template.ts";
import { createCodeModule, extractCode, type CodeModule, type GeneratedCode } from "./inline-code.ts";
import { writeBinder, writeCheck } from "./inline-binder.ts";
import { endOfLine, removeImports } from "./inline-imports.ts";
import { parseModule } from "./inline-parse.ts";
import { placesOf, stringsOf } from "./inline-positions.ts";
import { namesDeclared, namesIn } from "./inline-scope.ts";
import { findUses, MODULE, type TaggedTemplate } from "./inline-tags.ts";

export interface InlineOptions {
  /**
   * Compiles a source; what it answers may come from a cache. For results to be those of the run-time fallback its options have to be the
   * defaults but for the mode.
   */
  readonly compile: (
    text: string,
    options: { readonly name: string; readonly mode: Mode },
  ) => InlineCompilation | Promise<InlineCompilation>;
}

/** What of a compilation is needed here. */
export type InlineCompilation = Pick<Compilation, "ok" | "javascript" | "functions" | "diagnostics">;

export interface InlineResult {
  /** The module without its templates; those with errors are still there. */
  readonly code: string;
  /** From that code to what came in. */
  readonly map: SourceMap;
  /** Of all templates; spans are offsets in the code that came in, so it is their source text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The module `code` with its templates compiled; undefined, at once, where it has none. `id` is the file's name, with whatever query a
 * bundler puts behind it. Never throws for what is wrong with a template: that is in the diagnostics.
 */
export async function transformInline(code: string, id: string, options: InlineOptions): Promise<InlineResult | undefined> {
  if (!code.includes(MODULE)) return undefined;
  const program = parseModule(code, id);
  const uses = program && findUses(program);
  if (program === undefined || uses === undefined || hidesGlobals(program)) return undefined;
  const compiled = await Promise.all(uses.templates.map((tagged) => compileTemplate(tagged, { code, id, options })));
  const text = new MagicString(code);
  const good = compiled.filter((each): each is Sound => each.generated !== undefined);
  const module = createCodeModule(
    namesIn(program),
    good.map(({ generated }) => generated),
  );
  for (const each of good) replaceTemplate(text, each, code, module);
  const kept = new Set(compiled.filter(({ generated }) => generated === undefined).map(({ tagged }) => tagged.binding));
  const gone = uses.bindings.filter((binding) => !uses.used.has(binding) && !kept.has(binding));
  removeImports(text, code, gone);
  if (good.length > 0) insertCode(text, program, code, module.text());
  const diagnostics = compiled.flatMap((each) => each.diagnostics);
  if (!text.hasChanged() && diagnostics.length === 0) return undefined;
  return { code: text.toString(), map: text.generateMap({ source: id, includeContent: true, hires: "boundary" }), diagnostics };
}

/** Whether a module means something of its own by what generated code uses. It compiles its templates at run time then. */
function hidesGlobals(program: Program): boolean {
  const declared = namesDeclared(program);
  return GLOBALS.some((name) => declared.has(name));
}

const GLOBALS =
  "Math Number Float64Array Float32Array Int32Array ArrayBuffer Array Set RangeError TypeError Infinity NaN undefined".split(" ");

interface Compiled {
  readonly tagged: TaggedTemplate;
  readonly template: Template;
  /** Undefined where there were errors. */
  readonly generated: GeneratedCode | undefined;
  readonly compilation: InlineCompilation | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

interface Sound extends Compiled {
  readonly compilation: InlineCompilation;
  readonly generated: GeneratedCode;
}

interface File {
  readonly code: string;
  readonly id: string;
  readonly options: InlineOptions;
}

async function compileTemplate(tagged: TaggedTemplate, file: File): Promise<Compiled> {
  const { quasi, start, end } = tagged.node;
  const template = readTemplate(stringsOf(quasi), quasi.expressions.map(nameOf));
  const compile = (text: string) => file.options.compile(text, { name: file.id, mode: tagged.mode });
  const isReadable = template.problems.length === 0;
  const compilation = isReadable ? await compile(template.text) : undefined;
  const isSound = compilation?.ok === true;
  const plainly = isSound || !isReadable || template.inputs.length === 0 ? undefined : await compile(template.literal.text);
  const labels = gapsOf(quasi).map((gap) => labelOf(file.code.slice(gap.start, gap.end).trim()));
  const telling = { template, shown: placesOf(quasi, file.code), labels };
  const diagnostics = tellDiagnostics(telling, compilation?.diagnostics ?? [], plainly?.diagnostics);
  const whole = { start: start!, end: end! }; // what was parsed has places
  return {
    tagged,
    template,
    compilation,
    generated: isSound ? extractCode(compilation) : undefined,
    diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic, span: diagnostic.span ?? whole })),
  };
}

/** An interpolated variable lends its name to the input. */
function nameOf(expression: TemplateLiteral["expressions"][number]): string | undefined {
  return expression.type === "Identifier" ? expression.name : undefined;
}

/** What a gap is called in messages. */
function labelOf(expression: string): string {
  return `\${${expression.length > 30 ? "…" : escapeControls(expression)}}`;
}

/** The texts between `${` and `}`. */
function gapsOf({ quasis }: TemplateLiteral): { readonly start: number; readonly end: number }[] {
  return quasis.slice(1).map((quasi, index) => ({ start: quasis[index]!.end! + 2, end: quasi.start! - 1 }));
}

/** A name instead of the template; with values in it, a call that binds them. */
function replaceTemplate(text: MagicString, compiled: Sound, code: string, module: CodeModule): void {
  const { tagged, template, compilation, generated } = compiled;
  const { quasi, start, end } = tagged.node;
  const name = module.add(generated, headingOf(compiled, code));
  const [before, after] = blanksAround(start!, end!, code); // what was parsed has places
  const gaps = gapsOf(quasi);
  if (gaps.length === 0) {
    text.update(start!, end!, before + name + after);
    return;
  }
  const fn = compilation.functions.at(-1)!; // what compiled has a function
  const check = module.addHelper("checkInterpolated", writeCheck);
  const binding = { mode: tagged.mode, name, check, params: generated.params, fn, hidden: template.inputs };
  const binder = module.addFunction(`${generated.entry}With`, (own) => writeBinder(own, binding));
  let at = start!;
  gaps.forEach((gap, index) => {
    text.update(at, gap.start, index === 0 ? `${before}${binder}(` : ", ");
    if (quasi.expressions[index]!.type === "SequenceExpression") text.appendRight(gap.start, "(").appendLeft(gap.end, ")");
    at = gap.end;
  });
  text.update(at, end!, `)${after}`);
}

/** Blanks without which a name would run into the words beside it: `return(grad)` and a template, or a template and `in`. */
function blanksAround(start: number, end: number, code: string): [before: string, after: string] {
  const touchesBefore = /[\p{ID_Continue}$]$/u.test(code.slice(Math.max(0, start - 2), start));
  const touchesAfter = /^[\p{ID_Continue}$]/u.test(code.slice(end, end + 2));
  return [touchesBefore ? " " : "", touchesAfter ? " " : ""];
}

/** Comment lines: the template, and what the check found. */
function headingOf({ tagged, generated }: Sound, code: string): string {
  const { start, end } = tagged.node.quasi;
  const lines = code
    .slice(start! + 1, end! - 1)
    .trim()
    .split(/\r?\n/);
  const first = escapeControls(lines[0]!).slice(0, 100);
  const isWhole = lines.length === 1 && lines[0]!.length <= 100;
  return `// wengert: ${tagged.mode}\`${first}${isWhole ? "" : " …"}\`\n// ${generated.remark}`;
}

/** Puts generated code below directives and the imports at the head: above whatever could use it. */
function insertCode(text: MagicString, program: Program, code: string, generated: string): void {
  const lineEnd = code.includes("\r\n") ? "\r\n" : "\n";
  const at = endOfHead(program, code);
  const hasHead = at > 0 && text.slice(0, at).trim() !== "";
  const isAtLineStart = at === 0 || code[at - 1] === "\n";
  const above = `${isAtLineStart ? "" : "\n"}${hasHead ? "\n" : ""}`;
  const below = /^\r?\n/.test(code.slice(at, at + 2)) ? "\n" : "\n\n";
  text.appendLeft(at, (above + generated + below).replaceAll("\n", lineEnd));
}

function endOfHead({ interpreter, directives, body }: Program, code: string): number {
  const afterImports = body.findIndex((statement) => statement.type !== "ImportDeclaration");
  const last = (afterImports === -1 ? body : body.slice(0, afterImports)).at(-1) ?? directives.at(-1) ?? interpreter;
  return last ? endOfLine(last.end!, code) : 0; // what was parsed has places
}
