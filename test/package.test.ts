// The packed tarball, as a user gets it: in an empty folder, and in fresh projects of each kind, type-checked, built and run.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "wengert-package-"));
let tarball: Buffer;

const runIn =
  (cwd: string) =>
  (command: string, ...args: string[]): string => {
    try {
      return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe" });
    } catch (problem) {
      const { stdout, stderr } = problem as { stdout: string; stderr: string };
      throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`, { cause: problem });
    }
  };
const run = runIn(folder);
const tsc = join(root, "node_modules/typescript/bin/tsc");

beforeAll(() => {
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const [{ filename, files, size }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[]; size: number }];
  expect(files.map(({ path }) => path).filter((path) => !/^(dist\/|LICENSE$|README\.md$|package\.json$)/.test(path))).toEqual([]);
  expect(size).toBeLessThan(850_000); // KaTeX and an interpreter of JavaScript, loaded where they are asked for, are a third of it
  tarball = readFileSync(join(folder, filename));
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

test("what teaches works from the package", () => {
  const inFolder = (name: string): string => readFileSync(join(folder, name), "utf8");
  run("npx", "gen", "q = x + y; f = q * z", "--svg", "--at", "x=-2,y=5,z=-4", "-o", "f.svg");
  expect(inFolder("f.svg")).toMatch(/<svg [\s\S]*−12/);
  run("npx", "gen", "explain", "q = x + y; f = q * z", "--format", "html", "-o", "f.html");
  for (const part of ["@font-face", 'class="katex"', "<svg "]) expect(inFolder("f.html").includes(part), part).toBe(true);
  writeFileSync(join(folder, "f.math"), "q = x + y\nf = q * z\n");
  writeFileSync(
    join(folder, "mine.ts"),
    "const q = x + y;\nconst f = q * z;\nconst dq = z;\nconst dz = q;\nconst dx = dq;\nconst dy = -dq;\n",
  );
  expect(() => run("npx", "gen", "check", "mine.ts", "--against", "f.math")).toThrow(/mine\.ts:6/);
  run("npx", "gen", "exercise", "4", "--js", "-o", "learn/");
  expect(() => run("node", "--test", "learn/")).toThrow(/not filled in yet/);
  const script = `
    import { compile } from "wengert";
    import { circuitOf, drawSvg, lessonOf, numbersAt } from "wengert/teach";
    const c = compile("f(x, y) = x * y");
    const numbers = numbersAt(c, { x: 4, y: -3 });
    console.log(numbers.value, drawSvg(circuitOf(lessonOf(c), { numbers })).length > 1000);`;
  writeFileSync(join(folder, "teach.js"), script);
  expect(run("node", "teach.js").trim()).toBe("-12 true");
});

const STRICT = [
  "--strict",
  "--noUncheckedIndexedAccess",
  "--exactOptionalPropertyTypes",
  "--noUnusedLocals",
  "--noUnusedParameters",
];
const NODE = ["--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext"];

test("its types and its output check under strict", () => {
  run("npx", "gen", "f(x, y) = gamma(x) * max(y, 0)", "-o", "f.grad.ts");
  writeFileSync(
    join(folder, "use.ts"),
    `import { compile, load, type Compilation } from "wengert";
     import { defineConfig } from "wengert/config";
     import { grad } from "wengert/inline";
     import { fGrad } from "./f.grad.js";
     const c: Compilation = compile("x * y", { style: "fast", mode: "grad" });
     const g = grad\`f(x) = x^2\`;
     const total: number = fGrad(2, 3).dx + c.opCount.ratio + Object.keys(load(c)).length + Object.keys(g(2)).length;
     export default defineConfig({ inputs: ["src/*.math", { files: "a.math", mode: "hessian" }], style: "tidy" });
     console.log(total);`,
  );
  run("node", tsc, "--noEmit", ...STRICT, ...NODE, "use.ts"); // the declarations of the package included
});

test("publint finds nothing", async () => {
  const { messages } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, strict: true });
  expect(messages).toEqual([]);
});

test("are the types wrong? For nobody who can load the package", async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  if (analysis.types === false) throw new Error("there are no types");
  const problems = analysis.problems.filter(
    (problem) =>
      !("resolutionKind" in problem && problem.resolutionKind === "node10") && // it knows no exports, and no Node that we support resolves so
      problem.kind !== "CJSResolvesToESM", // which the Nodes that we support can require
  );
  expect(problems).toEqual([]);
});

test("the configuration's entry loads nothing else", () => {
  const text = readFileSync(join(folder, "node_modules/wengert/dist/config.js"), "utf8");
  const imported = [...text.matchAll(/from "(.+?)"/g)].map(([, name]) => name!);
  for (const name of imported)
    expect(readFileSync(join(folder, "node_modules/wengert/dist", name), "utf8")).not.toMatch(/\bimport\b/);
});

describe("fresh projects", () => {
  const BUNDLED = `
    import { lossGrad } from "./loss.math";
    import { fitGrad } from "./fit.grad.js";
    import { xorInit } from "./xor.net.yaml";
    import { grad } from "wengert/inline";
    const inline = grad\`g(u) = u^3\`;
    export const result: number[] = [lossGrad(1, 2).dw, fitGrad(2).da, Object.keys(xorInit(1)).length, inline(2)["du"]!];
    console.log(JSON.stringify(result));`;
  const EXPECTED = [-2, 12, 4, 12];
  const SOURCES = {
    "loss.math": "loss(w, b) = (w - b)^2\n",
    "fit.math": "fit(a) = a^3\n",
    "xor.net.yaml": "name: xor\ninput: [batch, 2]\nlayers: [{ dense: 3 }, tanh, { dense: 1 }]\nloss: mse\n",
    "main.ts": BUNDLED,
    "wengert.config.ts": `import { defineConfig } from "wengert/config";
      export default defineConfig({ inputs: ["fit.math", { files: ["loss.math", "*.net.yaml"], emit: "types" }], style: "tidy" });`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        target: "es2022",
        module: "esnext",
        moduleResolution: "bundler",
        allowArbitraryExtensions: true,
        skipLibCheck: true, // of the bundlers
        types: [],
      },
      include: ["."],
    }),
  };

  interface Kind {
    readonly needs: readonly string[];
    readonly files: Readonly<Record<string, string>>;
    readonly build: readonly string[];
    /** What to run; the last line that it prints is the result. */
    readonly run: readonly string[];
  }
  const stripTypes = `const ts = require(${JSON.stringify(join(root, "node_modules/typescript"))});
    module.exports = (text) => ts.transpileModule(text, { compilerOptions: { target: "es2022", module: "esnext" } }).outputText;`;
  const pack = (bundler: string, name: string): string => `
    const bundler = require("${bundler}");
    const { default: wengert } = require("wengert/${name}");
    const compiler = bundler({
      context: __dirname, entry: "./main.ts", mode: "production", target: "node",
      resolve: { extensionAlias: { ".js": [".js", ".ts"] } },
      module: { rules: [{ test: /\\.ts$/, type: "javascript/auto", loader: require.resolve("./strip.cjs") }] },
      output: { path: __dirname + "/out", filename: "main.cjs" }, plugins: [wengert()],
    });
    compiler.run((error, stats) => {
      if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exitCode = 1; }
      compiler.close(() => {});
    });`;
  const KINDS: Record<string, Kind> = {
    vite: {
      needs: ["vite"],
      files: {
        "vite.config.ts": `import { defineConfig } from "vite";
          import wengert from "wengert/vite";
          export default defineConfig({ plugins: [wengert()], build: { ssr: "main.ts", outDir: "out" } });`,
      },
      build: ["node_modules/vite/bin/vite.js", "build"],
      run: ["out/main.js"],
    },
    rollup: {
      needs: ["rollup"],
      files: {
        "strip.cjs": stripTypes,
        "rollup.config.js": `import wengert from "wengert/rollup";
          import strip from "./strip.cjs";
          const types = { name: "types", transform: (code, id) => id.endsWith(".ts") ? { code: strip(code), map: null } : null,
            resolveId(id, from) { return id.endsWith(".grad.js") ? this.resolve(id.replace(/js$/, "ts"), from) : null; } };
          export default { input: "main.ts", plugins: [wengert(), types], output: { file: "out/main.js" } };`,
      },
      build: ["node_modules/rollup/dist/bin/rollup", "-c"],
      run: ["out/main.js"],
    },
    rolldown: {
      needs: ["rolldown"],
      files: {
        "rolldown.config.ts": `import { defineConfig } from "rolldown";
          import wengert from "wengert/rolldown";
          export default defineConfig({ input: "main.ts", plugins: [wengert()], resolve: { extensionAlias: { ".js": [".js", ".ts"] } }, output: { file: "out/main.js" } });`,
      },
      build: ["node_modules/rolldown/bin/cli.mjs", "-c"],
      run: ["out/main.js"],
    },
    webpack: {
      needs: ["webpack"],
      files: { "strip.cjs": stripTypes, "build.cjs": pack("webpack", "webpack") },
      build: ["build.cjs"],
      run: ["out/main.cjs"],
    },
    rspack: {
      needs: ["@rspack/core"],
      files: {
        "strip.cjs": stripTypes,
        "build.cjs": pack("@rspack/core", "rspack").replace(
          'bundler = require("@rspack/core")',
          '{ rspack: bundler } = require("@rspack/core")',
        ),
      },
      build: ["build.cjs"],
      run: ["out/main.cjs"],
    },
    esbuild: {
      needs: ["esbuild"],
      files: {
        "build.mjs": `import { build } from "esbuild";
          import wengert from "wengert/esbuild";
          await build({ entryPoints: ["main.ts"], bundle: true, format: "esm", outfile: "out/main.js", plugins: [wengert()] });`,
      },
      build: ["build.mjs"],
      run: ["out/main.js"],
    },
    vitest: {
      needs: ["vite", "vitest"],
      files: {
        "vitest.config.ts": `import { defineConfig } from "vitest/config";
          import wengert from "wengert/vite";
          export default defineConfig({ plugins: [wengert()] });`,
        "main.test.ts": `import { expect, test } from "vitest";
          import { result } from "./main.ts";
          test("the gradients", () => expect(result).toEqual(${JSON.stringify(EXPECTED)}));`,
        "tsconfig.json": SOURCES["tsconfig.json"].replace(`"noEmit":true`, `"noEmit":true,"allowImportingTsExtensions":true`),
      },
      build: ["node_modules/wengert/dist/gen.js", "--check"], // the files are there
      run: ["node_modules/vitest/vitest.mjs", "run", "--reporter=json"],
    },
  };

  const open = (name: string, { needs, files }: Pick<Kind, "needs" | "files">): string => {
    const project = join(folder, name);
    mkdirSync(join(project, "node_modules/@rspack"), { recursive: true });
    for (const module of needs) symlinkSync(join(root, "node_modules", module), join(project, "node_modules", module));
    symlinkSync(join(folder, "node_modules/wengert"), join(project, "node_modules/wengert"));
    for (const [file, text] of Object.entries({
      "package.json": `{ "type": "module", "private": true }`,
      ...SOURCES,
      ...files,
    })) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    }
    return project;
  };

  test.each(Object.entries(KINDS))(
    "%s: gen, tsc, build, run",
    (name, kind) => {
      const project = open(name, kind);
      const inProject = runIn(project);
      inProject("node", "node_modules/wengert/dist/gen.js"); // a clean checkout type-checks before any dev server has run
      inProject("node", tsc, "-p", ".");
      if (name !== "vitest") rmSync(join(project, "fit.grad.ts")); // the plugin writes it again
      inProject("node", ...kind.build);
      const printed = inProject("node", ...kind.run);
      if (name === "vitest") expect(JSON.parse(printed)).toMatchObject({ success: true, numPassedTests: 1 });
      else {
        expect(JSON.parse(printed.trim().split("\n").at(-1)!)).toEqual(EXPECTED);
        const [bundle] = readdirSync(join(project, "out")).filter((file) => /^main\.c?js$/.test(file));
        expect(readFileSync(join(project, "out", bundle!), "utf8").length).toBeLessThan(20_000); // of the compiler nothing
      }
    },
    60_000,
  );

  test("plain tsc: gen, tsc, node; and the inline tag without a plugin", () => {
    const project = open("plain", {
      needs: [],
      files: {
        "main.ts": BUNDLED.replace(/import .* from "\.\/(loss|xor)\..*\n/g, "").replace(
          /lossGrad\(1, 2\)\.dw, |Object\.keys\(.*?\)\.length, /g,
          "",
        ),
      },
    });
    rmSync(join(project, "tsconfig.json"));
    const inProject = runIn(project);
    for (let index = 0; index < 12; index++) writeFileSync(join(project, `many${index}.math`), `f(x, y) = x^${index + 2} * y\n`);
    const all = (...flags: string[]): { sources: { cached: boolean }[] } =>
      JSON.parse(inProject("npx", "gen", "--config", "many.mjs", "--json", ...flags)) as { sources: { cached: boolean }[] };
    writeFileSync(join(project, "many.mjs"), `export default { inputs: "many*.math", out: "many" };`);
    expect(all().sources.map(({ cached }) => cached)).toEqual(Array.from({ length: 12 }, () => false)); // on threads
    expect(all("--check").sources.every(({ cached }) => cached)).toBe(true);
    expect(readdirSync(join(project, "many")).length).toBe(12);
    inProject("npx", "gen");
    inProject("npx", "gen", "--check");
    inProject("node", tsc, ...STRICT, ...NODE, "--outDir", "out", "main.ts"); // skipLibCheck is off
    expect(JSON.parse(inProject("node", "out/main.js"))).toEqual([12, 12]);
  }, 60_000);
});
