// Tags without the plugin: they compile once, warn once, and say what is wrong where it is.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import * as compiler from "../../src/compiler.ts";
import { grad, hessian, hvp, jacobian, jvp } from "../../src/inline/inline.ts";
import { transformInline } from "../../src/plugin/inline-transform.ts";

vi.mock("../../src/compiler.ts", async (original) => {
  const actual = await original<typeof compiler>();
  return { ...actual, compile: vi.fn(actual.compile) };
});

const compile = vi.mocked(compiler.compile);
const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
const WARNED = Symbol.for("wengert.inline.warned");
const folder = mkdtempSync(join(tmpdir(), "wengert-fallback-"));

beforeEach(() => {
  compile.mockClear();
  warn.mockClear();
  Reflect.deleteProperty(globalThis, WARNED);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every tag gives its mode's function", () => {
  expect(grad`f(x, y) = x^2 * y`(3, 4)).toEqual({ f: 36, dx: 24, dy: 9 });
  expect(jacobian`f(x, y) = [x * y, x + y]`(3, 4)).toEqual({ f: [12, 7], J: [[4, 3], [1, 1]] }); // prettier-ignore
  expect(hessian`f(x, y) = x^2 * y`(3, 4)).toEqual({ f: 36, dx: 24, dy: 9, H: [[8, 6], [6, 0]] }); // prettier-ignore
  expect(jvp`f(x, y) = x^2 * y`(3, 4, 1, 2)).toEqual({ f: 36, vf: 42 });
  expect(hvp`f(x, y) = x^2 * y`(3, 4, 1, 2)).toEqual({ f: 36, dx: 24, dy: 9, hx: 20, hy: 6 });
});

describe("once", () => {
  test("a place compiles once, however often it is passed, and gives the same function", () => {
    const place = (): unknown => grad`once(x) = x^2`;
    const first = place();
    for (let pass = 0; pass < 5; pass++) expect(place()).toBe(first);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  test("so does a place with values, which may change", () => {
    const place = (rate: number) => grad`changing(x) = ${rate} * x`;
    const functions = [1, 2, 3].map(place);
    expect(functions.map((fn) => fn(10))).toEqual([1, 2, 3].map((rate) => ({ changing: rate * 10, dx: rate })));
    expect(compile).toHaveBeenCalledTimes(1);
  });

  test("the same text in two places, but not in two modes", () => {
    expect(grad`same(x) = x^3`).toBe(grad`same(x) = x^3`);
    expect(compile).toHaveBeenCalledTimes(1);
    expect(hessian`same(x) = x^3`).not.toBe(grad`same(x) = x^3`);
    expect(compile).toHaveBeenCalledTimes(2);
  });

  test("strings that only join to the same text are others", () => {
    const [sum, product] = [grad`${2} + x `, grad` + x ${2}`];
    expect([sum(3), product(3)]).toEqual([
      { f: 5, dx: 1 },
      { f: 6, dx: 2 },
    ]);
    expect(compile).toHaveBeenCalledTimes(2);
  });

  test("a place is known without a look at its text", () => {
    const strings = Object.assign(["x^5"], { raw: ["x^5"] });
    const first = grad(strings);
    strings[0] = "(";
    expect(grad(strings)).toBe(first);
  });

  test("one warning for all, which says what to do", () => {
    expect([grad`warned(x) = x`, hessian`warned(x) = x^2`]).toHaveLength(2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/^wengert: .*run time.*wengert\/vite.*gen init/);
  });

  test("no warning for an import alone, nor for a template that is known", () => {
    expect(grad`warned(x) = x`(2).dx).toBe(1);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("mistakes", () => {
  test.each<[string, () => unknown, string]>([
    [
      "an unknown function",
      () => grad`
        q = x^2
        f = sigmod(q)
      `,
      `wengert: this grad template has errors

3:13: WG1101: there is no function 'sigmod'
  1 |
  2 |         q = x^2
> 3 |         f = sigmod(q)
    |             ^^^^^^
  4 |${"       "}
  help: did you mean 'sigmoid'?
`.replace("4 |       \n", "4 |\n"),
    ],
    [
      "behind a value",
      () => grad`f(x) = ${12345} * sigmod(x)`,
      `wengert: this grad template has errors

1:15: WG1101: there is no function 'sigmod'
> 1 | f(x) = \${…} * sigmod(x)
    |               ^^^^^^
  help: did you mean 'sigmoid'?
`,
    ],
    [
      "two of them",
      () => hvp`f(x) = y; g(x) = z`,
      `wengert: this hvp template has errors

1:8: WG1104: 'y' is unknown in 'f'
> 1 | f(x) = y; g(x) = z
    |        ^
  help: add 'y' to the parameters of 'f'

1:18: WG1104: 'z' is unknown in 'g'
> 1 | f(x) = y; g(x) = z
    |                  ^
  help: add 'z' to the parameters of 'g'
`,
    ],
    [
      "a value beside a name",
      () => grad`f(x) = x${1}`,
      `wengert: this grad template has errors

1:9: WG1001: an interpolated value is a number by itself, not a part of a name or of another number
> 1 | f(x) = x\${…}
    |         ^^^^
  help: put a blank or an operator between
`,
    ],
  ])("%s", (_, tag, message) => {
    expect(tag).toThrow(Error);
    expect(messageOf(tag)).toBe(message);
  });

  test("a false escape is shown as it stands", () => {
    expect(() => grad`f(x) = x + \u`).toThrow(/'\\'.*has no meaning/);
  });

  test("long lists of errors are cut", () => {
    const message = messageOf(() => grad`${1} + a() + b() + c() + d() + h() + k() + l() + m() + n() + o() + p() + q()`);
    expect(message).toContain("... and 2 more");
  });

  test("a check that fails is a mistake", () => {
    expect(() => grad`f(x) = sqrt(-1 - x^2)`).toThrow(/WG3003/);
  });

  test("values that are no numbers are TypeErrors that say which", () => {
    const make = (value: unknown) => grad`f(x) = ${1} * x + ${value as number} # ${2}`;
    expect(() => make(Number.NaN)).not.toThrow();
    for (const value of ["2", 2n, null, undefined, new Number(2)]) {
      const message = `wengert: interpolated value 2 of a grad template must be a number, not of type ${typeof value}`;
      expect(() => make(value)).toThrow(new TypeError(message));
    }
  });

  test("a tag is not a function", () => {
    expect(() => (grad as unknown as (text: string) => unknown)("f(x) = x")).toThrow(TypeError);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

describe("where the engine runs no text", () => {
  test("mistakes read the same, and the warning comes once", async () => {
    const output = await runForbidden(`
      import { grad } from "wengert/inline";
      const message = (run) => { try { return run(); } catch (error) { return String(error); } };
      console.log(JSON.stringify([
        message(() => grad\`f(x) = sigmod(x)\`),
        message(() => grad\`f(x) = \${1} * sigmod(x)\`),
        message(() => grad\`f(x) = x + \${"a"}\`),
        message(() => grad\`f(x) = [x, x]\`),
        message(() => grad\`input X [m, 2]\\nsum(X)\`(new Float64Array(3))),
        message(() => grad\`f(x) = x\`(2)),
      ]));`);
    expect(output.stderr.match(/^wengert: /gm)).toHaveLength(1);
    expect(JSON.parse(output.stdout)).toEqual([
      expect.stringContaining("> 1 | f(x) = sigmod(x)\n    |        ^^^^^^"),
      expect.stringContaining("> 1 | f(x) = ${…} * sigmod(x)\n    |               ^^^^^^"),
      "TypeError: wengert: interpolated value 1 of a grad template must be a number, not of type string",
      expect.stringContaining("WG1301"),
      expect.stringContaining("RangeError: X must have a multiple of 2 values"),
      { f: 2, dx: 1 },
    ]);
  });
});

describe("bundles", () => {
  const MODULE = `import { grad } from "wengert/inline";
    const f = (rate) => grad\`f(x, y) = \${rate} * gamma(x) * y\`;
    console.log(JSON.stringify(f(3)(4, 5)));`;

  test("without the plugin hold the compiler and work", async () => {
    const script = await bundle(MODULE);
    expect(readFileSync(script, "utf8")).toContain("WG1101");
    const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toMatchObject({ f: 90, dy: 18 });
    expect(stderr).toMatch(/^wengert: /);
  });

  test("with it hold nothing of the compiler, and give the same", async () => {
    const script = await bundle(MODULE, [transforming]);
    const text = readFileSync(script, "utf8");
    expect(text).not.toContain("WG1101");
    expect(text.length).toBeLessThan(10_000);
    const { stdout, stderr } = spawnSync(process.execPath, ["--disallow-code-generation-from-strings", script], {
      encoding: "utf8",
    });
    const plain = spawnSync(process.execPath, [await bundle(MODULE)], { encoding: "utf8" });
    expect(stdout).toBe(plain.stdout);
    expect(stderr).toBe("");
  });
});

/** A bundler's plugin in the least words. */
const transforming: Plugin = {
  name: "transforming",
  setup({ onLoad }) {
    onLoad({ filter: /entry\.js$/, namespace: "entry" }, async ({ pluginData, path }) => {
      const result = await transformInline(pluginData as string, path, { compile: compiler.compile });
      return { contents: result!.code };
    });
  },
};

let count = 0;

async function bundle(code: string, plugins: readonly Plugin[] = []): Promise<string> {
  const outfile = join(folder, `bundle${count++}.mjs`);
  const root = join(import.meta.dirname, "../..");
  const entry: Plugin = {
    name: "entry",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry\.js$/ }, ({ path }) => ({ path, namespace: "entry", pluginData: code }));
      onResolve({ filter: /^wengert\/inline$/ }, () => ({ path: join(root, "src/inline/inline.ts") }));
      if (plugins.length === 0)
        onLoad({ filter: /entry\.js$/, namespace: "entry" }, () => ({ contents: code, resolveDir: root }));
    },
  };
  await build({
    entryPoints: ["entry.js"],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    plugins: [entry, ...plugins],
  });
  return outfile;
}

async function runForbidden(code: string): Promise<{ stdout: string; stderr: string }> {
  return spawnSync(process.execPath, ["--disallow-code-generation-from-strings", await bundle(code)], { encoding: "utf8" });
}
