// The training tab in a real browser: its numbers are those of the same run in Node, it answers while it trains, and anyone can use it.

import axeCore from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeFlow } from "../../src/playground/train/gradient-flow.ts";
import { presets } from "../../src/playground/train/presets.ts";
import { loadRequest, lossesOf, startRun } from "../playground/training-run.ts";
import { openSite, skipsBrowser, type Site, type Visit } from "./browser.ts";

/** Other work may be going on beside the browser. */
const WAIT = { timeout: 20_000 };

/** Each takes seconds of watching; their logic is tested without a browser as well. */
const isLong = process.env["LONG"] !== undefined;

describe.skipIf(skipsBrowser())("training", { timeout: 60_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => site?.close());

  /** The training tab of a fresh page, on which nothing may have been amiss in the end. */
  async function training(
    options: Parameters<Site["visit"]>[0],
    use: (page: Page, visit: Visit) => Promise<void>,
  ): Promise<void> {
    const visit = await site.visit(options);
    await visit.page.getByRole("tab", { name: "Network" }).click();
    await status(visit.page, /^Ready\./);
    await use(visit.page, visit);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  }

  test("XOR trains to the four right answers, with the numbers of the same run in Node", () =>
    training({}, async (page) => {
      const state = presets.find(({ name }) => name === "xor")!.state;
      const run = startRun();
      run.send(loadRequest(state));
      run.send({ kind: "run", until: state.until, pace: 0 });
      const expected = run.reports("picture").at(-1)!.networks[0]!;
      const losses = lossesOf(run);

      const workers = page.workers().filter((worker) => worker.url().includes("train-worker"));
      expect(workers).toHaveLength(2);
      for (const worker of workers) await expect(worker.evaluate("1 + 1")).rejects.toThrow(/never runs text as code/);
      await page.getByText("Gradients checked against central differences", { exact: false }).waitFor();

      await page.getByLabel("Steps per second").selectOption("0");
      await button(page, "Run").click();
      await status(page, /^Paused\. 4000 steps: .* All 4 answers are right\.$/);
      expect(await exact(page, "[data-figure=loss-0]")).toSatisfy(isNearly(expected.loss));
      for (const [row, answer] of expected.answers.entries())
        expect(await exact(page, `[data-answer="${row}"]`)).toSatisfy(isNearly(answer));
      expect(await page.locator(".train-answers tbody td:last-child").allTextContents()).toEqual(Array(4).fill("✓ right"));
      const last = Number(losses.at(-1)!.toPrecision(3)).toExponential(2);
      expect(await page.getByRole("img", { name: /^Loss curve\./ }).getAttribute("aria-label")).toContain(
        `4000 steps: loss 0.2528 to ${last}`,
      );
    }));

  test("shows how the gradient vanishes through sigmoids and arrives through ReLUs, side by side", () =>
    training({}, async (page) => {
      const state = presets.find(({ name }) => name === "vanishing")!.state;
      const run = startRun();
      run.send(loadRequest(state));
      run.send({ kind: "advance", steps: 10 });
      await page.getByLabel("Preset").selectOption("vanishing");
      await expect.poll(() => figure(page, "Gradient by layer").locator("svg[role=img]").count(), WAIT).toBe(2);
      await button(page, "10 steps").click();
      await status(page, /10 steps/);
      const [first, last] = run.reports("picture").filter(({ steps }) => steps === 0 || steps === 10);
      for (const [at, { flow }] of last!.networks.entries()) {
        const label = await figure(page, "Gradient by layer").locator("svg[role=img]").nth(at).getAttribute("aria-label");
        expect(label).toContain(describeFlow(flow, first!.networks[at]!.flow));
      }
      const heights: number[][] = await page.evaluate(
        `[...document.querySelectorAll("[aria-labelledby=train-flow-title] svg[role=img]")].map((chart) =>
          Array.from(chart.querySelectorAll("rect.mean"), (bar) => Number(bar.getAttribute("height"))))`,
      );
      expect(heights.map(({ length }) => length)).toEqual([11, 11]);
      expect(heights[0]![0]!).toBeLessThan(0.4 * heights[0]![10]!);
      expect(heights[1]![0]!).toBeGreaterThan(0.7 * heights[1]![10]!);
    }));

  test.runIf(isLong)(
    "answers while it trains: another rate goes on, a pause and a step are taken at once; by the keyboard too",
    () =>
      training({}, async (page) => {
        await page.getByLabel("Pause every").fill("0");
        await button(page, "Run").click();
        await expect.poll(() => steps(page), WAIT).toBeGreaterThan(20);
        const before = await steps(page);
        await page.getByLabel("Rate", { exact: true }).fill("0.5");
        await page.getByLabel("Rate", { exact: true }).press("Tab");
        await expect.poll(() => specText(page), WAIT).toContain("rate: 0.5");
        await expect.poll(() => steps(page), WAIT).toBeGreaterThan(before + 20);
        await button(page, "Pause").click();
        await status(page, /^Paused\./);
        const paused = await steps(page);
        await button(page, "Step").click();
        await expect.poll(() => steps(page), WAIT).toBe(paused + 1);
        await button(page, "Reset").click();
        await status(page, /^Ready\./);
        expect(await steps(page)).toBe(0);
        await goByKeyboard(page);
      }),
  );

  test("says what is wrong with a spec and at which line, and quick picks rewrite it; that data do not fit; mends a missing optimizer", () =>
    training({}, async (page) => {
      await page.getByLabel("Activation").selectOption("tanh");
      await page.getByLabel("Hidden layers").selectOption("5");
      await expect.poll(() => specText(page), WAIT).toContain("- repeat: 5");
      await status(page, /^Ready\./);
      const editor = page.getByRole("textbox", { name: "Spec: Network" });
      await editor.click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("los: mse");
      const problems = page.locator(".train-problems");
      await expect.poll(() => problems.textContent(), WAIT).toMatch(/Line 14: .*los/);
      expect(await problems.textContent()).toContain("still the last network that fitted");
      for (let key = 0; key < "los: mse".length; key++) await page.keyboard.press("Backspace");
      await expect.poll(() => problems.textContent(), WAIT).toBe("");

      await page.getByLabel("Preset").selectOption("xor");
      await status(page, /^Ready\./);
      await page.getByRole("combobox", { name: "Data", exact: true }).selectOption("three-blobs");
      await expect
        .poll(() => page.locator(".train-problems").textContent(), WAIT)
        .toContain("3 classes, the network has 1 output");
      await page.getByRole("combobox", { name: "Data", exact: true }).selectOption("circles");
      await expect.poll(() => page.locator(".train-problems").textContent(), WAIT).toBe("");
      await editor.click();
      await page.keyboard.press("Control+A");
      await page.keyboard.insertText("input: [batch, 2]\nlayers:\n  - dense: 1\nloss: mse\n");
      await page.getByRole("button", { name: "Add an optimizer" }).click();
      await status(page, /^Ready\./);
      await button(page, "10 steps").click();
      await status(page, /10 steps: loss/);
    }));

  test.runIf(isLong)("draws the loss surface with the path of training on it", () =>
    training({}, async (page) => {
      await button(page, "10 steps").click();
      await page.getByLabel("plane").selectOption("path");
      await button(page, "Draw").click();
      const map = figure(page, "Loss surface").getByRole("img");
      await expect
        .poll(() => map.getAttribute("aria-label"))
        .toMatch(/At step 10, at the cross, the loss is 0\.\d+; on the \d+ by \d+ grid/);
      const colours: number = await page.evaluate(
        `(({ width, height }, { data }) =>
          new Set(Array.from({ length: width * height }, (_, at) => data.slice(4 * at, 4 * at + 3).join())).size)(
            ...[document.querySelector("[aria-labelledby=train-surface-title] canvas")]
              .flatMap((canvas) => [canvas, canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)]))`,
      );
      expect(colours).toBeGreaterThan(50);
      expect(await figure(page, "Loss surface").locator("path.path").getAttribute("d")).toMatch(/^M.*L/);
    }),
  );

  test.runIf(isLong)("comes back from its address", () =>
    training({}, async (page) => {
      await page.getByLabel("Preset").selectOption("softplus");
      await page.getByLabel("Seed of the weights").fill("7");
      await page.getByLabel("Seed of the weights").press("Tab");
      const state = { ...presets.find(({ name }) => name === "softplus")!.state, seed: 7 };
      const run = startRun();
      run.send(loadRequest(state));
      const { loss } = run.reports("picture")[0]!.networks[0]!;
      await expect.poll(() => exact(page, "[data-figure=loss-0]"), WAIT).toSatisfy(isNearly(loss));
      await button(page, "Share").click(); // which writes the address at once
      await expect.poll(() => page.getByRole("button", { name: /Link/ }).count(), WAIT).toBe(1);
      await page.reload();
      await status(page, /^Ready\./);
      expect(await page.getByLabel("Seed of the weights").inputValue()).toBe("7");
      expect(await specText(page)).toContain("softplus");
      expect(await exact(page, "[data-figure=loss-0]")).toSatisfy(isNearly(loss));
    }),
  );

  test.each([
    ["light", 1440, "vanishing"],
    ["dark", 360, "softplus"],
  ] as const)("is accessible and fits: %s, %i wide, %s", (colorScheme, width, preset) =>
    training({ colorScheme, viewport: { width, height: 800 } }, async (page) => {
      await page.getByLabel("Preset").selectOption(preset);
      if ((await page.locator("details.train-left").getAttribute("open")) === null)
        await page.getByText("Data, pace and network").click();
      await status(page, /^Ready\./);
      await button(page, "10 steps").click();
      await status(page, /10 steps: loss/);
      await page.getByText("Gradients and weights in numbers").click();
      await button(page, "Draw").click();
      await figure(page, "Loss surface").getByRole("img").waitFor();
      await page.evaluate(axeCore.source);
      const found: AxeFindings = await page.evaluate(`axe.run(document.querySelector('main'), { resultTypes: ["violations"] })`);
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      for (const narrow of [width, 320]) {
        await page.setViewportSize({ width: narrow, height: 800 });
        await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBe(narrow);
      }
    }),
  );
});

async function goByKeyboard(page: Page): Promise<void> {
  const focused = (): Promise<string | null> => page.evaluate("document.activeElement?.textContent ?? null");
  await page.getByLabel("Preset").focus();
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Run");
  await page.keyboard.press("Enter");
  await expect.poll(focused, WAIT).toBe("Pause");
  await expect.poll(() => steps(page), WAIT).toBeGreaterThan(0);
  await page.keyboard.press("Space");
  await status(page, /^Paused\./);
  const paused = await steps(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => steps(page), WAIT).toBe(paused + 1);
}

interface AxeFindings {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Exponentials differ in their last bit from engine to engine; training does not make more of it. */
function isNearly(expected: number): (found: number) => boolean {
  return (found) => Math.abs(found - expected) <= 1e-9 * Math.abs(expected);
}

function button(page: Page, name: string) {
  return page.getByRole("button", { name, exact: true });
}

function figure(page: Page, name: string) {
  return page.getByRole("region", { name });
}

async function status(page: Page, text: RegExp): Promise<void> {
  await expect.poll(() => page.locator(".train-status").textContent(), WAIT).toMatch(text);
}

async function steps(page: Page): Promise<number> {
  return Number(await page.locator("[data-figure=step]").textContent());
}

/** A number that the page shows rounded. */
async function exact(page: Page, selector: string): Promise<number> {
  return Number(await page.locator(selector).getAttribute("data-exact"));
}

/** Of the first editor, line by line. */
async function specText(page: Page): Promise<string> {
  return (await page.locator(".train-spec .cm-line, .train-spec textarea").allInnerTexts()).join("\n");
}
