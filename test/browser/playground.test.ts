// The playground in a real browser: what it shows is what the compiler says, the keyboard reaches all of it, and nothing complains.

import axeCore from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, evaluateAt } from "../../src/compiler.ts";
import { openSite, skipsBrowser, type Site, type Visit } from "./browser.ts";

describe.skipIf(skipsBrowser())("playground", { timeout: 60_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => site?.close());

  /** A fresh page, on which nothing may have been amiss in the end. */
  async function visiting(options: Parameters<Site["visit"]>[0], use: (visit: Visit) => Promise<void>): Promise<void> {
    const visit = await site.visit(options);
    await use(visit);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }

  test("shows the numbers of the compiler for what is typed", () =>
    visiting({}, async ({ page }) => {
      await write(page, "f(a, b) = a * sin(b) + a^2");
      await setInput(page, "a", "1.5");
      await setInput(page, "b", "-0.75");
      const expected = evaluateAt(compile("f(a, b) = a * sin(b) + a^2"), { a: 1.5, b: -0.75 });
      await expect
        .poll(() => returned(page))
        .toEqual({ f: near(expected.value), da: near(expected.gradient["a"]!), db: near(expected.gradient["b"]!) });
      const shown = await stageTable(page);
      for (const { name, value } of expected.stages) expect(shown[name]?.value, name).toEqual(near(value as number));
      await expect.poll(() => page.locator(".verdict").textContent()).toMatch(/✓ checked to \d/);
    }));

  test("runs no text as code, neither in the page nor in its workers", () =>
    visiting({}, async ({ page }) => {
      await shown(page, "fGrad");
      await expect(page.workers()[0]!.evaluate("1 + 1")).rejects.toThrow(/never runs text as code/); // what drives the browser needs eval itself
      const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain("unsafe");
    }));

  test("steps forward and backward through every stage by the keyboard alone", () =>
    visiting({}, async ({ page }) => {
      await shown(page, "fGrad");
      const { stages, steps } = { stages: 8, steps: 12 };
      await page.keyboard.press("Home");
      expect(await inlays(page)).toEqual([]);
      expect(await visibleNumbers(page)).toBe(await numbersAtStart(page));
      const sentences = new Set<string>();
      for (let position = 1; position <= stages + steps; position++) {
        await page.keyboard.press(position % 2 === 0 ? "ArrowRight" : "j");
        await expect.poll(async () => (await inlays(page)).length).toBe(position);
        sentences.add((await page.locator(".sentence").first().textContent())!);
        expect(await page.locator(".code-lines li.current").count()).toBe(1);
      }
      expect(sentences.size).toBe(stages + steps);
      expect([...sentences][0]).toMatch(/stage 1 of 8: sigY = sigmoid\(y\) = sigmoid\(−4\) = 0\.01799/);
      expect(await page.locator("svg.circuit .pending").count()).toBe(0);
      for (let position = stages + steps - 1; position >= 0; position--) {
        await page.keyboard.press(position % 2 === 0 ? "ArrowLeft" : "k");
        await expect.poll(async () => (await inlays(page)).length).toBe(position);
      }
      await page.keyboard.press("End");
      await expect.poll(async () => (await inlays(page)).length).toBe(stages + steps);
    }));

  test("lights the gate of a line and the line of a gate", () =>
    visiting({}, async ({ page }) => {
      await shown(page, "fGrad");
      await page.locator(".code-lines li", { hasText: "const invDen = 1 / den" }).hover();
      await expect.poll(() => page.locator("svg.circuit [data-node].lit").getAttribute("data-stage")).toBe("7");
      expect(await page.locator("svg.circuit .circuit-wire.lit").count()).toBe(2);
      await page.locator('svg.circuit [data-node][data-stage="6"] .shape').hover({ force: true });
      await expect.poll(() => page.locator(".code-lines li.lit code").textContent()).toContain("const den = ");
    }));

  test("marks what is wrong, with code and suggestion, and keeps the last good code", () =>
    visiting({}, async ({ page }) => {
      await write(page, "f(x) = sigmiod(x)");
      const diagnostic = page.locator(".diagnostic.error");
      await expect.poll(() => diagnostic.textContent()).toMatch(/WG\d{4}.*sigmiod.*sigmoid/);
      await expect.poll(() => page.locator(".cm-lintRange-error").textContent()).toBe("sigmiod");
      expect(await page.locator(".code-lines").textContent()).toContain("fGrad");
      expect(await page.locator(".verdict").textContent()).toBe("of the last source without errors");
      await write(page, "f(x) = sigmoid(x)");
      await expect.poll(() => diagnostic.count()).toBe(0);
    }));

  test("opens every entry of the gallery", () =>
    visiting({}, async ({ page }) => {
      await shown(page, "fGrad");
      const files = await page
        .locator(".gallery-entry")
        .evaluateAll((entries) => entries.map((entry) => (entry as HTMLElement).dataset["file"]!));
      expect(files.length).toBeGreaterThan(40);
      for (const file of files) {
        await page.getByRole("button", { name: "Gallery" }).click();
        await page.locator(`.gallery-entry[data-file="${file}"]`).click();
        if (file.endsWith(".math")) {
          await expect
            .poll(() => page.locator(".results td").first().textContent(), { message: file, timeout: 15_000 })
            .toMatch(/\d/);
          expect(await page.locator(".diagnostic.error, [role=alert]").count(), file).toBe(0);
        } else await page.locator(".tab-training .train").waitFor();
        expect(await page.locator("main [role=alert]").count(), file).toBe(0);
      }
    }));

  test("grades an exercise line by line, with hints, and goes on to the next", () =>
    visiting({}, async ({ page }) => {
      await page.getByRole("tab", { name: "Exercises" }).click();
      await page.getByRole("button", { name: "Two stages" }).click();
      await page.getByRole("heading", { name: "4. Two stages" }).waitFor();
      const blanks = page.locator(".blank input");
      await expect.poll(() => blanks.count()).toBe(4);
      await blanks.nth(0).fill("q");
      await blanks.nth(1).fill("q");
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await expect.poll(() => page.locator(".sheet-foot [role=status]").textContent()).toBe("1 of 4 right, 1 wrong, 2 open.");
      expect(await page.locator(".blank.wrong .blank-told").textContent()).toMatch(/each factor gets the other factor/);
      await page.getByRole("button", { name: "Hint" }).last().click();
      expect(await page.locator(".blank").last().locator(".blank-told").textContent()).toMatch(/stage \(1\), q = x \+ y/);
      for (const [at, line] of ["z", "q", "dq", "dq"].entries()) await blanks.nth(at).fill(line);
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(".sheet-foot [role=status]").textContent()).toMatch(/All right/);
      await page.getByRole("button", { name: "Next exercise" }).click();
      await page.getByRole("heading", { name: "5. " }).waitFor();
    }));

  test("names the first wrong line of a backward pass, and sees it mended", () =>
    visiting({}, async ({ page }) => {
      await page.getByRole("tab", { name: "Check yours" }).click();
      const answer = page.locator(".check-answer");
      await expect.poll(() => answer.textContent(), { timeout: 15_000 }).toMatch(/Line 5: dq is .*other factor/);
      await page.getByRole("button", { name: "= where the gradients meet" }).click();
      await expect.poll(() => answer.textContent(), { timeout: 15_000 }).toMatch(/Line 10: dx/);
      const code = page.locator(".cm-content").last();
      const mended = (await code.locator(".cm-line").allTextContents()).join("\n").replace("  dx = Math", "  dx += Math");
      await code.click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.insertText(mended);
      await expect.poll(() => answer.textContent(), { timeout: 15_000 }).toMatch(/Right: .*dx.* agree at \d+ points/);
    }));

  test("a link brings the state back; garbage is no state", async () => {
    let hash = "";
    await visiting({}, async ({ page }) => {
      await write(page, "g(p, q) = p * tanh(q)");
      await setInput(page, "q", "0.25");
      await page.getByLabel("Style").selectOption("tidy");
      await page.getByRole("button", { name: "Share" }).click();
      await expect.poll(() => page.evaluate("location.hash")).toMatch(/^#1\../);
      const before = await returned(page);
      await page.reload();
      await shown(page, "gGrad");
      expect(await editorText(page)).toBe("g(p, q) = p * tanh(q)");
      expect(await page.getByLabel("Style").inputValue()).toBe("tidy");
      expect(await page.locator("#input-q").inputValue()).toBe("0.25");
      expect(await returned(page)).toEqual(before);
      hash = await page.evaluate("location.hash");
    });
    for (const garbage of [hash.slice(0, -9), "#1.AAAA", "#9.abc", "#nothing", "#1.%%"])
      await visiting({ hash: garbage }, ({ page }) => shown(page, "fGrad"));
  });

  test("fits a phone: one pane at a time, nothing wider than the screen", () =>
    visiting({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }, async ({ page }) => {
      for (const pane of ["Source", "Code", "Circuit", "Values", "Explanation"]) {
        await page.getByRole("tab", { name: pane, exact: true }).tap();
        await page.waitForTimeout(100);
        expect(await page.evaluate("document.documentElement.scrollWidth"), pane).toBe(360);
      }
      await page.getByRole("tab", { name: "Code" }).tap();
      await page.getByRole("button", { name: "To the start" }).tap();
      await page.getByRole("button", { name: "One stage on" }).tap();
      await expect.poll(() => inlays(page)).toEqual(["= 0.01799"]);
    }));

  test.each(["light", "dark"] as const)("has no accessibility violations, %s", (colorScheme) =>
    visiting({ colorScheme }, async ({ page }) => {
      await shown(page, "fGrad");
      await page.evaluate(axeCore.source);
      await page.keyboard.press("Home");
      for (let count = 0; count < 10; count++) await page.keyboard.press("ArrowRight");
      expect(await violations(page)).toEqual([]);
      await page.getByRole("tab", { name: "Explanation" }).click();
      await page.locator(".explanation .katex").first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Gallery" }).click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      for (const tab of ["Network", "Exercises", "Check yours"]) {
        await page.getByRole("tab", { name: tab }).click();
        await page.locator("main .loading").waitFor({ state: "detached" });
        await page.waitForTimeout(400);
        expect(await violations(page), tab).toEqual([]);
      }
    }),
  );
});

/** As it is shown, four digits and a true minus sign. */
function near(value: number): number {
  return Number(value.toPrecision(4));
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(text);
}

function editorText(page: Page): Promise<string> {
  return page
    .locator(".cm-line")
    .allTextContents()
    .then((lines) => lines.join("\n"));
}

function setInput(page: Page, name: string, value: string): Promise<void> {
  return page.locator(`#input-${name}`).fill(value);
}

/** Waits until the code of a function is on the screen, with its numbers. */
async function shown(page: Page, name: string): Promise<void> {
  await page.locator(".code-lines", { hasText: name }).waitFor();
  await page.locator("svg.circuit").waitFor();
  await page.locator(".cm-content").waitFor();
}

function inlays(page: Page): Promise<string[]> {
  return page.locator(".code-lines .inlay").allTextContents();
}

function visibleNumbers(page: Page): Promise<number> {
  return page.locator("svg.circuit [data-moment]:not(.pending)").count();
}

/** Those of the inputs, which are there before anything is computed. */
function numbersAtStart(page: Page): Promise<number> {
  return page.locator('svg.circuit [data-moment="0"]').count();
}

/** What the function returns, as the page shows it. */
async function returned(page: Page): Promise<Record<string, number>> {
  const rows = await page.locator(".results tr").all();
  const cells = await Promise.all(
    rows.map(async (row) => [await row.locator("th").textContent(), readNumber(await row.locator("td").textContent())]),
  );
  return Object.fromEntries(cells);
}

async function stageTable(page: Page): Promise<Record<string, { readonly value: number }>> {
  const rows = await page.locator(".values table:not(.results) tbody tr").all();
  const cells = await Promise.all(
    rows.map(async (row) => [
      await row.locator("th").textContent(),
      { value: readNumber(await row.locator("td.value").textContent()) },
    ]),
  );
  return Object.fromEntries(cells);
}

function readNumber(text: string | null): number {
  return Number((text ?? "").replaceAll("−", "-"));
}

interface AxeWindow {
  readonly axe: {
    run(): Promise<{
      readonly violations: readonly {
        readonly id: string;
        readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
      }[];
    }>;
  };
}

async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
  );
}
