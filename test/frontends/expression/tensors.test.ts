// Tensors in expressions: shapes, values against mathjs and PyTorch, and every diagnostic of shapes with its place.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { all, create, type MathType } from "mathjs";
import { describe, expect, test } from "vitest";
import { catalog } from "../../../src/diagnostics/catalog.ts";
import { createLocator } from "../../../src/diagnostics/locate.ts";
import type { SourceFunction } from "../../../src/frontends/source.ts";
import { shapeText } from "../../../src/ir/dims.ts";
import type { Tensor } from "../../../src/ops/tensor/define.ts";
import { compileTensorTape } from "../../../src/verify/tensor-evaluate.ts";
import { functionsOf, lastOf, read } from "./source.ts";

const mathjs = create(all!, {});

const HEAD = `param A [2, 3]
param B [3, 4]
param S [2, 2]
param x [3]
param z [2]
param s
input T [2, 3, 4]
input X [n, 10]
input y [n] integer
input tokens [batch, time] integer
input v [n]
input E [50, 8]
param W [10, 5]
input c [2, 1]
`;

/** An expression below the head, and the shape of its value. */
const SHAPES = `
A + x                               [2, 3]
A - c                               [2, 3]
c .* x                              [2, 3]
T ./ B                              [2, 3, 4]
-A                                  [2, 3]
exp(A) + s                          [2, 3]
A * B                               [2, 4]
A * x                               [2]
z * A                               [3]
x * x                               scalar
s * A * s                           [2, 3]
2 A x                               [2]
X * W                               [n, 5]
v * X                               [10]
A' * A                              [3, 3]
A * A'                              [2, 2]
x'                                  [3]
A'[1, 2]                            scalar
(A' * A)[2, :]                      [3]
S ^ 3                               [2, 2]
S ^ -2                              [2, 2]
S ^ 0                               [2, 2]
s ^ 2                               scalar
1 / S                               [2, 2]
A' / S                              [3, 2]
z / S                               [2]
x .^ 2                              [3]
2 .^ x                              [3]
A < x                               [2, 3]
0 < A < 1                           [2, 3]
A > 0 and x > 0                     [2, 3]
A > 0 ? A : x                       [2, 3]
s > 0 ? A : 0                       [2, 3]
A .* 10%                            [2, 3]
A + 10%                             [2, 3]
[1, 2; 3, 4]                        [2, 2]
[s, 2, 3] + 1                       [3]
[s, 2; 3, 4; 5, s] * z              [3]
[x, x]                              [2, 3]
[x; x]                              [2, 1, 3]
[[1, 2], [s, 4]]                    [2, 2]
[A, A][2, 1, :]                     [3]
A[2, 3]                             scalar
A[1, :]                             [3]
A[:, 2]                             [2]
A[1:2, 2]                           [2]
A[1:1, 2:3]                         [1, 2]
T[:, 2, 1:2:4]                      [2, 2]
T[1, end, end - 1]                  scalar
x[end:-1:1]                         [3]
x[3:-1:2]                           [2]
x[[3, 1]]                           [2]
A[2, [1, 3]]                        [2]
x[:2] .* x[2:]                      [2]
X[2:end, 1]                         [n - 1]
X[n, 3]                             scalar
v[2:n] - v[1:n-1]                   [n - 1]
E[y, :]                             [n, 8]
E[y, 2:3]                           [n, 2]
E[tokens, :]                        [batch, time, 8]
E[:, y]                             [50, n]
E[3, y]                             [n]
T[1, y, :]                          [n, 4]
v[y]                                [n]
sum(A)                              scalar
sum(A, 1)                           [3]
mean(A, 2)                          [2]
max(T, 2)                           [2, 4]
min(A)                              scalar
max(A, x)                           [2, 3]
max(0, A)                           [2, 3]
prod(A, 1)                          [3]
sum(x, 1)                           scalar
var(A, 1) + variance(A, 1)          [3]
std(X)                              scalar
norm(x)                             scalar
norm(A, 1) + norm(x, Infinity)      scalar
hypot(x)                            scalar
logsumexp(X)                        scalar
logsumexp(X, 2)                     [n]
logsumexp(x, 2 .* x)                [3]
softmax(X * W)                      [n, 5]
logSoftmax(X * W, 1)                [n, 5]
reshape(A, [3, 2])                  [3, 2]
reshape(A, [-1])                    [6]
reshape(X, [n, 2, -1])              [n, 2, 5]
reshape(X, [10 * n])                [10 * n]
reshape(mean(X, 2), [n, 1])         [n, 1]
flatten(A)                          [6]
squeeze(c)                          [2]
concat(A, A)                        [2, 6]
concat(A, A, A, 1)                  [6, 3]
concat(v, x)                        [n + 3]
outer(x, v)                         [3, n]
dot(x, x)                           scalar
dot(c, z)                           scalar
trace(S) + det(S) + logdet(S)       scalar
inv(S)                              [2, 2]
solve(S, z)                         [2]
solve(S, A)                         [2, 3]
lusolve(S, z)                       [2, 1]
diag(x)                             [3, 3]
diag(S)                             [2]
identity(3) + eye(3, 3)             [3, 3]
identity(2, 3)                      [2, 3]
zeros(2, 3) + ones([2, 3])          [2, 3]
ones(n) + v                         [n]
einsum("ij,jk->ik", A, B)           [2, 4]
einsum("ij,jk", A, B)               [2, 4]
einsum("ii", S)                     scalar
einsum("ii->i", S)                  [2]
einsum("ijk->kij", T)               [4, 2, 3]
einsum("ijk,jl->il", T, B)          [2, 4]
einsum("ij,jk,lk->il", A, B, T[1, :, :]) [2, 3]
einsum("ij,ij->ij", A, A)           [2, 3]
crossEntropy(X * W, y)              [n]
softmax_cross_entropy(X, 2 * X)     [n]
pick(X, y)                          [n]
sum(v) / n                          scalar
sigmoid(A) + relu(A) + gelu(A)      [2, 3]
`;

test.each(
  SHAPES.trim()
    .split("\n")
    .map((line) => /^(.*?) +(\[[^[\]"]*\]|scalar)$/.exec(line)!.slice(1) as [string, string]),
)("%s is %s", (text, shape) => {
  const fn = lastOf(HEAD + text);
  expect(fn.outputs.map((output) => shapeText(output.type.shape))).toEqual([shape]);
});

/** Flat values of the inputs, and the same for mathjs. */
const GIVEN: Readonly<Record<string, readonly [shape: readonly number[], data: readonly number[]]>> = {
  A: [
    [2, 3],
    [0.5, -1.25, 2, 3.5, 0.75, -2],
  ],
  B: [
    [3, 4],
    [1, 2, -3, 4, 0.5, 6, 7, -8, 9, 1.5, 1.1, 2.2],
  ],
  S: [
    [2, 2],
    [2, 1, -1, 3],
  ],
  x: [[3], [1.5, -2, 0.25]],
  z: [[2], [3, -1]],
  s: [[], [1.75]],
  T: [[2, 3, 4], Array.from({ length: 24 }, (_, at) => ((at * 7) % 11) - 4.5)],
  c: [
    [2, 1],
    [0.5, -3],
  ],
};

const VALUES = `
A + x | A - c | c .* x | T ./ B | -A | A + s | s - A | A / s | A ./ (2 + x .^ 2)
A * B | A * x | z * A | x * x | s * A * s | 2 A x | A' * z | A' * A | A * A' | c * c' | A B
x' | A' | A'[1, 2] | (A' * A)[2, :] | S ^ 3 | S ^ -2 | S ^ 0 | S ^ -1 | 1 / S | A' / S | s / S | x .^ 2 | 2 .^ x | A .^ 3
A < x | A >= 0.5 | A == A | A > 0 and x > 0 | not (A > 0) | A > 0 xor x > 0 | A .* 10% | A + 10%
[1, 2; 3, 4] | [s, 2, 3] | [s, 2; 3, 4; 5, s] * z | [x, x] | [x; x] | [[1, 2], [s, 4]] | [[1, 2]; [s, 4]] | [A, A][2, 1, :]
[1; 2] | [1, 2;] | [1, s,] | x + [1, 2, 3] | [x[1], 2 * x[2]] | [A[1, :], A[2, :]]
A[2, 3] | A[1, :] | A[:, 2] | A[1:2, 2] | A[1:1, 2:3] | T[:, 2, 1:2:4] | T[1, end, end - 1] | T[2, :, :] | A[end, 1]
x[end:-1:1] | x[3:-1:2] | x[[3, 1]] | A[2, [1, 3]] | A[[2, 1, 2], :] | x[:2] .* x[2:] | x[1:2:3] | x[2:2] | A[:, end:-2:1]
sum(A) | sum(A, 1) | mean(A, 2) | mean(T, 2) | max(T, 2) | min(A) | max(A, 1) | prod(A) | sum(T, 3) | mean(x) | sum([s, 2, 3])
variance(A) | variance(A, 1) | std(A, 2) | std(x) | norm(x) | norm(A, 1) | norm(A, Infinity) | norm(x, Infinity) | norm(x, 3) | hypot(x)
reshape(A, [3, 2]) | reshape(A, [-1]) | reshape(T, [4, -1]) | flatten(A) | squeeze(c) | concat(A, A) | concat(A, A, A, 1) | concat(x, z)
dot(x, x) | dot(c, z) | trace(S) | det(S) | det(A * A') | inv(S) | lusolve(S, z) | lusolve(S, c) | diag(x) | diag(S) | diag(A * A')
identity(3) | identity(2, 3) | identity(3, 2) | zeros(2, 3) | ones([2, 3]) | zeros(2) + z | transpose(A) | ctranspose(S)
round(A) | abs(A) | sign(x) | A mod 2 | mod(A, x) | atan2(A, x) | 5 A / 2 | add(A, x) | multiply(A, B, [1, 2, 3, 4]) | dotDivide(A, x)
A * B * [1, 0; 0, 1; 2, 2; 1, 1] + S | x * A' * z | (x * A') * S | S / S | S ^ 2 / S | -S ^ 2 | (S')^2 | 2 S^2 | S'^2 | x x
`;

function numbersOf(value: MathType): { shape: number[]; data: number[] } {
  const matrix = mathjs.matrix(mathjs.isMatrix(value) || Array.isArray(value) ? value : [value]);
  const isScalar = !mathjs.isMatrix(value) && !Array.isArray(value);
  const data = ((matrix.valueOf() as unknown[]).flat(Infinity) as unknown[]).map(Number); // flattened, so one level of numbers and booleans
  return { shape: isScalar ? [] : matrix.size(), data };
}

function mathjsValue(text: string): { shape: number[]; data: number[] } {
  const scope = Object.fromEntries(
    Object.entries(GIVEN).map(([name, [shape, data]]) => [
      name,
      shape.length === 0 ? data[0]! : mathjs.matrix(mathjs.reshape([...data], [...shape])),
    ]),
  );
  return numbersOf(mathjs.evaluate(text, scope) as MathType);
}

function evaluate(
  fn: SourceFunction,
  inputs: Readonly<Record<string, readonly [readonly number[], readonly number[]]>>,
  sizes: Readonly<Record<string, number>> = {},
): Tensor[] {
  const tape = compileTensorTape(fn.outputs, new Map(Object.entries(sizes)));
  const values = fn.inputs.map(({ name, node }) => {
    const [shape, data] = inputs[name]!;
    return [node, { shape, data: Float64Array.from(data) }] as const;
  });
  return tape.run(new Map(values));
}

describe("a tensor expression means what mathjs says", () => {
  test.each(VALUES.trim().split(/ \| |\n/))("%s", (text) => {
    const wanted = mathjsValue(text);
    const fn = lastOf(HEAD + text);
    const outputs = evaluate(fn, GIVEN);
    const shape = fn.isVector ? [outputs.length] : outputs[0]!.shape;
    expect(shape).toEqual(wanted.shape);
    outputs.flatMap(({ data }) => [...data]).forEach((value, at) => expect(value).toBeCloseTo(wanted.data[at]!, 10));
  });
});

const TREE = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("A", "B", "S", "x", "z", "s", "T", "c", "2", "A", "x"),
    fc
      .tuple(tie("tree"), fc.constantFrom(" + ", " - ", " * ", " .* ", " ./ ", " * ", " < "), tie("tree"))
      .map((parts) => `(${parts.join("")})`),
    fc
      .tuple(
        tie("tree"),
        fc.constantFrom("'", "[1]", "[:, 1]", "[end, :]", "[2:end]", "[1:2, end]", "^2", ".^2", "[:, 1, :]", "[2:-1:1]"),
      )
      .map(([tree, suffix]) => `(${tree})${suffix}`),
    fc
      .tuple(fc.constantFrom("sum(", "max(", "-(", "concat(A, ", "dot(x, ", "[x, ", "trace(", "diag("), tie("tree"))
      .map(([open, tree]) => `${open}${tree}${open.startsWith("[") ? "]" : ")"}`),
    fc
      .tuple(fc.constantFrom("sum(", "mean(", "reshape("), tie("tree"), fc.constantFrom("1", "2", "[-1]", "[2, 3]"))
      .map(([open, tree, last]) => `${open}${tree}, ${last})`),
  ),
}));

test("random tensor expressions fit where mathjs says, and mean the same", () => {
  let compared = 0;
  let refused = 0;
  fc.assert(
    fc.property(TREE.tree, (text) => {
      const wanted = valueOrRefusal(text);
      const { functions, diagnostics } = read(HEAD + text);
      if (wanted === undefined) {
        refused++;
        if (!EXTRAS.test(text)) expect(functions, `mathjs refuses ${text}`).toEqual([]);
        return;
      }
      if (diagnostics.some(({ code }) => ["WG1203", "WG1214", "WG1218"].includes(code))) return; // of numbers: mathjs has their transpose
      const errors = diagnostics.filter(({ code }) => catalog[code].severity === "error").map(({ message }) => message);
      if (errors.length > 0 && EXTRAS.test(text)) return;
      expect(errors, text).toEqual([]);
      const fn = functions.at(-1)!;
      const outputs = evaluate(fn, GIVEN);
      compared++;
      expect(fn.isVector ? [outputs.length] : outputs[0]!.shape, text).toEqual(wanted.shape);
      outputs
        .flatMap(({ data }) => [...data])
        .forEach((value, at) => {
          const scale = Math.max(1, Math.abs(wanted.data[at]!));
          if (Number.isFinite(wanted.data[at]!)) expect(Math.abs(value - wanted.data[at]!) / scale, text).toBeLessThan(1e-8);
        });
    }),
    { numRuns: 4000, seed: 5 },
  );
  expect(compared).toBeGreaterThan(600);
  expect(refused).toBeGreaterThan(300);
});

/** What is allowed here and not in mathjs, or the other way round: functions of numbers where it wants tensors. */
const EXTRAS = /sum\(|mean\(|max\(|trace\(|diag\(|dot\(|reshape\(|concat\(/;

function valueOrRefusal(text: string): { shape: number[]; data: number[] } | undefined {
  try {
    return mathjsValue(text);
  } catch {
    return undefined;
  }
}

interface Golden {
  readonly name: string;
  readonly source: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly expected: { readonly value: number };
}

const goldens = JSON.parse(readFileSync(new URL("../../golden/tensors.json", import.meta.url), "utf8")) as readonly Golden[];

describe("a tensor expression is worth what PyTorch says", () => {
  test.each(goldens)("$name", ({ source, sizes, shapes, inputs, expected }) => {
    const given = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, [shapes[name]!, data] as const]));
    const [value] = evaluate(lastOf(source), given, sizes);
    const difference = Math.abs(value!.data[0]! - expected.value);
    expect(difference).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected.value)));
  });
});

test.each([
  [
    "W[k, :]",
    "param W [4, 2]\ninput k integer",
    {
      W: [
        [4, 2],
        [1, 2, 3, 4, 5, 6, 7, 8],
      ],
      k: [[], [2]],
    },
    [5, 6],
  ],
  [
    "W[:, y]",
    "param W [2, 3]\ninput y [2] integer",
    {
      W: [
        [2, 3],
        [1, 2, 3, 4, 5, 6],
      ],
      y: [[2], [2, 0]],
    },
    [3, 1, 6, 4],
  ],
  [
    "pick(W, y)",
    "param W [2, 3]\ninput y [2] integer",
    {
      W: [
        [2, 3],
        [1, 2, 3, 4, 5, 6],
      ],
      y: [[2], [2, 0]],
    },
    [3, 4],
  ],
  ["m ? w : 0", "param w [3]\ninput m [3] boolean", { w: [[3], [1, 2, 3]], m: [[3], [1, 0, 1]] }, [1, 0, 3]],
  ["m + 1", "param w\ninput m [3] boolean", { m: [[3], [1, 0, 1]] }, [2, 1, 2]],
] as const)("%s counts data from 0", (text, head, inputs, wanted) => {
  const [value] = evaluate(lastOf(`${head}\n${text}`), inputs as never);
  expect([...value!.data]).toEqual(wanted);
});

describe("declarations", () => {
  test("carry shapes, types, domains and bounds", () => {
    const fn = lastOf(
      "const k = 10\nparam W [5, k] in [-1, 1]\ninput X [k, 2 * 3] > 0\ninput y [n] integer below 7\ninput m [batch, time] boolean, r [2] real\n" +
        "sum(W * X) + sum(y) + sum(m) + sum(r)",
    );
    const shown = fn.inputs.map(({ name, role, node, domain, below }) => [
      `${role} ${name} ${node.type.dtype} ${shapeText(node.type.shape)}`,
      domain,
      below,
    ]);
    expect(shown).toEqual([
      ["param W real [5, 10]", [-1, 1], undefined],
      ["input X real [10, 6]", [0, Infinity], undefined],
      ["input y integer [n]", undefined, 7],
      ["input m boolean [batch, time]", undefined, undefined],
      ["input r real [2]", undefined, undefined],
    ]);
  });

  test.each([
    ["param P [n, 5]\ninput y [n] integer\nsum(pick(P, y))", 5],
    ["param P [n, k]\ninput y [n] integer\nsum(crossEntropy(P, y))", "k"],
    ["param E [50, 8]\ninput y [n] integer\nsum(E[y, :])", 50],
    ["param E [50, 8]\ninput y [n] integer below 60\nsum(E[y, :])", 50],
    ["param E [50, 8]\ninput y [n] integer below 40\nsum(E[y, :])", 40],
    ["param E [50, 8]\nparam F [30, 8]\ninput y [n] integer\nsum(E[y[2:end], :]) + sum(F[reshape(y, [n, 1]), :])", 30],
    ["param x [n]\ninput y [n] integer\nsum(x .* y)", undefined],
  ])("%j is below %s", (text, below) => {
    expect(lastOf(text).inputs.find(({ name }) => name === "y")!.below).toBe(below);
  });

  test("a constant may be a matrix", () => {
    const [value] = evaluate(lastOf("const M = [1, 2; 3, 4]\nparam z [2]\nM * z"), GIVEN);
    expect([...value!.data]).toEqual([1, 5]);
  });

  test("shapes follow a function's parameters", () => {
    const fn = lastOf("input X [n, 3]\nparam w [3]\nf(w, X) = sum((X * w) .^ 2) / n");
    expect(fn.inputs.map(({ name, node }) => `${name} ${shapeText(node.type.shape)}`)).toEqual(["w [3]", "X [n, 3]"]);
  });
});

describe("functions of the user's", () => {
  const at = (text: string): number[] => evaluate(lastOf(text), GIVEN).flatMap(({ data }) => [...data]);
  test.each([
    [
      "a scalar function of a matrix is mathjs' function of that matrix",
      "g(t) = t * t + 1 / t\nparam S [2, 2]\ng(S)",
      "S * S + 1 / S",
    ],
    ["in turn", "g(t) = t * t\nh(t) = g(t) - t\nparam S [2, 2]\nh(S')", "S' * S' - S'"],
    ["of two shapes", "g(t, u) = t * u\nparam A [2, 3]\nparam x [3]\nparam s\ng(A, x) + g(s, 2)", "A * x + 2 * s"],
    ["of a declared shape", "param x [n]\nparam A [2, 3]\nh(x) = sum(x) / n\nh([1, 2, 6]) + h(A[1, :])", "3 + sum(A[1, :]) / 3"],
    ["with stages", "param A [2, 3]\nparam t\nq = 2 * t * t\ng(t) = q + t\ng(A * A')", "2 * (A * A') * (A * A') + A * A'"],
    ["with indices", "param t [2]\nparam x [3]\ng(t) = t[1] - t[end]\ng(x[2:3])", "x[2] - x[3]"],
  ])("%s", (_what, text, same) => {
    const [declarations, others] = [/^(?:param|input).*$/gm, /^(?!param|input).*$/gm].map((lines) =>
      text.match(lines)!.join("\n"),
    );
    at(`${declarations}\n${others}`).forEach((value, index) => expect(value).toBeCloseTo(mathjsValue(same).data[index]!, 10));
  });

  test("lists are vectors of numbers, or tensors", () => {
    const vector = lastOf("param A [2, 3]\n[sum(A), A[1, 1]]");
    expect([vector.isVector, vector.outputs.length]).toEqual([true, 2]);
    const tensor = lastOf("param A [2, 3]\n[A[1, :], A[2, :]]");
    expect([tensor.isVector, tensor.outputs.length]).toEqual([false, 1]);
    expect(lastOf("q = [x, y]\nq").outputs[0]!.type.shape).toEqual([2]);
  });

  test("stages are named, and a transposed factor is never built", () => {
    const fn = lastOf("param A [2, 3]\nG = A' * A\nsum(G)");
    expect([...fn.stageNames].map(([node, name]) => [node.kind === "call" && node.op, name])).toEqual([["contract", "G"]]);
    const ops = compileTensorTape(fn.outputs, new Map()).nodes.map((node) => (node.kind === "call" ? node.op : node.kind));
    expect(ops).not.toContain("transpose");
  });

  test("names of functions of tensors may be inputs and functions of the user's", () => {
    expect(functionsOf("q = det * trace + outer\nf(det, trace, outer, dot) = q * dot").length).toBe(1);
  });
});

/** Below the head: text, then `code line:column` of each diagnostic; lines count from the text's own first. */
const MISTAKES: readonly (readonly [string, ...string[]])[] = [
  ["W * X", "WG1221 1:1 'W * X': W is [10, 5] (line 13) and X is [n, 10] (line 8): 5 is not n"],
  ["q = A * A'\nq + x", "WG1221 2:1 'q + x': q is [2, 2] (line 15) and x is [3] (line 4): 2 is not 3"],
  ["A + z", "WG1221 1:1 'A + z': A is [2, 3] (line 1) and z is [2] (line 5): 3 is not 2"],
  ["A < x < B", "WG1221 1:1 'A < x < B': A is [2, 3] (line 1), x is [3] (line 4) and B is [3, 4] (line 2): 3 is not 4"],
  ["A > 0 ? B : 1", "WG1221 1:1 'A > 0 ? B : 1': A > 0 is [2, 3], B is [3, 4] (line 2) and 1 is a number: 3 is not 4"],
  ["T * A", "WG1221 1:1 'T * A': T is [2, 3, 4] (line 7) and A is [2, 3] (line 1): '*' multiplies matrices and vectors"],
  ["x ^ 2", "WG1221 1:1 'x ^ 2': x is [3] (line 4) and 2 is a number: '^' multiplies a square matrix with itself"],
  ["5 / x", "WG1221 1:1 '5 / x': 5 is a number and x is [3] (line 4): '/' divides by a number or a square matrix"],
  ["2 ^ S", "WG1221 1:1"],
  ["A / S", "WG1221 1:1"],
  ["T'", "WG1221 1:1"],
  ["det(A)", "WG1221 1:1 'det(A)': A is [2, 3] (line 1): 'det' takes a square matrix"],
  ["dot(x, z) + dot(A, A)", "WG1221 1:1", "WG1221 1:13"],
  ["outer(A, x)", "WG1221 1:1"],
  ["solve(S, x)", "WG1221 1:1"],
  ["solve(A, z) + solve(S, T)", "WG1221 1:1", "WG1221 1:15"],
  ["trace(A) + sum(diag(A))", "WG1221 1:1", "WG1221 1:16"],
  ["norm(A)", "WG1221 1:1"],
  ["reshape(A, [4, 2])", "WG1221 1:1 'reshape(A, [4, 2])': A is [2, 3] (line 1): 6 elements cannot become [4, 2]"],
  ["reshape(A, [-1, 4])", "WG1221 1:1"],
  ["concat(A, x)", "WG1221 1:1"],
  ["concat(A, B, 1)", "WG1221 1:1 'concat(A, B, 1)': A is [2, 3] (line 1) and B is [3, 4] (line 2): axis 2: 3 is not 4"],
  ["pick(T, y) + crossEntropy(A, y)", "WG1221 1:1", "WG1221 1:14"],
  ["crossEntropy(A, B)", "WG1221 1:1"],
  ["max(A, z) + hypot(A, z)", "WG1221 1:1", "WG1221 1:13"],
  [
    'einsum("ij,jk->ik", A, A)',
    "WG1221 1:1 'einsum(\"ij,jk->ik\", A, A)': A is [2, 3] (line 1) and A is [2, 3] (line 1): 'j': 3 is not 2",
  ],
  ['einsum("ijk->i", A)', "WG1221 1:1"],
  ["h(t) = t * t\nh(A) + 1", "WG1221 1:8 't * t': t is [2, 3] (line 16) and t is [2, 3] (line 16): 3 is not 2"],
  ["g(x) = sum(x)\ng(z) + g(A) + g(2)", "WG1224 2:3 'g' takes [3] for 'x', and z is [2] (line 5)", "WG1224 2:10", "WG1224 2:17"],
  ["g(v, X) = sum(v * X)\ng(z, A) + g(x, A)", "WG1224 2:6 'g' takes [2, 10] for 'X', and A is [2, 3] (line 1)", "WG1224 2:16"],
  ["n = 3\nv", "WG1107 1:1"],
  ["f(n) = n", "WG1107 1:3"],
  ["g(t) = t * n", "WG1223 1:12 'n' is the size of no input of 'g'"],
  ["time + sum(X)", "WG1223 1:1"],
  ["sum(A, 3) + mean(A, 0) + max(A, 0)", "WG1225 1:8", "WG1225 1:21", "WG1225 1:33 there is no axis 0: A is [2, 3] (line 1)"],
  ["A[1] + T[1, 2] + x[]", "WG1226 1:1 A is [2, 3] (line 1) and takes 2 indices, not 1", "WG1226 1:8", "WG1226 1:18"],
  ["x[1.5] + x[s] + x[1:0:3] + x[1:s] + x[[1, s]]", "WG1227 1:3", "WG1227 1:12", "WG1227 1:19", "WG1227 1:30", "WG1227 1:39"],
  ["E[y, y]", "WG1227 1:1"],
  [
    "x[4] + x[0] + x[3:2] + x[2:5] + X[0, 11] + x[[4]]",
    "WG1228 1:3 4 is out of range: indices go from 1 to 3; x is [3] (line 4)",
  ].concat(["WG1228 1:10", "WG1228 1:17", "WG1228 1:26", "WG1228 1:35", "WG1228 1:38", "WG1228 1:46"]) as [string, ...string[]],
  ["v[1:2:end]", "WG1229 1:3"],
  ["outer(outer(x, x), x)", "WG1221 1:1"],
  ["[[[[[[[1]]]]]]] + s", "WG1230 1:1 this tensor has 7 axes"],
  ["identity(100000) * s + ones(1000, 1000, 1001)", "WG1230 1:1", "WG1230 1:24"],
  ['einsum("ij->ijk", A) + einsum("i1", A) + einsum("i->j->k", x)', "WG1231 1:8", "WG1231 1:31", "WG1231 1:49"],
  ['einsum("ij,jk->ik", A) + einsum("ij->ii", S) + einsum(A, B)', "WG1231 1:8", "WG1231 1:33", "WG1231 1:55"],
  [
    "sum(A, s) + reshape(A, 6) + reshape(A, [s]) + reshape(A, [-1, -1])",
    "WG1234 1:8",
    "WG1234 1:24",
    "WG1234 1:40",
    "WG1234 1:58",
  ],
  [
    "S ^ 0.5 + S ^ s + norm(x, -1) + zeros(0) + zeros(s)",
    "WG1234 1:5 '^' takes a whole number",
    "WG1234 1:15",
    "WG1234 1:27",
  ].concat(["WG1234 1:39", "WG1234 1:50"]) as [string, ...string[]],
  ["pick(X, v) + crossEntropy(X, v)", "WG1234 1:9", "WG1234 1:30"],
  ["concat(A, s, A)", "WG1234 1:11"],
  ["det(s) + softmax(2)", "WG1201 1:1", "WG1201 1:10"],
  ["[x, z] + [1, x]", "WG1201 1:5", "WG1201 1:14"],
  ["x[1][2] + s[1]", "WG1203 1:1", "WG1203 1:11"],
  ["x[1](2)", "WG1105 1:1"],
  ["sum(A, 1, 2)", "WG1103 1:1"],
  ["x[1;2]", "WG1001 1:4"],
  ["foo(A) * x[9] + A * A", "WG1101 1:1", "WG1228 1:12", "WG1221 1:17"],
  // at the head of a source
  ["!input M [0, 2.5, -1]\nM", "WG1222 1:10", "WG1222 1:13", "WG1222 1:18"],
  ["!input M [M, 3]\nM", "WG1222 1:10"],
  ["!param n\ninput M [n]\nM", "WG1222 2:10 'n' is declared param, so it cannot name a size"],
  ["!input M [n]\nparam n\nM", "WG1107 2:7"],
  ["!const k = 1.5\ninput M [k]\nM", "WG1222 2:10"],
  ["!input M [2] below 3\nM", "WG1222 1:19"],
  ["!const M [2] = 3\nM", "WG1222 1:7"],
  ["!input M []\nM", "WG1011 1:9"],
  ["!input M [2,]\nM", "WG1011 1:9"],
  ["!input M [1;2]\nM", "WG1001 1:11"],
  ["!input M [true, end]\nM", "WG1113 1:10", "WG1113 1:16"],
  ["!input M [2] integer below\nM", "WG1011 1:21"],
  ["!input M [1, 1, 1, 1, 1, 1, 1]\nM", "WG1230 1:9"],
  ["!input M [100000, 100000]\nM", "WG1230 1:9"],
  ["!param P [k, 3]\nparam Q [9, 3]\ninput y [n] integer\nsum(P[y, :] + Q[y, :])", "WG1232 3:7"],
];

describe("a mistake of shapes is reported where it stands", () => {
  test.each(MISTAKES)("%s", (text, ...wanted) => {
    const isWhole = text.startsWith("!");
    const source = isWhole ? text.slice(1) : HEAD + text;
    const locate = createLocator(source);
    const above = isWhole ? 0 : HEAD.split("\n").length - 1;
    const errors = read(source).diagnostics.filter(({ severity }) => severity === "error");
    const found = errors.map(({ code, span, message }) => {
      const { line, column } = locate(span!.start);
      return `${code} ${line - above}:${column} ${message}`;
    });
    expect(found.map((each, at) => each.slice(0, (wanted[at] ?? each).length))).toEqual(wanted);
  });

  test("each diagnostic of shapes has its case", () => {
    const seen = new Set(MISTAKES.flatMap(([, ...wanted]) => wanted.map((each) => each.slice(0, 6))));
    const codes = Object.keys(catalog).filter((code) => /^WG12[2-5]/.test(code));
    expect(codes.filter((code) => !seen.has(code))).toEqual([]);
  });

  test.each([
    ["A * A", "did you mean A * A'?"],
    ["X * z", undefined],
    ["W * X", "did you mean X * W?"],
    ["x * A", "did you mean A * x?"],
    ["x ^ 2", "write '.^' for a power of each element"],
    ["max(A, 0)", "write 'max(0, A)' to compare each element"],
    ["pick(X, v)", "declare 'input v [n] integer'"],
    ["det(s)", "declare its shape if it has one: 'param s [3, 3]'"],
    ["g(t) = t[1]", "declare its shape if it has one: 'param t [3]'"],
    ["A[1]", "write 'A[1, :]' for all of its first row"],
    ["s'", "leave it out: a number is its own transpose"],
  ])("%s: %s", (text, suggestion) => {
    expect(read(HEAD + text).diagnostics.find(({ severity }) => severity === "error")!.suggestion).toBe(suggestion);
  });
});

describe("large sources of tensors", () => {
  test.each([
    ["a list of 100,000 numbers", `sum([${Array(100_000).fill("s").join(", ")}])`],
    ["a matrix of 100,000 rows", `sum([${Array(100_000).fill("s, 1").join("; ")}])`],
    ["20,000 parts of parts", `x[1]${" + x[1:2][2]".repeat(20_000)}`],
    ["transposes", `A${"'".repeat(100_000)}`],
    ["indices of indices", `x${"[:]".repeat(20_000)}[1]`],
    ["ends in an index", `v[${"end - ".repeat(20_000)}${"end".concat(" + end".repeat(20_000))}]`],
  ])("%s", (_what, text) => {
    expect(lastOf(HEAD + text).outputs).toHaveLength(1);
  });

  test("lists in lists, 5000 deep, are refused", () => {
    expect(read(HEAD + "[".repeat(5000) + "s" + "]".repeat(5000)).diagnostics.map(({ code }) => code)).toContain("WG1230");
  });

  test("functions of functions of tensors end", () => {
    const lines = Array.from({ length: 30 }, (_, at) =>
      at === 0 ? "g0(t) = t" : `g${at}(t) = g${at - 1}(2 t) * g${at - 1}(3 t)`,
    );
    const codes = read(`param S [2, 2]\n${lines.join("\n")}\ng29(S)`).diagnostics.map(({ code }) => code);
    expect(codes).toContain("WG1118");
  });
});

const PIECES = (
  'A x s T n y [ ] [ ] [ ] : , ; \' ( ) * .* / ^ + - 1 2 3 end sum( reshape( concat( einsum( "ij->ji" softmax( = \n q param input ' +
  "integer below in 10 const"
).split(" ");

test("any pieces of tensor sources are read or refused, never thrown at", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }), fc.boolean(), (pieces, withHead) => {
      const text = (withHead ? HEAD : "") + pieces.join(" ");
      const { functions, diagnostics } = read(text);
      expect(functions.length > 0 || diagnostics.some(({ severity }) => severity === "error")).toBe(true);
      for (const { span } of diagnostics)
        if (span !== undefined) expect(span.start < span.end && span.end <= text.length).toBe(true);
    }),
    { numRuns: 6000, seed: 3 },
  );
});
