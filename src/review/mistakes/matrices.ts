// Products of matrices in the wrong order, and transposed ones.

import { isBroken, type Case, type Edit, type Quantity } from "../case.ts";
import { isNothing, type PerPoint } from "../per-point.ts";
import { namesRead } from "../syntax.ts";
import { agree } from "../vectors.ts";
import type { Explained } from "./types.ts";

export function transposed({ got, wanted, adjoint }: Case): Explained | undefined {
  if (!isTransposeOf(got, wanted)) return undefined;
  return {
    explanation: `${adjoint.name} is transposed: rows and columns are exchanged`,
    nudge: `A gradient has the shape of its variable. Of C = A B: dA = dC Bᵀ and dB = Aᵀ dC; which order gives the shape of ${adjoint.of}?`,
  };
}

/** Whether one is the other with rows and columns exchanged, at every point; false where there are too few elements to tell. */
export function isTransposeOf(a: PerPoint, b: PerPoint): boolean {
  const isTold = a.some((each, point) => each !== undefined && b[point] !== undefined && each.length > 3);
  const isTransposed = a.every((each, point) => {
    const other = b[point];
    if (each === undefined || other === undefined) return true;
    return each.length === other.length && divisors(each.length).some((rows) => agree(transpose(each, rows), other));
  });
  return isTold && isTransposed;
}

/** `matmul(A, B)` for `matmul(B, A)`; or the other kernel of two. */
export function argumentsTurned(wrong: Case): Explained | undefined {
  const { write, text } = wrong;
  const { right } = write;
  if (right?.type !== "CallExpression" || right.arguments.length < 2) return undefined;
  const [first, second] = right.arguments.map(({ start, end }) => ({ start: start ?? 0, end: end ?? 0 })) as [Edit, Edit];
  const edits: Edit[] = [
    { start: first.start, end: first.end, text: text.slice(second.start, second.end) },
    { start: second.start, end: second.end, text: text.slice(first.start, first.end) },
  ];
  if (!wrong.solves(edits)) return undefined;
  return {
    explanation: "the operands of this product stand in the wrong order",
    nudge: "Matrices do not commute: of C = A B, dA = dC Bᵀ and dB = Aᵀ dC.",
    edits,
  };
}

/** NaN, or too many elements: the product reads beyond its matrices. */
export function misshapen(wrong: Case): Explained | undefined {
  const isOff = wrong.after.some(
    (each, point) => isBroken(each) || (each !== undefined && each.length !== wrong.wantedAfter[point]?.length),
  );
  if (!isOff) return undefined;
  const turned = argumentsTurned(wrong);
  return turned === undefined ? misordered(wrong) : { name: "swapped-operands", ...turned };
}

/** The right two matrices, and a product of them that is another one. */
export function misordered(wrong: Case): Explained | undefined {
  const { write, wanted, contributions, adjoint } = wrong;
  const names = namesRead(write.right ?? write.loop ?? write.node);
  const matrices = wrong
    .quantities()
    .filter(({ kind, text, values }) => kind !== "size" && names.has(text) && values.some((each) => (each?.length ?? 0) > 1));
  const targets = [wanted, ...contributions.map(({ slopes }) => slopes)];
  for (const [index, a] of matrices.entries()) {
    for (const b of matrices.slice(index + 1)) {
      const product = targets.map((target) => findProduct(a, b, target)).find((found) => found !== undefined);
      if (product === undefined) continue;
      return {
        explanation: `${a.text} and ${b.text} are the right matrices, but this is another product of them: one is not transposed as it should be, or they are swapped`,
        nudge: `${product}: which of them has to be transposed, and which comes first, so that the result has the shape of ${adjoint.of}?`,
      };
    }
  }
  return undefined;
}

/** The product with the gradient of another stage than the one that is multiplied in the forward pass: a stage between was left out. */
export function skippedStage(wrong: Case): Explained | undefined {
  const { write, wanted, contributions, roles } = wrong;
  const names = namesRead(write.right ?? write.loop ?? write.node);
  const mentioned = wrong.quantities().filter(({ text }) => names.has(text));
  const used = roles.adjoints.find(
    ({ name }) => names.has(name) && mentioned.some(({ text, kind }) => kind === "gradient" && text === name),
  );
  for (const { stage, upstream } of contributions) {
    if (stage === undefined || upstream === undefined || used === undefined || used.of === stage) continue;
    const arriving = { text: `d${stage}`, values: upstream, kind: "gradient" } as const;
    const isMeant = mentioned.some((each) => each.kind === "stage" && findProduct(each, arriving, wanted) !== undefined);
    if (!isMeant) continue;
    return {
      name: "wrong-upstream",
      explanation: `${used.name} comes in here, the gradient of ${used.of}; what arrives from above is that of ${stage}`,
      nudge: `${used.of} is made from ${stage}. What does the derivative of that step do to ${used.name}?`,
    };
  }
  return undefined;
}

/** The shapes with which a product of the two, transposed or not, is the target at every point; in words. */
function findProduct(a: Quantity, b: Quantity, target: PerPoint): string | undefined {
  for (const [first, second] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const turns of TURNS) {
      const shapes = target.map((each, point) => {
        const [left, right] = [first.values[point], second.values[point]];
        return each && left && right ? shapesOf(left, right, each, turns) : undefined;
      });
      const isMissing = shapes.some((each, point) => each === undefined && target[point] !== undefined);
      const told = shapes.find((each) => each !== undefined);
      if (isMissing || told === undefined || isNothing(target)) continue;
      const [{ text: left }, { text: right }] = [first, second];
      return `${left} is ${told[0].join(" x ")} and ${right} is ${told[1].join(" x ")} here`;
    }
  }
  return undefined;
}

type Shape = readonly [rows: number, columns: number];
type Turns = readonly [boolean, boolean];

const TURNS: readonly Turns[] = [
  [true, false],
  [false, true],
  [false, false],
  [true, true],
];

function shapesOf(
  a: readonly number[],
  b: readonly number[],
  target: readonly number[],
  turns: Turns,
): [Shape, Shape] | undefined {
  for (const inner of [1, ...divisors(a.length), a.length]) {
    const [rows, columns] = [a.length / inner, b.length / inner];
    if (!Number.isInteger(columns) || rows * columns !== target.length) continue;
    const left = turns[0] ? transpose(a, inner) : a;
    const right = turns[1] ? transpose(b, columns) : b;
    if (!agree(multiply(left, right, inner), target)) continue;
    return [turns[0] ? [inner, rows] : [rows, inner], turns[1] ? [columns, inner] : [inner, columns]];
  }
  return undefined;
}

function multiply(a: readonly number[], b: readonly number[], inner: number): number[] {
  const [rows, columns] = [a.length / inner, b.length / inner];
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[row * inner + k]! * b[k * columns + column]!;
    return sum;
  });
}

/** Of a row-major matrix with so many rows. */
function transpose(data: readonly number[], rows: number): number[] {
  const columns = data.length / rows;
  return Array.from(data, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!);
}

/** Other than 1 and itself. */
function divisors(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1).filter((each) => length % each === 0 && each > 1 && each < length);
}
