// Diagnostics of templates point at the right characters of the user's file, whatever stands between.

import { expect, test } from "vitest";
import { locateDiagnostics, renderDiagnostics } from "../../src/diagnostics/render.ts";
import { transformed } from "./modules.ts";

interface Mistake {
  readonly name: string;
  /** The file, in which `«` and `»` stand around what must be pointed at. */
  readonly code: string;
  readonly id?: string;
  readonly errorCode: string;
  readonly message?: RegExp;
}

const HEAD = 'import { grad, jacobian } from "wengert/inline";\n';

const mistakes: readonly Mistake[] = [
  { name: "in a line", code: "const f = grad`f(x) = «sigmod»(x)`;", errorCode: "WG1101", message: /'sigmod'/ },
  { name: "in the third line", code: "const f = grad`\n  a = x + 1\n  b = a * «sinn»(y)\n`;", errorCode: "WG1101" },
  {
    name: "after escapes",
    code: "const f = grad`# \\u{1F600} \\x41 \\\\ \\` \\${ \\u0041 \\n f(x) = «sigmod»(x)`;",
    errorCode: "WG1101",
  },
  { name: "after an escaped line end", code: "const f = grad`f(x) = x + \\\n  «sigmod»(x)`;", errorCode: "WG1101" },
  {
    name: "after letters beyond the basic plane",
    code: 'const s = "😀"; const f = grad`# 😀\nf(x) = «sigmod»(x)`;',
    errorCode: "WG1101",
  },
  { name: "an escape itself", code: "const f = grad`f(x) = x + «\\u0040»`;", errorCode: "WG1003" },
  { name: "a false escape", code: "const f = grad`f(x) = x + «\\»u`;", errorCode: "WG1003" },
  { name: "Windows line ends", code: "const f = grad`\r\n  a = x + 1\r\n  b = a * «sinn»(y)\r\n`;\r\n", errorCode: "WG1101" },
  { name: "at the end", code: "const f = grad`f(x) = x «+»`;", errorCode: "WG1001" },
  { name: "an empty template", code: "const f = «grad``»;", errorCode: "WG1002" },
  { name: "a mode that does not fit", code: "const f = grad`«f(x) = [x, x]»`;", errorCode: "WG1301" },
  { name: "after a value", code: "const f = grad`f(x) = ${rate} * «sigmod»(x)`;", errorCode: "WG1101" },
  { name: "between values", code: "const f = grad`f(x) = ${a} * «sigmod»(x) + ${b}`;", errorCode: "WG1101" },
  {
    name: "after values handed down",
    code: "const f = grad`g(t) = ${a} * t\nh(x) = g(x) * «sigmod»(x) + ${b}`;",
    errorCode: "WG1101",
  },
  {
    name: "before a value",
    code: "const f = grad`g(x, y) = x * y\nf(x) = «g»(${a})`;",
    errorCode: "WG1103",
    message: /takes 2 arguments, not 1/,
  },
  {
    name: "the number of arguments, told without hidden ones",
    code: "const f = grad`g(x, y) = ${a} * x * y\nf(x) = «g»(x)`;",
    errorCode: "WG1103",
    message: /takes 2 arguments, not 1/,
  },
  {
    name: "a value glued to a name",
    code: "const f = grad`f(x) = x«${a}»`;",
    errorCode: "WG1001",
    message: /not a part of a name/,
  },
  { name: "a value glued to a number", code: "const f = grad`f(x) = 1«${a}»x`;", errorCode: "WG1001" },
  { name: "a digit before a value", code: "const f = grad`f(x) = x * 1«${a}»`;", errorCode: "WG1001" },
  { name: "a point before a value", code: "const f = grad`f(x) = x * 1.«${a}»`;", errorCode: "WG1001" },
  { name: "a name glued to a value", code: "const f = grad`f(x) = x + «${a}»x`;", errorCode: "WG1001" },
  {
    name: "a value where only constants go",
    code: "const f = grad`input X [«${ size }», 3]\nsum(X)`;",
    errorCode: "WG1222",
    message: /'\$\{size\}' is declared const/,
  },
  {
    name: "a value for a declared constant",
    code: "const f = grad`const a = 2 * «${1 + 2}»\na * x`;",
    errorCode: "WG1215",
    message: /'\$\{1 \+ 2\}' is not a constant/,
  },
  {
    name: "behind the value of a declared constant",
    code: "const f = grad`const a = ${1}, b = ${2}\ninput X [«${ size }», 3]\na * sum(X)`;",
    errorCode: "WG1222",
    message: /'\$\{size\}' is declared const/,
  },
  {
    name: "a value whose name is a word of the message",
    code: "const f = grad`input X [«${a}», 3]\nsum(X)`;",
    errorCode: "WG1222",
    message: /^'\$\{a\}' is declared const, so it cannot name a size$/,
  },
  {
    name: "a declared constant with a value where only numbers go",
    code: "const f = grad`const n = ${a}\ninput X [«n», 3]\nsum(X)`;",
    errorCode: "WG1222",
    message: /^'n' is declared const/,
  },
  {
    name: "a long value",
    code: "const f = grad`input X [«${one + two + three + four + five + six}», 3]\nsum(X)`;",
    errorCode: "WG1222",
    message: /'\$\{…\}' is declared const/,
  },
  { name: "in a second template of a line", code: "const f = [grad`f(x) = x`, grad`f(x) = «y»`];", errorCode: "WG1104" },
  { name: "in a template inside a value", code: "const f = grad`f(x) = x * ${grad`f(x) = «y»`(1).dx}`;", errorCode: "WG1104" },
  {
    name: "under a hashbang",
    code: "#!/usr/bin/env node\n'use strict';\n%HEAD%const f = grad`f(x) = «y»`;",
    errorCode: "WG1104",
  },
  {
    name: "in TSX with type arguments",
    code: "const f = <T,>(x: T) => <b title={grad<(x: number) => { f: number }>`f(x) = «y»`}>{x}</b>;",
    id: "/project/view.tsx",
    errorCode: "WG1104",
  },
];

test.each(mistakes)("$name", async ({ code: marked, id = "/project/model.ts", errorCode, message }) => {
  const whole = marked.includes("%HEAD%") ? marked.replace("%HEAD%", HEAD) : HEAD + marked;
  const start = whole.indexOf("«");
  const end = whole.indexOf("»") - 1;
  const code = whole.replace(/[«»]/g, "");
  const { diagnostics } = await transformed(code, id);
  const [first] = diagnostics.filter(({ severity }) => severity === "error");
  expect(first).toMatchObject({ code: errorCode });
  expect(code.slice(first!.span!.start, first!.span!.end)).toBe(code.slice(start, end));
  expect(first!.span).toEqual({ start, end });
  if (message) expect(first!.message).toMatch(message);
  for (const { message, suggestion } of diagnostics) expect(`${message} ${suggestion}`).not.toMatch(/value\d/);
});

test("lines and columns, and a frame of the user's file", async () => {
  const code = `${HEAD}\nexport const f = grad\`\n  a = x + 1\n  f = a * sigmod(x)\n\`;\n`;
  const { diagnostics } = await transformed(code);
  const source = { name: "model.ts", text: code };
  expect(locateDiagnostics(diagnostics, source)).toMatchObject([{ line: 5, column: 11, endLine: 5, endColumn: 17 }]);
  const frame = await renderDiagnostics(diagnostics, source, { colour: false, width: 100 });
  expect(frame).toContain("model.ts:5:11: error WG1101: there is no function 'sigmod'");
  expect(frame).toContain(">  5 |   f = a * sigmod(x)".replace(">  5", "> 5"));
  expect(frame).toContain("|           ^^^^^^");
});

test("all mistakes of all templates are told, and the good ones compiled", async () => {
  const code = `${HEAD}export const a = grad\`f(x) = y\`;\nexport const b = grad\`f(x) = x^2\`;\nexport const c = jacobian\`[nope(x), nope2(x)]\`;\n`;
  const { diagnostics, code: after } = await transformed(code);
  expect(diagnostics.map(({ span }) => code.slice(span!.start, span!.end))).toEqual(["y", "nope", "nope2"]);
  expect(after).toContain("export const a = grad`f(x) = y`;");
  expect(after).toContain("export const b = fGrad;");
  expect(after).toContain('import { grad, jacobian } from "wengert/inline";');
});

test("warnings are placed too", async () => {
  const code = `${HEAD}export const a = grad\`q = x + \${k}\n  x * 2\`;\n`;
  const { diagnostics } = await transformed(code);
  const start = code.indexOf("q = x");
  expect(diagnostics).toMatchObject([{ code: "WG1115", severity: "warning", span: { start, end: start + 1 } }]);
});
