// The page of examples/page: its types are up to date, it type-checks, and what Vite makes of it holds nothing of wengert but the generated code.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";
import wengert from "../../src/plugin/vite.ts";
import { runGen } from "../cli/terminal.ts";

const root = join(import.meta.dirname, "../..");
const page = join(root, "examples/page");

test("the declarations of its model are up to date", async () => {
  expect(await runGen(["--check"], page)).toMatchObject({ code: 0 });
});

test("it type-checks", () => {
  execFileSync("node", [join(root, "node_modules/typescript/bin/tsc"), "-p", page], { stdio: "pipe" });
});

test("the bundle is small", async () => {
  const built = (await build({
    root: page,
    configFile: false,
    logLevel: "silent",
    plugins: [wengert({ types: false })],
    build: { write: false, minify: false },
  })) as Rolldown.RolldownOutput;
  const script = built.output.find((file) => file.type === "chunk")!.code;
  expect(script).toContain("const ddamping = -(x * (expProd * (height * dprod)));");
  expect(script.length).toBeLessThan(8000);
});
