// Names that the editor offers: those of the text itself, and every function with what it does.

import { expect, test } from "vitest";
import { opRows } from "../../src/cli/op-rows.ts";
import { optionsFor } from "../../src/playground/editor/completion.ts";

const labels = (text: string, typed: string): string[] =>
  optionsFor(text, opRows(), typed)
    .filter(({ type }) => type === "variable")
    .map(({ label, detail }) => `${detail} ${label}`);

test.each([
  ["f(α, y) = al", "al", ["function f", "input α", "input y"]],
  [
    "param w in [0, 1]\ninput X [m, 3]\nconst a = 2\nq = X * w # r = 1\nf = su",
    "su",
    ["param w", "input X", "const a", "stage q", "stage f"],
  ],
  ["q = x; f = q == z", "z", ["stage q", "stage f"]],
])("%s", (text, typed, expected) => {
  expect(labels(text, typed)).toEqual(expected);
});

test("a function tells what it does and its gradient, once", () => {
  const options = optionsFor("", opRows(), "");
  const sigmoid = options.filter(({ label }) => label === "sigmoid");
  expect(sigmoid).toEqual([expect.objectContaining({ detail: "(x)", info: expect.stringMatching(/dx = .*adj/) })]);
  expect(options.find(({ label }) => label === "gelu")?.info).toContain("= ");
  expect(new Set(options.map(({ label }) => label)).size).toBe(options.length);
});

test("a name of the text's own hides the function of that name", () => {
  expect(optionsFor("exp = 3", opRows(), "e").filter(({ label }) => label === "exp")).toEqual([
    { label: "exp", detail: "stage", type: "variable" },
  ]);
});
