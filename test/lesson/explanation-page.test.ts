// The page of an explanation stands alone: its links lead somewhere, it asks for nothing, and what it shows is in order for screen readers.

import { readFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import { readMathAssets } from "../../src/cli/math-assets.ts";
import { compile } from "../../src/compiler.ts";
import { explanationOf } from "../../src/lesson/explanation/explanation.ts";
import { explanationFragment } from "../../src/lesson/explanation/html.ts";
import { loadMath, mathStyle, type RenderMath } from "../../src/lesson/explanation/math.ts";
import { explanationHtml } from "../../src/lesson/explanation/page.ts";
import type { Explanation } from "../../src/lesson/explanation/types.ts";
import { lessonOf } from "../../src/lesson/lesson.ts";
import { numbersAt } from "../../src/lesson/numbers.ts";
import { samplePoint } from "../../src/lesson/sample.ts";
import { ops } from "../../src/ops/registry.ts";
import { tensorOps } from "../../src/ops/tensor/registry.ts";

const SOURCES: Record<string, string> = {
  "numbers, a fork": "f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)",
  "a choice": "f(x, y) = x > y ? max(x, 2 * y) : -x",
  "a rewrite": "log(exp(a) + exp(b) + 1)",
  "names in markup": "f(lt, gt, amp) = lt < gt ? amp : lt * gt",
  tensors: "input X [m, 5]\nparam W [5, 4]\nparam b [4]\nloss = sum(relu(X * W + b)) / m",
};

let math: RenderMath;
beforeAll(async () => void (math = await loadMath()));

function explain(text: string): Explanation {
  const compilation = compile(text, { verify: false });
  return explanationOf(lessonOf(compilation), numbersAt(compilation, samplePoint(compilation)));
}

function page(...texts: readonly string[]): string {
  const parts = texts.map((text) => ({ explanation: explain(text), circuit: undefined }));
  return explanationHtml(parts, { math, assets: readMathAssets() });
}

/** In-page links without a target, and ids that are there twice. */
function brokenLinks(html: string): string[] {
  const { document } = parseHTML(html);
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const targets = [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")!);
  return [
    ...targets.filter((target) => !target.startsWith("#") || !ids.includes(target.slice(1))),
    ...ids.filter((id, index) => ids.indexOf(id) !== index),
  ];
}

/** Everything that a browser would fetch. */
function requests(html: string): string[] {
  const { document } = parseHTML(html);
  const elements = [...document.querySelectorAll("script, link, img, iframe, object, embed, [src], [onclick], [onload]")];
  const urls = [...html.matchAll(/url\(\s*["']?(?!data:)([^)"']*)/g), ...html.matchAll(/@import\s+([^;]*)/g)].map(
    (match) => match[1]!,
  );
  return [...elements.map((element) => element.tagName), ...urls];
}

describe.each(Object.entries(SOURCES))("%s", (_, text) => {
  it("leads somewhere with every link, both ways", () => {
    const html = page(text);
    expect(brokenLinks(html)).toEqual([]);
    const { document } = parseHTML(html);
    for (const entry of document.querySelectorAll(".stage, .step")) {
      const line = entry.querySelector(".source a")!.getAttribute("href")!;
      const back = document.querySelector(`[id="${line.slice(1)}"] a`)!.getAttribute("href");
      expect(back).toBe(`#${entry.id}`);
    }
  });

  it("asks for nothing", () => expect(requests(page(text))).toEqual([]));

  it("is in order", () => {
    const { document } = parseHTML(page(text));
    expect(document.querySelectorAll("h1").length).toBe(1);
    expect(document.documentElement.getAttribute("lang")).toBe("en");
    for (const table of document.querySelectorAll("table")) {
      expect(table.querySelector("caption")!.textContent).not.toBe("");
      const columns = table.querySelectorAll("thead th").length;
      for (const row of table.querySelectorAll("tbody tr")) expect(row.children.length).toBe(columns);
    }
    for (const section of document.querySelectorAll("section, aside"))
      expect(document.getElementById(section.getAttribute("aria-labelledby")!)).not.toBeNull();
    expect(document.querySelectorAll(".math").length).toBeGreaterThan(5);
    expect([...document.querySelectorAll(".math")].filter((each) => each.querySelector("math") === null)).toEqual([]);
  });
});

it("several explanations share a page without sharing ids", () => {
  expect(brokenLinks(page("f(x) = x^2", "f(x) = x^2"))).toEqual([]);
});

it("carries the fonts it shows and no others", () => {
  const html = page("f(x) = x^2");
  const fonts = [...html.matchAll(/@font-face\{font-family:(\w+)/g)].map((match) => match[1]);
  expect(fonts).toEqual(expect.arrayContaining(["KaTeX_Main", "KaTeX_Math"]));
  expect(fonts).not.toContain("KaTeX_Size4");
  expect(html.length).toBeLessThan(200_000);
});

it("has fonts for the LaTeX of every op, and the package carries them", () => {
  const latex = [...[...ops.values()].map(({ emit }) => emit.latex), ...[...tensorOps.values()].map((op) => op.latex)];
  const html = latex.map((each) => math(each.replace(/\{(?!cases\})([A-Za-z]+)(\.\.\.)?\}/g, "{x}"))).join("");
  expect(html).not.toMatch(/class="[^"]*\b(amsrm|mathbb|mathcal|mathbf|textbf|mathfrak|mathscr|mathsf|mathtt)\b/);
  const needed: string[] = [];
  mathStyle(
    { css: "", font: (file) => (needed.push(file), "") },
    `${html} delimsizing size1 delimsizing size2 delimsizing size3`,
  );
  const { tsdown } = JSON.parse(readFileSync("package.json", "utf8")) as { tsdown: { copy: { from: string | string[] }[] } };
  const carried = tsdown.copy
    .map(({ from }) => from)
    .find((from) => typeof from === "string" && from.includes("KaTeX_")) as string;
  const [, names = ""] = /\{(.*)\}/.exec(carried) ?? [];
  expect(needed.sort()).toEqual(
    names
      .split(",")
      .map((name) => `KaTeX_${name}.woff2`)
      .sort(),
  );
});

it("escapes what people wrote", () => {
  const explanation = { ...explain("f(x) = x^2"), title: 'f = "<script>alert(1)</script>"' };
  const html = explanationFragment(explanation, { math });
  expect(html).not.toContain("<script");
  expect(html).toContain("&#60;script&#62;");
});

it("puts the circuit where it belongs", () => {
  const html = explanationFragment(explain("f(x) = x^2"), { math, circuit: '<svg width="1000"><title>f</title></svg>' });
  expect(html).toMatch(/<figure class="picture" style="--least: 850px"><div class="wide"[^>]*><svg width/);
  expect(html).toMatch(/<figcaption>Above each wire its value, in green; below it its gradient, in red/);
});

it("names every row of a table in plain text, formulas too", () => {
  const { document } = parseHTML(page(SOURCES["numbers, a fork"]!));
  const headers = [...document.querySelectorAll('th[scope="row"]')];
  const names = headers.map((header) => {
    header.querySelectorAll('[aria-hidden="true"], .katex').forEach((element: { remove(): void }) => element.remove());
    return header.textContent;
  });
  expect(names).toEqual(["∂f/∂x", "∂f/∂y"]);
});

describe("the checks themselves", () => {
  it("see a dead link", () => expect(brokenLinks(page("x * y").replace(/id="line-\d+"/, 'id="line-0"'))).not.toEqual([]));
  it("see an id twice", () => expect(brokenLinks('<p id="a"></p><p id="a"></p>')).toEqual(["a"]));
  it("see a font from elsewhere", () =>
    expect(requests("<style>@font-face{src:url(fonts/a.woff2)}</style>")).toEqual(["fonts/a.woff2"]));
  it("see a script", () => expect(requests("<p><script>1</script></p>")).toEqual(["SCRIPT"]));
});
