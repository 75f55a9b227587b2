// A process that may not run text compiles, checks, loads and trains, with the answers of one that may.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile, load } from "../../src/compiler.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "wengert-forbidden-"));
const script = join(folder, "entry.mjs");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `
  import { readFileSync } from "node:fs";
  import { compile, evaluateAt, load } from "./src/compiler.ts";
  import { compileNetwork } from "./src/compiler/network-source.ts";
  const example = (name) => readFileSync(\`\${process.argv[2]}/examples/\${name}\`, "utf8");
  const attempt = (run) => { try { return run(); } catch (error) { return String(error); } };
  const describe = ({ ok, code, diagnostics, functions }) =>
    ({ ok, code, diagnostics, verifications: functions.map((fn) => fn.verification) });
  const point = { x: 3, y: -4 };
  const staged = ["staged", "tidy", "fast"].map((style) => compile(example("staged.math"), { style }));
  const modes = ["jacobian", "hessian", "jvp", "hvp"].map((mode) => compile(example("staged.math"), { mode }));
  const tensors = [{}, { precision: "f32" }, { style: "tidy" }].map((options) => compile(example("two-layer.math"), options));
  const own = compile("sum(x, y) = x + y\\nmap(x, y) = sum(x, y) * gamma(x)");
  const xor = [{}, { precision: "f32" }].map((options) => compileNetwork(example("xor.net.yaml"), { name: "xor", ...options }));
  const train = (compilation, Reals) => {
    const { xorInit, xorOptimizer, xorStep, xorPredict } = load(compilation);
    const [params, optimizer] = [xorInit(1), xorOptimizer()];
    const [X, y] = [Reals.of(0, 0, 0, 1, 1, 0, 1, 1), Reals.of(0, 1, 1, 0)];
    const losses = Array.from({ length: 1000 }, () => xorStep(params, optimizer, X, y));
    return { first: losses[0], last: losses.at(-1), params, answers: xorPredict(params, X) };
  };
  console.log(JSON.stringify({
    mayRunText: attempt(() => new Function("return true")()),
    compiled: [...staged, ...modes, ...tensors, own, ...xor].map(describe),
    evaluated: [...staged, ...modes].map((compilation) => attempt(() => evaluateAt(compilation, point))),
    own: evaluateAt(own, point),
    trained: [train(xor[0], Float64Array), train(xor[1], Float32Array)],
  }));`;

interface Output {
  readonly mayRunText: unknown;
  readonly compiled: readonly { readonly ok: boolean; readonly verifications: readonly { readonly status: string }[] }[];
  readonly trained: readonly {
    readonly first: number;
    readonly last: number;
    readonly answers: Readonly<Record<string, number>>;
  }[];
}

let allowed: Output;
let forbidden: Output;

beforeAll(async () => {
  await build({
    stdin: { contents: PROGRAM, resolveDir: root },
    bundle: true,
    platform: "browser", // as for a page, but with files to read
    external: ["node:fs"],
    format: "esm",
    outfile: script,
  });
  const run = (...flags: string[]): Output => {
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, root], { encoding: "utf8" });
    expect(stderr).toBe("");
    return JSON.parse(stdout) as Output;
  };
  allowed = run();
  forbidden = run("--disallow-code-generation-from-strings");
}, 60_000);

test("one process may run text, the other may not", () => {
  expect(allowed.mayRunText).toBe(true);
  expect(forbidden.mayRunText).toMatch(/^EvalError/);
});

test("all compiles and passes its check", () => {
  for (const { ok, verifications } of forbidden.compiled) {
    expect(ok).toBe(true);
    expect(verifications.map(({ status }) => status)).toEqual(verifications.map(() => "passed"));
  }
});

test("both give the same, to the last bit", () => {
  expect({ ...forbidden, mayRunText: true }).toEqual(allowed);
});

test("the network has learnt", () => {
  for (const { first, last, answers } of forbidden.trained) {
    expect(last).toBeLessThan(first / 4);
    expect(Object.values(answers).map(Math.round)).toEqual([0, 1, 1, 0]);
  }
});

test("a mistake in the text is an error where text may be run", () => {
  const broken = { ok: true, diagnostics: [], javascript: "function f(x) { return x +; }", functions: [] };
  expect(() => load(broken)).toThrow(SyntaxError);
});

test("text is tried once where it is refused, and always where it is run", () => {
  const compilation = compile("f(x) = x^2", { verify: false });
  const Native = Function;
  const seen = { run: 0, refused: 0 };
  function run(text: string): unknown {
    seen.run++;
    return new Native(text);
  }
  function refuse(): never {
    seen.refused++;
    throw new EvalError("refused");
  }
  const answers = (): unknown[] => [3, 4].map((x) => load(compilation)["f"]!(x));
  try {
    globalThis.Function = run as unknown as FunctionConstructor;
    expect([answers(), seen]).toEqual([[9, 16], { run: 2, refused: 0 }]);
    globalThis.Function = refuse as unknown as FunctionConstructor;
    expect([answers(), seen]).toEqual([[9, 16], { run: 2, refused: 1 }]);
  } finally {
    globalThis.Function = Native;
  }
});
