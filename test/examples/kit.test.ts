// The parts of examples/kit that users copy: batches, checkpoints, loss curves, gradient checks.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

type Data = { readonly X: Float64Array; readonly y: Int32Array };

const folder = mkdtempSync(join(tmpdir(), "wengert-kit-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of the kit; they are JavaScript without declarations. */
async function kit<Exports>(name: string): Promise<Exports> {
  return (await import(/* @vite-ignore */ join(import.meta.dirname, "../../examples/kit", name))) as Exports;
}

describe("batches", async () => {
  const { batches, takeRows, accuracy } = await kit<{
    batches(data: Data, size: number): Iterable<Data>;
    takeRows(data: Data, indices: ArrayLike<number>): Data;
    accuracy(scores: Float64Array, y: Int32Array): number;
  }>("batches.js");
  const data = { X: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), y: Int32Array.of(0, 1, 2, 3, 4) };

  test("cover the data in order, the last one smaller, without copying", () => {
    const all = [...batches(data, 2)];
    expect(all.map(({ y }) => [...y])).toEqual([[0, 1], [2, 3], [4]]);
    expect(all.map(({ X }) => [...X])).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(all[2]!.X.buffer).toBe(data.X.buffer);
  });

  test("rows are taken in the order asked for", () => {
    expect(takeRows(data, [4, 0])).toEqual({ X: Float64Array.of(8, 9, 0, 1), y: Int32Array.of(4, 0) });
  });

  test("accuracy is the share of rows whose largest score is their class", () => {
    expect(accuracy(Float64Array.of(1, 2, 5, 4, 0, 3), Int32Array.of(1, 0, 0))).toBeCloseTo(2 / 3);
  });
});

test("orders are permutations, the same from the same seed", async () => {
  const { createRandom, shuffledIndices } = await kit<{
    createRandom(seed: number): () => number;
    shuffledIndices(count: number, random: () => number): Int32Array;
  }>("random.js");
  const order = shuffledIndices(50, createRandom(3));
  expect(order).toEqual(shuffledIndices(50, createRandom(3)));
  expect(order).not.toEqual(shuffledIndices(50, createRandom(4)));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

describe("checkpoints", async () => {
  const { saveCheckpoint, loadCheckpoint } = await kit<{
    saveCheckpoint(path: string, values: object): void;
    loadCheckpoint(path: string): Record<string, unknown>;
  }>("checkpoint.js");
  const path = join(folder, "checkpoint.json");

  test("come back bit for bit", () => {
    const whole = Float64Array.of(9, -0, NaN, Infinity, 5e-324, 0.1, -1.7976931348623157e308);
    const values = {
      params: { W1: whole.subarray(1), b1: new Float64Array(0) },
      narrow: Float32Array.of(0.1, -0),
      classes: Int32Array.of(-1, 2147483647),
      optimizer: { m: { W1: whole.slice() }, step: 3, best: Infinity, zero: -0, none: NaN, rate: 0.1 },
      name: "x",
      isDone: false,
    };
    saveCheckpoint(path, values);
    const loaded = loadCheckpoint(path);
    expect(loaded).toEqual(values);
    const bits = (array: Float64Array): BigUint64Array => new BigUint64Array(array.slice().buffer);
    const { W1 } = loaded["params"] as { W1: Float64Array };
    expect(bits(W1)).toEqual(bits(values.params.W1));
    const first = readFileSync(path, "utf8");
    saveCheckpoint(path, loaded);
    expect(readFileSync(path, "utf8")).toBe(first);
  });

  test("refuse what they could not give back, and leave the last one whole", () => {
    saveCheckpoint(path, { step: 1 });
    expect(() => saveCheckpoint(path, { when: new Date(0) })).toThrow(/cannot hold/);
    expect(() => saveCheckpoint(path, { none: undefined })).toThrow(/cannot hold/);
    expect(() => saveCheckpoint(path, { bytes: new Uint8Array(1) })).toThrow(/Uint8Array/);
    expect(loadCheckpoint(path)).toEqual({ step: 1 });
    writeFileSync(path, '{ "step": 1 }');
    expect(() => loadCheckpoint(path)).toThrow(/is no "wengert checkpoint 1"/);
  });
});

describe("loss curves", async () => {
  const { movingAverage, summarise, createEarlyStop } = await kit<{
    movingAverage(values: readonly number[], window: number): number[];
    summarise(losses: readonly number[]): { readonly verdict: string; readonly settled?: number; readonly least: number };
    createEarlyStop(options: { patience: number }): { look(loss: number): { isBest: boolean; isOver: boolean } };
  }>("convergence.js");
  const curve = (f: (step: number) => number): number[] => Array.from({ length: 200 }, (_, step) => f(step));

  test("moving averages", () => {
    expect(movingAverage([3, 1, 2, 6], 2)).toEqual([3, 2, 1.5, 4]);
    expect(movingAverage([3, 1], 5)).toEqual([3, 2]);
  });

  test.each([
    ["levelled off", (step: number) => 1 + Math.exp(-step / 10)],
    ["still falling", (step: number) => Math.exp(-step / 50)],
    ["rising again", (step: number) => 1 + (step / 100 - 1) ** 2],
    ["diverged", (step: number) => 1.1 ** step],
    ["diverged", (step: number) => (step > 100 ? NaN : 1)],
  ])("%s", (verdict, f) => {
    // The parabola is as high at its end as at its start; a little less, so that it has not diverged.
    expect(summarise(curve((step) => f(verdict === "rising again" ? step * 0.9 : step))).verdict).toBe(verdict);
  });

  test("most of the fall comes early on an exponential", () => {
    const { settled, least } = summarise(curve((step) => 1 + Math.exp(-step / 10)));
    expect(settled).toBeGreaterThan(20);
    expect(settled).toBeLessThan(60);
    expect(least).toBeCloseTo(1);
  });

  test("stopping early waits, and takes no NaN for the best", () => {
    const early = createEarlyStop({ patience: 2 });
    const looks = [3, 2, 2.5, 1, NaN, 1].map((loss) => early.look(loss));
    expect(looks.map(({ isBest }) => isBest)).toEqual([true, true, false, true, false, false]);
    expect(looks.map(({ isOver }) => isOver)).toEqual([false, false, false, false, false, true]);
  });
});

describe("gradient checks", async () => {
  const { centralDifferences, compareGradients, magnitudes } = await kit<{
    centralDifferences(loss: () => number, params: Record<string, Float64Array>): Record<string, Float64Array>;
    compareGradients(analytic: Float64Array, numeric: Float64Array): { error: number; verdict: string };
    magnitudes(array: Float64Array): { norm: number; mean: number; max: number };
  }>("gradients.js");

  test("differences of a cube, parameters as before", () => {
    const params = { w: Float64Array.of(2, -1) };
    const { w } = centralDifferences(() => params.w.reduce((sum, value) => sum + value ** 3, 0), params);
    expect(w![0]).toBeCloseTo(12, 8);
    expect(w![1]).toBeCloseTo(3, 8);
    expect(params.w).toEqual(Float64Array.of(2, -1));
  });

  test.each([
    [1, "right"],
    [1 + 1e-6, "right"],
    [1 + 1e-4, "look closer"],
    [1.01, "wrong"],
    [-1, "wrong"],
    [NaN, "failure: NaN"],
    [Infinity, "failure: NaN"],
  ])("%s times the gradient: %s", (factor, verdict) => {
    const numeric = Float64Array.of(1, -2);
    expect(
      compareGradients(
        numeric.map((value) => value * factor),
        numeric,
      ).verdict,
    ).toBe(verdict);
  });

  test("two gradients of zero agree", () => {
    expect(compareGradients(new Float64Array(2), new Float64Array(2))).toEqual({ error: 0, verdict: "right" });
  });

  test("magnitudes show a NaN", () => {
    expect(magnitudes(Float64Array.of(3, -4))).toEqual({ norm: 5, mean: 3.5, max: 4 });
    expect(magnitudes(Float64Array.of(3, NaN, 1)).max).toBeNaN();
  });
});
