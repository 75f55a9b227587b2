// Mistakes planted in the forward pass of right solutions: the line that is named, what it should give there, and what the mistake is called.

import { describe, expect, test } from "vitest";
import type { MistakeName } from "../../src/review/mistakes/types.ts";
import { reviewBackward } from "../../src/review/review.ts";
import { solutions, truthOf, type SolutionName } from "./sources.ts";

/** Solution, what is replaced and by what, the name of the mistake (none: it has no name). */
type Row = readonly [solution: SolutionName, from: string, to: string, mistake: MistakeName | undefined];

const ROWS: readonly Row[] = [
  // signs and operators
  ["staged", "const xpy = x + y", "const xpy = x - y", "wrong-operator"],
  ["staged", "const den = sigx + xpysqr", "const den = sigx - xpysqr", "wrong-operator"],
  ["staged", "const f = num * invden", "const f = num / invden", "wrong-operator"],
  ["staged", "Math.exp(-x)", "Math.exp(x)", "sign"],
  ["staged", "1 / (1 + Math.exp(-y))", "1 / 1 + Math.exp(-y)", "missing-parentheses"],
  ["staged", "const xpysqr = xpy ** 2", "const xpysqr = xpy ^ 2", "wrong-operator"],
  ["staged", "const xpysqr = xpy ** 2", "const xpysqr = xpy * 2", "wrong-operator"],
  ["staged", "const xpysqr = xpy ** 2", "const xpysqr = xpy ** 3", "wrong-constant"],
  ["staged", "const invden = 1 / den", "const invden = den", "wrong-operator"],
  ["staged", "const num = x + sigy", "const num = y + sigy", "wrong-variable"],
  ["staged", "const num = x + sigy", "const num = sigy", "missing-term"],
  ["neuron", "Math.exp(-dot)", "Math.exp(dot)", "sign"],
  ["neuron", "w0 * x0 + w1 * x1 + w2", "w0 * x0 + w1 * x1", "missing-term"],
  ["neuron", "w0 * x0 + w1 * x1 + w2", "w0 * x0 + w2", "missing-term"],
  ["neuron", "w0 * x0 + w1 * x1 + w2", "w0 * x0 - w1 * x1 + w2", "wrong-operator"],
  ["neuron", "w0 * x0 + w1 * x1 + w2", "w0 * x0 + w1 * x0 + w2", "wrong-variable"],
  ["neuron", "1 / (1 + Math.exp(-dot))", "Math.exp(-dot) / (1 + Math.exp(-dot))", "wrong-operator"],
  ["squared", "const r = y - a", "const r = y / a", "wrong-operator"],
  ["squared", "const z = w * x + b", "const z = w * (x + b)", undefined],
  ["squared", "const z = w * x + b", "const z = w * x", "missing-bias"],
  ["reciprocal", "const u = x * x + 1", "const u = x * x", "constant-term"],
  ["logarithm", "Math.log(p)", "Math.log10(p)", "wrong-function"],
  ["tanh", "Math.tanh(z)", "Math.sin(z)", "wrong-function"],
  ["tanh", "Math.tanh(z)", "z", "missing-function"],
  ["compoundPair", "const q = x + y", "const q = x - y", "wrong-operator"],
  ["compoundScript", "f = q * z", "f = q / z", "wrong-operator"],
  // tensors
  ["softmax", "matmul(X, theta, m, 4, 3)", "matmul(theta, X, m, 4, 3)", "swapped-operands"],
  ["softmax", "loss -= Math.log(S[i * 3 + y[i]!]!) / m", "loss -= Math.log(S[i * 3 + y[i]!]!)", "missing-mean"],
  ["softmax", "loss -= Math.log(S[i * 3 + y[i]!]!) / m", "loss += Math.log(S[i * 3 + y[i]!]!) / m", "sign"],
  ["twoLayer", "Math.max(0, a)", "Math.min(0, a)", "wrong-function"],
  ["twoLayer", "Math.max(0, a)", "a", "missing-function"],
  ["twoLayer", "matmul(Z, W2, m, 4, 3)", "matmul(A, W2, m, 4, 3)", "wrong-variable"],
  ["xor", ".map((z, i) => z + b1[i % 4]!)", "", "missing-bias"],
  ["xor", "z + b1[i % 4]!", "z - b1[i % 4]!", "wrong-operator"],
  ["xor", "loss += (out[i]! - y[i]!) ** 2 / m", "loss += (out[i]! - y[i]!) ** 2", "missing-mean"],
  ["xor", "loss += (out[i]! - y[i]!) ** 2 / m", "loss += (out[i]! + y[i]!) ** 2 / m", "wrong-operator"],
  ["xor", "const H1 = Z1.map(sigmoid)", "const H1 = Z1.map(Math.tanh)", undefined],
  ["xor", "const out = Z2.map(sigmoid)", "const out = Z2", "missing-function"],
  ["svm", "v + b[j]!", "v", "missing-bias"],
  ["svm", "v - row[y[i]!]! + 1", "v - row[y[i]!]!", undefined],
  ["svm", "data / n - 1 + 0.1 * penalty", "data / n - 1 + penalty", undefined],
];

describe("where one line is not enough", () => {
  const neuron = (sigmoid: string, s: string): string =>
    `const sigmoid = (z) => ${sigmoid};\nfunction f(w0, x0, w1, x1, w2) {\n  const dot = w0 * x0 + w1 * x1 + w2;\n  const s = ${s};\n` +
    "  const ddot = s * (1 - s);\n  return [s, x0 * ddot, w0 * ddot, x1 * ddot, w1 * ddot, ddot];\n}\n";
  const found = async (text: string, source: string): Promise<unknown> => {
    const review = await reviewBackward(text, truthOf(source));
    if (review.kind !== "wrong") return review.kind;
    const { pass, line, mistake, answer, message } = review.finding;
    return { pass, line, mistake, answer, message };
  };

  test("a function that the line calls", async () => {
    expect(await found(neuron("1 / (1 + Math.exp(-z))", "sigmoid(dot)"), "neuron.math")).toBe("right");
    expect(await found(neuron("1 / (1 + Math.exp(z))", "sigmoid(dot)"), "neuron.math")).toEqual({
      pass: "forward",
      line: 1,
      mistake: "sign",
      answer: "const sigmoid = (z) => 1 / (1 + Math.exp(-(z)));",
      message: expect.stringMatching(/^s is .* where line 4 calls sigmoid, and should be /) as string,
    });
  });

  test("a line before one that the source has", async () => {
    const text = neuron("0", "1 / den").replace("  const s", "  const e = Math.exp(dot);\n  const den = 1 + e;\n  const s");
    expect(await found(text, "neuron.math")).toMatchObject({ pass: "forward", line: 4, mistake: "sign" });
  });

  test("two lines: the first is named", async () => {
    const { text } = solutions.staged;
    const twice = text
      .replace("const num = x + sigy", "const num = x - sigy")
      .replace("den = sigx + xpysqr", "den = sigx * xpysqr");
    expect(await found(twice, "staged.math")).toMatchObject({ pass: "forward", line: 3, mistake: "wrong-operator" });
    expect(await found(twice.replace("x - sigy", "x + sigy"), "staged.math")).toMatchObject({ pass: "forward", line: 7 });
  });

  test("nothing is claimed of a line where nothing is certain", async () => {
    const text =
      "function f(x, y) {\n  const a = x * 3 + y;\n  const b = a / 7;\n  return { f: Math.sin(b), dx: 1, dy: 1 };\n}\n";
    expect(await found(text, "staged.math")).toMatchObject({
      pass: "forward",
      mistake: undefined,
      message: expect.stringMatching(/the fault may lie in line 2 or 3/) as string,
    });
  });
});

describe("planted mistakes of the forward pass", () => {
  test.each(ROWS.map((row) => ({ row, title: `${row[0]}: ${row[1]} -> ${row[2]} is ${row[3]}` })))("$title", async ({ row }) => {
    const [solution, from, to, mistake] = row;
    const { text, source } = solutions[solution];
    expect(text.split(from).length, `${from} occurs once in ${solution}`).toBe(2);
    const changed = text.replace(from, () => to);
    const review = await reviewBackward(changed, truthOf(source));
    if (review.kind !== "wrong") throw new Error(`it is ${review.kind}: ${review.diagnostics[0]?.message}`);
    const { pass, line, message: words, explanation, answer } = review.finding;
    const message = `${words}; ${review.finding.mistake}: ${explanation} ${answer}`;
    expect({ pass, line, mistake: review.finding.mistake, message }).toEqual({
      pass: "forward",
      line: changed.slice(0, text.indexOf(from)).split("\n").length,
      mistake,
      message,
    });
  });
});
