// How a product of tensors is written: which factor stands left, and which is transposed, read off the letters of a contraction.

export interface Factor {
  /** Index of the argument. */
  readonly argument: 0 | 1;
  readonly transposed: boolean;
}

export type ProductNotation =
  | { readonly kind: "matrix"; readonly left: Factor; readonly right: Factor }
  /** a · b */
  | { readonly kind: "dot" }
  /** Σ over the elementwise product. */
  | { readonly kind: "sum" };

/** `ij,kj->ik` is A Bᵀ; undefined where matrices have no notation for it. Letters that all three share are batches and stay out of it. */
export function productNotation(spec: string): ProductNotation | undefined {
  const [inputs, result] = spec.split("->") as [string, string];
  const [a, b] = inputs.split(",") as [string, string];
  const isBatch = (letter: string): boolean => a.includes(letter) && b.includes(letter) && result.includes(letter);
  const [left, right, out] = [a, b, result].map((letters) => [...letters].filter((letter) => !isBatch(letter)).join("")) as [
    string,
    string,
    string,
  ];
  if (left === right && out === "") return left.length === 1 ? { kind: "dot" } : { kind: "sum" };
  return matrixProduct(left, right, out, false) ?? matrixProduct(right, left, out, true);
}

/** The product whose result has the letters of `left` before those of `right`. */
function matrixProduct(left: string, right: string, out: string, swapped: boolean): ProductNotation | undefined {
  const shared = [...left].filter((letter) => right.includes(letter) && !out.includes(letter));
  if (left.length > 2 || right.length > 2 || shared.length > 1) return undefined;
  const [sum = ""] = shared;
  const rows = left.replace(sum, "");
  const columns = right.replace(sum, "");
  if (rows + columns !== out || rows.length > 1 || columns.length > 1) return undefined;
  const factor = (argument: 0 | 1, letters: string, wanted: string): Factor => ({
    argument,
    transposed: letters !== wanted && letters.length > 1,
  });
  const isOuter = sum === "";
  return {
    kind: "matrix",
    left: factor(swapped ? 1 : 0, left, rows + sum),
    right: isOuter ? { argument: swapped ? 0 : 1, transposed: true } : factor(swapped ? 0 : 1, right, sum + columns),
  };
}
