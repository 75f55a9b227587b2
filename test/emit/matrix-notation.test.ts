// Products of tensors as matrices have them: in the source's language, as LaTeX, and the gradients that comments cite.

import katex from "katex";
import { describe, expect, it } from "vitest";
import { identityOf } from "../../src/emit/identity.ts";
import { infix } from "../../src/emit/infix.ts";
import { latexOf } from "../../src/emit/latex.ts";
import { createGraph, type CallNode } from "../../src/ir/graph.ts";
import { call } from "../../src/ops/build.ts";

const ANYHOW = "each factor gets the other, times what arrives";

const CASES: readonly [spec: string, text: string, latex: string, identity: string][] = [
  ["ij,jk->ik", "A * B", "A \\, B", "dA = dC Bᵀ, dB = Aᵀ dC"],
  ["ij,kj->ik", "A * B'", "A \\, {B}^\\top", "C = A Bᵀ: dA = dC B, dB = dCᵀ A"],
  ["ji,jk->ik", "A' * B", "{A}^\\top \\, B", "C = Aᵀ B: dA = B dCᵀ, dB = A dC"],
  ["ji,kj->ik", "A' * B'", "{A}^\\top \\, {B}^\\top", "C = Aᵀ Bᵀ: dA = Bᵀ dCᵀ, dB = dCᵀ Aᵀ"],
  ["ij,kj->ki", "B * A'", "B \\, {A}^\\top", "C = A Bᵀ: dA = dC B, dB = dCᵀ A"],
  ["ij,j->i", "A * B", "A \\, B", "c = A b: dA = dc bᵀ, db = Aᵀ dc"],
  ["ij,i->j", "A' * B", "{A}^\\top \\, B", "c = Aᵀ b: dA = b dcᵀ, db = A dc"],
  ["i,ij->j", "A * B", "A \\, B", "c = a B: da = dc Bᵀ, dB = aᵀ dc"],
  ["i,j->ij", "A * B'", "A \\, {B}^\\top", "C = a bᵀ: da = dC b, db = dCᵀ a"],
  ["i,i->", "dot(A, B)", "A \\cdot B", ANYHOW],
  ["ij,ij->", "sum(A .* B)", "\\sum A \\circ B", ANYHOW],
  ["bij,bjk->bik", "A * B", "A \\, B", "dA = dC Bᵀ, dB = Aᵀ dC"],
  ["bti,ij->btj", "A * B", "A \\, B", "dA = dC Bᵀ, dB = Aᵀ dC"],
  ["bti,btj->ij", "A' * B", "{A}^\\top \\, B", "C = Aᵀ B: dA = B dCᵀ, dB = A dC"],
  ["ij,ij->j", "sum(A .* B, 1)", "\\sum_{\\text{rows}} A \\circ B", ANYHOW],
  ["bij,bij->b", "sum(A .* B, [2, 3])", "\\sum_{\\text{axes 2, 3}} A \\circ B", ANYHOW],
  ["ij,ij->ij", "A .* B", "A \\circ B", ANYHOW],
  ["ij,ji->", 'einsum("ij,ji->", A, B)', "A \\otimes B", ANYHOW],
];

describe.each(CASES)("%s", (spec, text, latex, identity) => {
  const graph = createGraph();
  const [a, b] = spec.split("->")[0]!.split(",") as [string, string];
  const sizes: Readonly<Record<string, number>> = { b: 2, t: 3, i: 4, j: 5, k: 6 };
  const input = (name: string, letters: string) =>
    graph.input(name, { dtype: "real", shape: [...letters].map((letter) => sizes[letter]!) });
  const product = call(graph, "contract", [input("A", a), input("B", b)], { spec }) as CallNode;

  it("is written as it is read", () => {
    expect(infix(product)).toBe(text);
    expect(latexOf(product)).toBe(latex);
    expect(identityOf(product)).toBe(identity);
    katex.renderToString(latex, { throwOnError: true, strict: "error" });
  });

  it("keeps its factors together", () => {
    const sum = call(graph, "add", [graph.input("A", product.args[0]!.type), graph.input("D", product.args[0]!.type)]);
    const other = call(graph, "contract", [sum, product.args[1]!], { spec });
    expect(infix(other)).toMatch(/\(A \+ D\)|(dot|einsum)\(.*A \+ D/);
  });
});

it("views do not show", () => {
  const graph = createGraph();
  const X = graph.input("X", { dtype: "real", shape: [3, 2] });
  const b = graph.input("b", { dtype: "real", shape: [2] });
  const stretched = call(graph, "broadcast", [b], { shape: [3, 2] });
  expect(infix(call(graph, "add", [X, stretched]))).toBe("X + b");
  expect(infix(call(graph, "sum", [X], { axes: [1] }))).toBe("sum(X, 2)");
  expect(infix(call(graph, "sum", [X], { axes: [0, 1] }))).toBe("sum(X)");
  expect(infix(call(graph, "mul", [X, X]))).toBe("X .* X");
  const part = call(graph, "slice", [X], { starts: [0, 1], steps: [1, 1], counts: [3, 1] });
  expect(infix(part)).toBe("X[:, 2]");
  expect(latexOf(part)).toBe("{X}_{:,\\,2}");
  const turned = call(graph, "slice", [X], { starts: [2, 0], steps: [-1, 1], counts: [3, 2] });
  expect(infix(turned)).toBe("X[3:-1:1, :]");
});
