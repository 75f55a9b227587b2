// The plugin in Vite's dev server: hot updates, the overlay, the last good code, SSR, sources outside the root.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { createServer, type HotPayload, type ViteDevServer } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";
import wengert from "../../src/plugin/vite.ts";
import type { WengertPluginOptions } from "../../src/plugin/options.ts";
import { createProject, S7, type TestProject } from "./project.ts";

interface Dev {
  readonly server: ViteDevServer;
  /** What went to the pages. */
  readonly sent: HotPayload[];
  /** The code that a page gets for a path. */
  page(path: string): Promise<string>;
}

async function startDev({ root }: TestProject, options: WengertPluginOptions = {}): Promise<Dev> {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    server: { port: 0, host: "127.0.0.1", watch: { usePolling: false } },
    plugins: [wengert(options)],
  });
  await server.listen();
  onTestFinished(() => server.close());
  const sent: HotPayload[] = [];
  const send = server.ws.send.bind(server.ws);
  server.ws.send = (...args: unknown[]) => {
    sent.push((typeof args[0] === "string" ? { type: "custom", event: args[0] } : args[0]) as HotPayload);
    (send as (...args: unknown[]) => void)(...args);
  };
  const { port } = server.httpServer!.address() as { port: number };
  const page = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  return { server, sent, page };
}

const FILES = {
  "index.html": `<script type="module" src="/main.ts"></script>`,
  "main.ts": `import { fGrad } from "./s7.math";\nif (import.meta.hot) import.meta.hot.accept();\nexport const result = fGrad(3, -4);\n`,
  "s7.math": S7,
};
const WRONG = "f(x, y) =\n  x * sigmod(y)\n";

const errors = (sent: readonly HotPayload[]) => sent.filter((payload) => payload.type === "error");
const updates = (sent: readonly HotPayload[]) =>
  sent.filter((payload) => payload.type === "update" || payload.type === "full-reload");

test("a page imports a source, and a save updates it", async () => {
  const project = createProject(FILES);
  const { page, sent } = await startDev(project);
  expect(await page("/main.ts")).toContain("/s7.math");
  expect(await page("/s7.math?import")).toContain("const sigY = 1 / (1 + Math.exp(-y)); // (1) sigmoid");
  expect(project.read("s7.d.math.ts")).toContain("fGrad(x: number, y: number): FGrad");
  project.write("s7.math", "f(x, y) = x * y * y\n");
  await vi.waitFor(() => expect(updates(sent)).not.toEqual([]), 5000);
  expect(await page(`/s7.math?import&t=${Date.now()}`)).toContain("x * y");
});

test("a broken source shows in the overlay, the page keeps what it has, mending clears it", async () => {
  const project = createProject(FILES);
  const { page, sent } = await startDev(project);
  await page("/main.ts");
  const good = await page("/s7.math?import");
  project.write("s7.math", WRONG);
  await vi.waitFor(() => expect(errors(sent)).not.toEqual([]), 5000);
  expect(errors(sent)[0]).toMatchObject({
    err: {
      message: expect.stringContaining("sigmod"),
      plugin: "wengert",
      loc: { file: join(project.root, "s7.math"), line: 2, column: 6 },
      frame: expect.stringContaining("s7.math:2:7"),
    },
  });
  expect(updates(sent)).toEqual([]);
  const kept = await page(`/s7.math?import&t=${Date.now()}`);
  expect(kept.split("\n")[0]).toBe(good.split("\n")[0]);
  project.write("s7.math", S7.replace("y)^2", "y)^4"));
  await vi.waitFor(() => expect(updates(sent)).not.toEqual([]), 5000);
  expect(await page(`/s7.math?import&t=${Date.now() + 1}`)).toContain("xPlusY ** 4");
});

test("a source that is wrong from the start is an error of the request", async () => {
  const project = createProject({ ...FILES, "s7.math": WRONG });
  const { server } = await startDev(project);
  await expect(server.environments.client.transformRequest("/s7.math")).rejects.toMatchObject({
    message: expect.stringContaining("WG1"),
    loc: { line: 2, column: 6 },
    frame: expect.stringContaining("did you mean"),
  });
});

test("generated files of the configuration are renewed on save", async () => {
  const project = createProject({
    ...FILES,
    "wengert.config.ts": `export default { inputs: "src/*.math" };`,
    "src/loss.math": "loss(w) = w^2\n",
    "main.ts": `export { lossGrad } from "./src/loss.grad.ts";`,
  });
  const { page, sent } = await startDev(project);
  expect(project.read("src/loss.grad.ts")).toContain("2 * w");
  await page("/main.ts");
  expect(await page("/src/loss.grad.ts")).toContain("2 * w");
  project.write("src/loss.math", "loss(w) = w^3\n");
  await vi.waitFor(() => expect(project.read("src/loss.grad.ts")).toContain("3 * w"), 5000);
  await vi.waitFor(() => expect(updates(sent)).not.toEqual([]), 5000);
  project.write("src/loss.math", "loss(w) = w^\n");
  await vi.waitFor(() => expect(errors(sent)).not.toEqual([]), 5000);
  expect(project.read("src/loss.grad.ts")).toContain("3 * w");
  const before = updates(sent).length;
  project.write("src/loss.math", "loss(w) = w^3\n");
  await vi.waitFor(() => expect(updates(sent).length).toBeGreaterThan(before), 5000); // the overlay goes, though no file has changed
  project.write("src/new.math", "g(u) = u^5\n");
  await vi.waitFor(() => expect(project.read("src/new.grad.ts")).toContain("5 * u"), 5000);
  project.write("wengert.config.ts", `export default { inputs: "src/*.math", style: "tidy" };`);
  await vi.waitFor(() => expect(project.read("src/new.grad.ts")).not.toContain("// forward"), 5000);
});

test("SSR runs the same module", async () => {
  const { server } = await startDev(createProject(FILES));
  const module = await server.ssrLoadModule("/main.ts");
  expect(module["result"]).toEqual({ f: 1.5456448841066441, dx: 2.0595697955721652, dy: 1.5922327514838093 });
});

test("the configuration, options over it, and a source of another package of the repository", async () => {
  const project = createProject({
    "wengert.config.ts": `export default { inputs: [{ files: "packages/*/*.math", mode: "hessian", emit: "types", style: "tidy" }] };`,
    "packages/math/loss.math": "loss(w, b) = w^2 * b\n",
    "packages/app/main.ts": `export { lossHessian } from "../math/loss.math";`,
  });
  const { server } = await startDev({ ...project, root: join(project.root, "packages/app") });
  const module = await server.ssrLoadModule("/main.ts");
  expect(Object.keys(module)).toEqual(["lossHessian"]);
  expect(project.read("packages/math/loss.d.math.ts")).toContain("lossHessian(w: number, b: number)");
});

test("?raw is the text itself, and types: false writes none", async () => {
  const project = createProject({ ...FILES, "raw.ts": `import text from "./s7.math?raw";\nexport default text;` });
  const { server } = await startDev(project, { types: false });
  const module = await server.ssrLoadModule("/raw.ts");
  expect(module["default"]).toBe(S7);
  await server.ssrLoadModule("/main.ts");
  expect(project.has("s7.d.math.ts")).toBe(false);
});

test("templates are compiled away, and a mistake in one is shown in the file that holds it", async () => {
  const project = createProject({
    "main.ts": `import { grad } from "wengert/inline";\n\nexport const g = grad<(x: number) => { g: number; dx: number }>\`g(x) = x^3\`;\n`,
  });
  const { server } = await startDev(project);
  const module = await server.ssrLoadModule("/main.ts");
  expect((module["g"] as (x: number) => unknown)(2)).toEqual({ g: 8, dx: 12 });
  const { code } = (await server.environments.client.transformRequest("/main.ts"))!;
  expect(code).not.toContain("wengert/inline");
  project.write("main.ts", `import { grad } from "wengert/inline";\n\nexport const g = grad\`g(x) = sine(x)\`;\n`);
  await vi.waitFor(
    () =>
      expect(server.environments.client.transformRequest("/main.ts")).rejects.toMatchObject({
        message: expect.stringContaining("WG1101"),
        loc: { file: join(project.root, "main.ts"), line: 3, column: 29 },
      }),
    5000,
  );
});

test("a broken source that is deleted leaves the overlay, and a configuration that changes reaches imported sources", async () => {
  const project = createProject({
    ...FILES,
    "wengert.config.mjs": `export default { inputs: ["src/*.math", { files: "s7.math", emit: "types", mode: "hessian" }] };`,
    "src/loss.math": "loss(w) = w^2\n",
    "main.ts": `import * as s7 from "./s7.math";\nconsole.log(s7);`,
  });
  const { page, sent } = await startDev(project);
  await page("/main.ts");
  expect(await page("/s7.math?import")).toContain("fHessian");
  project.write("src/lost.math", "f(x) = x^\n");
  await vi.waitFor(() => expect(errors(sent)).not.toEqual([]), 5000);
  sent.length = 0;
  rmSync(join(project.root, "src/lost.math"));
  await vi.waitFor(() => expect(sent).toContainEqual({ type: "update", updates: [] }), 5000); // which takes the overlay away
  project.write("wengert.config.mjs", `export default { inputs: ["src/*.math", { files: "s7.math", emit: "types" }] };`);
  await vi.waitFor(() => expect(sent.at(-1)).toEqual({ type: "full-reload" }), 5000);
  expect(await page(`/s7.math?import&t=${Date.now()}`)).toContain("fGrad");
  expect(project.read("s7.d.math.ts")).toContain("fGrad");
});

test("many files that come at once are one round", async () => {
  const project = createProject({
    ...FILES,
    "wengert.config.ts": `export default { inputs: "src/*.math" };`,
    "src/a.math": "f(x) = x\n",
  });
  await startDev(project);
  for (let index = 0; index < 20; index++) project.write(`src/s${index}.math`, `f(x) = x^${index + 2}\n`);
  await vi.waitFor(() => expect(project.has("src/s19.grad.ts")).toBe(true), 10_000);
  project.write("src/a.math", "f(x) = x^99\n");
  await vi.waitFor(() => expect(project.read("src/a.grad.ts")).toContain("x ** 99"), 5000);
});

test("options of the plugin are checked", async () => {
  const project = createProject(FILES);
  const { server } = await startDev(project, { mode: "hesian" } as unknown as WengertPluginOptions);
  await expect(server.environments.client.transformRequest("/s7.math")).rejects.toThrow(
    /options of wengert's plugin are wrong: mode/,
  );
});
