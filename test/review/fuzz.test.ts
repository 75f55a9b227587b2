// Faults planted at random in code that the compiler wrote: the first wrong line that is named must be the planted one.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reviewBackward } from "../../src/review/review.ts";
import { createRandom } from "../../src/verify/prng.ts";
import { plantFaults } from "./fuzz.ts";
import { truthOf } from "./sources.ts";

const isLong = process.env["LONG"] === "1";
const examples = readdirSync(join(import.meta.dirname, "../../examples")).filter((name) => name.endsWith(".math"));
/** Every run of the tests takes some; LONG all. Left out: those whose functions return lists, and one of 64 x 64 matrices. */
const chosen = examples.filter((name) => !/categorical|layer\.math|spectrum/.test(name) || name === "two-layer.math");
const few = ["staged.math", "neuron.math", "patterns.math", "squared-error.math", "two-layer.math"];

test("the line that is named is the planted one", { timeout: 1_200_000 }, async () => {
  const random = createRandom(7);
  const misses: string[] = [];
  let named = 0;
  for (const name of isLong ? chosen : few) {
    const compilation = truthOf(name);
    const grad = compilation.functions.at(-1)?.exports["grad"];
    if (grad === undefined) continue;
    for (const { text, lines, shown } of plantFaults(compilation, grad, random, isLong ? 20 : 5)) {
      const review = await reviewBackward(text, compilation, { function: grad });
      if (review.kind !== "wrong") continue; // the fault changed nothing, or the code no longer runs
      named++;
      if (!lines.includes(review.finding.line ?? 0)) misses.push(`${name}: ${shown}: line ${review.finding.line}`);
    }
  }
  if (isLong) console.log(`${named - misses.length} of ${named} planted faults were named by line`);
  expect(named).toBeGreaterThan(isLong ? 300 : 15);
  expect(misses.length / named, misses.join("\n")).toBeLessThan(0.05);
});
