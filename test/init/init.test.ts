import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Script } from "node:vm";
import { CommanderError } from "commander";
import { buildSync } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { initProject, type InitFlags } from "../../src/cli/init.ts";
import type { Io, Output } from "../../src/cli/io.ts";
import { compile, load } from "../../src/index.ts";
import { bundlers, type Bundler } from "../../src/init/bundlers.ts";
import { EXAMPLE } from "../../src/init/example.ts";
import type { Edit, Step } from "../../src/init/first-steps.ts";
import { pluginSnippet, type SnippetForm } from "../../src/init/plugin-snippet.ts";
import { openProject } from "../../src/project/project.ts";
import { makeProject, type ProjectFiles } from "./project-folder.ts";

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function init(folder: string, flags: InitFlags = {}, userAgent = ""): Promise<Result> {
  const printed = { out: "", err: "" };
  const output = (which: "out" | "err"): Output => ({
    write: (text: string) => void (printed[which] += text),
    isTerminal: false,
    columns: 100,
  });
  const env = { npm_config_user_agent: userAgent };
  const io: Io = {
    cwd: folder,
    env,
    stdout: output("out"),
    stderr: output("err"),
    readStdin: async () => new Uint8Array(),
    untilStopped: async () => {},
  };
  try {
    return { code: await initProject(flags, io), ...printed };
  } catch (problem) {
    if (!(problem instanceof CommanderError)) throw problem;
    return { code: problem.exitCode, ...printed, err: problem.message };
  }
}

interface Document {
  readonly written: readonly { readonly path: string; readonly status: string; readonly text: string }[];
  readonly planned?: Document["written"];
  readonly kept: readonly string[];
  readonly steps: readonly Step[];
  readonly plugin: readonly Step[];
  readonly direct: readonly Step[];
  readonly found: Readonly<Record<string, unknown>>;
}

async function initJson(folder: string, flags: InitFlags = {}, userAgent?: string): Promise<Document> {
  const { code, out } = await init(folder, { ...flags, json: true }, userAgent);
  expect(code).toBe(0);
  return JSON.parse(out) as Document;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith(".git") && lstatSync(join(folder, name)).isFile())
    .sort();
}

const commandsOf = (steps: readonly Step[]): string[] => steps.flatMap((step) => (step.kind === "command" ? [step.command] : []));
const notesOf = (steps: readonly Step[]): string[] => steps.flatMap((step) => (step.kind === "note" ? [step.text] : []));
const editsOf = (steps: readonly Step[], purpose: Edit["purpose"]): Edit[] =>
  steps.filter((step): step is Edit => step.kind === "edit" && step.purpose === purpose);
const importOf = ({ steps }: Document): string => editsOf(steps, "import")[0]!.code.split("\n")[0]!;

const depends = (...names: readonly string[]) => ({ devDependencies: Object.fromEntries(names.map((name) => [name, "*"])) });
const esm = (...names: readonly string[]) => ({ type: "module", ...depends(...names) });

interface Case {
  readonly files: ProjectFiles;
  readonly at?: string;
  readonly userAgent?: string;
  /** What is written. */
  readonly writes?: readonly string[];
  readonly inputs?: string;
  readonly commands?: readonly string[];
  readonly imports?: string;
  /** What is to be edited, by place. */
  readonly edits?: readonly string[];
  /** The same for the plugin and for importing sources themselves. */
  readonly direct?: readonly string[];
  readonly notes?: readonly RegExp[];
}

const VITE = {
  "package.json": esm("vite", "typescript"),
  "tsconfig.json": { compilerOptions: { moduleResolution: "bundler" } },
  "src/": "",
};

const KINDS: Record<string, Case> = {
  "an empty folder": {
    files: {},
    writes: ["loss.math", "wengert.config.ts"],
    inputs: '["**/*.math", "**/*.net.yaml"]',
    commands: ["npm init -y", "npm pkg set type=module", "npm install -D wengert", "npx gen", "npx gen --check"],
    imports: 'import { lossGrad } from "./loss.grad.ts";',
    edits: ["in a file beside loss.math"],
    direct: [],
    notes: [/^Node 22\.18 and later run loss\.grad\.ts as it is\.$/],
  },
  "an empty folder with pnpm": {
    files: {},
    userAgent: "pnpm/10.0.0",
    commands: ["pnpm init", "npm pkg set type=module", "pnpm add -D wengert", "pnpm gen", "pnpm gen --check"],
  },
  "an empty folder with bun": {
    files: {},
    userAgent: "bun/1.3.0",
    commands: ["bun init -y", "bun add -d wengert", "bunx gen", "bunx gen --check"],
    notes: [],
  },
  "an empty folder in a project": { files: { "package.json": {}, "a/": "" }, at: "a", notes: [/there is one in \.\.:/, /^Node/] },
  "TypeScript with Vite": {
    files: { ...VITE, "pnpm-lock.yaml": "" },
    writes: ["src/loss.math", "wengert.config.ts"],
    inputs: '["src/**/*.math", "src/**/*.net.yaml"]',
    commands: ["pnpm add -D wengert", "pnpm gen", "pnpm gen --check"],
    imports: 'import { lossGrad } from "./loss.grad";',
    edits: ["in a file of src/"],
    direct: [
      "in a new vite.config.ts",
      "in tsconfig.json, among the compiler options",
      "in wengert.config.ts",
      "in a file of src/",
    ],
    notes: [],
  },
  "TypeScript with Vite's own template": {
    files: {
      ...VITE,
      "vite.config.ts": "",
      "tsconfig.json": { files: [], references: [{ path: "./tsconfig.app.json" }] },
      "tsconfig.app.json": { compilerOptions: { moduleResolution: "bundler", allowImportingTsExtensions: true } },
    },
    imports: 'import { lossGrad } from "./loss.grad.ts";',
    direct: [
      "in vite.config.ts, with what is there",
      "in tsconfig.app.json, among the compiler options",
      "in wengert.config.ts",
      "in a file of src/",
    ],
  },
  "TypeScript that may import anything": {
    files: { ...VITE, "tsconfig.json": { compilerOptions: { allowArbitraryExtensions: true } } },
    direct: ["in a new vite.config.ts", "in wengert.config.ts", "in a file of src/"],
  },
  "yarn, with wengert installed": {
    files: { "package.json": depends("wengert"), "yarn.lock": "" },
    commands: ["yarn gen", "yarn gen --check"],
  },
  "yarn with a script of that name": {
    files: { "package.json": { scripts: { gen: "graphql-codegen" } }, "yarn.lock": "" },
    commands: ["yarn add -D wengert", "yarn exec gen", "yarn exec gen -- --check"],
  },
  "pnpm with a script of that name": {
    files: { "package.json": { scripts: { gen: "graphql-codegen" } }, "pnpm-lock.yaml": "" },
    commands: ["pnpm add -D wengert", "pnpm exec gen", "pnpm exec gen --check"],
  },
  "npm with a script of that name": {
    files: { "package.json": { scripts: { gen: "graphql-codegen" } } },
    commands: ["npm install -D wengert", "npx gen", "npx gen --check"],
  },
  "the root of pnpm's workspace": {
    files: { "package.json": {}, "pnpm-workspace.yaml": "packages: [a]" },
    commands: ["pnpm add -D -w wengert", "pnpm gen", "pnpm gen --check"],
  },
  "the root of yarn's workspace": {
    files: { "package.json": { workspaces: ["a"] }, "yarn.lock": "" },
    commands: ["yarn add -D -W wengert", "yarn gen", "yarn gen --check"],
  },
  "a member of a workspace": {
    files: { "pnpm-workspace.yaml": "packages: [a]", "a/package.json": {}, "wengert.config.ts": "" },
    at: "a",
    commands: ["pnpm add -D wengert", "pnpm gen", "pnpm gen --check"],
    notes: [/^Node/, /^\.\.\/wengert\.config\.ts held for this folder until now/],
  },
  "a rush project": {
    files: { "rush.json": "{}", "a/package.json": {} },
    at: "a",
    commands: ["rush add --dev -p wengert", "rush-pnpm exec gen", "rush-pnpm exec gen --check"],
  },
  deno: {
    files: { "deno.json": {}, "package.json": {} },
    commands: ["deno add -D npm:wengert", "deno run -A npm:wengert/gen", "deno run -A npm:wengert/gen --check"],
    imports: 'import { lossGrad } from "./loss.grad.ts";',
    notes: [],
  },
  "Node in TypeScript": {
    files: { "package.json": esm("typescript"), "tsconfig.json": { compilerOptions: { module: "nodenext" } }, "src/": "" },
    writes: ["src/loss.math", "wengert.config.ts"],
    imports: 'import { lossGrad } from "./loss.grad.js";',
    direct: [],
    notes: [],
  },
  "Node in TypeScript and CommonJS": {
    files: { "package.json": depends("typescript"), "tsconfig.json": { compilerOptions: { module: "node16" } } },
    writes: ["loss.math", "wengert.config.mts"],
    imports: 'import { lossGrad } from "./loss.grad.js";',
  },
  "TypeScript without a compiler": {
    files: { "package.json": esm("typescript") },
    imports: 'import { lossGrad } from "./loss.grad.ts";',
    notes: [/^Node/],
  },
  "TypeScript that compiles to modules": {
    files: { "package.json": esm(), "tsconfig.json": {} },
    imports: 'import { lossGrad } from "./loss.grad.js";',
    notes: [],
  },
  "TypeScript that compiles to CommonJS": {
    files: { "package.json": {}, "tsconfig.json": {} },
    imports: 'import { lossGrad } from "./loss.grad";',
    notes: [],
  },
  "TypeScript tested with Vitest": {
    files: { "package.json": esm("vitest"), "tsconfig.json": {} },
    imports: 'import { lossGrad } from "./loss.grad.js";',
    direct: ["in a new vitest.config.ts"],
  },
  "a broken tsconfig": { files: { "package.json": {}, "tsconfig.json": "{" }, notes: [/^Not read: tsconfig\.json: /] },
  "Node in JavaScript": {
    files: { "package.json": esm() },
    writes: ["loss.math", "wengert.config.js"],
    imports: 'import { lossGrad } from "./loss.grad.ts";',
    notes: [/^Node/],
  },
  "Node in CommonJS": {
    files: { "package.json": {}, "lib/": "" },
    writes: ["lib/loss.math", "wengert.config.mjs"],
    imports: 'const { lossGrad } = require("./loss.grad.ts");',
    notes: [/^Node/],
  },
  "Node in CommonJS, said aloud": {
    files: { "package.json": { type: "commonjs" } },
    notes: [/^Node/, /take "type": "commonjs" out/],
  },
  "JavaScript with Vite": {
    files: { "package.json": esm("vite"), "src/": "" },
    imports: 'import { lossGrad } from "./loss.grad.ts";',
    edits: ["in a file of src/"],
    direct: ["in a new vite.config.js", "in wengert.config.js", "in a file of src/"],
    notes: [],
  },
  "JavaScript with webpack": {
    files: { "package.json": depends("webpack"), "webpack.config.js": "module.exports = {};", "src/": "" },
    commands: ["npm install -D wengert", "npx gen", "npx gen --check"],
    imports: 'import { lossGrad } from "./loss.math";',
    edits: ["in webpack.config.js, with what is there", "in a file of src/"],
    direct: [],
  },
  "Next.js": {
    files: { "package.json": depends("next"), "tsconfig.json": { compilerOptions: { moduleResolution: "bundler" } }, "app/": "" },
    writes: ["app/loss.math", "wengert.config.ts"],
    imports: 'import { lossGrad } from "./loss.grad";',
    direct: [
      "in a new next.config.ts",
      "in tsconfig.json, among the compiler options",
      "in wengert.config.ts",
      "in a file of app/",
    ],
  },
  "Nuxt, which writes its own tsconfig": {
    files: {
      "package.json": depends("nuxt"),
      "tsconfig.json": { files: [], references: [{ path: "./.nuxt/tsconfig.app.json" }] },
    },
    imports: 'import { lossGrad } from "./loss.grad";',
    direct: ["in a new nuxt.config.ts", "in wengert.config.ts", "in a file beside loss.math"],
  },
  "sources that are there": {
    files: { ...VITE, "models/two-layer.math": "g(x) = x^2\n" },
    writes: ["wengert.config.ts"],
    inputs: '["src/**/*.math", "src/**/*.net.yaml", "models/**/*.math", "models/**/*.net.yaml"]',
    imports: 'import { gGrad } from "./two-layer.grad";',
    edits: ["in a file of models/"],
  },
  "a network that is there": {
    files: { "package.json": esm(), "src/my-net.net.yml": "layers: []" },
    writes: ["wengert.config.js"],
    inputs: '["src/**/*.math", "src/**/*.net.{yaml,yml,json}"]',
    imports: 'import * as myNet from "./my-net.net.ts";',
  },
  "a network in JSON, which is data to bundlers": {
    files: { "package.json": esm("webpack"), "mlp.net.json": {} },
    inputs: '["**/*.math", "**/*.net.{yaml,yml,json}"]',
    imports: 'import * as mlp from "./mlp.net.ts";',
    direct: ["in a new webpack.config.js"],
  },
  "sources at the top": {
    files: { "package.json": esm(), "src/": "", "2nd.math": "sigmiod(x)" },
    inputs: '["src/**/*.math", "src/**/*.net.yaml", "*.math", "*.net.yaml"]',
    imports: 'import * as _2nd from "./2nd.grad.ts";',
  },
  "sources in a folder with odd letters": {
    files: { "package.json": esm(), "src/": "", "(a) [b]/x.math": "x" },
    writes: ["wengert.config.js"],
    inputs:
      '["src/**/*.math", "src/**/*.net.yaml", "\\\\(a\\\\) \\\\[b\\\\]/**/*.math", "\\\\(a\\\\) \\\\[b\\\\]/**/*.net.yaml"]',
  },
  "sources in many folders": {
    files: { "src/": "", "a/x.math": "x", "b/x.math": "x", "c/x.math": "x", "d/x.math": "x", "e/x.math": "x" },
    inputs: '["**/*.math", "**/*.net.yaml"]',
  },
};

describe("what is found, written and advised", () => {
  it.each(Object.entries(KINDS))("%s", async (_, each) => {
    const folder = join(makeProject(each.files), each.at ?? "");
    const before = filesOf(folder);
    const document = await initJson(folder, {}, each.userAgent);
    const written = document.written.map(({ path }) => path).sort();
    expect(filesOf(folder).filter((name) => !before.includes(name))).toEqual(written);
    const places = (steps: readonly Step[]): string[] => steps.flatMap((step) => (step.kind === "edit" ? [step.place] : []));
    const seen = {
      writes: written,
      inputs: /inputs: (.*),\n/.exec(document.written[0]!.text)?.[1],
      commands: commandsOf(document.steps),
      imports: importOf(document),
      edits: places(document.steps),
      direct: places([...document.plugin, ...document.direct]),
      notes: notesOf(document.steps),
    };
    const { files: _files, at: _at, userAgent: _agent, notes, ...expected } = each;
    expect(seen).toMatchObject({ ...expected, ...(notes && { notes: notes.map((note) => expect.stringMatching(note)) }) });
  });

  it.each(Object.entries(KINDS))("%s: the configuration finds its sources", async (_, { files, at = "" }) => {
    const folder = join(makeProject(files), at);
    const { found } = await initJson(folder);
    const { loaded, plan, problems } = await openProject({ cwd: folder, env: {}, useCache: false });
    expect(problems).toEqual([]);
    expect(dirname(loaded!.file)).toBe(folder);
    const example = filesOf(folder).filter((name) => name.endsWith("loss.math"));
    const expected = (found["sources"] as string[]).length > 0 ? found["sources"] : example;
    expect(plan.jobs.map(({ name }) => name).sort()).toEqual(expected);
  });
});

describe("what is printed", () => {
  it("is short and exact", async () => {
    const { out, code } = await init(makeProject({ ...VITE, "pnpm-lock.yaml": "" }));
    expect(code).toBe(0);
    expect(out).toBe(PRINTED);
  });

  it.each(Object.entries(KINDS))("%s: has every step in it", async (_, { files, at = "", userAgent }) => {
    const folder = join(makeProject(files), at);
    const { out } = await init(folder, { dryRun: true }, userAgent);
    const { steps, plugin, direct } = await initJson(folder, { dryRun: true }, userAgent);
    for (const step of [...steps, ...plugin, ...direct]) {
      const text = step.kind === "command" ? step.command : step.kind === "note" ? step.text : step.place;
      expect(out).toContain(text);
      if (step.kind === "edit") for (const line of step.code.split("\n")) expect(out).toContain(line);
    }
    expect(out).not.toMatch(/undefined|\[object|\n\n\n|[ \t]\n/);
    expect(out.split("\n").filter((line) => line.length > 130)).toEqual([]);
  });
});

const PRINTED = `found pnpm, TypeScript, Vite, code in src/
wrote wengert.config.ts
wrote src/loss.math

Next:

  pnpm add -D wengert
  pnpm gen                 # writes src/loss.grad.ts

in a file of src/:
  import { lossGrad } from "./loss.grad";
  const { loss, dw, db } = lossGrad(Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6), 1, 0);

  pnpm gen --check         # in CI: fails where something is stale

The plugin keeps what is generated up to date whenever something is built:

in a new vite.config.ts:
  import { defineConfig } from "vite";
  import wengert from "wengert/vite";

  export default defineConfig({
    plugins: [wengert()],
  });

With it, code can also import the source itself, with no module between:

in tsconfig.json, among the compiler options:
  "allowArbitraryExtensions": true

in wengert.config.ts:
  emit: "types",

  pnpm gen                 # writes src/loss.d.math.ts

in a file of src/:
  import { lossGrad } from "./loss.math";
`;

describe("what is there stays", () => {
  it.each(["ts", "mts", "cts", "js", "mjs", "cjs"])("wengert.config.%s", async (ending) => {
    const folder = makeProject({ [`wengert.config.${ending}`]: "mine" });
    const { code, err } = await init(folder);
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^wengert\\.config\\.${ending} is there already; --force`));
    expect(filesOf(folder)).toEqual([`wengert.config.${ending}`]);
  });

  it.each(["ts", "mts", "js", "mjs"])("but for wengert.config.%s with --force", async (ending) => {
    const folder = makeProject({ [`wengert.config.${ending}`]: "mine" });
    const { written } = await initJson(folder, { force: true });
    expect(written.map(({ path }) => path)).toEqual([`wengert.config.${ending}`, "loss.math"]);
    expect(filesOf(folder)).toEqual(["loss.math", `wengert.config.${ending}`]);
    expect(readFileSync(join(folder, `wengert.config.${ending}`), "utf8")).toContain("defineConfig");
  });

  it.each([
    [["wengert.config.cjs"], /CommonJS/],
    [["wengert.config.ts", "wengert.config.js"], /several configurations: wengert\.config\.ts, wengert\.config\.js;/],
  ])("%s even with --force", async (names, message) => {
    const folder = makeProject(Object.fromEntries(names.map((name) => [name, "mine"])));
    const { code, err } = await init(folder, { force: true });
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    expect(filesOf(folder)).toEqual([...names].sort());
  });

  it.each([{}, { force: true }] as const)("an example, %j", async (flags) => {
    const folder = makeProject({ "src/loss.math": "mine(x) = x" });
    const { kept, written, steps } = await initJson(folder, flags);
    expect([kept, written.map(({ path }) => path)]).toEqual([["src/loss.math"], ["wengert.config.ts"]]);
    expect(editsOf(steps, "import")[0]!.code).toBe('import { mineGrad } from "./loss.grad.ts";');
    expect(readFileSync(join(folder, "src/loss.math"), "utf8")).toBe("mine(x) = x");
    expect((await init(makeProject({ "src/loss.math": "x" }))).out).toContain("\nleft src/loss.math as it is\n");
    expect((await init(makeProject({ "a/b.math": "x" }))).out).toContain("\nno example, as a/b.math is there\n");
  });

  it("a link to nowhere where the example would be", async () => {
    const folder = makeProject({});
    symlinkSync(join(folder, "nowhere"), join(folder, "loss.math"));
    expect((await initJson(folder)).kept).toEqual(["loss.math"]);
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  it("everything with --dry-run, which shows what it would write", async () => {
    const folder = makeProject(VITE);
    const before = filesOf(folder);
    const { out, code } = await init(folder, { dryRun: true });
    const { planned, written } = await initJson(folder, { dryRun: true });
    expect([code, filesOf(folder), written]).toEqual([0, before, []]);
    for (const { path, text } of planned!) {
      expect(out).toContain(`would write ${path}:`);
      for (const line of text.trimEnd().split("\n")) expect(out).toContain(line);
    }
    await init(folder);
    for (const { path, text } of planned!) expect(readFileSync(join(folder, path), "utf8")).toBe(text);
  });

  it("a second run says what the first one wrote", async () => {
    const folder = makeProject({});
    await init(folder);
    expect((await init(folder)).code).toBe(2);
    expect((await init(folder, { force: true })).out).toMatch(
      /^found .*\nunchanged: wengert\.config\.ts\nleft loss\.math as it is\n/,
    );
  });
});

describe("what goes wrong ends with 2 and writes nothing", () => {
  it.each(
    Object.entries({
      "package.json is no JSON": { files: { "package.json": "{,}" }, message: /^cannot read package\.json: it is no JSON: / },
      "package.json is a folder": { files: { "package.json/": "" }, message: /^cannot read package\.json: it is a folder$/ },
    }),
  )("%s", async (_, { files, message }) => {
    const folder = makeProject(files);
    const { code, err, out } = await init(folder);
    expect([code, err, out]).toEqual([2, expect.stringMatching(message), ""]);
    expect(filesOf(folder).filter((name) => name !== "package.json")).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)("a folder that may not be written to", async () => {
    const folder = makeProject({});
    chmodSync(folder, 0o500);
    const result = await init(folder);
    chmodSync(folder, 0o700);
    expect(result).toEqual({ code: 2, out: "", err: "cannot write wengert.config.ts: permission denied" });
  });

  it.skipIf(!existsSync("/proc/self/ns"))("a folder that nobody may write to", async () => {
    expect(await init("/proc/self/ns")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/^cannot write wengert\.config\.ts: /),
    });
  });

  it.skipIf(process.getuid?.() === 0)("the example cannot be written, so nothing is", async () => {
    const folder = makeProject({ "src/": "" });
    chmodSync(join(folder, "src"), 0o500);
    const { code, err } = await init(folder);
    chmodSync(join(folder, "src"), 0o700);
    expect([code, err, filesOf(folder)]).toEqual([2, expect.stringMatching(/^cannot write /), []]);
  });
});

describe("the example", () => {
  const compilation = compile(EXAMPLE.text, { name: EXAMPLE.file });

  it("compiles, and gives what a line through points should", () => {
    expect([compilation.ok, compilation.diagnostics, compilation.verification.status]).toEqual([true, [], "passed"]);
    const { lossGrad } = load(compilation) as { readonly lossGrad: (...args: unknown[]) => unknown };
    const [x, y] = [Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6)];
    expect(lossGrad(x, y, 2, 0)).toEqual({ loss: 0, dw: 0, db: 0 });
    expect(lossGrad(x, y, 1, 0)).toEqual({ loss: expect.closeTo(14 / 3), dw: expect.closeTo(-28 / 3), db: -4 });
  });
});

/** Ways to set up TypeScript, each with what runs the result: Node what the compiler writes, or a bundler. */
const COMPILERS: Record<
  string,
  { readonly options: ts.CompilerOptions | object; readonly package: object; readonly runs: "node" | "bundler" | "nothing" }
> = {
  "nodenext, modules": { options: { module: "nodenext" }, package: esm(), runs: "node" },
  "nodenext, CommonJS": { options: { module: "nodenext" }, package: {}, runs: "node" },
  "node16, modules": { options: { module: "node16" }, package: esm(), runs: "node" },
  "node16, CommonJS": { options: { module: "node16" }, package: {}, runs: "node" },
  "nodenext, every syntax as it is": {
    options: { module: "nodenext", verbatimModuleSyntax: true },
    package: esm(),
    runs: "node",
  },
  "endings that are rewritten": {
    options: { module: "nodenext", rewriteRelativeImportExtensions: true },
    package: esm(),
    runs: "node",
  },
  "esnext, modules, no bundler": { options: { module: "esnext" }, package: esm(), runs: "node" },
  "esnext, resolved as a bundler does, no bundler": {
    options: { module: "esnext", moduleResolution: "bundler" },
    package: esm(),
    runs: "node",
  },
  "CommonJS, as TypeScript has it": { options: { module: "commonjs" }, package: {}, runs: "node" },
  "Vite's template": {
    options: {
      module: "esnext",
      moduleResolution: "bundler",
      allowImportingTsExtensions: true,
      noEmit: true,
      verbatimModuleSyntax: true,
    },
    package: esm("vite"),
    runs: "bundler",
  },
  "a bundler": { options: { module: "preserve", noEmit: true }, package: esm("esbuild"), runs: "bundler" },
  "a bundler, CommonJS": {
    options: { module: "esnext", moduleResolution: "bundler" },
    package: depends("webpack"),
    runs: "bundler",
  },
  "a bundler, resolved as Node does": { options: { module: "nodenext" }, package: esm("vite"), runs: "bundler" },
  "endings in .ts": {
    options: { module: "nodenext", allowImportingTsExtensions: true, noEmit: true },
    package: esm(),
    runs: "nothing",
  },
};

/** The package as it will be installed, as far as a configuration sees it. */
const INSTALLED: ProjectFiles = {
  "node_modules/wengert/package.json": {
    name: "wengert",
    type: "module",
    exports: { "./config": { types: "./config.d.ts", default: "./config.js" } },
  },
  "node_modules/wengert/config.d.ts": `export * from ${JSON.stringify(resolve(import.meta.dirname, "../../src/project/config.ts"))};`,
};

describe("the configuration and the import line are right where", () => {
  it.each(Object.entries(COMPILERS))("%s", async (_, { options, package: packageJson, runs }) => {
    const folder = makeProject({
      ...INSTALLED,
      "package.json": packageJson,
      "tsconfig.json": {
        compilerOptions: {
          target: "es2022",
          strict: true,
          skipLibCheck: true,
          types: [],
          outDir: "dist",
          rootDir: ".",
          ...options,
        },
      },
      "src/": "",
    });
    const document = await initJson(folder);
    writeFileSync(join(folder, "src/loss.grad.ts"), compile(EXAMPLE.text).code);
    const main = join(folder, "src/main.ts");
    writeFileSync(
      main,
      `${editsOf(document.steps, "import")[0]!.code}\nif (loss === 0 || dw + db > 0) throw new Error("wrong");\n`,
    );
    const program = programOf(folder);
    expect(program.getRootFileNames()).toEqual(expect.arrayContaining([join(folder, document.written[0]!.path), main]));
    expect(messagesOf(program, folder)).toEqual([]);
    if (runs === "node") {
      program.emit();
      execFileSync(process.execPath, [join(folder, "dist/src/main.js")]);
    }
    if (runs === "bundler") execFileSync(process.execPath, ["--input-type=module", "-e", bundled(main)]);
  });

  it.each(Object.entries(KINDS).filter(([, { imports = "" }]) => /"\.\/loss\.grad[.a-z]*"/.test(imports)))(
    "a bundler reads: %s",
    async (_, { files }) => {
      const folder = makeProject(files);
      const document = await initJson(folder);
      const source = document.written[1]!.path;
      writeFileSync(join(folder, source.replace(/math$/, "grad.ts")), compile(EXAMPLE.text).code);
      const main = join(folder, dirname(source), `main.${document.found["language"] === "typescript" ? "ts" : "js"}`);
      writeFileSync(main, `${editsOf(document.steps, "import")[0]!.code}\nif (loss === 0) throw new Error("wrong");\n`);
      expect(bundled(main)).toContain("lossGrad");
    },
  );
});

function programOf(folder: string): ts.Program {
  const { config } = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile) as { config: unknown };
  const { options: read, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const options = { ...read, ignoreDeprecations: "6.0" };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, version, ...rest) => {
    if (name.startsWith(folder)) return getSourceFile(name, version, ...rest);
    const key = `${name} ${JSON.stringify(version)}`;
    if (!shared.has(key)) shared.set(key, getSourceFile(name, version, ...rest));
    return shared.get(key);
  };
  return ts.createProgram(fileNames, options, host);
}

/** Parsed once for all programs: TypeScript's own files and those of this package. */
const shared = new Map<string, ts.SourceFile | undefined>();

/** Of the project's own files: how ours are checked is our affair. */
function messagesOf(program: ts.Program, folder: string): string[] {
  const own = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(folder) && !fileName.includes("node_modules"));
  const problems = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  return problems.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
}

function bundled(entry: string): string {
  return buildSync({ entryPoints: [entry], bundle: true, write: false, format: "esm", logLevel: "silent" }).outputFiles[0]!.text;
}

const FORMS: readonly SnippetForm[] = [
  { isCommonJs: false, isTyped: false },
  { isCommonJs: false, isTyped: true },
  { isCommonJs: true, isTyped: false },
];

describe("the plugin in every configuration", () => {
  const snippets = bundlers.flatMap((bundler) =>
    FORMS.map((form) => [`${bundler.name} ${JSON.stringify(form)}`, bundler, form, pluginSnippet(bundler, form)] as const),
  );

  it.each(snippets)("%s is good syntax", (_, bundler, { isCommonJs, isTyped }, code) => {
    const fileName = isTyped ? "config.ts" : "config.js";
    const { diagnostics } = ts.transpileModule(code, {
      fileName,
      reportDiagnostics: true,
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
    });
    expect(diagnostics!.map(({ messageText }) => messageText)).toEqual([]);
    expect(code).toContain(`wengert/${bundler.entry}`);
    expect(code).toMatch(/\[wengert\(\)|push\(wengert\(\)\)/);
    expect(/^(import|export) /m.test(code)).toBe(!isCommonJs);
    expect(/\b(require|module\.exports)\b/.test(code)).toBe(isCommonJs);
    if (isCommonJs) expect(() => new Script(code)).not.toThrow(); // where `await` is no word
  });

  it("means something to the bundlers that are installed here", () => {
    const installed = bundlers.filter(({ shape, name }) => existsSync(packageFolder(shape.imports?.[0]?.[1] ?? name)));
    expect(installed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["vite", "vitest", "rolldown", "rollup", "tsdown", "esbuild", "webpack"]),
    );
    const files = new Map(installed.map((bundler) => [`${bundler.name}.ts`, typedSnippet(bundler)]));
    expect(typeErrors(files)).toEqual([]);
  });
});

function packageFolder(module: string): string {
  return resolve(import.meta.dirname, "../../node_modules", module.split("/")[0]!);
}

/** What is a plain object in JavaScript gets its type, to be checked as well. */
function typedSnippet(bundler: Bundler): string {
  const code = pluginSnippet(bundler, { isCommonJs: false, isTyped: true });
  const type = PLAIN_TYPES[bundler.name];
  return type === undefined ? code : code.replace(/};$/, `} satisfies import("${type[0]}").${type[1]};`);
}

const PLAIN_TYPES: Readonly<Record<string, readonly [module: string, type: string]>> = {
  rollup: ["rollup", "RollupOptions"],
  webpack: ["webpack", "Configuration"],
  rspack: ["@rspack/core", "Configuration"],
};

/** Type errors of files that are not on disk, in a folder of this package. */
function typeErrors(files: ReadonlyMap<string, string>): string[] {
  const folder = resolve(import.meta.dirname, "snippets");
  const texts = new Map([...files].map(([name, text]) => [join(folder, name), text]));
  const plugins = join(folder, "plugins.d.ts");
  texts.set(
    plugins,
    [...new Set(bundlers.map(({ entry }) => entry))]
      .map((entry) => `declare module "wengert/${entry}" { const wengert: () => any; export default wengert; }`)
      .join("\n"),
  );
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [resolve(import.meta.dirname, "../../node_modules/@types")],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
}
