// Which templates of a module are ours: tags by every kind of import, hidden by every kind of local name.

import { transform as esbuild, type Loader } from "esbuild";
import { describe, expect, test } from "vitest";
import { transform, transformed } from "./modules.ts";

/**
 * Statements below `import { grad } from "wengert/inline"`. Templates that are ours compile; those that are not say `stay`, which does
 * not.
 */
const scopes: Readonly<Record<string, string>> = {
  "a parameter": "function f(grad) { return grad`stay()`; } use(grad`x`);",
  "a parameter in a pattern": "const f = ({ a: [grad = 1] }, ...rest) => grad`stay()`; use(grad`x`);",
  "a rest parameter": "const f = (...grad) => grad`stay()`; use(grad`x`);",
  "a default that sees the parameters": "function f(grad, g = grad`stay()`) {} use(grad`x`);",
  "a default that does not see the body": "function f(g = grad`x`) { var grad; return grad`stay()`; }",
  "a property of that name": "const o = { grad: 1, f: grad`x` }; use(o.grad, o?.grad); o.grad`stay()`;",
  "a method of that name":
    "class C { grad() { return grad`x`; } static grad = grad`y`; #grad = 1; } use(class { get grad() { return 1; } });",
  "a computed key": "class C { [grad`x`]() {} } const o = { [grad`y`]: 1, [grad`z`](grad) { return grad`stay()`; } };",
  "a label": "grad: for (;;) { use(grad`x`); if (1) continue grad; break grad; }",
  "const in a block": "{ const grad = 1; grad`stay()`; { grad`stay()`; } } use(grad`x`);",
  "let below its use in a block": "{ use(() => grad`stay()`); let grad = 1; } use(grad`x`);",
  "var in an inner block": "function f() { grad`stay()`; if (1) { for (var grad of []) {} } } use(grad`x`);",
  "var in an inner function": "function f() { use(grad`x`); function g() { var grad; return grad`stay()`; } }",
  "a function in a block": "{ function grad() {} grad`stay()`; } use(grad`x`);",
  "a function's own name": "use(function grad() { return grad`stay()`; }, grad`x`);",
  "a class's own name": "use(class grad { static a = grad`stay()`; }, grad`x`); { class grad {} grad`stay()`; }",
  loops:
    "for (let grad = 0; ; ) { grad`stay()`; } for (const grad in {}) grad`stay()`; for (const [grad] of []) grad`stay()`; for (const a of [grad`x`]) use(grad`y`);",
  catch:
    "try {} catch (grad) { grad`stay()`; } try {} catch { use(grad`x`); } try {} catch ({ message: grad }) { grad`stay()`; }",
  switch: "switch (grad`x`) { case 1: let grad; case 2: grad`stay()`; }",
  "a static block": "class C { static { var grad; grad`stay()`; } static { use(grad`x`); } }",
  using: "{ using grad = f(); grad`stay()`; } use(grad`x`);",
  "an arrow inside an arrow":
    "const f = (a) => (grad) => grad`stay()`; const g = (a) => (b) => grad`x`; const h = () => () => { var grad; };",
  "values in a template": "const f = (a) => grad`f(x) = x * ${a.grad} + ${((grad) => grad`stay()`)(1)}`; use(grad`x`);",
};

describe("local names", () => {
  test.each(Object.entries(scopes))("%s", async (_, body) => {
    const { code, diagnostics } = await transformed(`import { grad } from "wengert/inline";\n${body}\n`, "/project/model.mjs");
    expect(diagnostics).toEqual([]);
    const below = code.slice(code.lastIndexOf("\n\n"));
    const stays = (text: string): number => text.split("grad`stay()`").length - 1;
    expect(stays(below)).toBe(stays(body));
    expect(below.replaceAll("grad`stay()`", "")).not.toContain("grad`");
    expect(code).not.toContain("wengert/inline");
    await expectValid(code, "js");
  });
});

const typedScopes: Readonly<Record<string, string>> = {
  "types of that name":
    "type grad = 1; interface A { grad: grad; f(grad: number): typeof grad } const a = grad`x` as unknown as A;",
  "a parameter property": "class C { constructor(private grad: string) { grad`stay()`; } f = grad`x`; }",
  "a declared function":
    "declare namespace N { const grad: string; } declare function f(grad: string): void; declare class D extends grad {} use(grad`x`);",
  "an abstract method": "abstract class C { abstract grad(a: number): void; grad2(this: C, a?: number) { return grad`x`; } }",
  "an enum": "enum E { grad = 1, b = grad } use(grad`x`); { enum grad { a = grad`stay()`.length } }",
  "a namespace":
    "namespace N { export const grad = 1 as any; grad`stay()`; } namespace M { use(grad`x`); var b; } namespace Q { namespace grad { const a = 1 } grad`stay()`; }",
  "expressions of types": "const a = (grad`x` satisfies object)!; const b = <any>grad`y`; const c = f<typeof grad>(grad`z`);",
  overloads: "function f(grad: string): void; function f(a: number): void; function f(a: any) { use(grad`x`); }",
  "import equals": "namespace N { import grad = O.grad; grad`stay()`; } use(grad`x`);",
};

describe("local names in TypeScript", () => {
  test.each(Object.entries(typedScopes))("%s", async (_, body) => {
    const { code, diagnostics } = await transformed(`import { grad } from "wengert/inline";\n${body}\n`);
    expect(diagnostics).toEqual([]);
    const below = code.slice(code.lastIndexOf("\n\n"));
    const stays = (text: string): number => text.split("grad`stay()`").length - 1;
    expect(stays(below)).toBe(stays(body));
    expect(below.replaceAll("grad`stay()`", "")).not.toContain("grad`");
    expect(code).not.toContain("wengert/inline");
    await expectValid(code, "ts");
  });
});

interface ImportCase {
  readonly name: string;
  readonly code: string;
  /** What the module has of wengert/inline when it is transformed; undefined for nothing. */
  readonly left?: string;
  /** How the rest reads. */
  readonly rest?: string;
  readonly id?: string;
}

const imports: readonly ImportCase[] = [
  { name: "one name", code: 'import { grad } from "wengert/inline";\nuse(grad`x`);', rest: "use(fGrad);" },
  { name: "another name", code: "import { grad as g } from 'wengert/inline';\nuse(g`x`);", rest: "use(fGrad);" },
  { name: "a name in quotes", code: 'import { "hessian" as h } from "wengert/inline";\nuse(h`x`);', rest: "use(fHessian);" },
  { name: "a namespace", code: 'import * as w from "wengert/inline";\nuse(w.grad`x`, w.jvp`x`);', rest: "use(fGrad, fJvp);" },
  {
    name: "a namespace used otherwise",
    code: 'import * as w from "wengert/inline";\nuse(w.grad`x`, w["grad"]`x`, w);',
    left: 'import * as w from "wengert/inline";',
    rest: 'use(fGrad, w["grad"]`x`, w);',
  },
  {
    name: "other members of a namespace",
    code: 'import * as w from "wengert/inline";\nuse(w.nothing`x`);',
    left: 'import * as w from "wengert/inline";',
  },
  {
    name: "two imports",
    code: 'import { grad } from "wengert/inline";\nimport { hvp } from "wengert/inline";\nuse(grad`x`, hvp`x`);',
    rest: "use(fGrad, fHvp);",
  },
  { name: "a tag that is not used", code: 'import { grad, hvp } from "wengert/inline";\nuse(grad`x`);', rest: "use(fGrad);" },
  { name: "only a tag that is not used", code: 'import { grad } from "wengert/inline";\nuse(1);', rest: "use(1);" },
  {
    name: "a tag that is passed on",
    code: 'import { grad, hvp } from "wengert/inline";\nuse(grad`x`, grad, hvp`x`);',
    left: 'import { grad } from "wengert/inline";',
    rest: "use(fGrad, grad, fHvp);",
  },
  {
    name: "a tag that is called",
    code: 'import { grad } from "wengert/inline";\nuse(grad(strings));',
    left: 'import { grad } from "wengert/inline";',
  },
  {
    name: "a tag that is exported",
    code: 'import { grad } from "wengert/inline";\nexport { grad };\nuse(grad`x`);',
    left: 'import { grad } from "wengert/inline";',
    rest: "use(fGrad);",
  },
  {
    name: "a tag that is exported by default",
    code: 'import { grad } from "wengert/inline";\nexport default grad;',
    left: 'import { grad } from "wengert/inline";',
  },
  {
    name: "somebody else's tag exported under its name",
    code: 'import { grad } from "wengert/inline";\nexport { grad } from "elsewhere";\nuse(grad`x`);',
    rest: "use(fGrad);",
  },
  {
    name: "a tag in a shorthand",
    code: 'import { grad } from "wengert/inline";\nuse({ grad });',
    left: 'import { grad } from "wengert/inline";',
  },
  {
    name: "a tag as a component",
    code: 'import * as W from "wengert/inline";\nuse(<W.grad />, W.grad`x`);',
    left: 'import * as W from "wengert/inline";',
  },
  {
    name: "an attribute of that name",
    code: 'import { grad } from "wengert/inline";\nuse(<a grad={grad`x`} />);',
    rest: "use(<a grad={fGrad} />);",
  },
  {
    name: "a tag that something stands between",
    code: 'import { grad } from "wengert/inline";\nuse(grad!`x`, (grad as any)`x`);',
    left: 'import { grad } from "wengert/inline";',
    id: "/project/a.ts",
  },
  {
    name: "types beside tags",
    code: 'import { grad, type GradientFunction as G } from "wengert/inline";\nconst f: G = grad`x`;',
    left: 'import type { GradientFunction as G } from "wengert/inline";',
    id: "/project/a.ts",
  },
  {
    name: "types that do not say so",
    code: 'import { grad, GradientFunction } from "wengert/inline";\nconst f: GradientFunction = grad`x`;',
    left: 'import { GradientFunction } from "wengert/inline";',
    id: "/project/a.ts",
  },
  {
    name: "a type import beside",
    code: 'import type { grad as G } from "wengert/inline";\nimport { grad } from "wengert/inline";\nlet g: typeof G;\nuse(grad`x`);',
    left: 'import type { grad as G } from "wengert/inline";',
    id: "/project/a.ts",
  },
  {
    name: "a default import, which is nothing",
    code: 'import inline, { grad } from "wengert/inline";\nuse(grad`x`);',
    left: 'import inline from "wengert/inline";',
  },
  { name: "attributes", code: 'import { grad } from "wengert/inline" with { type: "js" };\nuse(grad`x`);', rest: "use(fGrad);" },
];

test.each(imports)("import of $name", async ({ code, left, rest, id = "/project/a.jsx" }) => {
  const result = await transform(code, id);
  const after = result?.code ?? code;
  expect(result?.diagnostics ?? []).toEqual([]);
  expect(after.split("\n").filter((line) => line.includes("import ") && line.includes("wengert/inline"))).toEqual(
    left === undefined ? [] : [left],
  );
  if (rest !== undefined) expect(after.trim().split("\n").at(-1)).toBe(rest);
  await expectValid(after, id.endsWith("ts") ? "ts" : "jsx");
});

test.each([
  ["no mention", "use(grad`x`);"],
  ["a comment", "// from wengert/inline\nuse(grad`x`);"],
  ["another module", 'import { grad } from "wengert/inline/other";\nuse(grad`x`);'],
  ["types only", 'import type { grad } from "wengert/inline";\nlet g: typeof grad;'],
  ["types only, one by one", 'import { type grad } from "wengert/inline";\nlet g: typeof grad;'],
  ["an export from there", 'export { grad } from "wengert/inline";\nexport * from "wengert/inline";'],
  ["an import for its effects", 'import "wengert/inline";'],
  ["an import at run time", 'const { grad } = await import("wengert/inline");\nuse(grad`x`);'],
  ["a tag that is only passed on", 'import { grad } from "wengert/inline";\nuse(grad);'],
  ["a module that cannot be read", 'import { grad } from "wengert/inline";\nuse(grad`x`;'],
  [
    "a component before it is compiled",
    '<script setup lang="ts">\nimport { grad } from "wengert/inline";\nconst f = grad`x`;\n</script>\n<template><b /></template>',
  ],
  ["a module with a Math of its own", 'import { grad } from "wengert/inline";\nconst Math = {};\nuse(grad`x`);'],
  ["a module with an imported Number", 'import { grad } from "wengert/inline";\nimport { Number } from "zod";\nuse(grad`x`);'],
])("%s is left alone", async (_, code) => {
  expect(await transform(code, "/project/a.ts")).toBeUndefined();
});

async function expectValid(code: string, loader: Loader): Promise<void> {
  const { warnings } = await esbuild(code, { loader, target: "esnext" });
  expect(
    warnings.filter(({ id }) => !["unsupported-jsx-comment", "import-is-undefined", "equals-new-object"].includes(id)),
  ).toEqual([]);
}
