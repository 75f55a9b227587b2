// What a learner waits for: the lesson, numbers and circuit of an edited source, large circuits, the page's size and first paint.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { digits, table } from "./markdown.js";
import { median } from "./measure.js";
import { DIST } from "./package.js";
import { chain, S7 } from "./sources.js";

const ROUNDS = 15;

export async function report() {
  const parts = [await lessonReport()];
  const page = join(DIST, "../dist-playground");
  if (existsSync(page)) parts.push(await browserReport(page));
  else parts.push("No playground is built: npm run playground:build.");
  return `## Teaching\n\n${parts.join("\n\n")}`;
}

async function lessonReport() {
  const { compile } = await import(join(DIST, "index.js"));
  const { circuitOf, drawSvg, lessonOf, numbersAt, samplePoint } = await import(join(DIST, "teach.js"));
  const draw = (source, options) => {
    const compilation = compile(source, { verify: false });
    const lesson = lessonOf(compilation);
    const numbers = numbersAt(compilation, samplePoint(compilation));
    return drawSvg(circuitOf(lesson, { numbers, ...options }));
  };
  const jobs = [
    ["S7: code, numbers, circuit", () => draw(S7), ROUNDS],
    ["S7: the same and the check", () => (compile(S7), draw(S7)), ROUNDS],
    ["150 gates, each drawn", () => draw(chain(50), { unfold: "all" }), 5],
    ["1,000 gates, each drawn", () => draw(chain(334), { unfold: "all" }), 1],
    ["1,000 gates, folded", () => draw(chain(334)), 3],
  ];
  const rows = jobs.map(([name, job, rounds]) => {
    const times = Array.from({ length: rounds }, () => {
      const start = performance.now();
      job();
      return performance.now() - start;
    });
    return [name, digits(times[0]), digits(median(times))];
  });
  return table(["in Node", "ms, first", "ms, median"], rows);
}

/** What a page had fetched when its first answer stood there, without and with compression. */
function loadReport(page, names) {
  const rows = names
    .map((name) => readFileSync(join(page, name)))
    .map((bytes, index) => [names[index], bytes.length / 1000, gzipSync(bytes, { level: 9 }).length / 1000])
    .sort((a, b) => b[2] - a[2]);
  const total = (column) => digits(rows.reduce((sum, row) => sum + row[column], 0));
  const shown = rows.map(([name, plain, packed]) => [name, digits(plain), digits(packed)]);
  return table(["first load", "kB", "kB, gzip"], [...shown, ["all", total(1), total(2)]]);
}

/** First paint, and the time from an edit to what it changes, in Chromium: the page's own marks. */
async function browserReport(page) {
  const executablePath = [process.env.CHROME_PATH, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
    (path) => path && existsSync(path),
  );
  if (executablePath === undefined) return "No Chromium is installed: CHROME_PATH names one.";
  const { preview } = await import("vite");
  const { chromium } = await import("playwright-core");
  const server = await preview({
    configFile: join(DIST, "../src/playground/vite.config.ts"),
    build: { outDir: page },
    preview: { port: 0, host: "127.0.0.1" },
  });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const visit = await browser.newPage();
  const names = new Set();
  visit.on("request", (request) => {
    const { pathname, protocol } = new URL(request.url());
    if (protocol === "http:") names.add(pathname === "/" ? "index.html" : pathname.slice(1));
  });
  await visit.goto(server.resolvedUrls.local[0]);
  await visit.waitForSelector("svg.circuit");
  await visit.waitForSelector(".cm-content");
  const loaded = loadReport(page, [...names]);
  const paint = await visit.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await visit.evaluate(() => addEventListener("keydown", () => performance.mark("typed"), true));
  await visit.locator(".cm-content").click();
  await visit.keyboard.press("Control+End");
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    await visit.evaluate(() => performance.clearMarks());
    await visit.keyboard.press(round % 2 === 0 ? "Space" : "Backspace");
    times.push(await visit.evaluate(fromEditToAnswer));
  }
  await browser.close();
  await server.close();
  const waits = table(
    ["in Chromium", "ms, first", "ms, median"],
    [
      ["first contentful paint", digits(paint), ""],
      ["edit of S7 to its answer", digits(times[0]), digits(median(times))],
    ],
  );
  return `${loaded}\n\n${waits}`;
}

/** In the page: milliseconds from the last key to the frame that shows what came of it. */
async function fromEditToAnswer() {
  const last = (name) => performance.getEntriesByName(name).at(-1);
  while (last("answered") === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
  const drawn = await new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
  return Math.max(drawn, last("answered").startTime) - last("typed").startTime;
}
