// Modules in every language that bundlers hand over stay what they are, but for their templates; and what the code looks like.

import { SourceMap } from "node:module";
import { transform as esbuild, type Loader } from "esbuild";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import { transformInline } from "../../src/plugin/inline-transform.ts";
import { run, transformed } from "./modules.ts";

const IMPORT = 'import { grad } from "wengert/inline";';

interface Language {
  readonly name: string;
  readonly id: string;
  readonly code: string;
  readonly loader?: Loader;
}

const languages: readonly Language[] = [
  { name: "JavaScript", id: "/p/a.js", code: `${IMPORT}\nexport const f = grad\`x^2\`;` },
  { name: "JSX in .js", id: "/p/a.js", code: `${IMPORT}\nexport const f = <b a={grad\`x^2\`} />;`, loader: "jsx" },
  {
    name: "Flow in .js",
    id: "/p/a.js",
    code: `// @flow\n${IMPORT}\nimport type { A } from "./a";\nexport const f = (grad\`x^2\`: A);`,
  },
  { name: "CommonJS endings", id: "/p/a.cjs", code: `${IMPORT}\nmodule.exports = grad\`x^2\`;` },
  {
    name: "TypeScript",
    id: "/p/a.mts",
    code: `${IMPORT}\nexport const f = <unknown>grad<(x: number) => { f: number }>\`x^2\` satisfies object;`,
  },
  {
    name: "generics in TSX",
    id: "/p/a.tsx",
    code: `${IMPORT}\nexport const f = <T,>(x: T) => <b title={grad\`x^2\`}>{x as T}</b>;`,
  },
  {
    name: "decorators",
    id: "/p/a.ts",
    code: `${IMPORT}\n@a.b(1) export class C { @d f = grad\`x^2\`; constructor(@Inject() private x: number) {} @e accessor y = 1; }`,
  },
  { name: "decorators behind export", id: "/p/a.ts", code: `${IMPORT}\nexport @a class C { f = grad\`x^2\`; }` },
  {
    name: "using and await at the top",
    id: "/p/a.ts",
    code: `${IMPORT}\nusing a = b();\nawait using c = d();\nexport const f = await e(grad\`x^2\`);`,
  },
  {
    name: "import attributes",
    id: "/p/a.js",
    code: `import data from "./data.json" with { type: "json" };\n${IMPORT}\nexport const f = grad\`x^2\`;`,
  },
  {
    name: "enums and namespaces",
    id: "/p/a.ts",
    code: `${IMPORT}\nexport enum E { a }\nexport namespace N { export const f = grad\`x^2\`; }\ndeclare global { var x: number }`,
  },
  { name: "a query behind the name", id: "/p/a.ts?v=12", code: `${IMPORT}\nexport const f = grad\`x^2\` as any;` },
  {
    name: "a Vue component's script",
    id: "/p/App.vue?vue&type=script&setup=true&lang.ts",
    code: `${IMPORT}\nexport default { setup(): any { return { f: grad\`x^2\` } } };`,
  },
  {
    name: "a Vue component that was compiled",
    id: "/p/App.vue",
    code: `${IMPORT}\nconst _sfc_main = { setup(__props) { const f = grad\`x^2\`; return (_ctx) => f; } };\nexport default _sfc_main;`,
  },
  {
    name: "a Svelte component that was compiled",
    id: "/p/App.svelte",
    code: `import * as $ from "svelte/internal/client";\n${IMPORT}\nvar root = $.template(\`<b> </b>\`);\nexport default function App($$anchor) { const f = grad\`x^2\`; $.text(f); }`,
  },
  { name: "TypeScript of a language nobody knows", id: "/p/a.what", code: `${IMPORT}\nexport const f: object = grad\`x^2\`;` },
];

test.each(languages)(
  "$name",
  async ({ name, id, code, loader = id.endsWith("x") ? "tsx" : /ts/.test(id) || id.endsWith("what") ? "ts" : "js" }) => {
    const result = await transformed(code, id);
    expect(result.diagnostics).toEqual([]);
    expect(result.code).toContain("function fGrad(x) {");
    expect(result.code).not.toContain("wengert/inline");
    expect(withoutGenerated(result.code)).toBe(code.replace(`${IMPORT}\n`, "").replace(/grad(<.*?}>)?`x\^2`/, "fGrad"));
    if (!code.includes("@flow") && !code.includes("using "))
      await esbuild(result.code, { loader, tsconfigRaw: { compilerOptions: { experimentalDecorators: name === "decorators" } } });
  },
);

/** The code less the generated function and the empty lines around it. */
function withoutGenerated(code: string): string {
  return code.replace(/(?:^|\n)\/\/ wengert: [\s\S]*?\n\}\n\n/, "");
}

test("what stands at the head stays first", async () => {
  const { code } = await transformed(
    `#!/usr/bin/env node\n"use client";\n'use strict'\n// note\n${IMPORT}\nimport b from "b";\n\nexport const f = grad\`x^2\`;\n`,
  );
  expect(code.split("\n").slice(0, 7)).toEqual([
    "#!/usr/bin/env node",
    '"use client";',
    "'use strict'",
    "// note",
    'import b from "b";',
    "",
    "// wengert: grad`x^2`",
  ]);
});

test("imports that come later are no hindrance", async () => {
  const { code } = await transformed(
    `"use client"\nconst f = grad\`x^2\`;\nimport { grad } from "wengert/inline";\nexport { f };`,
  );
  expect(run(code)["f"]).toBeTypeOf("function");
  expect(code).toMatch(/^"use client"\n\n\/\/ wengert/);
});

test("all in one line", async () => {
  const { code } = await transformed(
    '"use client";import{grad as a}from"wengert/inline";const b=a`x^2`;export{b as f};function c(){return(a)`f(x)=x^3`}export{c}',
    "/p/a.js",
  );
  const { f, c } = run(code) as { f: (x: number) => unknown; c: () => (x: number) => unknown };
  expect([f(3), c()(3)]).toEqual([
    { f: 9, dx: 6 },
    { f: 27, dx: 27 },
  ]);
  expect(code).toMatch(/^"use client";\n\n\/\/ wengert/);
});

test("Windows line ends stay, everywhere", async () => {
  const { code } = await transformed(`${IMPORT}\r\n\r\nexport const f = grad\`\r\n  q = x^2\r\n  q * 3\r\n\`;\r\n`);
  expect(code.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect((run(code)["f"] as (x: number) => unknown)(2)).toEqual({ f: 12, dx: 12 });
});

test("no semicolons anywhere", async () => {
  const { code } = await transformed(
    `import { grad } from "wengert/inline"\nexport let f = 1\nf = grad\`x^2\`\nexport const g = f\n`,
    "/p/a.js",
  );
  expect((run(code)["g"] as (x: number) => unknown)(2)).toEqual({ f: 4, dx: 4 });
});

test("words that touch a template", async () => {
  const { code } = await transformed(
    `${IMPORT}\nexport const a = typeof(grad)\`x\`;\nexport const b = grad\`x\`in{};\nexport const c = (k) => {return(grad)\`x * \${k}\`};`,
    "/p/a.js",
  );
  expect(code).toContain("typeof fGrad;");
  expect(code).toContain("fGrad in{}");
  expect(code).toContain("return fGradWith(k)");
  expect(run(code)["a"]).toBe("function");
});

describe("values", () => {
  test("any expression, with comments, commas and templates in it", async () => {
    const { code } = await transformed(
      `${IMPORT}
      export const made = (a) => grad\`f(x) = \${ /* one */ a } * x^\${a, 2} + \${((b) => b)(1)} * \${ // line
        grad\`g(t) = t * \${a}\`(3).dt } + \${(a, a)}\`;`,
      "/p/a.js",
    );
    const made = run(code)["made"] as (a: number) => (x: number) => unknown;
    expect(made(5)(2)).toEqual({ f: 5 * 4 + 5 + 5, dx: 20 });
  });

  test("a value that is no number is a TypeError that says which, as at run time", async () => {
    const { code } = await transformed(
      `${IMPORT}\nexport const make = (a, b, c) => grad\`f(x) = \${a} * x + \${b} # \${c}\`;`,
      "/p/a.js",
    );
    const make = run(code)["make"] as (...values: unknown[]) => unknown;
    expect(() => make(1, 2, 3)).not.toThrow();
    expect(() => make(1, "2", 3)).toThrow(
      new TypeError("wengert: interpolated value 2 of a grad template must be a number, not of type string"),
    );
    expect(() => make(1, 2, undefined)).toThrow(
      new TypeError("wengert: interpolated value 3 of a grad template must be a number, not of type undefined"),
    );
    expect(() => make(1n, 2, 3)).toThrow(TypeError);
  });

  test("variables lend their names, where these are free", async () => {
    const { code } = await transformed(
      `${IMPORT}\nexport const make = (rate, x, sin, f, then) => grad\`f(x) = \${rate} * x + \${x} + sin(x) * \${sin} + \${f} + \${then} + \${rate}\`;`,
      "/p/a.js",
    );
    expect(code).toContain("return (x) => fGrad(x, rate, x2, sin2, f2, then_, rate2);");
  });
});

describe("names", () => {
  test("never collide with the module's, nor with each other", async () => {
    const { code } = await transformed(
      `${IMPORT}
      export const gamma = 1, f = 2, checkF = 3;
      export const fGrad = grad\`f(x) = gamma(x) * x\`;
      export const again = grad\`f(x) = gamma(x) / x\`;
      export const named = grad\`f(fGrad, x) = fGrad * gamma(x) * \${2}\`;
      export function inner(fGrad2, gamma2) { return grad\`f(x) = gamma(x)\`(fGrad2 + gamma2); }`,
      "/p/a.js",
    );
    const exports = run(code) as Record<string, (...args: number[]) => Record<string, number>>;
    expect(exports["fGrad"]!(4)["f"]).toBe(24);
    expect(exports["again"]!(4)["f"]).toBe(1.5);
    expect(exports["named"]!(3, 4)).toMatchObject({ f: 36, dfGrad: 12 });
    expect(exports["inner"]!(3, 1)["f"]).toBe(6);
    expect(exports["gamma"]).toBe(1);
    expect(code.match(/function gammaHigh/g)).toHaveLength(1);
  });

  test("are not caught by locals of the generated code", async () => {
    const { code } = await transformed(
      `${IMPORT}
      export const gamma = 1;
      export const caller = grad\`f(gamma2, x) = gamma(gamma2) * x\`;
      export const bound = (k) => grad\`f(fGrad3, fGrad, fGradWith) = fGrad3 * fGrad * fGradWith * \${k}\`;`,
      "/p/a.js",
    );
    const { caller, bound } = run(code) as {
      caller: (...args: number[]) => object;
      bound: (k: number) => (...args: number[]) => object;
    };
    expect(caller(4, 2)).toMatchObject({ f: 12, dx: 6 });
    expect(bound(5)(2, 3, 1)).toEqual({ f: 30, dfGrad3: 15, dfGrad: 10, dfGradWith: 30 });
  });

  test("nor by the parameters of the function that binds values", async () => {
    const { code } = await transformed(
      `${IMPORT}\nexport const make = (k) => grad\`f(fGrad, checkInterpolated) = fGrad * checkInterpolated * \${k}\`;`,
    );
    const { make } = run(code) as { make: (k: number) => (...args: number[]) => object };
    expect(make(5)(2, 3)).toEqual({ f: 30, dfGrad: 15, dcheckInterpolated: 10 });
  });

  test("the same template twice is one function", async () => {
    const { code } = await transformed(
      `${IMPORT}\nexport const a = grad\`x^2\`;\nexport const b = [grad\`x^2\`];\nexport const c = (k) => [grad\`x^\${k}\`, grad\`x^\${k}\`];`,
      "/p/a.js",
    );
    expect(code.match(/^function /gm)).toHaveLength(4); // fGrad, fGrad2, fGrad2's binder, the check of values
    expect(run(code)).toMatchObject({ a: expect.any(Function) });
  });

  test("helpers of one name that differ are two", async () => {
    const source = (size: number): string => `grad\`input X [m, ${size}]\nparam w [${size}]\nloss = sum(X * w)\``;
    const { code } = await transformed(`${IMPORT}\nexport const a = ${source(2)};\nexport const b = ${source(3)};`, "/p/a.js");
    const { a, b } = run(code) as Record<string, (...args: Float64Array[]) => Record<string, unknown>>;
    expect(a!(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 1))).toEqual({ loss: 10, dw: Float64Array.of(4, 6) });
    expect(b!(Float64Array.of(1, 2, 3), Float64Array.of(1, 1, 1))).toEqual({ loss: 6, dw: Float64Array.of(1, 2, 3) });
    expect(code.match(/function checkLoss/g)).toHaveLength(2);
    expect(code.match(/function describeValue/g)).toHaveLength(1);
  });
});

test("the code reads as wengert writes it", async () => {
  const code = `${IMPORT}\n\nexport const loss = (rate) => grad\`f(x, y) = \${rate} * x * y\`;\n`;
  const result = await transformInline(code, "/p/a.js", { compile: async (text, { mode }) => compile(text, { mode }) });
  expect(result!.code).toMatchInlineSnapshot(`
    "// wengert: grad\`f(x, y) = \${rate} * x * y\`
    // agrees with central differences to 1e-10 at 12 points; 2 operations forward, 1 backward (1.5 x forward).
    /** The value and the gradient of f, forward then backward. */
    function fGrad(x, y, rate) {
      // forward
      const rateTimesX = rate * x; // (1)
      const f = rateTimesX * y; // (2)

      // backward, last stage first
      const drateTimesX = y; // (2)
      const dy = rateTimesX; // (2)
      const dx = rate * drateTimesX; // (1)

      return { f, dx, dy };
    }

    /** fGrad with the values of its template. */
    function fGradWith(rate) {
      checkInterpolated("grad", 1, rate);
      return (x, y) => fGrad(x, y, rate);
    }

    /** Throws unless an interpolated value is a number. */
    function checkInterpolated(tag, number, value) {
      if (typeof value === "number") return;
      throw new TypeError(
        \`wengert: interpolated value \${number} of a \${tag} template must be a number, not of type \${typeof value}\`,
      );
    }

    export const loss = (rate) => fGradWith(rate);
    "
  `);
});

test("what is asked of the compiler", async () => {
  const asked: unknown[] = [];
  const code = `import { hvp } from "wengert/inline";\nexport const a = hvp\`x^2\`;\nexport const b = hvp\`f(x) = \${1} * x\`;\n`;
  await transformInline(code, "/p/a.js", {
    compile: (text, options) => {
      asked.push([text, options]);
      return Promise.resolve(compile(text, options));
    },
  });
  expect(asked).toEqual([
    ["x^2", { name: "/p/a.js", mode: "hvp" }],
    ["const value1; f(x, value1) = value1 * x", { name: "/p/a.js", mode: "hvp" }],
  ]);
});

describe("source map", () => {
  const code = `${IMPORT}\nimport b from "b";\n\nexport const one = 1;\nexport const f = grad\`\n  q = x^2\n  q * \${one + 2}\n\`, last = "last";\nexport function g() {\n  return grad\`x\`;\n}\n`;

  test.each(["one = 1", "f = ", "one + 2", "last =", '"last"', "function g", "return", "export function"])(
    "maps '%s'",
    async (marker) => {
      const { code: after, map } = await transformed(code, "/p/a.ts");
      const found = new SourceMap(JSON.parse(map.toString()) as never).findEntry(
        ...lineAndColumn(after, after.lastIndexOf(marker)),
      ) as {
        originalLine: number;
        originalColumn: number;
        originalSource: string;
      };
      expect([found.originalLine, found.originalColumn]).toEqual(lineAndColumn(code, code.lastIndexOf(marker)));
      expect(found.originalSource).toContain("a.ts");
    },
  );

  function lineAndColumn(text: string, offset: number): [line: number, column: number] {
    const before = text.slice(0, offset).split("\n");
    return [before.length - 1, before.at(-1)!.length];
  }

  test("holds what came in", async () => {
    const { map } = await transformed(code, "/p/a.ts");
    expect(map.sourcesContent).toEqual([code]);
  });
});
