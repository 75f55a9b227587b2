// The figures that need no clock: operation counts, sizes of emitted functions, and that everything emitted passes a strict type checker.
// Those that need one are under bench/.

import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile } from "../src/compiler.ts";
import type { Compilation } from "../src/index.ts";
import { chain, nested, nestedStatements, plainProduct, product, recurrence, S7 } from "./bench/sources.js";

const STYLES = ["staged", "tidy", "fast"] as const;
const camera = readFileSync(new URL("../examples/camera.math", import.meta.url), "utf8");

/** What CasADi takes for a reprojection of this size. (For this very program it took 165, after its own common-subexpression elimination.) */
const CASADI_ON_CAMERA = 155;

describe.each(STYLES)("operations of both passes, %s", (style) => {
  const total = (source: string): number => {
    const { opCount } = compiled(source, style);
    return opCount.forward + opCount.backward;
  };

  test.each([
    ["S7", S7],
    ["camera reprojection", camera],
    ["chain", chain(300)],
    ["recurrence", recurrence(300)],
    ["product", plainProduct(300)],
  ])("%s: at most three times the forward pass, as reported and as counted in the text", (_, source) => {
    const compilation = compiled(source, style);
    const { forward, backward, ratio } = compilation.opCount;
    expect(ratio).toBeLessThanOrEqual(3);
    expect(ratio).toBeCloseTo((forward + backward) / forward, 12);
    expect(operationsIn(compilation)).toBe(forward + backward);
  });

  test("camera reprojection: no more than CasADi", () => {
    expect(compiled(camera, style).functions[0]!.wrt).toHaveLength(10);
    if (style !== "staged") expect(total(camera)).toBeLessThanOrEqual(CASADI_ON_CAMERA);
  });

  test.each([
    ["nested in one expression", nested],
    ["a statement each", nestedStatements],
  ])("factors %s cost the same each", (_, source) => {
    const [at50, at100, at200] = [50, 100, 200].map((count) => total(source(count))) as [number, number, number];
    expect((at200 - at100) / 100).toBeCloseTo((at100 - at50) / 50, 1);
    expect(at200).toBeLessThanOrEqual(8 * 200);
  });
});

/** V8 never optimises a function above 61,440 bytes of bytecode: some 1,700 operations. */
const MOST_OPERATIONS = 1100;

test.each([
  ["a chain 20,000 deep", chain(20_000), 1],
  ["a product of 3,000 factors", product(3000), 3001],
])("fast code of %s stays below the engine's optimisation limit", (_, source, inputs) => {
  const { ok, diagnostics, javascript, functions } = compile(source, { style: "fast", verify: false });
  expect({ ok, diagnostics }).toEqual({ ok: true, diagnostics: [] });
  expect(functions[0]!.wrt).toHaveLength(inputs);
  const counts = [...operationsByFunction(javascript)];
  expect(counts.length).toBeGreaterThan(10);
  expect(counts.filter(([, count]) => count > MOST_OPERATIONS)).toEqual([]);
});

test("tsc --strict passes on what is emitted, in every style and size", () => {
  const subjects = {
    s7: S7,
    camera,
    chain1000: chain(1000),
    product1000: product(1000),
    chain3000: chain(3000),
    gamma: "lgamma(x) * digamma(x)",
  };
  const files = new Map<string, string>();
  for (const [name, source] of Object.entries(subjects)) {
    for (const style of STYLES) files.set(`/${name}-${style}.ts`, compile(source, { style, verify: false }).code);
  }
  expect(problemsOf(files)).toEqual([]);
}, 120_000);

test("and the check that it passes can fail", () => {
  expect(problemsOf(new Map([["/wrong.ts", "export function f(x: number) { return x.y; }\n"]]))).toHaveLength(1);
});

function compiled(source: string, style: (typeof STYLES)[number]): Compilation {
  const compilation = compile(source, { style, verify: false });
  expect(compilation.ok, JSON.stringify(compilation.diagnostics)).toBe(true);
  return compilation;
}

/** Operations of the gradient function and its parts, counted in the emitted text, apart from the compiler's own count. */
function operationsIn({ javascript, functions }: Compilation): number {
  const name = functions.at(-1)!.exports["derivative"]!;
  let sum = 0;
  for (const [fn, count] of operationsByFunction(javascript)) if (fn === name || fn.startsWith(`${name}Part`)) sum += count;
  return sum;
}

function operationsByFunction(javascript: string): Map<string, number> {
  const file = ts.createSourceFile("emitted.js", javascript, ts.ScriptTarget.ES2022);
  const counts = new Map<string, number>();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name && statement.body)
      counts.set(statement.name.text, operationsBelow(statement.body));
  }
  return counts;
}

function operationsBelow(node: ts.Node): number {
  let sum = isOperation(node) ? 1 : 0;
  ts.forEachChild(node, (child) => void (sum += operationsBelow(child)));
  return sum;
}

/** A sign before a number is part of it; handing values on to a part is not arithmetic. */
function isOperation(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return node.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
  if (ts.isPrefixUnaryExpression(node)) return !ts.isNumericLiteral(node.operand);
  if (ts.isCallExpression(node)) return !(ts.isIdentifier(node.expression) && /Part\d+$/.test(node.expression.text));
  return ts.isConditionalExpression(node);
}

/** What a strict type checker says about modules, by name and text. */
function problemsOf(files: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile.call(host, name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
}
