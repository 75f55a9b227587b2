// Products of tensors. One op, `contract`, is every matrix product: its gradients are contractions with the letters in another order, so
// that no transpose is ever built.

import { shapeText } from "../../ir/dims.ts";
import type { Dim, TensorType } from "../../ir/shape.ts";
import { tensorOp, type Step, type TensorOpSpec } from "./define.ts";
import * as reference from "./reference/contraction.ts";
import * as moves from "./reference/movement.ts";

export const contraction = {
  contract: tensorOp(["a", "b"], {
    infer: ([a, b], attrs) => inferContract(a!, b!, attrs["spec"] as string),
    evaluate: reference.contract,
    linearIn: [0, 1],
    pullback: (step, adjoint) => {
      const [left, right, out] = lettersOf(step.attrs["spec"] as string);
      const [a, b] = step.args;
      return [
        () => step.call("contract", [adjoint, b!], { spec: `${out},${right}->${left}` }),
        () => step.call("contract", [a!, adjoint], { spec: `${left},${out}->${right}` }),
      ];
    },
    samples: [
      {
        shapes: [
          [2, 3],
          [3, 4],
        ],
        attrs: { spec: "ij,jk->ik" },
      },
      { shapes: [[3], [3]], attrs: { spec: "i,i->" } },
      {
        shapes: [
          [2, 3, 4],
          [2, 5, 4],
        ],
        attrs: { spec: "bij,bkj->bik" },
      },
      { shapes: [[3], [4]], attrs: { spec: "i,j->ij" } },
      {
        shapes: [
          [3, 4],
          [3, 4],
        ],
        attrs: { spec: "ij,ij->j" },
      },
      {
        shapes: [
          [3, 2],
          [4, 2],
        ],
        attrs: { spec: "ij,kj->ki" },
      },
    ],
    stageName: "{a}{b}",
    latex: "{a} {b}",
    doc: "product of two tensors, summed over shared letters: `ij,jk->ik` is the matrix product",
    identity: "dA = dC Bᵀ, dB = Aᵀ dC",
  }),
  diagonal: tensorOp(["x"], {
    infer: ([x]) => (isSquare(x!) ? { dtype: "real", shape: x!.shape.slice(0, -1) } : `${shapeText(x!.shape)} is not square`),
    evaluate: moves.diagonal,
    linearIn: "all",
    pullback: ({ call }, adjoint) => [() => call("diagonalEmbed", [adjoint])],
    samples: [{ shapes: [[2, 3, 3]] }],
    stageName: "diag{x}",
    latex: "\\operatorname{diag}\\left({x}\\right)",
    doc: "diagonal of the last two axes",
  }),
  diagonalEmbed: tensorOp(["x"], {
    infer: ([x]) => ({ dtype: "real", shape: [...x!.shape, x!.shape.at(-1)!] }),
    evaluate: moves.diagonalEmbed,
    linearIn: "all",
    pullback: ({ call }, adjoint) => [() => call("diagonal", [adjoint])],
    samples: [{ shapes: [[2, 3]] }],
    stageName: "diag{x}",
    latex: "\\operatorname{diag}\\left({x}\\right)",
    doc: "a square matrix with this diagonal",
  }),
  det: tensorOp(
    ["a"],
    square([], {
      evaluate: reference.det,
      pullback: (step, adjoint) => [() => step.call("mul", [step.call("mul", [adjoint, step.node]), inverseTransposed(step)])],
      pushforward: (step, [tangent]) => tangent && step.call("mul", [step.node, alongInverse(step, tangent)]),
      stageName: "det{a}",
      latex: "\\det {a}",
      doc: "determinant",
      identity: "∂det/∂A = det(A) A⁻ᵀ",
    }),
  ),
  logdet: tensorOp(
    ["a"],
    square([], {
      evaluate: reference.logdet,
      pullback: (step, adjoint) => [() => step.call("mul", [adjoint, inverseTransposed(step)])],
      pushforward: (step, [tangent]) => tangent && alongInverse(step, tangent),
      stageName: "logDet{a}",
      latex: "\\ln\\left|\\det {a}\\right|",
      doc: "logarithm of the absolute value of the determinant",
      identity: "∂ln|det|/∂A = A⁻ᵀ",
    }),
  ),
  inv: tensorOp(
    ["a"],
    square([0, 1], {
      evaluate: reference.inv,
      pullback: ({ node, call }, adjoint) => [
        () =>
          call("neg", [
            call("contract", [call("contract", [node, adjoint], { spec: "ki,kj->ij" }), node], { spec: "ij,lj->il" }),
          ]),
      ],
      pushforward: ({ node, call }, [tangent]) =>
        tangent &&
        call("neg", [call("contract", [call("contract", [node, tangent], { spec: "ij,jk->ik" }), node], { spec: "ij,jk->ik" })]),
      stageName: "{a}Inv",
      latex: "{a}^{-1}",
      doc: "inverse of a matrix",
      identity: "dA = −A⁻ᵀ d A⁻ᵀ",
    }),
  ),
  solve: tensorOp(["a", "b"], {
    infer: ([a, b]) => {
      if (a!.shape.length !== 2 || !isSquare(a!)) return `the matrix must be square, not ${shapeText(a!.shape)}`;
      const fits = (b!.shape.length === 1 || b!.shape.length === 2) && b!.shape[0] === a!.shape[0];
      return fits
        ? { dtype: "real", shape: b!.shape }
        : `${shapeText(a!.shape)} and ${shapeText(b!.shape)} do not fit: rows differ`;
    },
    evaluate: reference.solve,
    pullback: ({ node, args: [a, b], call }, adjoint) => {
      const inB = (): Node => call("solve", [call("transpose", [a!], { perm: [1, 0] }), adjoint]);
      const spec = b!.type.shape.length === 1 ? "i,j->ij" : "ik,jk->ij";
      return [() => call("neg", [call("contract", [inB(), node], { spec })]), inB];
    },
    pushforward: ({ node, args: [a], call }, [inA, inB]) => {
      const spec = node.type.shape.length === 1 ? "ij,j->i" : "ij,jk->ik";
      const moved = inA && call("contract", [inA, node], { spec });
      const right = moved === undefined ? inB : inB === undefined ? call("neg", [moved]) : call("sub", [inB, moved]);
      return right && call("solve", [a!, right]);
    },
    samples: [
      { shapes: [[3, 3], [3]], domain: "matrix" },
      {
        shapes: [
          [3, 3],
          [3, 2],
        ],
        domain: "matrix",
      },
    ],
    stageName: "solution",
    latex: "{a}^{-1} {b}",
    doc: "solution x of A x = b, for a vector or the columns of a matrix",
    identity: "db = A⁻ᵀ dx, dA = −db xᵀ",
  }),
};

type Node = ReturnType<Step["call"]>;

/** Letters of both operands and of the result. */
export function lettersOf(spec: string): readonly [left: string, right: string, out: string] {
  const [operands, out] = spec.split("->") as [string, string];
  const [left, right] = operands.split(",") as [string, string];
  return [left, right, out];
}

function inferContract(a: TensorType, b: TensorType, spec: string): TensorType | string {
  const [left, right, out] = lettersOf(spec);
  const sizes = new Map<string, Dim>();
  for (const [letters, { shape }] of [
    [left, a],
    [right, b],
  ] as const) {
    if (letters.length !== shape.length)
      return `"${letters}" names ${letters.length} axes, ${shapeText(shape)} has ${shape.length}`;
    for (const [axis, letter] of [...letters].entries()) {
      const known = sizes.get(letter);
      if (known !== undefined && known !== shape[axis]) {
        return `${shapeText(a.shape)} and ${shapeText(b.shape)} do not fit: ${known} is not ${shape[axis]}`;
      }
      sizes.set(letter, shape[axis]!);
    }
  }
  return { dtype: "real", shape: [...out].map((letter) => sizes.get(letter)!) };
}

function isSquare({ shape }: TensorType): boolean {
  return shape.length >= 2 && shape.at(-1) === shape.at(-2);
}

/** What the functions of one square matrix share; `kept` are the axes of the result. */
function square(kept: readonly number[], spec: Omit<TensorOpSpec, "infer" | "samples">): TensorOpSpec {
  return {
    ...spec,
    infer: ([a]) =>
      a!.shape.length === 2 && isSquare(a!)
        ? { dtype: "real", shape: kept.map((axis) => a!.shape[axis]!) }
        : `${shapeText(a!.shape)} is not a square matrix`,
    samples: [{ shapes: [[3, 3]], domain: "matrix" }],
  };
}

function inverseTransposed({ args: [a], call }: Step): Node {
  return call("transpose", [call("inv", [a!])], { perm: [1, 0] });
}

/** tr(A⁻¹ Ȧ). */
function alongInverse({ args: [a], call }: Step, tangent: Node): Node {
  return call("contract", [call("inv", [a!]), tangent], { spec: "ij,ji->" });
}
