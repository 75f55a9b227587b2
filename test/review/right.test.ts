// What is right passes, whatever it looks like; by the engine and interpreted.

import { expect, test } from "vitest";
import { reviewBackward } from "../../src/review/review.ts";
import { loadInterpreter } from "../../src/review/runner.ts";
import type { Review } from "../../src/review/types.ts";
import { solutions, truthOf, type Solution } from "./sources.ts";

function told(review: Review): unknown {
  return review.kind === "right" ? "right" : review.diagnostics.map(({ message }) => message);
}

const all: [string, Solution][] = Object.entries(solutions);

test.each(all)("%s is right", async (_, { source, text }) => {
  const review = await reviewBackward(text, truthOf(source));
  expect(told(review)).toBe("right");
  expect(review.kind === "right" && review.compared.largestError).toBeLessThan(1e-6);
});

test.each(all)("%s is right when it is interpreted", async (_, { source, text }) => {
  expect(told(await reviewBackward(text, truthOf(source), { runner: await loadInterpreter() }))).toBe("right");
});
