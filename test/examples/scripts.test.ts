// The scripts in examples/ run as a user runs them; what they print is compared with the systems table, the pictures with those checked in.

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "wengert-examples-"));
const run = promisify(execFile);

afterAll(() => rmSync(folder, { recursive: true }));

/** What a script prints, and the pictures it makes, which must be the checked-in ones. */
async function runExample(name: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, PICTURES: folder };
  const { stdout } = await run("node", [join(root, "examples", `${name}.js`), ...args], { env });
  for (const [, picture] of stdout.matchAll(/^picture: (\S+)$/gm)) {
    const made = readFileSync(join(folder, picture!), "utf8");
    expect(made === readFileSync(join(root, "examples/pictures", picture!), "utf8"), `${picture} is up to date`).toBe(true);
  }
  return stdout;
}

/** The numbers behind a text, wherever it occurs. */
function numbersAfter(stdout: string, text: string): number[] {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return [...stdout.matchAll(new RegExp(`${escaped}\\s*(-?\\d[\\d.]*(?:e[+-]?\\d+)?|NaN)`, "g"))].map(([, number]) =>
    Number(number),
  );
}

/** Numbers of the line that starts like this. */
function row(stdout: string, start: string): number[] {
  const line = stdout.split("\n").find((each) => each.trim().startsWith(start))!;
  return line
    .trim()
    .slice(start.length)
    .match(/-?\d[\d.]*(e[+-]?\d+)?/g)!
    .map(Number);
}

describe.concurrent("examples", () => {
  test("S16: XOR trains to the four right answers", async ({ expect }) => {
    const stdout = await runExample("xor");
    const answers = numbersAfter(stdout, " =");
    expect(answers.map(Math.round)).toEqual([0, 1, 1, 0]);
    answers.forEach((answer) => expect(Math.abs(answer - Math.round(answer))).toBeLessThan(0.05));
    expect(numbersAfter(stdout, "->")[0]).toBeLessThan(1e-3);
  });

  test("S11: an epoch in place is that of the formulas", async ({ expect }) => {
    const stdout = await runExample("sgd-epoch");
    const [before, after] = numbersAfter(stdout, "loss");
    expect(after).toBeLessThan(before! - 0.2);
    for (const name of ["W1", "W2"]) expect(numbersAfter(stdout, name)[0]).toBeLessThan(1e-12);
  });

  test("S12: softmax regression has the gradient S - I_y, written out too", async ({ expect }) => {
    const stdout = await runExample("softmax-regression");
    expect(numbersAfter(stdout, "by hand:")[0]).toBeLessThan(1e-12);
    expect(numbersAfter(stdout, "against it:")[0]).toBeLessThan(1e-12);
    expect(numbersAfter(stdout, "accuracy")[0]).toBeGreaterThan(0.95);
  });

  test("S20, S23: gradients vanish through sigmoids, not through ReLUs", async ({ expect }) => {
    const stdout = await runExample("vanishing");
    const layers = Array.from({ length: 12 }, (_, index) => row(stdout, `${index + 1}   `));
    expect(layers.map(({ length }) => length)).toEqual(Array(12).fill(6));
    const sigmoid = layers.map(([norm]) => norm!);
    const relu = layers.map((cells) => cells[3]!);
    sigmoid.slice(1).forEach((norm, index) => expect(norm).toBeGreaterThan(sigmoid[index]!));
    expect(sigmoid[0]! / sigmoid.at(-1)!).toBeLessThan(1e-6);
    expect(relu[0]! / relu.at(-1)!).toBeGreaterThan(0.1);
    expect(Math.max(...relu) / Math.min(...relu)).toBeLessThan(10);
    for (const [, mean, max] of layers) expect(mean).toBeLessThan(max!);
  });

  test("S19: every number of a 2-2-1 network", async ({ expect }) => {
    const stdout = await runExample("hand-net");
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    const [a1, a2] = [sigmoid(0.3775), sigmoid(0.3925)];
    const z3 = 0.4 * a1 + 0.45 * a2 + 0.6;
    const a3 = sigmoid(z3);
    const delta3 = 2 * (a3 - 0.01) * a3 * (1 - a3);
    const delta1 = delta3 * 0.4 * a1 * (1 - a1);
    const delta2 = delta3 * 0.45 * a2 * (1 - a2);
    const expectRow = (start: string, wanted: number[]): void =>
      wanted.forEach((number, index) => expect(row(stdout, start)[index]).toBeCloseTo(number, 8));
    expectRow("1 ", [0.3775, a1, delta1]);
    expectRow("2 ", [0.3925, a2, delta2]);
    expectRow("3 ", [z3, a3, delta3]);
    expectRow("loss", [(a3 - 0.01) ** 2]);
    const gradients = { w11: 0.05 * delta1, w21: 0.1 * delta1, b1: delta1, w12: 0.05 * delta2, w22: 0.1 * delta2, b2: delta2 };
    const all = { ...gradients, v1: a1 * delta3, v2: a2 * delta3, c: delta3 };
    for (const [name, gradient] of Object.entries(all)) expect(row(stdout, `${name} `)[1]).toBeCloseTo(gradient, 8);
    expectRow("dW1 =", [0.05 * delta1, 0.05 * delta2, 0.1 * delta1, 0.1 * delta2]);
    expectRow("db1 =", [delta1, delta2]);
    expectRow("dW2 =", [a1 * delta3, a2 * delta3]);
    expectRow("db2 =", [delta3]);
  });

  test("S21: verdicts on gradients, right, doubtful, wrong and NaN", async ({ expect }) => {
    const stdout = await runExample("gradient-check");
    const verdicts = stdout
      .trim()
      .split("\n\n")
      .map((part) => [...part.matchAll(/^ {2}\w+: relative error \S+, (.+)$/gm)].map(([, verdict]) => verdict));
    expect(verdicts).toEqual([
      ["right", "right", "right", "right"],
      ["wrong", "wrong", "right", "right"],
      ["right", "look closer", "right", "look closer"],
      ["right", "failure: NaN", "right", "failure: NaN"],
    ]);
  });

  test("S25: the loss around trained parameters", async ({ expect }) => {
    const stdout = await runExample("loss-surface");
    const [trained] = numbersAfter(stdout, "training ended");
    expect(trained).toBeLessThan(1e-3);
    expect(numbersAfter(stdout, "least on the grid")[0]).toBeLessThanOrEqual(trained!);
    expect(numbersAfter(stdout, "largest")[0]).toBeGreaterThan(0.4);
  });

  test("S24, S25: every part of the training kit", async ({ expect }) => {
    const stdout = await runExample("training-kit");
    const loss = (title: string): number => row(stdout, title.padEnd(34))[0]!;
    for (const better of ["momentum", "Nesterov momentum", "Adam", "AdamW", "RMSProp"]) {
      expect(loss(better)).toBeLessThan(loss("gradient descent") / 2);
    }
    for (const clipped of ["rate 30, clipped to norm 0.05", "rate 30, clipped to values 0.01"]) {
      expect(loss(clipped)).toBeLessThan(1);
    }
    expect(loss("rate 30")).toBeGreaterThan(1);
    expect(loss("Adam, L2 0.001")).toBeGreaterThan(loss("Adam"));
    expect(loss("Adam, dropout 0.1")).toBeGreaterThan(loss("Adam"));
    for (const schedule of ["exponential schedule", "step schedule", "cosine with warm-up"]) {
      expect(loss(`Adam, ${schedule}`)).toBeLessThan(0.3);
    }
    expect(loss("momentum, 4 batches a step")).toBeGreaterThan(loss("momentum"));
    expect(stdout).toContain("interrupted and resumed from a checkpoint: the same bits");
  });

  test("S17, S25: digits, a few hundred", async ({ expect }) => {
    const checkpoint = join(folder, "digits.json");
    const stdout = await runExample("digits", "--images", "600", "--epochs", "3", "--checkpoint", checkpoint, "--no-picture");
    expect(stdout).toMatch(/^420 images to train with, 60 to see when to stop, 120 to test with\n/);
    const losses = numbersAfter(stdout, "validation loss");
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0]! / 1.4);
    expect(numbersAfter(stdout, "in training,")[0]).toBeGreaterThan(60);
    expect(stdout).toContain("the checkpoint of epoch 3, after 27 steps");
    expect(stdout).not.toContain("\u001b"); // no bar where nobody looks
  });

  test.runIf(process.env["LONG"] !== undefined)("S17, S25: all digits", async ({ expect }) => {
    const stdout = await runExample("digits", "--checkpoint", join(folder, "all-digits.json"));
    expect(stdout).toContain("stopped");
    expect(numbersAfter(stdout, "in training,")[0]).toBeGreaterThan(92);
  });
});

test("every script is run, every picture is made by one", () => {
  const here = ["scripts", "solvers"]
    .map((name) => readFileSync(join(import.meta.dirname, `${name}.test.ts`), "utf8"))
    .join("\n");
  const scripts = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".js"));
  for (const name of scripts) {
    if (name !== "softplus-descent.js") expect(here).toContain(`runExample("${basename(name, ".js")}"`);
  }
  const sources = scripts.map((name) => readFileSync(join(root, "examples", name), "utf8")).join("\n");
  for (const picture of readdirSync(join(root, "examples/pictures"))) {
    expect(sources).toContain(`"${picture}"`);
    const svg = readFileSync(join(root, "examples/pictures", picture), "utf8");
    expect(svg.length).toBeLessThan(60_000);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  }
});
