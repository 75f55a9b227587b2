// The packed tarball in an empty folder, as a user gets it: `npx gen` works, the import works, its types check.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "wengert-package-"));
const run = (command: string, ...args: string[]): string => execFileSync(command, args, { cwd: folder, encoding: "utf8" });

beforeAll(() => {
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const [{ filename, files, size }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[]; size: number }];
  expect(files.map(({ path }) => path).filter((path) => !/^(dist\/|LICENSE$|README\.md$|package\.json$)/.test(path))).toEqual([]);
  expect(size).toBeLessThan(500_000);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  run("npm", "install", "--no-audit", "--no-fund", join(folder, filename));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("npx gen prints what this checkout prints", () => {
  const printed = run("npx", "gen", "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)");
  const kept = readFileSync(join(root, "generated/staged.grad.ts"), "utf8");
  expect(printed.split("\n").slice(1)).toEqual(kept.split("\n").slice(1));
});

test("the import compiles, loads and evaluates", () => {
  const script = `
    import { compile, evaluateAt, load } from "wengert";
    const c = compile("f(x, y) = x * y");
    console.log(JSON.stringify([c.ok, load(c).fGrad(4, -3), evaluateAt(c, { x: 4, y: -3 }).gradient]));`;
  writeFileSync(join(folder, "use.js"), script);
  expect(JSON.parse(run("node", "use.js"))).toEqual([true, { f: -12, dx: -3, dy: 4 }, { x: -3, y: 4 }]);
});

test("its types and its output check under strict", () => {
  run("npx", "gen", "f(x, y) = gamma(x) * max(y, 0)", "-o", "f.grad.ts");
  writeFileSync(
    join(folder, "use.ts"),
    `import { compile, load, type Compilation } from "wengert";
     import { fGrad } from "./f.grad.js";
     const c: Compilation = compile("x * y", { style: "fast", mode: "grad" });
     const total: number = fGrad(2, 3).dx + c.opCount.ratio + Object.keys(load(c)).length;
     console.log(total);`,
  );
  const flags = [
    "--strict",
    "--noEmit",
    "--noUncheckedIndexedAccess",
    "--exactOptionalPropertyTypes",
    "--noUnusedLocals",
    "--noUnusedParameters",
  ];
  const modules = ["--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext"];
  run("node", join(root, "node_modules/typescript/bin/tsc"), ...flags, ...modules, "use.ts");
});
