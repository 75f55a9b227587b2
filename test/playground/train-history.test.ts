// The loss history: bounded, exact in its sums, and read in words; charts' scales; what answers mean.

import { expect, test } from "vitest";
import { classOf, probabilitiesOf } from "../../src/playground/train/answers.ts";
import {
  appended,
  courseOf,
  describeHistory,
  EMPTY_HISTORY,
  movingAverage,
  settledAt,
} from "../../src/playground/train/loss-history.ts";
import { parseColour } from "../../src/playground/train/colour.ts";
import { linearScale, logScale, tickText } from "../../src/playground/train/scales.ts";

const losses = (count: number, loss: (step: number) => number) => Array.from({ length: count }, (_, at) => loss(at + 1));

test("a history of many steps stays small and forgets no sum and no extreme", () => {
  const all = losses(10_001, (step) => 1 / step + (step === 7000 ? 5 : 0));
  let history = EMPTY_HISTORY;
  for (let at = 0; at < all.length; at += 37) history = appended(history, all.slice(at, at + 37));
  expect(history).toMatchObject({ steps: 10_001, first: 1, last: all.at(-1), least: Math.min(...all) });
  expect(history.buckets.length).toBeLessThanOrEqual(2048);
  expect(history.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(10_001);
  const total = history.buckets.reduce((sum, { mean, count }) => sum + mean * count, 0);
  expect(total).toBeCloseTo(
    all.reduce((sum, loss) => sum + loss, 0),
    8,
  );
  expect(Math.max(...history.buckets.map(({ most }) => most))).toBe(Math.max(...all));
  expect(new Set(history.buckets.slice(0, -1).map(({ count }) => count)).size).toBe(1);
  history.buckets.forEach(({ step, count }, at) => expect(history.buckets[at + 1]?.step ?? 10_002).toBe(step + count));
});

test("the moving average is the mean of the last steps", () => {
  const { buckets } = appended(EMPTY_HISTORY, [4, 2, 6, 0]);
  expect(movingAverage(buckets, 1)).toEqual([4, 2, 6, 0]);
  expect(movingAverage(buckets, 2)).toEqual([4, 3, 4, 3]);
  expect(movingAverage(buckets, 100)).toEqual([4, 3, 4, 3]);
});

test.each([
  ["falling", losses(400, (step) => 1 / step)],
  ["level", losses(400, (step) => 1 + Math.exp(-step / 5))],
  ["rising", losses(400, (step) => 1 + Math.abs(step - 200) / 200)],
  ["diverged", losses(40, (step) => 10 ** step)],
  ["diverged", [...losses(40, () => 1), NaN]],
  ["short", [1, 0.5]],
] as const)("a curve that is %s is called so", (course, curve) => {
  expect(courseOf(appended(EMPTY_HISTORY, curve))).toBe(course);
});

test("a summary says from where to where, and when most of the way was done", () => {
  const history = appended(
    EMPTY_HISTORY,
    losses(1000, (step) => (step <= 500 ? 1 : 0.1)),
  );
  expect(settledAt(history)).toBeGreaterThan(530);
  expect(settledAt(history)).toBeLessThan(560);
  expect(describeHistory(history)).toMatch(
    /^1000 steps: loss 1 to 0\.1 \(least 0\.1\), 95 % of the fall by step 5\d\d; levelled off\.$/,
  );
  expect(describeHistory(EMPTY_HISTORY)).toBe("No step taken yet.");
});

test("scales place their ends, and mark round numbers", () => {
  const across = linearScale([0, 4000], [50, 450], 5);
  expect([0, 1000, 4000].map((value) => across.place(value))).toEqual([50, 150, 450]);
  expect(across.ticks).toEqual([0, 1000, 2000, 3000, 4000]);
  expect(linearScale([-0.15, 1.15], [0, 1]).ticks).toEqual([0, 0.5, 1]);
  expect(linearScale([2, 2], [0, 1]).place(2)).toBe(0.5);
  const up = logScale([0.002, 0.5], [100, 0]);
  expect(up.domain).toEqual([0.001, 1]);
  expect(up.ticks).toEqual([0.001, 0.01, 0.1, 1]);
  expect([1, 0.001, 0, -1].map((value) => up.place(value))).toEqual([0, 100, 100, 100]);
  expect(up.place(0.1)).toBeCloseTo(100 / 3, 10);
  expect([0, 0.25, 4000, 12_000, 1e-6, 2.5e6].map(tickText)).toEqual(["0", "0.25", "4000", "12k", "1e-6", "2.5e6"]);
});

test.each([
  [{ answer: "probability", outputs: 1 }, [0.3], [0.7, 0.3], 0],
  [{ answer: "number", outputs: 1 }, [1.2], [0, 1], 1],
  [{ answer: "logit", outputs: 1 }, [Math.log(3)], [0.25, 0.75], 1],
  [{ answer: "sign", outputs: 1 }, [-0.5], [0.75, 0.25], 0],
  [{ answer: "scores", outputs: 3 }, [0, Math.log(2), 0], [0.25, 0.5, 0.25], 1],
  [{ answer: "scores", outputs: 2 }, [1000, 0], [1, 0], 0],
  [{ answer: "probabilities", outputs: 2 }, [0.1, 0.9], [0.1, 0.9], 1],
  [{ answer: "log-probabilities", outputs: 2 }, [Math.log(0.1), Math.log(0.9)], [0.1, 0.9], 1],
] as const)("an answer is read by its kind: %j", (kind, answers, probabilities, best) => {
  expect(probabilitiesOf(kind, answers, 0)).toEqual(probabilities.map((value) => expect.closeTo(value, 12)));
  expect(classOf(kind, answers, 0)).toBe(best);
});

test.each([
  ["#fff", [255, 255, 255]],
  ["#1d9a76", [29, 154, 118]],
  ["rgb(1, 2, 3)", [1, 2, 3]],
  ["none", [128, 128, 128]],
])("the colour %s is read", (text, colour) => {
  expect(parseColour(text)).toEqual(colour);
});
