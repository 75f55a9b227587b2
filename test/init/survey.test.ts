import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundlers } from "../../src/init/bundlers.ts";
import { surveyFolder, type Survey } from "../../src/init/survey.ts";
import { makeProject, type ProjectFiles } from "./project-folder.ts";

/** What matters of a survey, flat. */
function summary(survey: Survey) {
  const { packageManager, typescript } = survey;
  return {
    manager: `${packageManager.agent} (${packageManager.foundBy})`,
    workspace: survey.workspace,
    language: survey.language,
    tsconfig: typescript?.file,
    resolution: typescript?.moduleResolution,
    arbitrary: typescript?.allowArbitraryExtensions,
    tsEndings: typescript?.allowTsEndings,
    problems: typescript?.problems,
    bundlers: survey.bundlers.map(({ bundler, file, isCommonJs }) =>
      [bundler.name, ...(file === undefined ? [] : [file]), ...(isCommonJs ? ["CommonJS"] : [])].join(" "),
    ),
    sourceFolder: survey.sourceFolder,
    sources: survey.sources,
    gradient: survey.gradient,
    configurations: survey.configurations,
    configurationAbove: survey.configurationAbove,
    packageAbove: survey.packageAbove,
    isInstalled: survey.isInstalled,
  };
}

interface Case {
  readonly files: ProjectFiles;
  /** The folder that is looked at, below the project's. */
  readonly at?: string;
  readonly userAgent?: string;
  readonly expected: Partial<ReturnType<typeof summary>>;
}

const depends = (...names: readonly string[]) => ({ devDependencies: Object.fromEntries(names.map((name) => [name, "*"])) });

const MANAGERS: Record<string, Case> = {
  "nothing at all": { files: {}, expected: { manager: "npm (none)", language: "typescript", sourceFolder: ".", sources: [] } },
  "npm by its lockfile": { files: { "package-lock.json": {} }, expected: { manager: "npm (project)" } },
  "pnpm by its lockfile": { files: { "pnpm-lock.yaml": "" }, expected: { manager: "pnpm (project)" } },
  "yarn by its lockfile": { files: { "yarn.lock": "" }, expected: { manager: "yarn (project)" } },
  "yarn 4 by its configuration": {
    files: { "yarn.lock": "", ".yarnrc.yml": "" },
    expected: { manager: "yarn@berry (project)" },
  },
  "bun by its lockfile": { files: { "bun.lock": "" }, expected: { manager: "bun (project)" } },
  "deno by its configuration": { files: { "deno.json": {} }, expected: { manager: "deno (project)" } },
  "the field packageManager": {
    files: { "package.json": { packageManager: "yarn@4.5.0" }, "package-lock.json": {} },
    expected: { manager: "yarn@berry (project)" },
  },
  "the field devEngines": {
    files: { "package.json": { devEngines: { packageManager: { name: "pnpm" } } } },
    expected: { manager: "pnpm (project)" },
  },
  "a lockfile above": { files: { "pnpm-lock.yaml": "", "a/package.json": {} }, at: "a", expected: { manager: "pnpm (project)" } },
  "who runs it": { files: {}, userAgent: "pnpm/10.1.0 npm/? node/v20.0.0", expected: { manager: "pnpm (process)" } },
  "which yarn runs it": { files: {}, userAgent: "yarn/4.1.0 npm/? node/v20", expected: { manager: "yarn@berry (process)" } },
  "the project against who runs it": {
    files: { "yarn.lock": "" },
    userAgent: "npm/10.0.0 node/v20.0.0",
    expected: { manager: "yarn (project)" },
  },
  "somebody unknown runs it": { files: {}, userAgent: "constructor/1", expected: { manager: "npm (none)" } },
};

const WORKSPACES: Record<string, Case> = {
  "npm's root": { files: { "package.json": { workspaces: ["packages/*"] } }, expected: { workspace: "." } },
  "yarn's older form": { files: { "package.json": { workspaces: { packages: ["a"] } } }, expected: { workspace: "." } },
  "a member": {
    files: { "package.json": { workspaces: ["packages/*"] }, "packages/a/package.json": {} },
    at: "packages/a",
    expected: { workspace: "../.." },
  },
  "pnpm's root": { files: { "pnpm-workspace.yaml": "packages:\n  - 'packages/*'\n" }, expected: { workspace: "." } },
  "pnpm's settings alone": {
    files: { "pnpm-workspace.yaml": "onlyBuiltDependencies: [esbuild]\n" },
    expected: { workspace: undefined },
  },
  "pnpm's file, broken": {
    files: { "pnpm-workspace.yaml": "a: [" },
    expected: { workspace: undefined, manager: "pnpm (project)" },
  },
  "a rush repository": {
    files: { "rush.json": "{}", "apps/a/package.json": {} },
    at: "apps/a",
    expected: { workspace: "../..", manager: "pnpm-rush (project)" },
  },
  "installed at the root": {
    files: { "package.json": { workspaces: ["a"], ...depends("wengert", "typescript") }, "a/package.json": {} },
    at: "a",
    expected: { isInstalled: true, language: "typescript" },
  },
  none: { files: { "package.json": { workspaces: [] } }, expected: { workspace: undefined } },
  "a repository within": {
    files: { "package.json": { workspaces: ["a"] }, "a/package.json": {}, "a/.git/": "" },
    at: "a",
    expected: { workspace: undefined },
  },
};

const LANGUAGES: Record<string, Case> = {
  "plain JavaScript": {
    files: { "package.json": {}, "src/index.js": "" },
    expected: { language: "javascript", isInstalled: false },
  },
  "a tsconfig": {
    files: { "package.json": {}, "tsconfig.json": {} },
    expected: { language: "typescript", tsconfig: "tsconfig.json" },
  },
  "a dependency on typescript": {
    files: { "package.json": depends("typescript") },
    expected: { language: "typescript", tsconfig: undefined },
  },
  "TypeScript without any set-up": { files: { "package.json": {}, "src/main.ts": "" }, expected: { language: "typescript" } },
  "types and configurations alone": {
    files: { "package.json": {}, "src/main.d.ts": "", "src/vite.config.ts": "" },
    expected: { language: "javascript" },
  },
  installed: { files: { "package.json": { dependencies: { wengert: "1" } } }, expected: { isInstalled: true } },
  "odd fields": {
    files: { "package.json": { dependencies: [1], devDependencies: "x", scripts: 3, type: 7, workspaces: true } },
    expected: { language: "javascript", isInstalled: false },
  },
  "a byte order mark": {
    files: { "package.json": '\ufeff{"devDependencies":{"wengert":"1"}}' },
    expected: { isInstalled: true },
  },
};

const tsconfig = (compilerOptions: unknown, rest: object = {}): ProjectFiles => ({
  "tsconfig.json": { compilerOptions, ...rest },
});

const TSCONFIGS: Record<string, Case> = {
  "comments and trailing commas": {
    files: {
      "tsconfig.json":
        '\ufeff// mine\n{ /* here */ "compilerOptions": { "moduleResolution": "NodeNext", "allowArbitraryExtensions": true, }, }',
    },
    expected: { resolution: "nodenext", arbitrary: true, tsEndings: false, problems: [] },
  },
  "resolution by module": { files: tsconfig({ module: "Node16" }), expected: { resolution: "node16" } },
  "module that decides nothing": { files: tsconfig({ module: "esnext" }), expected: { resolution: undefined } },
  "resolution that wins over module": {
    files: tsconfig({ module: "preserve", moduleResolution: "bundler" }),
    expected: { resolution: "bundler" },
  },
  "endings in .ts": { files: tsconfig({ allowImportingTsExtensions: true }), expected: { tsEndings: true } },
  "endings in .ts that are rewritten": {
    files: tsconfig({ rewriteRelativeImportExtensions: true }),
    expected: { tsEndings: true },
  },
  "what it extends": {
    files: {
      ...tsconfig({ allowArbitraryExtensions: false }, { extends: "./base" }),
      "base.json": { compilerOptions: { module: "nodenext", allowArbitraryExtensions: true } },
    },
    expected: { resolution: "nodenext", arbitrary: false, tsconfig: "tsconfig.json" },
  },
  "the last of several that it extends": {
    files: {
      ...tsconfig({}, { extends: ["./a.json", "./b.json"] }),
      "a.json": { compilerOptions: { moduleResolution: "node16", allowImportingTsExtensions: true } },
      "b.json": { compilerOptions: { moduleResolution: "bundler" } },
    },
    expected: { resolution: "bundler", tsEndings: true },
  },
  "a package that it extends": {
    files: {
      ...tsconfig({}, { extends: "@tsconfig/node20" }),
      "node_modules/@tsconfig/node20/tsconfig.json": { compilerOptions: { module: "node20" } },
    },
    expected: { resolution: "node16" },
  },
  "a file of a package above": {
    files: {
      "a/tsconfig.json": { extends: "base/strict" },
      "node_modules/base/strict.json": { compilerOptions: { module: "nodenext" } },
    },
    at: "a",
    expected: { resolution: "nodenext" },
  },
  "a package that is not installed": {
    files: tsconfig({}, { extends: "@tsconfig/node20" }),
    expected: { resolution: undefined, problems: [] },
  },
  "a circle": { files: tsconfig({ module: "nodenext" }, { extends: "./tsconfig.json" }), expected: { resolution: "nodenext" } },
  "one that only refers to others": {
    files: {
      "tsconfig.json": { files: [], references: [{ path: "./tsconfig.node.json" }, { path: "./tsconfig.app.json" }] },
      "tsconfig.node.json": { compilerOptions: { module: "nodenext" } },
      "tsconfig.app.json": { compilerOptions: { moduleResolution: "bundler" } },
    },
    expected: { tsconfig: "tsconfig.app.json", resolution: "bundler" },
  },
  "one that refers to a folder": {
    files: {
      "tsconfig.json": { files: [], references: [{ path: "./web" }] },
      "web/tsconfig.json": { compilerOptions: { module: "preserve" } },
    },
    expected: { tsconfig: "web/tsconfig.json", resolution: "bundler" },
  },
  "one that refers to what is not there yet": {
    files: { "tsconfig.json": { files: [], references: [{ path: "./.nuxt/tsconfig.app.json" }] } },
    expected: { tsconfig: "tsconfig.json", problems: [] },
  },
  "one that compiles and refers": {
    files: {
      ...tsconfig({ module: "nodenext" }, { include: ["src"], references: [{ path: "./other" }] }),
      "other/tsconfig.json": {},
    },
    expected: { tsconfig: "tsconfig.json", resolution: "nodenext" },
  },
  "one above": {
    files: { ...tsconfig({ module: "nodenext" }), "packages/a/package.json": {} },
    at: "packages/a",
    expected: { tsconfig: "../../tsconfig.json", language: "typescript" },
  },
  "one that is broken": {
    files: { "tsconfig.json": '{ "compilerOptions": ' },
    expected: { language: "typescript", problems: [expect.stringMatching(/^tsconfig\.json: /)] },
  },
  "one that holds no object": { files: { "tsconfig.json": "[]" }, expected: { problems: ["tsconfig.json: it holds no object"] } },
  "a broken one that it extends": {
    files: { ...tsconfig({ module: "nodenext" }, { extends: "./base.json" }), "base.json": "{" },
    expected: { resolution: "nodenext", problems: [expect.stringMatching(/^base\.json: /)] },
  },
  "words of every object": {
    files: tsconfig({ module: "constructor", moduleResolution: ["x"] }),
    expected: { resolution: undefined },
  },
};

const FOLDERS: Record<string, Case> = {
  src: { files: { "src/": "", "app/": "", "lib/": "" }, expected: { sourceFolder: "src" } },
  app: { files: { "app/": "", "lib/": "" }, expected: { sourceFolder: "app" } },
  lib: { files: { "lib/": "" }, expected: { sourceFolder: "lib" } },
  "none of them": { files: { "source/": "" }, expected: { sourceFolder: "." } },
  "a file of that name": { files: { src: "text" }, expected: { sourceFolder: "." } },
  "the one that tsconfig names": {
    files: { "source/": "", "src/": "", ...tsconfig({ rootDir: "./source" }) },
    expected: { sourceFolder: "source" },
  },
  "not what tsconfig writes": {
    files: { "lib/": "", ...tsconfig({ rootDir: ".", outDir: "lib" }) },
    expected: { sourceFolder: "." },
  },
  "not what lies outside": {
    files: { "a/src/": "", "a/tsconfig.json": { compilerOptions: { rootDir: ".." } } },
    at: "a",
    expected: { sourceFolder: "src" },
  },
};

const SOURCES: Record<string, Case> = {
  "a source": { files: { "src/loss.math": "f(x, y) = x * y\n" }, expected: { sources: ["src/loss.math"], gradient: "fGrad" } },
  "sources everywhere": {
    files: {
      "src/b.math": "g = x^2",
      "models/a.net.yml": "",
      "top.math": "x",
      "node_modules/a/a.math": "x",
      ".cache/a.math": "x",
      "a.yaml": "",
    },
    expected: { sources: ["models/a.net.yml", "src/b.math", "top.math"] },
  },
  "a source that is wrong": { files: { "a.math": "f(x) = sigmiod(x)" }, expected: { sources: ["a.math"], gradient: undefined } },
  "a network first": { files: { "a.net.yaml": "layers: []" }, expected: { sources: ["a.net.yaml"], gradient: undefined } },
  "a long source": { files: { "a.math": `f(x) = x${" + x".repeat(10_000)}` }, expected: { gradient: undefined } },
  "a configuration": {
    files: { "wengert.config.mjs": "" },
    expected: { configurations: ["wengert.config.mjs"], configurationAbove: undefined },
  },
  "several configurations": {
    files: { "wengert.config.mjs": "", "wengert.config.ts": "" },
    expected: { configurations: ["wengert.config.ts", "wengert.config.mjs"] },
  },
  "a configuration above": {
    files: { "wengert.config.ts": "", "a/package.json": {} },
    at: "a",
    expected: { configurations: [], configurationAbove: "../wengert.config.ts" },
  },
  "a package.json above": { files: { "package.json": {}, "a/b/": "" }, at: "a/b", expected: { packageAbove: "../.." } },
};

const FOUND: Record<string, Case> = {
  none: { files: { "package.json": {} }, expected: { bundlers: [] } },
  ...Object.fromEntries(
    bundlers.flatMap(({ name, packages, config }) => [
      ...packages.map((each): [string, Case] => [
        `${name} by its package ${each}`,
        { files: { "package.json": depends(each) }, expected: { bundlers: [name] } },
      ]),
      [
        `${name} by its package and configuration`,
        {
          files: { "package.json": depends(packages[0]!), [`${config}.mjs`]: "" },
          expected: { bundlers: [`${name} ${config}.mjs`] },
        },
      ] satisfies [string, Case],
    ]),
  ),
  "Vite by its configuration": {
    files: { "package.json": {}, "vite.config.mts": "" },
    expected: { bundlers: ["vite vite.config.mts"] },
  },
  "webpack in CommonJS": {
    files: { "package.json": depends("webpack"), "webpack.config.js": 'const path = require("path");\nmodule.exports = {};' },
    expected: { bundlers: ["webpack webpack.config.js CommonJS"] },
  },
  "webpack in an ES module": {
    files: { "package.json": depends("webpack"), "webpack.config.js": "// no module.exports\nexport default {};" },
    expected: { bundlers: ["webpack webpack.config.js"] },
  },
  "a name that says CommonJS": {
    files: { "package.json": {}, "next.config.cjs": "" },
    expected: { bundlers: ["next next.config.cjs CommonJS"] },
  },
  "a file that is no configuration": {
    files: { "package.json": {}, "vite.config.ts.bak": "", "webpack.config.json": "" },
    expected: { bundlers: [] },
  },
  "Vite with what is inside of it": {
    files: { "package.json": depends("rollup", "esbuild", "vitest", "vite") },
    expected: { bundlers: ["vite"] },
  },
  "Vite with a configuration for Vitest": {
    files: { "package.json": depends("vite", "vitest"), "vite.config.ts": "", "vitest.config.ts": "" },
    expected: { bundlers: ["vite vite.config.ts", "vitest vitest.config.ts"] },
  },
  "Vitest that needs Vite": {
    files: { "package.json": depends("vite", "vitest"), "vitest.config.ts": "" },
    expected: { bundlers: ["vitest vitest.config.ts"] },
  },
  "Vite and Rollup, each with its configuration": {
    files: { "package.json": depends("vite", "rollup"), "rollup.config.js": "export default {}" },
    expected: { bundlers: ["vite", "rollup rollup.config.js"] },
  },
  "Nuxt with Vitest": {
    files: { "package.json": depends("nuxt", "vite", "vitest"), "nuxt.config.ts": "", "vitest.config.ts": "" },
    expected: { bundlers: ["nuxt nuxt.config.ts", "vitest vitest.config.ts"] },
  },
  "SvelteKit, whose configuration is Vite's": {
    files: { "package.json": depends("@sveltejs/kit", "svelte", "vite"), "svelte.config.js": "", "vite.config.ts": "" },
    expected: { bundlers: ["sveltekit vite.config.ts"] },
  },
  "Svelte alone": {
    files: { "package.json": depends("svelte", "vite"), "svelte.config.js": "" },
    expected: { bundlers: ["vite"] },
  },
  "tsup with esbuild": { files: { "package.json": depends("esbuild", "tsup") }, expected: { bundlers: ["tsup"] } },
  "Next.js with webpack": { files: { "package.json": depends("webpack", "next") }, expected: { bundlers: ["next"] } },
  "two bundlers": { files: { "package.json": depends("webpack", "rollup") }, expected: { bundlers: ["webpack", "rollup"] } },
};

const TABLES = {
  "package managers": MANAGERS,
  workspaces: WORKSPACES,
  languages: LANGUAGES,
  tsconfig: TSCONFIGS,
  "source folders": FOLDERS,
  "sources and configurations": SOURCES,
  bundlers: FOUND,
};

describe.each(Object.entries(TABLES))("%s", (_, table) => {
  it.each(Object.entries(table))("%s", async (_, { files, at = "", userAgent, expected }) => {
    const survey = await surveyFolder(join(makeProject(files), at), userAgent);
    if (survey.kind === "obstacle") throw new Error(survey.detail);
    expect(summary(survey)).toMatchObject(expected);
  });
});

describe("what is in the way", () => {
  it.each(
    Object.entries({
      "no JSON": { content: '{ "name": ', detail: /^it is no JSON: / },
      "nothing in it": { content: "", detail: /^it is no JSON: / },
      "a list": { content: "[]", detail: /no object/ },
      null: { content: "null", detail: /no object/ },
    }),
  )("package.json: %s", async (_, { content, detail }) => {
    const survey = await surveyFolder(makeProject({ "package.json": content }));
    expect(survey).toEqual({ kind: "obstacle", file: "package.json", detail: expect.stringMatching(detail) });
  });

  it("package.json: a folder", async () => {
    expect(await surveyFolder(makeProject({ "package.json/": "" }))).toMatchObject({
      kind: "obstacle",
      detail: "it is a folder",
    });
  });

  it("a broken package.json above is no obstacle", async () => {
    expect(await surveyFolder(join(makeProject({ "package.json": "{", "a/package.json": {} }), "a"))).toMatchObject({
      kind: "survey",
    });
  });

  it("a configuration that is a link to nowhere is seen", async () => {
    const folder = makeProject({});
    symlinkSync(join(folder, "nowhere.ts"), join(folder, "wengert.config.ts"));
    expect(await surveyFolder(folder)).toMatchObject({ configurations: ["wengert.config.ts"] });
  });

  it.skipIf(process.getuid?.() === 0)("a folder that may not be listed", async () => {
    const folder = makeProject({ "wengert.config.ts": "" });
    chmodSync(folder, 0o300);
    const survey = await surveyFolder(folder);
    chmodSync(folder, 0o700);
    expect(survey).toMatchObject({ kind: "obstacle", file: folder });
  });
});
