// What a learner waits for: the lesson, numbers and circuit of an edited source, large circuits, the page's size and first paint.

import { existsSync, readdirSync, readFileSync } from "node:fs";
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
  if (existsSync(page)) parts.push(pageReport(page), await browserReport(page));
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

/** What the page loads at once, and what later. */
function pageReport(page) {
  const html = readFileSync(join(page, "index.html"), "utf8");
  const files = readdirSync(page, { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|css|html|woff2)$/.test(name));
  const sizeOf = (name) => gzipSync(readFileSync(join(page, name)), { level: 9 }).length / 1000;
  const isFirst = (name) => name === "index.html" || html.includes(name.split(/[\\/]/).at(-1)) || /worker/i.test(name);
  const rows = files
    .map((name) => [name, isFirst(name) ? "first" : "later", sizeOf(name)])
    .sort((a, b) => a[1].localeCompare(b[1]) || b[2] - a[2]);
  const first = rows.filter(([, when]) => when === "first").reduce((sum, [, , size]) => sum + size, 0);
  return `${table(["file", "loaded", "kB, gzip"], rows.map(([name, when, size]) => [name, when, digits(size)]))}\n\nFirst load: ${digits(first)} kB.`;
}
