// Piecewise sources: the points lie on both sides of every gate, so that code without the gate is refused, in its forward and in its backward pass.

import { describe, expect, test } from "vitest";
import { ops } from "../../src/ops/registry.ts";
import { reviewBackward } from "../../src/review/review.ts";
import { truthOf } from "./sources.ts";

interface Row {
  readonly source: string;
  /** The value and the gradients by x, y, ... */
  readonly right: readonly string[];
  /** The gate left out in both passes; and in the backward pass only, if that tells it at all. */
  readonly without: readonly string[];
  readonly backward?: readonly string[];
}

const ROWS: readonly Row[] = [
  { source: "f(x) = relu(x)", right: ["Math.max(0, x)", "x > 0 ? 1 : 0"], without: ["x", "1"], backward: ["1"] },
  {
    source: "f(x, y) = relu(x) * y",
    right: ["Math.max(0, x) * y", "x > 0 ? y : 0", "Math.max(0, x)"],
    without: ["x * y", "y", "x"],
    backward: ["y", "Math.max(0, x)"],
  },
  {
    source: "f(x, y) = max(x, 0) * y",
    right: ["Math.max(0, x) * y", "x > 0 ? y : 0", "Math.max(0, x)"],
    without: ["x * y", "y", "x"],
    backward: ["x > 0 ? y : 0", "x"],
  },
  {
    source: "f(x, y) = min(x, 0) * y",
    right: ["Math.min(0, x) * y", "x < 0 ? y : 0", "Math.min(0, x)"],
    without: ["x * y", "y", "x"],
    backward: ["y", "Math.min(0, x)"],
  },
  {
    source: "f(x, y) = (x > 0) ? x * y : 0",
    right: ["x > 0 ? x * y : 0", "x > 0 ? y : 0", "x > 0 ? x : 0"],
    without: ["x * y", "y", "x"],
    backward: ["y", "x"],
  },
  {
    source: "f(x) = min(max(x, -1), 1)",
    right: ["Math.min(Math.max(x, -1), 1)", "x > -1 && x < 1 ? 1 : 0"],
    without: ["x", "1"],
    backward: ["x > -1 ? 1 : 0"],
  },
  { source: "f(x) = abs(x) + x", right: ["Math.abs(x) + x", "Math.sign(x) + 1"], without: ["2 * x", "2"], backward: ["2"] },
  { source: "f(x) = abs(x)", right: ["Math.abs(x)", "Math.sign(x)"], without: ["x", "1"], backward: ["1"] },
  {
    source: "f(x, y, w) = relu(1 - y * w * x)",
    right: [
      "Math.max(0, 1 - y * w * x)",
      "y * w * x < 1 ? -y * w : 0",
      "y * w * x < 1 ? -w * x : 0",
      "y * w * x < 1 ? -y * x : 0",
    ],
    without: ["1 - y * w * x", "-y * w", "-w * x", "-y * x"],
    backward: ["-y * w", "-w * x", "-y * x"],
  },
  {
    source: "f(x) = sign(x) * x^2",
    right: ["Math.sign(x) * x * x", "2 * Math.abs(x)"],
    without: ["x * x", "2 * x"],
    backward: ["2 * x"],
  },
  { source: "f(x) = floor(x) * x", right: ["Math.floor(x) * x", "Math.floor(x)"], without: ["x * x", "2 * x"], backward: ["x"] },
  {
    source: "f(x) = ceil(x) * x",
    right: ["Math.ceil(x) * x", "Math.ceil(x)"],
    without: ["x * x", "2 * x"],
    backward: ["Math.floor(x)"],
  },
  {
    source: "f(x) = fix(x) * x",
    right: ["Math.trunc(x) * x", "Math.trunc(x)"],
    without: ["Math.floor(x) * x", "Math.floor(x)"],
    backward: ["x"],
  },
  {
    source: "f(x) = round(x) * x",
    right: ["Math.round(x) * x", "Math.round(x)"],
    without: ["Math.floor(x) * x", "Math.floor(x)"],
    backward: ["x"],
  },
  {
    source: "f(x, y) = mod(x, y)",
    right: ["x - y * Math.floor(x / y)", "1", "-Math.floor(x / y)"],
    without: ["x", "1", "0"],
    backward: ["1", "0"],
  },
  { source: "f(x) = floor(x)", right: ["Math.floor(x)", "0"], without: ["x", "1"], backward: ["1"] },
  {
    source: "f(x) = acot(x)",
    right: ["Math.atan(1 / x)", "-1 / (1 + x * x)"],
    without: ["Math.PI / 2 - Math.atan(x)", "-1 / (1 + x * x)"],
  },
  {
    source: "f(x, y) = atan2(y, x)",
    right: ["Math.atan2(y, x)", "-y / (x * x + y * y)", "x / (x * x + y * y)"],
    without: ["Math.atan(y / x)", "-y / (x * x + y * y)", "x / (x * x + y * y)"],
  },
  ...["<", "<=", ">", ">="].map((sign): Row => ({
    source: `f(x, y) = x ${sign} y ? x^2 : y`,
    right: [`x ${sign} y ? x * x : y`, `x ${sign} y ? 2 * x : 0`, `x ${sign} y ? 0 : 1`],
    without: ["x * x", "2 * x", "0"],
    backward: ["2 * x", "0"],
  })),
  {
    source: "f(x, y) = max(x, y)",
    right: ["Math.max(x, y)", "x > y ? 1 : 0", "y > x ? 1 : 0"],
    without: ["x", "1", "0"],
    backward: ["1", "1"],
  },
  // gates that are rarely passed, far out, behind one another
  { source: "f(x) = max(x, 3)", right: ["Math.max(x, 3)", "x > 3 ? 1 : 0"], without: ["3", "0"], backward: ["0"] },
  { source: "f(x) = min(x, 20)", right: ["Math.min(x, 20)", "x < 20 ? 1 : 0"], without: ["x", "1"], backward: ["1"] },
  {
    source: "f(x) = x > 730 ? 2 * x : x",
    right: ["x > 730 ? 2 * x : x", "x > 730 ? 2 : 1"],
    without: ["x", "1"],
    backward: ["1"],
  },
  {
    source: "f(x) = (x > 1 and x < 1.5) ? x^2 : x",
    right: ["x > 1 && x < 1.5 ? x * x : x", "x > 1 && x < 1.5 ? 2 * x : 1"],
    without: ["x", "1"],
    backward: ["1"],
  },
  {
    source: "f(x, y) = relu(y * relu(x) - 1)",
    right: ["Math.max(0, y * Math.max(0, x) - 1)", "x > 0 && x * y > 1 ? y : 0", "x > 0 && x * y > 1 ? x : 0"],
    without: ["Math.max(0, y * x - 1)", "x * y > 1 ? y : 0", "x * y > 1 ? x : 0"],
    backward: ["x > 0 ? y : 0", "x > 0 ? x : 0"],
  },
];

const NAMES = ["x", "y", "w"];

function script([value, ...gradients]: readonly string[]): string {
  return [`const f = ${value};`, ...gradients.map((gradient, index) => `const d${NAMES[index]} = ${gradient};`)].join("\n");
}

const NETWORK = "z1 = w1 * x + b1\nh = relu(z1)\nz2 = w2 * h + b2\no = relu(z2)\nL = (y - o)^2";
const CODE = `const z1 = w1 * x + b1;
const h = Math.max(0, z1);
const z2 = w2 * h + b2;
const o = Math.max(0, z2);
const L = (y - o) ** 2;
const dy = 2 * (y - o);
const dO = -2 * (y - o);
const dz2 = z2 > 0 ? dO : 0;
const dw2 = h * dz2, db2 = dz2;
const dh = w2 * dz2;
const dz1 = z1 > 0 ? dh : 0;
const dw1 = x * dz1, dx = w1 * dz1, db1 = dz1;
`;
const VECTOR = "param w [3]\nparam b\ninput x [3]\nf = relu(dot(w, x) + b)^2";
const VECTOR_CODE = `function f(w, b, x) {
  const z = w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + b;
  const r = Math.max(0, z);
  const f = r * r;
  const dr = 2 * r;
  const dz = z > 0 ? dr : 0;
  return { f, dw: x.map((v) => v * dz), db: dz };
}
`;
const SQUARED = VECTOR.replace("relu(dot(w, x) + b)^2", "(relu(dot(w, x) + b) + 1)^2");
const SQUARED_CODE = VECTOR_CODE.replace("Math.max(0, z)", "Math.max(0, z) + 1");

/** What is left out of code that is right, and the line on which. */
const PLANTED: readonly (readonly [source: string, code: string, from: string, to: string])[] = [
  [NETWORK, CODE, "z1 > 0 ? dh : 0", "dh"],
  [NETWORK, CODE, "z2 > 0 ? dO : 0", "dO"],
  [NETWORK, CODE, "const o = Math.max(0, z2)", "const o = z2"],
  [NETWORK, CODE, "const h = Math.max(0, z1)", "const h = z1"],
  [VECTOR, VECTOR_CODE, "Math.max(0, z)", "z"],
  [SQUARED, SQUARED_CODE, "z > 0 ? dr : 0", "dr"],
];

async function review(source: string, text: string): Promise<{ kind: string; line: number | undefined; points: number }> {
  const result = await reviewBackward(text, truthOf(source));
  return {
    kind: result.kind,
    line: result.kind === "wrong" ? result.finding.line : undefined,
    points: result.kind === "unreadable" ? 0 : result.compared.points,
  };
}

describe.each(ROWS)("$source", ({ source, right, without, backward }) => {
  test("is right with its gates", async () => {
    const { kind, points } = await review(source, script(right));
    expect(kind).toBe("right");
    expect(points).toBeGreaterThanOrEqual(8);
  });

  test("is wrong without, in both passes", async () => {
    expect(await review(source, script(without))).toMatchObject({ kind: "wrong", line: 1 });
  });

  test.runIf(backward !== undefined)("is wrong without, in the backward pass", async () => {
    expect((await review(source, script([right[0]!, ...backward!]))).kind).toBe("wrong");
  });
});

test.each(PLANTED)("%s", async (source, code, from, to) => {
  expect((await review(source, code)).kind).toBe("right");
  expect(code.split(from).length).toBe(2);
  const line = code.slice(0, code.indexOf(from)).split("\n").length;
  expect(await review(source, code.replace(from, to))).toMatchObject({ kind: "wrong", line });
});

test("every op with a kink is here", () => {
  const written: Readonly<Record<string, string>> = { lt: "x < y", le: "x <= y", gt: "x > y", ge: "x >= y" };
  const text = ROWS.map(({ source }) => source).join("\n");
  const kinked = [...ops].filter(([, { kinkFormulas }]) => kinkFormulas.length > 0).map(([name]) => name);
  const left = kinked.filter((name) => !text.includes(written[name] ?? `${name}(`));
  expect(left).toEqual(["eq", "ne"]); // exactly there, a gradient is what convention says
});
