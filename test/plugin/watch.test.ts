// Bundlers that watch: a save of an imported source, and of one whose generated file is imported, makes the bundle anew; a mistake does not end it.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import { watch as rolldownWatch } from "rolldown";
import { watch as rollupWatch } from "rollup";
import { expect, onTestFinished, test, vi } from "vitest";
import webpack from "webpack";
import esbuildPlugin from "../../src/plugin/esbuild.ts";
import rolldownPlugin from "../../src/plugin/rolldown.ts";
import rollupPlugin from "../../src/plugin/rollup.ts";
import rspackPlugin from "../../src/plugin/rspack.ts";
import webpackPlugin from "../../src/plugin/webpack.ts";
import { createProject } from "./project.ts";
import { packLike, stripTypes } from "./strip-types.ts";

/** Starts watching `main.js` of a folder, for `out/main.mjs`; errors go to `onError`. */
type Watch = (root: string, onError: (message: string) => void) => Promise<() => Promise<unknown> | unknown>;

const bundlers: Record<string, Watch> = {
  async rollup(root, onError) {
    const watcher = rollupWatch({
      input: join(root, "main.js"),
      plugins: [rollupPlugin({ root }), { name: "types", transform: stripTypes }],
      output: { file: join(root, "out/main.mjs") },
    });
    watcher.on("event", (event) => {
      if (event.code === "ERROR") onError(event.error.message);
      if (event.code === "BUNDLE_END" || event.code === "ERROR") void event.result?.close();
    });
    return () => watcher.close();
  },
  async rolldown(root, onError) {
    const watcher = rolldownWatch({
      input: join(root, "main.js"),
      cwd: root,
      plugins: [rolldownPlugin({ root })],
      output: { file: join(root, "out/main.mjs") },
    });
    watcher.on("event", (event) => {
      if (event.code === "ERROR") onError(event.error.message);
      if (event.code === "BUNDLE_END" || event.code === "ERROR") void event.result?.close();
    });
    return () => watcher.close();
  },
  async esbuild(root, onError) {
    const context = await esbuild.context({
      entryPoints: [join(root, "main.js")],
      absWorkingDir: root,
      outfile: join(root, "out/main.mjs"),
      bundle: true,
      format: "esm",
      logLevel: "silent",
      plugins: [
        esbuildPlugin({ root }),
        {
          name: "errors",
          setup: (build) => build.onEnd(({ errors }) => errors.forEach(({ text }) => onError(text))),
        },
      ],
    });
    await context.watch();
    return () => context.dispose();
  },
  async webpack(root, onError) {
    const watching = webpack({ ...packLike(root), plugins: [webpackPlugin()] }).watch(
      { aggregateTimeout: 20 },
      (error, stats) => {
        if (error ?? stats?.hasErrors()) onError(error?.message ?? stats!.toString({ all: false, errors: true }));
      },
    )!;
    return () => new Promise<void>((resolve) => watching.close(() => resolve()));
  },
  async rspack(root, onError) {
    const compiler = rspack({ ...packLike(root), plugins: [rspackPlugin()] });
    const watching = compiler.watch({ aggregateTimeout: 20 }, (error, stats) => {
      if (error ?? stats?.hasErrors()) onError(error?.message ?? stats!.toString({ all: false, errors: true }));
    })!;
    return () => new Promise<void>((resolve) => watching.close(() => resolve()));
  },
};

test.each(Object.entries(bundlers))(
  "%s",
  async (_, watch) => {
    const { root, write, read } = createProject({
      "main.js": `export { fGrad } from "./s7.math";\nexport { lossGrad } from "./loss.grad.ts";\n`,
      "s7.math": "f(x, y) = x * y\n",
      "loss.math": "loss(w) = w^\n",
      "wengert.config.js": `export default { inputs: "loss.math", style: "tidy" };\n`,
    });
    const errors: string[] = [];
    const stop = await watch(root, (message) => errors.push(message));
    onTestFinished(async () => void (await stop()));
    const bundle = (): string => (existsSync(join(root, "out/main.mjs")) ? readFileSync(join(root, "out/main.mjs"), "utf8") : "");
    const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 30 });
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300)); // watchers compare times of change

    await until(() => expect(errors.join("\n")).toContain("loss.math")); // it is watched from a broken start too
    await settle();
    write("loss.math", "loss(w) = w^2\n");
    await until(() => expect(bundle()).toContain("2 * w"));
    errors.length = 0;
    await settle();
    write("s7.math", "f(x, y) = x * sin(y)\n");
    await until(() => expect(bundle()).toContain("Math.cos(y)"));
    await settle();
    write("loss.math", "loss(w) = w^5\n");
    await until(() => expect(bundle()).toContain("5 * w"));
    await settle();
    write("s7.math", "f(x, y) = x * sine(y)\n");
    await until(() => expect(errors.join("\n")).toContain("sine"));
    await settle();
    write("s7.math", "f(x, y) = x * exp(3 * y)\n");
    await until(() => expect(bundle()).toContain("Math.exp(3 * y)"));
    await settle();
    write("loss.math", "loss(w) = w^\n");
    await until(() => expect(errors.join("\n")).toContain("loss.math"));
    expect(read("loss.grad.ts")).toContain("5 * w");
    await settle();
    write("loss.math", "loss(w) = w^7\n");
    await until(() => expect(bundle()).toContain("7 * w"));
  },
  60_000,
);
