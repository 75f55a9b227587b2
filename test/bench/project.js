// What a developer waits for in a project: `gen --check` over many files, a save in a dev server, the plugin where there is nothing for it to do.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "vite";
import { digits, table } from "./markdown.js";
import { median, smallest } from "./measure.js";
import { DIST } from "./package.js";

const ROUNDS = 7;
const FILES = 100;
const SAVES = 11;

/** Sources of four kinds, no two alike. */
const SOURCES = [
  (n) => `f${n}(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^${(n % 7) + 2})`,
  (n) => `f${n}(a, b, c) = log(1 + exp(a * b - c)) + ${n} * sqrt(a^2 + b^2 + 1)`,
  (n) => `f${n}(x, y, z) = max(x, y) * tanh(z) - abs(x - ${n} * z)`,
  (n) => `f${n}(w0, x0, w1, x1, w2) = 1 / (1 + exp(-(w0*x0 + w1*x1 + w2 + ${n})))`,
];

export async function report() {
  const folder = mkdtempSync(join(tmpdir(), "wengert-bench-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(DIST, ".."), join(folder, "node_modules/wengert"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    const rows = [...checks(folder), ...(await pluginCost(folder)), ...(await saves(folder))];
    return `## In a project\n\n${table(["", "ms, least", "ms, median"], rows)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(name, times) {
  return [name, digits(smallest(times)), digits(median(times))];
}

function checks(folder) {
  const root = join(folder, "many");
  mkdirSync(root);
  for (let n = 0; n < FILES; n++) writeFileSync(join(root, `s${n}.math`), `${SOURCES[n % SOURCES.length](n)}\n`);
  writeFileSync(join(root, "wengert.config.js"), "export default {};\n");
  const gen = (...args) => {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, [join(DIST, "gen.js"), "-q", ...args], { cwd: root, stdio: "ignore" });
    if (status !== 0) throw new Error(`gen ${args.join(" ")} ended with ${status}`);
    return performance.now() - start;
  };
  gen();
  const times = (...args) => Array.from({ length: ROUNDS }, () => gen(...args));
  return [
    row(`gen --check, ${FILES} files, nothing cached`, times("--check", "--no-cache")),
    row(`gen --check, ${FILES} files, all cached`, times("--check")),
  ];
}

/** Loading the plugin and starting it in a project that has no source, each time in a process of its own. */
async function pluginCost(folder) {
  const root = join(folder, "none");
  mkdirSync(root);
  const script = `
    const start = performance.now();
    const { default: wengert } = await import(${JSON.stringify(join(DIST, "vite.js"))});
    const [plugin] = wengert();
    plugin.configResolved({ root: ${JSON.stringify(root)} });
    await plugin.buildStart.call({ addWatchFile() {} });
    console.log(performance.now() - start);`;
  const once = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  };
  return [row("the plugin in a project without sources", Array.from({ length: ROUNDS }, once))];
}

/** From the save of a source to the page's having the new module: the file watcher's event, the update message, the request. */
async function saves(folder) {
  const root = join(folder, "app");
  mkdirSync(root);
  const source = (power) => `f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^${power})\n`;
  const save = (power) => writeFileSync(join(root, "s7.math"), source(power));
  save(2);
  writeFileSync(
    join(root, "main.js"),
    `import { fGrad } from "./s7.math";\nimport.meta.hot.accept();\nconsole.log(fGrad(3, -4));\n`,
  );
  const { default: wengert } = await import(join(DIST, "vite.js"));
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    server: { port: 0, host: "127.0.0.1" },
    plugins: [wengert()],
  });
  await server.listen();
  const { port } = server.httpServer.address();
  const page = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await page("/main.js");
  await page("/s7.math?import");
  const send = server.ws.send.bind(server.ws);
  let onUpdate = () => {};
  server.ws.send = (...args) => {
    if (args[0]?.type === "update") onUpdate();
    send(...args);
  };
  const times = [];
  for (let round = 0; round < SAVES + 2; round++) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const updated = new Promise((resolve) => (onUpdate = resolve));
    const start = performance.now();
    save(round + 3);
    await updated;
    const code = await page(`/s7.math?import&t=${Date.now()}`);
    if (!code.includes(`xPlusY ** ${round + 3}`)) throw new Error("the page has the old module");
    if (round >= 2) times.push(performance.now() - start);
  }
  await server.close();
  return [row("from a save to the new module in the page, S7 in Vite", times)];
}
