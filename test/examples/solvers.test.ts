// The scripts in examples/ that hand generated derivatives to published solvers, run as a user runs them: what they find, in how many evaluations. With a
// fault planted in the derivatives each must fail. No time is looked at.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "wengert-solvers-"));
const run = promisify(execFile);

afterAll(() => rmSync(folder, { recursive: true }));

async function runExample(name: string, home = root): Promise<string> {
  const script = join(home, "examples", `${name}.js`);
  return (await run("node", [script], { maxBuffer: 2 ** 22 })).stdout; // nlopt-js is one line of 900 kB, which Node prints when it throws
}

/** The numbers behind a text, wherever it occurs. */
function numbersAfter(stdout: string, text: string): number[] {
  return [...stdout.matchAll(new RegExp(`\\b${text} (-?\\d[\\d.]*(?:e[+-]?\\d+)?)`, "g"))].map(([, number]) => Number(number));
}

describe.concurrent("solvers", () => {
  test("Levenberg-Marquardt finds the same twenty parameters without changing them one by one", async ({ expect }) => {
    const stdout = await runExample("curve-fit");
    const [exact, forward, central] = numbersAfter(stdout, "values");
    // 20 steps: a look at the start, then two looks a step, and n or 2 n more for differences by n parameters.
    expect([exact, forward, central]).toEqual([41_000, 441_000, 841_000]);
    expect(numbersAfter(stdout, "rows")).toEqual([20_000, 0, 0]);
    const squares = numbersAfter(stdout, "squares");
    expect(squares).toHaveLength(3);
    for (const sum of squares) expect(sum).toBeCloseTo(squares[0]!, 8);
    // 1000 points with noise of deviation 0.02
    expect(squares[0]! / 1000).toBeCloseTo(0.02 ** 2, 4);
    const [apart, off] = numbersAfter(stdout, "at most");
    expect(apart).toBeLessThan(1e-6);
    expect(off).toBeLessThan(0.02);
  });

  test("L-BFGS finds the minimum in a hundredth of the calls", async ({ expect }) => {
    const stdout = await runExample("l-bfgs");
    const [fromGradient] = numbersAfter(stdout, "lossGrad");
    const [, fromDifferences] = numbersAfter(stdout, "calls: loss");
    expect(fromGradient).toBeGreaterThan(5);
    expect(fromDifferences! / fromGradient!).toBeGreaterThan(80);
    const [least, other] = numbersAfter(stdout, "least loss");
    expect(other).toBeCloseTo(least!, 11);
    const bounds = numbersAfter(stdout, "at most");
    expect(bounds).toHaveLength(2);
    for (const bound of bounds) expect(bound).toBeLessThan(1e-5);
  });

  test("Newton's method converges quadratically", async ({ expect }) => {
    const stdout = await runExample("newton");
    const errors = [...stdout.matchAll(/^\d .*?e\S+ +(\S+e\S+)/gm)].map(([, error]) => Number(error));
    expect(errors.length).toBeGreaterThan(4);
    const [first, second, third] = errors.slice(-3).map(Math.log);
    expect((third! - second!) / (second! - first!)).toBeCloseTo(2, 1);
    expect(numbersAfter(stdout, "gradient\\|").at(-1)).toBeLessThan(1e-14);
  });
});

describe("with two derivatives exchanged", () => {
  plantFault();

  test.each([
    ["curve-fit", /the fits found different parameters/],
    // NLopt finds no descent in its line search and throws a number that its published build cannot catch; had it ended, the example would say so.
    ["l-bfgs", /^\d+ - Exception catching is disabled|generated gradient: not the minimum$/m],
    ["newton", /the gradient is not zero where the descent ended/],
  ])("%s fails", async (name, message) => {
    await expect(runExample(name, folder)).rejects.toMatchObject({ stderr: expect.stringMatching(message) });
  });
});

/** A copy of the examples, in which the package `wengert` loads functions whose second and third derivative stand in each other's place. */
function plantFault(): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "wengert"), { recursive: true });
  for (const name of ["ml-levenberg-marquardt", "ml-matrix", "nlopt-js"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
  cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(modules, "wengert/package.json"), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(join(modules, "wengert/index.js"), faultyPackage());
}

function faultyPackage(): string {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { exports: { ".": { default: string } } };
  const real = pathToFileURL(join(root, exports["."].default)).href;
  return `
    import { load as loadRight } from "${real}";
    export { compile } from "${real}";
    export function load(compilation) {
      const functions = loadRight(compilation);
      const faulty = ([name, right]) => [name, /(Grad|Hessian)$/.test(name) ? (...args) => exchange(right(...args)) : right];
      return Object.fromEntries(Object.entries(functions).map(faulty));
    }
    function exchange(result) {
      const derivatives = result.dw ?? result;
      [derivatives[1], derivatives[2]] = [derivatives[2], derivatives[1]];
      return result;
    }
  `;
}
