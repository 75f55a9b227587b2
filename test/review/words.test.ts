// What a learner reads: the words of findings, where a wrong word would lead astray.

import { expect, test } from "vitest";
import { reviewBackward } from "../../src/review/review.ts";
import { truthOf } from "./sources.ts";

const QUOTIENT = "const f = x / y;\nconst dx = 1 / y;\nconst dy = -x / y ** 2;\n";
const NETWORK = `function mm(A, B) { return A.map((row) => B[0].map((_, j) => row.reduce((sum, a, k) => sum + a * B[k][j], 0))); }
function T(A) { return A[0].map((_, j) => A.map((row) => row[j])); }
function loss(X: number[][], y: number[], W1: number[][], W2: number[][]) {
  const Z1 = mm(X, W1);
  const H1 = Z1.map((row) => row.map((v) => Math.max(0, v)));
  const Z2 = mm(H1, W2);
  const P = Z2.map((row) => { const e = row.map(Math.exp); const t = e.reduce((a, b) => a + b, 0); return e.map((v) => v / t); });
  let loss = 0;
  P.forEach((row, i) => (loss -= Math.log(row[y[i]]) / P.length));
  const dZ2 = P.map((row, i) => row.map((p, j) => (p - (j === y[i] ? 1 : 0)) / P.length));
  const dW2 = mm(T(H1), dZ2);
  const dH1 = mm(dZ2, W2);
  const dZ1 = dH1.map((row, i) => row.map((d, j) => (Z1[i][j] > 0 ? d : 0)));
  return { loss, dW1: mm(T(X), dZ1), dW2 };
}`;
const SUM = "param W [3, 2]\ninput X [m, 3]\nU = X * W\nS = sum(U .* U)\nf = log(1 + S)";
const SUM_CODE = `function f(W, X) {
  const m = X.length / 3;
  const U = new Float64Array(m * 2);
  for (let i = 0; i < m; i++) for (let j = 0; j < 2; j++) for (let k = 0; k < 3; k++) U[i * 2 + j] += X[i * 3 + k] * W[k * 2 + j];
  let S = 0;
  for (let i = 0; i < U.length; i++) S += U[i] ** 2;
  const f = Math.log(1 + S);
  const dS = U.map(() => 1 / (1 + S));
  const dU = U.map((u) => 2 * u * dS);
  const dW = new Float64Array(6);
  for (let i = 0; i < m; i++) for (let j = 0; j < 2; j++) for (let k = 0; k < 3; k++) dW[k * 2 + j] += X[i * 3 + k] * dU[i * 2 + j];
  return { f, dW };
}`;

/** Source, code, and what must be in "message | explanation | nudge | answer". */
const ROWS: Readonly<Record<string, readonly [source: string, text: string, words: RegExp]>> = {
  "a pair whose value has no name": [
    "compound.math",
    "function fForward(x, y, z) { const q = x + y; return { f: q * z, q, z }; }\nfunction fBackward(kept, g) {\n  const dz = kept.q;\n  const dq = kept.z * g;\n  return { dx: dq, dy: dq, dz };\n}",
    /^dz is .* \| g, the gradient that arrives at the value, is forgotten.* \| const dz = kept\.q \* g;$/,
  ],
  "the absolute value, returned at once": [
    "f(x) = abs(x)",
    "function f(x) { return { f: Math.abs(x), dx: 1 }; }",
    /the sign of x is missing: the derivative of \|x\| is 1 where x is positive and -1 where it is negative/,
  ],
  "relu, returned at once": [
    "f(x) = relu(x)",
    "function f(x) { return { f: Math.max(0, x), dx: 1 }; }",
    /it goes only through where x is positive, elsewhere it is 0/,
  ],
  "the larger side": [
    "f(x, y) = max(x, y)",
    "const f = Math.max(x, y);\nconst dx = 1;\nconst dy = y > x ? 1 : 0;\n",
    /it goes only through the larger side/,
  ],
  "a bound": [
    "f(x) = min(max(x, -1), 1)",
    "function f(x) { return { f: x, dx: 1 }; }",
    /the value is not cut off: the source holds it at -1 and at 1/,
  ],
  "a gate of an operand": [
    "f(x, y) = relu(x) * y",
    "const f = x * y;\nconst dx = y;\nconst dy = x;\n",
    /relu of x belongs here, not x itself/,
  ],
  "a list where a number belongs": [
    SUM,
    SUM_CODE,
    /dS has 4 elements.* should have 1 element.* S is one number, and dS is 4 numbers, as many as U \| .*summed/,
  ],
  "a transpose forgotten in a helper": [
    "two-layer.math",
    NETWORK,
    /dH1 has 6 elements.*should have 8.*one is not transposed as it should be.*dZ2 is 2 x 3 and W2 is 4 x 3/,
  ],
  "numbers that are none at some points": [
    "f(x, y) = (x * y)^2",
    "const t = x * y;\nconst f = t ** 2;\nconst dt = Math.sqrt(t);\nconst dx = y * dt;\nconst dy = x * dt;\n",
    /^dt is NaN after this line.* \| dt is not a number here/,
  ],
  "the logarithm as the derivative of 1/t": [
    "f(x, y) = 1 / (x * y)",
    "const t = x * y;\nconst r = 1 / t;\nconst f = r;\nconst dr = 1;\nconst dt = Math.log(t) * dr;\nconst dx = y * dt;\nconst dy = x * dt;\n",
    /Math\.log\(t\) is not the derivative of 1\/t: that is -1\/t²/,
  ],
  "a square forgotten": [
    "f(x, y) = x / y",
    QUOTIENT.replace("y ** 2", "y"),
    /the square is missing.* \| const dy = -x \/ y \*\* 2;$/,
  ],
  "a division forgotten": ["f(x, y) = x / y", QUOTIENT.replace("1 / y", "y"), /y multiplies here, and should divide/],
  "a sum with the wrong sign": [
    "f(x, y) = x * y + x",
    "const p = x * y;\nconst f = p + x;\nlet dx = y;\ndx -= 1;\nconst dy = x;\n",
    /this line adds -1 where 1 is to be added \| .* \| dx \+= 1;$/,
  ],
  "one number for another": [
    "f(x) = x^2",
    "const f = x * x;\nconst dx = 3 * x;\n",
    /the 3 should be 2 \| .* \| const dx = 2 \* x;$/,
  ],
  "a half forgotten": ["f(x) = sqrt(x)", "const f = Math.sqrt(x);\nconst dx = 1 / Math.sqrt(x);\n", /a factor 0\.5 is missing/],
  "a path forgotten": [
    "f(x, y) = x * y + x",
    "const f = x * y + x;\nconst dx = y;\nconst dy = x;\n",
    /x stands more than once on line 1.* \| Take line 1 apart/,
  ],
  "a square taken for one path": ["f(x) = x^2", "const f = x * x;\nconst dx = x;\n", /\| What is the derivative of u \* u\?/],
  "times for power": [
    "f(x, y) = x^2 * y",
    "const f = (x * 2) * y;\nconst dx = 2 * x * y;\nconst dy = x ** 2;\n",
    /Compare the operators on this line/,
  ],
  "a value where its gradient belongs": [
    "compound.math",
    "const q = x + y;\nconst f = q * z;\nconst dq = z;\nconst dz = q;\nconst dx = dq;\nconst dy = q;\n",
    /q stands where dq belongs: .* \| const dy = dq;$/,
  ],
  "nothing returned": [
    "f(x, y) = x * y",
    "function f(x, y) {\n  const f = x * y;\n  let dx = y;\n  let dy = x;\n}",
    /f returns nothing; dx is computed on line 3 \| .*return \{ f, dx, dy \}/,
  ],
  "the value returned alone": [
    "f(x, y) = x * y",
    "function f(x, y) {\n  const f = x * y;\n  let dx = y;\n  let dy = x;\n  return f;\n}",
    /dx is computed on line 3, and not returned/,
  ],
};

test.each(Object.entries(ROWS))("%s", async (_, [source, text, words]) => {
  const review = await reviewBackward(text, truthOf(source));
  expect(review.kind).toBe("wrong");
  if (review.kind !== "wrong") return;
  const { message, explanation, nudge, answer } = review.finding;
  expect([message, explanation, nudge, answer].filter((each) => each !== undefined).join(" | ")).toMatch(words);
});

test("a finding is told at the point that was asked for", async () => {
  const review = await reviewBackward("const f = x * y;\nconst dx = -y;\nconst dy = x;\n", truthOf("f(x, y) = x * y"), {
    at: [{ x: 3, y: -4 }],
  });
  expect(review).toMatchObject({
    kind: "wrong",
    finding: { at: "x = 3, y = -4", got: [4], expected: [expect.closeTo(-4)] as number[] },
    compared: {
      numbers: [
        {
          at: "x = 3, y = -4",
          rows: [
            { name: "f", got: [-12] },
            { name: "dx", isRight: false },
            { name: "dy", isRight: true },
          ],
        },
      ],
    },
  });
});
