// Every bundler with an entry: a source is imported, a generated file is fresh, a broken source fails the build with its place, and the bundle runs.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";
import { build as viteBuild } from "vite";
import { expect, test } from "vitest";
import webpack from "webpack";
import esbuildPlugin from "../../src/plugin/esbuild.ts";
import rolldownPlugin from "../../src/plugin/rolldown.ts";
import rollupPlugin from "../../src/plugin/rollup.ts";
import rspackPlugin from "../../src/plugin/rspack.ts";
import vitePlugin from "../../src/plugin/vite.ts";
import webpackPlugin from "../../src/plugin/webpack.ts";
import { createProject, S7 } from "./project.ts";
import { packLike, stripTypes } from "./strip-types.ts";

/** Bundles `main.js` of a folder to `out/main.mjs`; rejects with what the bundler says. */
type Bundle = (root: string) => Promise<void>;

const bundlers: Record<string, Bundle> = {
  async rollup(root) {
    const bundle = await rollup({
      input: join(root, "main.js"),
      plugins: [rollupPlugin({ root }), { name: "types", transform: stripTypes }],
    });
    await bundle.write({ file: join(root, "out/main.mjs"), sourcemap: true });
  },
  async rolldown(root) {
    const bundle = await rolldown({ input: join(root, "main.js"), cwd: root, plugins: [rolldownPlugin({ root })] });
    await bundle.write({ file: join(root, "out/main.mjs"), sourcemap: true });
  },
  async vite(root) {
    await viteBuild({
      root,
      logLevel: "silent",
      configFile: false,
      plugins: [vitePlugin()],
      build: {
        outDir: "out",
        minify: false,
        sourcemap: true,
        lib: { entry: join(root, "main.js"), formats: ["es"], fileName: () => "main.mjs" },
      },
    });
  },
  async esbuild(root) {
    await esbuild.build({
      entryPoints: [join(root, "main.js")],
      absWorkingDir: root,
      outfile: join(root, "out/main.mjs"),
      bundle: true,
      format: "esm",
      sourcemap: true,
      logLevel: "silent",
      plugins: [esbuildPlugin({ root })],
    });
  },
  webpack: (root) =>
    new Promise((resolve, reject) => {
      const compiler = webpack({ ...packLike(root), plugins: [webpackPlugin()] });
      compiler.run((error, stats) => {
        const failed = error ?? (stats?.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined);
        compiler.close(() => (failed ? reject(failed) : resolve()));
      });
    }),
  rspack: (root) =>
    new Promise((resolve, reject) => {
      const compiler = rspack({ ...packLike(root), plugins: [rspackPlugin()] });
      compiler.run((error, stats) => {
        const failed = error ?? (stats?.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined);
        compiler.close(() => (failed ? reject(failed) : resolve()));
      });
    }),
};

const MAIN = `
import { fGrad } from "./s7.math";
import { lossGrad } from "./loss.grad.ts";
import { xorInit } from "./xor.net.yaml";
console.log(JSON.stringify([fGrad(3, -4), lossGrad(2), Object.keys(xorInit(1)).length > 0]));
`;
const FILES = {
  "main.js": MAIN,
  "s7.math": S7,
  "loss.math": "loss(w) = (w - 3)^2\n",
  "xor.net.yaml": "name: xor\ninput: [batch, 2]\nlayers:\n  - dense: 3\n  - tanh\n  - dense: 1\nloss: mse\n",
  "wengert.config.ts": `export default { inputs: "loss.math", style: "tidy" };\n`,
};

const run = (root: string): unknown => JSON.parse(execFileSync("node", [join(root, "out/main.mjs")], { encoding: "utf8" }));

test.each(Object.entries(bundlers))(
  "%s imports sources and renews generated files",
  async (_, bundle) => {
    const { root, read, write } = createProject(FILES);
    await bundle(root);
    expect(run(root)).toEqual([
      {
        f: expect.closeTo(1.5456448841066441, 14),
        dx: expect.closeTo(2.0595697955721652, 14),
        dy: expect.closeTo(1.5922327514838093, 14),
      },
      { loss: 1, dw: -2 },
      true,
    ]);
    expect(read("s7.d.math.ts")).toContain("export declare function fGrad(x: number, y: number): FGrad;");
    expect(read("xor.net.d.yaml.ts")).toContain("export interface XorParams");
    expect(read("loss.grad.ts")).toContain("lossGrad(w: number)");
    const map = JSON.parse(read("out/main.mjs.map")) as { sources: string[] };
    expect(map.sources.some((source) => source.endsWith("s7.math"))).toBe(true);

    write("loss.math", "loss(w) = (w - 5)^2\n");
    write("s7.math", "f(x, y) = x * y\n");
    await bundle(root);
    expect(run(root)).toEqual([{ f: -12, dx: -4, dy: 3 }, { loss: 9, dw: -6 }, true]);
  },
  60_000,
);

test.each(Object.entries(bundlers))(
  "%s shows where an imported source is wrong",
  async (_, bundle) => {
    const { root } = createProject({ ...FILES, "s7.math": "f(x, y) =\n  x * sigmod(y)\n" });
    const failed = await bundle(root).then(
      () => undefined,
      (error: unknown) => error as Error & { frame?: string },
    );
    const text = `${failed?.message}\n${failed?.frame}`;
    expect(text).toMatch(/WG1101|WG1102/);
    expect(text).toContain("s7.math:2:7");
    expect(text).toContain("sigmod(y)\n");
    expect(text).toContain("did you mean");
  },
  60_000,
);

test.each(Object.entries(bundlers))(
  "%s stops at a source of the configuration that is wrong and keeps its file",
  async (_, bundle) => {
    const { root, read, write } = createProject(FILES);
    await bundle(root);
    const before = read("loss.grad.ts");
    write("loss.math", "loss(w) = (w - \n");
    await expect(bundle(root)).rejects.toThrow(/loss\.math:1:\d+: error WG10\d\d/);
    expect(read("loss.grad.ts")).toBe(before);
  },
  60_000,
);
