// Templates as sources: what is compiled, and where its characters were.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler.ts";
import { readTemplate } from "../../src/inline/template.ts";

describe("the source of a template", () => {
  test.each<[strings: string[], text: string, inputs: (string | undefined)[]]>([
    [["x^2"], "x^2", []],
    [["", ""], "const value1; value1", ["value1"]],
    [["f(x) = x * ", ""], "const value1; f(x, value1) = x * value1", ["value1"]],
    [["f() = ", ""], "const value1; f(value1) = value1", ["value1"]],
    [["f(x) = x # ", "\ng(y) = y"], "f(x) = x # value1\ng(y) = y", [undefined]],
    [["f(x) = x\ng(y) = f(y) * ", ""], "const value1; f(x) = x\ng(y, value1) = f(y) * value1", ["value1"]],
    [
      ["f(x) = x * ", "\ng(y) = f(f(y))"],
      "const value1; f(x, value1) = x * value1\ng(y, value1) = f(f(y, value1), value1)",
      ["value1"],
    ],
    [["q = ", " * x\nf(x) = q"], "const value1; q = value1 * x\nf(x, value1) = q", ["value1"]],
    [["value1 + ", " + value1_2"], "const value1_3; value1 + value1_3 + value1_2", ["value1_3"]],
    [["const a = ", "\nf(x) = a * x"], "const a\nf(x, a) = a * x", ["a"]],
    [["const a = ", ", b = 2, c = ", "\nf(x) = a * x"], "const a, b = 2, c\nf(x, a) = a * x", ["a", "c"]],
    [["const a = ", " + 1\nf(x) = a * x"], "const value1; const a = value1 + 1\nf(x) = a * x", ["value1"]],
    [["const = 2\nx * ", ""], "const value1; const = 2\nx * value1", ["value1"]],
    [["\uFEFFf(x) = x * ", ""], "\uFEFFconst value1; f(x, value1) = x * value1", ["value1"]],
  ])("%j", (strings, text, inputs) => {
    const template = readTemplate(strings);
    expect(template.text).toBe(text);
    expect(template.inputs).toEqual(inputs);
    expect(template.problems).toEqual([]);
  });

  test.each(["input", "param", "const", "mod", "true", "f", "e", "i", "pi", "sin", "gamma", "then", "Math", "λ", "end", "to"])(
    "a value in a variable called %s",
    (name) => {
      const template = readTemplate(["", " x + y"], [name]);
      const { ok, functions, diagnostics } = compile(template.text, { verify: false });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(ok).toBe(true);
      expect(functions.at(-1)!.inputs.map((input) => input.name)).toEqual([template.inputs[0], "x", "y"]);
      expect(functions.at(-1)!.wrt).toEqual(["x", "y"]);
    },
  );
});

test("every character that is the user's leads back to where it was", () => {
  const part = fc.array(
    fc.constantFrom(
      "f(x) = ",
      "g(y, z) = ",
      "f(x)",
      "g(",
      ")",
      "(",
      " * ",
      "x",
      ", ",
      "\n",
      "; ",
      "# note ",
      "const a = ",
      "const ",
      "b = ",
      " ",
    ),
    { maxLength: 8 },
  );
  const property = fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
    const template = readTemplate(parts.map((texts) => texts.join("")));
    const { text, filled, toFilled } = template;
    let last = 0;
    let matching = 0;
    for (let offset = 0; offset < text.length; offset++) {
      const { start, end } = toFilled({ start: offset, end: offset + 1 });
      expect(start).toBeGreaterThanOrEqual(last);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(filled.text.length);
      if (filled.text[start] === text[offset]) matching++;
      last = start;
    }
    const added = text.length - filled.text.length;
    expect(matching).toBeGreaterThanOrEqual(text.length - Math.max(0, added) - 2 * "value1".length * parts.length);
    expect(toFilled({ start: text.length, end: text.length })).toEqual({ start: filled.text.length, end: filled.text.length });
  });
  fc.assert(property, { numRuns: 500 });
});
