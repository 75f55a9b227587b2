// Every example's output is kept in generated/ and reviewed like source; what is kept is what the compiler writes today.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { generatedName, systems } from "../systems.ts";

const root = join(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(join(root, "examples", `${name}.math`), "utf8");
const outputs = systems.flatMap((system) =>
  [system.options ?? {}, ...(system.also ?? [])].map((options) => ({ ...system, options })),
);

test("every example is one of the systems", () => {
  const names = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".math"));
  expect(names.sort()).toEqual([...new Set(systems.map(({ name }) => `${name}.math`))].sort());
});

describe.each(outputs)("$name $options", ({ name, options }) => {
  const compilation = compile(read(name), { ...options, name: `${name}.math` });

  test("compiles and passes its check", () => {
    expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(compilation.functions.map(({ verification }) => verification.status)).toEqual(
      compilation.functions.map(() => "passed"),
    );
  });

  test("is what generated/ holds", async () => {
    await expect(compilation.code).toMatchFileSnapshot(join(root, "generated", generatedName(name, options)));
  });

  test("is laid out as prettier would", async () => {
    expect(await prettier.format(compilation.code, { parser: "typescript", printWidth: 100 })).toBe(compilation.code);
  });
});
