// Mistakes planted in right solutions: the line that is named, and what the mistake is called.

import { describe, expect, test } from "vitest";
import type { MistakeName } from "../../src/review/mistakes/types.ts";
import { mistakes } from "../../src/review/mistakes/table.ts";
import { reviewBackward } from "../../src/review/review.ts";
import { solutions, truthOf, type SolutionName } from "./sources.ts";

/** Solution, what is replaced and by what, the name of the mistake (none: it has no name), a text on the line to be named where it is another. */
type Row = readonly [solution: SolutionName, from: string, to: string, mistake: MistakeName | undefined, at?: string];

const ROWS: readonly Row[] = [
  // sums at forks
  ["staged", "dx += (1 - sigx)", "dx = (1 - sigx)", "overwritten"],
  ["staged", "dx += dnum", "dx = dnum", "overwritten"],
  ["staged", "dy += (1 - sigy)", "dy = (1 - sigy)", "overwritten"],
  ["staged", "  dx += dnum;\n", "", "missing-contribution", "dx += (1 - sigx)"],
  ["staged", "  dy += (1 - sigy) * sigy * dsigy;\n", "", "missing-contribution", "let dy"],
  ["staged", "let dx = dxpy", "let dx = dxpy + dnum", "counted-twice", "dx += dnum"],
  ["staged", "  dx += dnum;\n", "  dx += dnum;\n  dx += dnum; // again\n", "counted-twice", "// again"],
  ["staged", "let dx = dxpy", "let dx", "not-a-number", "dx += (1 - sigx)"],
  ["logarithm", "dx += y * dp", "dx = y * dp", "overwritten"],
  ["logarithm", "dx += y * dp;\n", "", "missing-contribution", "let dx"],
  ["patterns", "let dz = 0", "let dz = 1", "wrong-constant"],
  ["neuronScript", "const ddot = s * (1 - s);\n", "const ddot = NaN;\n", "not-a-number"],
  ["fork", "dp += Math.cos(p);\nconst dx = y * dp;", "const dx = y * dp;\ndp += Math.cos(p);", "used-too-early", "const dx"],
  // signs
  ["compound", "const dq = z * df", "const dq = -z * df", "sign"],
  ["staged", "(-1 / den ** 2)", "(1 / den ** 2)", "sign"],
  ["squared", "const da = -dr", "const da = dr", "sign"],
  ["squared", "const dz = a", "const dz = -a", "sign"],
  ["reciprocal", "-1 / (u * u)", "1 / (u * u)", "sign"],
  ["add", "const dy = 1", "const dy = -1", "sign"],
  // operands and upstream gradients
  ["multiply", "dx: y, dy: x", "dx: x, dy: x", "swapped-operands", "dx: x"],
  ["compound", "const dq = z * df", "const dq = q * df", "swapped-operands"],
  ["compoundPair", "const dz = q * df", "const dz = z * df", "swapped-operands"],
  ["compoundScript", "dq = z", "dq = q", "swapped-operands"],
  ["staged", "const dnum = invden", "const dnum = num", "swapped-operands"],
  ["neuron", "const dw0 = x0 * ddot", "const dw0 = w0 * ddot", "swapped-operands"],
  ["tanh", "const dw = x * dz", "const dw = w * dz", "swapped-operands"],
  ["neuron", "const dw0 = x0 * ddot", "const dw0 = x1 * ddot", "swapped-operands"],
  ["neuron", "const dw0 = x0 * ddot", "const dw0 = x0", "missing-upstream"],
  ["compoundPair", "const dq = z * df", "const dq = z", "missing-upstream"],
  ["squared", "const da = -dr", "const da = -1", "missing-upstream"],
  ["squared", "a * (1 - a) * da", "a * (1 - a)", "missing-upstream"],
  ["tanh", "(1 - t * t) * dt", "1 - t * t", "missing-upstream"],
  ["staged", "(-1 / den ** 2) * dinvden", "-1 / den ** 2", "missing-upstream"],
  ["staged", "2 * xpy * dxpysqr", "2 * xpy * dnum", "wrong-upstream"],
  ["squared", "const dw = x * dz", "const dw = x * da", "wrong-upstream"],
  ["squared", "const db = dz", "const db = da", "wrong-upstream"],
  ["tanh", "const dx = w * dz", "const dx = w * dt", "wrong-upstream"],
  ["tanh", "const dx = w * dz", "const dx = w * dz * dt", "extra-factor"],
  // local gradients
  ["staged", "2 * xpy * dxpysqr", "xpy * dxpysqr", "constant-factor"],
  ["staged", "2 * xpy * dxpysqr", "2 * dxpysqr", "missing-factor"],
  ["squared", "const dr = 2 * r", "const dr = r", "constant-factor"],
  ["squared", "const dr = 2 * r", "const dr = 2", "missing-factor"],
  ["neuron", "s * (1 - s)", "s", "missing-factor"],
  ["neuron", "s * (1 - s)", "(1 - s)", "missing-factor"],
  ["neuron", "s * (1 - s)", "dot * (1 - dot)", "input-for-output"],
  ["neuron", "s * (1 - s)", "s * (1 + s)", "wrong-operator"],
  ["staged", "(1 - sigx) * sigx", "(1 - sigy) * sigy", "wrong-variable"],
  ["tanh", "1 - t * t", "1 - z * z", "input-for-output"],
  ["tanh", "1 - t * t", "1 + t * t", "wrong-operator"],
  ["logarithm", "dl / p", "dl / l", "output-for-input"],
  ["logarithm", "let dx = e * de", "let dx = x * de", "input-for-output"],
  ["logarithm", "dl / p", "dl * p", "wrong-operator"],
  ["reciprocal", "-1 / (u * u)", "-1 / u", "reciprocal-square"],
  ["reciprocal", "2 * x * du", "x * du", "constant-factor"],
  ["staged", "2 * xpy * dxpysqr", "3 * xpy * dxpysqr", "wrong-constant"],
  ["squared", "const dr = 2 * r", "const dr = 3 * r", "wrong-constant"],
  ["compound", "const dx = 1 * dq", "const dx = dq * x", "extra-factor"],
  ["compound", "const dy = 1 * dq", "const dy = q", "wrong-variable"],
  ["quotient", "-x / (y * y)", "-x / y", "reciprocal-square"],
  ["logarithm", "dl / p", "dl * Math.log(p)", "wrong-derivative"],
  ["logarithm", "dl / p", "dl * Math.log(1 / p)", "wrong-derivative"],
  ["exponential", "const dz = Math.exp(z)", "const dz = z * Math.exp(z - 1)", "wrong-derivative"],
  ["paths", "2 * da + 3 * db", "da * db", "multiplied-paths"],
  ["paths", "2 * da + 3 * db", "2 * da * 3 * db", "multiplied-paths"],
  ["staged", "dx += dnum", "dx -= dnum", "sign"],
  // abs and relu
  ["absolute", "const dp = Math.sign(p)", "const dp = 1", "sign-missing"],
  ["absolute", "const dp = Math.sign(p)", "const dp = p", "extra-factor"],
  ["gate", "z1 > 0 ? dh : 0", "w > 0 ? dh : 0", "mask-of-another"],
  ["gate", "z1 > 0 ? dh : 0", "dh", "mask-missing"],
  ["gate", "z1 > 0 ? dh : 0", "h * dh", "extra-factor"],
  // max
  ["max", "x >= y ? 1 : 0", "x < y ? 1 : 0", "mask-inverted"],
  ["max", "x >= y ? 1 : 0", "1", "mask-missing"],
  ["patterns", "if (z > w) dz += dm", "if (z < w) dz += dm", "mask-inverted"],
  ["twoLayer", "(A[i]! > 0 ? d : 0)", "d", "mask-missing"],
  ["twoLayer", "(A[i]! > 0 ? d : 0)", "(A[i]! < 0 ? d : 0)", "mask-inverted"],
  ["twoLayer", "(A[i]! > 0 ? d : 0)", "(dZ[i]! > 0 ? d : 0)", "mask-of-another"],
  ["svm", "margins[i]![j]! > 0 ? d : 0", "d", undefined, "const dscores"],
  // what goes out
  ["compound", "{ f, dx, dy, dz }", "{ f, dx, dy, dz: dx }", "wrong-result"],
  ["staged", "{ f, dx, dy }", "{ f, dx, dy: dx }", "wrong-result"],
  ["xor", "W1: dW1, b1: db1", "W1: dW1, b1: dW1", "wrong-result"],
  ["neuronArray", "[s, dw0, dx0,", "[s, dx0, dw0,", "wrong-result"],
  // matrices
  [
    "matmul",
    "const dW = matmul(dD, transpose(X, 10, 3), 5, 3, 10)",
    "const dW = transpose(matmul(dD, transpose(X, 10, 3), 5, 3, 10), 5, 10)",
    "transposed",
  ],
  ["softmax", "matmul(transpose(X, m, 4), dH, 4, m, 3)", "matmul(transpose(dH, m, 3), X, 3, m, 4)", "transposed"],
  [
    "twoLayer",
    "const dW2 = matmul(transpose(Z, m, 4), dH, 4, m, 3)",
    "const dW2 = matmul(transpose(dH, m, 3), Z, 3, m, 4)",
    "transposed",
  ],
  ["twoLayer", "const dZ = matmul(dH, transpose(W2, 4, 3), m, 3, 4)", "const dZ = matmul(dH, W2, m, 3, 4)", "transposed"],
  ["svm", "matmul(transpose(X), dXW)", "transpose(matmul(transpose(X), dXW))", "transposed"],
  ["softmax", "matmul(transpose(X, m, 4), dH, 4, m, 3)", "matmul(dH, X, m, 3, 4)", "transposed"],
  ["softmax", "matmul(transpose(X, m, 4), dH, 4, m, 3)", "matmul(X, dH, 4, m, 3)", "transposed"],
  ["softmax", "matmul(transpose(X, m, 4), dH, 4, m, 3)", "matmul(dH, transpose(X, m, 4), 4, m, 3)", "swapped-operands"],
  ["xor", "matmul(transpose(X, m, 2), dZ1, 2, m, 4)", "matmul(transpose(dZ1, m, 4), X, 4, m, 2)", "transposed"],
  ["xor", "matmul(transpose(X, m, 2), dZ1, 2, m, 4)", "matmul(dZ1, X, m, 4, 2)", "transposed"],
  ["softplus", "const du = -w3 * sigma(u)", "const du = -w3 * softplus(u)", "wrong-function", "dw1 += x[i] * du"],
  ["softplus", "const du = -w3 * sigma(u)", "const du = w3 * sigma(u)", "sign", "dw1 += x[i] * du"],
  ["softplus", "const du = -w3 * sigma(u)", "const du = -w3 * sigma(v)", "wrong-variable", "dw1 += x[i] * du"],
  ["matmul", "const dW = matmul(dD, transpose(X, 10, 3), 5, 3, 10)", "const dW = dD", "wrong-shape"],
  // batches
  ["xor", "Float64Array.of(dZ2.reduce((sum, d) => sum + d, 0))", "dZ2", "missing-batch-sum"],
  ["xor", "Float64Array.of(dZ2.reduce((sum, d) => sum + d, 0))", "Float64Array.of(dZ2[0]!)", "one-row"],
  ["xor", "(2 * (o - y[i]!)) / m", "2 * (o - y[i]!)", "missing-mean"],
  ["xor", "(2 * (o - y[i]!)) / m", "(o - y[i]!) / m", "constant-factor"],
  ["xor", "(2 * (o - y[i]!)) / m", "(2 * (o - y[i]!)) / m / m", "divided-twice"],
  ["xor", "d * out[i]! * (1 - out[i]!)", "d * out[i]!", "missing-factor"],
  ["xor", "d * out[i]! * (1 - out[i]!)", "out[i]! * (1 - out[i]!)", "missing-upstream"],
  ["xor", "d * H1[i]! * (1 - H1[i]!)", "d * Z1[i]! * (1 - Z1[i]!)", "input-for-output"],
  [
    "svm",
    "const db = dscores[0]!.map((_, j) => dscores.reduce((sum, row) => sum + row[j]!, 0))",
    "const db = dscores[0]!",
    "one-row",
  ],
  [
    "svm",
    "const db = dscores[0]!.map((_, j) => dscores.reduce((sum, row) => sum + row[j]!, 0))",
    "const db = dscores",
    "missing-batch-sum",
  ],
  ["svm", " + 0.2 * W[i]![j]!", "", "missing-contribution"],
  ["svm", "1 / n));", "1));", "missing-mean"],
  ["softmax", "  for (let i = 0; i < m; i++) dH[i * 3 + y[i]!]! -= 1;\n", "", "missing-one-hot", "dH[i]! /= m"],
  ["softmax", "  for (let i = 0; i < dH.length; i++) dH[i]! /= m;\n", "", "missing-mean", "dH[i * 3 + y[i]!]! -= 1"],
  ["twoLayer", "(s - (y[Math.floor(i / 3)] === i % 3 ? 1 : 0)) / m", "s / m", "missing-one-hot"],
  ["twoLayer", "? 1 : 0)) / m", "? 1 : 0))", "missing-mean"],
  ["softplus", "db1 += du", "db1 += dv", "swapped-operands"],
];

function planted([solution, from, to, , at]: Row): { text: string; line: number } {
  const { text } = solutions[solution];
  expect(text.split(from).length, `${from} occurs once in ${solution}`).toBe(2);
  const changed = text.replace(from, () => to);
  const line = changed.slice(0, at === undefined ? text.indexOf(from) : changed.indexOf(at)).split("\n").length;
  return { text: changed, line };
}

describe("planted mistakes", () => {
  test.each(ROWS.map((row) => ({ row, title: `${row[0]}: ${row[1]} -> ${row[2]} is ${row[3]}` })))("$title", async ({ row }) => {
    const { text, line } = planted(row);
    const review = await reviewBackward(text, truthOf(solutions[row[0]].source));
    expect(review.kind).toBe("wrong");
    if (review.kind !== "wrong") return;
    const { finding } = review;
    expect({ line: finding.line, mistake: finding.mistake, message: finding.message }).toEqual({
      line,
      mistake: row[3],
      message: finding.message,
    });
  });

  test("every name in the table is told", () => {
    const told = new Set(ROWS.map(([, , , mistake]) => mistake));
    expect(mistakes.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
  });
});
