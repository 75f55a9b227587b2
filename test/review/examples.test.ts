// The compiler's own staged code, handed in as if somebody had written it by hand: for every source in examples/ it must be right.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reviewBackward } from "../../src/review/review.ts";
import { truthOf } from "./sources.ts";

const isLong = process.env["LONG"] === "1";

/** Sources with nothing to compare with, and what is said. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  "categorical.math": /did not compile/, // a list, which has a Jacobian
  "layer.math": /did not compile/,
  "convnet.net.yaml": /keeps running statistics/,
};

/** Networks of many parameters take seconds each. */
const LARGE: ReadonlySet<string> = new Set(["convnet.net.yaml", "transformer.net.yaml"]);

const sources = readdirSync(join(import.meta.dirname, "../../examples")).filter((name) => /\.(math|net\.yaml)$/.test(name));
const chosen = sources.filter((name) => isLong || !LARGE.has(name));

test.each(chosen)("%s", { timeout: 300_000 }, async (name) => {
  const compilation = truthOf(name);
  const grad = compilation.functions.at(-1)?.exports["grad"];
  const review = await reviewBackward(compilation.code, compilation, grad === undefined ? {} : { function: grad });
  const refused = REFUSED[name];
  if (refused === undefined) expect([review.kind, review.diagnostics.map(({ message }) => message)]).toEqual(["right", []]);
  else expect([review.kind, review.diagnostics[0]?.message]).toEqual(["unreadable", expect.stringMatching(refused)]);
});
