// The playground in a real browser: what it shows is what the compiler says, the keyboard reaches all of it, and nothing complains.

import axeCore from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, evaluateAt } from "../../src/compiler.ts";
import { openSite, skipsBrowser, type Site, type Visit } from "./browser.ts";

/** Other work may be going on beside the browser. */
function poll<Value>(read: () => Value | Promise<Value>, options: { readonly message?: string } = {}) {
  return expect.poll(read, { timeout: 15_000, ...options });
}

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

  test("shows the numbers of the compiler for what is typed, and runs no text as code", () =>
    visiting({}, async ({ page }) => {
      await write(page, "f(a, b) = a * sin(b) + a^2");
      await setInput(page, "a", "1.5");
      await setInput(page, "b", "-0.75");
      const expected = evaluateAt(compile("f(a, b) = a * sin(b) + a^2"), { a: 1.5, b: -0.75 });
      await poll(() => returned(page)).toEqual({
        f: near(expected.value),
        da: near(expected.gradient["a"]!),
        db: near(expected.gradient["b"]!),
      });
      const shown = await stageTable(page);
      for (const { name, value } of expected.stages) expect(shown[name]?.value, name).toEqual(near(value as number));
      await poll(() => page.locator(".verdict").textContent()).toMatch(/✓ checked to \d/);
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
        await poll(async () => (await inlays(page)).length).toBe(position);
        sentences.add((await page.locator(".sentence").first().textContent())!);
        expect(await page.locator(".code-lines li.current").count()).toBe(1);
      }
      expect(sentences.size).toBe(stages + steps);
      expect([...sentences][0]).toMatch(/stage 1 of 8: sigY = sigmoid\(y\) = sigmoid\(−4\) = 0\.01799/);
      expect(await page.locator("svg.circuit .pending").count()).toBe(0);
      for (let position = stages + steps - 1; position >= 0; position--) {
        await page.keyboard.press(position % 2 === 0 ? "ArrowLeft" : "k");
        await poll(async () => (await inlays(page)).length).toBe(position);
      }
      await page.keyboard.press("End");
      await poll(async () => (await inlays(page)).length).toBe(stages + steps);
    }));

  test("lights the gate of a line and the line of a gate", () =>
    visiting({}, async ({ page }) => {
      await shown(page, "fGrad");
      await page.locator(".code-lines li", { hasText: "const invDen = 1 / den" }).hover();
      await poll(() => page.locator("svg.circuit [data-node].lit").getAttribute("data-stage")).toBe("7");
      expect(await page.locator("svg.circuit .circuit-wire.lit").count()).toBe(2);
      await page.locator('svg.circuit [data-node][data-stage="6"] .shape').hover({ force: true });
      await poll(() => page.locator(".code-lines li.lit code").textContent()).toContain("const den = ");
    }));

  test("marks what is wrong, with code and suggestion, and keeps the last good code", () =>
    visiting({}, async ({ page }) => {
      await shown(page, "fGrad");
      await write(page, "f(x) = sigmiod(x)");
      const diagnostic = page.locator(".diagnostic.error");
      await poll(() => diagnostic.textContent()).toMatch(/WG\d{4}.*sigmiod.*sigmoid/);
      await poll(() => page.locator(".cm-lintRange-error").textContent()).toBe("sigmiod");
      expect(await page.locator(".code-lines").textContent()).toContain("fGrad");
      expect(await page.locator(".verdict").textContent()).toBe("of the last source without errors");
      await write(page, "f(x) = sigmoid(x)");
      await poll(() => diagnostic.count()).toBe(0);
    }));

  test("opens every entry of the gallery", () =>
    visiting({}, async ({ page }) => {
      await shown(page, "fGrad");
      const files = await page
        .locator(".gallery-entry")
        .evaluateAll((entries) => entries.map((entry) => (entry as HTMLElement).dataset["file"]!));
      expect(files.length).toBeGreaterThan(40);
      await page.getByRole("button", { name: "Gallery" }).click();
      await page.locator(`.gallery-entry[data-file="${files.at(-1)}"]`).click();
      for (const file of files) {
        await page.locator(`.gallery-entry[data-file="${file}"]`).evaluate((entry) => (entry as HTMLElement).click());
        if (file.endsWith(".math")) {
          await poll(() => page.evaluate(IS_ANSWERED), { message: file }).toBe(true);
          expect(await page.locator(".results td").first().textContent(), file).toMatch(/\d/);
          expect(await page.locator(".diagnostic.error, [role=alert]").count(), file).toBe(0);
        } else if (file.endsWith(".net.yaml")) await page.locator(".tab-training .train").waitFor();
        else await page.locator("main .page-panel:not([hidden]) h2").first().waitFor();
        expect(await page.locator("main [role=alert]").count(), file).toBe(0);
      }
    }));

  test("grades an exercise line by line, with hints, and goes on to the next", () =>
    visiting({}, async ({ page }) => {
      await page.getByRole("tab", { name: "Exercises" }).click();
      await page.getByRole("button", { name: "Two stages" }).click();
      await page.getByRole("heading", { name: "4. Two stages" }).waitFor();
      const blanks = page.locator(".blank input");
      await poll(() => blanks.count()).toBe(4);
      await blanks.nth(0).fill("q");
      await blanks.nth(1).fill("q");
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await poll(() => page.locator(".sheet-foot [role=status]").textContent()).toBe("1 of 4 right, 1 wrong, 2 open.");
      expect(await page.locator(".blank.wrong .blank-told").textContent()).toMatch(/each factor gets the other factor/);
      await page.getByRole("button", { name: "Hint" }).last().click();
      expect(await page.locator(".blank").last().locator(".blank-told").textContent()).toMatch(/stage \(1\), q = x \+ y/);
      for (const [at, line] of ["z", "q", "dq", "dq"].entries()) await blanks.nth(at).fill(line);
      await page.keyboard.press("Enter");
      await poll(() => page.locator(".sheet-foot [role=status]").textContent()).toMatch(/All right/);
      await page.getByRole("button", { name: "Next exercise" }).click();
      await page.getByRole("heading", { name: "5. " }).waitFor();
    }));

  test("names the first wrong line of a backward pass, and sees it mended", () =>
    visiting({}, async ({ page }) => {
      await page.getByRole("tab", { name: "Check yours" }).click();
      const answer = page.locator(".check-answer");
      await poll(() => answer.textContent()).toMatch(/Line 5: dq is .*other factor/);
      await page.getByRole("button", { name: "= where the gradients meet" }).click();
      await poll(() => answer.textContent()).toMatch(/Line 10: dx/);
      const code = page.locator(".cm-content").last();
      const mended = (await code.locator(".cm-line").allTextContents()).join("\n").replace("  dx = Math", "  dx += Math");
      await code.click();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.insertText(mended);
      await poll(() => answer.textContent()).toMatch(/Right: .*dx.* agree at \d+ points/);
    }));

  test("a link brings the state back; garbage is no state", async () => {
    let hash = "";
    await visiting({}, async ({ page }) => {
      await write(page, "g(p, q) = p * tanh(q)");
      await setInput(page, "q", "0.25");
      await page.getByLabel("Style").selectOption("tidy");
      await page.getByRole("button", { name: "Share" }).click();
      await poll(() => page.evaluate("location.hash")).toMatch(/^#1\../);
      const before = await returned(page);
      await page.reload();
      await shown(page, "gGrad");
      expect(await editorText(page)).toBe("g(p, q) = p * tanh(q)");
      expect(await page.getByLabel("Style").inputValue()).toBe("tidy");
      expect(await page.locator("#input-q").inputValue()).toBe("0.25");
      expect(await returned(page)).toEqual(before);
      hash = await page.evaluate("location.hash");
    });
    await visiting({ hash: hash.slice(0, -9) }, ({ page }) => shown(page, "fGrad"));
  });

  test("fits a phone: one pane at a time, nothing wider than the screen, no line of code hidden", () =>
    visiting({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }, async ({ page }) => {
      for (const pane of ["Source", "Circuit", "Values", "Explanation", "Code"]) {
        await page.getByRole("tab", { name: pane, exact: true }).tap();
        await page.locator("[id^=pane-panel]").getByRole("heading").or(page.locator("caption")).first().waitFor();
        expect(await page.evaluate("document.documentElement.scrollWidth"), pane).toBe(360);
      }
      expect(await hiddenCode(page)).toEqual([]);
      await page.getByRole("button", { name: "To the start" }).tap();
      await page.getByRole("button", { name: "One stage on" }).tap();
      await poll(() => inlays(page)).toEqual(["= 0.01799"]);
    }));

  test("what has no single gradient, or no stage at all, is said, not taken for a fault", () =>
    visiting({}, async ({ page }) => {
      const sentence = page.locator(".sentence").first();
      for (const [source, told] of [
        ["f(x) = 7", "is a constant"],
        ["f(x) = 1 / 0", "is a constant"],
        ["3 + 4", "is a constant"],
        ["f(x) = x", "an input as it stands"],
      ] as const) {
        await write(page, source);
        await poll(() => sentence.textContent(), { message: source }).toContain(told);
        expect(await page.locator("[role=alert]").count(), source).toBe(0);
      }
      await write(page, "f(x, y) = [x * y, x + y]");
      await page.getByRole("button", { name: "Show its Jacobian" }).click();
      await poll(() => sentence.textContent()).toContain("several results");
      expect(await page.getByLabel("Mode").inputValue()).toBe("jacobian");
    }));

  test("differentiates by what is chosen, along what is chosen, and splits ties", () =>
    visiting({}, async ({ page }) => {
      await write(page, "f(x, y) = 2 * max(x, y)");
      await setInput(page, "x", "3");
      await setInput(page, "y", "3");
      await poll(() => returned(page)).toEqual({ f: 6, dx: 2, dy: 2 });
      await page.getByLabel("Gradient at a tie").selectOption("split");
      await poll(() => returned(page)).toEqual({ f: 6, dx: 1, dy: 1 });
      await page.getByRole("group", { name: "Differentiate by" }).getByLabel("x").uncheck();
      await poll(() => returned(page)).toEqual({ f: 6, dy: 1 });
      await page.getByLabel("Mode").selectOption("jvp");
      await page.locator("#input-along-y").fill("-3");
      await poll(() => returned(page)).toEqual({ f: 6, vf: -3 });
    }));

  test("completes names of functions, inputs and stages", () =>
    visiting({}, async ({ page }) => {
      await write(page, "rate = x * 2\nf = rate + ");
      const offered = page.locator(".cm-tooltip-autocomplete li");
      await page.keyboard.type("sigm");
      await poll(() => offered.allTextContents()).toEqual(["sigmoid(x)", "logSigmoid(x)"]);
      await poll(() => page.locator(".cm-completionInfo").textContent()).toContain("dx = ");
      await settled(page);
      await page.keyboard.press("Enter");
      await page.keyboard.type("(ra");
      await poll(() => offered.first().textContent()).toBe("ratestage");
      await settled(page);
      await page.keyboard.press("Enter");
      expect(await editorText(page)).toBe("rate = x * 2\nf = rate + sigmoid(rate)");
      await poll(() => page.locator(".code-lines").textContent()).toContain("sigmoid");
    }));

  test("long modules are drawn as far as they are seen, or stepped to", () =>
    visiting({}, async ({ page }) => {
      const lines = Array.from({ length: 900 }, (_, at) => `a${at + 1} = a${at} * 1.001`);
      await write(page, ["a0 = sin(x)", ...lines, "f = a900"].join("\n"));
      await shown(page, "a1");
      expect(await page.locator(".code-lines li").count()).toBeLessThan(400);
      expect(await page.locator(".values table:not(.results) tbody tr").count()).toBeLessThan(250);
      await page.getByRole("tab", { name: "Values" }).focus();
      await page.getByRole("button", { name: "To the end" }).click();
      const current = page.locator(".code-lines li.current");
      await poll(() => current.textContent()).toContain("Math.cos(x)");
      expect(await current.evaluate(isSeen)).toBe(true);
    }));

  test("blocks unfold and fold by the keyboard, all at once as well, and a link keeps them so", () =>
    visiting({}, async ({ page }) => {
      await write(page, `f(x, y) = ${Array.from({ length: 50 }, (_, at) => `sin(${at + 1} * x) * y`).join(" + ")}`);
      const gates = page.locator("svg.circuit [data-node]");
      await page.locator("[data-fold]").waitFor();
      const folded = await gates.count();
      await page.locator("[data-fold]").focus();
      await page.keyboard.press("Enter");
      await poll(() => gates.count()).toBeGreaterThan(folded);
      await poll(() => page.locator("[data-fold]:focus").getAttribute("aria-expanded")).toBe("true");
      await page.keyboard.press("Enter");
      await poll(() => gates.count()).toBe(folded);
      await page.getByRole("button", { name: "Unfold all" }).click();
      await poll(() => gates.count()).toBeGreaterThan(100);
      await page.getByRole("button", { name: "Share" }).click();
      await poll(() => page.getByRole("button", { name: /Link/ }).count()).toBe(1);
      await page.reload();
      await poll(() => gates.count()).toBeGreaterThan(100);
      await page.getByRole("button", { name: "Fold all", exact: true }).click();
      await poll(() => gates.count()).toBe(folded);
    }));

  test("a network is stepped through line by line, and every tab keeps what was written in it", () =>
    visiting({}, async ({ page }) => {
      await page.getByRole("tab", { name: "Check yours" }).click();
      await page.getByRole("button", { name: "= where the gradients meet" }).click();
      await page.getByRole("button", { name: "Gallery" }).click();
      await page.locator('.gallery-entry[data-file="hand-net.net.yaml"]').click();
      await page.getByLabel("Seed of the weights").fill("7");
      await page.getByRole("button", { name: "Step through its passes" }).click();
      await shown(page, "NetworkGrad");
      await page.keyboard.press("ArrowRight");
      await poll(() => page.locator(".sentence").first().textContent()).toMatch(/^Forward, stage 1 of 9: XW1 = X \* W1 = /);
      await page.keyboard.press("End");
      await poll(() => page.locator(".sentence").first().textContent()).toMatch(/^Backward, step (\d+) of \1,/);
      await poll(() => page.locator(".verdict").textContent()).toMatch(/✓ checked to \d/);
      await page.getByRole("tab", { name: "Network" }).click();
      expect(await page.getByLabel("Seed of the weights").inputValue()).toBe("7");
      await page.getByRole("tab", { name: "Check yours" }).click();
      expect(await page.locator(".check-tab .cm-content").last().textContent()).toContain("dx = Math");
    }));

  test("opened as a file it says that it needs a server", () =>
    visiting({}, async ({ page }) => {
      const file = await page.context().newPage();
      await file.goto(`file://${site.folder}/index.html`);
      await file.getByText("runs it only from a web server").waitFor();
      expect(await page.locator(".not-started").count()).toBe(0);
    }));

  test.each(["light", "dark"] as const)("has no accessibility violations, %s", (colorScheme) =>
    visiting({ colorScheme }, async ({ page }) => {
      // In the dark only the colours are other ones.
      const rules = colorScheme === "dark" ? ["color-contrast"] : undefined;
      await shown(page, "fGrad");
      await page.evaluate(axeCore.source);
      await page.keyboard.press("Home");
      for (let count = 0; count < 10; count++) await page.keyboard.press("ArrowRight");
      expect(await violations(page, "body", rules)).toEqual([]);
      await page.getByRole("tab", { name: "Explanation" }).click();
      await page.locator(".explanation .katex").first().waitFor();
      expect(await violations(page, ".panel-explanation", rules)).toEqual([]);
      await page.getByRole("button", { name: "Gallery" }).click();
      expect(await violations(page, "dialog.gallery", rules)).toEqual([]);
      await page.keyboard.press("Escape");
      for (const tab of ["Exercises", "Check yours"]) {
        await page.getByRole("tab", { name: tab }).click();
        await page.locator(".page-panel:not([hidden]) h2").first().waitFor();
        await page.locator(".page-panel:not([hidden]) :is(.cm-content, .blank)").first().waitFor();
        expect(await violations(page, ".page-panel:not([hidden])", rules), tab).toEqual([]);
      }
    }),
  );
});

/** Lines of code that reach beyond their place, or under their value. */
function hiddenCode(page: Page): Promise<string[]> {
  return page.locator(".code-lines li").evaluateAll((lines) =>
    lines
      .filter((line) => {
        const code = line.querySelector("code")!;
        const value = line.querySelector(".inlay")?.getBoundingClientRect();
        const { right } = code.getBoundingClientRect();
        return code.scrollWidth > code.clientWidth + 1 || right > innerWidth || (value !== undefined && right > value.left + 1);
      })
      .map((line) => line.textContent),
  );
}

/** Whether an element is within the pane that scrolls it. */
function isSeen(element: Element): boolean {
  const pane = element.closest(".code-lines")!.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  return top >= pane.top && bottom <= pane.bottom;
}

/** Names that have only just been offered are not taken yet, lest somebody takes one unawares. */
function settled(page: Page): Promise<void> {
  return page.waitForTimeout(100);
}

/** Whether what was asked last has been answered, by the marks that the page sets. */
const IS_ANSWERED = `["asked", "answered"].map((name) => performance.getEntriesByName(name).at(-1)?.startTime ?? 0)
  .reduce((asked, answered) => answered > asked)`;

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
  await page.locator(".expression .cm-content").waitFor();
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
    run(
      context: string,
      options: object,
    ): Promise<{
      readonly violations: readonly {
        readonly id: string;
        readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
      }[];
    }>;
  };
}

async function violations(page: Page, within: string, rules: readonly string[] | undefined): Promise<string[]> {
  const found = await page.evaluate(
    ({ within, rules }) =>
      (globalThis as unknown as AxeWindow).axe.run(within, {
        resultTypes: ["violations"],
        ...(rules && { runOnly: rules }),
      }),
    { within, rules },
  );
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
  );
}
