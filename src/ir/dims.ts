// Arithmetic on dimensions. A symbolic one is a polynomial with whole coefficients, kept as canonical text (`2*time`, `batch*time`, `time+1`),
// so that equal dimensions are equal texts.

import type { Dim } from "./shape.ts";

/** Sizes of symbolic dimensions. */
export type Sizes = ReadonlyMap<string, number>;

/** A sum of monomials: from sorted names joined by `*` (empty for the constant) to the coefficient. */
type Polynomial = Map<string, number>;

export function multiplyDims(...dims: readonly Dim[]): Dim {
  return canonical(dims.map(polynomialOf).reduce(product, new Map([["", 1]])));
}

export function addDims(...dims: readonly Dim[]): Dim {
  const sum: Polynomial = new Map();
  for (const dim of dims) for (const [names, coefficient] of polynomialOf(dim)) add(sum, names, coefficient);
  return canonical(sum);
}

export function subtractDims(a: Dim, b: Dim): Dim {
  return addDims(a, multiplyDims(b, -1));
}

/** `a / b` where that is exact for every size; `b` must have a single term. */
export function divideDims(a: Dim, b: Dim): Dim | undefined {
  if (typeof a === "number" && typeof b === "number") return b !== 0 && a % b === 0 ? a / b : undefined;
  if (a === b) return 1;
  const [divisor, ...others] = polynomialOf(b);
  if (divisor === undefined || others.length > 0) return undefined;
  const quotient: Polynomial = new Map();
  for (const [names, coefficient] of polynomialOf(a)) {
    const left = withoutFactors(names, divisor[0]);
    if (left === undefined || coefficient % divisor[1] !== 0) return undefined;
    add(quotient, left, coefficient / divisor[1]);
  }
  return canonical(quotient);
}

export function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** How many elements a tensor has. */
export function sizeOfShape(shape: readonly Dim[]): Dim {
  return multiplyDims(...shape);
}

/** The names in a dimension, each once. */
export function dimSymbols(dim: Dim): string[] {
  if (typeof dim === "number") return [];
  return [...new Set([...polynomialOf(dim).keys()].flatMap((names) => (names === "" ? [] : names.split("*"))))];
}

/** The number a dimension is, given those of its names. */
export function evaluateDim(dim: Dim, sizes: Sizes): number {
  if (typeof dim === "number") return dim;
  let sum = 0;
  for (const [names, coefficient] of polynomialOf(dim)) sum += coefficient * monomialValue(names, sizes);
  return sum;
}

/** `[batch, 784]`; `scalar` for rank 0. */
export function shapeText(shape: readonly Dim[]): string {
  return shape.length === 0 ? "scalar" : `[${shape.map(dimText).join(", ")}]`;
}

/** A dimension as a person writes it: `2 * time`. It is JavaScript too. */
export function dimText(dim: Dim): string {
  return String(dim)
    .replace(/[*+]/g, " $& ")
    .replace(/(?<=[\p{ID_Continue}])-/gu, " - ");
}

/** NumPy's broadcasting: the shape that all have after stretching axes of size 1; undefined where they do not fit. */
export function broadcastShapes(shapes: readonly (readonly Dim[])[]): readonly Dim[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: Dim[] = [];
  for (let fromEnd = rank; fromEnd >= 1; fromEnd--) {
    let dim: Dim = 1;
    for (const shape of shapes) {
      const own = shape[shape.length - fromEnd] ?? 1;
      if (own === 1 || own === dim) continue;
      if (dim !== 1) return undefined;
      dim = own;
    }
    result.push(dim);
  }
  return result;
}

function monomialValue(names: string, sizes: Sizes): number {
  if (names === "") return 1;
  return names.split("*").reduce((value, name) => {
    const size = sizes.get(name);
    if (size === undefined) throw new Error(`no size for dimension ${name}`);
    return value * size;
  }, 1);
}

function polynomialOf(dim: Dim): Polynomial {
  if (typeof dim === "number") return new Map(dim === 0 ? [] : [["", dim]]);
  const polynomial: Polynomial = new Map();
  for (const [, sign, term] of dim.matchAll(/([+-]?)([^+-]+)/g)) {
    const factors = term!.split("*");
    const coefficient = factors.filter((factor) => /^\d+$/.test(factor)).reduce((value, factor) => value * Number(factor), 1);
    const names = factors.filter((factor) => !/^\d+$/.test(factor));
    add(polynomial, names.sort().join("*"), sign === "-" ? -coefficient : coefficient);
  }
  return polynomial;
}

function add(sum: Polynomial, names: string, coefficient: number): void {
  const total = (sum.get(names) ?? 0) + coefficient;
  if (total === 0) sum.delete(names);
  else sum.set(names, total);
}

function product(a: Polynomial, b: Polynomial): Polynomial {
  const result: Polynomial = new Map();
  for (const [left, x] of a) {
    for (const [right, y] of b) {
      const names = [...left.split("*"), ...right.split("*")].filter((name) => name !== "");
      add(result, names.sort().join("*"), x * y);
    }
  }
  return result;
}

function withoutFactors(names: string, divisor: string): string | undefined {
  const left = names === "" ? [] : names.split("*");
  for (const factor of divisor === "" ? [] : divisor.split("*")) {
    const at = left.indexOf(factor);
    if (at < 0) return undefined;
    left.splice(at, 1);
  }
  return left.join("*");
}

/** Terms with more names first, the constant last; a leading minus only where there is no other way. */
function canonical(polynomial: Polynomial): Dim {
  const terms = [...polynomial].sort(
    ([a, x], [b, y]) => Number(y > 0) - Number(x > 0) || (a === "" ? 1 : b === "" ? -1 : a < b ? -1 : 1),
  );
  if (terms.every(([names]) => names === "")) return terms[0]?.[1] ?? 0;
  return terms
    .map(([names, coefficient], index) => {
      const size = Math.abs(coefficient);
      const sign = coefficient < 0 ? "-" : index > 0 ? "+" : "";
      return sign + (names === "" ? String(size) : size === 1 ? names : `${size}*${names}`);
    })
    .join("");
}
