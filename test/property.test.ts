// What must hold for every source: styles agree with each other and with the checker, and no text whatever crashes, hangs or injects.

import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile, evaluateAt, load, type Compilation } from "../src/index.ts";
import { ops } from "../src/ops/registry.ts";

const long = process.env["LONG"] !== undefined;
const runs = (count: number): { numRuns: number } => ({ numRuns: long ? 20 * count : count });

const callable = [...ops.values()].filter(
  (op) => !op.internal && op.rule !== undefined && op.family !== "comparison" && op.name !== "polygamma",
);

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("x", "y", "z", "x", "y"),
    fc.constantFrom("1", "2", "0.5", "3", "pi", "-1.5"),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/", "+", "*"), tie("expression"))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc.tuple(tie("expression"), fc.constantFrom("2", "3", "-1", "0.5", "4", "x")).map(([a, power]) => `(${a})^${power}`),
    fc.tuple(fc.constantFrom(...callable), fc.array(tie("expression"), { minLength: 3, maxLength: 3 })).map(([op, args]) => {
      const count = op.variadic ? 2 : op.params.length;
      return `${op.name}(${args.slice(0, count).join(", ")})`;
    }),
    fc
      .tuple(tie("expression"), fc.constantFrom("<", ">", "<=", ">="), tie("expression"), tie("expression"))
      .map(([a, operator, b, c]) => `(${a} ${operator} ${b} ? ${b} : ${c})`),
    tie("expression").map((a) => `1 / (1 + exp(-(${a})))`),
    tie("expression").map((a) => `log(1 + exp(${a}))`),
  ),
}));

const point = { x: 0.7310585786, y: 1.3132616875, z: -0.4812118251 };

describe("random expressions", () => {
  test("no correct gradient is reported as wrong, and the styles agree", () => {
    const property = fc.property(expression, (text) => {
      fc.pre(!isDegenerate(text));
      const source = `f(x, y, z) = ${text}`;
      const compilations = (["staged", "tidy", "fast"] as const).map((style) => compile(source, { style }));
      for (const compilation of compilations) expectSound(compilation, source);
      const gradients = compilations.filter(({ ok }) => ok).map((compilation) => evaluateAt(compilation, point));
      for (const other of gradients.slice(1)) expectSameGradient(gradients[0]!, other, source);
    });
    fc.assert(property, runs(60));
  });

  test("Hessians and products with them are right too", () => {
    const property = fc.property(
      expression,
      fc.constantFrom("hessian" as const, "hvp" as const, "jvp" as const),
      (text, mode) => {
        fc.pre(!isDegenerate(text));
        const source = `param x in [-3, 3]\nparam y in [-3, 3]\nparam z in [-3, 3]\nf(x, y, z) = ${text}`; // where no square underflows
        expectSound(compile(source, { mode, style: "tidy" }), source);
      },
    );
    fc.assert(property, runs(40));
  });
});

/** `sqrt(x - x)` and `asin(x / x)` have no derivative by the chain rule, ∞ · 0, although they are constant; nobody means to write them. */
function isDegenerate(text: string): boolean {
  return /\((.+) [-/] \1\)|(?:sub|div|mod|atan2)\((.+), \2\)/.test(text);
}

/** A compilation either is checked, or says that no point could be found, or that the function is one without a real value. */
function expectSound(compilation: Compilation, source: string): void {
  const codes = compilation.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
  if (codes.includes("WG3001") && isChainRuleUndefined(compilation, source)) return;
  expect(
    codes.filter((code) => code !== "WG3003"),
    `${source}\n${JSON.stringify(compilation.diagnostics)}`,
  ).toEqual([]);
}

/** Whether the chain rule itself gives ∞ · 0 at the point complained of (a root of what underflows to 0): forward mode does as well. */
function isChainRuleUndefined({ verification }: Compilation, source: string): boolean {
  const failure = verification.failures[0];
  if (failure === undefined || (failure.what !== "nonfinite" && failure.what !== "seed")) return false;
  return ["x", "y", "z"].some((name) => {
    const tangent = compile(source, { mode: "jvp", style: "fast", wrt: [name], verify: false });
    const { fJvp } = load(tangent) as unknown as { fJvp: (...args: number[]) => Float64Array };
    const { x, y, z } = failure.point as { x: number; y: number; z: number };
    return !Number.isFinite(fJvp(x, y, z, 1)[1]);
  });
}

function expectSameGradient(a: ReturnType<typeof evaluateAt>, b: ReturnType<typeof evaluateAt>, source: string): void {
  if (!Number.isFinite(a.value)) return;
  for (const name of Object.keys(a.gradient)) {
    const [left, right] = [a.gradient[name]!, b.gradient[name]!];
    if (!Number.isFinite(left) || !Number.isFinite(right)) continue; // ill-defined at this point: the checker looks at those
    const scale = Math.max(Math.abs(left), Math.abs(right), Math.abs(a.value) * 1e-3, 1e-3);
    expect(Math.abs(left - right) / scale, `${source} by ${name}: ${left} and ${right}`).toBeLessThan(1e-6);
  }
}

/** String literals, of which generated code has none. */
function textsIn(code: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, code);
  const texts: string[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (ts.SyntaxKind.StringLiteral <= token && token <= ts.SyntaxKind.TemplateTail) texts.push(scanner.getTokenText());
  }
  return texts;
}

describe("any text at all", () => {
  const fragments = fc.constantFrom(
    "x",
    "y",
    "(",
    ")",
    "[",
    "]",
    "+",
    "-",
    "*",
    "/",
    "^",
    ",",
    ";",
    "\n",
    "=",
    "f(x) = ",
    "exp(",
    "1e400",
    "'",
    '"',
    "`",
    "${",
    "*/",
    "//",
    "#",
    "\u0000",
    "\ufeff",
    "\u202e",
    "constructor",
    "__proto__",
    "class",
    "await",
    "param ",
    "const ",
    "?",
    ":",
    "1",
    ".5",
    "i",
    "%",
    "!",
    "to ",
    "in ",
  );
  const soup = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(fragments, { maxLength: 25 }).map((parts) => parts.join("")),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  );

  test("compiles or is refused; what compiles is TypeScript without a surprise", () => {
    const property = fc.property(soup, (text) => {
      const compilation = compile(text);
      if (!compilation.ok) {
        expect(compilation.diagnostics.some(({ severity }) => severity === "error")).toBe(true);
        expect(compilation.code).toBe("");
        return;
      }
      const { diagnostics } = ts.transpileModule(compilation.code, {
        reportDiagnostics: true,
        compilerOptions: { target: ts.ScriptTarget.ES2022 },
      });
      expect(diagnostics).toEqual([]);
      expect(textsIn(compilation.code)).toEqual([]);
    });
    fc.assert(property, runs(300));
  });

  test.each([
    "x # */ process.exit(1) //",
    "x # \u2028 process.exit(1)",
    "f(x) = x # `${process.exit(1)}`",
    "param x # INJECTED\nx^2",
  ])("no comment gets into the output: %j", (text) => {
    const { code } = compile(text);
    expect(code).not.toMatch(/process|INJECTED/);
  });
});
